"""Trains the transformers of lesson 15, whose weights are shipped.

    PYTHONPATH=. python tools/train_attention.py         # both
    PYTHONPATH=. python tools/train_attention.py gpt1    # one

writes utils/_data/NAME.npz (float32): "gpt1" with one block and "gpt2" with two, both of width 32
with 4 heads, trained by Adam to predict the next letter of a first name: in 45 and 65 seconds on
one busy core. Beside the weights lies how the losses went: `steps`, and `seen` and `unseen`, in
nats a letter at each of them.
"""

import sys
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from threadpoolctl import threadpool_limits

from utils import data, trained

FloatArray = NDArray[np.floating]
Weights = dict[str, FloatArray]
WIDTH, HEADS, HIDDEN, CONTEXT, SIGNS = 32, 4, 128, 12, 27
BATCH, UNSEEN, EVERY = 64, 500, 200
EPS = 1e-5
STEPS = {"gpt1": (1, 2400), "gpt2": (2, 2400)}  # blocks, and steps of training


def start(blocks: int, rng: np.random.Generator) -> Weights:
    """Normal draws by the number of inputs; what is added to the stream begins small."""
    def draw(out: int, into: int, scale: float = 1.0) -> FloatArray:
        return rng.normal(size=(out, into)) * scale / np.sqrt(into)

    w: Weights = {"table": rng.normal(size=(SIGNS, WIDTH))}
    small = 1 / np.sqrt(2 * blocks)
    for k in range(1, blocks + 1):
        w |= {f"gamma{k}a": np.ones(WIDTH), f"beta{k}a": np.zeros(WIDTH),
              f"Wq{k}": draw(WIDTH, WIDTH), f"Wk{k}": draw(WIDTH, WIDTH),
              f"Wv{k}": draw(WIDTH, WIDTH), f"Wo{k}": draw(WIDTH, WIDTH, small),
              f"gamma{k}b": np.ones(WIDTH), f"beta{k}b": np.zeros(WIDTH),
              f"W{k}a": draw(HIDDEN, WIDTH), f"b{k}a": np.zeros(HIDDEN),
              f"W{k}b": draw(WIDTH, HIDDEN, small), f"b{k}b": np.zeros(WIDTH)}
    w |= {"gamma": np.ones(WIDTH), "beta": np.zeros(WIDTH),
          "W": draw(SIGNS, WIDTH), "b": np.zeros(SIGNS)}
    return {name: part.astype(np.float32) for name, part in w.items()}


def places() -> FloatArray:
    """Sines and cosines, the lesson's `positional_encoding(CONTEXT, WIDTH)`."""
    angles = np.arange(CONTEXT)[:, None] / 10000 ** (np.arange(0, WIDTH, 2) / WIDTH)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(CONTEXT, WIDTH).astype(
        np.float32)


PLACES = places()
LATER = np.triu(np.full((CONTEXT, CONTEXT), -np.inf, dtype=np.float32), 1)


