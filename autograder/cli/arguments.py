"""What several commands take on the command line, and what can't be used."""

import argparse
from typing import TYPE_CHECKING

from autograder.errors import UserError

if TYPE_CHECKING:
    from autograder.grading.settings import Settings


def settings_of(arguments: argparse.Namespace) -> "tuple[Settings, list[str]]":
    """How to grade, and what is missing of the fence. Raises UserError."""
    from autograder.grading.grade import missing_fence
    from autograder.grading.settings import Settings

    settings = Settings(arguments.timeout, arguments.fence == "auto", arguments.full)
    missing = missing_fence(settings)
    if missing and arguments.require_fence:
        raise UserError(f"this machine can't build the whole fence: {', '.join(missing)}")
    return settings, missing


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The options that say how to grade."""
    parser.add_argument("--verbose", action="store_true", default=argparse.SUPPRESS,
                        help="log on standard error what goes wrong inside the grader")
    parser.add_argument("--jobs", type=at_least_one, default=1, metavar="N",
                        help="how many to grade at a time (1)")
    parser.add_argument("--timeout", type=seconds, default=30.0, metavar="S",
                        help="seconds for a cell, and for an exercise's tests (30)")
    parser.add_argument("--full", action="store_true",
                        help="also run cells that don't affect the marks, and draw every figure")
    parser.add_argument("--fence", choices=("auto", "none"), default="auto",
                        help="auto: as much of the fence as the machine gives; none: no fence")
    parser.add_argument("--require-fence", action="store_true",
                        help="refuse to grade if the fence isn't complete")


def says_yes(prompt: str) -> bool:
    """Does the person at the terminal say yes?"""
    try:
        return input(prompt).strip().lower() in ("yes", "y")
    except EOFError:
        return False


def at_least_one(text: str) -> int:
    """A whole number from 1."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return number
