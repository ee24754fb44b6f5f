"""What a feedback page tells `utils.review`: the student's own mistakes, to come back later. Pure.

It goes by the result that the page shows, so what is kept back until a deadline is not in it. No
right letter, and no call with its result, is in it as long as work can be handed in again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from nbformat import NotebookNode

from autograder.feedback.quiz import asked, quiz
from autograder.feedback.quiz_key import QuizKey
from autograder.grading.result import Exercise, Result
from utils._diagnosis.case import Case


def _no_cases(exercise: str, misconception: str) -> Sequence[Case]:
    return ()


@dataclass(frozen=True)
class ReviewKey:
    """What is right in a lesson; as it is, nothing is known of it.

    letters: of each question, by its exercise. cases: small calls on which a misconception, the
    second argument, of an exercise shows.
    """

    letters: Mapping[str, QuizKey] = field(default_factory=dict)
    cases: Callable[[str, str], Sequence[Case]] = _no_cases


def review(result: Result, release: NotebookNode, handed_in: str, key: ReviewKey) -> str:
    """The mistakes as JSON, "" for none.

    result: without what is kept back. release: the lesson as students get it.
    handed_in: when, in words, "" where nobody knows. key: an empty one keeps it back.
    """
    wrong = [found for exercise in result.exercises for found in (
        _choice(exercise, release, key.letters.get(exercise.name)),
        _misconception(exercise, key)) if found]
    return json.dumps({"lesson": result.assignment, "handed_in": handed_in, "wrong": wrong}
                      ) if wrong else ""


def _choice(exercise: Exercise, release: NotebookNode, key: QuizKey | None
            ) -> dict[str, Any] | None:
    """A wrong choice, with the question and what is to be said of each letter."""
    shown = quiz(exercise, release)
    if key is None or shown is None or not shown.chosen or shown.right:
        return None
    question, choices = asked(exercise.name, release)
    return {"exercise": exercise.name, "chosen": shown.chosen, "right": key.right,
            "question": question, "choices": [
                {"letter": letter, "text": text, "why": key.why.get(letter, "")}
                for letter, text in choices]}


def _misconception(exercise: Exercise, key: ReviewKey) -> dict[str, Any] | None:
    known = exercise.misconception
    return {"exercise": exercise.name, "misconception": known.name, "hint": known.hint,
            "cases": [asdict(case) for case in key.cases(exercise.name, known.name)]
            } if known else None
