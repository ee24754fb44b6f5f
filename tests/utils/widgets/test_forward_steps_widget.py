"""ForwardSteps sends the student's own forward pass, and nothing a student does breaks it."""

import base64
import json
import re
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex

from utils import plots, trained
from utils._figures.picture import HEAT
from utils.data import digits
from utils.widgets import ForwardSteps
from utils.widgets.forward_steps.explorer import _share
from utils.widgets.forward_steps.flow import MOST_LAYERS, flow, sizes, unseen
from utils.widgets.kit.student import AnswerError


def forward(X, weights, biases, act):
    A, cache = X, []
    for W, b in zip(weights, biases, strict=True):
        Z = A @ W.T + b
        cache.append((A, Z))
        A = act(Z)
    return Z, cache


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def stub(*args):
    raise NotImplementedError


def stages(widget):
    """The shown digit's stages as sent: X, then Z and A by turns, the last Z, P."""
    sent = np.frombuffer(widget.answer["stages"], dtype="<f4")
    widths = sizes(widget.answer["layers"])
    lengths = [widths[0], *(w for width in widths[1:-1] for w in (width, width)), 10, 10]
    return np.split(sent, np.cumsum(lengths)[:-1])


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


# ---- the networks


@pytest.mark.parametrize("layers", range(1, MOST_LAYERS + 1))
def test_networks_read_nine_of_ten_digits_that_they_have_not_seen(layers):
    network, table = trained.digits(sizes(layers)), unseen()
    assert [W.shape for W in network.weights] == [
        (after, before) for before, after in pairwise(sizes(layers))]
    said = forward(table.X, network.weights, network.biases, np.tanh)[0].argmax(axis=1)
    assert np.mean(said == table.y) > 0.88


def test_networks_are_the_same_each_time_and_may_be_changed():
    first = trained.digits([64, 16, 10])
    first.weights[0][:] = 0
    first.biases[1] += 1
    trained._trained.cache_clear()
    second, third = trained.digits([64, 16, 10]), trained.digits([64, 16, 10])
    assert second.weights[0].any()
    np.testing.assert_allclose(second.biases[1], third.biases[1])
    assert second.weights[0] is not third.weights[0]


