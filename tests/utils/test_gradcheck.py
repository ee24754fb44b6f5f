import re
import warnings

import matplotlib.figure
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes
from scipy.optimize import approx_fprime

from utils import plots
from utils.gradcheck import gradient_check, numerical_gradient


def wave(x):
    return float(np.sum(np.sin(x) * np.arange(1, x.size + 1).reshape(x.shape)))


def wave_gradient(x):
    return np.array(np.cos(x) * np.arange(1, x.size + 1).reshape(x.shape))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
def test_it_equals_the_closed_form_in_every_shape(seed, shape):
    x = np.random.default_rng(seed).normal(size=shape)
    gradient = numerical_gradient(wave, x)
    assert gradient.shape == shape
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, wave_gradient(x), rtol=1e-6, atol=1e-7)


def test_it_agrees_with_scipy_and_with_a_complex_step():
    rng = np.random.default_rng(0)
    A, x = rng.normal(size=(5, 4)), rng.normal(size=4)

    def f(v):
        return np.log(np.sum(np.exp(A @ v)))

    steps = 1e-20j * np.eye(4)
    exact = np.array([np.imag(f(x + step)) / 1e-20 for step in steps])
    np.testing.assert_allclose(numerical_gradient(f, x), exact, rtol=1e-8)
    np.testing.assert_allclose(numerical_gradient(f, x), approx_fprime(x, f), rtol=1e-5)


def test_it_is_central_and_honours_eps():
    # For x cubed the central quotient is 3x² + eps², a forward one 3x² + 3x eps + eps².
    for eps in (0.5, 0.25):
        got = numerical_gradient(lambda x: x[0] ** 3, np.array([2.0]), eps)
        np.testing.assert_allclose(got, [12 + eps**2], rtol=1e-12)


@pytest.mark.parametrize("x", [[1, 2, 3], np.array([1, 2, 3]), np.array([1.0, 9, 2, 9, 3])[::2]])
def test_lists_integers_and_views_are_floats_to_f(x):
    seen = []

    def f(v):
        seen.append(v.dtype)
        return np.sum(v**2)

    np.testing.assert_allclose(numerical_gradient(f, x), [2, 4, 6], rtol=1e-9)
    assert set(seen) == {np.dtype(np.float64)}


def test_x_stays_as_it_is_even_when_f_raises_or_writes_into_it():
    x = np.array([1.0, 2.0])
    x.flags.writeable = False

    def careless(v):
        v *= 3
        return v.sum()

    np.testing.assert_allclose(numerical_gradient(careless, x), [3, 3])
    with pytest.raises(ZeroDivisionError):
        numerical_gradient(lambda v: 1 / 0, x)
    np.testing.assert_array_equal(x, [1, 2])


@pytest.mark.parametrize(("returned", "says"), [
    (np.ones(2), "shape \\(2,\\).*sum or a mean"), (None, "return"), ("1", "numbers"),
    (1j, "numbers")])
def test_an_f_that_returns_no_number_is_told_so(returned, says):
    with pytest.raises(ValueError, match=says):
        numerical_gradient(lambda x: returned, np.ones(2))


@pytest.mark.parametrize("returned", [2, 2.0, np.float64(2), np.array(2.0), np.array([[2.0]])])
def test_any_single_number_will_do(returned):
    np.testing.assert_array_equal(numerical_gradient(lambda x: returned, np.ones(2)), [0, 0])


def test_eps_must_be_above_0():
    with pytest.raises(ValueError, match="eps"):
        numerical_gradient(wave, np.ones(2), 0)


def test_a_right_gradient_passes():
    x = np.random.default_rng(1).normal(size=(3, 4))
    report = gradient_check(wave, x, wave_gradient(x))
    assert report.passed
    assert report.error <= 1e-6
    assert "passed" in str(report)


def test_the_report_is_about_the_worst_entry():
    x = np.random.default_rng(2).normal(size=(3, 4))
    analytic = wave_gradient(x)
    analytic[0, 1] *= 1.01
    analytic[2, 3] *= 3
    report = gradient_check(wave, x, analytic)
    a, n = analytic[2, 3], wave_gradient(x)[2, 3]
    assert not report.passed
    assert report.index == (2, 3)
    assert report.error == pytest.approx(abs(a - n) / (abs(a) + abs(n)), rel=1e-6)
    assert report.analytic[report.index] == a
    assert report.numeric[report.index] == pytest.approx(n, rel=1e-8)
    assert "FAILED" in str(report)
    assert "at [2, 3]" in str(report)
    assert f"analytic {a:.9g}, numeric {report.numeric[2, 3]:.9g}" in str(report)
    np.testing.assert_allclose(report.difference, np.abs(analytic - report.numeric))


