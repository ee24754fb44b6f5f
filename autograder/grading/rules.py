"""The simplest rule that tells on which inputs an answer is right. Pure.

A rule is a condition in words, on the arguments of a call or on single numbers of an argument, and
where it holds. It counts when it holds exactly where the answer is wrong, or exactly where it is
right, on every input tried; where two rules of one sort fit alike, none counts.
"""

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from autograder.grading.trials import Question, Trial, is_numbers, numbers_in, plain

LARGE, TINY = 700.0, 1e-4
Entries = tuple[str, str, list[np.ndarray]]  # a condition, its contrary, and where it holds


@dataclass(frozen=True)
class Rule:
    """A condition in words, and where it holds. sort: of rules that can be mistaken for others."""

    sort: str
    text: str
    holds: tuple[bool, ...]


def exception(wrong: Sequence[bool], rules: Sequence[Rule]) -> tuple[str, ...]:
    """The conditions of one sort that hold exactly where an answer is wrong."""
    fitting = [rule for rule in rules if rule.holds == tuple(wrong)]
    return tuple(rule.text for rule in fitting if rule.sort == fitting[0].sort)


def of_calls(trials: Sequence[Trial]) -> list[Rule]:
    """Conditions on the arguments, the simplest first."""
    table = _table(trials[0].asked) if trials else []
    rules = [Rule(sort, text, tuple(holds[trial.place] for trial in trials))
             for sort, text, holds in table]
    return [rule for rule in rules if any(rule.holds) and not all(rule.holds)]


@lru_cache(maxsize=256)
def _table(asked: tuple[Question, ...]) -> list[tuple[str, str, tuple[bool, ...]]]:
    """The conditions on all questions of a seed, which are the same for every answer."""
    return list(_of_calls(asked))


def _of_calls(trials: Sequence[Question]) -> Iterator[tuple[str, str, tuple[bool, ...]]]:
    def over(test: Callable[[Any], bool], name: str) -> tuple[bool, ...]:
        return tuple(test(trial.named.get(name)) for trial in trials)

    names = list(trials[0].named) if trials else []
    arrays = [name for name in names
              if any(isinstance(trial.named.get(name), np.ndarray) for trial in trials)]
    lists = [name for name in names if name not in arrays
             and any(isinstance(trial.named.get(name), list) for trial in trials)]
    for name in names:
        for flag in (True, False, None):
            yield "flag", f"`{name}` is {flag}", over(partial(operator.is_, flag), name)
        values = {trial.named.get(name) for trial in trials
                  if isinstance(trial.named.get(name), str)}
        for value in sorted(map(str, values)):
            yield "flag", f'`{name}` is "{value}"', over(partial(_equals, value), name)
        yield "zero", f"`{name}` is 0", over(
            lambda x: isinstance(x, int | float) and not isinstance(x, bool) and x == 0, name)
    yield from _of_kinds(trials, arrays, lists)
    for name in lists:
        kind = "layer" if "weights" in lists else "entry"
        yield "layers", (f"there is one {kind}" if kind == "layer" else f"`{name}` has one entry"
                         ), over(lambda x: _length(x) == 1, name)
        yield "layers", (f"there are more than two {kind}s" if kind == "layer" else
                         f"`{name}` has more than two entries"), over(
            lambda x: _length(x) > 2, name)
    for name in arrays:
        yield "single", f"`{name}` is a single number", over(lambda x: len(_shape(x)) == 0, name)
        yield "rows", f"`{name}` has one row", over(lambda x: _has(x, 2, 0), name)
        yield "rows", f"`{name}` has one entry", over(
            lambda x: _shape(x) == (1,), name)
        yield "columns", f"`{name}` has one column", over(lambda x: _has(x, 2, -1), name)
        yield "square", f"`{name}` is square", over(
            lambda x: len(_shape(x)) == 2 and len(set(_shape(x))) == 1, name)
    for name in arrays:
        for axes in (1, 2, 3):
            yield "axes", f"`{name}` has {axes} {'axis' if axes == 1 else 'axes'}", over(
                partial(_has_axes, axes), name)


