"""A block of examples × channels × pixels, and the student's normalizations of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.widgets.kit import student
from utils.widgets.kit.student import FloatArray

EXAMPLES, CHANNELS, PIXELS = SHAPE = (4, 6, 4)
NORMS = {"batch": "batch norm", "layer": "layer norm", "group": "group norm",
         "instance": "instance norm", "rms": "RMS norm"}
GROUPS = (1, 2, 3, 6)
MOVED = 1e-9  # an output that changes by less has not moved
EPS = 0.0  # so that stretching everything changes nothing

Cell = tuple[int, int, int]


def block() -> FloatArray:
    """The numbers of the block, rounded to one decimal.

    None is 0, which RMS norm keeps, or -0.5, whose square 1 added to it doesn't change.
    """
    rng = np.random.default_rng(11)
    values = rng.normal(size=SHAPE) + 0.8 * rng.normal(size=(1, CHANNELS, 1)) + 0.5
    values = values.round(1)
    return np.where((values == 0) | (values == -0.5), values + 0.1, values)


@dataclass(frozen=True)
class Functions:
    """The student's three functions."""

    layer: Callable[..., Any]
    rms: Callable[..., Any]
    group: Callable[..., Any]

    def used(self, norm: str) -> Callable[..., Any]:
        """The one that computes a normalization."""
        return {"layer": self.layer, "rms": self.rms}.get(norm, self.group)

    def outputs(self, norm: str, groups: int, X: FloatArray) -> FloatArray:
        """The block after a normalization, gamma 1 and beta 0. Raises AnswerError."""
        if norm in ("layer", "rms"):
            rows = X.reshape(EXAMPLES, -1)
            ones, zeros = np.ones(rows.shape[1]), np.zeros(rows.shape[1])
            rest = (ones, zeros, EPS) if norm == "layer" else (ones, EPS)
            return self._called(norm, rows, *rest).reshape(SHAPE)
        ones, zeros = np.ones(CHANNELS), np.zeros(CHANNELS)
        if norm == "batch":  # one long example, whose groups are the channels
            long = X.transpose(1, 0, 2).reshape(1, CHANNELS, -1)
            found = self._called(norm, long, CHANNELS, ones, zeros, EPS)
            return found.reshape(CHANNELS, EXAMPLES, PIXELS).transpose(1, 0, 2)
        number = CHANNELS if norm == "instance" else groups
        return self._called(norm, X, number, ones, zeros, EPS)

    def _called(self, norm: str, X: FloatArray, *rest: Any) -> FloatArray:
        return student.array(self.used(norm), X, *rest, shape=X.shape,
                             meaning="one output for each input")


def sharing(norm: str, groups: int, cell: Cell) -> NDArray[np.bool_]:
    """Which cells should share their mean (or mean square) with this one."""
    example, channel, _ = cell
    mine = np.zeros(SHAPE, dtype=bool)
    if norm == "batch":
        mine[:, channel] = True
    elif norm in ("layer", "rms"):
        mine[example] = True
    else:
        together = 1 if norm == "instance" else CHANNELS // groups
        first = channel // together * together
        mine[example, first:first + together] = True
    return mine

