"""The reference of lesson 12 against oracles that share no code with it."""

from itertools import product
from math import comb

import numpy as np
import pytest
from scipy import stats
from sklearn.neural_network import MLPRegressor

from autograder.course import lessons
from support.answers import reference

LESSON = next(lesson for lesson in lessons() if lesson.name == "12_residual")
SIZES = [(7, 5, 3), (4, 4, 4), (1, 3, 6), (3, 1, 1)]


@pytest.fixture
def ours():
    return reference(LESSON)


def block(seed, n, d, hidden, out=None):
    rng = np.random.default_rng(seed)
    out = d if out is None else out
    return (rng.normal(size=(n, d)), rng.normal(size=(hidden, d)), rng.normal(size=hidden),
            rng.normal(size=(out, hidden)), rng.normal(size=out))


def by_scikit_learn(X, W1, b1, W2, b2):
    """What a network of one hidden ReLU layer makes of X, by scikit-learn."""
    model = MLPRegressor(hidden_layer_sizes=(len(W1),), activation="relu", max_iter=1)
    y = np.zeros((len(X), len(W2)))
    model.partial_fit(X, y if y.shape[1] > 1 else y.ravel())
    model.coefs_, model.intercepts_ = [W1.T.copy(), W2.T.copy()], [b1.copy(), b2.copy()]
    return model.predict(X).reshape(len(X), -1)


@pytest.mark.parametrize("sizes", SIZES)
def test_a_block_is_its_input_plus_scikit_learns_network(ours, sizes):
    args = block(1, *sizes)
    Y, (X, Z, H) = ours["block_forward"](*args)
    np.testing.assert_allclose(Y - args[0], by_scikit_learn(*args), atol=1e-12)
    np.testing.assert_array_equal(X, args[0])
    np.testing.assert_allclose(H, np.where(Z > 0, Z, 0))


@pytest.mark.parametrize("sizes", SIZES)
def test_gradients_are_slopes_along_the_imaginary_axis(ours, sizes):
    """With complex steps the slope is exact, as long as the ReLU goes by the real part."""
    args = block(2, *sizes)
    X, W1, b1, W2, _ = args
    dY = np.random.default_rng(3).normal(size=X.shape)

    def value(X, W1, b1, W2, b2):
        Z = X @ W1.T + b1
        return np.sum(dY * (X + (Z * (Z.real > 0)) @ W2.T + b2))

    Z = X @ W1.T + b1
    got = ours["block_backward"](dY, (X, Z, Z * (Z > 0)), W1, W2)
    for k, gradient in enumerate(got):
        slopes = np.zeros(args[k].shape)
        for index in np.ndindex(slopes.shape):
            moved = [arg.astype(complex) for arg in args]
            moved[k][index] += 1e-30j
            slopes[index] = value(*moved).imag / 1e-30
        np.testing.assert_allclose(gradient, slopes, rtol=1e-12, atol=1e-12)


def test_a_start_is_he_normal_and_the_identity(ours):
    W1, b1, W2, b2 = ours["zero_init_block"](50, 400, np.random.default_rng(4))
    assert stats.kstest(W1.ravel() / np.sqrt(2 / 50), "norm").pvalue > 0.01
    X = np.random.default_rng(5).normal(size=(3, 50))
    np.testing.assert_array_equal(ours["block_forward"](X, W1, b1, W2, b2)[0], X)


def test_only_a_start_with_random_first_weights_learns(ours):
    X, dY = np.random.default_rng(6).normal(size=(2, 20, 5))
    for first, learns in ((1.0, True), (0.0, False)):
        W1, b1, W2, b2 = ours["zero_init_block"](5, 8, np.random.default_rng(7))
        W1 = W1 * first
        for _ in range(2):
            _, cache = ours["block_forward"](X, W1, b1, W2, b2)
            _, dW1, db1, dW2, db2 = ours["block_backward"](dY, cache, W1, W2)
            W1, b1, W2, b2 = W1 - dW1, b1 - db1, W2 - dW2, b2 - db2
        assert bool(dW1.any()) == bool(dW2.any()) == learns


@pytest.mark.parametrize("L", range(8))
def test_paths_are_those_that_brute_force_finds(ours, L):
    lengths = [sum(path) for path in product((0, 1), repeat=L)]
    assert ours["path_counts"](L) == [lengths.count(k) for k in range(L + 1)]


@pytest.mark.parametrize("L", [12, 64, 100, 300])
def test_large_counts_are_exact(ours, L):
    counts = ours["path_counts"](L)
    assert counts == [comb(L, k) for k in range(L + 1)]
    assert all(type(count) is int for count in counts)


def test_paths_are_the_powers_of_one_plus_the_branch(ours):
    """Of linear blocks, (I + F) ** L is the sum over lengths of counts times powers of F."""
    F = np.random.default_rng(8).normal(size=(4, 4))
    counts = ours["path_counts"](9)
    expected = sum(count * np.linalg.matrix_power(F, k) for k, count in enumerate(counts))
    np.testing.assert_allclose(np.linalg.matrix_power(np.eye(4) + F, 9), expected)


def test_a_lesion_leaves_out_one_place_at_a_time(ours):
    blocks, asked = list("abca"), []

    def accuracy(kept):
        asked.append("".join(kept))
        return len(asked)

    np.testing.assert_array_equal(ours["lesion"](blocks, accuracy), [1, 2, 3, 4])
    assert sorted(asked) == sorted(["bca", "aca", "aba", "abc"])
    assert blocks == list("abca")


@pytest.mark.parametrize(("d", "out"), [(4, 4), (5, 3), (3, 5)])
def test_a_projection_is_one_more_linear_layer(ours, d, out):
    args = block(9, 6, d, 4, out)
    Ws = np.random.default_rng(10).normal(size=(out, d))
    expected = by_scikit_learn(*args) + np.tensordot(args[0], Ws, axes=(1, 1))
    np.testing.assert_allclose(ours["projection_block"](*args, Ws), expected, atol=1e-12)
    if d == out:
        np.testing.assert_allclose(ours["projection_block"](*args), ours["block_forward"](*args)[0])


def test_stochastic_depth_has_the_right_mean_and_variance(ours):
    X, p, rounds = np.array([[3.0, 1.0]] * 5), 0.3, 4000
    rng = np.random.default_rng(11)
    Y = np.array([ours["stochastic_depth"](lambda X: 2 * X, X, p, rng, True)
                  for _ in range(rounds)])
    spread = 2 * X * np.sqrt(p / (1 - p))
    assert (np.abs(Y.mean(axis=0) - 3 * X) < 5 * spread / np.sqrt(rounds)).all()
    np.testing.assert_allclose(Y.std(axis=0), spread, rtol=0.06)
    kept = Y[:, :, 0] > 3
    assert (kept == (Y[:, :, 1] > 1)).all()
    counts = np.bincount(kept.sum(axis=1), minlength=6)
    expected = rounds * stats.binom.pmf(range(6), 5, 1 - p)
    assert stats.chisquare(counts, expected).pvalue > 0.001


def test_stochastic_depth_adds_everything_in_use(ours):
    X = np.random.default_rng(12).normal(size=(4, 2, 3))
    for p in (0.0, 0.9):
        got = ours["stochastic_depth"](np.tanh, X, p, np.random.default_rng(0), False)
        np.testing.assert_allclose(got, X + np.tanh(X))
    for p in (-0.1, 1.0, 2):
        for training in (True, False):
            with pytest.raises(ValueError, match="p must be"):
                ours["stochastic_depth"](np.tanh, X, p, np.random.default_rng(0), training)
