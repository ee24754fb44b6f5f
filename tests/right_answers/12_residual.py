"""Right answers to the exercises of lesson 12, each written differently.

`EXERCISE__LABEL` answers EXERCISE. Every one keeps to the whole contract (lists, whole numbers,
memory order), so every one earns full points.
"""

import math
from itertools import accumulate, combinations
from math import comb

import numpy as np

# block_forward


def block_forward__einsum(X, W1, b1, W2, b2):
    X = np.array(X, dtype=float)
    Z = np.einsum("nd,hd->nh", X, np.asarray(W1, dtype=float)) + np.asarray(b1)
    H = np.where(Z > 0, Z, 0.0)
    return np.einsum("nh,dh->nd", H, np.asarray(W2, dtype=float)) + np.asarray(b2) + X, (X, Z, H)


def block_forward__row_by_row(X, W1, b1, W2, b2):
    X, W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in (X, W1, b1, W2, b2))
    Z = np.array([W1 @ x + b1 for x in X])
    H = Z * (Z > 0)
    return np.array([x + W2 @ h + b2 for x, h in zip(X, H, strict=True)]), [X, Z, H]


def block_forward__loops(X, W1, b1, W2, b2):
    X = np.array(X, dtype=float)
    n, d = X.shape
    hidden = len(W1)
    Z, Y = np.zeros((n, hidden)), X.copy()
    for i in range(n):
        for j in range(hidden):
            Z[i, j] = b1[j] + sum(X[i, k] * W1[j][k] for k in range(d))
    H = (np.abs(Z) + Z) / 2
    for i in range(n):
        for k in range(d):
            Y[i, k] += b2[k] + sum(H[i, j] * W2[k][j] for j in range(hidden))
    return Y, (X, Z, H)


def block_forward__columns(X, W1, b1, W2, b2):
    X = np.asarray(X, dtype=float)
    Z = (np.asarray(W1, dtype=float) @ X.T + np.asarray(b1, dtype=float)[:, None]).T
    H = np.clip(Z, 0.0, None)
    out = np.asarray(W2, dtype=float) @ H.T + np.reshape(b2, (-1, 1))
    return (out + X.T).T, (X, Z, H)


def block_forward__one_matrix(X, W1, b1, W2, b2):
    """The bias as the weight of one more input, and the skip as the identity beside W2."""
    X = np.asarray(X, dtype=float)
    ones = np.ones((len(X), 1))
    Z = np.hstack([X, ones]) @ np.hstack([W1, np.reshape(b1, (-1, 1))]).T
    H = np.maximum(0, Z)
    wide = np.hstack([W2, np.reshape(b2, (-1, 1)), np.eye(X.shape[1])])
    return np.hstack([H, ones, X]) @ wide.T, (X, Z, H)


# block_backward


def block_backward__einsum(dY, cache, W1, W2):
    dY, W1, W2 = (np.array(part, dtype=float) for part in (dY, W1, W2))
    X, Z, H = map(np.asarray, cache)
    dZ = np.where(Z > 0, np.einsum("nd,dh->nh", dY, W2), 0.0)
    return (dY + np.einsum("nh,hd->nd", dZ, W1), np.einsum("nh,nd->hd", dZ, X),
            np.einsum("nh->h", dZ), np.einsum("nd,nh->dh", dY, H), np.einsum("nd->d", dY))


def block_backward__example_by_example(dY, cache, W1, W2):
    dY, W1, W2 = (np.asarray(part, dtype=float) for part in (dY, W1, W2))
    X, Z, H = (np.asarray(part, dtype=float) for part in cache)
    dX, dW1, dW2 = dY.copy(), np.zeros(W1.shape), np.zeros(W2.shape)
    db1, db2 = np.zeros(len(W1)), np.zeros(len(W2))
    for i, (dy, x, z, h) in enumerate(zip(dY, X, Z, H, strict=True)):
        dz = W2.T @ dy
        dz[z <= 0] = 0.0
        dX[i] += W1.T @ dz
        dW1 += np.outer(dz, x)
        dW2 += np.outer(dy, h)
        db1 += dz
        db2 += dy
    return dX, dW1, db1, dW2, db2


def block_backward__slope_from_h(dY, cache, W1, W2):
    """H is positive just where Z is."""
    X, _, H = (np.asarray(part, dtype=float) for part in cache)
    dY, W1, W2 = (np.asarray(part, dtype=float) for part in (dY, W1, W2))
    dZ = (dY @ W2) * np.sign(H)
    ones = np.ones(len(X))
    return np.add(dY, dZ @ W1), dZ.T @ X, ones @ dZ, dY.T @ H, ones @ dY


