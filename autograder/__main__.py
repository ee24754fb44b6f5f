"""The only door: reads the command line, calls, prints."""

import argparse
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from autograder import progress
from autograder.course import ROOT

if TYPE_CHECKING:
    from autograder.grade import Settings


class Unusable(Exception):
    """Arguments that can't be used: one line on standard error, exit status 2."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (--help tells more)", file=sys.stderr)
        raise SystemExit(2)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except Unusable as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m autograder",
                     description="Builds the lessons and grades them.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="lesson sources to solution and student notebooks")
    build.set_defaults(run=_build)

    fetch = commands.add_parser("fetch", help="bring the lessons that work/ does not have yet")
    fetch.set_defaults(run=_fetch)

    update = commands.add_parser(
        "update", help="put your copy of a lesson into its newest version, with your answers")
    update.add_argument("lesson", metavar="LESSON", help="for example 01_perceptron")
    update.set_defaults(run=_update)

    grade = commands.add_parser(
        "grade", help="grade notebooks, or folders laid out as STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb")
    grade.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    grade.add_argument("--json", action="store_true", help="print one JSON document")
    _add_settings(grade)
    grade.set_defaults(run=_grade)

    autograde = commands.add_parser(
        "autograde", help="grade what is newly handed in in the class folder, into the gradebook")
    autograde.add_argument("assignments", nargs="*", metavar="ASSIGNMENT",
                           help="for example 01_perceptron; all lessons when there is none")
    autograde.add_argument("--force", action="store_true",
                           help="also what is graded already; what a teacher gave stays")
    _add_settings(autograde)
    autograde.set_defaults(run=_autograde)
    return parser


def _build(arguments: argparse.Namespace) -> int:
    from autograder.build import build
    from autograder.lesson import LessonError

    try:
        written = build()
    except LessonError as error:
        raise Unusable(str(error)) from error
    for path in written:
        print(path.relative_to(ROOT))
    return 0


def _fetch(arguments: argparse.Namespace) -> int:
    from autograder.work import WorkError, fetch

    try:
        done = fetch()
    except WorkError as error:
        raise Unusable(str(error)) from error
    for name in done.fetched:
        print(f"{name} is in work/")
    for name in done.outdated:
        print(f"{name} has changed since you fetched it, or cells of it are missing. To put your "
              f"answers into the new version, close it and run: make update LESSON={name}")
    for path, reason in done.unreadable.items():
        print(f"{path.relative_to(ROOT)} was left alone. {reason}")
    return 0


def _update(arguments: argparse.Namespace) -> int:
    from autograder.work import WorkError, update

    try:
        done = update(arguments.lesson)
    except WorkError as error:
        raise Unusable(str(error)) from error
    if done.kept is None:
        print(f"{arguments.lesson} is up to date.")
    else:
        print(f"{arguments.lesson} is in its newest version, with your answers. "
              f"What it was before: {done.kept.relative_to(ROOT)}")
    return 0


def _grade(arguments: argparse.Namespace) -> int:
    from autograder import feedback
    from autograder.grade import examine_all, find

    try:
        submissions = [one for path in arguments.paths for one in find(path)]
    except OSError as error:
        raise Unusable(str(error)) from error
    settings, missing = _settings(arguments)
    results = [result for result, _ in examine_all(submissions, arguments.jobs, settings)]
    print(feedback.as_json(results, missing) if arguments.json
          else feedback.as_report(results, missing))
    return 0


def _autograde(arguments: argparse.Namespace) -> int:
    from autograder.classroom import ClassroomError, opened
    from autograder.grade import examine_all
    from autograder.outcome import summary

    outcomes, began, missing = [], time.monotonic(), list[str]()
    try:
        with opened() as classroom:
            waiting = classroom.waiting(arguments.assignments, arguments.force)
            if waiting:
                settings, missing = _settings(arguments)
                grade = partial(examine_all, jobs=arguments.jobs, settings=settings)
                _show(progress.line(0, len(waiting), 0.0))
                for outcome in classroom.autograde(waiting, grade):
                    outcomes.append(outcome)
                    _show("")
                    for line in outcome.told():
                        print(line, flush=True)
                    _show(progress.line(len(outcomes), len(waiting), time.monotonic() - began))
    except ClassroomError as error:
        raise Unusable(str(error)) from error
    except KeyboardInterrupt:
        print("\nStopped. What is graded is kept; the next run goes on from here.", file=sys.stderr)
        return 130
    _show("")
    print(summary(outcomes))
    if missing:
        print(f"Graded without the whole fence; missing: {', '.join(missing)}.")
    return 1 if any(outcome.unwritten for outcome in outcomes) else 0


def _show(line: str) -> None:
    """Put a line where the last one was, for somebody who is watching."""
    if sys.stderr.isatty():
        print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)


def _settings(arguments: argparse.Namespace) -> "tuple[Settings, list[str]]":
    """How to grade, and what is missing of the fence."""
    from autograder.grade import Settings, missing_fence

    settings = Settings(arguments.timeout, arguments.fence == "auto", arguments.full)
    missing = missing_fence(settings)
    if missing and arguments.require_fence:
        raise Unusable(f"this machine can't build the whole fence: {', '.join(missing)}")
    return settings, missing


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jobs", type=_at_least_one, default=1, metavar="N",
                        help="how many to grade at a time (1)")
    parser.add_argument("--timeout", type=_seconds, default=30.0, metavar="S",
                        help="seconds for a cell, and for an exercise's tests (30)")
    parser.add_argument("--full", action="store_true",
                        help="run also what can't change a mark, and draw every figure")
    parser.add_argument("--fence", choices=("auto", "none"), default="auto",
                        help="auto: as much of the fence as the machine gives; none: no fence")
    parser.add_argument("--require-fence", action="store_true",
                        help="refuse to grade where the fence can't be whole")


def _at_least_one(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
