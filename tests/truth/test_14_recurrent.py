"""The reference of lesson 14 against oracles that share no code with it."""

import numpy as np
import pytest
from scipy import special, stats

from autograder.course import lessons
from support.answers import reference
from utils import data, trained

LESSON = next(lesson for lesson in lessons() if lesson.name == "14_recurrent")
SIZES = [(3, 4, 2, 5), (3, 3, 3, 3), (2, 1, 3, 4), (1, 6, 1, 2)]


@pytest.fixture
def ours():
    return reference(LESSON)


def central(f, x):
    x = np.asarray(x, dtype=float)
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = 1e-6
        out[index] = (f(x + step) - f(x - step)) / 2e-6
    return out


def drawn(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [0.8 * rng.normal(size=shape) for shape in shapes]


def sequence(seed, n, T, d, h):
    return drawn(seed, (n, T, d), (n, h), (h, d), (h, h), (h,))


@pytest.mark.parametrize("sizes", SIZES)
def test_a_recurrent_network_is_a_deep_network_with_one_matrix(ours, sizes):
    """Unit by unit, by the definition."""
    X, h0, Wx, Wh, b = sequence(1, *sizes)
    H = ours["rnn_forward"](X, h0, Wx, Wh, b)
    for k, t, j in np.ndindex(H.shape):
        old = H[k, t - 1] if t else h0[k]
        z = sum(Wx[j] * X[k, t]) + sum(Wh[j] * old) + b[j]
        assert H[k, t, j] == pytest.approx(np.tanh(z))


@pytest.mark.parametrize("sizes", SIZES)
def test_rnn_backward_is_the_slope_of_rnn_forward(ours, sizes):
    parts = sequence(2, *sizes)
    X, h0, Wx, Wh, _ = parts
    H = ours["rnn_forward"](*parts)
    (dH,) = drawn(3, H.shape)
    found = ours["rnn_backward"](dH, X, H, h0, Wx, Wh)
    for k, got in enumerate(found):
        expected = central(lambda v, k=k: np.sum(dH * ours["rnn_forward"](
            *parts[:k], v, *parts[k + 1:])), parts[k])
        np.testing.assert_allclose(got, expected, atol=1e-7)


@pytest.mark.parametrize("sizes", [(4, 3, 2), (3, 3, 3), (1, 1, 2)])
def test_lstm_step_backward_is_the_slope_of_lstm_step(ours, sizes):
    n, d, h = sizes
    parts = drawn(4, (n, d), (n, h), (n, h), (4 * h, d + h), (4 * h,))
    dh, dc = drawn(5, (n, h), (n, h))

    def loss(*given):
        new_h, new_c = ours["lstm_step"](*given)
        return np.sum(dh * new_h + dc * new_c)

    for k, got in enumerate(ours["lstm_step_backward"](dh, dc, *parts)):
        expected = central(lambda v, k=k: loss(*parts[:k], v, *parts[k + 1:]), parts[k])
        np.testing.assert_allclose(got, expected, atol=1e-7)


def test_an_lstm_with_gates_that_are_open_or_shut_stores_and_recalls(ours):
    """The input gate opens with the first letter only, the output gate with the last one only."""
    open_, shut = 60.0, -60.0
    # Letters: 0 write, 1 wait, 2 show; rows i, f, o, g of one unit that reads [x, h].
    W = np.array([[open_, shut, shut, 0], [shut, open_, open_, 0], [shut, shut, open_, 0],
                  [0.5, 9.0, -9.0, 0]])
    h = c = np.zeros((1, 1))
    for letter in (0, 1, 1, 1, 2):
        h, c = ours["lstm_step"](np.eye(3)[[letter]], h, c, W, np.zeros(4))
        assert c[0, 0] == pytest.approx(np.tanh(0.5))
        assert h[0, 0] == pytest.approx(np.tanh(c[0, 0]) if letter == 2 else 0.0)


def test_a_gru_with_an_open_reset_gate_and_no_memory_is_a_plain_network(ours):
    x, h, W, U = drawn(6, (4, 3), (4, 2), (6, 3), (6, 2))
    b = np.repeat([1000.0, -1000.0, 0.3], 2)
    np.testing.assert_allclose(ours["gru_step"](x, h, W, U, b),
                               ours["rnn_step"](x, h, W[4:], U[4:], b[4:]))


def test_masked_cross_entropy_is_scipys_over_the_kept_places(ours):
    rng = np.random.default_rng(7)
    Z, mask = 300 * rng.normal(size=(5, 6, 4)), rng.random((5, 6)) < 0.5
    y = np.where(mask, rng.integers(4, size=(5, 6)), -100)
    L = special.log_softmax(Z, axis=-1)
    expected = -np.mean([L[k, t, y[k, t]] for k, t in np.argwhere(mask)])
    assert ours["masked_cross_entropy"](Z, y, mask) == pytest.approx(expected)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_samples_are_distributed_like_the_softmax(ours, temperature):
    logits = np.array([-1000.0, 0.3, -1.0, 1.2, 0.0])
    ids = ours["sample"](lambda one, state: (logits, state), None, 0, 4000, temperature,
                         np.random.default_rng(8))
    expected = 4000 * special.softmax(logits[1:] / temperature)
    assert stats.chisquare(np.bincount(ids, minlength=5)[1:], expected).pvalue > 0.001


def test_the_names_that_are_written_end_as_often_as_the_network_says(ours):
    """One letter, again and again, until the 0 comes: lengths are geometric."""
    rng = np.random.default_rng(9)
    lengths = [len(ours["sample"](lambda one, state: ([0.0, np.log(4.0)], state), None, 0, 100, 1.0,
                                  rng)) for _ in range(2000)]
    assert np.mean(lengths) == pytest.approx(4.0, abs=5 * np.sqrt(20 / 2000))


def test_the_shipped_network_predicts_unseen_names_better_than_pairs_of_letters(ours):
    names = data.names()
    order = np.random.default_rng(0).permutation(len(names))
    losses, w = [], trained.recurrent("names_rnn")
    for name in (names[k] for k in order[:60]):  # one by one, without padding
        ids = [0, *(ord(letter) - 96 for letter in name), 0]
        H = ours["rnn_forward"](np.eye(27)[None, ids[:-1]], np.zeros((1, 64)), w["Wx"], w["Wh"],
                                w["b"])
        L = special.log_softmax(H[0] @ w["Wy"].T + w["by"], axis=1)
        losses += [-L[t, following] for t, following in enumerate(ids[1:])]
    assert 1.8 < np.mean(losses) < 2.15
