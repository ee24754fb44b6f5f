"""The valley ½ θᵀHθ, and the way that a student's optimizer takes through it."""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass
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

    @property
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
    found = student.call(_named(step, H, start, lr, has_state))
    points = [start]
    for result in found:
        params = result[0] if has_state and _is_pair(result) else None if has_state else result
        if not isinstance(params, (list, tuple, np.ndarray)) or len(params) != 1:
            wanted = "the pair (params, state)" if has_state else "a list of new parameters"
            raise AnswerError(f"{student.name(step)} returned {student.kind(result)}, expected "
                              f"{wanted}, with one parameter for each that it gets.")
        points.append(student.floats(step, params[0], (2,), "a parameter of the old one's shape"))
    return Way(np.array(points))


def _named(step: Callable[..., Any], H: FloatArray, start: FloatArray, lr: float,
           has_state: bool) -> Callable[[], list[Any]]:
    """All steps in one call, so that one time limit holds for them, under the student's name."""
    def steps() -> list[Any]:
        theta, state, results = start, None, list[Any]()
        for _ in range(STEPS):
            arguments: list[Any] = [[theta.copy()], [H @ theta]]
            result = step(*arguments, *([copy.deepcopy(state)] if has_state else []), lr)
            results.append(result)
            params, state = result if has_state and _is_pair(result) else (result, None)
            try:
                theta = np.asarray(params[0], dtype=float).reshape(2)
            except (TypeError, ValueError, IndexError, KeyError):
                break  # `walk` says what is wrong with it
            if not np.abs(theta).max() < FAR:
                break
        return results[:-1] if np.isinf(theta).any() else results

    steps.__name__ = student.name(step)
    return steps


def _is_pair(result: Any) -> bool:
    return isinstance(result, (tuple, list)) and len(result) == 2