def normalized(X: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Layer norm before scale and shift, and what its way back needs."""
    scale = 1 / np.sqrt(X.var(axis=-1, keepdims=True) + EPS)
    return (X - X.mean(axis=-1, keepdims=True)) * scale, scale


def back_through_norm(dN: FloatArray, N: FloatArray, scale: FloatArray) -> FloatArray:
    """The gradient of what was normalized, from the gradient of N."""
    return scale * (dN - dN.mean(axis=-1, keepdims=True)
                    - N * (dN * N).mean(axis=-1, keepdims=True))


def softmax(Z: FloatArray) -> FloatArray:
    """Over the last axis."""
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def by_weights(dY: FloatArray, X: FloatArray) -> FloatArray:
    """The gradient of W in Y = X Wᵀ."""
    return dY.reshape(-1, dY.shape[-1]).T @ X.reshape(-1, X.shape[-1])


def heads(X: FloatArray) -> FloatArray:
    """(n, T, d) to (n, heads, T, d / heads)."""
    n, T, d = X.shape
    return X.reshape(n, T, HEADS, d // HEADS).swapaxes(1, 2)


def merged(X: FloatArray) -> FloatArray:
    """Back again."""
    n, _, T, _ = X.shape
    return X.swapaxes(1, 2).reshape(n, T, -1)


def forward(ids: NDArray[np.int64], w: Weights, blocks: int) -> tuple[FloatArray, list]:
    """Logits (n, T, SIGNS), and what the way back needs."""
    X, kept = w["table"][ids] + PLACES, []
    for k in range(1, blocks + 1):
        N, scale = normalized(X)
        A = N * w[f"gamma{k}a"] + w[f"beta{k}a"]
        Q, K, V = (heads(A @ w[f"W{name}{k}"].T) for name in "qkv")
        P = softmax(Q @ K.swapaxes(-1, -2) / np.float32(np.sqrt(WIDTH // HEADS)) + LATER)
        H = merged(P @ V)
        X = X + H @ w[f"Wo{k}"].T
        M, shrink = normalized(X)
        B = M * w[f"gamma{k}b"] + w[f"beta{k}b"]
        Z = B @ w[f"W{k}a"].T + w[f"b{k}a"]
        phi = 0.5 * (1 + erf(Z / np.float32(np.sqrt(2))))
        G = Z * phi
        X = X + G @ w[f"W{k}b"].T + w[f"b{k}b"]
        kept.append((N, scale, A, Q, K, V, P, H, M, shrink, B, Z, phi, G))
    N, scale = normalized(X)
    F = N * w["gamma"] + w["beta"]
    return F @ w["W"].T + w["b"], [*kept, (N, scale, F)]


def backward(dZ: FloatArray, ids: NDArray[np.int64], w: Weights, kept: list) -> Weights:
    """The gradients of the weights, from that of the logits."""
    both, grads = (0, 1), {}
    N, scale, F = kept[-1]
    grads["W"], grads["b"] = by_weights(dZ, F), dZ.sum(axis=both)
    dF = dZ @ w["W"]
    grads["gamma"], grads["beta"] = (dF * N).sum(axis=both), dF.sum(axis=both)
    dX = back_through_norm(dF * w["gamma"], N, scale)
    for k in range(len(kept) - 1, 0, -1):
        N, scale, A, Q, K, V, P, H, M, shrink, B, Z, phi, G = kept[k - 1]
        grads[f"W{k}b"], grads[f"b{k}b"] = by_weights(dX, G), dX.sum(axis=both)
        slope = phi + Z * np.exp(-Z * Z / 2) / np.float32(np.sqrt(2 * np.pi))
        dG = (dX @ w[f"W{k}b"]) * slope
        grads[f"W{k}a"], grads[f"b{k}a"] = by_weights(dG, B), dG.sum(axis=both)
        dB = dG @ w[f"W{k}a"]
        grads[f"gamma{k}b"], grads[f"beta{k}b"] = (dB * M).sum(axis=both), dB.sum(axis=both)
        dX = dX + back_through_norm(dB * w[f"gamma{k}b"], M, shrink)
        grads[f"Wo{k}"] = by_weights(dX, H)
        dO = heads(dX @ w[f"Wo{k}"])
        dP = dO @ V.swapaxes(-1, -2)
        dS = P * (dP - (dP * P).sum(axis=-1, keepdims=True)) / np.float32(
            np.sqrt(WIDTH // HEADS))
        parts = {"q": merged(dS @ K), "k": merged(dS.swapaxes(-1, -2) @ Q),
                 "v": merged(P.swapaxes(-1, -2) @ dO)}
        dA = np.zeros_like(A)
        for name, part in parts.items():
            grads[f"W{name}{k}"] = by_weights(part, A)
            dA += part @ w[f"W{name}{k}"]
        grads[f"gamma{k}a"], grads[f"beta{k}a"] = (dA * N).sum(axis=both), dA.sum(axis=both)
        dX = dX + back_through_norm(dA * w[f"gamma{k}a"], N, scale)
    grads["table"] = np.zeros_like(w["table"])
    np.add.at(grads["table"], ids, dX)
    return grads


def encode(some: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Letters (n, T), the letters that follow (n, T), and 1 where there is one, else 0.

    0 stands for the end of a name, and before its first letter; 1 to 26 for a to z.
    """
    ids = np.zeros((len(some), CONTEXT + 1), dtype=np.int64)
    kept = np.zeros((len(some), CONTEXT), dtype=np.float32)
    for row, name in enumerate(some):
        ids[row, 1:len(name) + 1] = [ord(letter) - ord("a") + 1 for letter in name]
        kept[row, :len(name) + 1] = 1
    return ids[:, :-1], ids[:, 1:], kept


def nats(Z: FloatArray, y: NDArray[np.int64], kept: FloatArray) -> tuple[float, FloatArray]:
    """The mean cross-entropy of the letters that are kept, and the gradient of the logits."""
    P, weights = softmax(Z), kept / kept.sum()
    right = np.take_along_axis(P, y[..., None], -1)[..., 0]
    dZ = P.copy()
    np.put_along_axis(dZ, y[..., None], (right - 1)[..., None], -1)
    return float(-np.sum(weights * np.log(right))), dZ * weights[..., None]


def train(blocks: int, steps: int) -> Weights:
    """Adam; a learning rate of 0.005 after 100 steps, then half a cosine down to 0."""
    names = data.names()
    order = np.random.default_rng(0).permutation(len(names))
    ids, y, kept = encode([names[k] for k in order])
    rng = np.random.default_rng(1)
    w = start(blocks, rng)
    m, v = ({name: np.zeros_like(part) for name, part in w.items()} for _ in range(2))
    began, told = perf_counter(), []
    parts = {"seen": slice(UNSEEN, 2 * UNSEEN), "unseen": slice(UNSEEN)}
    rows = np.empty(0, dtype=np.int64)
    for step in range(steps + 1):
        if step % EVERY == 0:
            told.append([nats(forward(ids[part], w, blocks)[0], y[part], kept[part])[0]
                         for part in parts.values()])
            print(f"  step {step:4d}: {told[-1][0]:.3f} nats a letter seen, {told[-1][1]:.3f} "
                  f"unseen, {perf_counter() - began:3.0f} s", flush=True)
        if len(rows) < BATCH:
            rows = UNSEEN + rng.permutation(len(ids) - UNSEEN)
        batch, rows = rows[:BATCH], rows[BATCH:]
        Z, cache = forward(ids[batch], w, blocks)
        grads = backward(nats(Z, y[batch], kept[batch])[1], ids[batch], w, cache)
        rate = 0.005 * min((step + 1) / 100, (1 + np.cos(np.pi * step / steps)) / 2)
        for name, g in grads.items():
            m[name] += 0.1 * (g - m[name])
            v[name] += 0.001 * (g * g - v[name])
            w[name] -= rate * m[name] / (1 - 0.9 ** (step + 1)) / (
                np.sqrt(v[name] / (1 - 0.999 ** (step + 1))) + 1e-8)
    seen, unseen = np.array(told).T
    return w | {"steps": np.arange(0, steps + 1, EVERY), "seen": seen, "unseen": unseen}


def main() -> None:
    """Train the networks named on the command line, or both, and write their weights."""
    with threadpool_limits(1, "blas"):
        for name in sys.argv[1:] or STEPS:
            print(name)
            w = train(*STEPS[name])
            np.savez_compressed(trained.FOLDER / f"{name}.npz", **{
                key: part.astype(np.float32) for key, part in w.items()})


if __name__ == "__main__":
    main()
