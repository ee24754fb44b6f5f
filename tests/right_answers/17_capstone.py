"""Right answers to the exercises of lesson 17, each written differently.

`EXERCISE__LABEL` answers EXERCISE, and keeps to the whole contract (lists, empty bins, a confidence
of exactly 1), so it earns full points.
"""

import math
from collections import Counter

import numpy as np
from scipy import optimize, special

# confusion


def confusion__a_counter(y, predicted, classes):
    counts = Counter(zip(np.asarray(y).tolist(), np.asarray(predicted).tolist(), strict=True))
    names = np.asarray(classes).tolist()
    table = [[counts[truth, guess] for guess in names] for truth in names]
    return np.array(table, dtype=int)


def confusion__masks(y, predicted, classes):
    y, predicted = np.asarray(y), np.asarray(predicted)
    table = np.empty((len(classes), len(classes)), dtype=np.int64)
    for i, truth in enumerate(classes):
        for j, guess in enumerate(classes):
            table[i, j] = np.count_nonzero((y == truth) & (predicted == guess))
    return table


def confusion__add_at(y, predicted, classes):
    names = list(classes)
    rows = np.array([names.index(one) for one in y], dtype=int)
    columns = np.array([names.index(one) for one in predicted], dtype=int)
    table = np.zeros((len(names), len(names)), dtype=np.int32)
    np.add.at(table, (rows, columns), 1)
    return table


def confusion__product_of_one_hots(y, predicted, classes):
    def coded(labels):
        return np.array([[int(one == name) for name in classes] for one in labels],
                        dtype=int).reshape(len(labels), len(classes))

    return coded(y).T @ coded(predicted)


def confusion__bincount(y, predicted, classes):
    place, k = {name: at for at, name in enumerate(classes)}, len(classes)
    codes = [k * place[t] + place[p] for t, p in zip(y, predicted, strict=True)]
    return np.bincount(np.array(codes, dtype=int), minlength=k * k).reshape(k, k)


# calibration_error


def calibration_error__example_by_example(P, y, bins=10):
    sums = [[0.0, 0.0] for _ in range(bins)]
    for row, truth in zip(np.asarray(P, dtype=float).tolist(), np.asarray(y).tolist(), strict=True):
        sure = max(row)
        k = next(k for k in range(bins) if sure <= (k + 1) / bins or k == bins - 1)
        sums[k][0] += row.index(sure) == truth
        sums[k][1] += sure
    return sum(abs(right - sure) for right, sure in sums) / len(P)


def calibration_error__bincount(P, y, bins=10):
    P = np.asarray(P, dtype=float)
    sure, right = P.max(axis=-1), (P.argmax(axis=-1) == np.asarray(y)).astype(float)
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(place, weights=right - sure, minlength=bins)
    return np.abs(gaps).sum() / len(sure)


def calibration_error__digitize(P, y, bins=10):
    P, y = np.array(P, dtype=float), np.array(y)
    sure = P[np.arange(len(P)), np.argmax(P, axis=1)]
    right = np.argmax(P, axis=1) == y
    place = np.digitize(sure, np.arange(1, bins) / bins, right=True)
    total = 0.0
    for k in range(bins):
        members = np.flatnonzero(place == k)
        if members.size == 0:
            continue
        total += members.size * abs(np.mean(right[members]) - np.mean(sure[members]))
    return float(total / len(y))


def calibration_error__matrix_of_bins(P, y, bins=10):
    P = np.asarray(P) * 1.0
    sure, right = P.max(1), P.argmax(1) == y
    edges = np.linspace(0.0, 1.0, bins + 1)
    member = (sure[None] > edges[:-1, None]) & (sure[None] <= edges[1:, None])
    return float(np.abs(member @ (right - sure)).sum() / len(P))


# temperature


def _mean_loss(Z, y, T):
    S = Z / T
    return np.mean(special.logsumexp(S, axis=1) - S[np.arange(len(S)), y])


def temperature__scipy(Z, y):
    Z, y = np.asarray(Z, dtype=float), np.asarray(y)
    found = optimize.minimize_scalar(lambda t: _mean_loss(Z, y, np.exp(t)), bounds=(-3.5, 3.5),
                                     method="bounded", options={"xatol": 1e-8})
    return float(np.exp(found.x))


def temperature__golden_section(Z, y):
    Z, y = np.array(Z, dtype=float), np.array(y)
    low, high, golden = math.log(0.02), math.log(50), (math.sqrt(5) - 1) / 2
    a, b = high - golden * (high - low), low + golden * (high - low)
    at_a, at_b = (_mean_loss(Z, y, math.exp(t)) for t in (a, b))
    while high - low > 1e-6:
        if at_a < at_b:
            high, b, at_b = b, a, at_a
            a = high - golden * (high - low)
            at_a = _mean_loss(Z, y, math.exp(a))
        else:
            low, a, at_a = a, b, at_b
            b = low + golden * (high - low)
            at_b = _mean_loss(Z, y, math.exp(b))
    return math.exp((low + high) / 2)


def temperature__grid_upon_grid(Z, y):
    Z, y = np.asarray(Z, dtype=float), np.asarray(y)
    low, high = math.log(0.02), math.log(50)
    for _ in range(7):
        grid = np.linspace(low, high, 21)
        best = int(np.argmin([_mean_loss(Z, y, np.exp(t)) for t in grid]))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, 20)]
    return np.exp((low + high) / 2)


