"""Lesson 17's model answers against scikit-learn, SciPy and brute force; its script and faults."""

import contextlib
import io
import re
from itertools import product

import numpy as np
import pytest
from scipy import optimize, special
from sklearn.metrics import confusion_matrix, log_loss

from autograder.course import lessons
from support.answers import cell, notebook, reference
from utils import data

(LESSON,) = (lesson for lesson in lessons() if lesson.name == "17_capstone")
REPAIRS = {13: "X_valid = (digits.X[valid] - digits.X[train].mean(axis=0)) / spread",
           15: "W1, b1 = rng.normal(size=(32, 64)) * np.sqrt(2 / 64), np.zeros(32)",
           26: "return E / E.sum(axis=1, keepdims=True)",
           37: "dH = dZ @ params[2] * (H > 0)",
           40: "t = t + (k == 0)"}


@pytest.fixture(scope="module")
def ours():
    return reference(LESSON)


@pytest.fixture
def rng():
    return np.random.default_rng(2026)


@pytest.fixture(scope="module")
def last_share():
    """The share of new digits right in the end, in percent, of the script with these repairs."""
    space = {}
    exec(cell(notebook(LESSON.solution), "script").source, space)

    def run(repairs):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            space["run_script"](repairs)
        return float(re.findall(r"right ([\d.]+)%", printed.getvalue())[-1])

    return run


def test_the_table_is_scikit_learns(ours, rng):
    for classes in ([0, 1, 2], [5, 3, 9, 1], ["b", "a"]):
        y, predicted = rng.choice(classes, 200), rng.choice(classes, 200)
        np.testing.assert_array_equal(ours["confusion"](y, predicted, classes),
                                      confusion_matrix(y, predicted, labels=classes))


def test_the_error_is_the_mean_gap_by_brute_force(ours, rng):
    P = rng.dirichlet(np.full(5, 0.3), size=300)
    y = rng.integers(5, size=300)
    for bins in (1, 3, 10, 17):
        total = 0.0
        for k in range(bins):
            pile = [(max(row), np.argmax(row) == t) for row, t in zip(P, y, strict=True)
                    if k / bins < max(row) <= (k + 1) / bins]
            total += abs(sum(right - sure for sure, right in pile))
        assert ours["calibration_error"](P, y, bins) == pytest.approx(total / 300)


def test_the_temperature_minimizes_scikit_learns_loss(ours, rng):
    for T in (0.1, 0.7, 2.0, 15.0):
        Z = 2 * T * rng.normal(size=(200, 4))
        y = np.array([rng.choice(4, p=row) for row in special.softmax(Z / T, axis=1)])

        def loss(t, Z=Z, y=y):
            return log_loss(y, special.softmax(Z / np.exp(t), axis=1), labels=range(4))

        best = np.exp(optimize.minimize_scalar(loss, bounds=(-4, 4), method="bounded",
                                               options={"xatol": 1e-8}).x)
        assert ours["temperature"](Z, y) == pytest.approx(best, rel=1e-4)


def test_the_interval_is_that_of_all_resamples(ours, rng):
    """For 5 examples, all 3,125 resamples can be listed."""
    a, b = np.array([1, 1, 0, 1, 1]), np.array([1, 0, 1, 0, 1])
    gaps = [np.mean((a - b)[list(rows)]) for rows in product(range(5), repeat=5)]
    expected = np.quantile(gaps, [0.025, 0.975])
    np.testing.assert_allclose(ours["bootstrap_difference"](a, b, 40_000, rng), expected, atol=1e-9)


def test_the_network_earns_all_three_thirds_on_any_split(ours):
    digits = data.digits()
    for seed in range(3):
        order = np.random.default_rng(100 + seed).permutation(len(digits.y))
        predict = ours["train_digits"](digits.X[order[:600]], digits.y[order[:600]],
                                       np.random.default_rng(seed))
        assert np.mean(predict(digits.X[order[600:]]) == digits.y[order[600:]]) > 0.945


def test_the_faults_are_those_that_the_repairs_mend(ours, last_share):
    assert ours["bugs"]() == set(REPAIRS)
    assert last_share({}) == 51.7
    assert last_share({26: REPAIRS[26]}) == 94.7
    assert last_share(REPAIRS) == 96.0


def test_each_quiet_fault_alone_costs_a_point_or_less(last_share):
    shares = [last_share({line: new for line, new in REPAIRS.items() if line != left})
              for left in (13, 15, 37, 40)]
    assert min(shares) == 95.0
    assert max(shares) == 96.5
