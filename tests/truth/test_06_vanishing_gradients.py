"""Lesson 6's model answers against exact fractions, complex steps, SciPy and closed forms."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from scipy import special, stats
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from autograder.course import lessons
from support.answers import reference

(LESSON,) = (lesson for lesson in lessons() if lesson.name == "06_vanishing_gradients")


@pytest.fixture(scope="module")
def answers():
    return reference(LESSON)


@pytest.fixture
def rng():
    return np.random.default_rng(606)


def network(rng, n, *sizes):
    return rng.normal(size=(n, sizes[0])), [rng.normal(size=(out, d)) for d, out in pairwise(sizes)]


# ---- sigmoid_bound

def test_the_bound_is_the_exact_fraction_rounded_once(answers):
    for L in range(530):
        assert answers["sigmoid_bound"](L) == float(Fraction(1, 4) ** L)
    assert answers["sigmoid_bound"](10 ** 6) == 0.0


def test_the_bound_holds_for_products_of_derivatives_and_is_reached_at_zero(answers, rng):
    for L in (1, 2, 5, 30):
        s = special.expit(rng.normal(size=(500, L)))
        assert (np.prod(s * (1 - s), axis=1) <= answers["sigmoid_bound"](L)).all()
        half = special.expit(np.zeros(L))
        assert np.prod(half * (1 - half)) == answers["sigmoid_bound"](L)


# ---- delta_norms

COMPLEX = {  # functions that take complex numbers, and their derivatives
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: special.expit(z) * special.expit(-z)),
    "sine": (np.sin, np.cos),
}


@pytest.mark.parametrize("name", COMPLEX)
@pytest.mark.parametrize("sizes", [(5, 3, 4), (4, 4, 4, 4), (2, 6, 3, 5, 4), (3, 2)])
def test_delta_is_what_a_complex_step_in_each_score_changes(answers, rng, name, sizes):
    """d loss / d z is the imaginary part of the loss at z + ih, over h: exact to rounding."""
    act, act_grad = COMPLEX[name]
    X, weights = network(rng, 3, *sizes)
    upstream = rng.normal(size=(3, sizes[-1]))

    def run(place=None):
        A, Zs = X.astype(complex), []
        for k, W in enumerate(weights):
            Z = A @ W.T
            if place is not None and place[0] == k:
                Z[place[1:]] += 1e-30j
            Zs.append(Z)
            A = act(Z)
        return np.sum(upstream * np.exp(0.3 * Zs[-1])), Zs

    _, Zs = run()
    Zs = [Z.real for Z in Zs]
    delta_out = upstream * 0.3 * np.exp(0.3 * Zs[-1])
    expected = [np.sqrt(sum((run((k, *at))[0].imag / 1e-30) ** 2 for at in np.ndindex(Z.shape)))
                for k, Z in enumerate(Zs)]
    np.testing.assert_allclose(answers["delta_norms"](weights, Zs, delta_out, act_grad), expected,
                               rtol=1e-11)


def test_delta_norms_are_those_of_scikit_learns_backward_pass(answers, rng):
    """For a batch of one, a bias's gradient is delta itself."""
    X, y = rng.normal(size=(40, 6)), np.arange(40) % 3
    model = MLPClassifier((5, 7, 4), activation="tanh", alpha=0.0, max_iter=3, random_state=1)
    with pytest.warns(ConvergenceWarning):
        model.fit(X, y)
    weights = [W.T for W in model.coefs_]
    x, target = X[:1], np.eye(3)[y[:1]]
    activations = [x]
    for size in (5, 7, 4, 3):
        activations.append(np.empty((1, size)))
    deltas = [np.empty_like(a) for a in activations[1:]]
    coefs = [np.empty_like(W) for W in model.coefs_]
    intercepts = [np.empty_like(b) for b in model.intercepts_]
    passed = model._forward_pass(activations)
    arguments = (x, target, None, passed, deltas, coefs, intercepts)
    try:
        gradients = model._backprop(*arguments)[2]
    except TypeError:  # before sample weights came
        gradients = model._backprop(*(a for a in arguments if a is not None))[2]
    A, Zs = x, []
    for W, b in zip(weights, model.intercepts_, strict=True):
        Zs.append(A @ W.T + b)
        A = np.tanh(Zs[-1])
    delta_out = special.softmax(Zs[-1], axis=1) - target
    got = answers["delta_norms"](weights, Zs, delta_out, lambda z: 1 - np.tanh(z) ** 2)
    np.testing.assert_allclose(got, [np.linalg.norm(g) for g in gradients], rtol=1e-8)


def test_orthogonal_weights_without_activation_keep_the_norm_exactly(answers, rng):
    weights = [stats.ortho_group.rvs(6, random_state=k) for k in range(30)]
    Zs = [rng.normal(size=(4, 6)) for _ in weights]
    got = answers["delta_norms"](weights, Zs, rng.normal(size=(4, 6)), np.ones_like)
    np.testing.assert_allclose(got, got[-1], rtol=1e-12)


# ---- init_weights

@pytest.mark.parametrize(("scheme", "variance"), [
    ("he", lambda d, out: 2 / d), ("xavier", lambda d, out: 2 / (d + out))])
