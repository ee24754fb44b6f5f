"""A wrong answer recognized: it behaves like a known misconception, and only like that one.

A lesson's misconceptions are a plain module: for every exercise `name`, functions
`name__label` that answer wrongly, each with its hint as docstring; `inputs_name(rng)`, which
yields the arguments to compare on; and, where many answers are right, `view_name(result)` or
`view_name(result, *arguments)`, which turns a result into what matters. Where one call says too
little, because an answer hands itself a state from call to call, `run_name(answer, *arguments)`
makes all the calls of one comparison and returns what they came to. The inputs are no test's own.
"""

import contextlib
import copy
import io
import runpy
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from utils._checks.forms import plainly
from utils._diagnosis.draw import Draw
from utils._diagnosis.misconception import Misconception

NEAR, CLEARLY = 1e-4, 1e-2  # relative errors that count as close, and as no slip
SEED = 20_07  # any fixed number that no test cell uses: the same answer gets the same hint


class Misconceptions:
    """The known wrong answers to the exercises of one lesson."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._outcomes: dict[str, dict[str, list[Outcome]]] = {}

    @cached_property
    def _module(self) -> dict[str, Any]:
        return runpy.run_path(str(self._path)) if self._path.exists() else {}

    def of(self, exercise: str) -> dict[str, Callable[..., Any]]:
        """The wrong answers to an exercise, by name."""
        prefix = f"{exercise}__"
        return {key.removeprefix(prefix): value for key, value in self._module.items()
                if key.startswith(prefix)}

    def fresh(self, exercise: str) -> Callable[[Draw], tuple[Any, ...]] | None:
        """What makes fresh inputs of an exercise; None where the lesson has nothing."""
        found: Callable[[Draw], tuple[Any, ...]] | None = self._module.get(f"fresh_{exercise}")
        return found

    def view(self, exercise: str) -> Callable[..., Any]:
        """What turns a result, and the arguments that it came of, into what matters."""
        found: Callable[..., Any] = self._module.get(f"view_{exercise}", _as_it_is)
        if found.__code__.co_argcount == 1:
            return lambda result, *_: found(result)
        return found

    def outcomes(self, exercise: str, answer: Callable[..., Any]) -> Iterator["Outcome"]:
        """What the answer does with each of the exercise's inputs."""
        view = self.view(exercise)
        run = self._module.get(f"run_{exercise}", _call)
        rng = np.random.default_rng(SEED)
        for arguments in self._module[f"inputs_{exercise}"](rng):
            yield outcome_of(partial(run, answer), arguments, view)

    def _known(self, exercise: str) -> dict[str, list["Outcome"]]:
        """What each wrong answer does; computed once, since the inputs are the same each time."""
        if exercise not in self._outcomes:
            self._outcomes[exercise] = {name: list(self.outcomes(exercise, wrong))
                                        for name, wrong in self.of(exercise).items()}
        return self._outcomes[exercise]

    def diagnose(self, exercise: str, answer: Any, right: Any = None) -> Misconception | None:
        """The one misconception whose every outcome the answer shares; None when in doubt.

        An answer that never returned anything is in doubt: any slip can raise.
        right: a right answer. With it, an answer that is like no misconception to the letter is
            looked at again where it returned something, and for its values only: `z > 0` is
            recognized though it returns booleans, and fails on a list. So is one with another slip
            beside it: nan for large numbers, whole numbers from ints, another small constant.
        """
        if f"inputs_{exercise}" not in self._module or not callable(answer):
            return None
        shown = list(self.outcomes(exercise, answer))
        if all(outcome.raised for outcome in shown):
            return None
        known = self._known(exercise)
        matches = [name for name, outcomes in known.items() if _all_alike(shown, outcomes)]
        if not matches and right is not None:
            expected = list(self.outcomes(exercise, right))
            matches = (_alike_in_values(shown, known, expected)
                       or _alike_beside_a_slip(shown, known, expected))
        if len(matches) != 1:
            return None
        hint = self.of(exercise)[matches[0]].__doc__ or ""
        return Misconception(matches[0], " ".join(hint.split()))


@dataclass(frozen=True)
class Outcome:
    """What a call came to: a value, or the class of an exception; and its arguments afterward."""

    value: Any
    raised: str | None
    arguments: Any


def _all_alike(shown: list[Outcome], outcomes: list[Outcome]) -> bool:
    return all(alike(a, b) for a, b in zip(shown, outcomes, strict=True))


