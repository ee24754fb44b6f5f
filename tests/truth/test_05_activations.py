"""Lesson 5's model answers against 60 digits, complex steps, SciPy's normal law, scikit-learn."""

from decimal import Decimal, getcontext

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
from sklearn.neural_network._base import ACTIVATIONS, DERIVATIVES

from autograder.course import lessons
from support.answers import reference

(LESSON,) = (lesson for lesson in lessons() if lesson.name == "05_activations")
getcontext().prec = 60
SHAPES = [(), (5,), (7, 5), (4, 4), (1, 3), (2, 3, 4), (0,), (0, 3)]
# Complex forms, for derivatives by a complex step: exact up to rounding, without a difference.
COMPLEX = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh,
           "gelu": lambda z: 0.5 * z * (1 + special.erf(z / np.sqrt(2))),
           "silu": lambda z: z / (1 + np.exp(-z))}


@pytest.fixture(scope="module")
def ours():
    return reference(LESSON)


@pytest.fixture
def rng():
    return np.random.default_rng(2005)


@pytest.mark.parametrize("z", [-1000, -745.2, -40, -5.5, -1e-9, 0, 0.3, 17, 36.8, 709.9, 1000])
def test_sigmoid_and_silu_with_sixty_digits(ours, z):
    power = (-Decimal(float(z))).exp()
    gate = 1 / (1 + power)
    np.testing.assert_allclose(ours["sigmoid"](z), float(gate), rtol=2e-15, atol=5e-324)
    np.testing.assert_allclose(ours["sigmoid_grad"](z), float(gate * gate * power), rtol=1e-12,
                               atol=2e-16)
    np.testing.assert_allclose(ours["silu"](z), float(Decimal(float(z)) * gate), rtol=1e-14,
                               atol=1e-14)


@pytest.mark.parametrize("name", COMPLEX)
def test_slopes_by_a_complex_step(ours, rng, name):
    z = rng.normal(scale=3, size=(40, 5))
    exact = COMPLEX[name](z + 1e-20j).imag / 1e-20
    np.testing.assert_allclose(ours[f"{name}_grad"](z), exact, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("name", "theirs"), [
    ("sigmoid", special.expit), ("sigmoid_grad", stats.logistic.pdf),
    ("gelu", lambda z: z * stats.norm.cdf(z)),
    ("gelu_grad", lambda z: stats.norm.cdf(z) + z * stats.norm.pdf(z))])
def test_scipys_distributions_agree(ours, rng, name, theirs):
    z = rng.normal(scale=4, size=300)
    np.testing.assert_allclose(ours[name](z), theirs(z), rtol=1e-12, atol=1e-14)


def test_gelu_is_what_its_inventors_meant(ours):
    """The mean of z·m where m is 1 with the probability that a normal number is below z."""
    for z in (-2.5, -0.3, 0.8, 3.0):
        below, _ = integrate.quad(lambda t: np.exp(-t * t / 2) / np.sqrt(2 * np.pi), -np.inf, z)
        assert ours["gelu"](z) == pytest.approx(z * below, abs=1e-9)


@pytest.mark.parametrize(("ours_name", "theirs"), [
    ("sigmoid", "logistic"), ("relu", "relu"), ("tanh", "tanh")])
def test_scikit_learns_activations_and_derivatives_agree(ours, rng, ours_name, theirs):
    """scikit-learn works in place, and its derivatives take the output of the function."""
    z = rng.normal(scale=2, size=(6, 4))
    out = z.copy()
    ACTIVATIONS[theirs](out)
    if ours_name in ours:
        np.testing.assert_allclose(ours[ours_name](z), out, rtol=1e-14)
    delta = np.ones_like(z)
    DERIVATIVES[theirs](out, delta)
    np.testing.assert_allclose(ours[f"{ours_name}_grad"](z), delta, rtol=1e-12)


