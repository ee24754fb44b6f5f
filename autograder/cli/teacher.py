"""The teacher's commands: the part of the door behind which a class is."""

import argparse
import contextlib
import json
import logging
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.cli import progress_bar
from autograder.cli.arguments import (
    add_settings,
    at_least_one,
    says_yes,
    seconds,
    settings_of,
)
from autograder.cli.notices import print_notice
from autograder.cli.stopping import on_request
from autograder.errors import UserError

if TYPE_CHECKING:
    from autograder.classroom.autograde import Grade
    from autograder.classroom.hand_in_time import Received

    Commands = argparse._SubParsersAction[Any]


def add_commands(commands: "Commands") -> None:
    """Put the teacher's commands among the others."""
    of_class = commands.add_parser("class", help="set up a class")
    commands_of_class = of_class.add_subparsers(required=True, metavar="COMMAND")
    remove = commands_of_class.add_parser(
        "remove", help="delete everything about one student: submissions, marks, feedback")
    remove.add_argument("student", metavar="ID")
    remove.add_argument("--yes", action="store_true", help="delete it without asking")
    remove.set_defaults(run=_remove)
    extend = commands_of_class.add_parser(
        "extend", help="give one student more time, before or after handing in")
    extend.add_argument("student", metavar="STUDENT", help="the id in the roster")
    extend.add_argument("until", nargs="+", type=_due, metavar="LESSON=TIME",
                        help="for example 01_perceptron=2030-02-07T23:59+01:00, or =none")
    extend.set_defaults(run=_extend)
    init = commands_of_class.add_parser(
        "init", help="put students, lessons and deadlines into the gradebook, or bring them up to "
                     "date")
    init.add_argument("--roster", type=Path, metavar="FILE",
                      help="CSV with a column id, and first, last, email, lms_user_id where known")
    init.add_argument("--due", nargs="+", action="extend", default=[], type=_due,
                      metavar="LESSON=TIME",
                      help="for example 01_perceptron=2030-01-31T23:59+01:00, or =none")
    init.set_defaults(run=_init, needs_sources=True)

    collect = commands.add_parser(
        "collect", help="collect submissions into the class folder; newer ones replace older ones")
    collect.add_argument("sources", nargs="+", metavar="SOURCE",
                         help="exchange, a folder of downloads, or a zip of Moodle's or Canvas's")
    collect.add_argument("--received", type=_received, metavar="TIME",
                         help="when the files of a folder or zip were handed in, for example "
                              "2030-01-31T23:59+01:00, or none for not known; without it, what "
                              "comes from there never counts as late")
    collect.set_defaults(run=_collect)

    autograde = commands.add_parser(
        "autograde", help="grade what is newly handed in, and write the marks to the gradebook")
    autograde.add_argument("assignments", nargs="*", metavar="ASSIGNMENT",
                           help="for example 01_perceptron; all lessons when there is none")
    autograde.add_argument("--force", action="store_true",
                           help="also grade again what is already graded; marks given by hand stay")
    add_settings(autograde)
    autograde.add_argument("--scheduler", metavar="ADDRESS",
                           help="let the workers of this dask.distributed scheduler grade")
    autograde.add_argument("--any-fence", action="store_true",
                           help="with --scheduler: take also workers whose fence is not whole")
    autograde.add_argument("--deadline", type=seconds, metavar="S",
                           help="with --scheduler: seconds after which a submission is given to "
                                "another worker (20 times --timeout, and 60)")
    autograde.set_defaults(run=_autograde, needs_sources=True)

    watch = commands.add_parser(
        "watch", help="collect from the exchange, grade, and hand back if allowed, until stopped; "
                      "a line of JSON on standard error for whatever happens")
    watch.add_argument("lessons", nargs="*", metavar="LESSON",
                       help="grade and hand back only these; all lessons when there is none")
    watch.add_argument("--every", type=seconds, default=5.0, metavar="S",
                       help="seconds between two looks (5)")
    watch.add_argument("--feedback", action="store_true",
                       help="release each feedback page as soon as there are marks")
    watch.add_argument("--release-earlier", action="store_true",
                       help="with --feedback: release also what was marked before")
    watch.add_argument("--attempts-per-day", type=at_least_one, metavar="N",
                       help="how often a day a student gets feedback on a lesson; what is handed "
                            "in beyond that is graded, and its feedback comes the next day")
    add_settings(watch)
    watch.set_defaults(run=_watch, needs_sources=True)


def _init(arguments: argparse.Namespace) -> int:
    from autograder.classroom.setup import set_up_class

    done = set_up_class(arguments.roster, dict(arguments.due))
    for line in done.notices:
        print_notice(line)
    if done.others:
        print_notice(f"In the gradebook but not in the roster: {', '.join(done.others)}. They "
                      "stay; `python -m autograder class remove ID` removes one.")
    same = done.total - len(done.new) - len(done.changed)
    print(f"{len(done.new)} students are new, {len(done.changed)} changed, {same} unchanged."
          if arguments.roster else "The gradebook has the lessons.")
    for lesson, when in {**done.deadlines, **dict(arguments.due)}.items():
        print(f"{lesson} is due {when:%Y-%m-%d %H:%M} UTC." if when
              else f"{lesson} has no deadline.")
    return 1 if done.notices else 0


