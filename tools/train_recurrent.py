"""Trains the recurrent networks of lesson 14, whose weights are shipped: about two minutes.

    PYTHONPATH=. python tools/train_recurrent.py             # all of them
    PYTHONPATH=. python tools/train_recurrent.py names_rnn   # one

writes utils/_data/NAME.npz (float32) for each. The names are learned by a plain network of 64 units
and an LSTM of 32, which have about as many parameters; the adding problem by a plain network, an
LSTM and a GRU of 32 units. All of them by backpropagation through time and Adam.
"""

import sys
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from utils import data, trained

FloatArray = NDArray[np.float64]
Weights = dict[str, FloatArray]
BATCH = 64
LONGEST = 11  # letters of a name
STEPS = 100  # of the adding problem


def sigmoid(z: FloatArray) -> FloatArray:
    """Without overflow."""
    return 0.5 * (1 + np.tanh(z / 2))


class Plain:
    """h = tanh(x Wxᵀ + h Whᵀ + b)."""

    def start(self, d: int, h: int, rng: np.random.Generator) -> Weights:
        """An orthogonal Wh, so that nothing vanishes or explodes at the start."""
        turn, _ = np.linalg.qr(rng.normal(size=(h, h)))
        return {"Wx": rng.normal(size=(h, d)) / np.sqrt(d), "Wh": turn, "b": np.zeros(h)}

    def forward(self, X: FloatArray, w: Weights) -> tuple[FloatArray, list]:
        """The states (n, T, h), and what the way back needs."""
        n, T, _ = X.shape
        h, H = np.zeros((n, len(w["b"]))), np.empty((n, T, len(w["b"])))
        driven = X @ w["Wx"].T + w["b"]
        for t in range(T):
            h = H[:, t] = np.tanh(driven[:, t] + h @ w["Wh"].T)
        return H, []

    def backward(self, dH: FloatArray, X: FloatArray, H: FloatArray, _: list,
                 w: Weights) -> Weights:
        """The gradients of the weights."""
        dZ, dh = np.empty_like(H), np.zeros_like(H[:, 0])
        for t in reversed(range(X.shape[1])):
            dZ[:, t] = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
            dh = dZ[:, t] @ w["Wh"]
        return {"Wx": np.einsum("nth,ntd->hd", dZ, X, optimize=True),
                "Wh": np.einsum("nth,ntk->hk", dZ[:, 1:], H[:, :-1], optimize=True),
                "b": dZ.sum(axis=(0, 1))}


class Lstm:
    """The rows of W (4h, d + h) in the order i, f, o, g."""

    def start(self, d: int, h: int, rng: np.random.Generator) -> Weights:
        """The forget gate begins open, with a bias of 1."""
        W = rng.normal(size=(4 * h, d + h)) / np.sqrt(d + h)
        return {"W": W, "b": np.repeat([0.0, 1.0, 0.0, 0.0], h)}

    def forward(self, X: FloatArray, w: Weights) -> tuple[FloatArray, list]:
        """The states (n, T, h), and what the way back needs."""
        (n, T, d), size = X.shape, len(w["b"]) // 4
        h, c, kept, H = np.zeros((n, size)), np.zeros((n, size)), [], np.empty((n, T, size))
        driven, Wh = X @ w["W"][:, :d].T + w["b"], w["W"][:, d:].T
        for t in range(T):
            Z = driven[:, t] + h @ Wh
            S, g = sigmoid(Z[:, :3 * size]), np.tanh(Z[:, 3 * size:])
            i, f, o = np.split(S, 3, axis=1)
            old, c = c, f * c + i * g
            s = np.tanh(c)
            h = H[:, t] = o * s
            kept.append((i, f, o, g, old, s))
        return H, kept

    def backward(self, dH: FloatArray, X: FloatArray, H: FloatArray, kept: list,
                 w: Weights) -> Weights:
        """The gradients of the weights."""
        (n, T, d), size = X.shape, H.shape[2]
        dh, dc, dZ = np.zeros((n, size)), np.zeros((n, size)), np.empty((n, T, 4 * size))
        Wh = w["W"][:, d:]
        for t in reversed(range(T)):
            i, f, o, g, old, s = kept[t]
            dh = dh + dH[:, t]
            dc = dc + dh * o * (1 - s ** 2)
            dZ[:, t] = np.concatenate([dc * g * i * (1 - i), dc * old * f * (1 - f),
                                       dh * s * o * (1 - o), dc * i * (1 - g ** 2)], axis=1)
            dc, dh = dc * f, dZ[:, t] @ Wh
        dW = np.concatenate([np.einsum("nth,ntd->hd", dZ, X, optimize=True),
                             np.einsum("nth,ntk->hk", dZ[:, 1:], H[:, :-1], optimize=True)], axis=1)
        return {"W": dW, "b": dZ.sum(axis=(0, 1))}


