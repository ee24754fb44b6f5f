"""Right answers to the exercises of lesson 11, each written differently.

`EXERCISE__LABEL` answers EXERCISE. Every one keeps to the whole contract (lists, whole numbers,
any number of axes), so every one earns full points.
"""

import math

import numpy as np


def _floats(*parts):
    return [np.array(part, dtype=float) for part in parts]


# batchnorm_backward


def batchnorm_backward__step_by_step(dY, X, gamma, eps=1e-5):
    """As in the paper: the gradients of the variance and of the mean, one after the other."""
    dY, X, gamma = _floats(dY, X, gamma)
    n = X.shape[0]
    mean, var = X.mean(0), X.var(0)
    dnormal = dY * gamma
    dvar = np.sum(dnormal * (X - mean) * -0.5 * (var + eps) ** -1.5, axis=0)
    dmean = -np.sum(dnormal / np.sqrt(var + eps), axis=0) + dvar * np.mean(-2 * (X - mean), axis=0)
    dX = dnormal / np.sqrt(var + eps) + dvar * 2 * (X - mean) / n + dmean / n
    return dX, np.sum(dY * (X - mean) / np.sqrt(var + eps), axis=0), np.sum(dY, axis=0)


def batchnorm_backward__jacobian(dY, X, gamma, eps=1e-5):
    """For each unit a matrix of slopes, (n, n)."""
    dY, X, gamma = _floats(dY, X, gamma)
    n, d = X.shape
    dX, dgamma = np.empty((n, d)), np.empty(d)
    for j in range(d):
        sigma = math.sqrt(((X[:, j] - X[:, j].mean()) ** 2).sum() / n + eps)
        normal = (X[:, j] - X[:, j].mean()) / sigma
        slopes = (np.eye(n) - 1 / n - np.outer(normal, normal) / n) / sigma
        dX[:, j] = gamma[j] * (slopes.T @ dY[:, j])
        dgamma[j] = normal @ dY[:, j]
    return dX, dgamma, np.ones(n) @ dY


def batchnorm_backward__the_one_line(dY, X, gamma, eps=1e-5):
    """The form in many blogs: gamma / (n sigma) · (n dY − dbeta − x̂ dgamma)."""
    dY, X, gamma = _floats(dY, X, gamma)
    n = len(X)
    inverse = 1 / np.sqrt(np.mean((X - np.mean(X, axis=0)) ** 2, axis=0) + eps)
    normal = (X - np.mean(X, axis=0)) * inverse
    dbeta, dgamma = np.einsum("nd->d", dY), np.einsum("nd,nd->d", dY, normal)
    return gamma * inverse / n * (n * dY - dbeta - normal * dgamma), dgamma, dbeta


def batchnorm_backward__loops(dY, X, gamma, eps=1e-5):
    dY, X, gamma = (np.asarray(part).tolist() for part in (dY, X, gamma))
    n, d = len(X), len(X[0])
    dX, dgamma, dbeta = np.zeros((n, d)), np.zeros(d), np.zeros(d)
    for j in range(d):
        column = [X[i][j] for i in range(n)]
        mu = sum(column) / n
        sigma = (sum((x - mu) ** 2 for x in column) / n + eps) ** 0.5
        normal = [(x - mu) / sigma for x in column]
        g = [gamma[j] * dY[i][j] for i in range(n)]
        first = sum(g) / n
        second = sum(a * b for a, b in zip(g, normal, strict=True)) / n
        for i in range(n):
            dX[i, j] = (g[i] - first - normal[i] * second) / sigma
            dgamma[j] += dY[i][j] * normal[i]
            dbeta[j] += dY[i][j]
    return dX, dgamma, dbeta


# layernorm_forward


def layernorm_forward__rows_one_by_one(X, gamma, beta, eps=1e-5):
    X, gamma, beta = _floats(X, gamma, beta)
    rows = X.reshape(-1, X.shape[-1])
    done = [gamma * (row - row.mean()) / math.sqrt(row.var() + eps) + beta for row in rows]
    return np.array(done).reshape(X.shape)


