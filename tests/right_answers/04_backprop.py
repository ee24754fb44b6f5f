"""Right answers to the exercises of lesson 4, each written differently.

`NAME__LABEL` answers exercise NAME. Every one keeps to the whole contract of the course (lists,
ints, a batch of one), so every one earns full points.
"""

import math
from itertools import pairwise

import numpy as np
from scipy.special import log_softmax, softmax

# cross_entropy_grad


def cross_entropy_grad__scipy(Z, y):
    Z = np.asarray(Z, dtype=float)
    return (softmax(Z, axis=1) - np.eye(Z.shape[1])[np.asarray(y)]) / len(Z)


def cross_entropy_grad__comparison(Z, y):
    Z = np.asarray(Z, dtype=float)
    E = np.exp(Z - np.max(Z, axis=1)[:, None])
    P = E / np.sum(E, axis=1)[:, None]
    onehot = np.asarray(y)[:, None] == np.arange(Z.shape[1])
    return np.mean(onehot, axis=1).size**-1.0 * (P - onehot)


def cross_entropy_grad__row_by_row(Z, y):
    rows = []
    for z, label in zip(Z, y, strict=True):
        powers = [math.exp(float(v) - float(max(z))) for v in z]
        row = [power / sum(powers) for power in powers]
        row[label] -= 1
        rows.append([v / len(Z) for v in row])
    return np.array(rows)


def cross_entropy_grad__logarithms(Z, y):
    out = np.exp(log_softmax(np.array(Z, dtype=float), axis=1))
    np.subtract.at(out, (np.arange(len(out)), np.asarray(y)), 1.0)
    out /= len(out)
    return out


# linear_backward


def linear_backward__products(dZ, X, W):
    dZ, X, W = (np.asarray(part, dtype=float) for part in (dZ, X, W))
    return np.matmul(dZ, W), np.matmul(dZ.T, X), np.sum(dZ, axis=0)


def linear_backward__einsum(dZ, X, W):
    dZ, X, W = (np.array(part, dtype=float) for part in (dZ, X, W))
    return [
        np.einsum("no,od->nd", dZ, W),
        np.einsum("no,nd->od", dZ, X),
        np.einsum("no->o", dZ),
    ]


def linear_backward__bias_as_weight(dZ, X, W):
    """The bias is the weight of a constant 1."""
    dZ = np.asarray(dZ, dtype=float)
    X1 = np.column_stack([X, np.ones(len(dZ))])
    both = dZ.T @ X1
    return dZ @ np.asarray(W, dtype=float), both[:, :-1].copy(), both[:, -1].copy()


def linear_backward__outer_products(dZ, X, W):
    dZ, X, W = np.asarray(dZ, float), np.asarray(X, float), np.asarray(W, float)
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(len(W))
    for k in range(len(X)):
        dX[k] = W.T @ dZ[k]
        dW += np.outer(dZ[k], X[k])
        db += dZ[k]
    return dX, dW, db


# tanh_backward


def tanh_backward__square(dA, Z):
    return np.multiply(dA, 1 - np.square(np.tanh(np.asarray(Z, dtype=float))))


def tanh_backward__factors(dA, Z):
    A = np.tanh(np.asarray(Z, dtype=float))
    return (1 + A) * (1 - A) * np.asarray(dA, dtype=float)


def tanh_backward__cosh(dA, Z):
    with np.errstate(over="ignore"):
        return np.asarray(dA, dtype=float) / np.cosh(np.asarray(Z, dtype=float)) ** 2


def tanh_backward__loop(dA, Z):
    Z = np.asarray(Z, dtype=float)
    dA = np.broadcast_to(np.asarray(dA, dtype=float), Z.shape)
    out = np.empty(Z.shape)
    for index in np.ndindex(Z.shape):
        out[index] = dA[index] * (1 - math.tanh(Z[index]) ** 2)
    return out


# mlp_backward


