"""Wrong answers to the exercises of lesson 17, each with the hint that its author reads.

`NAME__LABEL` is a wrong answer to exercise NAME, written the way students write it (so without
annotations), and its docstring is the hint. `inputs_NAME` yields what all of them are compared on.
`run_NAME` makes the calls of exercises that draw at random or return a function, and returns what
does not depend on how the random numbers are drawn.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from utils._diagnosis.draw import Draw

Array = np.ndarray
Answer = Callable[..., Any]


# confusion


def fresh_confusion(draw: Draw) -> tuple:
    n, k = draw.integer(1, 8), draw.integer(2, 4)
    return draw.labels(n, k), draw.labels(n, k), list(range(k))[::draw.choice([1, -1])]


def inputs_confusion(rng: np.random.Generator) -> Iterator[tuple]:
    yield rng.integers(3, size=30), rng.integers(3, size=30), [0, 1, 2]
    yield rng.choice([2, 7, 4], 31), rng.choice([2, 7, 4], 31), [7, 2, 4]
    yield rng.choice([5, 1], 23), rng.choice([5, 1], 23), [5, 3, 1, 0]
    yield np.repeat([0, 1], [280, 30]), np.repeat([0, 1], [270, 40]), [0, 1]
    yield np.array([4, 4, 9]), np.array([9, 6, 9]), [4, 6, 9, 2]
    yield ["no", "yes", "no"], ["yes", "yes", "no"], ["yes", "no"]


def _counts(y, predicted, classes):
    y, predicted = np.asarray(y), np.asarray(predicted)
    return np.array([[np.sum((y == a) & (predicted == b)) for b in classes] for a in classes])


def confusion__transposed(y, predicted, classes):
    """Your table has the predictions in rows and the truth in columns. The promise is the other
    way around: which index comes first?"""
    return _counts(y, predicted, classes).T


def confusion__shares_of_rows(y, predicted, classes):
    """You divide each row by its sum. The promise is counts."""
    table = _counts(y, predicted, classes)
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1)


def confusion__shares_of_all(y, predicted, classes):
    """You divide by the number of examples. The promise is counts."""
    return _counts(y, predicted, classes) / max(len(y), 1)


def confusion__shares_of_columns(y, predicted, classes):
    """You divide each column by its sum. The promise is counts."""
    table = _counts(y, predicted, classes)
    return table / np.maximum(table.sum(axis=0, keepdims=True), 1)


def confusion__classes_that_occur(y, predicted, classes):
    """Your table has rows and columns only for classes that occur. Each one of `classes` has its
    place, even if it holds zeros."""
    occur = {*np.asarray(y).tolist(), *np.asarray(predicted).tolist()}
    return _counts(y, predicted, [one for one in classes if one in occur])


def confusion__classes_of_the_truth(y, predicted, classes):
    """Your table has rows and columns only for classes that occur in y. Each one of `classes` has
    its place, even if it holds zeros."""
    occur = set(np.asarray(y).tolist())
    return _counts(y, predicted, [one for one in classes if one in occur])


def confusion__sorted_classes(y, predicted, classes):
    """Your rows and columns are in sorted order. The promise is the order of `classes`."""
    return _counts(y, predicted, sorted(classes))


def confusion__labels_for_places(y, predicted, classes):
    """You use a label as its own row and column. That works for labels 0, 1, 2 in this order only:
    look up where each label stands in `classes`."""
    table = np.zeros((len(classes), len(classes)), dtype=int)
    for truth, guess in zip(y, predicted, strict=True):
        table[truth, guess] += 1
    return table


def confusion__pairs_counted_once(y, predicted, classes):
    """Where a pair of labels comes up several times, your table still says 1: with an array of
    indices, `+=` adds only once. Count each example."""
    return np.minimum(_counts(y, predicted, classes), 1)


def confusion__small_integers(y, predicted, classes):
    """Your counts start again from 0 after 255. Which dtype has your table?"""
    return _counts(y, predicted, classes).astype(np.uint8)


def confusion__mistakes_only(y, predicted, classes):
    """Your diagonal is 0: you count mistakes only. What is right is counted, too."""
    table = _counts(y, predicted, classes)
    return table - np.diag(np.diag(table))


def confusion__right_ones_only(y, predicted, classes):
    """You count only what is right, on the diagonal. The mistakes are what the table is for."""
    return np.diag(np.diag(_counts(y, predicted, classes)))


def confusion__diagonal_alone(y, predicted, classes):
    """You return how many of each class are right. The promise is a table of truth against
    prediction."""
    return np.diag(_counts(y, predicted, classes))


def confusion__symmetric(y, predicted, classes):
    """You count each pair in both directions. An 8 taken for a 3 is one thing, a 3 taken for an 8
    another."""
    table = _counts(y, predicted, classes)
    return table + table.T - np.diag(np.diag(table))


def confusion__floats(y, predicted, classes):
    """Your counts are floats. The promise is ints: say so when you make the zeros."""
    return _counts(y, predicted, classes).astype(float)


def confusion__lists(y, predicted, classes):
    """You return lists. The promise is an array of ints."""
    return _counts(y, predicted, classes).tolist()


def confusion__accuracy(y, predicted, classes):
    """You return one number. The promise is a table with a row and a column for each class."""
    return float(np.mean(np.asarray(y) == np.asarray(predicted)))


def confusion__no_return(y, predicted, classes):
    """Your function returns nothing. Does it end with a return?"""
    _counts(y, predicted, classes)


# calibration_error


def fresh_calibration_error(draw: Draw) -> tuple:
    n, k = draw.sizes("n", "k")
    scores = draw.between(0.0, 1.0, n, k)
    P = np.exp(4 * scores)
    P = P / P.sum(axis=1, keepdims=True)
    return P, draw.labels(n, k), draw.choice([10, 7, 4])


def inputs_calibration_error(rng: np.random.Generator) -> Iterator[tuple]:
    for n, k, bins, seldom in ((40, 3, 10, 0.15), (35, 4, 5, 0.7), (50, 2, 8, 0.1)):
        P = rng.dirichlet(np.full(k, 0.5), size=n)
        # Too sure in some bins and too modest in others, so that every bin shows.
        often = np.floor(13 * P.max(axis=1)) % 2 == 1
        right = rng.random(n) < np.where(often, 0.98, seldom)
        y = np.where(right, P.argmax(axis=1), (P.argmax(axis=1) + 1) % k)
        yield P, y, bins
    P = np.array([[0.0, 1.0, 0.0], [0.83, 0.1, 0.07], [0.02, 0.02, 0.96], [0.3, 0.5125, 0.1875]])
    yield P, np.array([1, 2, 2, 0]), 10
    yield np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]), np.array([1, 1, 0]), 5


def _binned(P, y, bins, confidence=None, right=None):
    """For each bin that holds something: its share of the examples, and right minus confidence."""
    P, y = np.asarray(P, dtype=float), np.asarray(y)
    confidence = P.max(axis=1) if confidence is None else confidence
    right = (P.argmax(axis=1) == y) if right is None else right
    places = np.ceil(confidence * bins)
    found = [places == k for k in np.unique(places)]
    return np.array([[inside.mean(), right[inside].mean() - confidence[inside].mean()]
                     for inside in found])


def calibration_error__unweighted(P, y, bins=10):
    """You take the mean over bins, so a bin with one example counts as much as one with a hundred.
    Weigh each gap by its share of the examples."""
    return float(np.abs(_binned(P, y, bins)[:, 1]).mean())


def calibration_error__over_all_bins(P, y, bins=10):
    """You divide the sum of the gaps by the number of bins, empty ones included. Weigh each gap by
    the bin's share of the examples."""
    return float(np.abs(_binned(P, y, bins)[:, 1]).sum() / bins)


