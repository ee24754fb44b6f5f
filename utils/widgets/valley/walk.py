"""The valley ½ θᵀHθ, and the way that a student's optimizer takes through it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray

STEPS = 300
CLOSE = 1 / 1000  # of the distance at the start: who is that near has arrived
FAR = 1e6  # whoever is that far away has diverged


def hessian(kappa: float, degrees: float) -> FloatArray:
    """A symmetric matrix with the eigenvalues 1 and kappa: (2, 2).

    degrees: how far the flat direction is turned away from the first axis.
    """
    turn = math.radians(degrees)
    Q = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return np.asarray(Q @ np.diag([1.0, kappa]) @ Q.T)


@dataclass(frozen=True)
class Way:
    """The points that an optimizer visits: (k + 1, 2), k of at most STEPS."""

    points: FloatArray

    @property
    def diverged(self) -> bool:
        """Whether it left for good, or is farther away than it was at the start."""
        return len(self.points) <= STEPS or bool(self.distances[-1] > self.distances[0])

    @cached_property
    def distances(self) -> FloatArray:
        """How far from the minimum each point is."""
        return np.asarray(np.linalg.norm(self.points, axis=1))

    @property
    def arrived(self) -> int | None:
        """After how many steps it was close for the first time."""
        near = np.flatnonzero(self.distances <= CLOSE * self.distances[0])
        return int(near[0]) if len(near) else None


def walk(step: Callable[..., Any], H: FloatArray, start: FloatArray, lr: float,
         has_state: bool = True) -> Way:
    """Let a student's optimizer walk from a point.

    step: `step(params, grads, state, lr)`, which returns (params, state); without a state
        `step(params, grads, lr)`, which returns params.
    Raises AnswerError.
    """
    points, wrong = student.call(_steps(step, H, start, lr, has_state))
    for result in wrong:
        params = _params(result, has_state)
        if params is None:
            wanted = "the pair (params, state)" if has_state else "a list of new parameters"
            raise AnswerError(f"{student.name(step)} returned {student.kind(result)}, expected "
                              f"{wanted}, with one parameter for each that it gets.")
        student.floats(step, params[0], (2,), "a parameter of the old one's shape")
    return Way(np.array(points))


def _steps(step: Callable[..., Any], H: FloatArray, start: FloatArray, lr: float,
           has_state: bool) -> Callable[[], tuple[list[FloatArray], list[Any]]]:
    """All steps in one call, so that one time limit holds for them, under the student's name.

    It returns the points, and the result that is none, if one came. A drag of a slider asks for
    1,200 steps: what is done beside calling the student's function is kept short.
    """
    def steps() -> tuple[list[FloatArray], list[Any]]:
        theta, state, points = start, None, [start]
        for _ in range(STEPS):
            params, grads = [theta.copy()], [H @ theta]
            result = step(params, grads, state, lr) if has_state else step(params, grads, lr)
            point = _point(_params(result, has_state))
            if point is None:
                return points, [result]
            theta, (x, y) = point, point.tolist()
            if math.isinf(x) or math.isinf(y):
                break
            points.append(theta)
            if abs(x) >= FAR or abs(y) >= FAR:
                break
            state = result[1] if has_state else None
        return points, []

    steps.__name__ = student.name(step)
    return steps


def _params(result: Any, has_state: bool) -> Any:
    """The parameters in what a step returned: one in a list; None where there is no such."""
    if has_state:
        result = result[0] if isinstance(result, (tuple, list)) and len(result) == 2 else None
    return result if isinstance(result, (list, tuple, np.ndarray)) and len(result) == 1 else None


def _point(params: Any) -> FloatArray | None:
    """A parameter of the student's as a new array, or None if it is none with two numbers."""
    try:
        theta = np.asarray(params[0])
        x, y = theta
        fits = theta.dtype.kind in "biuf" and theta.shape == (2,) and x == x and y == y
    except Exception:  # an object's own methods may raise anything
        return None
    return theta.astype(float) if fits else None
