"""Right answers to the exercises of lesson 16, written in different ways.

`EXERCISE__LABEL` is one; each has to get full points, and no misconception is seen in it.
"""

from itertools import combinations, permutations, product
from math import comb, factorial

import numpy as np

# saliency


def saliency__example_by_example(X, weights, biases, classes):
    weights = [np.array(W, dtype=float) for W in weights]
    rows = []
    for x, c in zip(np.array(X, dtype=float), classes, strict=True):
        a, jacobian = x, np.eye(len(x))
        for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
            z, jacobian = W @ a + np.asarray(b), W @ jacobian
            if k + 1 < len(weights):
                jacobian = np.where(z > 0, 1.0, 0.0)[:, None] * jacobian
                a = np.maximum(z, 0)
        rows.append(jacobian[c])
    return np.array(rows)


def saliency__from_a_one_hot(X, weights, biases, classes):
    A, Zs = np.asarray(X, dtype=float), []
    for W, b in zip(weights, biases, strict=True):
        Zs.append(A @ np.asarray(W, dtype=float).T + b)
        A = Zs[-1] * (Zs[-1] > 0)
    D = np.zeros(Zs[-1].shape)
    D[np.arange(len(D)), classes] = 1.0
    D = D @ np.asarray(weights[-1], dtype=float)
    for k in range(len(weights) - 2, -1, -1):
        D = (D * (Zs[k] > 0)) @ np.asarray(weights[k], dtype=float)
    return D


def saliency__einsum(X, weights, biases, classes):
    weights = [np.asarray(W, dtype=float) for W in weights]
    A, masks = np.asarray(X, dtype=float), []
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        Z = np.einsum("nd,od->no", A, W) + np.asarray(b, dtype=float)
        masks.insert(0, (Z > 0).astype(float))
        A = np.clip(Z, 0, None)
    G = np.stack([weights[-1][c] for c in classes])
    for W, mask in zip(weights[-2::-1], masks, strict=True):
        G = np.einsum("no,no,od->nd", G, mask, W)
    return G


def saliency__recursive(X, weights, biases, classes):
    def back(A, k):
        W = np.asarray(weights[k], dtype=float)
        if k == len(weights) - 1:
            return W[list(classes)]
        Z = A @ W.T + np.asarray(biases[k], dtype=float)
        return (back(np.where(Z > 0, Z, 0.0), k + 1) * np.heaviside(Z, 0.0)) @ W

    return back(np.asarray(X, dtype=float), 0)


# integrated_gradients


def integrated_gradients__mean_of_a_list(grad, x, baseline, steps):
    x, baseline = np.array(x, dtype=float), np.array(baseline, dtype=float)
    shares = (np.arange(steps) + 0.5) / steps
    return (x - baseline) * np.mean([grad(baseline + a * (x - baseline)) for a in shares], axis=0)


def integrated_gradients__weighted_ends(grad, x, baseline, steps):
    x, baseline = np.array(x, dtype=float), np.array(baseline, dtype=float)
    found = np.zeros_like(x)
    for k in range(steps):
        a = (2 * k + 1) / (2 * steps)
        found = found + np.asarray(grad((1 - a) * baseline + a * x)) * (x - baseline) / steps
    return found


def integrated_gradients__from_x_backward(grad, x, baseline, steps):
    x, baseline = np.array(x, dtype=float), np.array(baseline, dtype=float)
    step = (x - baseline) / steps
    return step * sum(np.asarray(grad(x - (k + 0.5) * step)) for k in range(steps))


def integrated_gradients__linspace(grad, x, baseline, steps):
    ends = np.linspace(baseline, x, steps + 1)
    middles = (ends[1:] + ends[:-1]) / 2
    slopes = np.array([grad(one) for one in middles], dtype=float)
    return (np.diff(ends, axis=0) * slopes).sum(axis=0)


# occlusion


def occlusion__restored(score, image, size, value):
    image = np.array(image, dtype=float)
    before, (h, w) = score(image), image.shape
    found = np.empty((h - size + 1, w - size + 1))
    for i, j in np.ndindex(found.shape):
        kept = image[i:i + size, j:j + size].copy()
        image[i:i + size, j:j + size] = value
        found[i, j] = before - score(image)
        image[i:i + size, j:j + size] = kept
    return found


def occlusion__where(score, image, size, value):
    image = np.asarray(image, dtype=float)
    rows, columns = np.indices(image.shape)
    h, w = image.shape

    def covered(i, j):
        inside = (rows >= i) & (rows < i + size) & (columns >= j) & (columns < j + size)
        return np.where(inside, value, image)

    return np.array([[float(score(image)) - score(covered(i, j)) for j in range(w - size + 1)]
                     for i in range(h - size + 1)], dtype=np.float64)


