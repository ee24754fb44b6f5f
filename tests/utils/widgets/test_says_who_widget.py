import base64
import html
import re

import numpy as np
import pytest

from utils.widgets import SaysWho
from utils.widgets.kit import relu_network
from utils.widgets.kit.relu_network import Network
from utils.widgets.kit.student import AnswerError
from utils.widgets.says_who.explorer import METHODS, message

rng = np.random.default_rng(1)
WEIGHTS = [rng.normal(size=(12, 64)) / 8, rng.normal(size=(10, 12)) / 3]
BIASES = [rng.normal(size=12) / 10, rng.normal(size=10)]
X, Y = rng.random((40, 64)), np.arange(40) % 10


def saliency(X, weights, biases, classes):
    return weights[1][classes] * (X @ weights[0].T + biases[0] > 0) @ weights[0]


def integrated_gradients(grad, x, baseline, steps):
    return (x - baseline) * np.mean([grad(baseline + (k + 0.5) / steps * (x - baseline))
                                     for k in range(steps)], axis=0)


def occlusion(score, image, size, value):
    found = np.zeros((len(image) - size + 1,) * 2)
    for i, j in np.ndindex(found.shape):
        covered = image.copy()
        covered[i:i + size, j:j + size] = value
        found[i, j] = score(image) - score(covered)
    return found


def stub(*args):
    raise NotImplementedError


def explorer(one=saliency, two=integrated_gradients, three=occlusion, network=(WEIGHTS, BIASES)):
    return SaysWho(one, two, three, network, X, Y)


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return html.unescape(image[1])


def shown(widget, which="trained"):
    sent = widget.answer["maps"][which]
    return np.frombuffer(sent, "<f4").reshape(widget.answer["side"], -1)


# ---- what is shown

def test_it_shows_the_students_saliency_of_the_class_asked_about():
    widget = explorer()
    widget.asked = 7
    right = saliency(X[3:4], WEIGHTS, BIASES, [7]).reshape(8, 8)
    np.testing.assert_allclose(shown(widget), right, rtol=1e-5)
    np.testing.assert_allclose(shown(widget, "shuffled"), right, rtol=1e-5)
    assert widget.answer["note"] == ""


def test_the_map_of_integrated_gradients_adds_up():
    widget = explorer()
    widget.method = "integrated"
    one = Network(WEIGHTS, BIASES)
    total = (one.scores(X[3:4]) - one.scores(np.zeros((1, 64))))[0, 3]
    assert shown(widget).sum() == pytest.approx(total, abs=0.05)


def test_an_occlusion_map_has_a_place_for_each_square():
    widget = explorer()
    widget.method = "occlusion"
    assert shown(widget).shape == (7, 7)
    assert widget.answer["side"] == 7


@pytest.mark.parametrize("method", METHODS)
def test_shuffled_layers_change_the_second_map_only(method):
    widget = explorer()
    widget.method = method
    trained = shown(widget).copy()
    widget.layers = 2
    np.testing.assert_array_equal(shown(widget), trained)
    assert not np.allclose(shown(widget, "shuffled"), trained)
    assert "With 2 layers shuffled" in widget.answer["message"]
    assert "by size" in widget.answer["message"]


def test_layers_are_shuffled_from_the_last_one_on():
    one = Network(WEIGHTS, BIASES).shuffled(1)
    np.testing.assert_array_equal(one.weights[0], WEIGHTS[0])
    assert not np.array_equal(one.weights[1], WEIGHTS[1])
    np.testing.assert_array_equal(np.sort(one.weights[1], axis=None),
                                  np.sort(WEIGHTS[1], axis=None))


def test_the_message_says_how_much_the_maps_are_alike():
    A = np.array([[1.0, -2.0], [3.0, 0.0]])
    assert message([3, 5], 0, [A, A]) == "The trained network says 3."
    said = message([3, 5], 1, [A, -A])
    assert "With 1 layer shuffled, it says 5." in said
    assert "−1.00 with signs, and 1.00 by size" in said
    assert "the same everywhere" in message([3, 5], 2, [A, 0 * A])
    assert message([], 0, [None, None]) == ""


# ---- what goes wrong

@pytest.mark.parametrize(("method", "wrong", "words"), [
    ("saliency", stub, "waits for your stub"),
    ("saliency", lambda *args: None, "None (is there a return?)"),
    ("saliency", lambda X, *args: X[0], "(64,)"),
    ("saliency", lambda X, *args: X * np.nan, "nan or inf"),
    ("saliency", lambda *args: 1 / 0, "ZeroDivisionError"),
    ("saliency", lambda *args: np.abs(saliency(*args)), "is not the slope of the score"),
    ("integrated", lambda grad, x, b, n: grad(np.stack([x, b])), "grad got shape (2, 64)"),
    ("integrated", lambda grad, x, b, n: grad(x), "the mean slope times the distance"),
    ("integrated", stub, "waits for your stub"),
    ("occlusion", lambda score, image, size, value: score(image.ravel()), "score got shape (64,)"),
    ("occlusion", lambda *args: -occlusion(*args), "is not the drop of the score"),
    ("occlusion", lambda score, image, *args: image, "one number for each place"),
])
def test_a_wrong_answer_costs_a_sentence(method, wrong, words):
    functions = {"saliency": saliency, "integrated": integrated_gradients, "occlusion": occlusion}
    widget = explorer(*(functions | {method: wrong}).values())
    widget.method = method
    assert words in widget.answer["note"]
    widget.layers = 2
    assert words in widget.answer["note"]
    assert len(alt(widget)) > 60
    widget.method = next(one for one in METHODS if one != method)
    assert widget.answer["note"] == ""


def test_a_wrong_map_is_shown_all_the_same():
    widget = explorer(lambda *args: -saliency(*args))
    np.testing.assert_allclose(shown(widget),
                               -saliency(X[3:4], WEIGHTS, BIASES, [3]).reshape(8, 8), rtol=1e-5)


def test_a_function_that_changes_the_weights_harms_nobody():
    def greedy(X, weights, biases, classes):
        found = saliency(X, weights, biases, classes)
        for part in (*weights, *biases):
            part[...] = 0.0
        return found

    widget = explorer(greedy)
    widget.asked = 5
    assert widget.answer["note"] == ""


@pytest.mark.parametrize("network", [None, (1, 2), ([], []), (WEIGHTS, BIASES[:1]),
                                     (WEIGHTS[1:], BIASES[1:]), (WEIGHTS[:1], BIASES[:1]),
                                     ([WEIGHTS[0] * np.nan, WEIGHTS[1]], BIASES)])
def test_a_network_that_is_none_costs_a_sentence(network):
    widget = explorer(network=network)
    assert "network can't be used" in widget.answer["note"]
    widget.digit = 8
    assert widget.answer["maps"] == {"trained": None, "shuffled": None}
    assert "network can't be used" in alt(widget)
    with pytest.raises(AnswerError, match="64 pixels to 10 scores"):
        relu_network.network(network)


# ---- the explorer

def test_it_leaves_a_picture_with_alt_text():
    widget = explorer()
    assert widget.answer["message"] in alt(widget)
    assert widget.facts["most"] == 2


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", SaysWho._esm)