class Gru:
    """The rows of W (3h, d), U (3h, h) and b (3h,) in the order r, z, n."""

    def start(self, d: int, h: int, rng: np.random.Generator) -> Weights:
        """z begins with a bias of 1, so that the state is kept."""
        return {"W": rng.normal(size=(3 * h, d)) / np.sqrt(d + h),
                "U": rng.normal(size=(3 * h, h)) / np.sqrt(d + h),
                "b": np.repeat([0.0, 1.0, 0.0], h)}

    def forward(self, X: FloatArray, w: Weights) -> tuple[FloatArray, list]:
        """The states (n, T, h), and what the way back needs."""
        (n, T, _), size = X.shape, len(w["b"]) // 3
        h, kept, H = np.zeros((n, size)), [], np.empty((n, T, size))
        driven = X @ w["W"].T + w["b"]
        for t in range(T):
            old, A = h, h @ w["U"].T
            S = sigmoid(driven[:, t, :2 * size] + A[:, :2 * size])
            r, z = np.split(S, 2, axis=1)
            new = np.tanh(driven[:, t, 2 * size:] + r * A[:, 2 * size:])
            h = H[:, t] = (1 - z) * new + z * old
            kept.append((r, z, new, old, A[:, 2 * size:]))
        return H, kept

    def backward(self, dH: FloatArray, X: FloatArray, H: FloatArray, kept: list,
                 w: Weights) -> Weights:
        """The gradients of the weights."""
        (n, T, _), size = X.shape, H.shape[2]
        dh, dZ, dA = np.zeros((n, size)), np.empty((n, T, 3 * size)), np.empty((n, T, 3 * size))
        for t in reversed(range(T)):
            r, z, new, old, a = kept[t]
            dh = dh + dH[:, t]
            dnew = dh * (1 - z) * (1 - new ** 2)
            dZ[:, t] = np.concatenate([dnew * a * r * (1 - r), dh * (old - new) * z * (1 - z),
                                       dnew], axis=1)
            dA[:, t] = dZ[:, t]
            dA[:, t, 2 * size:] *= r
            dh = dh * z + dA[:, t] @ w["U"]
        return {"W": np.einsum("nth,ntd->hd", dZ, X, optimize=True),
                "U": np.einsum("nth,ntk->hk", dA[:, 1:], H[:, :-1], optimize=True),
                "b": dZ.sum(axis=(0, 1))}


Cell = Plain | Lstm | Gru
Head = Callable[[FloatArray, Weights], tuple[float, FloatArray, Weights]]
Batches = Iterator[tuple[FloatArray, Head]]  # inputs, and a function of the states and weights


def names(count: int) -> tuple[Batches, FloatArray, Head]:
    """Batches of names, endlessly, and the `count` names that nobody learns from, as one batch."""
    every = data.names()
    order = np.random.default_rng(0).permutation(len(every))
    X, y, kept = encode([every[k] for k in order])

    def head(rows: NDArray[np.int64]) -> Head:
        """The mean cross-entropy of the next letter."""
        def run(H: FloatArray, w: Weights) -> tuple[float, FloatArray, Weights]:
            Z = H @ w["Wy"].T + w["by"]
            Z -= Z.max(axis=-1, keepdims=True)
            Z -= np.log(np.exp(Z).sum(axis=-1, keepdims=True))
            weights = kept[rows] / kept[rows].sum()
            loss = -np.sum(weights * np.take_along_axis(Z, y[rows][..., None], -1)[..., 0])
            dZ = (np.exp(Z) - np.eye(27)[y[rows]]) * weights[..., None]
            return float(loss), dZ @ w["Wy"], {
                "Wy": np.einsum("nto,nth->oh", dZ, H, optimize=True), "by": dZ.sum(axis=(0, 1))}
        return run

    def batches() -> Batches:
        rng = np.random.default_rng(1)
        while True:
            shuffled = count + rng.permutation(len(every) - count)
            for start in range(0, len(shuffled) - BATCH + 1, BATCH):
                rows = shuffled[start:start + BATCH]
                yield X[rows], head(rows)

    return batches(), X[:count], head(np.arange(count))