@pytest.mark.parametrize("alpha", [0.0, 0.01, 0.3, 1.0, 2.0])
def test_leaky_relu_is_two_rays(ours, rng, alpha):
    z = rng.normal(size=200)
    turned = ours["leaky_relu"](-np.abs(z), alpha) / -np.abs(z)
    np.testing.assert_allclose(turned, alpha, atol=1e-15)
    np.testing.assert_array_equal(ours["leaky_relu"](np.abs(z), alpha), np.abs(z))
    step = (ours["leaky_relu"](z + 1e-9, alpha) - ours["leaky_relu"](z, alpha)) / 1e-9
    np.testing.assert_allclose(ours["leaky_relu_grad"](z, alpha), step, atol=1e-6)


@pytest.mark.parametrize("name", ["sigmoid", "sigmoid_grad", "tanh_grad", "relu", "relu_grad",
                                  "leaky_relu", "leaky_relu_grad", "gelu", "gelu_grad", "silu",
                                  "silu_grad"])
@pytest.mark.parametrize("shape", SHAPES)
def test_shape_dtype_and_silence(ours, rng, name, shape):
    z = 100 * rng.normal(size=shape)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        got = np.asarray(ours[name](z))
    assert (got.shape, got.dtype) == (np.shape(z), np.float64)


def test_dead_units_of_a_network_that_scikit_learn_trained(ours):
    """Its first layer with two units whose biases are pushed down by hand, and counted by loop."""
    X, y = load_digits(return_X_y=True)
    network = MLPClassifier((20,), max_iter=3, random_state=0, learning_rate_init=0.01)
    with pytest.warns(UserWarning, match="converge"):
        network.fit(X, y)
    network.intercepts_[0][[3, 11]] = -1e4
    A = np.maximum(X @ network.coefs_[0] + network.intercepts_[0], 0)
    dead = sum(1 for column in A.T if not np.any(column))
    assert dead >= 2
    assert ours["dead_fraction"](A) == pytest.approx(dead / 20)


# ---- what the text says


def test_where_the_smooth_ones_turn(ours):
    low = optimize.brentq(ours["gelu_grad"], -2, 0, xtol=1e-12)
    assert low == pytest.approx(-0.752, abs=5e-4)
    assert ours["gelu"](low) == pytest.approx(-0.170, abs=5e-4)
    steepest = optimize.minimize_scalar(ours["gelu_grad"], bounds=(-3, 0), method="bounded")
    assert steepest.x == pytest.approx(-np.sqrt(2), abs=1e-4)
    assert steepest.fun < 0
    low = optimize.brentq(ours["silu_grad"], -3, 0, xtol=1e-12)
    assert low == pytest.approx(-1.278, abs=5e-4)
    assert ours["silu"](low) == pytest.approx(-0.278, abs=5e-4)


def test_largest_slopes_and_who_saturates_first(ours):
    z = np.linspace(-20, 20, 40_001)
    assert ours["sigmoid_grad"](z).max() == pytest.approx(0.25)
    assert ours["tanh_grad"](z).max() == pytest.approx(1.0)
    assert ours["tanh_grad"](3.0) < ours["sigmoid_grad"](3.0)
    assert ours["sigmoid_grad"](12.0) == pytest.approx(6e-6, rel=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_dead_units_stay_dead_and_a_small_leak_revives_few(ours, seed):
    """The lesson's measurement from other starts: it is not one lucky seed that shows it."""
    relu, relu_grad, train = ours["relu"], ours["relu_grad"], ours["train"]
    scores = ours["hidden_scores"]
    begin = ours["start"]((64, 50, 10), np.random.default_rng(100 + seed))
    broken = train(begin, relu, relu_grad, 3.0, 200)
    asleep = ours["dead_fraction"](relu(scores(broken, relu)))
    assert asleep > 0.9
    later = train(broken, relu, relu_grad, 0.1, 200)
    silent = np.all(scores(broken, relu) <= 0, axis=0)
    np.testing.assert_array_equal(later[0][0][silent], broken[0][0][silent])

    def fires(alpha):
        def act(z):
            return ours["leaky_relu"](z, alpha)

        again = train(broken, act, lambda z: ours["leaky_relu_grad"](z, alpha), 0.1, 600)
        return np.any(scores(again, act) > 0, axis=0)[silent].mean()

    assert fires(0.01) < 0.25
    assert fires(0.01) < fires(0.3) < 0.75