def mlp_backward__from_scores(dZ, cache, weights):
    dZ = np.asarray(dZ, dtype=float)
    dWs, dbs = [], []
    for k in range(len(weights) - 1, -1, -1):
        A_in, _ = cache[k]
        dWs.append(dZ.T @ A_in)
        dbs.append(dZ.sum(axis=0))
        if k:
            dA = dZ @ np.asarray(weights[k], dtype=float)
            dZ = dA * (1 - np.tanh(cache[k - 1][1]) ** 2)
    return dWs[::-1], dbs[::-1]


def mlp_backward__recursive(dZ, cache, weights):
    dZ = np.asarray(dZ, dtype=float)
    A_in = np.asarray(cache[-1][0])
    dW, db = np.einsum("no,nd->od", dZ, A_in), np.einsum("no->o", dZ)
    if len(weights) == 1:
        return [dW], [db]
    behind = np.einsum("no,od->nd", dZ, np.asarray(weights[-1], dtype=float)) * (1 - A_in * A_in)
    dWs, dbs = mlp_backward__recursive(behind, cache[:-1], weights[:-1])
    return [*dWs, dW], [*dbs, db]


def mlp_backward__deltas_first(dZ, cache, weights):
    deltas = [np.asarray(dZ, dtype=float)]
    for W, (A_in, _) in zip(weights[:0:-1], cache[:0:-1], strict=True):
        deltas.insert(0, deltas[0] @ np.asarray(W, dtype=float) * (1 - A_in**2))
    return (
        tuple(delta.T @ A_in for delta, (A_in, _) in zip(deltas, cache, strict=True)),
        tuple(delta.sum(axis=0) for delta in deltas),
    )


def mlp_backward__columns(dZ, cache, weights):
    """With one example in a column, as in many books."""
    delta = np.asarray(dZ, dtype=float).T
    L = len(weights)
    dWs, dbs = [None] * L, [None] * L
    for k in reversed(range(L)):
        dWs[k] = delta @ np.asarray(cache[k][0])
        dbs[k] = delta.sum(axis=1)
        if k > 0:
            slope = 1 / np.cosh(cache[k - 1][1]).T ** 2
            delta = (np.transpose(weights[k]) @ delta) * slope
    return dWs, dbs


# numerical_gradient


def numerical_gradient__two_copies(f, x, eps=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[index] += eps
        down[index] -= eps
        gradient[index] = (f(up) - f(down)) / (2 * eps)
    return gradient


def numerical_gradient__put_back(f, x, eps=1e-5):
    x = np.array(x, dtype=np.float64)
    out = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + eps
        above = f(x)
        x[index] = kept - eps
        out[index] = (above - f(x)) / eps / 2
        x[index] = kept
    return out


def numerical_gradient__unit_vectors(f, x, eps=1e-5):
    shape, flat = np.shape(x), np.ravel(np.asarray(x, dtype=float))
    slopes = [
        (f((flat + step).reshape(shape)) - f((flat - step).reshape(shape))) / (2.0 * eps)
        for step in eps * np.eye(flat.size)
    ]
    return np.array(slopes, dtype=float).reshape(shape)


def numerical_gradient__where(f, x, eps=1e-5):
    x = np.asarray(x, dtype=float)
    places = np.arange(x.size).reshape(x.shape)
    out = np.zeros(x.size)
    for k in range(x.size):
        out[k] = f(np.where(places == k, x + eps, x)) - f(np.where(places == k, x - eps, x))
    return (out / (2 * eps)).reshape(x.shape)


# gradient_check


def gradient_check__vectorised(analytic, numeric):
    a, n = np.asarray(analytic, dtype=float), np.asarray(numeric, dtype=float)
    return np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n)))


def gradient_check__loop(analytic, numeric):
    worst = 0.0
    pairs = zip(np.ravel(analytic), np.ravel(numeric), strict=True)
    for a, n in pairs:
        worst = max(worst, float(abs(a - n) / max(1e-8, abs(a) + abs(n))))
    return worst


