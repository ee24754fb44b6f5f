"""What activation functions make of a batch that runs through layers, counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils._figures.number_format import significant
from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray

REACH = 12.0  # curves go from -REACH to REACH
POINTS = 961
AXIS = np.linspace(-REACH, REACH, POINTS)
SCORE_BIN = 0.05  # the width of a bin of scores, whose edges are its multiples
OUTPUT_BIN = 0.01  # of outputs, centered on its multiples: 0 and the ends -1 and 1 are never split
FLAT = 0.05  # a slope smaller than this hardly lets a gradient through
LARGEST = 1e9  # an output beyond this can't be shown: float32 ends at 1e38


@dataclass(frozen=True)
class Counts:
    """How values are spread: shares of all values in equal bins, and beyond the last bins.

    first: the number of the first bin, counted from the one that begins (scores) or is centered
    (outputs) at 0. below, above: the shares left and right of the range in which values are
    counted, about -REACH to REACH.
    """

    first: int
    width: float
    shares: FloatArray
    below: float
    above: float


@dataclass(frozen=True)
class Layer:
    """One layer's scores and outputs over the batch.

    mean: of the outputs. spread: how much a unit's output differs from example to example (standard
    deviation, averaged over units). flat: share of slopes below FLAT. dead: share of units whose
    output is 0 for every example.
    """

    scores: Counts
    outputs: Counts
    mean: float
    spread: float
    flat: float
    dead: float


@dataclass(frozen=True)
class Activity:
    """A function's values and slopes on AXIS, and what it does in each layer, first layer first."""

    values: FloatArray
    slopes: FloatArray
    layers: tuple[Layer, ...]


def counts(values: FloatArray, width: float, centered: bool = False) -> Counts:
    """The spread of all entries over bins of this width, as few as hold all within REACH.

    centered: bins are centered on multiples of the width instead of beginning there.
    """
    bins = np.floor(values / width + (0.5 if centered else 0.0) + 1e-9)
    most = round(REACH / width)
    last = most if centered else most - 1
    inside = bins[(bins >= -most) & (bins <= last)].astype(int)
    first = int(inside.min()) if inside.size else 0
    shares = np.bincount(inside.ravel() - first, minlength=1) / values.size
    return Counts(first, width, shares, float(np.mean(bins < -most)), float(np.mean(bins > last)))


def activity(act: Callable[..., Any], slope: Callable[..., Any], extra: tuple[float, ...],
             X: FloatArray, weights: Sequence[FloatArray], biases: Sequence[FloatArray],
             ) -> Activity:
    """Run X (n, d) through the layers with act(Z, *extra) after each; raises AnswerError.

    slope: the derivative of act at the scores, called as slope(Z, *extra).
    """
    values = student.array(act, AXIS, *extra, shape=(POINTS,), meaning="one output for each score")
    slopes = student.array(slope, AXIS, *extra, shape=(POINTS,), meaning="one slope for each score")
    A, layers = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        A = student.array(act, Z, *extra, shape=Z.shape, meaning="one output for each score")
        steep = student.array(slope, Z, *extra, shape=Z.shape, meaning="one slope for each score")
        if np.abs(A).max() > LARGEST:
            raise AnswerError(f"With {student.name(act)}, the outputs grow beyond "
                              f"{significant(LARGEST, 1)}. Choose a smaller input scale.")
        layers.append(Layer(counts(Z, SCORE_BIN), counts(A, OUTPUT_BIN, centered=True),
                            float(A.mean()), float(A.std(axis=0).mean()),
                            float(np.mean(np.abs(steep) < FLAT)),
                            float(np.mean(np.all(A == 0, axis=0)))))
    return Activity(values, slopes, tuple(layers))
