"""Trains the networks whose accuracies the search bench of lesson 9 shows: about two minutes.

    PYTHONPATH=. python tools/search_surface.py

writes utils/widgets/search_bench/surface.json.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from utils import data
from utils.widgets.search_bench import landscape

FloatArray = NDArray[np.float64]
RATES = np.linspace(-3, 1, 33)  # log10 of the learning rate
DECAYS = np.linspace(-6, 0, 25)  # log10 of the weight decay
SEEDS = range(5)
HIDDEN, EPOCHS, BATCH = 32, 10, 32


def main() -> None:
    """Train a network for each point of the grid and each seed, and write the means."""
    digits = data.digits()
    X, order = digits.X / 16, np.random.default_rng(0).permutation(len(digits.y))
    train, valid, test = np.split(order, [1000, 1300])
    right = np.zeros((len(SEEDS), len(DECAYS), len(RATES), 2))
    with threadpool_limits(1), np.errstate(all="ignore"):  # large steps overflow
        for at in np.ndindex(right.shape[:3]):
            scores = trained(X[train], digits.y[train], float(10 ** RATES[at[2]]),
                             float(10 ** DECAYS[at[1]]), SEEDS[at[0]])
            right[at] = [np.mean(scores(X[part]).argmax(axis=1) == digits.y[part])
                         for part in (valid, test)]
    means = right.mean(axis=0)
    landscape.FILE.write_text(json.dumps({
        "made by": f"tools/{Path(__file__).name}",
        "log10 of the learning rate": RATES.tolist(),
        "log10 of the weight decay": DECAYS.tolist(),
        "validation accuracy, a row for each weight decay": means[:, :, 0].round(5).tolist(),
        "test accuracy, a row for each weight decay": means[:, :, 1].round(5).tolist()}) + "\n",
        encoding="utf-8")


def trained(X: FloatArray, y: NDArray[np.int64], lr: float, decay: float, seed: int):
    """The scores of a 64 → 32 → 10 network with ReLU, as a function of a batch."""
    rng = np.random.default_rng(seed)
    W1, b1 = rng.normal(size=(HIDDEN, 64)) * np.sqrt(2 / 64), np.zeros(HIDDEN)
    W2, b2 = rng.normal(size=(10, HIDDEN)) * np.sqrt(2 / HIDDEN), np.zeros(10)
    for _ in range(EPOCHS):
        order = rng.permutation(len(y))
        for start in range(0, len(y), BATCH):
            batch = order[start:start + BATCH]
            Z = X[batch] @ W1.T + b1
            H = np.maximum(Z, 0.0)
            scores = H @ W2.T + b2
            P = np.exp(scores - scores.max(axis=1, keepdims=True))
            dS = P / P.sum(axis=1, keepdims=True)
            dS[np.arange(len(batch)), y[batch]] -= 1
            dS /= len(batch)
            dZ = (dS @ W2) * (Z > 0)
            W1, b1 = W1 - lr * (dZ.T @ X[batch] + decay * W1), b1 - lr * dZ.sum(axis=0)
            W2, b2 = W2 - lr * (dS.T @ H + decay * W2), b2 - lr * dS.sum(axis=0)
    return lambda X: np.maximum(X @ W1.T + b1, 0.0) @ W2.T + b2


if __name__ == "__main__":
    main()
