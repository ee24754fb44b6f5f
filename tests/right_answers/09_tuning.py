"""Right answers to the exercises of lesson 9, each written differently.

`EXERCISE__LABEL` answers EXERCISE, and keeps to the whole contract (lists, empty parts, NaN), so it
earns full points.
"""

import math
from collections import defaultdict
from fractions import Fraction
from itertools import accumulate, pairwise

import numpy as np

# split_indices


def split_indices__slices(n, fractions, rng):
    order, start, parts = rng.permutation(n), 0, []
    for total in accumulate(fractions):
        end = int(np.round(n * total))
        parts.append(order[start:end])
        start = end
    return parts


def split_indices__sorted_random_numbers(n, fractions, rng):
    order = np.argsort(rng.random(n))
    ends = np.rint(n * np.cumsum(fractions)).astype(int)
    return tuple(np.sort(part) for part in np.array_split(order, ends)[:-1])


def split_indices__names_on_rows(n, fractions, rng):
    sizes = [b - a for a, b in pairwise([0, *(round(n * s) for s in accumulate(fractions))])]
    owner = np.repeat(np.arange(len(sizes)), sizes)
    rng.shuffle(owner)
    return [np.flatnonzero(owner == part) for part in range(len(sizes))]


def split_indices__a_list_that_is_dealt(n, fractions, rng):
    rows = list(range(n))
    for k in range(n - 1, 0, -1):  # Fisher and Yates
        other = int(rng.integers(k + 1))
        rows[k], rows[other] = rows[other], rows[k]
    parts, start, total = [], 0, 0.0
    for share in fractions:
        total += share
        parts.append(np.array(rows[start:round(n * total)], dtype=np.int32))
        start = round(n * total)
    return parts


def split_indices__choice(n, fractions, rng):
    order = rng.choice(n, size=n, replace=False)
    ends = [0]
    for total in np.cumsum(np.asarray(fractions, dtype=float)):
        ends.append(round(float(total) * n))
    return [order[ends[k]:ends[k + 1]].copy() for k in range(len(fractions))]


# stratified_split


def stratified_split__shuffle_all_first(y, fraction, rng):
    y = np.asarray(y)
    order, val = rng.permutation(len(y)), np.zeros(len(y), dtype=bool)
    for label in set(y.tolist()):
        rows = order[y[order] == label]
        val[rows[:round(len(rows) * fraction)]] = True
    return np.flatnonzero(~val), np.flatnonzero(val)


def stratified_split__dictionary(y, fraction, rng):
    rows_of = defaultdict(list)
    for row, label in enumerate(np.asarray(y).tolist()):
        rows_of[label].append(row)
    train, val = [np.zeros(0, dtype=int)], [np.zeros(0, dtype=int)]
    for rows in rows_of.values():
        mixed = rng.permutation(rows)
        cut = round(fraction * len(rows))
        val.append(mixed[:cut])
        train.append(mixed[cut:])
    return np.concatenate(train), np.concatenate(val)


def stratified_split__choice_and_difference(y, fraction, rng):
    y, val = np.array(y), []
    for label in np.unique(y):
        rows = np.where(y == label)[0]
        val += rng.choice(rows, size=round(rows.size * fraction), replace=False).tolist()
    val = np.array(sorted(val), dtype=np.int64)
    return [np.setdiff1d(np.arange(len(y)), val), val]


def stratified_split__ranks_in_the_class(y, fraction, rng):
    y = np.asarray(y, dtype=int)
    luck = rng.random(len(y))
    in_val = np.array([np.sum((y == label) & (luck < mine)) < round(np.sum(y == label) * fraction)
                       for label, mine in zip(y, luck, strict=True)], dtype=bool)
    return np.nonzero(~in_val)[0], np.nonzero(in_val)[0]


# one_hot


def one_hot__compared_columns(labels, classes):
    labels, classes = list(labels), list(classes)
    if set(labels) - set(classes):
        raise ValueError("unknown label")
    table = [[float(label == one) for one in classes] for label in labels]
    return np.array(table, dtype=float).reshape(len(labels), len(classes))