def test_training_goes_down_the_gradient():
    rng = np.random.default_rng(4)
    X, targets = rng.normal(size=(5, 3)), np.eye(4)[rng.integers(4, size=5)]
    weights = [rng.normal(size=(2, 3)), rng.normal(size=(6, 2)), rng.normal(size=(4, 6))]
    biases = [rng.normal(size=2), rng.normal(size=6), rng.normal(size=4)]

    def loss():
        return -np.sum(targets * np.log(softmax(forward(X, weights, biases, np.tanh)[0]))) / 5

    slopes = trained._gradient(X, targets, weights, biases)
    for parameter, slope in zip([*weights, *biases], slopes, strict=True):
        assert parameter.shape == slope.shape
        for index in np.ndindex(parameter.shape):
            kept, sides = parameter[index], []
            for side in (1e-6, -1e-6):
                parameter[index] = kept + side
                sides.append(loss())
            parameter[index] = kept
            assert slope[index] == pytest.approx((sides[0] - sides[1]) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("wrong", [[64], [64, 16], [63, 10], []])
def test_networks_for_other_tables_are_refused(wrong):
    with pytest.raises(ValueError, match="64 inputs and 10 outputs"):
        trained.digits(wrong)


def test_unseen_digits_are_those_not_trained_on():
    table = unseen()
    np.testing.assert_array_equal(table.X * 16, digits().X[1400:])
    assert len(table.y) == 397


# ---- what is sent


@pytest.mark.parametrize("layers", range(1, MOST_LAYERS + 1))
def test_every_stage_is_the_students_forward_pass(layers):
    widget = ForwardSteps(forward, softmax)
    widget.layers = layers
    widget.digit = 43
    network = trained.digits(sizes(layers))
    x = unseen().X[43:44]
    Z, cache = forward(x, network.weights, network.biases, np.tanh)
    expected = [part[0] for pair in cache for part in pair] + [softmax(Z)[0]]
    got = stages(widget)
    assert len(got) == 2 * layers + 1
    for shown, right in zip(got, expected, strict=True):
        np.testing.assert_allclose(shown, right, rtol=1e-5, atol=1e-6)
    sent = np.frombuffer(widget.answer["weights"], dtype="<f4")
    np.testing.assert_allclose(sent, np.concatenate([W.ravel() for W in network.weights]),
                               rtol=1e-6)
    sent = np.frombuffer(widget.answer["biases"], dtype="<f4")
    np.testing.assert_allclose(sent, np.concatenate(network.biases), rtol=1e-5, atol=1e-7)


def test_pictures_reach_the_browser_as_bytes():
    widget, table = ForwardSteps(forward, softmax), unseen()
    pixels = np.frombuffer(widget.data["pixels"], dtype="u1").reshape(-1, 64)
    np.testing.assert_array_equal(pixels, digits().X[1400:])
    assert list(widget.data["labels"]) == table.y.tolist()


def test_what_it_says_is_counted_and_put_into_words():
    widget, table = ForwardSteps(forward, softmax), unseen()
    assert "It says 3" in widget.answer["message"]
    assert "which is right" in widget.answer["message"]
    mistakes = widget.answer["mistakes"]
    assert widget.answer["right"] == f"{397 - len(mistakes)} of 397 unseen digits right"
    widget.digit = mistakes[0]
    said, truth = widget.answer["said"], table.y[mistakes[0]]
    assert said != truth
    assert f"It says {said}" in widget.answer["message"]
    assert f"but it is {'an' if truth == 8 else 'a'} {truth}" in widget.answer["message"]


@pytest.mark.parametrize(("p", "words"), [(1.0, "100%"), (0.9999, "over 99%"), (0.25, "25%"),
                                          (0.004, "under 1%"), (0.0, "0%")])
def test_shares_do_not_claim_certainty(p, words):
    assert _share(p) == words


def test_digits_beyond_the_last_are_the_last():
    widget = ForwardSteps(forward, softmax)
    widget.digit = 5000
    assert widget.digit == 396
    assert widget.answer["digit"] == 396


def test_the_student_is_asked_once_for_each_network():
    asked = []

    def counting(X, weights, biases, act):
        asked.append(len(weights))
        return forward(X, weights, biases, act)

    widget = ForwardSteps(counting, softmax)
    widget.digit = 7
    widget.layers = 2
    widget.layers = 3
    assert asked == [3, 2]


# ---- what may go wrong


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda X, weights, biases, act: X @ weights[0] @ np.ones(3), "stopped with ValueError"),
    (lambda X, weights, biases, act: None, "None (is there a return?)"),
    (lambda X, weights, biases, act: forward(X, weights, biases, act)[0],
     "expected the pair (Z, cache)"),
    (lambda X, weights, biases, act: (forward(X, weights, biases, act)[0], []), "a list of 0"),
    (lambda X, weights, biases, act: (forward(X, weights, biases, act)[0],
                                      [Z for _, Z in forward(X, weights, biases, act)[1]]),
     "layer 1 has a ndarray"),
    (lambda X, weights, biases, act: (forward(X, weights, biases, act)[0],
                                      [(Z, A) for A, Z in forward(X, weights, biases, act)[1]]),
     "A_in of layer 1"),
    (lambda X, weights, biases, act: (forward(X, weights, biases, act)[0].T,
                                      forward(X, weights, biases, act)[1]),
     "shape (10, 397), expected (397, 10)"),
    (lambda X, weights, biases, act: (np.nan * forward(X, weights, biases, act)[0],
                                      forward(X, weights, biases, act)[1]), "nan or inf"),
    (lambda X, weights, biases, act: ("one", "two"), "a str, expected Z of the last layer"),
])
def test_a_forward_that_fails_costs_a_sentence(broken, words):
    widget = ForwardSteps(broken, softmax)
    assert words in widget.answer["note"]
    assert not widget.answer["known"]
    assert "stages" not in widget.answer
    widget.digit, widget.layers = 3, 1
    assert not widget.answer["known"]
    assert "8 by 8 pixels" in alt(widget)


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda Z: softmax(Z)[0], r"shape (10,), expected (397, 10)"),
    (lambda Z: None, "None"),
])
def test_a_softmax_that_fails_costs_a_sentence(broken, words):
    widget = ForwardSteps(forward, broken)
    assert words in widget.answer["note"]
    assert not widget.answer["known"]


