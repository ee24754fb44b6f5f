"""Calls of the student's functions that an explorer survives.

Whatever goes wrong becomes an `AnswerError`, whose text is a sentence for the student.
"""

import contextlib
import io
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils._checks import student_line, time_limit
from utils._checks.time_limit import SECONDS, SECONDS_AFTER_TIMEOUT

FloatArray = NDArray[np.float64]
LONGEST = 140  # characters of the student's own error message that are shown

_endless: set[Any] = set()  # functions that hit the time limit: they get less of it from then on


class AnswerError(Exception):
    """A student's function gave nothing that can be shown; the text says why, to the student."""


def name(function: Callable[..., Any]) -> str:
    """What the student calls the function."""
    return str(getattr(function, "__name__", type(function).__name__))


def call(function: Callable[..., Any], *args: Any) -> Any:
    """Call with copies of the arrays, so that a function that changes its arguments harms nobody.

    A call that never ends is stopped as in a check, after as many seconds. Prints and warnings are
    dropped: while a line is dragged they would come by the hundred.
    """
    limit = SECONDS_AFTER_TIMEOUT if _key(function) in _endless else SECONDS
    copies = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]
    try:
        with (contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(),
              np.errstate(all="ignore"), time_limit.seconds(limit)):
            warnings.simplefilter("ignore")
            return function(*copies)
    except time_limit.TimeUp as ring:
        _endless.add(_key(function))
        said = time_limit.message(name(function), limit, student_line.quoted(ring))
        # An explorer shows plain text.
        said = re.sub(r"`(.+)` in ", r"“\1” in ", said.replace(f"`{name(function)}`",
                                                               name(function)))
        raise AnswerError(f"{said} Fix it, run its cell, then run this cell again.") from None
    except NotImplementedError:
        raise AnswerError(f"This waits for your {name(function)}: write it, run its cell, "
                          "then run this cell again.") from None
    except Exception as error:
        said = " ".join(str(error).split())[:LONGEST] or "no message"
        raise AnswerError(f"{name(function)} stopped with {type(error).__name__}: {said}. "
                          "Fix it, run its cell, then run this cell again.") from error


def _key(function: Callable[..., Any]) -> Any:
    return getattr(function, "__code__", id(function))


def labels(function: Callable[..., Any], *args: Any, n: int) -> NDArray[np.bool_]:
    """The student's labels, 0 or 1 for each of n examples, as (n,) bools."""
    values = floats(function, call(function, *args), (n,), "one label for each example")
    strange = values[(values != 0) & (values != 1)]
    if len(strange):
        raise AnswerError(f"{name(function)} returned {strange[0]:.4g} as a label. "
                          "A label is 0 or 1.")
    return values == 1


def number(function: Callable[..., Any], *args: Any) -> float:
    """The student's result as one finite number."""
    return float(floats(function, call(function, *args), (), "one number"))


def array(function: Callable[..., Any], *args: Any, shape: tuple[int, ...],
          meaning: str) -> FloatArray:
    """The student's result as a finite float array of the given shape."""
    return floats(function, call(function, *args), shape, meaning)


def weights_and_bias(function: Callable[..., Any], *args: Any) -> tuple[FloatArray, float]:
    """The student's result as a pair (w, b), w of shape (2,) and b one number."""
    result = call(function, *args)
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise AnswerError(f"{name(function)} returned {kind(result)}, expected the pair (w, b).")
    w = floats(function, result[0], (2,), "w, one weight for each feature")
    return w, float(floats(function, result[1], (), "b, one number"))


def floats(function: Callable[..., Any], result: Any, shape: tuple[int, ...],
           meaning: str) -> FloatArray:
    """What the student's function returned, or a part of it, as a finite float array."""
    who = f"{name(function)} returned"
    try:
        values = np.asarray(result)
        if values.dtype.kind not in "biuf":
            raise TypeError
    except Exception:  # an object's own __array__ may raise anything
        raise AnswerError(f"{who} {kind(result)}, expected {meaning}.") from None
    if values.shape != shape:
        expected = f"{shape}: {meaning}" if shape else meaning
        raise AnswerError(f"{who} an array of shape {values.shape}, expected {expected}.")
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        raise AnswerError(f"{who} nan or inf, expected finite numbers.")
    return values


def kind(result: Any) -> str:
    """What came back, in words, where something else was expected."""
    if result is None:
        return "None (is there a return?)"
    if isinstance(result, (tuple, list)):
        return f"a {type(result).__name__} of {len(result)}"
    kind = type(result).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
