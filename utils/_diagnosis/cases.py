"""Small calls on which a known wrong answer shows: what is returned, and what is returned wrongly.

`utils.review` asks them: which of these does `softmax([[0.0, 2.0]])` return?
"""

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from utils._diagnosis.case import Case
from utils._diagnosis.draw import Draw, Earlier, Plan
from utils._diagnosis.misconceptions import CLEARLY, Misconceptions, Outcome, agree, outcome_of
from utils._diagnosis.typed import show, show_call

MOST = 8  # calls for one misconception: it comes back four times, or more often
_CHOICES = 3  # wrong results to choose from beside the right one
_TRIES = 6  # draws for each plan
_LENGTH = 160  # characters of a call or a result that are read at a glance
_SEED = 20_11
# Small whole numbers, to calculate on paper; then others, for what whole numbers don't show.
_PLANS = [Plan("small", values, layers=layers, largest=largest)
          for values in ("small", "ordinary", "large")
          for largest, layers in ((2, 1), (2, 2), (3, 1), (1, 1))]


def small_cases(known: Misconceptions, exercise: str, name: str,
                right: Callable[..., Any]) -> list[Case]:
    """Up to MOST small calls on which a misconception is clearly wrong, the same every time.

    right: a right answer to the exercise. None for an exercise without fresh inputs, or one whose
    result depends on chance.
    """
    if name not in known.of(exercise):
        return []
    found = list[Case]()
    for call in _calls(known, exercise, right):
        if (own := call.wrong(name)) and len(found) < MOST:
            others = dict.fromkeys(filter(None, map(call.wrong, known.of(exercise))))
            others.pop(own)
            found.append(Case(call.text, call.right, (own, *[*others][:_CHOICES - 1])))
    return found


class _Call:
    """A small call, what it returns, and what the known wrong answers return."""

    def __init__(self, text: str, arguments: tuple[Any, ...], expected: Outcome,
                 answers: Mapping[str, Callable[..., Any]], view: Callable[..., Any]) -> None:
        self.text, self.right = text, show(expected.value[0])
        self._arguments, self._expected = arguments, expected
        self._answers, self._view = answers, view
        self._said: dict[str, str] = {}

    def wrong(self, name: str) -> str:
        """What a wrong answer returns, "" where that can't be told from the right result."""
        if name not in self._said:
            self._said[name] = self._text(outcome_of(self._answers[name], self._arguments,
                                                     self._view))
        return self._said[name]

    def _text(self, outcome: Outcome) -> str:
        if outcome.raised:
            return f"an error: {outcome.raised}"
        text = show(outcome.value[0])
        told_apart = text != self.right and not agree(
            outcome.value[1], self._expected.value[1], CLEARLY)
        return text if told_apart and _is_short(text) else ""


@lru_cache(maxsize=64)  # one for each exercise of a few lessons
def _calls(known: Misconceptions, exercise: str, right: Callable[..., Any]) -> list[_Call]:
    """The small calls of an exercise that can be read at a glance, each once."""
    fresh, view = known.fresh(exercise), known.view(exercise)
    if fresh is None:
        return []

    def both(result: Any, *given: Any) -> tuple[Any, Any]:
        return result, view(result, *given)

    found: dict[str, _Call] = {}
    for number, (plan, draw) in enumerate(product(_PLANS, range(_TRIES))):
        arguments = fresh(Draw(np.random.default_rng([_SEED, number, draw]), plan))
        if any(isinstance(one, np.random.Generator) for one in arguments):
            return []
        text = show_call(exercise, _parameters(right), arguments)
        if text in found or not _is_short(text) or any(
                isinstance(one, Earlier) for one in arguments):
            continue
        expected = outcome_of(right, arguments, both)
        if not expected.raised and _is_short(show(expected.value[0])):
            found[text] = _Call(text, arguments, expected, known.of(exercise), both)
    return [*found.values()]


def _is_short(text: str) -> bool:
    return len(text) <= _LENGTH and "…" not in text


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()