def layernorm_forward__columns_of_the_transposed(X, gamma, beta, eps=1e-5):
    X, gamma, beta = _floats(X, gamma, beta)
    Z = np.moveaxis(X, -1, 0)
    Z = (Z - Z.mean(axis=0)) / np.sqrt(Z.var(axis=0) + eps)
    return np.moveaxis(Z, 0, -1) * gamma + beta


def layernorm_forward__mean_of_squares(X, gamma, beta, eps=1e-5):
    X = np.array(X, dtype=float)
    X = X - X.sum(axis=-1)[..., None] / X.shape[-1]
    scale = np.reciprocal(np.sqrt(np.einsum("...d,...d->...", X, X) / X.shape[-1] + eps))
    return np.einsum("...d,...,d->...d", X, scale, np.asarray(gamma, float)) + np.asarray(beta)


def layernorm_forward__power(X, gamma, beta, eps=1e-5):
    X, gamma, beta = _floats(X, gamma, beta)
    mean = np.expand_dims(np.mean(X, axis=-1), -1)
    var = np.expand_dims(np.mean(np.square(X - mean), axis=-1), -1)
    return (X - mean) * (var + eps) ** -0.5 * gamma + beta


# layernorm_backward


def layernorm_backward__rows_one_by_one(dY, X, gamma, eps=1e-5):
    dY, X, gamma = _floats(dY, X, gamma)
    d = X.shape[-1]
    dX, dgamma, dbeta = [], np.zeros(d), np.zeros(d)
    for dy, x in zip(dY.reshape(-1, d), X.reshape(-1, d), strict=True):
        sigma = math.sqrt(x.var() + eps)
        normal, g = (x - x.mean()) / sigma, dy * gamma
        dX.append((g - g.mean() - normal * (g @ normal) / d) / sigma)
        dgamma += dy * normal
        dbeta += dy
    return np.array(dX).reshape(X.shape), dgamma, dbeta


def layernorm_backward__matrices(dY, X, gamma, eps=1e-5):
    """The slopes of each row as a matrix, (…, d, d)."""
    dY, X, gamma = _floats(dY, X, gamma)
    d = X.shape[-1]
    centered = X - X.mean(axis=-1, keepdims=True)
    sigma = np.sqrt((centered ** 2).mean(axis=-1) + eps)[..., None]
    normal = centered / sigma
    slopes = np.eye(d) - 1 / d - normal[..., :, None] * normal[..., None, :] / d
    dX = np.einsum("...jk,...k->...j", slopes, dY * gamma) / sigma
    front = tuple(range(X.ndim - 1))
    return dX, np.add.reduce(dY * normal, axis=front), np.add.reduce(dY, axis=front)


def layernorm_backward__step_by_step(dY, X, gamma, eps=1e-5):
    dY, X, gamma = _floats(dY, X, gamma)
    d = X.shape[-1]
    mean = X.sum(-1, keepdims=True) / d
    root = np.sqrt(((X - mean) ** 2).sum(-1, keepdims=True) / d + eps)
    dnormal = gamma * dY
    droot = -(dnormal * (X - mean)).sum(-1, keepdims=True) / root ** 2
    dcentered = dnormal / root + droot * (X - mean) / (root * d)
    dX = dcentered - dcentered.sum(-1, keepdims=True) / d
    normal = (X - mean) / root
    return (dX, np.reshape(dY * normal, (-1, d)).sum(axis=0), np.reshape(dY, (-1, d)).sum(axis=0))


def layernorm_backward__batch_norm_of_the_transposed(dY, X, gamma, eps=1e-5):
    dY, X, gamma = _floats(dY, X, gamma)
    d = X.shape[-1]
    G, Z = (dY * gamma).reshape(-1, d).T, X.reshape(-1, d).T
    sigma = np.sqrt(Z.var(axis=0) + eps)
    normal = (Z - Z.mean(axis=0)) / sigma
    dZ = (G - G.mean(axis=0) - normal * (G * normal).mean(axis=0)) / sigma
    flat = dY.reshape(-1, d)
    return dZ.T.reshape(X.shape), np.diag(normal @ flat).copy(), flat.sum(axis=0)