def _of_kinds(trials: Sequence[Question], arrays: list[str], lists: list[str]
              ) -> Iterator[tuple[str, str, tuple[bool, ...]]]:
    """Conditions on all the arrays of a call together: the sort of container, and of numbers."""
    several = len(arrays) + len(lists) > 1
    it = "the arguments" if several else f"`{(arrays + lists + ['input'])[0]}`"

    def over(test: Callable[[dict[str, Any]], bool]) -> tuple[bool, ...]:
        return tuple(test(trial.named) for trial in trials)

    def numbers(arguments: dict[str, Any], test: Callable[[np.ndarray], Any]) -> bool:
        found = [one for value in arguments.values() if not isinstance(value, int | float)
                 for one in numbers_in(value) if one.size]
        return bool(found) and any(bool(np.all(test(one))) for one in found)

    yield "container", f"{it} {'are plain lists' if several else 'is a plain list'}", over(
        lambda given: all(isinstance(given.get(name), list) for name in arrays) and all(
            not any(isinstance(one, np.ndarray) for one in _items(given.get(name)))
            for name in lists) and bool(arrays or lists))
    yield "kind", f"{it} hold{'' if several else 's'} ints", over(
        lambda given: any(isinstance(given.get(name), np.ndarray)
                          and given[name].dtype.kind == "i" for name in _floats(trials, arrays))
        or any(one.dtype.kind == "i" for name in lists for one in _items(given.get(name))
               if isinstance(one, np.ndarray)))
    yield "size", "numbers are large (about 1000)", over(
        lambda given: numbers(given, lambda x: np.abs(x.astype(float)) >= LARGE))
    yield "size", "numbers are tiny", over(
        lambda given: numbers(given, lambda x: (np.abs(x.astype(float)) <= TINY) & (x != 0)))
    yield "size", f"{it} {'hold' if several else 'holds'} negative numbers only", over(
        lambda given: numbers(given, lambda x: x < 0) and not numbers(
            given, lambda x: np.abs(x.astype(float)) >= LARGE))
    yield "size", f"{it} {'are' if several else 'is'} all zeros", over(
        lambda given: numbers(given, lambda x: x == 0)
        and all(not np.any(one) for name in arrays if name in _floats(trials, arrays)
                for one in numbers_in(given.get(name))))
    yield "memory", "an array lies in memory in another order (transposed, or with strides)", over(
        lambda given: any(isinstance(given.get(name), np.ndarray)
                          and not given[name].flags.c_contiguous for name in arrays))


def _floats(trials: Sequence[Question], arrays: list[str]) -> list[str]:
    """The arrays that hold floats on some input; labels, which are always ints, are none."""
    return [name for name in arrays if any(
        isinstance(trial.named.get(name), np.ndarray)
        and trial.named[name].dtype.kind == "f" for trial in trials)]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list | tuple | dict) else 0


def _shape(value: Any) -> tuple[int, ...]:
    try:
        return np.shape(value)
    except ValueError:
        return ()


def _equals(text: str, value: Any) -> bool:
    return isinstance(value, str) and value == text


def _has_axes(axes: int, value: Any) -> bool:
    return len(_shape(value)) == axes


def _has(value: Any, least: int, axis: int) -> bool:
    """Whether an array of at least so many axes has length 1 along one."""
    shape = _shape(value)
    return len(shape) >= least and shape[axis] == 1


def is_extreme(text: str) -> bool:
    """Whether a condition holds only for numbers that no student would try first."""
    return any(word in text for word in ("large", "tiny", "all zeros", "another order"))


def of_entries(name: str, trials: Sequence[Trial]) -> list[Entries]:
    """Conditions on the numbers of one argument: in words, its contrary, and where it holds."""
    values = [np.asarray(trial.arguments[name], float) for trial in trials]
    tests: list[tuple[str, str, Callable[[np.ndarray], Any]]] = [
        (f"{name} < 0", f"{name} >= 0", lambda z: z < 0),
        (f"{name} <= 0", f"{name} > 0", lambda z: z <= 0),
        (f"{name} == 0", f"{name} != 0", lambda z: z == 0),
        (f"|{name}| is large (about 1000)", f"|{name}| is not large",
         lambda z: np.abs(z) >= LARGE),
        (f"{name} is large (about 1000)", f"{name} is not large", lambda z: z >= LARGE),
        (f"{name} is large and negative (about -1000)", f"{name} is not large and negative",
         lambda z: z <= -LARGE)]
    return [(text, contrary, [test(value) for value in values]) for text, contrary, test in tests]


def elementwise_argument(trials: Sequence[Trial]) -> str | None:
    """The argument whose shape every result has to have, where there is just one such array."""
    if not trials:
        return None
    names = [name for name in trials[0].arguments
             if any(isinstance(trial.arguments[name], np.ndarray) for trial in trials)
             and all(is_numbers(plain(_array(trial.arguments[name]))) and is_numbers(trial.expected)
                     and np.shape(_array(trial.arguments[name])) == trial.expected.shape
                     for trial in trials)]
    return names[0] if len(names) == 1 else None


def _array(value: Any) -> Any:
    try:
        return np.asarray(value, float)
    except (TypeError, ValueError):
        return None