def gradient_check__clip(analytic, numeric):
    both = np.array([np.ravel(analytic), np.ravel(numeric)], dtype=float)
    return float((np.abs(np.diff(both, axis=0))[0] / np.abs(both).sum(axis=0).clip(1e-8)).max())


def gradient_check__sorted(analytic, numeric):
    a, n = np.array(analytic, dtype=float), np.array(numeric, dtype=float)
    scale = abs(a) + abs(n)
    error = abs(n - a) / np.where(scale < 1e-8, 1e-8, scale)
    return float(np.sort(error, axis=None)[-1])


# cases


def cases__by_hand():
    return [
        ([[0.0, 1.0], [2.0, -1.0], [0.5, 0.5]], [0, 1, 1]),
        ([[0, 1000]], [0]),
        ([[-1000, 3, 0], [-2000, -1000, -1001]], [0, 2]),
    ]


def cases__one_for_all():
    Z = np.array([[900.0, 899.0], [0.0, 1.0], [-1.0, -900.0]])
    return [(Z, np.array([1, 0, 0]))]


def cases__at_random():
    rng = np.random.default_rng(7)
    found = []
    for size in (1, 1, 1000, 1000, 5000):
        n, c = rng.integers(4, 8), rng.integers(2, 4)
        found.append((size * rng.normal(size=(n, c)).clip(-2, 2), np.arange(n) % c))
    return tuple(found)


# find_bugs


def _tanh_slopes(f, x, eps):
    slopes = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += eps
        down[index] -= eps
        slopes[index] = (f(up) - f(down)) / (2 * eps)
    return slopes


def find_bugs__all_close(candidates, f, x):
    x = np.array(x, dtype=float)
    true = _tanh_slopes(f, x, 1e-5)
    limit = 1e-3 * np.abs(true).max()
    return {
        name
        for name, gradient in candidates.items()
        if np.shape(claim := gradient(x.copy())) != x.shape
        or not np.allclose(claim, true, rtol=0, atol=limit)
    }


def find_bugs__branches(candidates, f, x):
    x = np.array(x, dtype=np.float64)
    true = _tanh_slopes(f, x, 1e-4)
    wrong = set()
    for name in candidates:
        claim = np.array(candidates[name](np.array(x)))
        off = claim.shape != true.shape or not np.isfinite(claim).all()
        if off or np.max(np.abs(claim - true)) > 3e-4 * np.max(np.abs(true)):
            wrong.add(name)
    return wrong


def find_bugs__complement(candidates, f, x):
    x = np.array(x, dtype=float)
    true = _tanh_slopes(f, x, 3e-6)
    largest = max(abs(value) for value in true.flat)

    def right(claim):
        if np.shape(claim) != x.shape:
            return False
        pairs = zip(np.ravel(claim), true.flat, strict=True)
        return all(abs(c - t) <= 1e-3 * largest for c, t in pairs)

    good = [name for name, gradient in candidates.items() if right(gradient(x.copy()))]
    return frozenset(candidates) - set(good)


# sgd_step


def sgd_step__comprehension(params, grads, lr):
    return [np.asarray(p, float) - lr * np.asarray(g, float)
            for p, g in zip(params, grads, strict=True)]


def sgd_step__copies(params, grads, lr):
    new = [np.array(p, dtype=float) for p in params]
    for p, g in zip(new, grads, strict=True):
        p -= np.multiply(lr, g)
    return new


def sgd_step__map(params, grads, lr):
    return tuple(map(lambda p, g: np.add(p, np.multiply(-float(lr), g)), params, grads))


# train_mlp


