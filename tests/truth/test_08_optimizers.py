"""Lesson 8's model answers against closed forms, exact fractions, SciPy and scikit-learn."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import signal, stats
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from autograder.course import lessons
from support.answers import reference

(LESSON,) = (lesson for lesson in lessons() if lesson.name == "08_optimizers")


@pytest.fixture(scope="module")
def answers():
    return reference(LESSON)


@pytest.fixture
def rng():
    return np.random.default_rng(808)


def walk(step, start, gradients, *rest):
    """The parameters after each step."""
    params, state, seen = start, None, []
    for grads in gradients:
        params, state = step(params, grads, state, *rest)
        seen.append(params)
    return seen


# ---- stable_lr

def test_the_limit_is_where_the_iteration_matrix_has_spectral_radius_one(answers, rng):
    for d in (1, 2, 5, 8):
        A = rng.normal(size=(d, d + 2))
        H = A @ A.T
        step = np.eye(d) - answers["stable_lr"](H) * H
        assert np.abs(np.linalg.eigvals(step)).max() == pytest.approx(1, rel=1e-9)


def test_the_limit_of_a_circulant_matrix_is_known_in_closed_form(answers):
    """Eigenvalues of the discrete Laplacian: 2 - 2 cos(pi k / (n + 1)), k = 1 ... n."""
    for n in (2, 5, 40):
        H = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
        assert answers["stable_lr"](H) == pytest.approx(
            1 / (1 - math.cos(math.pi * n / (n + 1))), rel=1e-12)


# ---- the optimizers

def test_momentum_is_scikit_learns(answers, rng):
    start = [rng.normal(size=(3, 2)), rng.normal(size=4)]
    gradients = [[rng.normal(size=(3, 2)), rng.normal(size=4)] for _ in range(30)]
    theirs = [p.copy() for p in start]
    optimizer = SGDOptimizer(theirs, learning_rate_init=0.07, momentum=0.8, nesterov=False)
    for grads, ours in zip(gradients, walk(answers["momentum_step"], start, gradients, 0.07, 0.8),
                           strict=True):
        optimizer.update_params(theirs, grads)
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12)


def test_momentum_is_a_linear_filter_of_the_gradients(answers, rng):
    g = rng.normal(size=200)
    velocity = signal.lfilter([1.0], [1.0, -0.9], g)
    ours = [float(p[0]) for p in walk(answers["momentum_step"], [np.array(2.0)],
                                      [[np.array(x)] for x in g], 0.05)]
    np.testing.assert_allclose(ours, 2.0 - 0.05 * np.cumsum(velocity), rtol=1e-11)


def test_rmsprop_is_a_linear_filter_of_the_squares(answers, rng):
    g = rng.normal(size=200) * np.geomspace(1e-8, 1e3, 200)
    s = signal.lfilter([0.03], [1.0, -0.97], g ** 2)
    ours = [float(p[0]) for p in walk(answers["rmsprop_step"], [np.array(2.0)],
                                      [[np.array(x)] for x in g], 0.05, 0.97, 1e-3)]
    np.testing.assert_allclose(ours, 2.0 - 0.05 * np.cumsum(g / (np.sqrt(s) + 1e-3)), rtol=1e-11)


def test_adam_is_scikit_learns_with_its_eps_where_the_paper_has_it(answers, rng):
    """scikit-learn adds eps before the correction: without eps the two are the same."""
    start = [rng.normal(size=(3, 2)), rng.normal(size=4)]
    gradients = [[rng.normal(size=(3, 2)), rng.normal(size=4)] for _ in range(30)]
    theirs = [p.copy() for p in start]
    optimizer = AdamOptimizer(theirs, 0.02, beta_1=0.8, beta_2=0.95, epsilon=0.0)
    for grads, ours in zip(gradients, walk(answers["adam_step"], start, gradients, 0.02, 0.8, 0.95,
                                           0.0), strict=True):
        optimizer.update_params(theirs, grads)
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10)


def test_adams_first_steps_are_exact_fractions(answers):
    """While the gradient stays 2, the corrected mean square is 4, and its root is rational."""
    b1, b2 = Fraction(1, 2), Fraction(3, 4)
    theta, m, v = Fraction(5), Fraction(0), Fraction(0)
    params, state = [np.array([5.0])], None
    for t, g in enumerate((2, 2, 2), start=1):
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        m_hat, v_hat = m / (1 - b1 ** t), v / (1 - b2 ** t)
        assert v_hat == 4
        theta -= Fraction(1, 8) * m_hat / (2 + Fraction(1, 2))
        params, state = answers["adam_step"](params, [np.array([float(g)])], state, 0.125,
                                             0.5, 0.75, 0.5)
        assert params[0][0] == pytest.approx(float(theta), rel=1e-14)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_adam_does_not_see_the_scale_of_the_gradients(answers, rng, scale):
    start = [rng.normal(size=5)]
    gradients = [[rng.normal(size=5)] for _ in range(20)]
    scaled = [[scale * g for g in grads] for grads in gradients]
    one, other = (walk(answers["adam_step"], start, each, 0.1, 0.9, 0.999, 0.0)[-1]
                  for each in (gradients, scaled))
    np.testing.assert_allclose(one[0], other[0], rtol=1e-9)


def test_adamw_is_adam_around_a_shrinking_point(answers, rng):
    """With u = theta / (1 - lr λ)^t, AdamW is Adam with a step divided by (1 - lr λ)^t."""
    start, gradients = [rng.normal(size=4)], [[rng.normal(size=4)] for _ in range(25)]
    plain = np.array([p[0] for p in walk(answers["adam_step"], start, gradients, 0.1)])
    steps = np.diff(np.vstack([start[0], plain]), axis=0)
    shrink = 1 - 0.1 * 0.3
    expected = shrink ** 25 * start[0] + sum(
        shrink ** (24 - t) * step for t, step in enumerate(steps))
    got = walk(answers["adamw_step"], start, gradients, 0.1, 0.3)[-1][0]
    np.testing.assert_allclose(got, expected, rtol=1e-11)


# ---- minibatches

def test_every_order_of_four_is_equally_likely(answers):
    rng, counts = np.random.default_rng(5), {}
    for _ in range(6000):
        order = tuple(np.concatenate(answers["minibatches"](4, 3, rng)).tolist())
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 24
    assert stats.chisquare(list(counts.values())).pvalue > 1e-4


def test_batches_estimate_the_gradient_without_bias(answers, rng):
    values = rng.normal(size=50)
    means = [values[batch].mean() for _ in range(400)
             for batch in answers["minibatches"](50, 10, rng)]
    assert np.mean(means) == pytest.approx(values.mean(), abs=1e-12)  # epoch by epoch exactly


# ---- warmup_cosine

def test_the_schedule_is_continuous_and_has_the_right_area(answers):
    rate = answers["warmup_cosine"]
    total, warmup, high, low = 1000, 200, 0.6, 0.2
    rates = np.array([rate(step, total, warmup, high, low) for step in range(total + 1)])
    assert np.abs(np.diff(rates)).max() < 1.01 * max(high / warmup,
                                                     np.pi / 2 * (high - low) / (total - warmup))
    assert rates.argmax() in (warmup - 1, warmup)
    # A triangle, and half a cosine whose mean is that of its ends.
    assert rates[:warmup].mean() == pytest.approx(high * (warmup + 1) / (2 * warmup), rel=1e-12)
    assert rates[warmup:].mean() == pytest.approx((high + low) / 2, rel=1e-12)
    np.testing.assert_allclose(rates[warmup:] + rates[warmup:][::-1], high + low, rtol=1e-12)


def test_the_slope_of_the_cosine_is_steepest_in_the_middle_and_flat_at_the_ends(answers):
    rates = np.array([answers["warmup_cosine"](step, 400, 0, 1.0) for step in range(401)])
    slopes = -np.diff(rates)
    assert slopes.argmax() in (199, 200)
    np.testing.assert_allclose(slopes, np.pi / 800 * np.sin(np.pi * (np.arange(400) + 0.5) / 400),
                               rtol=1e-4)
