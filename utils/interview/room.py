"""A mock interview: a question, a clock, your answer, then a model answer to compare it with."""

import json
from collections.abc import Iterable
from operator import index
from pathlib import Path
from typing import Any

import traitlets

from utils import progress
from utils.interview.bank import ENOUGH, Question, bank, draw
from utils.widgets.kit.explorer import Explorer, module

PART = "interview"  # of the student's progress file
QUESTIONS = 8
STUB = "YOUR ANSWER HERE"


class Interview(Explorer):
    """Ask questions of the lessons, one at a time; the student ticks what they said.

    seed: any int; the same one draws the same questions, after those that went badly before. The
        next interview in the same widget is that of the next seed.
    lessons: the numbers of the lessons to ask about, as range(1, 8); all of them by default.
    questions: how many there are.

    How each question went is kept in the student's own progress file; answers are not kept.
    Raises ValueError for arguments that it can't use.
    """

    _esm = module(Path(__file__).with_name("interview.js"))
    facts = traitlets.Dict().tag(sync=True)
    drawn = traitlets.Int(0, min=0).tag(sync=True)  # interviews after the first
    said = traitlets.Dict().tag(sync=True)  # by a question's place: the places of points said

    def __init__(self, seed: int, lessons: Iterable[int] | None = None, *,
                 questions: int = QUESTIONS) -> None:
        number = _int("questions", questions, f"questions={QUESTIONS}")
        if number < 1:
            raise ValueError(f"questions is {number}; an interview has at least one question.")
        self._seed, self._number = _int("seed", seed, "Interview(1)"), number
        self._lessons = _chosen(lessons)
        super().__init__(answer={"note": ""})
        self._draw()
        self.observe(self._draw, "drawn")
        self.observe(self._note, "said")

    def _draw(self, _: object = None) -> None:
        self._noted: dict[str, list[int]] = {}
        self.said = {}
        self.questions = draw(self._lessons, self._seed + self.drawn, self._number, _shares())
        self.facts = {"questions": [_sent(one) for one in self.questions], "enough": ENOUGH}

    def _note(self, _: object) -> None:
        """Keep how the questions went that were judged just now."""
        note = ""
        for place, said in self.said.items():
            question = self.questions[int(place)]
            if said == self._noted.get(place):
                continue
            self._noted[place] = said
            try:
                progress.keep(PART, question.key, {"said": len(set(said)),
                                                   "of": len(question.points)})
            except OSError as error:
                note = f"How it went could not be kept: {error.strerror}."
        self.answer = {"note": note}

    def static_html(self) -> str:
        """What stands here where there is no kernel."""
        return (f"<p>In JupyterLab a mock interview stands here: {len(self.questions)} questions, "
                "a clock, model answers, and a list of points to judge your own answer by.</p>")


def _int(name: str, value: object, example: str) -> int:
    try:
        if isinstance(value, bool):
            raise TypeError
        return index(value)  # type: ignore[arg-type]  # what isn't an int raises TypeError
    except TypeError:
        raise ValueError(f"{name} has to be an int, as in {example}; it is {value!r}.") from None


def _chosen(lessons: Iterable[int] | None) -> list[Question]:
    if lessons is None:
        return list(bank())
    example = "lessons=range(1, 8) or lessons=[3, 5]"
    try:
        numbers = {_int("each of lessons", one, example) for one in lessons}
    except TypeError:
        raise ValueError(f"lessons has to be a range or a list of numbers, as in {example}; it is "
                         f"{lessons!r}.") from None
    found = [one for one in bank() if one.number in numbers]
    if not found:
        known = sorted({one.number for one in bank()})
        none = (f"There are no questions of lesson {', '.join(map(str, sorted(numbers)))}"
                if numbers else "lessons is empty")
        raise ValueError(f"{none}; choose from 1 to {known[-1]}, as in {example}.")
    return found


def _shares() -> dict[str, float]:
    """The share of the points that was said the last time, by a question's key."""
    return {key: facts["said"] / facts["of"] for key, facts in progress.kept(PART).items()
            if all(isinstance(facts.get(name), int) for name in ("said", "of")) and facts["of"] > 0}


def _sent(question: Question) -> dict[str, Any]:
    own = _written(question) if question.written else ""
    return {"lesson": question.title, "text": question.text, "points": list(question.points),
            "minutes": question.minutes, "answer": question.answer or own or (
                "This is the written question of the lesson, and you have not answered it there "
                "yet. When your answer is graded, you can compare it with a mark scheme."),
            "title": "What you wrote in the lesson" if own else "Model answer",
            "handed_in": bool(question.answer)}  # others are handed in with their own lesson


def _written(question: Question) -> str:
    """What the student has answered in their copy of the lesson; "" for nothing."""
    path = progress.folder() / question.lesson / f"{question.lesson}.ipynb"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = next("".join(cell["source"]) for cell in cells
                    if cell["metadata"].get("nbgrader", {}).get("grade_id") == question.written)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, StopIteration):
        return ""
    return "" if text.strip() == STUB else text.strip()
