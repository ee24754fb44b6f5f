"""The smallest input on which an answer is wrong, shown in full: to check by hand."""

import time
from functools import cache
from typing import Any

import numpy as np

from autograder.grading.result import Smallest
from autograder.grading.trials import (
    Answer,
    Question,
    Subject,
    is_numbers,
    kind,
    numbers_in,
    plain,
    quiet,
    same,
)
from utils._diagnosis.draw import Plan
from utils._diagnosis.typed import show, show_call

LENGTH = 600  # characters of a call, or a value, that still fits on paper
_TRIES = 8  # draws for each plan
_MOST = 40  # that are asked, of each sort
_PLANS = [Plan("small", "small", layers=layers, largest=largest)
          for largest in (1, 2, 3) for layers in (1, 2, 3)]
_OTHERS = [plan for largest in (1, 2, 3) for plan in (
    Plan("small", "ints", largest=largest), Plan("small", "small", "list", largest=largest),
    Plan("small", "large", largest=largest), Plan("small", "ordinary", largest=largest),
    Plan("small", "small", "fortran", largest=largest))]


def smallest(subject: Subject, name: str, answer: Answer, seconds: float) -> Smallest | None:
    """The smallest of many small inputs on which the answer and the model answer disagree."""
    candidates = [*questions(subject)]
    end = time.monotonic() + seconds
    for question in candidates:
        if time.monotonic() > end:
            return None
        with quiet():
            trial = subject.trial(answer, question)
        if trial.right or trial.raised == "NotImplementedError":
            continue
        call = show_call(name, subject.names, question.arguments)
        right, wrong = trial.returned
        expected = show(right)
        got = f"{trial.raised} raised" if trial.raised else show(wrong)
        if not trial.raised and same(trial.expected, trial.got):
            expected, got = f"{expected}{_kind(right)}", f"{got}{_kind(wrong)}"
        if max(map(len, (call, expected, got))) <= LENGTH and "…" not in call + expected:
            return Smallest(call, expected, got)
    return None


@cache
def questions(subject: Subject) -> list[Question]:
    """Small questions, those with the fewest numbers first."""
    found = list[Question]()
    for plans in (_PLANS, _OTHERS):
        different: dict[str, Question] = {}
        for number, plan in enumerate(plans):
            for seed in range(_TRIES):
                question = subject.question(seed + _TRIES * number, plan)
                text = repr([show(one) for one in question.arguments]) + plan.container
                if not question.raised:
                    different.setdefault(text, question)
        found += sorted(different.values(), key=lambda one: _size(one.arguments))[:_MOST]
    return found


def _size(arguments: tuple[Any, ...]) -> tuple[int, float]:
    arrays = [one for value in arguments for one in numbers_in(value)]
    return sum(one.size for one in arrays), float(sum(np.sum(np.abs(one)) for one in arrays))


def _kind(value: Any) -> str:
    value = plain(value)
    return f" ({kind(value)})" if is_numbers(value) else ""
