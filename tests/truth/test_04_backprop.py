"""The reference of lesson 4 against oracles that share no code with it."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from scipy import optimize, special
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from autograder.course import lessons
from support.answers import reference

LESSON = next(lesson for lesson in lessons() if lesson.name == "04_backprop")


@pytest.fixture
def ours():
    return reference(LESSON)


def network(seed, n, *sizes):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair[::-1]) for pair in pairwise(sizes)]
    biases = [rng.normal(size=out) for out in sizes[1:]]
    return rng.normal(size=(n, sizes[0])), rng.integers(sizes[-1], size=n), weights, biases


def mean_loss(X, y, weights, biases):
    """By SciPy's log-softmax."""
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        X = np.tanh(X @ W.T + b)
    logs = special.log_softmax(X @ weights[-1].T + biases[-1], axis=1)
    return -logs[np.arange(len(y)), y].mean()


def cached(X, weights, biases):
    cache = []
    for W, b in zip(weights, biases, strict=True):
        cache.append((X, X @ W.T + b))
        X = np.tanh(cache[-1][1])
    return cache


def test_cross_entropy_grad_is_scipys(ours):
    rng = np.random.default_rng(1)
    for n, c, size in ((7, 4, 1), (4, 4, 5), (50, 10, 300)):
        Z, y = size * rng.normal(size=(n, c)), rng.integers(c, size=n)
        expected = (special.softmax(Z, axis=1) - np.eye(c)[y]) / n
        np.testing.assert_allclose(ours["cross_entropy_grad"](Z, y), expected, rtol=1e-12,
                                   atol=1e-16)


def test_cross_entropy_grad_is_exact_in_fractions(ours):
    """Logits that are logarithms of whole numbers have rational probabilities."""
    counts = [[1, 2, 5], [7, 1, 1], [3, 3, 4]]
    y = [2, 0, 1]
    expected = [[float((Fraction(k, sum(row)) - (j == label)) / 3) for j, k in enumerate(row)]
                for row, label in zip(counts, y, strict=True)]
    np.testing.assert_allclose(ours["cross_entropy_grad"](np.log(counts), y), expected, rtol=1e-14)


def test_linear_backward_is_exact_on_whole_numbers(ours):
    rng = np.random.default_rng(2)
    dZ, X, W = (rng.integers(-9, 10, size=shape) for shape in ((7, 3), (7, 5), (3, 5)))
    dX, dW, db = ours["linear_backward"](dZ, X, W)
    for got, expected in ((dX, np.einsum("no,od->nd", dZ, W)), (dW, np.einsum("no,nd->od", dZ, X)),
                          (db, np.einsum("no->o", dZ))):
        np.testing.assert_array_equal(got, expected)


def test_tanh_backward_is_one_over_cosh_squared(ours):
    Z = np.linspace(-15, 15, 301)
    np.testing.assert_allclose(ours["tanh_backward"](np.full(301, 3.0), Z), 3 / np.cosh(Z) ** 2,
                               rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("sizes", [(7, 5, 3, 4), (4, 4, 4, 4), (6, 3, 4), (5, 2, 3, 2, 3, 2)])
def test_mlp_backward_is_the_complex_step(ours, sizes):
    X, _, weights, biases = network(3, *sizes)
    dZ = np.random.default_rng(4).normal(size=(len(X), sizes[-1]))
    dWs, dbs = ours["mlp_backward"](dZ, cached(X, weights, biases), weights)
    for parts, got in ((weights, dWs), (biases, dbs)):
        for k, part in enumerate(parts):
            for index in np.ndindex(part.shape):
                parts[k] = part.astype(complex)
                parts[k][index] += 1e-40j
                slope = np.sum(dZ * cached(X, weights, biases)[-1][1]).imag / 1e-40
                assert got[k][index] == pytest.approx(slope, rel=1e-10, abs=1e-13)
            parts[k] = part


def test_mlp_backward_is_scikit_learns(ours):
    """One gradient of MLPClassifier, read off one step of its plain SGD."""
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(40, 6)), np.arange(40) % 3
    theirs = MLPClassifier((5, 4), activation="tanh", solver="sgd", alpha=0.0, batch_size=40,
                           learning_rate_init=1.0, momentum=0.0, max_iter=1, random_state=0)
    theirs.partial_fit(X, y, classes=[0, 1, 2])
    before = [W.T.copy() for W in theirs.coefs_], [b.copy() for b in theirs.intercepts_]
    theirs.partial_fit(X, y)
    weights, biases, losses = ours["train_mlp"](X, y, *before, 1.0, 1)
    for got, expected in zip(weights, theirs.coefs_, strict=True):
        np.testing.assert_allclose(got, expected.T, rtol=1e-9, atol=1e-12)
    for got, expected in zip(biases, theirs.intercepts_, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)
    assert losses == pytest.approx([theirs.loss_])


