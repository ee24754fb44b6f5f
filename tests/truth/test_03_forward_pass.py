"""Lesson 3's model answers against SciPy, scikit-learn, exact fractions, complex numbers."""

from decimal import Decimal, getcontext
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from scipy import special
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.neural_network import MLPClassifier, MLPRegressor

from autograder.course import lessons
from support.answers import reference

(LESSON,) = (lesson for lesson in lessons() if lesson.name == "03_forward_pass")
getcontext().prec = 60


@pytest.fixture(scope="module")
def ours():
    return reference(LESSON)


@pytest.fixture
def rng():
    return np.random.default_rng(2003)


def network(rng, *sizes):
    return ([rng.normal(size=(after, before)) for before, after in pairwise(sizes)],
            [rng.normal(size=after) for after in sizes[1:]])


def exact_cross_entropy(z, label):
    """With 60 digits."""
    powers = [Decimal(float(value)).exp() for value in z]
    return float((sum(powers) / powers[label]).ln())


# ---- layers


def test_a_layer_is_exact_on_fractions(ours, rng):
    X, W, b = (rng.integers(-9, 10, size=shape) / 8 for shape in ((6, 5), (4, 5), (4,)))
    exact = [[float(sum(Fraction(x) * Fraction(w) for x, w in zip(row, unit, strict=True))
                    + Fraction(bias)) for unit, bias in zip(W, b, strict=True)] for row in X]
    np.testing.assert_array_equal(ours["linear_forward"](X, W, b), exact)


@pytest.mark.parametrize("hidden", [(), (5,), (4, 6), (3, 3, 3)])
@pytest.mark.parametrize(("name", "act"), [
    ("tanh", np.tanh), ("relu", lambda z: np.maximum(z, 0)), ("logistic", special.expit)])
def test_networks_agree_with_scikit_learn(ours, rng, hidden, name, act):
    X, sizes = rng.normal(size=(9, 4)), (4, *hidden, 3)
    weights, biases = network(rng, *sizes)
    theirs = MLPRegressor(hidden, activation=name)
    theirs.n_layers_, theirs.out_activation_ = len(sizes), "identity"
    theirs.coefs_, theirs.intercepts_ = [W.T for W in weights], biases
    theirs.n_features_in_ = 4
    Z, cache = ours["mlp_forward"](X, weights, biases, act)
    np.testing.assert_allclose(Z, theirs.predict(X), rtol=1e-12, atol=1e-12)
    assert len(cache) == len(weights)


def test_probabilities_agree_with_scikit_learns_classifier(ours, rng):
    X, y = rng.normal(size=(60, 4)), rng.integers(3, size=60)
    theirs = MLPClassifier((7, 5), max_iter=3, random_state=1)
    with pytest.warns(UserWarning, match="Maximum iterations"):
        theirs.fit(X, y)
    Z, _ = ours["mlp_forward"](X, [W.T for W in theirs.coefs_], theirs.intercepts_,
                               lambda z: np.maximum(z, 0))
    np.testing.assert_allclose(ours["softmax"](Z), theirs.predict_proba(X), rtol=1e-12)
    assert ours["count_params"]([4, 7, 5, 3]) == sum(
        array.size for array in [*theirs.coefs_, *theirs.intercepts_])


def test_a_network_without_activation_is_one_matrix(ours, rng):
    weights, biases = network(rng, 5, 4, 6, 3)
    X = rng.normal(size=(8, 5))
    extended = np.eye(6)
    for W, b in zip(weights, biases, strict=True):
        extended = np.block([[W, b[:, None]], [np.zeros((1, W.shape[1])), np.ones((1, 1))]]
                            ) @ extended
    Z, _ = ours["mlp_forward"](X, weights, biases, np.copy)
    np.testing.assert_allclose(Z, X @ extended[:-1, :-1].T + extended[:-1, -1], rtol=1e-11)


def test_the_cache_is_enough_for_the_slope_of_an_input(ours, rng):
    """Backwards through the cache agrees with a complex step forwards."""
    weights, biases = network(rng, 3, 4, 5, 1)
    x, h = rng.normal(size=3), 1e-30
    _, cache = ours["mlp_forward"](x[None], weights, biases, np.tanh)
    slope = weights[-1]
    for (_, Z), W in zip(reversed(cache[:-1]), reversed(weights[:-1]), strict=True):
        slope = (slope * (1 - np.tanh(Z) ** 2)) @ W

    def complex_forward(a):
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            a = np.tanh(W @ a + b)
        return weights[-1] @ a + biases[-1]

    steps = [complex_forward(x + 1j * h * unit).imag[0] / h for unit in np.eye(3)]
    np.testing.assert_allclose(slope[0], steps, rtol=1e-12)


# ---- softmax and losses