def _loss_and_slopes(X, y, weights, biases):
    n, L = len(X), len(weights)
    A, inputs = X, []
    for k in range(L):
        inputs.append(A)
        Z = A @ weights[k].T + biases[k]
        A = np.tanh(Z)
    logs = log_softmax(Z, axis=1)
    loss = -logs[range(n), y].mean()
    delta = np.exp(logs)
    delta[range(n), y] -= 1
    delta /= n
    dWs, dbs = [0] * L, [0] * L
    for k in range(L - 1, -1, -1):
        dWs[k], dbs[k] = delta.T @ inputs[k], delta.sum(axis=0)
        if k:
            delta = delta @ weights[k] * (1 - inputs[k] ** 2)
    return loss, dWs, dbs


def train_mlp__helper(X, y, weights, biases, lr, epochs):
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    weights = [np.array(W, dtype=float) for W in weights]
    biases = [np.array(b, dtype=float) for b in biases]
    losses = []
    for _ in range(epochs):
        loss, dWs, dbs = _loss_and_slopes(X, y, weights, biases)
        losses.append(loss)
        weights = [W - lr * dW for W, dW in zip(weights, dWs, strict=True)]
        biases = [b - lr * db for b, db in zip(biases, dbs, strict=True)]
    return weights, biases, losses


def train_mlp__in_place_on_copies(X, y, weights, biases, lr, epochs):
    X, y, losses = np.array(X, dtype=float), np.array(y), np.zeros(epochs)
    weights = [np.array(W, dtype=float) for W in weights]
    biases = [np.array(b, dtype=float) for b in biases]
    for k in range(epochs):
        losses[k], dWs, dbs = _loss_and_slopes(X, y, weights, biases)
        for part, slope in zip(weights + biases, dWs + dbs, strict=True):
            part -= lr * slope
    return weights, biases, losses.tolist()


def train_mlp__example_by_example(X, y, weights, biases, lr, epochs):
    """Sums the gradients of the single examples, in columns."""
    weights = [np.array(W, dtype=float) for W in weights]
    biases = [np.array(b, dtype=float) for b in biases]
    losses = []
    for _ in range(epochs):
        loss = 0.0
        dWs, dbs = [np.zeros_like(W) for W in weights], [np.zeros_like(b) for b in biases]
        for x, label in zip(X, y, strict=True):
            levels = [np.asarray(x, dtype=float)]
            for W, b in zip(weights, biases, strict=True):
                levels.append(W @ (levels[-1] if len(levels) == 1 else np.tanh(levels[-1])) + b)
            inputs = [levels[0], *(np.tanh(level) for level in levels[1:-1])]
            logs = log_softmax(levels[-1])
            loss -= logs[label] / len(X)
            delta = (np.exp(logs) - (np.arange(len(logs)) == label)) / len(X)
            for k in reversed(range(len(weights))):
                dWs[k] += np.outer(delta, inputs[k])
                dbs[k] += delta
                delta = (delta @ weights[k]) * (1 - inputs[k] ** 2)
        losses.append(float(loss))
        weights = [W - lr * dW for W, dW in zip(weights, dWs, strict=True)]
        biases = [b - lr * db for b, db in zip(biases, dbs, strict=True)]
    return weights, biases, losses


def train_mlp__one_vector(X, y, weights, biases, lr, epochs):
    """All parameters in one long vector."""
    X, y, L = np.asarray(X, dtype=float), np.asarray(y), len(weights)
    shapes = [np.shape(part) for part in (*weights, *biases)]
    ends = np.cumsum([0, *(math.prod(shape) for shape in shapes)])
    theta = np.concatenate([np.ravel(part).astype(float) for part in (*weights, *biases)])

    def parts(vector):
        cut = [vector[a:b].reshape(shape).copy()
               for (a, b), shape in zip(pairwise(ends), shapes, strict=True)]
        return cut[:L], cut[L:]

    losses = []
    while len(losses) < epochs:
        loss, dWs, dbs = _loss_and_slopes(X, y, *parts(theta))
        losses.append(loss)
        theta = theta - lr * np.concatenate([np.ravel(slope) for slope in (*dWs, *dbs)])
    return (*parts(theta), losses)