@pytest.mark.parametrize(("d", "out"), [(300, 200), (50, 900), (900, 50)])
def test_weights_are_normal_with_the_variance_of_the_paper(answers, scheme, variance, d, out):
    W = answers["init_weights"](d, out, scheme, np.random.default_rng(3))
    assert W.shape == (out, d)
    scaled = W.ravel() / np.sqrt(variance(d, out))
    assert stats.kstest(scaled, "norm").pvalue > 1e-3
    # Twice the sum of squares of normal draws over the variance is chi-squared.
    assert 1e-4 < stats.chi2.cdf(np.sum(scaled ** 2), scaled.size) < 1 - 1e-4
    rows = np.corrcoef(W[:40, :40].T)[np.triu_indices(40, 1)]
    assert np.abs(rows).max() < 0.75


def test_he_keeps_the_mean_square_through_relu_and_xavier_through_a_linear_square_layer(answers):
    rng = np.random.default_rng(4)
    X = rng.normal(size=(200, 500))
    for scheme, act in (("he", lambda z: np.maximum(z, 0)), ("xavier", lambda z: z)):
        A = X
        for _ in range(5):
            A = act(A @ answers["init_weights"](500, 500, scheme, rng).T)
            before = A
        assert np.mean(before ** 2) == pytest.approx(1, rel=0.25)


# ---- activation_stats

def test_stats_are_exact_for_fractions(answers):
    X = [[1, 2], [3, -4], [0, 5]]
    weights = [[[1, 0], [2, 1], [0, 3]], [[1, -2, 3]]]
    rows = [[Fraction(v) for v in x] for x in X]
    got = answers["activation_stats"](X, weights, np.abs)
    for W, (mean, std) in zip(weights, got, strict=True):
        rows = [[abs(sum(w * v for w, v in zip(row, x, strict=True))) for row in W] for x in rows]
        entries = [v for x in rows for v in x]
        exact = sum(entries) / len(entries)
        variance = sum((v - exact) ** 2 for v in entries) / len(entries)
        assert mean == pytest.approx(float(exact), rel=1e-15)
        assert std ** 2 == pytest.approx(float(variance), rel=1e-14)


def test_stats_are_scipys(answers, rng):
    X, weights = network(rng, 9, 5, 7, 3)
    A, expected = X, []
    for W in weights:
        A = np.tanh(A @ W.T)
        about = stats.describe(A, axis=None, ddof=0)
        expected.append((about.mean, np.sqrt(about.variance)))
    np.testing.assert_allclose(answers["activation_stats"](X, weights, np.tanh), expected,
                               rtol=1e-13)


# ---- units_identical

def test_identical_is_a_distance_of_zero_between_all_units(answers, rng):
    from scipy.spatial.distance import cdist

    for _ in range(300):
        W = rng.integers(0, 2, size=(rng.integers(1, 4), rng.integers(1, 3))).astype(float)
        assert answers["units_identical"](W) == (cdist(W, W, "chebyshev").max() <= 1e-12)
        assert type(answers["units_identical"](W)) is bool


def test_tolerance_is_exact_where_numbers_are(answers):
    W = np.array([[0.0, 1.0], [0.25, 0.75]])
    assert answers["units_identical"](W, 0.25)
    assert not answers["units_identical"](W, np.nextafter(0.25, 0))


# ---- clip_by_global_norm

def test_clipping_is_the_projection_onto_a_ball(answers, rng):
    """No point of the ball is nearer to the gradients; those inside stay where they are."""
    grads = [rng.normal(size=(3, 4)), rng.normal(size=5)]
    whole = np.concatenate([g.ravel() for g in grads])
    for radius in (0.5, 2.0, 100.0):
        got = np.concatenate([g.ravel() for g in answers["clip_by_global_norm"](grads, radius)])
        assert np.linalg.norm(got) <= radius * (1 + 1e-12)
        others = rng.normal(size=(2000, whole.size))
        others *= (radius * rng.random((2000, 1)) ** (1 / whole.size)
                   / np.linalg.norm(others, axis=1, keepdims=True))
        nearest = np.linalg.norm(others - whole, axis=1).min()
        assert np.linalg.norm(got - whole) <= nearest + 1e-12
        # At a projection, what was taken off points straight out of the ball.
        assert (others - got) @ (whole - got) == pytest.approx(
            np.minimum((others - got) @ (whole - got), 1e-9))


def test_clipping_is_exact_for_a_pythagorean_quadruple(answers):
    got = answers["clip_by_global_norm"]([[2.0], [[3.0], [6.0]]], 3.5)  # the norm is 7
    assert got[0].tolist() == [1.0]
    assert got[1].tolist() == [[1.5], [3.0]]


# ---- residual_backward

@pytest.mark.parametrize(("n", "d"), [(7, 5), (4, 4), (1, 3)])
def test_residual_backward_is_a_complex_step_of_the_block(answers, rng, n, d):
    """The branch is batch-normalised tanh, which mixes the examples."""
    X, W, dY = rng.normal(size=(n, d)), rng.normal(size=(d, d)), rng.normal(size=(n, d))

    def block(x):
        A = np.tanh(x @ W)
        return x + A - A.mean(axis=0)

    def branch_backward(d):
        centred = d - d.mean(axis=0)
        return (centred * (1 - np.tanh(X @ W) ** 2)) @ W.T

    expected = np.empty_like(X)
    for at in np.ndindex(X.shape):
        shifted = X.astype(complex)
        shifted[at] += 1e-30j
        expected[at] = np.sum(dY * block(shifted)).imag / 1e-30
    np.testing.assert_allclose(answers["residual_backward"](dY, branch_backward), expected,
                               rtol=1e-11, atol=1e-13)
