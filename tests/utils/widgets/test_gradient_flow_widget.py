"""The gradient flow explorer: the student's functions decide what is drawn, and may fail."""

import base64
import json
import re

import numpy as np
import pytest

from utils import plots
from utils.widgets import GradientFlow
from utils.widgets.gradient_flow.explorer import (
    ACTIVATIONS,
    CLASSES,
    COLORS,
    DEEPEST,
    GAINS,
    SCHEMES,
    WIDTH,
    Setting,
    flow,
    message,
    power,
    verdict,
)
from utils.widgets.kit.student import AnswerError


def init_weights(fan_in, fan_out, scheme, rng):
    variance = 2 / (fan_in + fan_out) if scheme == "xavier" else 2 / fan_in
    return rng.normal(0, np.sqrt(variance), size=(fan_out, fan_in))


def delta_norms(weights, Zs, delta_out, act_grad):
    delta = delta_out
    norms = [np.linalg.norm(delta)]
    for W, Z in zip(weights[:0:-1], Zs[-2::-1], strict=True):
        delta = (delta @ W) * act_grad(Z)
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


def stub(*args):
    raise NotImplementedError


def sent(widget):
    return np.frombuffer(widget.answer["sizes"], dtype="<f4")


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


@pytest.fixture
def explorer():
    return GradientFlow(delta_norms, init_weights)


def slope(line):
    """By how much a layer multiplies, from the last hidden layer back to the first."""
    return 10 ** ((line[-1] - line[1]) / (len(line) - 2))


# ---- what is measured

@pytest.mark.parametrize(("activation", "scheme", "gain", "expected"), [
    ("none", "xavier", 1.0, 1.0), ("none", "xavier", 0.5, 0.5), ("none", "he", 1.0, np.sqrt(2)),
    ("ReLU", "he", 1.0, 1.0), ("ReLU", "xavier", 1.0, np.sqrt(0.5)), ("ReLU", "he", 2.0, 2.0),
    ("tanh", "xavier", 0.5, 0.5), ("sigmoid", "xavier", 0.25, 0.25 / 4),
])
def test_a_layer_multiplies_by_what_theory_says(activation, scheme, gain, expected):
    lines = [flow(delta_norms, init_weights, Setting(30, activation, scheme, gain, draw))
             for draw in range(4)]
    assert np.mean([slope(line) for line in lines]) == pytest.approx(expected, rel=0.06)


def test_the_line_begins_at_the_output_with_zero_and_has_a_value_for_each_layer():
    for depth in (2, 7, DEEPEST):
        line = flow(delta_norms, init_weights, Setting(depth, "tanh", "xavier", 1.0))
        assert line.shape == (depth + 1,)
        assert line[0] == 0


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_students_functions_get_what_the_lesson_promises(activation):
    seen = []

    def listening(weights, Zs, delta_out, act_grad):
        seen.append((weights, Zs, delta_out, act_grad))
        return delta_norms(weights, Zs, delta_out, act_grad)

    flow(listening, init_weights, Setting(3, activation, "he", 1.5))
    (weights, Zs, delta_out, act_grad), = seen
    assert [W.shape for W in weights] == [(WIDTH, WIDTH)] * 3 + [(CLASSES, WIDTH)]
    assert [Z.shape for Z in Zs] == [(32, WIDTH)] * 3 + [(32, CLASSES)]
    act = ACTIVATIONS[activation][0]
    for W, before, after in zip(weights[1:], Zs[:-1], Zs[1:], strict=True):
        np.testing.assert_allclose(act(before) @ W.T, after)
    # A softmax minus a one-hot label, over the batch.
    np.testing.assert_allclose(delta_out.sum(axis=1), 0, atol=1e-12)
    assert ((delta_out < 0).sum(axis=1) == 1).all()
    z = np.array([-1.3, -0.2, 0.4, 2.0])
    np.testing.assert_allclose(act_grad(z), (act(z + 1e-6) - act(z - 1e-6)) / 2e-6, rtol=1e-6)


def test_the_gain_multiplies_the_same_weights_and_a_draw_makes_new_ones():
    def line(gain, draw):
        return flow(delta_norms, init_weights, Setting(20, "none", "xavier", gain, draw))

    # Up to the gradient at the output, which is that of another network's answers.
    steps = np.diff(line(2.0, 0) - line(1.0, 0))[1:]
    np.testing.assert_allclose(steps, np.log10(2), atol=0.02)
    assert not np.allclose(line(1.0, 0), line(1.0, 1))


def test_the_largest_and_the_smallest_network_stay_finite():
    for activation in ACTIVATIONS:
        for gain in GAINS:
            for scheme in SCHEMES:
                assert np.isfinite(flow(delta_norms, init_weights,
                                        Setting(DEEPEST, activation, scheme, gain))).all()


# ---- words

@pytest.mark.parametrize(("log", "expected"), [
    (0.0, "1.00"), (-0.15, "0.71"), (-1.0, "0.10"), (-7.5, "3·10⁻⁸"), (1.5, "32"), (12.0, "1·10¹²"),
    (-3.0, "1·10⁻³"), (-np.inf, "0"), (-3.001, "9·10⁻⁴"), (2.0, "100")])
def test_powers_of_ten_as_a_person_writes_them(log, expected):
    assert power(log) == expected


