"""Expected against got of a comparison that failed, cut down to what a card can show.

What comes of it is plain: numbers, strings, booleans and lists of them.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from utils._checks import compare

ENTRIES, ROWS, COLUMNS = 12, 8, 6  # arrays up to this size are shown by their numbers
POINTS, BLOCKS = 100, 16  # a curve has at most so many points, a map so many rows and columns


@dataclass(frozen=True)
class Comparison:
    """What was expected and what came.

    kind: "table" holds every entry. "curves", of a longer vector, hold POINTS entries at most,
        and "map", of a larger matrix, BLOCKS × BLOCKS: of each stretch or block of entries the
        one that is furthest off.
    shape, got_shape: of the whole arrays. Only in a table do they differ.
    expected, got: nested lists of numbers, 1-D for curves; "nan", "inf" and "-inf" are strings,
        since JSON has no such numbers.
    differs: which entries disagree; [] when the shapes do.
    worst: where in the whole array the difference is largest, in words; "" when the shapes differ.
    part: the part of a tuple that is shown, "" where there is none.
    """

    kind: Literal["table", "curves", "map"]
    shape: list[int]
    got_shape: list[int]
    expected: list[Any]
    got: list[Any]
    differs: list[Any]
    worst: str = ""
    part: str = ""


def compared(got: Any, expected: Any, rtol: float = 0.0, atol: float = 0.0,
       names: tuple[str, ...] = ()) -> Comparison | None:
    """The comparison behind what `compare.close` says; None where there is nothing to see.

    There is for vectors and matrices of real numbers. Of a tuple the first part that fails
    is compared.
    """
    part = ""
    if isinstance(expected, tuple):
        if compare.parts(got, names or ("",) * len(expected)):
            return None
        names = names or tuple(f"index {k}" for k in range(len(expected)))
        part, got, expected = next(
            (one for one in zip(names, got, expected, strict=True)
             if compare.close(one[1], one[2], rtol, atol)), ("", None, None))
    if compare.not_numeric(got) or compare.not_numeric(expected):
        return None
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    if not {got.ndim, expected.ndim} <= {1, 2} or not got.size or not expected.size:
        return None
    shapes = list(expected.shape), list(got.shape)
    if got.shape != expected.shape:
        if _is_small(got) and _is_small(expected):
            return Comparison("table", *shapes, _plain(expected), _plain(got), [], part=part)
        return None
    with np.errstate(all="ignore"):
        agrees = np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
        if agrees.all():
            return None  # only their types differ
        errors = np.where(agrees, 0.0, np.abs(got - expected))
    errors[np.isnan(errors)] = np.inf
    worst = _worst(errors, expected, got)
    if _is_small(got):
        return Comparison("table", *shapes, _plain(expected), _plain(got),
                          (~agrees).tolist(), worst, part)
    curves = min(got.shape) == 1 or got.ndim == 1
    limits = (1, POINTS) if curves else (BLOCKS, BLOCKS)
    expected, got, agrees = _furthest_off(
        errors.reshape(1, -1) if curves else errors, limits, expected, got, agrees)
    if curves:
        expected, got, agrees = expected[0], got[0], agrees[0]
    return Comparison("curves" if curves else "map", *shapes, _plain(expected, 5),
                      _plain(got, 5), (~agrees).tolist(), worst, part)


def _is_small(array: np.ndarray) -> bool:
    if array.ndim == 1:
        return array.size <= ENTRIES
    return array.shape[0] <= ROWS and array.shape[1] <= COLUMNS


def _plain(array: np.ndarray, digits: int = 12) -> list[Any]:
    """Nested lists; rounded, so that they stay short."""
    if array.ndim > 1:
        return [_plain(row, digits) for row in array]
    return [float(f"{value + 0.0:.{digits}g}") if np.isfinite(value) else str(float(value))
            for value in array]


def _worst(errors: np.ndarray, expected: np.ndarray, got: np.ndarray) -> str:
    index = tuple(int(i) for i in np.unravel_index(errors.argmax(), errors.shape))
    where = index[0] if len(index) == 1 else index
    return (f"The largest difference is at index {where}: expected {expected[index] + 0.0:.6g}, "
            f"got {got[index] + 0.0:.6g}.")


def _furthest_off(errors: np.ndarray, limits: tuple[int, int],
                  *arrays: np.ndarray) -> list[np.ndarray]:
    """Of each array, (r, c) entries: those where `errors` is largest in its block."""
    r, c = np.minimum(errors.shape, limits)
    i, j = (np.arange(size) * blocks // size
            for size, blocks in zip(errors.shape, (r, c), strict=True))
    block = (i[:, None] * c + j).ravel()
    order = np.lexsort((errors.ravel(), block))  # by block, and in it by the error
    last = order[np.flatnonzero(np.diff(block[order], append=-1))]
    return [array.ravel()[last].reshape(r, c) for array in arrays]
