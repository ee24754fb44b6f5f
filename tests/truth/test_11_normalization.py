"""The reference of lesson 11 against oracles that share no code with it."""

import numpy as np
import pytest
from scipy import optimize, stats
from sklearn.preprocessing import StandardScaler

from autograder.course import lessons
from support.answers import reference

LESSON = next(lesson for lesson in lessons() if lesson.name == "11_normalization")


@pytest.fixture
def ours():
    return reference(LESSON)


def central(f, x):
    x = np.asarray(x, dtype=float)
    return optimize.approx_fprime(x.ravel(), lambda v: f(v.reshape(x.shape)), 1e-7).reshape(x.shape)


def batch_norm(X, gamma, beta, eps):
    """By scikit-learn, with ε put under the root afterward."""
    scaler = StandardScaler().fit(X)
    shrunk = np.sqrt(scaler.var_ / (scaler.var_ + eps))
    return gamma * scaler.transform(X) * shrunk + beta


@pytest.mark.parametrize("eps", [1e-5, 0.5])
@pytest.mark.parametrize(("n", "d"), [(6, 3), (4, 4), (2, 5)])
def test_batchnorm_backward_has_the_slopes_of_scikit_learns_scaler(ours, n, d, eps):
    rng = np.random.default_rng([n, d])
    X, dY = 2 * rng.normal(size=(n, d)) + 1, rng.normal(size=(n, d))
    gamma, beta = rng.uniform(0.5, 2, size=d), rng.normal(size=d)
    dX, dgamma, dbeta = ours["batchnorm_backward"](dY, X, gamma, eps)

    def loss(X, gamma, beta):
        return np.sum(dY * batch_norm(X, gamma, beta, eps))

    np.testing.assert_allclose(dX, central(lambda v: loss(v, gamma, beta), X), atol=1e-5)
    np.testing.assert_allclose(dgamma, central(lambda v: loss(X, v, beta), gamma), atol=1e-5)
    np.testing.assert_allclose(dbeta, central(lambda v: loss(X, gamma, v), beta), atol=1e-5)


def test_batchnorm_backward_has_no_part_along_a_shift_or_a_stretch(ours):
    rng = np.random.default_rng(1)
    X, dY = rng.normal(size=(7, 5)), rng.normal(size=(7, 5))
    dX, *_ = ours["batchnorm_backward"](dY, X, rng.normal(size=5), 0.0)
    np.testing.assert_allclose(dX.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((dX * X).sum(axis=0), 0, atol=1e-12)


@pytest.mark.parametrize("shape", [(5,), (4, 4), (2, 3, 4)])
def test_layernorm_forward_is_scipys_zscore(ours, shape):
    rng = np.random.default_rng(2)
    X, gamma, beta = rng.normal(size=shape), rng.normal(size=shape[-1]), rng.normal(size=shape[-1])
    np.testing.assert_allclose(ours["layernorm_forward"](X, gamma, beta, 0.0),
                               gamma * stats.zscore(X, axis=-1) + beta)


@pytest.mark.parametrize("eps", [1e-5, 0.5])
@pytest.mark.parametrize("shape", [(5,), (4, 4), (2, 3, 4)])
def test_the_backward_passes_have_the_slopes_of_the_forward_passes(ours, shape, eps):
    rng = np.random.default_rng(3)
    X, dY, gamma = rng.normal(size=shape), rng.normal(size=shape), rng.normal(size=shape[-1])
    zeros = np.zeros(shape[-1])

    def layer(X, gamma, beta):
        return np.sum(dY * ours["layernorm_forward"](X, gamma, beta, eps))

    def rms(X, gamma):
        return np.sum(dY * ours["rmsnorm_forward"](X, gamma, eps))

    dX, dgamma, dbeta = ours["layernorm_backward"](dY, X, gamma, eps)
    np.testing.assert_allclose(dX, central(lambda v: layer(v, gamma, zeros), X), atol=1e-5)
    np.testing.assert_allclose(dgamma, central(lambda v: layer(X, v, zeros), gamma), atol=1e-5)
    np.testing.assert_allclose(dbeta, central(lambda v: layer(X, gamma, v), zeros), atol=1e-5)
    dX, dgamma = ours["rmsnorm_backward"](dY, X, gamma, eps)
    np.testing.assert_allclose(dX, central(lambda v: rms(v, gamma), X), atol=1e-5)
    np.testing.assert_allclose(dgamma, central(lambda v: rms(X, v), gamma), atol=1e-5)


def test_rmsnorm_gives_every_row_the_length_of_a_row_of_ones(ours):
    X = np.random.default_rng(4).normal(size=(3, 4, 5))
    Y = ours["rmsnorm_forward"](X, np.ones(5), 0.0)
    np.testing.assert_allclose(np.linalg.norm(Y, axis=-1), np.sqrt(5))
    cosines = np.sum(X * Y, axis=-1) / np.linalg.norm(X, axis=-1) / np.sqrt(5)
    np.testing.assert_allclose(cosines, 1.0)


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_groupnorm_is_scipys_zscore_of_each_group(ours, groups):
    rng = np.random.default_rng(5)
    X, gamma, beta = rng.normal(size=(3, 6, 2, 4)), rng.normal(size=6), rng.normal(size=6)
    expected = np.concatenate([stats.zscore(part.reshape(3, -1), axis=1).reshape(part.shape)
                               for part in np.split(X, groups, axis=1)], axis=1)
    expected = np.einsum("ncij,c->ncij", expected, gamma) + beta[None, :, None, None]
    np.testing.assert_allclose(ours["groupnorm_forward"](X, groups, gamma, beta, 0.0), expected)


def test_groupnorm_with_one_group_is_layer_norm_and_with_all_groups_instance_norm(ours):
    X, ones, zeros = np.random.default_rng(6).normal(size=(3, 4, 5)), np.ones(4), np.zeros(4)
    whole = ours["layernorm_forward"](X.reshape(3, -1), np.ones(20), np.zeros(20)).reshape(X.shape)
    np.testing.assert_allclose(ours["groupnorm_forward"](X, 1, ones, zeros), whole)
    each = ours["layernorm_forward"](X, np.ones(5), np.zeros(5))
    np.testing.assert_allclose(ours["groupnorm_forward"](X, 4, ones, zeros), each)


@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_a_folded_layer_equals_linear_layer_and_batch_norm(ours, eps):
    rng = np.random.default_rng(7)
    X, W, b, gamma, beta, mean = (rng.normal(size=size) for size in
                                  ((9, 3), (4, 3), 4, 4, 4, 4))
    var = rng.uniform(0.2, 3.0, size=4)
    W2, b2 = ours["fold_batchnorm"](W, b, gamma, beta, mean, var, eps)
    expected = gamma * (X @ W.T + b - mean) / np.sqrt(var + eps) + beta
    np.testing.assert_allclose(X @ W2.T + b2, expected)


def test_the_tape_of_the_lesson_agrees_with_the_formula_and_cut_with_the_bug(ours):
    rng = np.random.default_rng(8)
    X, dY, gamma = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), rng.normal(size=3)
    np.testing.assert_allclose(ours["on_a_tape"](dY, X, gamma),
                               ours["batchnorm_backward"](dY, X, gamma)[0], atol=1e-12)
    np.testing.assert_allclose(ours["on_a_tape"](dY, X, gamma, cut=("mean", "s")),
                               ours["as_constants"](dY, X, gamma)[0], atol=1e-12)