@pytest.mark.parametrize("scale", [0.1, 1.0, 30.0, 1000.0])
def test_softmax_agrees_with_scipy(ours, rng, scale):
    Z = scale * rng.normal(size=(50, 6))
    np.testing.assert_allclose(ours["softmax"](Z), special.softmax(Z, axis=1), rtol=1e-12,
                               atol=1e-300)


def test_softmax_of_two_is_the_sigmoid(ours):
    z = np.linspace(-700, 700, 281)
    P = ours["softmax"](np.stack([np.zeros_like(z), z], axis=1))
    np.testing.assert_allclose(P[:, 1], special.expit(z), rtol=1e-12)


def test_mean_squared_error_agrees_with_scikit_learn(ours, rng):
    for shape in ((20,), (9, 4)):
        y_hat, y = rng.normal(size=shape), rng.normal(size=shape)
        assert ours["mse_loss"](y_hat, y) == pytest.approx(mean_squared_error(y, y_hat), rel=1e-12)


def test_the_best_constant_is_the_mean_and_costs_the_variance(ours, rng):
    y = rng.gamma(2.0, size=40)
    assert ours["mse_loss"](np.full(40, y.mean()), y) == pytest.approx(y.var(), rel=1e-12)
    assert ours["mse_loss"](np.full(40, y.mean() + 0.5), y) == pytest.approx(y.var() + 0.25,
                                                                            rel=1e-12)


@pytest.mark.parametrize("z", [-1000.0, -745.5, -100.0, -37.0, -3.0, -1e-9, 0.0, 0.5, 36.7, 60.0,
                               700.0, 1000.0])
@pytest.mark.parametrize("y", [0, 1])
def test_binary_cross_entropy_is_exact(ours, z, y):
    exact = exact_cross_entropy([0.0, z], y)
    assert ours["bce_with_logits"](np.array([z]), np.array([y])) == pytest.approx(
        exact, rel=1e-13, abs=1e-300)


def test_losses_agree_with_scikit_learn(ours, rng):
    Z, y = rng.normal(size=(30, 5)), np.arange(30) % 5
    assert ours["cross_entropy"](Z, y) == pytest.approx(
        log_loss(y, special.softmax(Z, axis=1), labels=range(5)), rel=1e-12)
    z, t = rng.normal(size=30), np.arange(30) % 2
    assert ours["bce_with_logits"](z, t) == pytest.approx(log_loss(t, special.expit(z)), rel=1e-12)


def test_cross_entropy_is_exact_far_out(ours, rng):
    for scale in (1.0, 40.0, 900.0):
        Z, y = scale * rng.normal(size=(12, 4)), rng.integers(4, size=12)
        exact = np.mean([exact_cross_entropy(z, label) for z, label in zip(Z, y, strict=True)])
        assert ours["cross_entropy"](Z, y) == pytest.approx(exact, rel=1e-13)


def test_two_classes_are_the_yes_or_no_case(ours, rng):
    z, y = 5 * rng.normal(size=25), rng.integers(2, size=25)
    Z = np.stack([np.zeros_like(z), z], axis=1)
    assert ours["cross_entropy"](Z, y) == pytest.approx(ours["bce_with_logits"](z, y), rel=1e-12)


def test_cross_entropy_is_entropy_plus_divergence_and_never_below_zero(ours, rng):
    """The mean over labels drawn as the network says is its entropy; log c at most."""
    p = np.array([0.5, 0.25, 0.125, 0.125])
    Z, y = np.tile(np.log(p), (8, 1)), np.array([0, 0, 0, 0, 1, 1, 2, 3])
    assert ours["cross_entropy"](Z, y) == pytest.approx(special.entr(p).sum(), rel=1e-12)
    assert ours["cross_entropy"](np.zeros((4, 7)), np.arange(4)) == pytest.approx(np.log(7))
    assert ours["cross_entropy"](100 * rng.normal(size=(50, 9)), rng.integers(9, size=50)) >= 0


# ---- what the lesson says of universal approximation


def test_a_jump_is_missed_by_half_its_height_whatever_the_weights(ours, rng):
    for width in (3, 50):
        weights, biases = network(rng, 1, width, 1)
        Z, _ = ours["mlp_forward"](np.array([[-1e-12], [1e-12]]), weights, biases, np.tanh)
        assert np.abs(Z[:, 0] - [-1, 1]).max() > 1 - 1e-6


def test_relu_interpolates_any_points_with_a_kink_at_each(ours, rng):
    x = np.sort(rng.uniform(-3, 3, size=12))
    y = np.sin(x)
    slopes = np.diff(y) / np.diff(x)
    weights = [np.ones((11, 1)), np.diff(slopes, prepend=0.0)[None]]
    biases = [-x[:-1], y[:1]]
    Z, _ = ours["mlp_forward"](x[:, None], weights, biases, lambda z: np.maximum(z, 0))
    np.testing.assert_allclose(Z[:, 0], y, atol=1e-12)