def test_the_error_is_relative_to_both_and_has_a_floor():
    x = np.array([0.3, 0.4])
    assert gradient_check(wave, x, -wave_gradient(x)).error == pytest.approx(1)
    floored = gradient_check(lambda v: 0.0, x, np.array([0.0, 1e-9]))
    assert floored.index == (1,)
    assert floored.error == pytest.approx(1e-9 / 1e-8)


def test_the_worst_of_a_passed_check_is_still_the_worst():
    x = np.random.default_rng(6).normal(size=20)
    report = gradient_check(wave, x, wave_gradient(x))
    relative = report.difference / (np.abs(report.analytic) + np.abs(report.numeric))
    assert report.index == (np.argmax(relative),)
    assert report.error == relative.max()


def test_tolerance_decides():
    x = np.array([0.3, 0.4])
    analytic = wave_gradient(x) * (1 + 2e-4)
    assert not gradient_check(wave, x, analytic, tolerance=0.5e-4).passed
    assert gradient_check(wave, x, analytic, tolerance=2e-4).passed


def test_rounding_in_f_is_no_mistake_of_the_gradient():
    x = np.random.default_rng(3).normal(size=50)

    def f(v):  # a constant but for rounding
        return float(np.sum(20 + v) - np.sum(v))

    exact = gradient_check(f, x, np.zeros(50))
    assert exact.error > 1e-6  # by its formula alone the check would fail
    assert exact.passed
    assert "rounding" in str(exact)
    assert not gradient_check(f, x, np.full(50, 1e-4)).passed


@pytest.mark.parametrize(("analytic", "says"), [
    (np.ones((4, 3)), "shape of x, \\(3, 4\\), but has \\(4, 3\\). It looks transposed"),
    (np.ones(12), "but has \\(12,\\)\\.$"),
    (1.0, "but has \\(\\)"),
    (None, "return"),
    ("gradient", "numbers"),
    ([[1, 2], [3]], "different lengths"),
])
def test_what_can_not_be_compared_is_said(analytic, says):
    report = gradient_check(wave, np.ones((3, 4)), analytic)
    assert not report.passed
    assert report.index is None
    assert re.search(says, str(report))
    assert "FAILED" in report._repr_html_()
    assert np.isnan(report.difference).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_an_entry_that_is_not_finite_is_pointed_to(bad):
    x = np.ones((3, 4))
    analytic = wave_gradient(x)
    analytic[1, 2] = analytic[2, 0] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = gradient_check(wave, x, analytic)
        html = report._repr_html_()
    assert not report.passed
    assert report.index == (1, 2)
    assert "2 of 12 entries are not finite, first at [1, 2]" in str(report)
    assert "<img" in html


def test_an_f_that_is_not_finite_is_not_put_down_to_the_gradient():
    report = gradient_check(lambda x: float("nan"), np.ones(3), np.ones(3))
    assert not report.passed
    assert "numeric" in str(report)
    assert "f itself" in str(report)


def test_scalars_and_nothing_at_all():
    assert gradient_check(lambda x: x**2, 3.0, 6.0).passed
    assert "at the only entry" in str(gradient_check(lambda x: x**2, 3.0, 5.0))
    nothing = gradient_check(wave, np.ones((0, 2)), np.ones((0, 2)))
    assert nothing.passed
    assert "no entries" in str(nothing)
    assert "passed" in nothing._repr_html_()


@pytest.mark.parametrize("shape", [(), (5,), (3, 4), (2, 3, 4), (20, 30)])
def test_the_picture_frames_the_worst_entry(shape):
    rng = np.random.default_rng(4)
    x = rng.normal(size=shape)
    analytic = wave_gradient(x)
    worst = tuple(size - 1 if size > 1 else 0 for size in shape)
    analytic[worst] = 5 * analytic[worst] + 1
    report = gradient_check(wave, x, analytic)
    ax = matplotlib.figure.Figure().subplots()
    assert report.draw(ax) is ax
    drawn = np.asarray(ax.images[0].get_array())
    frame, = (patch for patch in ax.patches)
    row, column = round(frame.get_y() + 0.5), round(frame.get_x() + 0.5)
    assert report.index == worst
    assert drawn[row, column] == pytest.approx(report.difference[worst])
    assert drawn.size == x.size
    assert matplotlib.colors.same_color(frame.get_edgecolor(), plots.WRONG)


def test_the_picture_of_a_passed_check_shows_no_alarm():
    x = np.random.default_rng(5).normal(size=(4, 4))
    report = gradient_check(wave, x, wave_gradient(x))
    ax = report.draw(matplotlib.figure.Figure().subplots())
    assert report.difference.max() < 1e-3 * ax.images[0].get_clim()[1]


def test_html_says_what_the_text_says():
    x = np.ones((3, 4))
    report = gradient_check(wave, x, -wave_gradient(x))
    html = report._repr_html_()
    headline, rest = str(report).split(": ", 1)
    assert headline in html
    assert rest[1:] in html
    assert 'alt="Heat map' in html