def calibration_error__sum_of_gaps(P, y, bins=10):
    """You add up the gaps without weights. Each bin counts by its share of the examples."""
    return float(np.abs(_binned(P, y, bins)[:, 1]).sum())


def calibration_error__largest_gap(P, y, bins=10):
    """You return the largest gap. The promise is the mean over all examples."""
    return float(np.abs(_binned(P, y, bins)[:, 1]).max())


def calibration_error__squared(P, y, bins=10):
    """You square the gaps. The promise is their sizes."""
    share, gap = _binned(P, y, bins).T
    return float(np.sum(share * gap ** 2))


def calibration_error__root(P, y, bins=10):
    """You take the root of the mean square of the gaps. The promise is the mean of their sizes."""
    share, gap = _binned(P, y, bins).T
    return float(np.sqrt(np.sum(share * gap ** 2)))


def calibration_error__signed(P, y, bins=10):
    """Gaps of different signs cancel in your sum: too modest here makes up for too sure there.
    Take each bin's gap without its sign."""
    share, gap = _binned(P, y, bins).T
    return float(np.sum(share * gap))


def calibration_error__signed_the_other_way(P, y, bins=10):
    """Gaps of different signs cancel in your sum (confidence minus right). Take each bin's gap
    without its sign."""
    share, gap = _binned(P, y, bins).T
    return float(-np.sum(share * gap))


def calibration_error__one_bin(P, y, bins=10):
    """You compare the mean confidence of all examples with the accuracy of all. The bins are
    missing: in each of them the gap is to be taken by itself."""
    return float(abs(_binned(P, y, 1)[:, 1]).sum())


def calibration_error__each_example(P, y, bins=10):
    """You compare each example's confidence with 0 or 1. Form bins first: only of several examples
    can a share be right."""
    P = np.asarray(P, dtype=float)
    return float(np.mean(np.abs((P.argmax(axis=1) == np.asarray(y)) - P.max(axis=1))))


def calibration_error__confidence_in_the_truth(P, y, bins=10):
    """Your confidence is the probability of the true class. The network doesn't know the truth:
    its confidence is the largest probability."""
    P, y = np.asarray(P, dtype=float), np.asarray(y)
    share, gap = _binned(P, y, bins, confidence=P[np.arange(len(P)), y]).T
    return float(np.sum(share * np.abs(gap)))


def calibration_error__middle_of_the_bin(P, y, bins=10):
    """You compare with the middle of the bin. The promise is the mean confidence of the examples
    in it."""
    P, y = np.asarray(P, dtype=float), np.asarray(y)
    places, right = np.ceil(P.max(axis=1) * bins), P.argmax(axis=1) == y
    return float(sum(np.mean(places == k) * abs(right[places == k].mean() - (k - 0.5) / bins)
                     for k in np.unique(places)))


def calibration_error__one_is_left_out(P, y, bins=10):
    """An example with a confidence of exactly 1 falls into none of your bins. A bin holds
    lo < confidence <= hi, so 1 belongs in the last bin."""
    P, y = np.asarray(P, dtype=float), np.asarray(y)
    sure = P.max(axis=1) >= 1
    if sure.all():
        return 0.0
    share, gap = _binned(P[~sure], y[~sure], bins).T
    return float(np.sum(share * np.abs(gap)) * np.mean(~sure))


def calibration_error__always_ten_bins(P, y, bins=10):
    """You always use 10 bins, whatever `bins` says."""
    share, gap = _binned(P, y, 10).T
    return float(np.sum(share * np.abs(gap)))


