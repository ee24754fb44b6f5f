"""A wrong answer recognised: it behaves like a known misconception, and only like that one.

A lesson's misconceptions are a plain module: for every exercise `name`, functions
`name__label` that answer wrongly, each with its hint as docstring; `inputs_name(rng)`, which
yields the arguments to compare on; and, where many answers are right, `view_name(result)`,
which turns a result into what matters. The inputs are no test's own.
"""

import contextlib
import copy
import io
import json
import runpy
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from autograder.result import Misconception

SEED = 20_07  # any fixed number that no test cell uses: the same answer gets the same hint


class Misconceptions:
    """The known wrong answers to the exercises of one lesson."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _module(self) -> dict[str, Any]:
        return runpy.run_path(str(self._path)) if self._path.exists() else {}

    def of(self, exercise: str) -> dict[str, Callable[..., Any]]:
        """The wrong answers to an exercise, by name."""
        prefix = f"{exercise}__"
        return {key.removeprefix(prefix): value for key, value in self._module.items()
                if key.startswith(prefix)}

    def outcomes(self, exercise: str, answer: Callable[..., Any]) -> Iterator["Outcome"]:
        """What the answer does with each of the exercise's inputs."""
        view = self._module.get(f"view_{exercise}", lambda result: result)
        rng = np.random.default_rng(SEED)
        for arguments in self._module[f"inputs_{exercise}"](rng):
            yield _outcome(answer, arguments, view)

    def diagnose(self, exercise: str, answer: Any) -> Misconception | None:
        """The one misconception whose every outcome the answer shares; None when in doubt.

        An answer that never returned anything is in doubt: any slip can raise.
        """
        if f"inputs_{exercise}" not in self._module or not callable(answer):
            return None
        shown = list(self.outcomes(exercise, answer))
        if all(outcome.raised for outcome in shown):
            return None
        matches = [
            (name, wrong) for name, wrong in self.of(exercise).items()
            if all(alike(a, b) for a, b in zip(shown, self.outcomes(exercise, wrong), strict=True))]
        if len(matches) != 1:
            return None
        name, wrong = matches[0]
        return Misconception(name, " ".join((wrong.__doc__ or "").split()))


@dataclass(frozen=True)
class Outcome:
    """What a call came to: a value, or the class of an exception; and its arguments afterwards."""

    value: Any
    raised: str | None
    arguments: Any


def _outcome(answer: Callable[..., Any], arguments: tuple[Any, ...],
             view: Callable[[Any], Any]) -> Outcome:
    arguments = copy.deepcopy(arguments)
    quiet = io.StringIO()
    with (contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet),
          warnings.catch_warnings(), np.errstate(all="ignore")):
        warnings.simplefilter("ignore")
        try:
            value = copy.deepcopy(view(answer(*arguments)))
        except (Exception, SystemExit) as error:
            return Outcome(None, type(error).__name__, arguments)
    return Outcome(value, None, arguments)


def alike(a: Any, b: Any) -> bool:
    """Are two plain values the same up to rounding: kind, shape and entries?"""
    if isinstance(a, Outcome):
        return a.raised == b.raised and alike(a.value, b.value) and alike(a.arguments, b.arguments)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(alike(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    if a is None or isinstance(a, str):
        return type(a) is type(b) and bool(a == b)
    if callable(a) or isinstance(a, np.random.Generator):
        return callable(b) or isinstance(b, np.random.Generator)
    if not (_is_number(a) and _is_number(b)):
        return False
    a, b = np.asarray(a), np.asarray(b)
    return (a.dtype.kind == b.dtype.kind and a.shape == b.shape
            and bool(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)))


def _is_number(value: Any) -> bool:
    return type(value) in (bool, int, float) or (
        isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "fiubc")


def report(path: str, answers: dict[str, Any]) -> str:
    """Diagnose several answers, name by name, as JSON."""
    known = Misconceptions(Path(path))
    found = {name: known.diagnose(name, answer) for name, answer in answers.items()}
    return json.dumps({name: asdict(m) for name, m in found.items() if m})
