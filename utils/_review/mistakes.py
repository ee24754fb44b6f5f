"""What can be reviewed: a wrong choice in a quiz, and a misconception. Pure.

Both come from files that anything may have happened to: what hasn't the right form is none.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from utils._diagnosis.case import Case


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from. why: what is to be said of it."""

    letter: str
    text: str
    why: str


@dataclass(frozen=True)
class WrongChoice:
    """A question of a lesson's quiz, as Markdown.

    chosen, right: the wrong letter and the right one.
    """

    lesson: str
    exercise: str
    question: str
    choices: tuple[Choice, ...]
    chosen: str
    right: str

    @property
    def key(self) -> str:
        """What its record is kept under."""
        return f"{self.lesson} {self.exercise}"


@dataclass(frozen=True)
class KnownMistake:
    """A misconception that was named. cases: small calls on which it shows, maybe none yet."""

    lesson: str
    exercise: str
    misconception: str
    hint: str
    cases: tuple[Case, ...] = ()

    @property
    def key(self) -> str:
        """What its record is kept under."""
        return f"{self.lesson} {self.exercise}: {self.misconception}"


Mistake = WrongChoice | KnownMistake


def as_data(mistake: Mistake) -> dict[str, Any]:
    """What JSON can hold."""
    return asdict(mistake)


def mistake(data: object) -> Mistake | None:
    """The mistake that data describe; None for anything else."""
    try:
        return _read(data) if isinstance(data, Mapping) else None
    except (KeyError, TypeError, ValueError):
        return None


def _read(data: Mapping[str, Any]) -> Mistake:
    lesson, exercise = _text(data["lesson"]), _text(data["exercise"])
    if "misconception" in data:
        cases = tuple(Case(_text(one["call"]), _text(one["right"]),
                           tuple(map(_text, one["wrong"]))) for one in data["cases"])
        return KnownMistake(lesson, exercise, _text(data["misconception"]), _text(data["hint"]),
                            tuple(one for one in cases if one.wrong))
    choices = tuple(Choice(_text(one["letter"]), _text(one["text"]), _text(one["why"]))
                    for one in data["choices"])
    found = WrongChoice(lesson, exercise, _text(data["question"]), choices,
                        _text(data["chosen"]), _text(data["right"]))
    if found.right not in [one.letter for one in choices]:
        raise ValueError(found.right)
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
