"""A student's cases: inputs chosen so that wrong answers differ on them from right ones.

Pure functions: the caller limits the time. A case counts only as the exercise's own `fit` made it
of what the student wrote, so neither a size nor a type of theirs reaches an answer unseen.
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils._checks import compare

MOST = 8  # cases
NUMBERS = 200  # in one case
RTOL, ATOL = 1e-7, 1e-9  # as a test compares

Answer = Callable[..., Any]
Case = tuple[Any, ...]
Fit = Callable[..., Case | str]


@dataclass(frozen=True)
class _Result:
    """What a call came to: a value, or None and the class of the exception that it raised."""

    value: Any
    raised: str = ""


def read(got: Any, fit: Fit) -> tuple[list[Case], str | None]:
    """Return the cases as `fit` makes them, and why they can't be used, or None.

    got: a list of tuples, each with the arguments of one call.
    fit: takes a case's arguments, and returns those that the answers are to get, or a sentence
        that says what is wrong.
    """
    parameters = inspect.signature(fit).parameters
    names = tuple(parameters)
    least = sum(one.default is one.empty for one in parameters.values())
    wanted = f"({', '.join(names)})"
    if got is None:
        return [], compare.NOTHING
    if type(got) not in (list, tuple):
        return [], (f"expected a list of cases, each a tuple {wanted}, "
                    f"got {compare.article(type(got).__name__)}.")
    if not 1 <= len(got) <= MOST:
        return [], f"expected 1 to {MOST} cases, got {len(got)}."
    cases = []
    for number, case in enumerate(got):
        reason = _unreadable(case, names, least)
        if reason is None:
            try:
                fitted = fit(*case)
            except Exception as error:
                fitted = f"{type(error).__name__}: {error}"
            if isinstance(fitted, tuple):
                cases.append(fitted)
                continue
            reason = fitted
        return [], f"case {number} can't be used: {reason}"
    return cases, None


def agreement(right: list[Answer], cases: list[Case]) -> tuple[list[Any], str | None]:
    """Return what right answers say to each case, and why they don't all say the same, or None."""
    expected = []
    for number, case in enumerate(cases):
        first, *others = (_result(answer, case) for answer in right)
        name = getattr(right[0], "__name__", "")
        for result in (first, *others):
            if result.raised:
                return [], (f"in case {number}, right answers raise {result.raised}: `{name}` "
                            "promises nothing for such an input.")
            if compare.close(result.value, _whole(first.value), RTOL, ATOL):
                return [], (f"in case {number}, right answers disagree with each other: `{name}` "
                            "promises nothing for such an input.")
        expected.append(_whole(first.value))
    return expected, None


def exposed(wrong: Answer, cases: list[Case], expected: list[Any]) -> bool:
    """Tell whether some case shows a wrong answer: it raises, or its result is another one."""
    return any(compare.close(_result(wrong, case).value, right, RTOL, ATOL)
               for case, right in zip(cases, expected, strict=True))


def _unreadable(case: Any, names: tuple[str, ...], least: int) -> str | None:
    wanted = f"expected a tuple ({', '.join(names)})"
    if type(case) not in (list, tuple):
        return f"{wanted}, got {compare.article(type(case).__name__)}."
    if not least <= len(case) <= len(names):
        entries = "entry" if len(case) == 1 else "entries"
        return f"{wanted}, got {len(case)} {entries}."
    if _count(case) > NUMBERS:
        return f"it holds more than {NUMBERS} numbers."
    for name, value in zip(names, case, strict=False):
        reason = None if value is None else compare.not_numeric(value)
        if reason:
            return f"in {name}, {reason}"
    return None


def _count(value: Any) -> int:
    """Count the numbers in lists and arrays, as far as it takes to know that there are too many."""
    pending, numbers, seen = [value], 0, 0
    while pending and numbers <= NUMBERS:
        one = pending.pop()
        seen += 1
        if type(one) in (list, tuple):
            pending += one
        else:
            numbers += one.size if type(one) is np.ndarray else 1
        if seen > 10 * NUMBERS:  # lists of empty lists, or a list in itself
            return seen
    return numbers


def _result(answer: Answer, case: Case) -> _Result:
    try:
        return _Result(answer(*copy.deepcopy(case)))
    except (Exception, SystemExit) as error:
        return _Result(None, type(error).__name__)


def _whole(value: Any) -> Any:
    """Return a result of several parts as a tuple, which is compared part by part."""
    return tuple(value) if type(value) is list else value
