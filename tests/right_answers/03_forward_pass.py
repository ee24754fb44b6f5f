"""Right answers to the exercises of lesson 3, each written differently.

`NAME__LABEL` answers exercise NAME. Every one keeps to the whole contract of the course (lists,
ints, a batch of one), so every one earns full points.
"""

import itertools
import math

import numpy as np
from scipy import special

# linear_forward


def linear_forward__matrix_product(X, W, b):
    return np.asarray(X, dtype=float) @ np.transpose(W) + np.asarray(b)


def linear_forward__einsum(X, W, b):
    X, W = np.asarray(X, dtype=float), np.asarray(W, dtype=float)
    return np.einsum("ni,oi->no", X, W) + b


def linear_forward__number_by_number(X, W, b):
    Z = np.zeros((len(X), len(W)))
    for n in range(len(X)):
        for unit in range(len(W)):
            Z[n, unit] = b[unit]
            for k in range(len(W[unit])):
                Z[n, unit] += X[n][k] * W[unit][k]
    return Z


def linear_forward__columns(X, W, b):
    W = np.asarray(W, dtype=float)
    return (W @ np.transpose(X) + np.reshape(b, (-1, 1))).T


def linear_forward__row_by_row(X, W, b):
    W, b = np.float64(W), np.float64(b)
    return np.stack([W.dot(x) + b for x in np.float64(X)])


linear_forward__a_lambda = lambda X, W, b: np.inner(np.float64(X), np.float64(W)) + np.float64(b)  # noqa: E731


# count_params


def count_params__pairs(sizes):
    return sum(before * after + after for before, after in itertools.pairwise(sizes))


def count_params__loop(sizes):
    total = 0
    for layer in range(1, len(sizes)):
        total += sizes[layer - 1] * sizes[layer]
        total += sizes[layer]
    return total


def count_params__arrays(sizes):
    sizes = np.array(sizes, dtype=np.int64)
    return np.sum((sizes[:-1] + 1) * sizes[1:])


def count_params__recursive(sizes):
    if len(sizes) < 2:
        return 0
    return (sizes[0] + 1) * sizes[1] + count_params__recursive(sizes[1:])


# mlp_forward


def mlp_forward__act_on_all_and_not_used(X, weights, biases, act):
    A, cache = np.asarray(X, dtype=float), []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ np.asarray(W, dtype=float).T + np.asarray(b)
        cache.append((A, Z))
        A = act(Z)
    return Z, cache


def mlp_forward__last_layer_apart(X, weights, biases, act):
    A, cache = np.array(X, dtype=float), []
    for l in range(len(weights) - 1):  # noqa: E741
        Z = A @ np.transpose(weights[l]) + biases[l]
        cache += [(A, Z)]
        A = act(Z)
    Z = A @ np.transpose(weights[-1]) + biases[-1]
    return Z, [*cache, (A, Z)]


def mlp_forward__recursive(X, weights, biases, act):
    X = np.asarray(X, dtype=float)
    Z = np.einsum("ni,oi->no", X, np.asarray(weights[0], dtype=float)) + biases[0]
    if len(weights) == 1:
        return [Z, ((X, Z),)]
    out, rest = mlp_forward__recursive(act(Z), weights[1:], biases[1:], act)
    return out, ((X, Z), *rest)


def mlp_forward__row_by_row(X, weights, biases, act):
    layers = [(np.asarray(W, dtype=float), np.asarray(b, dtype=float))
              for W, b in zip(weights, biases, strict=True)]
    inputs, scores = [[] for _ in layers], [[] for _ in layers]
    for x in X:
        a = np.asarray(x, dtype=float)
        for k, (W, b) in enumerate(layers):
            z = W @ a + b
            inputs[k].append(a)
            scores[k].append(z)
            a = act(z)
    cache = [[np.array(a), np.array(z)] for a, z in zip(inputs, scores, strict=True)]
    return cache[-1][1], cache


def mlp_forward__number_by_number(X, weights, biases, act):
    cache, A = [], [[float(value) for value in x] for x in X]
    for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
        Z = [[sum(float(w) * v for w, v in zip(row, a, strict=True)) + float(bias)
              for row, bias in zip(W, b, strict=True)] for a in A]
        cache.append((np.array(A), np.array(Z)))
        if k + 1 < len(weights):
            A = [[float(act(z)) for z in row] for row in Z]
    return cache[-1][1], cache


class _Forward:
    """An object that can be called is as good as a function."""

    def __call__(self, X, weights, biases, act):
        cache = []
        for W, b in zip(weights, biases, strict=True):
            A = act(cache[-1][1]) if cache else np.asarray(X, dtype=np.float64)
            cache.append((A, np.inner(A, np.float64(W)) + np.float64(b)))
        return cache[-1][1].copy(), cache


