"""The queries, keys and values of a name in the shipped transformer, and what to say of weights."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from utils import trained

FloatArray = NDArray[np.float64]
HEADS = 4
LONGEST = 11  # letters of a name
START = "·"  # stands before its first letter


def ids(name: str) -> NDArray[np.int64]:
    """0, then 1 to 26 for a to z."""
    return np.array([0, *(ord(letter) - ord("a") + 1 for letter in name)])


def queries_keys_values(name: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Each (HEADS, T, own) with T = len(name) + 1, of the network with one block."""
    w = _weights()
    X = w["table"][ids(name)]
    width = X.shape[1]
    angles = np.arange(len(X))[:, None] / 10000.0 ** (np.arange(0, width, 2) / width)
    X = X + np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(X.shape)
    X = (X - X.mean(axis=1, keepdims=True)) / np.sqrt(X.var(axis=1, keepdims=True) + 1e-5)
    X = X * w["gamma1a"] + w["beta1a"]
    Q, K, V = ((X @ w[f"W{part}1"].T).reshape(len(X), HEADS, -1).swapaxes(0, 1) for part in "qkv")
    return Q, K, V


@cache
def _weights() -> dict[str, FloatArray]:
    return trained.names_gpt(1)


def true_weights(Q: FloatArray, K: FloatArray, mask: NDArray[np.bool_] | None) -> FloatArray:
    """What a right `attention` returns for the weights."""
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    parts: FloatArray = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return parts / parts.sum(axis=-1, keepdims=True)


def doubt(weights: FloatArray, Q: FloatArray, K: FloatArray,
          mask: NDArray[np.bool_] | None, letters: Sequence[str]) -> str:
    """What is wrong with weights (HEADS, T, T), "" if nothing is."""
    later = np.zeros(weights.shape, dtype=bool) if mask is None else np.broadcast_to(
        ~mask, weights.shape)
    if np.any(weights[later] != 0):
        head, row, column = np.argwhere(later & (weights != 0))[0]
        return (f"In head {head + 1}, {letters[row]} gives weight {weights[head, row, column]:.2g} "
                f"to {letters[column]}, which the mask forbids.")
    sums = weights.sum(axis=-1)
    if not np.allclose(sums, 1):
        head, row = np.argwhere(~np.isclose(sums, 1))[0]
        return (f"In head {head + 1}, the row of {letters[row]} sums to {sums[head, row]:.2f}, "
                "not 1.")
    if not np.allclose(weights, true_weights(Q, K, mask), rtol=1e-6, atol=1e-9):
        return ("These are not the weights of these queries and keys. Does your attention pass "
                "its checks?")
    return ""