def one_hot__rows_of_the_identity(labels, classes):
    known = np.asarray(classes).tolist()
    places = np.array([known.index(label) for label in np.asarray(labels).tolist()], dtype=int)
    return np.eye(len(known))[places]  # index raises a ValueError for what it can't find


def one_hot__broadcast(labels, classes):
    if len(labels) == 0:
        return np.zeros((0, len(classes)))
    equal = np.asarray(labels)[:, None] == np.asarray(classes)[None, :]
    if not equal.any(axis=1).all():
        raise ValueError("a label is not among the classes")
    return equal.astype(np.float64)


def one_hot__search_in_sorted(labels, classes):
    classes = np.asarray(classes)
    order = np.argsort(classes)
    coded = np.zeros((len(labels), len(classes)))
    if len(labels):
        labels = np.asarray(labels)
        at = np.searchsorted(classes[order], labels).clip(max=len(classes) - 1)
        if (classes[order][at] != labels).any():
            raise ValueError("unknown")
        coded[np.arange(len(labels)), order[at]] = 1
    return coded


# impute_mean


def impute_mean__column_by_column(train, test):
    train, test = np.array(train, dtype=float), np.array(test, dtype=float)
    for j in range(train.shape[1]):
        mean = np.mean([value for value in train[:, j] if not math.isnan(value)])
        for table in (train, test):
            table[np.isnan(table[:, j]), j] = mean
    return train, test


def impute_mean__sums_and_counts(train, test):
    train, test = np.asarray(train, float), np.asarray(test, float)
    known = ~np.isnan(train)
    means = np.where(known, train, 0.0).sum(axis=0) / known.sum(axis=0)
    fill = lambda table: np.where(table == table, table, means)  # noqa: E731
    return [fill(train), fill(test)]


def impute_mean__indexed(train, test):
    results = []
    train = np.array(train, dtype=float)
    means = np.nanmean(train, axis=0)
    for table in (train, np.array(test, dtype=float)):
        rows, columns = np.nonzero(np.isnan(table))
        filled = table.copy()
        filled[rows, columns] = means[columns]
        results.append(filled)
    return tuple(results)


def impute_mean__masked_arrays(train, test):
    train, test = (np.array(table, dtype=float, copy=True) for table in (train, test))
    means = np.ma.masked_invalid(train).mean(axis=0).filled(0.0)
    for table in (train, test):
        np.copyto(table, np.broadcast_to(means, table.shape), where=np.isnan(table))
    return train, test


# kfold


def kfold__masks_of_fold_numbers(n, k, rng):
    number = rng.permutation(np.arange(n) % k)
    return [(np.flatnonzero(number != j), np.flatnonzero(number == j)) for j in range(k)]


def kfold__every_kth_of_a_shuffled_order(n, k, rng):
    order = rng.permutation(n)
    return tuple((np.delete(order, np.s_[j::k]), order[j::k]) for j in range(k))


def kfold__sizes_by_division(n, k, rng):
    order = np.arange(n)
    rng.shuffle(order)
    small, more = divmod(n, k)
    pairs, start = [], 0
    for j in range(k):
        end = start + small + (j < more)
        pairs.append([np.concatenate([order[:start], order[end:]]), order[start:end]])
        start = end
    return pairs


def kfold__set_differences(n, k, rng):
    order, everyone, pairs = np.argsort(rng.random(n)).tolist(), set(range(n)), []
    for j in range(k):
        val = order[Fraction(j * n, k).__floor__():Fraction((j + 1) * n, k).__floor__()]
        pairs.append((np.array(sorted(everyone - set(val))), np.array(sorted(val))))
    return pairs


# cross_validate


def cross_validate__comprehension(fit, score, X, y, folds):
    X, y = np.asarray(X), np.asarray(y)
    return np.array([score(fit(X[t], y[t]), X[v], y[v]) for t, v in folds], dtype=np.float64)


