"""What activation functions make of a batch that runs through layers, counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray

REACH = 12.0  # curves go from -REACH to REACH
POINTS = 961
AXIS = np.linspace(-REACH, REACH, POINTS)
BINS = 400  # fine ones: whoever draws puts several together
FLAT = 0.05  # a slope smaller than this hardly lets a gradient through
LARGEST = 1e9  # an output beyond this is a trouble: float32 carries it no further than 1e38


@dataclass(frozen=True)
class Counts:
    """How values are spread: shares of BINS equal bins from `low` to `high`."""

    low: float
    high: float
    shares: FloatArray


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


def counts(values: FloatArray) -> Counts:
    """The spread of all entries; where all are equal, the bins are 1 wide together."""
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = low - 0.5, high + 0.5
    shares = np.histogram(values, bins=BINS, range=(low, high))[0] / values.size
    return Counts(low, high, shares)


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
            raise AnswerError(f"With {student.name(act)} the outputs grow beyond {LARGEST:.0e}. "
                              "Take a smaller input scale.")
        layers.append(Layer(counts(Z), counts(A), float(A.mean()), float(A.std(axis=0).mean()),
                            float(np.mean(np.abs(steep) < FLAT)),
                            float(np.mean(np.all(A == 0, axis=0)))))
    return Activity(values, slopes, tuple(layers))