def temperature__newton_with_a_net(Z, y):
    Z = np.asarray(Z, dtype=float)
    Z = Z - Z.max(axis=1, keepdims=True)
    right = Z[np.arange(len(Z)), np.asarray(y)].mean()
    low, high = 0.01, 100.0  # of 1/T
    beta = 1.0
    for _ in range(200):
        P = np.exp(beta * Z)
        P /= P.sum(axis=1, keepdims=True)
        expected = (P * Z).sum(axis=1)
        slope = expected.mean() - right
        bend = ((P * Z ** 2).sum(axis=1) - expected ** 2).mean()
        if slope > 0:
            high = beta
        else:
            low = beta
        new = beta - slope / bend if bend > 0 else low
        beta = new if low < new < high else math.sqrt(low * high)
    return 1 / beta


def temperature__root(Z, y):
    Z, y = np.asarray(Z, dtype=float), np.asarray(y)

    def slope(t):
        P = special.softmax(Z * np.exp(t), axis=1)
        return np.mean(np.sum(P * Z, axis=1) - Z[np.arange(len(y)), y])

    return float(np.exp(-optimize.brentq(slope, -4.5, 4.5)))


# bootstrap_difference


def bootstrap_difference__one_at_a_time(correct_a, correct_b, rounds, rng):
    a, b = np.array(correct_a, dtype=float), np.array(correct_b, dtype=float)
    gaps = []
    for _ in range(rounds):
        rows = rng.integers(0, len(a), len(a))
        gaps.append(a[rows].mean() - b[rows].mean())
    return float(np.percentile(gaps, 2.5)), float(np.percentile(gaps, 97.5))


def bootstrap_difference__multinomial(correct_a, correct_b, rounds, rng):
    gap = np.asarray(correct_a, dtype=int) - np.asarray(correct_b, dtype=int)
    n = len(gap)
    shares = [np.mean(gap == value) for value in (1, -1, 0)]
    drawn = rng.multinomial(n, shares, size=rounds)
    return tuple(np.quantile((drawn[:, 0] - drawn[:, 1]) / n, [0.025, 0.975]))


def bootstrap_difference__weights_of_rows(correct_a, correct_b, rounds, rng):
    a, b = (np.asarray(one).astype(float) for one in (correct_a, correct_b))
    counts = rng.multinomial(a.size, np.full(a.size, 1 / a.size), size=rounds)
    low, high = np.percentile(counts @ a / a.size - counts @ b / a.size, (2.5, 97.5))
    return low, high


def bootstrap_difference__choice_of_pairs(correct_a, correct_b, rounds, rng):
    pairs = np.column_stack([correct_a, correct_b]).astype(float)
    drawn = rng.choice(pairs, size=(rounds, len(pairs)))
    means = drawn.mean(axis=1)
    low, high = np.quantile(means[:, 0] - means[:, 1], [0.025, 0.975])
    return float(low), float(high)


# train_digits


def train_digits__nearest_neighbor(X, y, rng):
    X, y = np.array(X, dtype=float), np.array(y)

    def predict(new):
        distances = ((np.asarray(new, dtype=float)[:, None] - X) ** 2).sum(axis=2)
        return y[distances.argmin(axis=1)]

    return predict


def train_digits__three_neighbors(X, y, rng):
    X, y = np.array(X, dtype=float), np.array(y)

    def one(x):
        nearest = y[np.argsort(((X - x) ** 2).sum(axis=1), kind="stable")[:3]].tolist()
        return max(nearest, key=nearest.count)

    return lambda new: np.array([one(x) for x in np.asarray(new, dtype=float)])


def train_digits__kernel_ridge(X, y, rng):
    X, y = np.asarray(X, dtype=float) / 16, np.asarray(y)

    def kernel(A, B):
        squares = (A ** 2).sum(axis=1)[:, None] + (B ** 2).sum(axis=1) - 2 * A @ B.T
        return np.exp(-squares / 6)

    weights = np.linalg.solve(kernel(X, X) + 0.01 * np.eye(len(X)), np.eye(10)[y])

    def predict(new):
        scores = kernel(np.asarray(new, dtype=float) / 16, X) @ weights
        return np.round(scores, 9).argmax(axis=1)

    return predict


def train_digits__random_features(X, y, rng):
    X, y = np.asarray(X, dtype=float) / 16, np.asarray(y)
    W, b = 1.2 * rng.normal(size=(64, 1500)) / np.sqrt(3), rng.uniform(0, 2 * np.pi, 1500)
    F = np.cos(X @ W / 2 + b)
    solved = np.linalg.solve(F.T @ F + 0.5 * np.eye(1500), F.T @ (np.eye(10)[y] - 0.1))

    def predict(new):
        return np.round(np.cos(np.asarray(new) / 16 @ W / 2 + b) @ solved, 9).argmax(axis=1)

    return predict


def train_digits__gaussian_classes(X, y, rng):
    """Quadratic discriminants with shrunken covariances."""
    X, y = np.asarray(X, dtype=float) / 16, np.asarray(y)
    parts = []
    for k in range(10):
        inside = X[y == k]
        mean = inside.mean(axis=0)
        spread = (inside - mean).T @ (inside - mean) / len(inside) + 0.02 * np.eye(64)
        parts.append((mean, np.linalg.inv(spread), np.linalg.slogdet(spread)[1]))

    def predict(new):
        new = np.asarray(new, dtype=float) / 16
        far = [np.einsum("ni,ij,nj->n", new - m, inverse, new - m) + size
               for m, inverse, size in parts]
        return np.argmin(far, axis=0)

    return predict


# bugs


def bugs__by_lesson():
    return {26, 37, 15, 13, 40}


def bugs__collected():
    found = set()
    for number in (13, 15, 26, 37, 40):
        found.add(number)
    return found


def bugs__of_numpy():
    return set(np.array([40, 37, 26, 15, 13]))
