"""Trained networks for lessons that need one: small ones that read handwritten digits, trained in
a moment, and recurrent ones and transformers whose weights are shipped.

    network = trained.digits([64, 16, 16, 10])
    network.weights[0].shape                  # (16, 64)
    trained.recurrent("names_rnn")["Wh"].shape   # (64, 64)
    trained.names_gpt(1)["Wq1"].shape         # (32, 32)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from utils import data

__all__ = ["Network", "digits", "names_gpt", "recurrent"]

FloatArray = NDArray[np.float64]
SEEN = 1400  # the first digits of the table are learned from; the other 397 are never seen
FOLDER = Path(__file__).with_name("_data")  # of weights that a script in tools/ wrote
LARGEST = 16  # a pixel's largest value; the networks take pixels from 0 to 1
EPOCHS, LR, MOMENTUM = 150, 0.3, 0.9


@dataclass(frozen=True, eq=False)
class Network:
    """Layers with weights (out, in) and biases (out,), tanh behind all of them but the last."""

    weights: list[FloatArray]
    biases: list[FloatArray]


def digits(sizes: Sequence[int]) -> Network:
    """A network of sizes [64, hidden..., 10] for `data.digits().X / 16`, of which it saw 1400.

    Full-batch gradient descent with momentum on the cross-entropy, from Glorot and Bengio's start
    (2010) and a fixed seed: the same network each time, up to rounding. Fresh arrays each time.
    """
    if len(sizes) < 2 or sizes[0] != 64 or sizes[-1] != 10:
        raise ValueError(f"a network for the digits has 64 inputs and 10 outputs, got {sizes}.")
    kept = _trained(tuple(sizes))
    return Network([W.copy() for W in kept.weights], [b.copy() for b in kept.biases])


def recurrent(name: str) -> dict[str, FloatArray]:
    """The weights of a recurrent network of lesson 14 by their names, fresh arrays each time.

    name: "names_rnn" or "names_lstm", for the letters of first names, or "adding_rnn",
    "adding_lstm" or "adding_gru", for the adding problem. tools/train_recurrent.py trained them.
    """
    known = sorted(path.stem for path in FOLDER.glob("*_*.npz"))
    if name not in known:
        raise ValueError(f"unknown network {name!r}: choose one of {', '.join(known)}.")
    with np.load(FOLDER / f"{name}.npz", allow_pickle=False) as kept:
        return {key: kept[key].astype(np.float64) for key in kept.files}


def names_gpt(blocks: int) -> dict[str, FloatArray]:
    """The weights of lesson 15's transformer of 1 or 2 blocks by their names, fresh arrays.

    Width 32, 4 heads; it predicts the next letter of a first name. With them come the `steps` of
    its training at which the losses on names that it has `seen` and `unseen` were measured.
    tools/train_attention.py trained it.
    """
    if blocks not in (1, 2):
        raise ValueError(f"there are networks of 1 and of 2 blocks, not of {blocks}.")
    with np.load(FOLDER / f"gpt{blocks}.npz", allow_pickle=False) as kept:
        return {name: kept[name].astype(np.float64) for name in kept.files}


@cache
def _trained(sizes: tuple[int, ...]) -> Network:
    # Comes with scikit-learn.
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1, "blas"):  # so small a product takes longer on two cores than on one
        return _descend(sizes)


def _descend(sizes: tuple[int, ...]) -> Network:
    table, rng = data.digits(), np.random.default_rng(0)
    X, targets = table.X[:SEEN] / LARGEST, np.eye(10)[table.y[:SEEN]]
    weights = [rng.normal(size=(after, before)) * np.sqrt(2 / (before + after))
               for before, after in pairwise(sizes)]
    biases = [np.zeros(after) for after in sizes[1:]]
    parameters = [*weights, *biases]
    speeds = [np.zeros_like(parameter) for parameter in parameters]
    for _ in range(EPOCHS):
        for parameter, speed, slope in zip(parameters, speeds,
                                           _gradient(X, targets, weights, biases), strict=True):
            speed *= MOMENTUM
            speed -= LR * slope
            parameter += speed
    return Network(weights, biases)


def _gradient(X: FloatArray, targets: FloatArray, weights: list[FloatArray],
              biases: list[FloatArray]) -> list[FloatArray]:
    """Of the mean cross-entropy, with respect to all weights and then all biases."""
    inputs = [X]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        inputs.append(np.tanh(inputs[-1] @ W.T + b))
    Z = inputs[-1] @ weights[-1].T + biases[-1]
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    dZ = (E / E.sum(axis=1, keepdims=True) - targets) / len(X)
    dWs: list[FloatArray] = []
    dbs: list[FloatArray] = []
    for A, W in zip(reversed(inputs), reversed(weights), strict=True):
        dWs.insert(0, dZ.T @ A)
        dbs.insert(0, dZ.sum(axis=0))
        dZ = (dZ @ W) * (1 - A ** 2)  # of no use for the inputs, and not used
    return [*dWs, *dbs]
