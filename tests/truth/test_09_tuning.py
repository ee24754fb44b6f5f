"""Lesson 9's model answers against scikit-learn, SciPy, exact fractions and brute force."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.datasets import load_iris, load_wine
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import (
    KFold,
    StratifiedShuffleSplit,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import OneHotEncoder

from autograder.course import lessons
from support.answers import reference

(LESSON,) = (lesson for lesson in lessons() if lesson.name == "09_tuning")


@pytest.fixture(scope="module")
def ours():
    return reference(LESSON)


@pytest.fixture
def rng():
    return np.random.default_rng(2009)


# ---- splits

def test_parts_end_where_exact_fractions_round(ours, rng):
    """Decimal fractions as Python's `round` takes them: the nearest, an exact half to the even."""
    for n in range(1, 60):
        for tenths in ([6, 2, 2], [7, 1, 1, 1], [9, 1], [3, 3, 4]):
            fractions = [t / 10 for t in tenths]
            exact = [n * Fraction(sum(tenths[:k + 1]), 10) for k in range(len(tenths))]
            if any(end.denominator == 2 for end in exact):
                continue  # near a half, float noise may decide
            ends = [0, *map(round, exact)]
            parts = ours["split_indices"](n, fractions, rng)
            assert [len(part) for part in parts] == [b - a for a, b in pairwise(ends)]
            assert sorted(np.concatenate(parts)) == list(range(n))


def test_exact_halves_go_to_the_even_number(ours, rng):
    for n in range(1, 40):
        for fractions in ([0.5, 0.5], [0.25, 0.75], [0.125, 0.375, 0.5]):
            ends = [0, *(round(n * Fraction(sum(fractions[:k + 1])))
                         for k in range(len(fractions)))]
            parts = ours["split_indices"](n, fractions, rng)
            assert [len(part) for part in parts] == [b - a for a, b in pairwise(ends)]


def test_every_split_is_equally_likely(ours, rng):
    seen: dict[tuple, int] = {}
    for _ in range(6000):
        part = tuple(sorted(ours["split_indices"](6, [1 / 3, 2 / 3], rng)[0].tolist()))
        seen[part] = seen.get(part, 0) + 1
    assert len(seen) == 15
    assert stats.chisquare(list(seen.values())).pvalue > 1e-4


def test_shares_of_the_classes_are_scikit_learns_where_they_are_whole(ours, rng):
    y = rng.permutation(np.repeat([0, 3, 7], [40, 25, 15]))
    ((_, theirs),) = StratifiedShuffleSplit(1, test_size=0.2, random_state=0).split(y, y)
    train, val = ours["stratified_split"](y, 0.2, rng)
    assert np.bincount(y[val]).tolist() == np.bincount(y[theirs]).tolist()
    assert sorted([*train, *val]) == list(range(80))


def test_inside_a_class_every_choice_is_equally_likely(ours, rng):
    seen: dict[tuple, int] = {}
    for _ in range(6000):
        _, val = ours["stratified_split"]([5, 2, 5, 2, 5, 5], 0.5, rng)
        key = tuple(sorted(val.tolist()))
        seen[key] = seen.get(key, 0) + 1
    assert len(seen) == 12  # 2 of 4, and round(2 · 0.5) of 2
    assert stats.chisquare(list(seen.values())).pvalue > 1e-4


@pytest.mark.parametrize(("n", "k"), [(10, 3), (23, 5), (7, 7), (100, 9)])
def test_folds_have_scikit_learns_sizes(ours, rng, n, k):
    theirs = [len(val) for _, val in KFold(k).split(np.zeros(n))]
    pairs = ours["kfold"](n, k, rng)
    assert sorted(len(val) for _, val in pairs) == sorted(theirs)
    assert sorted(np.concatenate([val for _, val in pairs])) == list(range(n))
    assert all(sorted([*train, *val]) == list(range(n)) for train, val in pairs)


# ---- tables

def test_one_hot_is_scikit_learns(ours, rng):
    classes = ["wine", "beer", "water", "tea"]
    labels = rng.choice(classes, size=50).tolist()
    encoder = OneHotEncoder(categories=[classes], sparse_output=False)
    np.testing.assert_array_equal(ours["one_hot"](labels, classes),
                                  encoder.fit_transform(np.array(labels)[:, None]))
    with pytest.raises(ValueError, match="juice"):
        ours["one_hot"](["wine", "juice"], classes)


def test_imputing_is_scikit_learns(ours, rng):
    X = load_wine().data
    X[rng.random(X.shape) < 0.2] = np.nan
    train, test = X[::2], X[1::2]
    imputer = SimpleImputer().fit(train)
    for got, table in zip(ours["impute_mean"](train, test), (train, test), strict=True):
        np.testing.assert_allclose(got, imputer.transform(table), rtol=1e-12)


# ---- cross-validation

@pytest.mark.parametrize(("model", "measure"), [
    (Ridge(alpha=2.0), "r2"), (KNeighborsClassifier(5), "accuracy")])
def test_cross_validating_is_scikit_learns(ours, rng, model, measure):
    X, y = load_iris(return_X_y=True)
    folds = ours["kfold"](len(y), 6, rng)
    got = ours["cross_validate"](lambda X, y: clone(model).fit(X, y),
                                 lambda fitted, X, y: fitted.score(X, y), X, y, folds)
    np.testing.assert_allclose(got, cross_val_score(model, X, y, cv=folds, scoring=measure))


# ---- search

def test_random_search_on_every_short_sequence(ours):
    nan = float("nan")
    for length in range(1, 6):
        for values in product((0.0, 1.0, nan), repeat=length):
            numbers = iter(range(length))
            config, value, history = ours["random_search"](
                lambda k, values=values: values[k], lambda rng, numbers=numbers: next(numbers),
                length, None)
            best = next((k for want in (0.0, 1.0) for k, v in enumerate(values) if v == want), None)
            assert config == best
            np.testing.assert_equal(value, nan if best is None else values[best])
            np.testing.assert_equal(history, list(values))


# ---- the bootstrap

@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_the_interval_is_scipys(ours, rng, level):
    correct = np.arange(200) < 170
    theirs = stats.bootstrap((correct.astype(float),), np.mean, method="percentile", axis=0,
                             n_resamples=20_000, confidence_level=level, rng=rng,
                             vectorized=True).confidence_interval
    np.testing.assert_allclose(ours["bootstrap_interval"](correct, 20_000, rng, level), theirs,
                               atol=0.0051)


def test_the_interval_ends_at_binomial_quantiles(ours, rng):
    for right, n in ((29, 30), (291, 300), (5, 9)):
        exact = stats.binom.ppf([0.025, 0.975], n, right / n) / n
        np.testing.assert_allclose(
            ours["bootstrap_interval"](np.arange(n) < right, 40_000, rng), exact, atol=1.01 / n)


def test_percentiles_are_interpolated_as_numpy_does(ours):
    """The worked example: means of 0.5, 0.75 and 1 with a level of 0.5."""
    class Draws:
        def integers(self, n, size):
            assert (n, size) == (4, (3, 4))
            return np.array([[0, 2, 2, 3], [0, 1, 2, 3], [0, 0, 1, 3]])

    assert ours["bootstrap_interval"]([1, 1, 0, 1], 3, Draws(), 0.5) == (0.625, 0.875)
