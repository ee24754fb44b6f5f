"""Small calls on which a known wrong answer shows: what is returned, and what is returned wrongly.

`utils.review` asks them: which of these does `softmax([[0.0, 2.0]])` return?
"""

import inspect
from collections.abc import Callable, Iterator
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
    fresh, wrong = known.fresh(exercise), known.of(exercise)
    if fresh is None or name not in wrong:
        return []
    others = [wrong[name], *(answer for other, answer in wrong.items() if other != name)]
    view = known.view(exercise)
    found: dict[str, Case] = {}
    for number, (plan, draw) in enumerate(product(_PLANS, range(_TRIES))):
        arguments = fresh(Draw(np.random.default_rng([_SEED, number, draw]), plan))
        if any(isinstance(one, np.random.Generator) for one in arguments):
            return []
        if any(isinstance(one, Earlier) for one in arguments):
            continue
        call = show_call(exercise, _parameters(right), arguments)
        if call not in found and (case := _case(call, arguments, right, others, view)):
            found[call] = case
            if len(found) == MOST:
                break
    return [*found.values()]


def _case(call: str, arguments: tuple[Any, ...], right: Callable[..., Any],
          wrong: list[Callable[..., Any]], view: Callable[..., Any]) -> Case | None:
    """The case of a call; None where it can't be read, or the first wrong answer isn't wrong."""
    def both(result: Any, *given: Any) -> tuple[Any, Any]:
        return result, view(result, *given)

    expected = outcome_of(right, arguments, both)
    if expected.raised or not _is_short(call) or not _is_short(show(expected.value[0])):
        return None
    if not (texts := [*_differing(outcome_of(wrong[0], arguments, both), expected)]):
        return None
    for answer in wrong[1:]:
        if len(texts) == _CHOICES:
            break
        texts += [text for text in _differing(outcome_of(answer, arguments, both), expected)
                  if text not in texts]
    return Case(call, show(expected.value[0]), tuple(texts))


def _differing(outcome: Outcome, expected: Outcome) -> Iterator[str]:
    """Yield a wrong outcome's text, if it can be told from the right one."""
    if outcome.raised:
        yield f"an error: {outcome.raised}"
        return
    text = show(outcome.value[0])
    if (_is_short(text) and text != show(expected.value[0])
            and not agree(outcome.value[1], expected.value[1], CLEARLY)):
        yield text


def _is_short(text: str) -> bool:
    return len(text) <= _LENGTH and "…" not in text


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()