def encode(some: list[str]) -> tuple[FloatArray, NDArray[np.int64], FloatArray]:
    """Inputs (n, 12, 27), the letters that follow (n, 12), and 1 where there is one, else 0.

    0 stands for the end of a name, and before its first letter; 1 to 26 for a to z.
    """
    ids, kept = np.zeros((len(some), LONGEST + 2), dtype=int), np.zeros((len(some), LONGEST + 1))
    for row, name in enumerate(some):
        ids[row, 1:len(name) + 1] = [ord(letter) - ord("a") + 1 for letter in name]
        kept[row, :len(name) + 1] = 1
    return np.eye(27)[ids[:, :-1]], ids[:, 1:], kept


def adding(count: int) -> tuple[Batches, FloatArray, Head]:
    """Batches of the adding problem, each new, and a batch of `count` to test on."""
    def made(n: int, rng: np.random.Generator) -> tuple[FloatArray, Head]:
        X, row = np.zeros((n, STEPS, 2)), np.arange(n)
        X[:, :, 0] = rng.random((n, STEPS))
        pair = (rng.integers(STEPS // 2, size=n), rng.integers(STEPS // 2, STEPS, size=n))
        for place in pair:
            X[row, place, 1] = 1
        y = X[row, pair[0], 0] + X[row, pair[1], 0]

        def head(H: FloatArray, w: Weights) -> tuple[float, FloatArray, Weights]:
            """The mean squared error of the last step's answer."""
            error = H[:, -1] @ w["Wy"][0] + w["by"][0] - y
            dy, dH = 2 * error / n, np.zeros_like(H)
            dH[:, -1] = dy[:, None] * w["Wy"]
            return float(np.mean(error ** 2)), dH, {"Wy": dy[None] @ H[:, -1],
                                                    "by": dy.sum(keepdims=True)}
        return X, head

    def batches() -> Batches:
        rng = np.random.default_rng(1)
        while True:
            yield made(BATCH, rng)

    return batches(), *made(count, np.random.default_rng(2))


def train(cell: Cell, h: int, out: int, task: tuple[Batches, FloatArray, Head], steps: int,
          lr: float) -> Weights:
    """Adam, its learning rate falling to 0 by half a cosine; gradients of norm 1 at most."""
    rng, (batches, unseen, last) = np.random.default_rng(0), task
    w = cell.start(unseen.shape[2], h, rng)
    w |= {"Wy": rng.normal(size=(out, h)) / np.sqrt(h), "by": np.zeros(out)}
    m, v = ({key: np.zeros_like(part) for key, part in w.items()} for _ in range(2))
    began = perf_counter()
    for step in range(1, steps + 1):
        X, head = next(batches)
        H, kept = cell.forward(X, w)
        _, dH, grads = head(H, w)
        grads |= cell.backward(dH, X, H, kept, w)
        shrink = min(1.0, 1 / np.sqrt(sum(np.sum(g ** 2) for g in grads.values())))
        rate = lr * (1 + np.cos(np.pi * step / steps)) / 2
        for key, g in grads.items():
            m[key] += 0.1 * (shrink * g - m[key])
            v[key] += 0.001 * ((shrink * g) ** 2 - v[key])
            w[key] -= rate * m[key] / (1 - 0.9 ** step) / (
                np.sqrt(v[key] / (1 - 0.999 ** step)) + 1e-8)
        if step % (steps // 4) == 0:
            loss, *_ = last(cell.forward(unseen, w)[0], w)
            print(f"  step {step:4d}: {loss:.4f} on unseen ones, {perf_counter() - began:3.0f} s",
                  flush=True)
    return w


NETWORKS: dict[str, Callable[[], Weights]] = {
    "names_rnn": lambda: train(Plain(), 64, 27, names(500), 2400, 0.005),
    "names_lstm": lambda: train(Lstm(), 32, 27, names(500), 2400, 0.01),
    "adding_rnn": lambda: train(Plain(), 32, 1, adding(1000), 1000, 0.003),
    "adding_lstm": lambda: train(Lstm(), 32, 1, adding(1000), 1000, 0.01),
    "adding_gru": lambda: train(Gru(), 32, 1, adding(1000), 1000, 0.01)}


def main() -> None:
    """Train the networks named on the command line, or all, and write their weights."""
    with threadpool_limits(1, "blas"):
        for name in sys.argv[1:] or NETWORKS:
            print(name)
            w = NETWORKS[name]()
            np.savez_compressed(trained.FOLDER / f"{name}.npz",
                                **{key: part.astype(np.float32) for key, part in w.items()})


if __name__ == "__main__":
    main()
