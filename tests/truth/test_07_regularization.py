"""Lesson 7's model answers against scikit-learn, SciPy, exact fractions and complex steps."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import load_diabetes, load_wine
from sklearn.linear_model import ElasticNet, Lasso, Ridge
from sklearn.preprocessing import StandardScaler

from autograder.course import lessons
from support.answers import reference

(LESSON,) = (lesson for lesson in lessons() if lesson.name == "07_regularization")


@pytest.fixture(scope="module")
def ours():
    return reference(LESSON)


@pytest.fixture
def rng():
    return np.random.default_rng(2007)


@pytest.fixture(scope="module")
def table():
    data = load_diabetes()
    return StandardScaler().fit_transform(data.data), data.target - data.target.mean()


def layers(rng):
    return [rng.normal(size=shape) for shape in ((3, 5), (4, 4), (6,), (2, 3, 2))]


def exact(W):
    return [Fraction(float(w)) for w in np.ravel(W)]


# ---- penalties

def test_penalties_are_exact_sums(ours, rng):
    weights, lam = layers(rng), 0.37
    squares = sum(w * w for W in weights for w in exact(W)) * Fraction(lam) / 2
    sizes = sum(abs(w) for W in weights for w in exact(W)) * Fraction(lam)
    assert ours["l2_penalty"](weights, lam) == pytest.approx(float(squares), rel=1e-14)
    assert ours["l1_penalty"](weights, lam) == pytest.approx(float(sizes), rel=1e-14)


@pytest.mark.parametrize(("penalty", "grad"), [("l2_penalty", "l2_grad"),
                                               ("l1_penalty", "l1_grad")])
def test_gradients_are_slopes_of_the_penalties(ours, rng, penalty, grad):
    """Along a line through all weights at once, in exact halves of a small step."""
    weights, step = layers(rng), 2.0 ** -20
    way = [rng.normal(size=W.shape) for W in weights]
    high, low = ([W + sign * step * V for W, V in zip(weights, way, strict=True)]
                 for sign in (1, -1))
    slope = (ours[penalty](high, 0.8) - ours[penalty](low, 0.8)) / (2 * step)
    along = sum(float(np.sum(dW * V))
                for dW, V in zip(ours[grad](weights, 0.8), way, strict=True))
    assert along == pytest.approx(slope, rel=1e-7)


def test_ridge_rests_where_l2_grad_balances_the_data(ours, table):
    X, y = table
    w = Ridge(alpha=70.0, fit_intercept=False, tol=1e-12).fit(X, y).coef_
    np.testing.assert_allclose(X.T @ (y - X @ w), ours["l2_grad"]([w], 70.0)[0], atol=1e-8)


def test_lasso_rests_where_l1_grad_balances_the_data(ours, table):
    """At a weight of 0 the data may pull with anything up to lam."""
    X, y = table
    w = Lasso(alpha=6.0, fit_intercept=False, tol=1e-14, max_iter=100_000).fit(X, y).coef_
    pull, (penalty,) = X.T @ (y - X @ w) / len(y), ours["l1_grad"]([w], 6.0)
    assert 0 < np.sum(w == 0) < len(w)
    np.testing.assert_allclose(pull[w != 0], penalty[w != 0], atol=1e-6)
    assert (penalty[w == 0] == 0).all()
    assert (np.abs(pull[w == 0]) <= 6.0).all()


def test_elastic_net_is_the_sum_of_both(ours, table):
    X, y = table
    net = ElasticNet(alpha=2.0, l1_ratio=0.3, fit_intercept=False, tol=1e-14, max_iter=100_000)
    w = net.fit(X, y).coef_
    here = np.sum((y - X @ w) ** 2) / (2 * len(y)) + (
        ours["l1_penalty"]([w], 0.6) + ours["l2_penalty"]([w], 1.4))
    for k in range(len(w)):
        for step in (-0.01, 0.01):
            v = w + step * (np.arange(len(w)) == k)
            there = np.sum((y - X @ v) ** 2) / (2 * len(y)) + (
                ours["l1_penalty"]([v], 0.6) + ours["l2_penalty"]([v], 1.4))
            assert there > here


# ---- dropout

@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_every_entry_is_a_coin_of_its_own(ours, rng, p):
    masks = np.stack([ours["dropout_forward"](np.ones((4, 5)), p, rng, True)[1]
                      for _ in range(4000)])
    kept = masks.sum(axis=0)
    assert stats.binomtest(int(kept.sum()), masks.size, 1 - p).pvalue > 1e-4
    assert min(stats.binomtest(int(k), 4000, 1 - p).pvalue for k in kept.flat) > 1e-5
    together = np.corrcoef(masks.reshape(4000, 20).T) - np.eye(20)
    assert np.abs(together).max() < 5 / np.sqrt(4000)
    counts = masks.reshape(4000, 20).sum(axis=1)
    assert counts.var() == pytest.approx(20 * p * (1 - p), rel=0.1)


def test_dropout_keeps_the_mean(ours, rng):
    X = rng.normal(size=(3, 4))
    mean = np.mean([ours["dropout_forward"](X, 0.3, rng, True)[0] for _ in range(20_000)], axis=0)
    np.testing.assert_allclose(mean, X, atol=6 * np.abs(X).max() * np.sqrt(0.3 / 0.7 / 20_000))


def test_backward_is_the_slope_by_a_complex_step(ours, rng):
    X, dY, p = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 0.35
    _, mask = ours["dropout_forward"](X, p, rng, True)
    slopes = np.zeros(X.shape)
    for at in np.ndindex(X.shape):
        moved = X.astype(complex)
        moved[at] += 1e-30j
        slopes[at] = np.sum(dY * moved * mask / (1 - p)).imag / 1e-30
    np.testing.assert_allclose(ours["dropout_backward"](dY, mask, p), slopes, rtol=1e-12)


# ---- early stopping

def by_definition(losses, patience, min_delta):
    """Every epoch asks the whole past again; no state is carried along."""
    def is_better(k):
        best = float("inf")
        for loss in losses[:k]:
            best = loss if loss < best - min_delta else best
        return losses[k] < best - min_delta

    better = [is_better(k) for k in range(len(losses))]
    for stop in range(len(losses)):
        if stop + 1 >= patience and not any(better[stop + 1 - patience:stop + 1]):
            break
    return max(k for k in range(stop + 1) if better[k]), stop


def test_early_stopping_on_every_short_sequence(ours):
    for length in range(1, 7):
        for tail in product((0.0, 0.5, 1.0, float("nan")), repeat=length - 1):
            losses = [1.0, *tail]
            for patience, min_delta in ((1, 0.0), (2, 0.0), (3, 0.5), (2, 0.25)):
                assert ours["early_stopping"](losses, patience, min_delta) == by_definition(
                    losses, patience, min_delta), (losses, patience, min_delta)


# ---- standardising and batch normalisation

def test_standardize_is_scikit_learns(ours):
    X = load_wine().data
    train, test = ours["standardize"](X[::2], X[1::2])
    scaler = StandardScaler().fit(X[::2])
    np.testing.assert_allclose(train, scaler.transform(X[::2]), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(test, scaler.transform(X[1::2]), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(train, stats.zscore(X[::2]), rtol=1e-9, atol=1e-12)


def test_constant_columns_are_exactly_zero_whatever_the_constant(ours, rng):
    train, test = rng.normal(size=(7, 4)), rng.normal(size=(3, 4))
    train[:, 1], train[:, 3] = 0.1, 1e9 + 0.3  # the mean of sevenths may be off by rounding
    for table in ours["standardize"](train, test):
        assert (table[:, [1, 3]] == 0).all()
        assert (table[:, [0, 2]] != 0).all()


def test_batchnorm_in_exact_fractions(ours, rng):
    """One unit, with a variance and an ε whose sum is a perfect square."""
    X, gamma, beta = np.array([[1.0], [4.0], [7.0]]), np.array([3.0]), np.array([-2.0])
    state = {"mean": np.zeros(1), "var": np.ones(1)}  # the batch's variance is 6
    Y, after = ours["batchnorm_forward"](X, gamma, beta, state, True, 0.25, 3.0)
    np.testing.assert_allclose(Y, [[-5.0], [-2.0], [1.0]], rtol=1e-15)
    assert (after["mean"], after["var"]) == (1.0, 2.25)
    Y, _ = ours["batchnorm_forward"](X, gamma, beta, after, False, 0.25, 1.75)
    np.testing.assert_allclose(Y, [[-2.0], [2.5], [7.0]], rtol=1e-15)


def test_batchnorm_is_zscore_where_eps_is_nothing(ours, rng):
    X = rng.normal(size=(9, 5)) * 10 + 3
    state = {"mean": np.zeros(5), "var": np.ones(5)}
    Y, _ = ours["batchnorm_forward"](X, np.ones(5), np.zeros(5), state, True, 0.1, 0.0)
    np.testing.assert_allclose(Y, stats.zscore(X), rtol=1e-9)


def test_running_averages_are_the_exponential_sum(ours, rng):
    batches, m = rng.normal(size=(6, 8, 3)) * 4 + 1, 0.3
    state = start = {"mean": rng.normal(size=3), "var": rng.uniform(1, 2, size=3)}
    for X in batches:
        _, state = ours["batchnorm_forward"](X, np.ones(3), np.zeros(3), state, True, m)
    share = m * (1 - m) ** np.arange(6)[::-1]
    for key, of in (("mean", np.mean), ("var", np.var)):
        expected = (1 - m) ** 6 * start[key] + share @ of(batches, axis=1)
        np.testing.assert_allclose(state[key], expected, rtol=1e-12)
    assert np.sum(share) + (1 - m) ** 6 == pytest.approx(1)