def cross_validate__all_fits_first(fit, score, X, y, folds):
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    models = [fit(X[np.asarray(train)], y[np.asarray(train)]) for train, _ in folds]
    scores = np.empty(len(folds))
    for k, (_, val) in enumerate(folds):
        scores[k] = score(models[k], X[np.asarray(val)], y[np.asarray(val)])
    return scores


def cross_validate__take(fit, score, X, y, folds):
    def one(fold):
        (trainX, trainy), (valX, valy) = (
            (np.take(X, rows, axis=0), np.take(y, rows)) for rows in fold)
        return float(score(fit(trainX, trainy), valX, valy))

    return np.fromiter(map(one, folds), dtype=float, count=len(folds))


def cross_validate__stacked(fit, score, X, y, folds):
    X, y, scores = np.array(X), np.array(y), np.zeros(0)
    for fold in folds:
        model = fit(X[fold[0], :], y[fold[0]])
        scores = np.append(scores, score(model, X[fold[1], :], y[fold[1]]))
    return scores


# random_search


def random_search__infinity(objective, sample, trials, rng):
    best_config, best_value, history = None, float("inf"), []
    for _ in range(trials):
        config = sample(rng)
        value = objective(config)
        history.append(value)
        if value < best_value:
            best_config, best_value = config, value
    if best_value == float("inf"):
        best_value = float("nan")
    return best_config, best_value, history


def random_search__nanargmin(objective, sample, trials, rng):
    configs = [sample(rng) for _ in range(trials)]
    history = [objective(config) for config in configs]
    values = np.array(history, dtype=float)
    if np.isnan(values).all():
        return None, np.nan, history
    best = int(np.nanargmin(values))
    return configs[best], values[best], values


def random_search__min_with_a_key(objective, sample, trials, rng):
    tried = []
    for number in range(trials):
        config = sample(rng)
        tried.append((objective(config), number, config))
    known = [one for one in tried if not math.isnan(one[0])]
    history = [one[0] for one in tried]
    if not known:
        return None, math.nan, history
    value, _, config = min(known, key=lambda one: one[:2])
    return config, value, history


def random_search__while(objective, sample, trials, rng):
    history, best = [], None
    while len(history) < trials:
        config = sample(rng)
        history.append(objective(config))
        if not np.isnan(history[-1]) and (best is None or history[-1] < best[1]):
            best = (config, history[-1])
    return (*(best or (None, float("nan"))), tuple(history))


# bootstrap_interval


def bootstrap_interval__one_at_a_time(correct, rounds, rng, level=0.95):
    values = np.array(correct, dtype=float)
    means = [rng.choice(values, size=len(values)).mean() for _ in range(rounds)]
    tail = 100 * (1 - level) / 2
    return float(np.percentile(means, tail)), float(np.percentile(means, 100 - tail))


def bootstrap_interval__binomial(correct, rounds, rng, level=0.95):
    n = len(correct)
    means = rng.binomial(n, np.sum(correct) / n, size=rounds) / n
    return tuple(np.quantile(means, [0.5 - level / 2, 0.5 + level / 2]))


def bootstrap_interval__counts_of_rows(correct, rounds, rng, level=0.95):
    correct = np.asarray(correct, float)
    n = correct.size
    counts = rng.multinomial(n, np.full(n, 1 / n), size=rounds)
    low, high = np.quantile(counts @ correct / n, ((1 - level) / 2, (1 + level) / 2))
    return low, high


def bootstrap_interval__sorted_by_hand(correct, rounds, rng, level=0.95):
    n = len(correct)
    means = sorted(sum(bool(correct[int(n * u)]) for u in rng.random(n)) / n
                   for _ in range(rounds))

    def share(q):
        place = q * (rounds - 1)
        low = math.floor(place)
        high = min(low + 1, rounds - 1)
        return means[low] + (place - low) * (means[high] - means[low])

    return share((1 - level) / 2), share((1 + level) / 2)
