"""The questions of all lessons, and which of them to ask.

`python -m autograder build` writes a file for each lesson into `utils/_data/interview/`.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "_data" / "interview"
ENOUGH = 2 / 3  # of a question's points: it went well
WHOLE = "what the model answer says, in my own words"  # where the lesson names no points


@dataclass(frozen=True)
class Question:
    """One question.

    lesson: the name of the lesson that it belongs to. title: that lesson's title.
    points: what a good answer says. minutes: how long an answer may take.
    answer: a model answer as Markdown; "" for a written question, which the lesson asks for in
        the cell `written`.
    """

    lesson: str
    title: str
    text: str
    points: tuple[str, ...]
    minutes: int
    answer: str = ""
    written: str = ""

    @property
    def number(self) -> int:
        """The lesson's number."""
        return int(self.lesson.partition("_")[0])

    @property
    def key(self) -> str:
        """What its record is kept under."""
        return f"{self.lesson}: {self.text}"


@cache
def bank() -> tuple[Question, ...]:
    """All questions, in the order of the lessons."""
    found = []
    for path in sorted(FOLDER.glob("[0-9]*_*.json")):
        lesson = json.loads(path.read_text(encoding="utf-8"))
        found += [Question(path.stem, lesson["title"], one["question"],
                           tuple(one["points"] or [WHOLE]), one["minutes"], one.get("answer", ""),
                           one.get("written", "")) for one in lesson["questions"]]
    return tuple(found)


def draw(questions: Iterable[Question], seed: int, number: int,
         shares: Mapping[str, float]) -> list[Question]:
    """Draw questions: those that went badly first, worst first; then one of each lesson in turn.

    shares: the share of the points that was said the last time, by a question's key. The same
    seed and the same shares draw the same questions.
    """
    every = list(questions)
    badly = sorted((one for one in every if shares.get(one.key, 1.0) < ENOUGH),
                   key=lambda one: shares[one.key])
    return list(dict.fromkeys([*badly, *_mixed(every, random.Random(seed))]))[:number]


def _mixed(questions: Sequence[Question], dice: random.Random) -> list[Question]:
    by_lesson: dict[str, list[Question]] = {}
    for one in questions:
        by_lesson.setdefault(one.lesson, []).append(one)
    decks = list(by_lesson.values())
    for deck in decks:
        dice.shuffle(deck)
    dice.shuffle(decks)
    return [one for row in zip_longest(*decks) for one in row if one is not None]