def on_the_output(X, weights, biases, act):
    Z, cache = forward(X, weights, biases, act)
    return act(Z), cache


def never_act(X, weights, biases, act):
    return forward(X, weights, biases, lambda z: z)


def no_bias(X, weights, biases, act):
    return forward(X, weights, [0 * b for b in biases], act)


@pytest.mark.parametrize(("wrong", "softly", "words"), [
    (on_the_output, softmax, "the Z that is returned is not the last one in the cache"),
    (never_act, softmax, "A_in of layer 2 is not tanh of the Z before it"),
    (no_bias, softmax, "Z of layer 1 is not A_in Wᵀ + b"),
    (lambda X, *rest: forward(2 * X, *rest), softmax, "A_in of layer 1 is not X"),
    (forward, lambda Z: np.exp(Z - 50), "the rows of <lambda> do not sum to 1"),
])
def test_what_does_not_add_up_is_shown_and_said(wrong, softly, words):
    widget = ForwardSteps(wrong, softly)
    assert words in widget.answer["note"]
    assert widget.answer["known"]
    assert len(stages(widget)) == 7


def test_the_last_good_picture_stays_and_comes_back_to_life():
    def moody(X, weights, biases, act):
        if len(weights) == 2:
            raise RuntimeError("unlucky")
        return forward(X, weights, biases, act)

    widget = ForwardSteps(moody, softmax)
    before = widget.answer
    widget.layers = 2
    assert "moody stopped with RuntimeError: unlucky" in widget.answer["note"]
    assert not widget.answer["known"]
    assert widget.answer["stages"] == before["stages"]
    assert widget.answer["layers"] == 3
    assert "3 layers" in alt(widget)
    widget.layers = 1
    assert widget.answer["known"]
    assert widget.answer["note"] == ""
    assert widget.answer["layers"] == 1


def test_a_function_that_changes_its_arguments_harms_nobody():
    def vandal(X, weights, biases, act):
        result = forward(X.copy(), [W.copy() for W in weights], biases, act)
        X[:] = 0
        for W in weights:
            W[:] = 0
        return result

    widget = ForwardSteps(vandal, softmax)
    widget.layers = 2
    widget.layers = 3
    assert widget.answer["note"] == ""
    assert trained.digits([64, 16, 10]).weights[0].any()


def test_prints_and_warnings_stay_out_of_the_notebook(capfd, recwarn):
    def chatty(Z):
        print("hello")
        np.log(np.zeros(1))
        return softmax(Z)

    ForwardSteps(forward, chatty)
    assert capfd.readouterr() == ("", "")
    assert not recwarn


def test_flow_tells_trouble_to_whoever_asks():
    with pytest.raises(AnswerError, match="waits for your stub"):
        flow(stub, softmax, unseen().X, trained.digits([64, 10]))


def test_it_leaves_a_picture_with_alt_text():
    widget = ForwardSteps(forward, softmax)
    assert "A handwritten 3 on its way through a network of 3 layers. It says 3" in alt(widget)
    widget.layers = 1
    assert "a network of 1 layer." in alt(widget)


def test_the_module_stands_alone_and_has_the_courses_colors():
    assert not re.search(r"https?:|\bimport\b", ForwardSteps._esm)
    colors = json.loads(re.search(r"^const COLORS = (.*);", ForwardSteps._esm, re.M)[1])
    assert colors["line"] == plots.LINE
    assert colors["heat"] == [to_hex(HEAT(k / 12)) for k in range(13)]