@pytest.mark.parametrize(("activation", "scheme", "gain", "words"), [
    ("sigmoid", "xavier", 1.0, "It vanishes:"), ("ReLU", "he", 2.0, "It explodes:"),
    ("ReLU", "he", 1.0, "It comes through:"), ("tanh", "xavier", 1.0, "It fades:"),
    ("tanh", "he", 1.0, "It grows:")])
def test_the_message_says_how_it_ends(activation, scheme, gain, words):
    setting = Setting(50, activation, scheme, gain)
    assert words in message(flow(delta_norms, init_weights, setting), setting)


@pytest.mark.parametrize(("times", "words"), [
    (9e-4, "vanishes: less than 1/1000"), (0.0011, "fades: less than 1/3"), (0.12, "fades"),
    (0.34, "comes through: its size changes by no more than a factor of 3"), (2.9, "comes through"),
    (9.5, "grows: more than 3 times"), (28, "grows"), (1001, "explodes: more than 1000 times")])
def test_the_verdict_agrees_with_the_number_and_says_its_limits(times, words):
    assert words in verdict(np.log10(times))


def test_the_slider_reaches_what_keeps_a_sigmoids_gradient():
    line = flow(delta_norms, init_weights, Setting(20, "sigmoid", "xavier", 10.0))
    assert abs(line[-1] - line[1]) < 4
    assert GAINS[1] > 10


def test_a_gradient_of_exactly_zero_is_told():
    def dies(*args):
        return np.concatenate([[0.0], delta_norms(*args)[1:]])

    explorer = GradientFlow(dies, init_weights)
    assert "exactly 0" in explorer.answer["message"]
    assert sent(explorer)[-1] == -np.inf


def test_a_line_is_called_by_its_setting(explorer):
    assert explorer.answer["name"] == "sigmoid, Xavier"
    explorer.scheme = "he"
    explorer.gain = 1.5
    assert explorer.answer["name"] == "sigmoid, He × 1.50"


# ---- the explorer

def test_every_control_asks_the_student_again(explorer):
    for name, value in (("depth", 30), ("activation", "tanh"), ("scheme", "he"), ("gain", 0.7),
                        ("draw", 1)):
        before = sent(explorer)
        setattr(explorer, name, value)
        assert sent(explorer).shape != before.shape or not np.allclose(sent(explorer), before)
    np.testing.assert_allclose(sent(explorer), flow(delta_norms, init_weights,
                                                    Setting(30, "tanh", "he", 0.7, 1)), rtol=1e-5)


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda *args: None, "None (is there a return?)"),
    (lambda *args: delta_norms(*args)[:-1], "(20,), expected (21,)"),
    (lambda *args: delta_norms(*args)[:, None], "(21, 1), expected (21,)"),
    (lambda *args: np.full(21, np.nan), "nan or inf"),
    (lambda *args: -delta_norms(*args), "never negative"),
    (lambda *args: 0 * delta_norms(*args), "0 in the last layer"),
    (lambda weights, Zs, delta, slope: delta_norms(weights, Zs[:5], delta, slope), "ValueError"),
])
def test_delta_norms_that_fails_costs_a_sentence(broken, words):
    explorer = GradientFlow(broken, init_weights)
    assert words in explorer.answer["note"]
    assert not explorer.answer["known"]
    assert words in alt(explorer) or "alt" in alt(explorer)


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda d, out, scheme, rng: init_weights(out, d + 1, scheme, rng), "expected (64, 64)"),
    (lambda d, out, scheme, rng: rng.gauss(), "AttributeError"),
    (lambda d, out, scheme, rng: np.full((out, d), np.inf), "nan or inf"),
])
def test_init_weights_that_fails_costs_a_sentence(broken, words):
    explorer = GradientFlow(delta_norms, broken)
    assert words in explorer.answer["note"]
    assert sent(explorer).size == 0
    assert len(alt(explorer)) > 30


def test_it_keeps_its_last_good_line_and_recovers():
    def moody(*args):
        if len(args[0]) > 31:
            raise RuntimeError("too deep for me")
        return delta_norms(*args)

    explorer = GradientFlow(moody, init_weights)
    before = explorer.answer["sizes"]
    explorer.depth = 40
    assert "too deep for me" in explorer.answer["note"]
    assert explorer.answer["sizes"] == before
    assert explorer.answer["name"] == "sigmoid, Xavier"
    explorer.depth = 25
    assert explorer.answer["note"] == ""
    assert sent(explorer).shape == (26,)


def test_a_function_that_changes_its_arguments_harms_nobody(explorer):
    def rude(weights, Zs, delta_out, act_grad):
        norms = delta_norms(weights, Zs, delta_out, act_grad)
        for array in (*weights, *Zs, delta_out):
            array *= 0
        return norms

    np.testing.assert_array_equal(sent(GradientFlow(rude, init_weights)), sent(explorer))


def test_flow_raises_trouble():
    with pytest.raises(AnswerError, match="waits for your stub"):
        flow(stub, init_weights, Setting(3, "tanh", "he", 1.0))


def test_it_leaves_a_picture_with_alt_text(explorer):
    said = alt(explorer)
    assert "ReLU, He" in said
    assert "through 20 layers" in said


def test_the_module_stands_alone_and_has_the_figures_colors(explorer):
    assert not re.search(r"https?:|\bimport\b", GradientFlow._esm)
    colors = json.loads(re.search(r"^const COLORS = (.*);", GradientFlow._esm, re.M)[1])
    assert colors["line"] == plots.LINE
    assert explorer.facts["colors"] == COLORS == dict(
        zip(ACTIVATIONS, plots.SERIES_COLORS[:4], strict=True))