def calibration_error__one_bin_less(P, y, bins=10):
    """You have one bin less than you should: `bins` of them have bins + 1 edges."""
    share, gap = _binned(P, y, bins - 1).T
    return float(np.sum(share * np.abs(gap)))


def calibration_error__bins_of_equal_size(P, y, bins=10):
    """Your bins hold equally many examples. The promise is bins of equal width."""
    P, y = np.asarray(P, dtype=float), np.asarray(y)
    confidence, right = P.max(axis=1), P.argmax(axis=1) == y
    parts = np.array_split(np.argsort(confidence, kind="stable"), bins)
    return float(sum(len(part) / len(P) * abs(right[part].mean() - confidence[part].mean())
                     for part in parts if len(part)))


def calibration_error__all_probabilities(P, y, bins=10):
    """You put every probability of every class into the bins. An example enters once, by its
    largest probability."""
    P, y = np.asarray(P, dtype=float), np.asarray(y)
    right = (np.arange(P.shape[1]) == y[:, None]).ravel()
    share, gap = _binned(P, y, bins, P.ravel(), right).T
    return float(np.sum(share * np.abs(gap)))


def calibration_error__counts_for_shares(P, y, bins=10):
    """You weigh each gap by the number of examples and never divide by all of them, so the result
    can exceed 1."""
    share, gap = _binned(P, y, bins).T
    return float(np.sum(share * np.abs(gap)) * len(y))


def calibration_error__error_for_right(P, y, bins=10):
    """You compare the confidence with the share that is *wrong*. It should be near the share that
    is right."""
    P, y = np.asarray(P, dtype=float), np.asarray(y)
    share, gap = _binned(P, y, bins, right=P.argmax(axis=1) != y).T
    return float(np.sum(share * np.abs(gap)))


def calibration_error__the_gaps(P, y, bins=10):
    """You return a gap for each bin. The promise is one number: their mean over the examples."""
    return np.abs(_binned(P, y, bins)[:, 1])


def calibration_error__accuracy(P, y, bins=10):
    """You return the share that is right. How far is it from what the network claimed?"""
    return float(np.mean(np.asarray(P).argmax(axis=1) == np.asarray(y)))


def calibration_error__no_return(P, y, bins=10):
    """Your function returns nothing. Does it end with a return?"""
    _binned(P, y, bins)


# temperature


def fresh_temperature(draw: Draw) -> tuple:
    n, k = draw.integer(20, 40), draw.integer(2, 4)
    Z = draw.between(-4.0, 4.0, n, k)
    y = Z.argmax(axis=1)
    wrong = np.arange(n) % 4 == 0  # a quarter, so that the best temperature is neither 0 nor huge
    return Z, np.where(wrong, (y + 1) % k, y)


def view_temperature(result: Any) -> Any:
    """To three digits, beyond which an answer may differ; which end of a search it ran to."""
    if isinstance(result, (float, int, np.floating, np.ndarray)) and np.ndim(result) == 0:
        value = float(result)
        if not np.isfinite(value) or value <= 0:
            return f"{value:.1f}"
        return ("low end" if value <= 0.06 else "high end" if value >= 19
                else f"{np.log(value):.2f}")
    return f"{type(result).__name__} {np.shape(result)}"


def inputs_temperature(rng: np.random.Generator) -> Iterator[tuple]:
    for n, k, T in ((60, 3, 1.83), (70, 4, 5.2), (60, 2, 0.41), (80, 3, 11.7)):
        for _ in range(30):  # a rounded logarithm that no precision allowed can tip over
            Z = 2 * T * rng.normal(size=(n, k))
            luck = -np.log(-np.log(rng.random((n, k))))
            y = (Z / T + luck).argmax(axis=1)
            place = 100 * np.log(_cooled(Z, y)) % 1
            if 0.65 < place or place < 0.35:
                break
        yield Z, y