# rmsnorm_forward


def rmsnorm_forward__length_of_the_row(X, gamma, eps=1e-5):
    X, gamma = _floats(X, gamma)
    d = X.shape[-1]
    length = np.linalg.norm(X, axis=-1, keepdims=True)
    return np.sqrt(d) * X / np.sqrt(length ** 2 + d * eps) * gamma


def rmsnorm_forward__rows_one_by_one(X, gamma, eps=1e-5):
    X, gamma = _floats(X, gamma)
    out = np.empty(X.shape)
    for place in np.ndindex(X.shape[:-1]):
        out[place] = gamma * X[place] / math.sqrt(X[place] @ X[place] / len(gamma) + eps)
    return out


def rmsnorm_forward__einsum(X, gamma, eps=1e-5):
    X = np.array(X, dtype=float)
    square = np.einsum("...d,...d->...", X, X) / X.shape[-1]
    return X * (square + eps)[..., np.newaxis] ** -0.5 * np.asarray(gamma)


def rmsnorm_forward__variance_and_mean(X, gamma, eps=1e-5):
    X, gamma = _floats(X, gamma)
    square = X.var(axis=-1, keepdims=True) + X.mean(axis=-1, keepdims=True) ** 2
    return gamma * (X / np.sqrt(square + eps))


# rmsnorm_backward


def rmsnorm_backward__rows_one_by_one(dY, X, gamma, eps=1e-5):
    dY, X, gamma = _floats(dY, X, gamma)
    dX, dgamma = np.empty(X.shape), np.zeros(len(gamma))
    for place in np.ndindex(X.shape[:-1]):
        x, g = X[place], gamma * dY[place]
        root = math.sqrt(x @ x / len(x) + eps)
        dX[place] = g / root - x * (g @ x) / (len(x) * root ** 3)
        dgamma += dY[place] * x / root
    return dX, dgamma


def rmsnorm_backward__matrices(dY, X, gamma, eps=1e-5):
    dY, X, gamma = _floats(dY, X, gamma)
    d = X.shape[-1]
    root = np.sqrt((X * X).mean(axis=-1) + eps)[..., None]
    normal = X / root
    slopes = (np.eye(d) - normal[..., :, None] * normal[..., None, :] / d) / root[..., None]
    dX = np.einsum("...jk,...k->...j", slopes, gamma * dY)
    return dX, np.add.reduce(dY * normal, axis=tuple(range(X.ndim - 1)))


def rmsnorm_backward__step_by_step(dY, X, gamma, eps=1e-5):
    dY, X, gamma = _floats(dY, X, gamma)
    d = X.shape[-1]
    square = np.mean(X ** 2, axis=-1, keepdims=True) + eps
    inverse = square ** -0.5
    dinverse = np.sum(dY * gamma * X, axis=-1, keepdims=True)
    dsquare = -0.5 * dinverse * square ** -1.5
    dX = dY * gamma * inverse + dsquare * 2 * X / d
    return dX, (dY * X * inverse).reshape(-1, d).sum(axis=0)


def rmsnorm_backward__outputs(dY, X, gamma, eps=1e-5):
    """By the normalized outputs, flattened to rows."""
    dY, X, gamma = _floats(dY, X, gamma)
    shape = X.shape
    dY, X = dY.reshape(-1, shape[-1]), X.reshape(-1, shape[-1])
    root = np.sqrt((X ** 2).mean(axis=1) + eps)
    normal = (X.T / root).T
    weight = (dY * gamma * normal).mean(axis=1)
    dX = ((dY * gamma - (normal.T * weight).T).T / root).T
    return dX.reshape(shape), (dY * normal).sum(axis=0)


# groupnorm_forward