def occlusion__mixed(score, image, size, value):
    image = np.array(image, dtype=np.float64)
    h, w = image.shape
    drops = np.full((h - size + 1, w - size + 1), float(score(image)))
    for place in product(range(h - size + 1), range(w - size + 1)):
        keep = np.ones((h, w))
        keep[place[0]:place[0] + size, place[1]:place[1] + size] = 0.0
        drops[place] -= score(keep * image + (1 - keep) * value)
    return drops


def occlusion__flat_indices(score, image, size, value):
    image = np.asarray(image, dtype=float)
    h, w = image.shape
    flat, places = image.ravel(), np.arange(h * w).reshape(h, w)
    windows = np.lib.stride_tricks.sliding_window_view(places, (size, size))
    found = np.zeros(windows.shape[:2])
    for i in range(found.shape[0]):
        for j in range(found.shape[1]):
            covered = flat.copy()
            covered[windows[i, j].ravel()] = value
            found[i, j] = score(flat.reshape(h, w).copy()) - score(covered.reshape(h, w))
    return found


# permutation_importance


def permutation_importance__one_order_for_all(score, X, y, rng):
    X = np.array(X, dtype=float)
    order, before = rng.permutation(len(X)), score(X.copy(), y)
    drops = []
    for j in range(X.shape[1]):
        kept = X[:, j].copy()
        X[:, j] = kept[order]
        drops.append(before - score(X.copy(), y))
        X[:, j] = kept
    return np.array(drops, dtype=float)


def permutation_importance__shuffle_in_a_copy(score, X, y, rng):
    X = np.asarray(X, dtype=float)
    found = np.zeros(X.shape[1])
    for j in range(X.shape[1]):
        table = np.array(X)
        rng.shuffle(table[:, j])
        found[j] = score(X.copy(), y) - score(table, y)
    return found


def permutation_importance__from_random_numbers(score, X, y, rng):
    X = np.asarray(X, dtype=float)
    orders = rng.random(X.shape).argsort(axis=0)
    shuffled = np.take_along_axis(X, orders, axis=0)
    d = X.shape[1]
    return score(X.copy(), y) - np.array([
        score(np.where(np.arange(d) == j, shuffled, X), y) for j in range(d)], dtype=float)


def permutation_importance__columns_put_together(score, X, y, rng):
    columns = list(np.array(X, dtype=float).T)
    before = float(score(np.array(X, dtype=float), y))
    drops = []
    for j, column in enumerate(columns):
        others = [*columns[:j], rng.permuted(column), *columns[j + 1:]]
        drops.append(before - score(np.column_stack(others), y))
    return np.array(drops)


# lime


def lime__normal_equations(predict, x, samples, sigma, width, rng):
    x = np.asarray(x, dtype=float)
    D = sigma * rng.standard_normal((samples, x.size))
    w = np.exp(-(D ** 2).sum(axis=1) / width ** 2)
    A = np.hstack([np.ones((samples, 1)), D])
    p = np.asarray(predict(x + D), dtype=float)
    return np.linalg.solve(A.T @ (w[:, None] * A), A.T @ (w * p))[1:]


def lime__centered(predict, x, samples, sigma, width, rng):
    Z = np.asarray(x, dtype=float) + rng.normal(0.0, sigma, size=(samples, len(x)))
    w = np.exp(-np.linalg.norm(Z - x, axis=1) ** 2 / width ** 2)
    p = np.asarray(predict(Z), dtype=float)
    A, b = Z - np.average(Z, axis=0, weights=w), p - np.average(p, weights=w)
    return np.linalg.lstsq(A * np.sqrt(w)[:, None], b * np.sqrt(w), rcond=None)[0]


def lime__row_by_row(predict, x, samples, sigma, width, rng):
    rows, answers, roots = [], [], []
    for _ in range(samples):
        z = np.array([each + sigma * rng.normal() for each in x], dtype=float)
        root = float(np.exp(-sum((z - np.asarray(x)) ** 2) / (2 * width ** 2)))
        rows.append(root * np.array([*z, 1.0]))
        answers.append(root * float(np.asarray(predict(z[None]))[0]))
        roots.append(root)
    return np.linalg.pinv(np.array(rows)) @ np.array(answers) @ np.eye(len(x) + 1)[:, :-1]


def lime__polyfit_like_qr(predict, x, samples, sigma, width, rng):
    x = np.array(x, dtype=np.float64)
    Z = rng.normal(loc=x, scale=sigma, size=(samples, len(x)))
    root = np.exp(-np.square(Z - x).sum(axis=-1) / width ** 2) ** 0.5
    half = samples // 2
    p = np.concatenate([predict(Z[:half]), predict(Z[half:])])
    Q, R = np.linalg.qr(root[:, None] * np.insert(Z - x, 0, 1.0, axis=1))
    return np.linalg.solve(R, Q.T @ (root * p))[1:]


# coalition_value