def _chances(S):
    E = np.exp(S - S.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def _slope(T, Z, y):
    """Of the mean cross-entropy of Z / T along 1/T."""
    return np.mean((_chances(Z / T) * Z).sum(axis=1) - Z[np.arange(len(Z)), y])


def _halved(low, high, rises):
    """Where `rises` turns from true to false, on a logarithmic scale."""
    low, high = np.log(low), np.log(high)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(np.exp(middle)) else (low, middle)
    return float(np.exp(low))


def _cooled(Z, y, low=0.01, high=100.0):
    Z, y = np.asarray(Z, dtype=float), np.asarray(y)
    return _halved(low, high, lambda T: _slope(T, Z, y) > 0)


def _losses(Z, y, grid):
    Z = np.asarray(Z, dtype=float)
    return np.array([-np.log(_chances(Z / T)[np.arange(len(Z)), y] + 1e-300).mean() for T in grid])


def temperature__multiplied(Z, y):
    """You return the number by which the scores have to be *multiplied*. They are divided by T, so
    yours is 1/T."""
    return 1 / _cooled(Z, y)


def temperature__grid(Z, y):
    """You return the best of a coarse grid, which is close but not close enough. Search again
    around it, or halve an interval."""
    grid = np.geomspace(0.05, 20, 30)
    return float(grid[_losses(Z, y, grid).argmin()])


def temperature__grid_of_tenths(Z, y):
    """You return the best of a grid in steps of a tenth or so. That is close but not close enough,
    above all where T is small: search again around it, or halve an interval."""
    grid = np.arange(1, 201) / 10
    return float(grid[_losses(Z, y, grid).argmin()])


def temperature__end_of_the_grid(Z, y):
    """Your search ends at 5, and the best T is sometimes beyond. It lies between 0.05 and 20."""
    return min(_cooled(Z, y), 5.0)


def temperature__never_below_one(Z, y):
    """Your T is never below 1. A network can be too modest, too, and then T is smaller than 1."""
    return max(_cooled(Z, y), 1.0)


def temperature__never_above_one(Z, y):
    """Your T is never above 1. A network that is too sure needs a larger one."""
    return min(_cooled(Z, y), 1.0)


def temperature__mean_confidence(Z, y):
    """At your T, the mean confidence equals the accuracy. The promise is the smallest mean
    cross-entropy, which is close to that but not the same."""
    Z, y = np.asarray(Z, dtype=float), np.asarray(y)
    right = np.mean(Z.argmax(axis=1) == y)
    return _halved(0.01, 100.0, lambda T: _chances(Z / T).max(axis=1).mean() > right)


def temperature__squared_error(Z, y):
    """Your T makes the squared error of the probabilities smallest. The promise is the mean
    cross-entropy."""
    Z, truth = np.asarray(Z, dtype=float), np.eye(np.shape(Z)[1])[np.asarray(y)]
    grid = np.geomspace(0.02, 50, 1500)
    return float(grid[np.argmin([np.mean((_chances(Z / T) - truth) ** 2) for T in grid])])


def temperature__wrong_half(Z, y):
    """Your search runs away from the best T, to an end of its interval: you keep the half in which
    the slope does *not* change its sign. A positive slope in beta asks for a larger T."""
    return 0.01 if _cooled(Z, y) > 1 else 100.0


def temperature__upper_end(Z, y):
    """Your T is always at the upper end of the search. If the slope says that the network is too
    modest, T must shrink: which half do you keep?"""
    return 100.0


def temperature__lower_end(Z, y):
    """Your T is always at the lower end of the search. Does the loss use y? For a network's own
    predictions, being surer is always better. And if the slope says that the network is too sure,
    which half do you keep?"""
    return 0.05


def temperature__too_few_steps(Z, y):
    """Your search stops too early: the loss is nearly flat around its minimum, so T is still off
    by a few percent. Halve more often."""
    return float(_cooled(Z, y) * 1.03)


def temperature__the_loss(Z, y):
    """You return the smallest loss. The promise is the T at which it is reached."""
    return float(_losses(Z, y, [_cooled(Z, y)])[0])


def temperature__logarithm(Z, y):
    """You return the logarithm of T. The promise is T itself."""
    return float(np.log(_cooled(Z, y)))


def temperature__no_softmax(Z, y):
    """You take the scores themselves for what the network expects. Where is the softmax, with
    which each score is weighed?"""
    Z, y = np.asarray(Z, dtype=float), np.asarray(y)
    return _halved(0.01, 100.0, lambda T: np.mean(Z.sum(axis=1) / T - Z[np.arange(len(Z)), y]) > 0)


def temperature__always_one(Z, y):
    """Your T is always 1, which leaves the scores as they are."""
    return 1.0


def temperature__for_each_example(Z, y):
    """You return a number for each example. The promise is one T for all of them."""
    return np.full(len(Z), _cooled(Z, y))


def temperature__scaled_scores(Z, y):
    """You return the scores, divided by T. The promise is T."""
    return np.asarray(Z, dtype=float) / _cooled(Z, y)


def temperature__no_return(Z, y):
    """Your function returns nothing. Does it end with a return?"""
    _cooled(Z, y)


# bootstrap_difference


def fresh_bootstrap_difference(draw: Draw) -> tuple:
    n = draw.integer(1, 12)
    return draw.bits(n), draw.bits(n), draw.integer(1, 20), draw.generator()


def inputs_bootstrap_difference(rng: np.random.Generator) -> Iterator[tuple]:
    # Most results agree, so that examples drawn apart make an interval about twice as wide.
    for both, only_a, only_b, neither in ((180, 24, 8, 108), (84, 6, 18, 192), (194, 13, 13, 80),
                                          (12, 0, 0, 8)):
        a = np.repeat([True, True, False, False], [both, only_a, only_b, neither])
        b = np.repeat([True, False, True, False], [both, only_a, only_b, neither])
        order = rng.permutation(len(a))
        yield a[order], b[order], 2000, tuple(rng.integers(2 ** 30, size=2).tolist())


def run_bootstrap_difference(answer: Answer, a: Array, b: Array, rounds: int, seeds: tuple) -> Any:
    """The ends in standard deviations from the mean, and whether a seed decides all.

    Ends that lie where drawing apart puts them, up to chance, are called so.
    """
    gap = a.astype(float) - b
    few = [[repr(np.asarray(answer(a, b, 7, np.random.default_rng(seed))).tolist())
            for seed in (*seeds, *range(60, 66))] for _ in range(2)]
    told: dict[str, Any] = {"repeats": few[0] == few[1], "moves": len(set(few[0])) > 1}
    if not told["repeats"]:
        return told  # the ends would differ from call to call
    found = answer(a, b, rounds, np.random.default_rng(seeds[0]))
    if isinstance(found, (tuple, list)) and all(np.ndim(one) == 0 for one in found):
        scale = gap.std() / np.sqrt(len(gap)) or 1.0
        apart = 1.96 * np.sqrt((a.var() + b.var()) / len(gap))
        far = [float(one - gap.mean()) for one in found]
        told["ends"] = ([round(2.5 * one / scale) for one in far] if gap.any()
                        else [float(np.sign(one)) for one in far])
        if len(far) == 2 and np.allclose(far, [-apart, apart], rtol=0.15):
            told["ends"] = "drawn apart"
        return told
    return told | {"ends": f"{type(found).__name__} {np.shape(found)}"}


def _gaps(a, b, rounds, rng, size=None):
    gap = np.asarray(a, dtype=float) - np.asarray(b, dtype=float)
    return gap[rng.integers(len(gap), size=(rounds, size or len(gap)))].mean(axis=1)


def _ends(values, low=0.025, high=0.975):
    found = np.quantile(values, [low, high])
    return float(found[0]), float(found[1])


def _means(correct, rounds, rng):
    correct = np.asarray(correct, dtype=float)
    return correct[rng.integers(len(correct), size=(rounds, len(correct)))].mean(axis=1)


def bootstrap_difference__unpaired(correct_a, correct_b, rounds, rng):
    """You draw examples for a and for b separately, as if they had read different ones, so the
    interval is too wide. Take the same examples of both."""
    return _ends(_means(correct_a, rounds, rng) - _means(correct_b, rounds, rng))


def bootstrap_difference__of_two_intervals(correct_a, correct_b, rounds, rng):
    """You make two intervals and subtract them end by end. The interval of a difference comes from
    the differences, resample by resample."""
    a, b = (_ends(_means(one, rounds, rng)) for one in (correct_a, correct_b))
    return a[0] - b[0], a[1] - b[1]


def bootstrap_difference__widest_of_two_intervals(correct_a, correct_b, rounds, rng):
    """You make two intervals and take the extreme differences of their ends. That is far too wide:
    take the difference in each resample."""
    a, b = (_ends(_means(one, rounds, rng)) for one in (correct_a, correct_b))
    return a[0] - b[1], a[1] - b[0]


def bootstrap_difference__absolute(correct_a, correct_b, rounds, rng):
    """Your differences have lost their signs, so you can't tell who is better. Keep the sign."""
    return _ends(np.abs(_gaps(correct_a, correct_b, rounds, rng)))


def bootstrap_difference__share_of_disagreement(correct_a, correct_b, rounds, rng):
    """You measure how often a and b disagree. The promise is the mean of a minus the mean of b."""
    differ = np.asarray(correct_a, dtype=bool) != np.asarray(correct_b, dtype=bool)
    return _ends(_means(differ, rounds, rng))


def bootstrap_difference__other_way(correct_a, correct_b, rounds, rng):
    """You subtract a from b. The promise is how much better *a* is."""
    return _ends(_gaps(correct_b, correct_a, rounds, rng))


def bootstrap_difference__cuts_off_above_only(correct_a, correct_b, rounds, rng):
    """You cut off 5% at the upper end, and nothing at the lower one. Half of it belongs to
    each."""
    return _ends(_gaps(correct_a, correct_b, rounds, rng), 0.0, 0.95)


def bootstrap_difference__cuts_off_below_only(correct_a, correct_b, rounds, rng):
    """You cut off 5% at the lower end, and nothing at the upper one. Half of it belongs to
    each."""
    return _ends(_gaps(correct_a, correct_b, rounds, rng), 0.05, 1.0)


def bootstrap_difference__ninety_percent(correct_a, correct_b, rounds, rng):
    """You cut off 5% at *each* end, so your interval holds only 90%. Half of 5% belongs to
    each."""
    return _ends(_gaps(correct_a, correct_b, rounds, rng), 0.05, 0.95)


def bootstrap_difference__smallest_and_largest(correct_a, correct_b, rounds, rng):
    """You return the smallest and the largest difference, which lie further apart the more
    resamples you draw. Cut off 2.5% at each end."""
    return _ends(_gaps(correct_a, correct_b, rounds, rng), 0.0, 1.0)


def bootstrap_difference__quarters(correct_a, correct_b, rounds, rng):
    """Between your ends lies only half of the differences. For 95%, cut off 2.5% at each end: is
    it 0.025, or 25?"""
    return _ends(_gaps(correct_a, correct_b, rounds, rng), 0.25, 0.75)


def bootstrap_difference__fractions_for_percentages(correct_a, correct_b, rounds, rng):
    """Both ends lie far below the difference: `np.percentile` wants numbers from 0 to 100, and you
    give it fractions. `np.quantile` takes fractions."""
    return _ends(_gaps(correct_a, correct_b, rounds, rng), 0.00025, 0.00975)


def bootstrap_difference__one_deviation(correct_a, correct_b, rounds, rng):
    """You return the mean minus and plus one standard deviation. The promise is percentiles."""
    gaps = _gaps(correct_a, correct_b, rounds, rng)
    return float(gaps.mean() - gaps.std()), float(gaps.mean() + gaps.std())


def bootstrap_difference__without_replacement(correct_a, correct_b, rounds, rng):
    """You draw without replacement, which only shuffles: every resample has the same difference,
    and the interval has no width. Draw with replacement."""
    mean = float(np.mean(np.asarray(correct_a, dtype=float) - np.asarray(correct_b, dtype=float)))
    rng.permutation(len(correct_a))
    return mean, mean


def bootstrap_difference__half_the_size(correct_a, correct_b, rounds, rng):
    """Your resamples are smaller than the data, so the interval is too wide. Draw as many examples
    as there are."""
    return _ends(_gaps(correct_a, correct_b, rounds, rng, max(1, len(correct_a) // 2)))


def bootstrap_difference__many_times_the_size(correct_a, correct_b, rounds, rng):
    """Your resamples are larger than the data, so the interval is too narrow. Draw n examples, not
    `rounds` of them: have two sizes been swapped?"""
    return _ends(_gaps(correct_a, correct_b, 300, rng, 10 * len(correct_a)))


def bootstrap_difference__where_they_disagree(correct_a, correct_b, rounds, rng):
    """You leave out the examples on which they agree. They say nothing about who is better, but
    the mean goes over *all* examples."""
    gap = np.asarray(correct_a, dtype=float) - np.asarray(correct_b, dtype=float)
    gap = gap[gap != 0] if gap.any() else gap
    return _ends(_gaps(gap, 0 * gap, rounds, rng))


def bootstrap_difference__sums(correct_a, correct_b, rounds, rng):
    """You count examples. The promise is the difference of the *means*."""
    return _ends(len(correct_a) * _gaps(correct_a, correct_b, rounds, rng))


def bootstrap_difference__high_first(correct_a, correct_b, rounds, rng):
    """The upper end comes first in your result. The promise is (low, high)."""
    return _ends(_gaps(correct_a, correct_b, rounds, rng), 0.975, 0.025)


def bootstrap_difference__of_a_alone(correct_a, correct_b, rounds, rng):
    """Your interval is the one of a alone, and b makes no difference."""
    return _ends(_means(correct_a, rounds, rng))


def bootstrap_difference__without_rng(correct_a, correct_b, rounds, rng):
    """You never use `rng`, so every call gives the same interval: it has no draws in it, or they
    come from a generator of your own. Draw examples with the one passed in."""
    return _ends(_gaps(correct_a, correct_b, rounds, np.random.default_rng(0)))


def bootstrap_difference__global_generator(correct_a, correct_b, rounds, rng):
    """You draw from NumPy's global generator, so the caller's seed decides nothing, and a run
    can't be repeated. Use `rng`, which was passed in for that."""
    gap = np.asarray(correct_a, dtype=float) - np.asarray(correct_b, dtype=float)
    draws = np.random.randint(len(gap), size=(rounds, len(gap)))  # noqa: NPY002
    return _ends(gap[draws].mean(axis=1))


def bootstrap_difference__all_the_differences(correct_a, correct_b, rounds, rng):
    """You return the difference of every resample. The promise is two numbers: their
    percentiles."""
    return _gaps(correct_a, correct_b, rounds, rng)


def bootstrap_difference__with_the_mean(correct_a, correct_b, rounds, rng):
    """You return three numbers, with the difference in the middle. The promise is (low, high)."""
    gaps = _gaps(correct_a, correct_b, rounds, rng)
    low, high = _ends(gaps)
    return low, float(gaps.mean()), high


# train_digits

fresh_train_digits = None  # any method is right, so there is no expected function to show


@cache
def _table() -> tuple[Array, Array]:
    digits = load_digits()
    return digits.data.astype(float), digits.target.astype(int)


def inputs_train_digits(rng: np.random.Generator) -> Iterator[tuple]:
    yield (tuple(rng.permutation(len(_table()[1])).tolist()), int(rng.integers(2 ** 30)))


def run_train_digits(answer: Answer, order: tuple, seed: int) -> Any:
    """What can be said of a function that reads digits, whatever method it uses."""
    X, y = (part[list(order)] for part in _table())
    before = X[:600].copy(), y[:600].copy()
    state = _global_state()
    predict = answer(X[:600], y[:600], np.random.default_rng(seed))
    told: dict[str, Any] = {"global": state != _global_state()}
    told["changed"] = not all(map(np.array_equal, before, (X[:600], y[:600])))
    X[:600], y[:600] = before
    if not callable(predict):
        return told | {"type": type(predict).__name__}
    again = answer(X[:600].copy(), y[:600].copy(), np.random.default_rng(seed))
    new, truth = X[600:900], y[600:900]
    found = np.asarray(predict(new.copy()))
    told["repeats"] = bool(np.array_equal(found, np.asarray(again(new.copy()))))
    told["kind"] = f"{found.dtype.kind} {found.ndim} {len(found) if found.ndim else 0}"
    if found.shape != truth.shape or found.dtype.kind not in "iuf":
        return told
    share = float(np.mean(found == truth))
    told["right"] = sum(share >= mark for mark in (0.3, 0.6, 0.88, 0.92, 0.945))
    for by in (-1, 1):
        told[f"off by {by}"] = bool(np.mean(found == (truth + by) % 10) > 0.6)
    told["one label"] = bool((found == found[0]).mean() > 0.85)
    told["learned by heart"] = bool(np.mean(np.asarray(predict(X[:600].copy())) == y[:600]) > 0.99
                                    and told["right"] < 2)
    told["of sixteenths"] = bool(np.mean(np.asarray(predict(new / 16)) == truth) > 0.8)
    alone = [int(np.asarray(predict(new[k:k + 1].copy()))[0]) for k in range(8)]
    told["alone"] = alone == found[:8].astype(int).tolist()
    return told


def view_train_digits(result: Any) -> Any:
    """What is wrong with it; nothing for a function that keeps to the rules and reads well."""
    if not isinstance(result, dict):
        return result
    kept = {"global": False, "changed": False, "repeats": True, "kind": "i 1 300", "right": 5,
            "off by -1": False, "off by 1": False, "one label": False, "learned by heart": False,
            "alone": True}
    wrong = {key: value for key, value in result.items() if kept.get(key, value) != value}
    if "type" in result:
        return f"returns a {result['type']}"
    if "global" in wrong:  # two runs may come to the same functions
        wrong.pop("repeats", None)
    if wrong:  # how far pixels are scaled matters only where the reading fails
        poor = result.get("right", 5) < 4
        wrong["of sixteenths"] = result.get("of sixteenths") if poor else None
    return repr(sorted(wrong.items(), key=str))


def _global_state() -> str:
    state = np.random.get_state(legacy=False)["state"]  # noqa: NPY002
    return f"{state['pos']} {state['key'].sum()}"


def _neighbor(X, y):
    """A function that reads a digit as its nearest training digit."""
    X, y = np.array(X, dtype=float), np.array(y)
    squares = (X ** 2).sum(axis=1)

    def predict(new):
        new = np.asarray(new, dtype=float)
        return y[(squares - 2 * new @ X.T).argmin(axis=1)]

    return predict


def train_digits__learned_by_heart(X, y, rng):
    """Your function knows the training digits by heart and gives every other digit the same label.
    It has to say something about digits it has never seen."""
    known = {row.tobytes(): label for row, label in zip(X, y, strict=True)}
    return lambda new: np.array([known.get(row.tobytes(), 0) for row in new])


def train_digits__one_label(X, y, rng):
    """Your function gives (nearly) every digit the same label. Does the loss fall in training, and
    does `predict` use the trained weights?"""
    most = np.bincount(y).argmax()
    return lambda new: np.full(len(new), most)


def train_digits__untrained(X, y, rng):
    """Your function's labels look like guesses. Does the loss fall in training, are the new
    weights kept, and does `predict` use them?"""
    W = rng.normal(size=(10, 64))
    return lambda new: (new @ W.T).argmax(axis=1)


def train_digits__labels_from_one(X, y, rng):
    """Each of your labels is one too large: a 3 is called 4. `argmax` counts from 0, and so do the
    digits."""
    predict = _neighbor(X, y)
    return lambda new: (predict(new) + 1) % 10


def train_digits__labels_one_less(X, y, rng):
    """Each of your labels is one too small: a 3 is called 2. Digits start at 0, and so does
    `argmax`."""
    predict = _neighbor(X, y)
    return lambda new: (predict(new) - 1) % 10


def train_digits__statistics_of_the_batch(X, y, rng):
    """`predict` standardizes by the mean and the spread of the digits it is asked about, so a
    label depends on the neighbors, and one digit alone has no spread. Use the training digits'
    numbers."""
    X = np.asarray(X, dtype=float)
    predict = _neighbor((X - X.mean(axis=0)) / (X.std(axis=0) + 1), y)
    return lambda new: predict((new - new.mean(axis=0)) / (new.std(axis=0) + 1))


def train_digits__pixels_not_scaled_in_predict(X, y, rng):
    """You scale the training pixels, but not those that `predict` gets. They come as they are,
    from 0 to 16: do the same to them."""
    X = np.asarray(X, dtype=float) / 16
    return _neighbor(X, y)


def train_digits__mean_digits(X, y, rng):
    """It keeps to the rules, and reads nearly nine of ten digits. That is what comparing with the
    mean of each class gives; a network with a hidden layer can do better."""
    X, y = np.asarray(X, dtype=float), np.asarray(y)
    means = np.stack([X[y == k].mean(axis=0) for k in range(10)])
    return lambda new: ((means ** 2).sum(axis=1) - 2 * np.asarray(new) @ means.T).argmin(axis=1)


def train_digits__few_digits(X, y, rng):
    """It keeps to the rules, but reads too few digits. Does it learn from all 600, and long
    enough?"""
    return _neighbor(X[:40], y[:40])


def train_digits__global_generator(X, y, rng):
    """You draw from NumPy's global generator, so the caller's seed decides nothing, and a run
    can't be repeated. Use `rng`, which was passed in for that."""
    keep = np.random.permutation(600)[:500]  # noqa: NPY002
    return _neighbor(X[keep], y[keep])


def train_digits__generator_of_its_own(X, y, rng):
    """Two runs with the same seed give different functions: the random numbers come from a new
    generator without a seed. Draw from `rng` only."""
    keep = np.random.default_rng().permutation(600)[:400]
    return _neighbor(X[keep], y[keep])


def train_digits__scales_in_place(X, y, rng):
    """You change X itself, so the caller's pixels are scaled, too. Work on a copy: `X = X / 16`,
    not `X /= 16`."""
    X /= 16
    predict = _neighbor(X, y)
    return lambda new: predict(np.asarray(new) / 16)


def train_digits__probabilities(X, y, rng):
    """`predict` returns ten numbers for each digit. The promise is one label: where is the largest
    of them?"""
    predict = _neighbor(X, y)
    return lambda new: np.eye(10)[predict(new)]


def train_digits__column(X, y, rng):
    """`predict` returns a column of labels. The promise is an array with one axis."""
    predict = _neighbor(X, y)
    return lambda new: predict(new)[:, None]


def train_digits__float_labels(X, y, rng):
    """`predict` returns floats. Labels are ints."""
    return _neighbor(X, np.asarray(y, dtype=float))


def train_digits__labels_of_training(X, y, rng):
    """You return labels instead of a function. The promise is a function that can be asked about
    any digit."""
    return _neighbor(X, y)(X)


def train_digits__weights(X, y, rng):
    """You return weights and biases. The promise is a function `predict` that uses them."""
    return [rng.normal(size=(10, 64))], [np.zeros(10)]


def train_digits__no_return(X, y, rng):
    """Your function returns nothing. It should end by returning the function `predict`, without
    calling it."""
    _neighbor(X, y)


# bugs

_FAULTS = (26, 37, 15, 13, 40)


def inputs_bugs(rng: np.random.Generator) -> Iterator[tuple]:
    yield ()


def view_bugs(result: Any) -> str:
    """The first thing to say of an answer: its form, a line that is right, or a fault missing."""
    if not isinstance(result, (set, frozenset)):
        right = isinstance(result, (list, tuple)) and {*map(str, result)} == {*map(str, _FAULTS)}
        return "a list" if right else type(result).__name__
    named = {int(one) for one in result if isinstance(one, (int, np.integer))}
    if len(named) < len(result):
        return "not numbers"
    if len(named) > 8:
        return "too many"
    if len({one + 1 for one in named} & set(_FAULTS)) >= 3:
        return "from 0"
    if not named & set(_FAULTS):
        return "none of them"
    extra = sorted(named - set(_FAULTS))
    if extra:
        return f"accuses {extra[0]}"
    missing = [one for one in _FAULTS if one not in named]
    return f"misses {missing[0]}" if missing else "right"


def _with(line):
    """Four of the faults, and this line."""
    return {*_FAULTS[:4], line}


def bugs__from_zero():
    """Your numbers are one too small: the lines are counted from 1, as they are printed."""
    return {one - 1 for one in _FAULTS}


def bugs__a_list():
    """The lines are right. Return them as a set, in braces."""
    return sorted(_FAULTS)


def bugs__too_many():
    """You name many more than five lines. Naming everything that looks unusual isn't finding
    faults: what exactly does each line get wrong?"""
    return {*_FAULTS, 7, 9, 16, 25, 36}


def bugs__none_of_them():
    """None of your lines is a fault. Start from the first loss, which is far from ln 10: which
    line could make it so large?"""
    return {7, 25, 33, 36, 44}


def bugs__texts():
    """Your set holds something that isn't a number. Give the lines' numbers, as in {3, 14}."""
    return {str(one) for one in _FAULTS}


def bugs__no_return():
    """Your function returns nothing. It should return a set of line numbers."""


def bugs__misses_the_softmax():
    """Something is missing that explains the very first loss. Of which numbers does each row's
    softmax have to be a share?"""
    return {13, 15, 37, 40}


def bugs__misses_the_slope():
    """Something is missing in the backward pass. Evaluate each factor for a unit that is switched
    off: which of them should be 0 and isn't?"""
    return {13, 15, 26, 40}


def bugs__misses_the_start():
    """Something is missing before training begins. How large should the first layer's weights be,
    as a standard deviation, and how large are they?"""
    return {13, 26, 37, 40}


def bugs__misses_the_preprocessing():
    """Something is missing in how new digits are prepared. From which digits may the numbers for
    that come?"""
    return {15, 26, 37, 40}


def bugs__misses_the_counter():
    """Something is missing in the optimizer. After one batch, what does each number that Adam
    keeps have to be?"""
    return {13, 15, 26, 37}


def bugs__split():
    """One of your lines is right: 600 digits are for training, 600 for validation, and they don't
    overlap. The rest is left for a test."""
    return _with(7)


def bugs__labels():
    """One of your lines is right: the labels are picked by the same row numbers as the pixels."""
    return _with(8)


def bugs__spread():
    """One of your lines is right: the spread is that of the training digits, and it may be used
    for new ones."""
    return _with(10)


def bugs__constant_pixels():
    """One of your lines is right: a pixel that never changes has a spread of 0, and 1 in its place
    avoids a division by zero."""
    return _with(11)


def bugs__training_pixels():
    """One of your lines is right: training digits are standardized by training digits."""
    return _with(12)


def bugs__second_layer():
    """One of your lines is right: without a ReLU after the last layer, a standard deviation of
    1/√32 is a good start."""
    return _with(16)


def bugs__zeros_for_the_means():
    """One of your lines is right: a plain 0 for Adam's means becomes an array with the first
    step."""
    return _with(17)


def bugs__relu():
    """One of your lines is right: the larger of the score and 0 is ReLU."""
    return _with(21)


def bugs__scores_without_activation():
    """One of your lines is right: the last layer's scores go into the softmax as they are."""
    return _with(22)


def bugs__largest_score():
    """One of your lines is right: subtracting each row's largest score keeps `exp` from
    overflowing, and changes no probability."""
    return _with(25)


def bugs__shuffling():
    """One of your lines is right: every epoch deals all 600 rows into 12 batches of 50, in a new
    order."""
    return _with(30)


def bugs__loss():
    """One of your lines is right: the loss only shows the symptom. What does it take from the line
    before?"""
    return _with(33)


def bugs__gradient_at_the_scores():
    """One of your lines is right: the gradient at the scores is the probabilities minus 1 at the
    right class."""
    return _with(35)


def bugs__mean_over_the_batch():
    """One of your lines is right: the mean over the batch enters here, and only here."""
    return _with(36)


def bugs__gradients():
    """One of your lines is right: each gradient has its parameter's shape, and biases sum over the
    batch."""
    return _with(38)


def bugs__first_mean():
    """One of your lines is right: that is Adam's mean of the gradients."""
    return _with(41)


def bugs__second_mean():
    """One of your lines is right: that is Adam's mean of the squares."""
    return _with(42)


def bugs__correction():
    """One of your lines is right: the correction is Adam's, with epsilon outside of the root. But
    which t does it get?"""
    return _with(43)


def bugs__learning_rate():
    """One of your lines is right: 0.003 is a usual learning rate for Adam, and the step goes
    downhill."""
    return _with(44)


def bugs__no_softmax_for_the_label():
    """One of your lines is right: the largest score has the largest probability, so the softmax
    isn't needed for the label."""
    return _with(45)


def bugs__epochs():
    """One of your lines is right: 30 epochs are a choice, and no fault."""
    return _with(28)


def bugs__loop():
    """One of your lines is right: each of the four parameters gets its step in this loop. Which
    line in it shouldn't run four times?"""
    return _with(39)


def bugs__backward_copy():
    """One of your lines is right: a copy keeps the probabilities as they were."""
    return _with(34)