def groupnorm_forward__loops(X, groups, gamma, beta, eps=1e-5):
    X, gamma, beta = _floats(X, gamma, beta)
    size, rest = divmod(X.shape[1], groups)
    if rest:
        raise ValueError
    out = np.empty(X.shape)
    for i in range(len(X)):
        for first in range(0, X.shape[1], size):
            part = X[i, first:first + size]
            normal = (part - part.mean()) / math.sqrt(part.var() + eps)
            for j in range(size):
                out[i, first + j] = gamma[first + j] * normal[j] + beta[first + j]
    return out


def groupnorm_forward__split(X, groups, gamma, beta, eps=1e-5):
    """np.split raises the ValueError itself."""
    X, gamma, beta = _floats(X, gamma, beta)
    done = []
    for part in np.split(X, groups, axis=1):
        axes = tuple(range(1, X.ndim))
        mean, var = part.mean(axis=axes, keepdims=True), part.var(axis=axes, keepdims=True)
        done.append((part - mean) / np.sqrt(var + eps))
    normal = np.moveaxis(np.concatenate(done, axis=1), 1, -1)
    return np.moveaxis(gamma * normal + beta, -1, 1)


def groupnorm_forward__five_axes(X, groups, gamma, beta, eps=1e-5):
    X, gamma, beta = _floats(X, gamma, beta)
    n, c, *pixels = X.shape
    if groups * (c // groups) != c:
        raise ValueError("groups")
    split = X.reshape(n, groups, c // groups, *pixels)
    axes = tuple(range(2, split.ndim))
    split = split - split.mean(axis=axes, keepdims=True)
    split = split / np.sqrt((split ** 2).mean(axis=axes, keepdims=True) + eps)
    ones = [1] * len(pixels)
    split = split * gamma.reshape(groups, -1, *ones) + beta.reshape(groups, -1, *ones)
    return split.reshape(X.shape)


def groupnorm_forward__a_row_for_each_group(X, groups, gamma, beta, eps=1e-5):
    X, gamma, beta = _floats(X, gamma, beta)
    n, c = X.shape[:2]
    if c % groups != 0:
        raise ValueError
    rows = X.reshape(n * groups, -1)
    normal = ((rows.T - rows.mean(axis=1)) / np.sqrt(rows.var(axis=1) + eps)).T
    pixels = normal.reshape(n, c, -1)
    return (pixels * gamma[:, None] + beta[:, None]).reshape(X.shape)


# fold_batchnorm


def fold_batchnorm__diagonal(W, b, gamma, beta, mean, var, eps=1e-5):
    W, b, gamma, beta, mean, var = _floats(W, b, gamma, beta, mean, var)
    scale = np.diag(gamma * (var + eps) ** -0.5)
    return scale @ W, scale @ (b - mean) + beta


def fold_batchnorm__asked(W, b, gamma, beta, mean, var, eps=1e-5):
    """Ask batch norm itself: at 0 for the bias, at the unit vectors for the weights."""
    W, b, gamma, beta, mean, var = _floats(W, b, gamma, beta, mean, var)

    def normalized(X):
        return gamma * (X @ W.T + b - mean) / np.sqrt(var + eps) + beta

    b2 = normalized(np.zeros((1, W.shape[1])))[0]
    return (gamma * (np.eye(W.shape[1]) @ W.T) / np.sqrt(var + eps)).T, b2


def fold_batchnorm__units_one_by_one(W, b, gamma, beta, mean, var, eps=1e-5):
    W = np.array(W, dtype=float)
    b2 = np.empty(len(W))
    for unit in range(len(W)):
        scale = gamma[unit] / math.sqrt(var[unit] + eps)
        W[unit] *= scale
        b2[unit] = scale * b[unit] - scale * mean[unit] + beta[unit]
    return W, b2


def fold_batchnorm__transposes(W, b, gamma, beta, mean, var, eps=1e-5):
    W, b, gamma, beta, mean, var = _floats(W, b, gamma, beta, mean, var)
    sigma = np.sqrt(var + eps)
    return (W.T * gamma / sigma).T, beta - gamma * mean / sigma + gamma * b / sigma