def _extend(arguments: argparse.Namespace) -> int:
    from autograder.classroom.extend import extend
    from autograder.notebooks.outputs import visible

    for one in extend(arguments.student, dict(arguments.until)):
        until = one.until or one.due
        print(visible(f"{one.label}: {one.lesson} is due {until:%Y-%m-%d %H:%M} UTC"
                      + (f" instead of {one.due:%Y-%m-%d %H:%M}." if one.until else ".")
                      + (f" Late penalty of what is handed in: {one.penalty:g} points."
                         if one.penalty is not None else "")))
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from autograder.classroom.remove import look, remove
    from autograder.notebooks.outputs import visible

    found = look(arguments.student)
    for path in [*found.own, *found.of_all]:
        print(visible(str(path)))
    print(visible(f"These are deleted, with everything that the gradebook, the list of requests "
                  f"and watch.log have on {arguments.student}. What names everybody can be made "
                  "again."))
    if not arguments.yes and not says_yes("yes or no: "):
        print("Nothing was deleted.")
        return 0
    remove(arguments.student)
    print("Done. Copies that you made, and what your learning management system has, are still "
          "there.")
    return 0


def _collect(arguments: argparse.Namespace) -> int:
    from autograder.classroom.collect import collect
    from autograder.notebooks.outputs import visible

    unread = False
    taken = collect(arguments.sources, received=arguments.received)
    for source, done in zip(arguments.sources, taken, strict=True):
        for line in done.notices:
            print_notice(line)
        unread = unread or done.unread
        retimed = done.count("retimed")
        print(visible(f"{source}: {done.count('new')} new, {done.count('newer')} replaced "
                      f"older ones, {done.count('same')} already collected, "
                      + (f"{retimed} given another time, " if retimed else "")
                      + f"{len(done.notices)} to look at."))
        for line in done.remarks:
            print(line)
    return 1 if unread else 0


def _watch(arguments: argparse.Namespace) -> int:
    from autograder.classroom.watch import Rules, Watch
    from autograder.gradebook.class_rules import class_rules
    from autograder.grading.pool import grade_all

    if arguments.attempts_per_day and not arguments.feedback:
        raise UserError("--attempts-per-day limits feedback, which only --feedback gives")
    if arguments.release_earlier and not arguments.feedback:
        raise UserError("--release-earlier goes with --feedback")
    attempts = arguments.attempts_per_day or class_rules().attempts_per_day
    settings, missing = settings_of(arguments)
    # The first time what is being graded is finished; the second time nothing is.
    stop = on_request()
    logging.getLogger("traitlets").addHandler(logging.NullHandler())  # nbgrader's own words
    if missing:
        _log("fence", missing=missing)
    rules = Rules(arguments.every, arguments.feedback, attempts if arguments.feedback else None,
                  tuple(arguments.lessons), arguments.release_earlier)
    try:
        Watch(partial(grade_all, jobs=arguments.jobs, settings=settings), rules, _log).run(stop)
    except KeyboardInterrupt:
        _log("killed")
        return 130
    return 0


def _log(event: str, **facts: object) -> None:
    """One line; where even that can't be written, none."""
    line = json.dumps({"time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}", "event": event,
                       **facts})
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def _received(text: str) -> "Received":
    """A time, in UTC, or none."""
    from autograder.classroom.hand_in_time import Received
    from autograder.classroom.times import utc

    try:
        return Received(None if text == "none" else utc(text))
    except UserError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _due(text: str) -> tuple[str, datetime | None]:
    """LESSON=TIME, in UTC."""
    from autograder.gradebook.class_rules import time_of

    lesson, _, time = text.partition("=")
    try:
        return lesson, time_of(time)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{lesson}: {error}") from None


def _autograde(arguments: argparse.Namespace) -> int:
    from autograder.classroom.autograde import opened
    from autograder.classroom.outcome import summary

    outcomes, began, missing = [], time.monotonic(), list[str]()
    try:
        with opened() as classroom, contextlib.ExitStack() as stack:
            waiting = classroom.waiting(arguments.assignments, arguments.force)
            if waiting:
                labels = classroom.labels()
                grade, missing = _grader(arguments, stack)
                _show(progress_bar.line(0, len(waiting), 0.0))
                for outcome in classroom.autograde(waiting, grade):
                    outcomes.append(outcome)
                    _show("")
                    for line in outcome.notices(labels):
                        print(line, flush=True)
                    _show(progress_bar.line(len(outcomes), len(waiting), time.monotonic() - began))
    except KeyboardInterrupt:
        print("\nStopped. What is graded is kept; the next run goes on from here.", file=sys.stderr)
        return 130
    _show("")
    print(summary(outcomes))
    if missing:
        print(f"Graded without the whole fence; missing: {', '.join(missing)}.")
    return 1 if any(outcome.unwritten for outcome in outcomes) else 0


def _grader(arguments: argparse.Namespace,
            stack: contextlib.ExitStack) -> "tuple[Grade, list[str]]":
    """Who grades, this machine or a scheduler's workers; what is missing of this one's fence."""
    from autograder.grading.pool import grade_all
    from autograder.grading.settings import Settings

    if not arguments.scheduler:
        settings, missing = settings_of(arguments)
        return partial(grade_all, jobs=arguments.jobs, settings=settings), missing
    from autograder.grading.cluster import connected

    settings = Settings(arguments.timeout, arguments.fence == "auto", arguments.full)
    cluster = stack.enter_context(connected(
        arguments.scheduler, settings, print_notice,
        arguments.any_fence and not arguments.require_fence, arguments.deadline))
    return cluster.grade_all, [] if settings.fenced else ["fence"]


def _show(line: str) -> None:
    """Put a line where the last one was, for somebody who is watching."""
    if sys.stderr.isatty():
        print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
