"""The command line as a whole: every command, and what happens to its errors."""

import argparse
import logging
import sys
from pathlib import Path
from typing import NoReturn

from autograder import files
from autograder.cli import contributor, hand_back, student, teacher
from autograder.course import ROOT, folder, has_sources, require
from autograder.errors import UserError
from utils._course import CourseError


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (--help tells more)", file=sys.stderr)
        raise SystemExit(2)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = _parser()
    arguments, rest = parser.parse_known_args(argv)
    if rest and not getattr(arguments, "passes_on", False):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.rest = rest
    _set_up_logging(arguments.verbose)
    try:
        if files.WINDOWS and not getattr(arguments, "on_windows", False):
            raise UserError("This needs Linux or macOS: on Windows a process can't be copied, and "
                            "nbgrader has no exchange. Run it in WSL.")
        require()
        if getattr(arguments, "needs_sources", False) and not has_sources():
            raise UserError(f"There is no folder {folder('sources')}. This is a copy of the course "
                            "for students, with which nothing can be graded.")
        return arguments.run(arguments)
    except (UserError, CourseError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130  # as a shell tells of what Ctrl+C ended


def _set_up_logging(verbose: bool) -> None:
    """Log what the grader has to say of itself, tracebacks included, or keep it quiet."""
    log = logging.getLogger("autograder")
    log.addHandler(logging.StreamHandler() if verbose else logging.NullHandler())
    if verbose:
        log.setLevel(logging.DEBUG)


def _parser() -> argparse.ArgumentParser:
    installed = Path(sys.argv[0]).stem == "autograder"
    parser = _Parser(prog="autograder" if installed else "python -m autograder",
                     description="Builds the lessons and grades them.")
    parser.add_argument("--verbose", action="store_true",
                        help="log on standard error what goes wrong inside the grader")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="lesson sources to solution and student notebooks")
    build.set_defaults(run=_build, on_windows=True)

    contributor.add_commands(commands)
    student.add_commands(commands)
    teacher.add_commands(commands)
    hand_back.add_commands(commands)
    return parser


def _build(arguments: argparse.Namespace) -> int:
    from autograder.authoring.freshness import build_if_stale

    for path in build_if_stale():
        print(path.relative_to(ROOT))
    return 0