def coalition_value__column_assignment(predict, x, background):
    x, background = np.array(x, dtype=float), np.array(background, dtype=float)

    def value(mask):
        rows = background.copy()
        rows[:, mask] = x[mask]
        return np.mean(predict(rows))

    return value


def coalition_value__arithmetic(predict, x, background):
    def value(mask):
        known = np.asarray(mask, dtype=float)
        rows = known * np.asarray(x) + (1 - known) * np.asarray(background)
        return float(np.sum(predict(rows)) / len(background))

    return value


def coalition_value__row_by_row(predict, x, background):
    class Game:
        def __call__(self, mask):
            total = 0.0
            for row in background:
                mixed = [a if known else b for a, b, known in zip(x, row, mask, strict=True)]
                total += float(np.asarray(predict(np.array([mixed], dtype=float)))[0])
            return total / len(background)

    return Game()


def coalition_value__lambda(predict, x, background):
    rows = np.tile(np.asarray(x, dtype=float), (len(background), 1))
    return lambda mask: float(np.average(predict(np.choose(
        np.asarray(mask, dtype=int), [np.asarray(background, dtype=float), rows]))))


# shapley


def shapley__combinations(value, n):
    def worth(players):
        mask = np.zeros(n, dtype=bool)
        mask[list(players)] = True
        return value(mask)

    shares = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        shares.append(sum(sum(worth((*some, i)) - worth(some) for some in combinations(others, s))
                          / comb(n - 1, s) for s in range(n)) / n)
    return np.array(shares, dtype=float)


def shapley__masks_in_a_dict(value, n):
    worth = {mask: value(np.array(mask)) for mask in product([False, True], repeat=n)}
    shares = np.zeros(n)
    for mask, before in worth.items():
        s = sum(mask)
        for i in range(n):
            if not mask[i]:
                after = worth[(*mask[:i], True, *mask[i + 1:])]
                shares[i] += factorial(s) * factorial(n - s - 1) / factorial(n) * (after - before)
    return shares


def shapley__dividends(value, n):
    numbers = np.arange(2 ** n)
    extra = np.array([float(value(numbers[k] >> np.arange(n) & 1 > 0)) for k in numbers])
    for i in range(n):
        inside = numbers[numbers >> i & 1 > 0]
        extra[inside] -= extra[inside - 2 ** i]
    members = (numbers[:, None] >> np.arange(n)) & 1
    return (members * (extra / np.maximum(members.sum(axis=1), 1))[:, None]).sum(axis=0)


def shapley__table(value, n):
    members = np.array(list(product([False, True], repeat=n)))
    worth = np.array([value(row.copy()) for row in members], dtype=float)
    shares = np.zeros(n)
    for i in range(n):
        absent, present = worth[~members[:, i]], worth[members[:, i]]
        sizes = members[~members[:, i]].sum(axis=1)
        weights = 1 / (n * np.array([comb(n - 1, int(s)) for s in sizes]))
        shares[i] = weights @ (present - absent)
    return shares


def shapley__orders_when_few(value, n):
    if n > 5:
        return shapley__table(value, n)
    shares, count = np.zeros(n), 0
    for order in permutations(range(n)):
        mask, count = np.zeros(n, dtype=bool), count + 1
        before = value(mask)
        for i in order:
            mask[i] = True
            after = value(mask)
            shares[i] += after - before
            before = after
    return shares / count


# shapley_sampled


def shapley_sampled__sorted_numbers(value, n, rounds, rng):
    total = np.zeros(n)
    for _ in range(rounds):
        arrival = rng.random(n)
        for i in range(n):
            there = arrival < arrival[i]
            total[i] += value(arrival <= arrival[i]) - value(there)
    return total / rounds


def shapley_sampled__diff(value, n, rounds, rng):
    found = np.empty((rounds, n))
    for row in found:
        order = rng.permutation(n)
        masks = [np.isin(np.arange(n), order[:k]) for k in range(n + 1)]
        row[order] = np.diff([value(mask) for mask in masks])
    return found.mean(axis=0)


def shapley_sampled__leaving(value, n, rounds, rng):
    shares = [0.0] * n
    players = list(range(n))
    for _ in range(rounds):
        rng.shuffle(players)
        mask = np.full(n, True)
        for i in players:
            before = value(mask)
            mask[i] = False
            shares[i] += (before - value(mask)) / rounds
    return np.array(shares)


def shapley_sampled__remembered(value, n, rounds, rng):
    known = {}

    def worth(mask):
        key = mask.tobytes()
        if key not in known:
            known[key] = float(value(mask.copy()))
        return known[key]

    total = np.zeros(n)
    for _ in range(rounds):
        mask = np.zeros(n, dtype=bool)
        for i in rng.choice(n, size=n, replace=False):
            before = worth(mask)
            mask[i] = True
            total[i] += worth(mask) - before
    return np.divide(total, rounds)
