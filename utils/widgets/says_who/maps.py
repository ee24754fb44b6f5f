"""The maps of a digit, by the student's functions, for networks that forget layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray

SIDE = 8
PIXELS = SIDE * SIDE
STEPS = 20  # of integrated gradients
COVER = 2  # the side of the square that is covered
SEED = 6


@dataclass(frozen=True, eq=False)
class Network:
    """An MLP with ReLU: weights (out, in), biases (out,)."""

    weights: list[FloatArray]
    biases: list[FloatArray]

    def scores(self, X: FloatArray) -> FloatArray:
        """The scores (n, 10) of pictures (n, 64)."""
        A = X
        for k, (W, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            A = (A if k == 0 else np.maximum(A, 0)) @ W.T + b
        return A

    def slopes(self, x: FloatArray, asked: int) -> FloatArray:
        """The gradient of one score at a picture (64,)."""
        A, masks = x, []
        for W, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            Z = W @ A + b
            masks.append(Z > 0)
            A = np.maximum(Z, 0)
        g = self.weights[-1][asked]
        for W, mask in zip(reversed(self.weights[:-1]), reversed(masks), strict=True):
            g = (g * mask) @ W
        return np.asarray(g)

    def shuffled(self, count: int) -> "Network":
        """The same with the weights and biases of the last `count` layers in random order."""
        rng, kept = np.random.default_rng(SEED), len(self.weights) - count
        weights, biases = ([part if k < kept else rng.permutation(part.ravel()).reshape(part.shape)
                            for k, part in enumerate(parts)]
                           for parts in (self.weights, self.biases))
        return Network(weights, biases)


def network(given: Any) -> Network:
    """A network as the lesson keeps it, (weights, biases). Raises AnswerError."""
    try:
        weights, biases = ([np.asarray(part, dtype=float) for part in parts] for parts in given)
        sizes = [PIXELS, *(len(W) for W in weights)]
        fits = (sizes[-1] == 10 and len(sizes) > 1
                and [W.shape for W in weights] == [(out, d) for d, out in pairwise(sizes)]
                and [b.shape for b in biases] == [(out,) for out in sizes[1:]]
                and all(np.isfinite(part).all() for part in (*weights, *biases)))
    except Exception:  # whatever a student has put there
        fits, weights, biases = False, [], []
    if not fits:
        raise AnswerError("The network can't be used: it should be (weights, biases), from 64 "
                          "pixels to 10 scores, all of them finite. Run the cell that trains it, "
                          "then this cell.")
    return Network(weights, biases)


def saliency(answer: Callable[..., Any], one: Network, x: FloatArray, asked: int) -> FloatArray:
    """The student's saliency map (8, 8). Raises AnswerError."""
    found = student.array(answer, x[None], [W.copy() for W in one.weights],
                          [b.copy() for b in one.biases], np.array([asked]),
                          shape=(1, PIXELS), meaning="one row of slopes for each example")
    return _checked(answer, found.reshape(SIDE, SIDE), one.slopes(x, asked).reshape(SIDE, SIDE),
                    "the slope of the score")


def integrated(answer: Callable[..., Any], one: Network, x: FloatArray, asked: int) -> FloatArray:
    """The student's integrated gradients (8, 8) from a black picture. Raises AnswerError."""
    def grad(point: Any) -> FloatArray:
        if np.shape(point) != (PIXELS,):
            raise ValueError(f"grad got shape {np.shape(point)}, expected ({PIXELS},)")
        return one.slopes(np.asarray(point, dtype=float), asked)

    found = student.array(answer, grad, x, np.zeros(PIXELS), STEPS, shape=(PIXELS,),
                          meaning="one number for each input")
    right = x * np.mean([grad((k + 0.5) / STEPS * x) for k in range(STEPS)], axis=0)
    return _checked(answer, found.reshape(SIDE, SIDE), right.reshape(SIDE, SIDE),
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
    return _checked(answer, found, right, "the drop of the score")


class Wrong(AnswerError):
    """A map of the right shape with wrong numbers; it can be shown all the same."""

    def __init__(self, text: str, found: FloatArray) -> None:
        super().__init__(text)
        self.found = found


def _checked(answer: Callable[..., Any], found: FloatArray, right: FloatArray,
             what: str) -> FloatArray:
    wrong = np.argwhere(~np.isclose(found, right, rtol=1e-6, atol=1e-8))
    if len(wrong):
        i, j = (int(k) for k in wrong[0])
        many = f"{len(wrong)} of {found.size} places" if len(wrong) > 1 else "one place"
        raise Wrong(f"The map of your {student.name(answer)} is not {what} at {many}. At row {i}, "
                    f"column {j} it should be {right[i, j]:.3g}, but it is {found[i, j]:.3g}.",
                    found)
    return found


def alike(A: FloatArray, B: FloatArray) -> float | None:
    """The correlation of two maps; None where one of them is the same everywhere."""
    if np.ptp(A) == 0 or np.ptp(B) == 0:
        return None
    return float(np.corrcoef(A.ravel(), B.ravel())[0, 1])