def block_backward__jacobian(dY, cache, W1, W2):
    """Each example's Jacobian, I + W2 diag(slope) W1."""
    X, Z, H = (np.asarray(part, dtype=float) for part in cache)
    dY, W1, W2 = (np.asarray(part, dtype=float) for part in (dY, W1, W2))
    slope = (Z > 0).astype(float)
    dX = np.array([dy @ (np.eye(len(dy)) + W2 @ np.diag(s) @ W1)
                   for dy, s in zip(dY, slope, strict=True)])
    dH = np.tensordot(dY, W2, axes=(1, 0))
    return [dX, np.tensordot(dH * slope, X, axes=(0, 0)), np.sum(dH * slope, 0),
            np.tensordot(dY, H, axes=(0, 0)), np.sum(dY, 0)]


def block_backward__loops(dY, cache, W1, W2):
    X, Z, H = (np.asarray(part, dtype=float) for part in cache)
    dY, W1, W2 = (np.asarray(part, dtype=float) for part in (dY, W1, W2))
    (n, d), hidden = X.shape, len(W1)
    dX, dW1, db1 = np.zeros((n, d)), np.zeros((hidden, d)), np.zeros(hidden)
    dW2, db2 = np.zeros((d, hidden)), np.zeros(d)
    for i in range(n):
        for k in range(d):
            dX[i, k] += dY[i, k]
            db2[k] += dY[i, k]
            for j in range(hidden):
                dW2[k, j] += dY[i, k] * H[i, j]
        for j in range(hidden):
            if Z[i, j] > 0:
                dz = sum(dY[i, k] * W2[k, j] for k in range(d))
                db1[j] += dz
                for k in range(d):
                    dW1[j, k] += dz * X[i, k]
                    dX[i, k] += dz * W1[j, k]
    return dX, dW1, db1, dW2, db2


# zero_init_block


def zero_init_block__scaled(d, hidden, rng):
    return (rng.standard_normal((hidden, d)) * (2 / d) ** 0.5, np.zeros((hidden,)),
            np.zeros((d, hidden)), np.zeros((d,)))


def zero_init_block__unit_by_unit(d, hidden, rng):
    W1 = np.empty((hidden, d))
    for unit in W1:
        unit[:] = rng.normal(scale=math.sqrt(2 / d), size=d)
    return W1, np.zeros(hidden), np.zeros((d, hidden)), np.zeros(d)


def zero_init_block__multivariate(d, hidden, rng):
    W1 = rng.multivariate_normal(np.zeros(d), 2 / d * np.eye(d), size=hidden)
    return [W1, 0.0 * np.arange(hidden), np.zeros_like(W1.T), 0.0 * np.arange(d)]


def zero_init_block__box_muller(d, hidden, rng):
    """Normal draws from uniform ones."""
    u, v = 1 - rng.random((hidden, d)), rng.random((hidden, d))
    draws = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
    return draws / np.sqrt(d / 2), np.zeros(hidden), np.zeros((d, hidden)), np.zeros(d)


def zero_init_block__entry_by_entry(d, hidden, rng):
    W1 = [[rng.normal(0, np.sqrt(2 / d)) for _ in range(d)] for _ in range(hidden)]
    return np.array(W1), np.full(hidden, 0.0), np.full((d, hidden), 0.0), np.full(d, 0.0)


# lesion


def lesion__delete(blocks, accuracy):
    found = np.zeros(len(blocks))
    for k in range(len(blocks)):
        left = list(blocks)
        del left[k]
        found[k] = accuracy(left)
    return found


def lesion__by_place(blocks, accuracy):
    return np.array([float(accuracy([block for j, block in enumerate(blocks) if j != k]))
                     for k, _ in enumerate(blocks)])


def lesion__pop(blocks, accuracy):
    found = []
    for k in range(len(blocks)):
        left = blocks.copy()
        left.pop(k)
        found.append(accuracy(left))
    return np.asarray(found, dtype=np.float64)


def lesion__take_out_and_put_back(blocks, accuracy):
    """On a list of its own, each block comes back to its place."""
    left, found = blocks[:], []
    for k in range(len(blocks)):
        block = left.pop(k)
        found.append(accuracy(left))
        left.insert(k, block)
    return np.array(found) * 1.0


def lesion__combinations(blocks, accuracy):
    """The choices of L - 1 places come in the reverse order of the one that is missing."""
    places = combinations(range(len(blocks)), len(blocks) - 1)
    found = [accuracy([blocks[j] for j in kept]) for kept in places]
    return np.array(found[::-1], dtype=float)


# path_counts


def path_counts__comb(L):
    return [comb(L, k) for k in range(L + 1)]


