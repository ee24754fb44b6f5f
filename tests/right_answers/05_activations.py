"""Right answers to the exercises of lesson 5, each written differently.

`NAME__LABEL` answers exercise NAME. Every one keeps to the whole contract of the course (lists,
ints, numbers, empty arrays), so every one earns full points.
"""

import math

import numpy as np
from scipy.special import erf, erfc, expit
from scipy.stats import norm


def _loop(f, z):
    """f of every entry, in z's shape."""
    z = np.asarray(z, dtype=float)
    return np.array([f(v) for v in z.ravel().tolist()], dtype=float).reshape(z.shape)


# sigmoid


def sigmoid__two_sides(z):
    z = np.asarray(z, dtype=float)
    out = np.empty_like(z)
    right = z >= 0
    out[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    out[~right] = e / (1 + e)
    return out


def sigmoid__by_tanh(z):
    return (1 + np.tanh(np.asarray(z, dtype=float) / 2)) / 2


def sigmoid__scipy(z):
    return expit(np.asarray(z, dtype=float))


def sigmoid__silenced(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def sigmoid__loop(z):
    def one(v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    return _loop(one, z)


def sigmoid__cut_in_a_copy(z):
    z = np.array(z, dtype=float)
    z[z < -700] = -700
    return 1 / (1 + np.exp(-z))


# sigmoid_grad


def sigmoid_grad__product(z):
    s = expit(np.asarray(z, dtype=float))
    return s * (1 - s)


def sigmoid_grad__difference(z):
    s = expit(np.asarray(z, dtype=float))
    return s - s ** 2


def sigmoid_grad__two_sigmoids(z):
    z = np.asarray(z, dtype=float)
    return expit(z) * expit(-z)


def sigmoid_grad__hyperbolic(z):
    return 0.25 / np.cosh(0.5 * np.asarray(z, dtype=float)) ** 2


def sigmoid_grad__central_difference(z):
    z = np.asarray(z, dtype=float)
    return (expit(z + 1e-5) - expit(z - 1e-5)) / 2e-5


def sigmoid_grad__numbers_apart(z):
    if np.ndim(z):
        return np.array([sigmoid_grad__numbers_apart(part) for part in z], dtype=float).reshape(
            np.shape(z))
    small = math.exp(-abs(z))
    return small / (1 + small) ** 2


# tanh_grad


def tanh_grad__multiplied(z):
    t = np.tanh(z)
    return 1.0 - t * t


def tanh_grad__hyperbolic(z):
    return 1 / np.cosh(np.asarray(z, dtype=float)) ** 2


def tanh_grad__two_factors(z):
    t = np.tanh(np.asarray(z, dtype=float))
    return (1 - t) * (1 + t)


tanh_grad__vectorized = np.vectorize(lambda v: 1 - math.tanh(v) ** 2, otypes=[float])


# relu


def relu__where(z):
    z = np.asarray(z, dtype=float)
    return np.where(z > 0, z, 0.0)


def relu__clip(z):
    return np.clip(np.asarray(z, dtype=float), 0, None)


def relu__copy(z):
    out = np.array(z, dtype=float)
    out[out < 0] = 0
    return out


def relu__loop(z):
    return _loop(lambda v: v if v > 0 else 0.0, z)


def relu__numbers_apart(z):
    if np.ndim(z) == 0:
        return max(0.0, float(z))
    return np.maximum(np.asarray(z, dtype=float), 0)


# relu_grad


def relu_grad__cast(z):
    return (np.asarray(z) > 0).astype(float)


def relu_grad__heaviside(z):
    return np.heaviside(np.asarray(z, dtype=float), 0.0)


def relu_grad__sign(z):
    return np.maximum(np.sign(np.asarray(z, dtype=float)), 0.0)


def relu_grad__loop(z):
    return _loop(lambda v: 1.0 if v > 0 else 0.0, z)


# dead_fraction


def dead_fraction__largest(A):
    return (np.abs(np.asarray(A)).max(axis=0) == 0).mean()


def dead_fraction__count(A):
    A = np.asarray(A)
    return np.count_nonzero(~A.any(axis=0)) / A.shape[1]


def dead_fraction__loop(A):
    columns = list(zip(*np.asarray(A).tolist(), strict=True))
    return sum(all(v == 0 for v in column) for column in columns) / len(columns)


def dead_fraction__alive(A):
    return 1 - np.mean(np.count_nonzero(A, axis=0) > 0)


# leaky_relu


def leaky_relu__two_parts(z, alpha=0.01):
    z = np.asarray(z, dtype=float)
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)


def leaky_relu__factor(z, alpha=0.01):
    z = np.asarray(z, dtype=float)
    return z * np.where(z >= 0, 1.0, alpha)


def leaky_relu__copy(z, alpha=0.01):
    out = np.array(z, dtype=float)
    out[out < 0] *= alpha
    return out


def leaky_relu__loop(z, alpha=0.01):
    return _loop(lambda v: v if v > 0 else alpha * v, z)


# leaky_relu_grad


def leaky_relu_grad__one_at_zero(z, alpha=0.01):
    return np.where(np.asarray(z) >= 0, 1.0, alpha).astype(float)


def leaky_relu_grad__mask(z, alpha=0.01):
    right = (np.asarray(z) > 0).astype(float)
    return right + alpha * (1 - right)


def leaky_relu_grad__full(z, alpha=0.01):
    z = np.asarray(z, dtype=float)
    out = np.full(z.shape, float(alpha))
    out[z > 0] = 1
    return out


def leaky_relu_grad__loop(z, alpha=0.01):
    return _loop(lambda v: 1.0 if v > 0 else alpha, z)


# gelu


def gelu__scipy(z):
    z = np.asarray(z, dtype=float)
    return z * norm.cdf(z)


def gelu__complement(z):
    z = np.asarray(z, dtype=float)
    return 0.5 * z * erfc(-z / np.sqrt(2))


def gelu__loop(z):
    return _loop(lambda v: v * (1 + math.erf(v / math.sqrt(2))) / 2, z)


# gelu_grad


def gelu_grad__scipy(z):
    z = np.asarray(z, dtype=float)
    return norm.cdf(z) + z * norm.pdf(z)


def gelu_grad__loop(z):
    def one(v):
        return (1 + math.erf(v / math.sqrt(2))) / 2 + v * math.exp(-v * v / 2) / math.sqrt(
            2 * math.pi)

    return _loop(one, z)


def gelu_grad__central_difference(z):
    z = np.asarray(z, dtype=float)

    def f(x):
        return x * 0.5 * (1 + erf(x / np.sqrt(2)))

    return (f(z + 1e-5) - f(z - 1e-5)) / 2e-5


# silu


def silu__scipy(z):
    z = np.asarray(z, dtype=float)
    return z * expit(z)


def silu__quotient(z):
    z = np.asarray(z, dtype=float)
    return z / (1 + np.exp(-z))


def silu__loop(z):
    return _loop(lambda v: v * (1 + math.tanh(v / 2)) / 2, z)


def silu__cut_in_a_copy(z):
    z = np.asarray(z, dtype=float)
    return z / (1 + np.exp(-np.clip(z, -500, 500)))


# silu_grad


def silu_grad__product_rule(z):
    z = np.asarray(z, dtype=float)
    s = expit(z)
    return s + z * s * (1 - s)


def silu_grad__by_the_value(z):
    z = np.asarray(z, dtype=float)
    value, s = z * expit(z), expit(z)
    return value + s * (1 - value)


def silu_grad__loop(z):
    def one(v):
        s = (1 + math.tanh(v / 2)) / 2
        return s * (1 + v * (1 - s))

    return _loop(one, z)