mlp_forward__an_object = _Forward()


# softmax


def softmax__row_maximum(Z):
    Z = np.array(Z, dtype=float)
    Z -= Z.max(axis=1, keepdims=True)
    np.exp(Z, out=Z)
    return Z / Z.sum(axis=1, keepdims=True)


def softmax__scipy(Z):
    return special.softmax(np.asarray(Z, dtype=float), axis=1)


def softmax__by_logarithms(Z):
    Z = np.asarray(Z, dtype=float)
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])


def softmax__loops(Z):
    rows = []
    for z in Z:
        top = max(float(value) for value in z)
        powers = [math.exp(float(value) - top) for value in z]
        rows.append([power / math.fsum(powers) for power in powers])
    return np.array(rows)


def softmax__by_differences(Z):
    """1 / p_j is a sum of exponentials of differences; it may overflow to inf, and 1 / inf is 0."""
    Z = np.asarray(Z, dtype=float)
    with np.errstate(over="ignore"):
        return 1.0 / np.exp(Z[:, None, :] - Z[:, :, None]).sum(axis=2)


# mse_loss


def mse_loss__ravel(y_hat, y):
    return float(np.mean((np.ravel(y_hat) - np.ravel(y).astype(float)) ** 2))


def mse_loss__dot(y_hat, y):
    error = np.asarray(y_hat, dtype=float).ravel() - np.asarray(y, dtype=float).ravel()
    return error @ error / error.size


def mse_loss__loop(y_hat, y):
    pairs = list(zip(np.array(y_hat, dtype=float).flat, np.array(y, dtype=float).flat, strict=True))
    return sum((p - t) * (p - t) for p, t in pairs) / len(pairs)


def mse_loss__reshaped(y_hat, y):
    y = np.asarray(y, dtype=float)
    return np.square(np.asarray(y_hat, dtype=float).reshape(y.shape) - y).mean()


# bce_with_logits


def bce_with_logits__logaddexp(z, y):
    z, y = np.asarray(z, dtype=float), np.asarray(y)
    return float(np.logaddexp(0.0, np.where(y == 1, -z, z)).mean())


def bce_with_logits__softplus_minus(z, y):
    z, y = np.asarray(z, dtype=float), np.asarray(y, dtype=float)
    return np.mean(np.logaddexp(0, z) - y * z)


def bce_with_logits__log_expit(z, y):
    z, y = np.asarray(z, dtype=float), np.asarray(y)
    return float(-np.mean(special.log_expit((2.0 * y - 1.0) * z)))


def bce_with_logits__loop(z, y):
    costs = []
    for score, label in zip(np.ravel(z), np.ravel(y), strict=True):
        s = float(-score if label else score)
        costs.append(s + math.log1p(math.exp(-s)) if s > 0 else math.log1p(math.exp(s)))
    return math.fsum(costs) / len(costs)


def bce_with_logits__as_two_classes(z, y):
    z = np.asarray(z, dtype=float).ravel()
    Z = np.stack([np.zeros_like(z), z], axis=1)
    return float(np.mean(special.logsumexp(Z, axis=1) - Z[np.arange(len(z)), np.ravel(y)]))


# cross_entropy


def cross_entropy__shifted(Z, y):
    Z = np.array(Z, dtype=float)
    Z -= Z.max(axis=1, keepdims=True)
    return float((np.log(np.exp(Z).sum(axis=1)) - Z[range(len(Z)), y]).mean())


def cross_entropy__logsumexp(Z, y):
    Z = np.asarray(Z, dtype=float)
    truth = np.take_along_axis(Z, np.reshape(y, (-1, 1)), axis=1)[:, 0]
    return np.mean(special.logsumexp(Z, axis=1) - truth)


def cross_entropy__one_hot(Z, y):
    Z = np.asarray(Z, dtype=float)
    truth = np.eye(Z.shape[1])[np.asarray(y)]
    return -np.sum(truth * special.log_softmax(Z, axis=1)) / len(Z)


def cross_entropy__differences(Z, y):
    Z = np.asarray(Z, dtype=float)
    truth = Z[np.arange(len(Z)), np.asarray(y)]
    return float(np.logaddexp.reduce(Z - truth[:, None], axis=1).mean())


def cross_entropy__loop(Z, y):
    total = 0.0
    for z, label in zip(Z, y, strict=True):
        top = max(map(float, z))
        total += top - float(z[label]) + math.log(sum(math.exp(float(v) - top) for v in z))
    return total / len(Z)
