"""Lesson 16's model answers against finite differences, scikit-learn, and brute force."""

from itertools import pairwise, permutations
from math import factorial

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from autograder.course import lessons
from support.answers import reference

LESSON = next(lesson for lesson in lessons() if lesson.name == "16_interpretability")


@pytest.fixture(scope="module")
def answers():
    return reference(LESSON)


def network(seed, *sizes):
    rng = np.random.default_rng(seed)
    return ([rng.normal(size=(out, d)) for d, out in pairwise(sizes)],
            [rng.normal(size=out) for out in sizes[1:]])


def scores(x, weights, biases):
    for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
        x = W @ (np.maximum(x, 0) if k else x) + b
    return x


@pytest.mark.parametrize("sizes", [(5, 4), (5, 7, 3), (4, 6, 5, 3)])
def test_saliency_is_the_difference_quotient_of_the_score(answers, sizes):
    weights, biases = network(1, *sizes)
    rng = np.random.default_rng(2)
    X, classes = rng.normal(size=(6, sizes[0])), rng.integers(sizes[-1], size=6)
    steps = 1e-6 * np.eye(sizes[0])
    expected = [[(scores(x + step, weights, biases) - scores(x - step, weights, biases))[c] / 2e-6
                 for step in steps] for x, c in zip(X, classes, strict=True)]
    np.testing.assert_allclose(answers["saliency"](X, weights, biases, classes), expected,
                               rtol=1e-5, atol=1e-7)


def test_integrated_gradients_are_complete_and_exact_for_a_cubic(answers):
    rng = np.random.default_rng(3)
    a, x, baseline = rng.normal(size=(3, 4))
    found = answers["integrated_gradients"](lambda p: 3 * a * p ** 2, x, baseline, 2000)
    np.testing.assert_allclose(found, a * (x ** 3 - baseline ** 3), rtol=1e-5)


def test_occlusion_of_a_linear_score_is_the_sum_under_the_square(answers):
    rng = np.random.default_rng(4)
    A, image = rng.normal(size=(2, 6, 5))
    windows = np.lib.stride_tricks.sliding_window_view(A * (image - 0.3), (2, 2))
    np.testing.assert_allclose(
        answers["occlusion"](lambda one: np.sum(A * one), image, 2, 0.3), windows.sum(axis=(2, 3)))


def test_permutation_importance_of_a_linear_score_is_a_covariance(answers):
    """In the mean over shuffles, a column's share of x·w y is lost but for the means."""
    rng = np.random.default_rng(5)
    X, y, w = rng.normal(size=(40, 3)) + 1.0, rng.normal(size=40), np.array([1.0, -2.0, 0.5])
    found = np.mean([answers["permutation_importance"](
        lambda X, y: float(np.mean((X @ w) * y)), X, y, rng) for _ in range(3000)], axis=0)
    np.testing.assert_allclose(found, w * [np.cov(x, y, ddof=0)[0, 1] for x in X.T], atol=0.03)


def test_lime_is_scikit_learns_weighted_regression(answers):
    x, asked = np.array([0.5, -1.0, 2.0]), []

    def predict(Z):
        asked.append(Z.copy())
        return np.sin(Z[:, 0]) + Z[:, 1] * Z[:, 2]

    found = answers["lime"](predict, x, 50, 0.7, 1.3, np.random.default_rng(6))
    Z = np.concatenate(asked)
    weights = np.exp(-np.sum((Z - x) ** 2, axis=1) / 1.3 ** 2)
    line = LinearRegression().fit(Z, predict(Z), sample_weight=weights)
    np.testing.assert_allclose(found, line.coef_, rtol=1e-8)


def by_orders(value, n):
    total = np.zeros(n)
    for order in permutations(range(n)):
        mask = np.zeros(n, dtype=bool)
        for i in order:
            before = value(mask)
            mask[i] = True
            total[i] += value(mask) - before
    return total / factorial(n)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_shapley_values_are_means_over_all_orders(answers, n):
    worth = np.random.default_rng(n).normal(size=2 ** n)

    def value(mask):
        return worth[int(np.dot(mask, 2 ** np.arange(n)))]

    np.testing.assert_allclose(answers["shapley"](value, n), by_orders(value, n))
    found = answers["shapley_sampled"](value, n, 4000, np.random.default_rng(7))
    np.testing.assert_allclose(found, by_orders(value, n), atol=0.12)
    assert np.sum(found) == pytest.approx(worth[-1] - worth[0])


def test_a_linear_models_shapley_values_are_known(answers):
    """w (x - mean of the background): no sampling, no coalition."""
    rng = np.random.default_rng(8)
    w, x, background = rng.normal(size=6), rng.normal(size=6), rng.normal(size=(9, 6))
    value = answers["coalition_value"](lambda X: X @ w + 2.0, x, background)
    np.testing.assert_allclose(answers["shapley"](value, 6), w * (x - background.mean(axis=0)))
