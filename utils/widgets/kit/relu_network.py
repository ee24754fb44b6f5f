"""A network of ReLU layers that reads digits, and the student's saliency map of it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray

SIDE = 8
PIXELS = SIDE * SIDE
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


def network(given: Any, what: str = "The network") -> Network:
    """A network as lessons keep it, (weights, biases). what: its name in an error.

    Raises AnswerError.
    """
    try:
        weights, biases = ([np.array(part, dtype=float) for part in parts] for parts in given)
        sizes = [PIXELS, *(len(W) for W in weights)]
        fits = (sizes[-1] == 10 and len(sizes) > 1
                and [W.shape for W in weights] == [(out, d) for d, out in pairwise(sizes)]
                and [b.shape for b in biases] == [(out,) for out in sizes[1:]]
                and all(np.isfinite(part).all() for part in (*weights, *biases)))
    except Exception:  # whatever a student has put there
        fits, weights, biases = False, [], []
    if not fits:
        raise AnswerError(f"{what} can't be used: it should be (weights, biases), from 64 "
                          "pixels to 10 scores, all of them finite. Run the cell that trains it, "
                          "then this cell.")
    return Network(weights, biases)


def saliency(answer: Callable[..., Any], one: Network, x: FloatArray, asked: int) -> FloatArray:
    """The student's saliency map (8, 8). Raises AnswerError."""
    found = student.array(answer, x[None], [W.copy() for W in one.weights],
                          [b.copy() for b in one.biases], np.array([asked]),
                          shape=(1, PIXELS), meaning="one row of slopes for each example")
    return checked(answer, found.reshape(SIDE, SIDE), one.slopes(x, asked).reshape(SIDE, SIDE),
                   "the slope of the score")


class WrongMap(AnswerError):
    """A map of the right shape with wrong numbers; it can be shown all the same."""

    def __init__(self, text: str, found: FloatArray) -> None:
        super().__init__(text)
        self.found = found


def checked(answer: Callable[..., Any], found: FloatArray, right: FloatArray,
            what: str) -> FloatArray:
    """The student's map if it is right, and WrongMap if it isn't. what: the right one, in words."""
    wrong = np.argwhere(~np.isclose(found, right, rtol=1e-6, atol=1e-8))
    if len(wrong):
        i, j = (int(k) for k in wrong[0])
        many = f"{len(wrong)} of {found.size} places" if len(wrong) > 1 else "one place"
        raise WrongMap(f"The map of your {student.name(answer)} is not {what} at {many}. At row "
                       f"{i}, column {j} it should be {right[i, j]:.3g}, but it is "
                       f"{found[i, j]:.3g}.", found)
    return found
