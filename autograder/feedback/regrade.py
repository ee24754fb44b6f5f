"""A request for another look: the form that a feedback page offers, and what a student wrote. Pure.

The form is plain text, so that it can be filled in anywhere and sent in any way. It proves nothing:
whoever reads it looks at the gradebook.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from autograder.errors import UserError

SUFFIX = ".regrade.txt"
MAX_REASON = 4000  # characters
_HEAD = "Request for another look"
_FACT = re.compile(r"(lesson|student|handed in): *(.*)")
_EXERCISE = re.compile(r"\[([^\[\]]+)\].*")
_ADVICE = ("Below the exercise that should be looked at again, write why.\n"
           "Leave the others as they are, and send this file to your teacher.")


@dataclass(frozen=True)
class Request:
    """What a student asks for. handed_in: of which submission. reasons: by exercise, never ""."""

    lesson: str
    student: str
    handed_in: str
    reasons: dict[str, str]


def form(lesson: str, student: str, handed_in: str,
         exercises: Iterable[tuple[str, str]]) -> str:
    """The text to fill in. exercises: names and points."""
    return "\n".join([
        _HEAD, f"lesson: {lesson}", f"student: {student}", f"handed in: {handed_in}", "", _ADVICE,
        *(f"\n[{name}] {points} points\n" for name, points in exercises), ""])


def as_link(text: str) -> Markup:
    """The form as an address from which a browser saves it; letters, digits and % only."""
    return Markup(f"data:text/plain;charset=utf-8,{quote(text, safe='', errors='replace')}")


def read(text: str) -> Request:
    """What a form says. Raises UserError."""
    lines = [line.rstrip() for line in text.removeprefix("\ufeff").splitlines()]
    if not lines or lines[0].strip() != _HEAD:
        raise UserError(f"It is no request: its first line is not {_HEAD!r}.")
    facts: dict[str, str] = {}
    reasons: dict[str, list[str]] = {}
    exercise = None
    for line in lines[1:]:
        if match := _EXERCISE.fullmatch(line):
            exercise = match[1]
        elif exercise is not None:
            reasons.setdefault(exercise, []).append(line)
        elif match := _FACT.fullmatch(line):
            facts[match[1]] = match[2].strip()
    said = {name: "\n".join(words).strip()[:MAX_REASON] for name, words in reasons.items()}
    said = {name: reason for name, reason in said.items() if reason}
    if not said:
        raise UserError("There is no reason below any exercise.")
    return Request(facts.get("lesson", ""), facts.get("student", ""), facts.get("handed in", ""),
                   said)