def _alike_in_values(shown: list[Outcome], known: dict[str, list[Outcome]],
                     right: list[Outcome]) -> list[str]:
    """The misconceptions with the answer's values wherever it returned something.

    That has to be on most inputs, and on one at least where the right answer returns another
    value. Misconceptions that say the same there are one only if the plainest, which returns
    wherever the right answer does, is.
    """
    seen = [k for k, outcome in enumerate(shown) if not outcome.raised]
    if 2 * len(seen) <= len(shown) or all(_same_values(shown[k], right[k]) for k in seen):
        return []
    matches = [name for name, outcomes in known.items()
               if all(_same_values(shown[k], outcomes[k]) for k in seen)]
    plain = [name for name in matches if all(
        a.raised == b.raised and _same_kinds(a.value, b.value) and alike(a.arguments, b.arguments)
        for a, b in zip(known[name], right, strict=True))]
    return plain or matches


def _alike_beside_a_slip(shown: list[Outcome], known: dict[str, list[Outcome]],
                         right: list[Outcome]) -> list[str]:
    """The misconceptions that explain an answer's values up to a second, independent slip.

    Nothing counts where the answer raised, has nan or inf that neither has, or returned what the
    other two refuse; elsewhere it has to be close to the misconception, on most inputs, and on one
    at least where that is clearly wrong.
    """
    matches = []
    for name, outcomes in known.items():
        close = [k for k, (a, b) in enumerate(zip(shown, outcomes, strict=True))
                 if not a.raised and not b.raised and agree(a.value, b.value, NEAR)]
        excused = {k for k, (a, b) in enumerate(zip(shown, outcomes, strict=True))
                   if a.raised or (not _finite(a.value) and _finite(b.value))
                   or (b.raised and right[k].raised)}  # what should be refused, and is not
        telling = [k for k in close if not right[k].raised
                   and not agree(outcomes[k].value, right[k].value, CLEARLY)]
        if len(close) + len(excused - {*close}) == len(shown) and 2 * len(close) > len(
                shown) and telling:
            matches.append(name)
    return matches


def agree(a: Any, b: Any, tolerance: float) -> bool:
    """Whether two values are the same up to so much, and up to being cut to whole numbers."""
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(agree(x, y, tolerance) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(agree(a[key], b[key], tolerance) for key in a)
    if not (_is_number(a) and _is_number(b)):
        return alike(a, b, kinds=False)
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    if tolerance == NEAR and a.dtype.kind == "i" and b.dtype.kind == "f":
        b = np.trunc(b)
    return bool(np.allclose(a, b, rtol=tolerance, atol=tolerance / 1000, equal_nan=True))


def _finite(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_finite, value))
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    if not _is_number(value) or np.asarray(value).dtype.kind == "O":  # ints beyond 64 bits
        return True
    return bool(np.isfinite(value).all())


def _same_values(a: Outcome, b: Outcome) -> bool:
    return a.raised == b.raised and alike(a.value, b.value, kinds=False)


def _same_kinds(a: Any, b: Any) -> bool:
    """Do two results differ in their numbers only?"""
    if _is_number(a) and _is_number(b):
        return np.asarray(a).dtype.kind == np.asarray(b).dtype.kind
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return all(map(_same_kinds, a, b))
    return type(a) is type(b)


def _as_it_is(result: Any, *_: Any) -> Any:
    return result


def _call(answer: Callable[..., Any], *arguments: Any) -> Any:
    return answer(*arguments)


def outcome_of(answer: Callable[..., Any], arguments: tuple[Any, ...],
               view: Callable[..., Any]) -> Outcome:
    """What a call of an answer comes to, in silence. view: of its result and the arguments."""
    given, arguments = arguments, copy.deepcopy(arguments)
    quiet = io.StringIO()
    with (contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet),
          warnings.catch_warnings(), np.errstate(all="ignore")):
        warnings.simplefilter("ignore")
        try:
            value = plainly(copy.deepcopy(view(answer(*arguments), *given)))
        except (Exception, SystemExit) as error:
            return Outcome(None, type(error).__name__, plainly(arguments))
    return Outcome(value, None, plainly(arguments))


def alike(a: Any, b: Any, kinds: bool = True) -> bool:
    """Are two plain values the same up to rounding: shape and entries, and kind if `kinds`?"""
    if isinstance(a, Outcome):
        return a.raised == b.raised and alike(a.value, b.value) and alike(a.arguments, b.arguments)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(alike(x, y, kinds) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[key], b[key], kinds) for key in a)
    if a is None or isinstance(a, str):
        return type(a) is type(b) and bool(a == b)
    if callable(a) or isinstance(a, np.random.Generator):
        return callable(b) or isinstance(b, np.random.Generator)
    if not (_is_number(a) and _is_number(b)):
        return False
    a, b = np.asarray(a), np.asarray(b)
    return (a.shape == b.shape and (not kinds or a.dtype.kind == b.dtype.kind)
            and "O" not in (a.dtype.kind, b.dtype.kind)  # ints beyond 64 bits
            and bool(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)))


def _is_number(value: Any) -> bool:
    return type(value) in (bool, int, float) or (
        isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "fiubc")