def path_counts__factorials(L):
    return [math.factorial(L) // (math.factorial(k) * math.factorial(L - k)) for k in range(L + 1)]


def path_counts__along_the_row(L):
    row = [1]
    for k in range(L):
        row.append(row[-1] * (L - k) // (k + 1))
    return row


def path_counts__recursion(L):
    if L == 0:
        return [1]
    before = path_counts__recursion(L - 1)
    return [a + b for a, b in zip([0, *before], [*before, 0], strict=True)]


def path_counts__digits_of_a_power(L):
    """(1 + x) ** L at an x so large that the coefficients stand side by side."""
    width = L + 1
    power = (1 + (1 << width)) ** L
    return [(power >> (width * k)) & ((1 << width) - 1) for k in range(L + 1)]


def path_counts__accumulate(L):
    """Pascal's triangle along its diagonals: partial sums, again and again."""
    column, row = [1] * (L + 1), []
    for k in range(L + 1):
        row.append(column[L - k])
        column = list(accumulate(column[:L - k])) if k < L else column
    return row


# projection_block


def projection_block__matrix_for_the_identity(X, W1, b1, W2, b2, Ws=None):
    X = np.asarray(X, dtype=float)
    Ws = np.eye(X.shape[1]) if Ws is None else np.asarray(Ws, dtype=float)
    Z = X @ np.asarray(W1, dtype=float).T + b1
    return X @ Ws.T + np.where(Z > 0, Z, 0.0) @ np.asarray(W2, dtype=float).T + b2


def projection_block__einsum(X, W1, b1, W2, b2, Ws=None):
    X = np.asarray(X, dtype=float)
    H = np.clip(np.einsum("nd,hd->nh", X, np.asarray(W1, dtype=float)) + b1, 0, None)
    Y = np.einsum("nh,oh->no", H, np.asarray(W2, dtype=float)) + b2
    if Ws is not None:
        return Y + np.einsum("nd,od->no", X, np.asarray(Ws, dtype=float))
    return Y + X


def projection_block__row_by_row(X, W1, b1, W2, b2, Ws=None):
    W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in (W1, b1, W2, b2))
    rows = []
    for x in np.asarray(X, dtype=float):
        around = x if Ws is None else np.asarray(Ws, dtype=float).dot(x)
        z = W1.dot(x) + b1
        rows.append(around + W2.dot(z * (z > 0)) + b2)
    return np.array(rows)


def projection_block__one_product(X, W1, b1, W2, b2, Ws=None):
    """Branch and way around side by side in one matrix."""
    X, W2 = np.asarray(X, dtype=float), np.asarray(W2, dtype=float)
    H = np.maximum(0.0, X @ np.asarray(W1, dtype=float).T + np.asarray(b1))
    around = np.identity(len(W2)) if Ws is None else np.asarray(Ws, dtype=float)
    return np.hstack([H, X]) @ np.hstack([W2, around]).T + np.asarray(b2)


def projection_block__loops(X, W1, b1, W2, b2, Ws=None):
    n, d, hidden, out = len(X), len(W1[0]), len(W1), len(W2)
    Y = np.zeros((n, out))
    for i in range(n):
        h = [max(0.0, b1[j] + sum(W1[j][k] * X[i][k] for k in range(d))) for j in range(hidden)]
        for o in range(out):
            Y[i, o] = b2[o] + sum(W2[o][j] * h[j] for j in range(hidden))
            Y[i, o] += X[i][o] if Ws is None else sum(Ws[o][k] * X[i][k] for k in range(d))
    return Y


# stochastic_depth


def _allowed(p):
    if p < 0 or p >= 1:
        raise ValueError(p)


def stochastic_depth__loop(branch, X, p, rng, training):
    _allowed(p)
    X = np.array(X, dtype=float)
    F = np.asarray(branch(X))
    Y = X + F
    if training:
        for i in range(len(X)):
            Y[i] = X[i] if rng.random() < p else X[i] + F[i] / (1 - p)
    return Y


def stochastic_depth__binomial(branch, X, p, rng, training):
    _allowed(p)
    X = np.asarray(X, dtype=float)
    if not training:
        return np.add(X, branch(X))
    scale = rng.binomial(1, 1 - p, size=len(X)) / (1 - p)
    return X + (np.asarray(branch(X)).T * scale).T


def stochastic_depth__choice(branch, X, p, rng, training):
    if not (0 <= p < 1):
        raise ValueError("p")
    X = np.asarray(X, dtype=float)
    scale = np.ones(len(X))
    if training:
        scale = rng.choice([0.0, 1 / (1 - p)], size=len(X), p=[p, 1 - p])
    return X + np.einsum("n,n...->n...", scale, np.asarray(branch(X), dtype=float))


def stochastic_depth__boolean_index(branch, X, p, rng, training):
    _allowed(p)
    Y = np.array(X, dtype=float)
    F = np.array(branch(Y.copy()), dtype=float)
    if training:
        F[rng.uniform(size=len(F)) < p] = 0.0
        F /= 1 - p
    return Y + F


def stochastic_depth__where(branch, X, p, rng, training):
    _allowed(p)
    X = np.asarray(X, dtype=float)
    F = np.asarray(branch(X), dtype=float)
    shape = (X.shape[0], *(1 for _ in X.shape[1:]))
    if training:
        F = np.where(rng.random(shape) < 1 - p, F / (1 - p), 0.0)
    return X + F


def stochastic_depth__flat(branch, X, p, rng, training):
    _allowed(p)
    X = np.asarray(X, dtype=float)
    F = np.reshape(branch(X), (len(X), -1))
    if training:
        F = np.diag((rng.random(len(X)) >= p) / (1 - p)) @ F
    return X + F.reshape(X.shape)