def test_numerical_gradient_is_scipys_two_sided_difference(ours):
    rng = np.random.default_rng(6)
    M = rng.normal(size=(5, 5))
    for x in rng.normal(size=(5, 5)):
        def f(v):
            return float(np.sin(v) @ M @ np.exp(v / 3))

        exact = M @ np.exp(x / 3) * np.cos(x) + M.T @ np.sin(x) * np.exp(x / 3) / 3
        np.testing.assert_allclose(ours["numerical_gradient"](f, x), exact, rtol=1e-7, atol=1e-9)
        assert optimize.check_grad(f, lambda v: ours["numerical_gradient"](f, v), x) < 1e-5


def test_numerical_gradient_is_off_by_eps_squared_over_six_third_derivatives(ours):
    x = np.array([0.3, 1.1])
    for eps in (0.1, 0.03, 0.01):
        got = ours["numerical_gradient"](lambda v: np.sum(v ** 3), x, eps)
        np.testing.assert_allclose(got - 3 * x ** 2, eps ** 2, rtol=1e-9)


def test_gradient_check_in_fractions(ours):
    rng = np.random.default_rng(7)
    a, n = rng.integers(-8, 9, size=(2, 40)) / 4
    errors = [abs(Fraction(p) - Fraction(q)) / max(Fraction(1, 10**8), abs(Fraction(p))
                                                   + abs(Fraction(q)))
              for p, q in zip(a.tolist(), n.tolist(), strict=True)]
    for k in range(40):
        assert ours["gradient_check"](a[k], n[k]) == pytest.approx(float(errors[k]), rel=1e-15)
    assert ours["gradient_check"](a, n) == pytest.approx(float(max(errors)), rel=1e-15)


def test_find_bugs_finds_what_was_planted_and_nothing_else(ours):
    """The gradient of a logistic regression's loss, 100 times with another entry spoiled."""
    rng = np.random.default_rng(8)
    for _ in range(100):
        X, y, w = rng.normal(size=(12, 6)), rng.integers(2, size=12), rng.normal(size=6)

        def f(v, X=X, y=y):
            return float(np.mean(np.logaddexp(0, X @ v) - y * (X @ v)))

        def right(v, X=X, y=y):
            return X.T @ (special.expit(X @ v) - y) / len(y)

        largest, place = np.abs(right(w)).max(), int(rng.integers(6))
        size = rng.choice([-1, 1]) * largest * 10 ** rng.uniform(-2.5, 0)

        def spoiled(v, right=right, place=place, size=size):
            return right(v) + size * (np.arange(6) == place)

        assert ours["find_bugs"]({"p": right, "q": spoiled, "r": right}, f, w) == {"q"}


def test_train_mlp_without_hidden_layers_reaches_scikit_learns_logistic_regression(ours):
    rng = np.random.default_rng(9)
    X = rng.normal(size=(60, 2))
    y = (X @ [1.0, -1.0] + rng.normal(size=60) > 0).astype(int)  # no line parts them
    weights, biases, losses = ours["train_mlp"](X, y, [np.zeros((2, 2))], [np.zeros(2)], 1.0, 4000)
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(X, y)
    np.testing.assert_allclose(weights[0][1] - weights[0][0], theirs.coef_[0], rtol=1e-4)
    assert biases[0][1] - biases[0][0] == pytest.approx(theirs.intercept_[0], rel=1e-3, abs=1e-4)
    assert losses[0] == pytest.approx(np.log(2))
    assert all(after <= before + 1e-15 for before, after in pairwise(losses))


def test_train_mlp_goes_down_scipys_gradient(ours):
    X, y, weights, biases = network(10, 7, 5, 3, 4)
    parts = [*weights, *biases]
    flat, ends = np.concatenate([p.ravel() for p in parts]), np.cumsum([p.size for p in parts])

    def f(v):
        cut = [piece.reshape(p.shape)
               for piece, p in zip(np.split(v, ends[:-1]), parts, strict=True)]
        return mean_loss(X, y, cut[:2], cut[2:])

    slope = optimize.approx_fprime(flat, f, 1e-7)
    new_weights, new_biases, losses = ours["train_mlp"](X, y, weights, biases, 0.5, 1)
    step = np.concatenate([p.ravel() for p in (*new_weights, *new_biases)]) - flat
    np.testing.assert_allclose(step, -0.5 * slope, atol=1e-6)
    assert losses == [pytest.approx(mean_loss(X, y, weights, biases), rel=1e-14)]


def test_train_mlp_learns_real_digits(ours):
    X, y = load_digits(return_X_y=True)
    rng = np.random.default_rng(11)
    weights = [0.3 * rng.normal(size=(24, 64)) / 8, 0.3 * rng.normal(size=(10, 24)) / 5]
    weights, biases, losses = ours["train_mlp"](X[:300] / 16, y[:300], weights,
                                                [np.zeros(24), np.zeros(10)], 0.5, 150)
    said = np.tanh(X[300:] / 16 @ weights[0].T + biases[0]) @ weights[1].T + biases[1]
    assert losses[0] == pytest.approx(np.log(10), rel=0.02)
    assert np.mean(said.argmax(axis=1) == y[300:]) > 0.8
