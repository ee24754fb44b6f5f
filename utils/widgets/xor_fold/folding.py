"""Two hidden lines and an output line as a network, and what it makes of the square of XOR."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.data import CORNERS, GATES
from utils.widgets.kit import student
from utils.widgets.kit.student import FloatArray

XOR = np.array(GATES["XOR"])

# A grid on which the unit square takes 35 cells, so that the square's own mesh can be drawn from
# it, and of which no point lies on the lines through the middles of the square and of its sides.
SIDE, INNER = 60, (12, 47)
LOW, HIGH = -12 / 35, 1 + 12 / 35
AXIS = np.linspace(LOW, HIGH, SIDE)
GRID = np.stack(np.meshgrid(AXIS, AXIS), axis=-1).reshape(-1, 2)


def step(z: ArrayLike) -> FloatArray:
    """1 where z >= 0, else 0."""
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def smooth_step(z: ArrayLike) -> FloatArray:
    """(1 + tanh 4z) / 2, an S between 0 and 1 that is steep enough to look like a step."""
    return (1 + np.tanh(4 * np.asarray(z, dtype=np.float64))) / 2


def identity(z: ArrayLike) -> FloatArray:
    """Z itself: no activation."""
    return np.array(z, dtype=np.float64)


ACTIVATIONS: dict[str, Callable[[ArrayLike], FloatArray]] = {
    "step": step, "smooth": smooth_step, "none": identity}
# What of hidden space is shown: the lowest and the highest activation on both axes.
VIEWS = {"step": (-0.35, 1.35), "smooth": (-0.35, 1.35), "none": (-2.0, 2.0)}

# Angle in degrees and offset of hidden line 1, hidden line 2, output line. The start is the plain
# try, one line for each input, which leaves XOR as it was; the output asks for both (AND).
START = [0.0, 0.0, 90.0, 0.0, 45.0, 0.35]


def line(angle: float, offset: float, middle: float) -> tuple[FloatArray, float]:
    """The line whose normal points to `angle` degrees, `offset` beyond (middle, middle): w, b.

    ||w|| = 1, so w·x + b is the distance from the line, positive on the side of the normal.
    """
    w = np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
    return w, float(-(w.sum() * middle + offset))


Layers = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def network(lines: Sequence[float], activation: str) -> Layers:
    """W1 (2, 2), b1 (2,), W2 (1, 2), b2 (1,) of the three lines' angles and offsets.

    Hidden lines are placed around the middle of the square, the output line around the middle of
    what is shown of hidden space.
    """
    (w, b), (v, c) = line(lines[0], lines[1], 0.5), line(lines[2], lines[3], 0.5)
    u, a = line(lines[4], lines[5], sum(VIEWS[activation]) / 2)
    return np.stack([w, v]), np.array([b, c]), u[None], np.array([a])


@dataclass(frozen=True)
class Fold:
    """What the student's network makes of the grid and the corners.

    grid_hidden (SIDE², 2), grid_score (SIDE²,), hidden (4, 2), score (4,) of the corners.
    """

    grid_hidden: FloatArray
    grid_score: FloatArray
    hidden: FloatArray
    score: FloatArray

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which corners come out as XOR wants: 1 where the score is 0 or above, (4,)."""
        return (self.score >= 0) == (XOR == 1)

    @property
    def separable(self) -> bool:
        """Whether some line in hidden space has (0,1) and (1,0) on one side, the others not.

        Two sets have a line between them when their convex hulls don't meet, and the hull of two
        points is the segment between them.
        """
        a, b, c, d = self.hidden
        return gap((a, d), (b, c)) > 1e-6


def fold(forward: Callable[..., Any], layers: Layers, act: Callable[[ArrayLike], FloatArray],
         ) -> Fold:
    """Ask the student's forward for hidden activations and scores; raises AnswerError.

    An output layer of W2 = identity and b2 = 0 hands the hidden activations through.
    """
    W1, b1, W2, b2 = layers
    X = np.vstack([GRID, CORNERS])
    rows = f"one row for each of {len(X)} points, one column for each output"
    hidden = student.array(forward, X, W1, b1, np.eye(2), np.zeros(2), act,
                           shape=(len(X), 2), meaning=rows)
    score = student.array(forward, X, W1, b1, W2, b2, act, shape=(len(X), 1), meaning=rows)[:, 0]
    return Fold(hidden[:-4], score[:-4], hidden[-4:], score[-4:])


Segment = tuple[FloatArray, FloatArray]


def gap(first: Segment, second: Segment) -> float:
    """The distance between two segments in the plane; 0 when they meet."""
    (a, b), (c, d) = first, second
    if _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0:
        return 0.0
    return min(_to_segment(a, second), _to_segment(b, second),
               _to_segment(c, first), _to_segment(d, first))


def _side(a: FloatArray, b: FloatArray, p: FloatArray) -> float:
    """Positive when p is to the left of the way from a to b, negative to the right."""
    (x, y), (u, v) = b - a, p - a
    return float(x * v - y * u)


def _to_segment(p: FloatArray, segment: Segment) -> float:
    a, b = segment
    way = b - a
    length = float(way @ way)
    share = min(1.0, max(0.0, float((p - a) @ way) / length)) if length else 0.0
    return float(np.linalg.norm(p - a - share * way))
