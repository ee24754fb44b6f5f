"""Five slips that are independent of what an answer computes, to see it recognized beside them."""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

Answer = Callable[..., Any]


def _each(value: Any, change: Callable[[np.ndarray], Any]) -> Any:
    """A result with each of its arrays of floats changed."""
    if isinstance(value, list | tuple):
        return type(value)(_each(one, change) for one in value)
    if isinstance(value, float | np.floating | np.ndarray) and np.asarray(value).dtype.kind == "f":
        return change(np.asarray(value))
    return value


def _arrays(value: Any) -> list[np.ndarray]:
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, list | tuple):
        return [array for one in value for array in _arrays(one)]
    return []


def not_stable(answer: Answer) -> Answer:
    """Return nan where a number is large, as exp does without care."""
    @wraps(answer)
    def slipped(*arguments: Any) -> Any:
        result = answer(*arguments)
        large = any(array.size and array.dtype.kind == "f" and np.abs(array).max() > 500
                    for array in _arrays(arguments))
        return _each(result, lambda x: x * np.nan) if large else result
    return slipped


def ints_for_ints(answer: Answer) -> Answer:
    """Cut the result to whole numbers when all arrays hold ints, as `zeros_like` does."""
    @wraps(answer)
    def slipped(*arguments: Any) -> Any:
        given = _arrays(arguments)
        whole = bool(given) and all(array.dtype.kind == "i" for array in given)
        result = answer(*arguments)
        return _each(result, lambda x: np.nan_to_num(x).astype(int)) if whole else result
    return slipped


def no_lists(answer: Answer) -> Answer:
    """Fail on plain lists of numbers."""
    @wraps(answer)
    def slipped(*arguments: Any) -> Any:
        for value in arguments:
            if isinstance(value, list) and value and not _arrays(value):
                raise AttributeError("'list' object has no attribute 'shape'")
        return answer(*arguments)
    return slipped


def another_epsilon(answer: Answer) -> Answer:
    """Be off by a millionth, as with another small constant."""
    @wraps(answer)
    def slipped(*arguments: Any) -> Any:
        return _each(answer(*arguments), lambda x: x * (1 + 1e-6))
    return slipped


def in_place(answer: Answer) -> Answer:
    """Leave the first array that was handed over changed."""
    @wraps(answer)
    def slipped(*arguments: Any) -> Any:
        result = copy.deepcopy(answer(*arguments))
        for array in _arrays(arguments)[:1]:
            if array.flags.writeable:
                array += 1
        return result
    return slipped


SLIPS = (not_stable, ints_for_ints, no_lists, another_epsilon, in_place)
