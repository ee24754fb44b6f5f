"""What the student's forward pass makes of handwritten digits, stage by stage."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist

from utils import data, trained
from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray

HIDDEN = 16  # units in each hidden layer
MOST_LAYERS = 4


def sizes(layers: int) -> list[int]:
    """64 pixels, hidden layers of 16 units, 10 scores."""
    return [64, *[HIDDEN] * (layers - 1), 10]


def unseen() -> data.Dataset:
    """The digits that no network of `trained.digits` has seen, with pixels from 0 to 1."""
    table = data.digits()
    return data.Dataset(table.X[trained.SEEN:] / trained.LARGEST, table.y[trained.SEEN:],
                        table.features, table.classes, table.name)


@dataclass(frozen=True)
class Flow:
    """A batch on its way: X, then Z and A of each hidden layer, then Z of the last, then P.

    stages: 2L + 1 arrays with a row for each example. doubt: what does not add up, or "".
    """

    stages: list[FloatArray]
    doubt: str

    @property
    def said(self) -> np.ndarray:
        """The most probable digit of each example, (n,)."""
        return np.argmax(self.stages[-1], axis=1)

    def apart(self, y: np.ndarray) -> list[float]:
        """At each stage, the mean distance between two examples with different labels."""
        different = y[:, None] != y
        return [float(cdist(stage, stage)[different].mean()) for stage in self.stages]


def flow(forward: Callable[..., Any], softmax: Callable[..., Any], X: FloatArray,
         network: trained.Network) -> Flow:
    """Ask the student's forward and softmax; raises AnswerError where there is nothing to be shown.

    A result of the right shapes is shown even where its numbers don't add up.
    """
    weights, biases = network.weights, network.biases
    result = student.call(forward, X, [W.copy() for W in weights], [b.copy() for b in biases],
                          np.tanh)
    name = student.name(forward)
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise AnswerError(f"{name} returned {student.kind(result)}, expected the pair (Z, cache).")
    Z = student.floats(forward, result[0], (len(X), len(biases[-1])), "Z of the last layer")
    cache = result[1]
    if not isinstance(cache, (tuple, list)) or len(cache) != len(weights):
        raise AnswerError(f"the cache of {name} is {student.kind(cache)}, expected a list with a "
                          f"pair for each of {len(weights)} layers.")
    stages, doubts, before = [], [], X
    for number, (pair, W, b) in enumerate(zip(cache, weights, biases, strict=True), start=1):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise AnswerError(f"in the cache of {name}, layer {number} has {student.kind(pair)}, "
                              "expected a pair (A_in, Z).")
        A_in = student.floats(forward, pair[0], (len(X), W.shape[1]), f"A_in of layer {number}")
        Z_l = student.floats(forward, pair[1], (len(X), len(b)), f"Z of layer {number}")
        if not np.allclose(A_in, before):
            doubts.append("A_in of layer 1 is not X" if number == 1 else
                          f"A_in of layer {number} is not tanh of the Z before it")
        if not np.allclose(Z_l, A_in @ W.T + b):
            doubts.append(f"Z of layer {number} is not A_in Wᵀ + b")
        stages += [A_in, Z_l]
        before = np.tanh(Z_l)
    if not np.allclose(Z, stages[-1]):
        doubts.append("the Z that is returned is not the last one in the cache")
    P = student.array(softmax, Z, shape=Z.shape, meaning="a probability for each score")
    if not np.allclose(P.sum(axis=1), 1):
        doubts.append(f"the rows of {student.name(softmax)} do not sum to 1")
    said = f"What you see doesn't add up: {'; '.join(doubts)}." if doubts else ""
    return Flow([*stages, P], said)
