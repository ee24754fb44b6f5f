"""The maps of a digit, by the student's functions, for networks that forget layer by layer."""

from collections.abc import Callable
from typing import Any

import numpy as np

from utils.widgets.kit import student
from utils.widgets.kit.relu_network import PIXELS, SIDE, Network, checked
from utils.widgets.kit.student import FloatArray

STEPS = 20  # of integrated gradients
COVER = 2  # the side of the square that is covered


def integrated(answer: Callable[..., Any], one: Network, x: FloatArray, asked: int) -> FloatArray:
    """The student's integrated gradients (8, 8) from a black picture. Raises AnswerError."""
    def grad(point: Any) -> FloatArray:
        if np.shape(point) != (PIXELS,):
            raise ValueError(f"grad got shape {np.shape(point)}, expected ({PIXELS},)")
        return one.slopes(np.asarray(point, dtype=float), asked)

    found = student.array(answer, grad, x, np.zeros(PIXELS), STEPS, shape=(PIXELS,),
                          meaning="one number for each input")
    right = x * np.mean([grad((k + 0.5) / STEPS * x) for k in range(STEPS)], axis=0)
    return checked(answer, found.reshape(SIDE, SIDE), right.reshape(SIDE, SIDE),
                   "the mean slope times the distance")


def occlusion(answer: Callable[..., Any], one: Network, x: FloatArray, asked: int) -> FloatArray:
    """The student's occlusion map (7, 7), covered with black. Raises AnswerError."""
    def score(image: Any) -> float:
        if np.shape(image) != (SIDE, SIDE):
            raise ValueError(f"score got shape {np.shape(image)}, expected ({SIDE}, {SIDE})")
        return float(one.scores(np.asarray(image, dtype=float).reshape(1, PIXELS))[0, asked])

    image, places = x.reshape(SIDE, SIDE), SIDE - COVER + 1
    found = student.array(answer, score, image, COVER, 0.0, shape=(places, places),
                          meaning="one number for each place of the square")
    right = np.zeros((places, places))
    for i, j in np.ndindex(right.shape):
        covered = image.copy()
        covered[i:i + COVER, j:j + COVER] = 0.0
        right[i, j] = score(image) - score(covered)
    return checked(answer, found, right, "the drop of the score")


def alike(A: FloatArray, B: FloatArray) -> float | None:
    """The correlation of two maps; None where one of them is the same everywhere."""
    if np.ptp(A) == 0 or np.ptp(B) == 0:
        return None
    return float(np.corrcoef(A.ravel(), B.ravel())[0, 1])
