"""The perceptron rule's walk over two features, update by update, and the bound on its length."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.data import Dataset
from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray


@dataclass(frozen=True)
class Walk:
    """A line, and how the perceptron rule came to it.

    cursor: the example at which the search for the next mistake begins.
    last: the example of the last update; before: (w1, w2, b) just before it.
    """

    w: FloatArray
    b: float
    from_zero: bool = True
    updates: int = 0
    cursor: int = 0
    last: int | None = None
    before: tuple[float, float, float] | None = None

    @property
    def theta(self) -> tuple[float, float, float]:
        """(w1, w2, b)."""
        return float(self.w[0]), float(self.w[1]), self.b


def start(theta: ArrayLike) -> Walk:
    """A walk that begins at (w1, w2, b)."""
    w1, w2, b = np.asarray(theta, dtype=np.float64)
    return Walk(np.array([w1, w2]), float(b), from_zero=not (w1 or w2 or b))


def next_mistake(wrong: NDArray[np.bool_], cursor: int) -> int | None:
    """The first mistake at or after cursor, going round once; None where there is none."""
    order = np.roll(np.arange(len(wrong)), -cursor)
    found = order[wrong[order]]
    return int(found[0]) if len(found) else None


def advance(walk: Walk, dataset: Dataset, predict: Callable[..., Any],
            update: Callable[..., Any]) -> Walk | None:
    """One update with lr = 1 on the next mistake; None when no mistake is left.

    Going on from one example to the next and round again is the order of an epoch after another,
    so the k-th update here is the k-th of `perceptron_fit`.
    Raises AnswerError when a function fails, or when the update leaves the line as it was.
    """
    wrong = mistakes(dataset, predict, walk.w, walk.b)
    i = next_mistake(wrong, walk.cursor)
    if i is None:
        return None
    w, b = student.weights_and_bias(update, walk.w, walk.b, dataset.X[i],
                                    int(dataset.y[i]), 1.0)
    if np.array_equal(w, walk.w) and b == walk.b:
        raise AnswerError(f"{student.name(update)} left w and b as they were, although "
                          f"{student.name(predict)} gets example {i} wrong.")
    return replace(walk, w=w, b=b, updates=walk.updates + 1, cursor=(i + 1) % len(wrong), last=i,
                   before=walk.theta)


def mistakes(dataset: Dataset, predict: Callable[..., Any], w: FloatArray,
             b: float) -> NDArray[np.bool_]:
    """Which examples the student's predict gets wrong, (n,)."""
    return student.labels(predict, dataset.X, w, b, n=len(dataset.y)) != (dataset.y == 1)


@dataclass(frozen=True)
class Bound:
    """Novikoff's bound (1962) on the mistakes of a perceptron that starts from zero, at any lr.

    The bias counts as a weight on a constant input of 1: radius is the largest ||(x, 1)||, gamma
    the least t (w·x + b) / ||(w, b)|| over the examples.
    """

    radius: float
    gamma: float

    @property
    def mistakes(self) -> float:
        """(radius / gamma)²."""
        return (self.radius / self.gamma) ** 2


def bound(X: FloatArray, w: FloatArray, b: float, margin: float) -> Bound:
    """The bound which a line with a positive margin, in units of x, proves.

    margin is t (w·x + b) / ||w||, so times ||w|| / ||(w, b)|| it is gamma.
    """
    radius = math.sqrt(float((X ** 2).sum(axis=1).max()) + 1)
    length = float(np.linalg.norm(w))
    return Bound(radius, margin * length / math.hypot(length, b))


def window(X: FloatArray, aspect: float) -> tuple[float, float, float, float]:
    """(x1 low, x1 high, x2 low, x2 high) with room around the examples.

    Features of like spread get one scale on both axes, so that distances and right angles are
    what they look.
    """
    low, high = X.min(axis=0), X.max(axis=0)
    spread = np.maximum(high - low, 1e-9)
    size = 1.24 * spread
    if 0.2 < spread[0] / spread[1] < 5:
        unit = max(size[0] / aspect, size[1])
        size = np.array([aspect * unit, unit])
    middle = (low + high) / 2
    (a, c), (b, d) = middle - size / 2, middle + size / 2
    return float(a), float(b), float(c), float(d)
