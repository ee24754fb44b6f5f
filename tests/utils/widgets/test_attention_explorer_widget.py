"""AttentionExplorer: the weights are the student's, and nothing they do harms it."""

import base64
import re

import numpy as np
import pytest
from scipy.special import softmax

from utils import trained
from utils.widgets import AttentionExplorer
from utils.widgets.attention.explorer import NAMES
from utils.widgets.attention.heads import HEADS, LONGEST, queries_keys_values


def attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    weights = softmax(scores if mask is None else np.where(mask, scores, -np.inf), axis=-1)
    return weights @ V, weights


def stub(Q, K, V, mask=None):
    raise NotImplementedError


def weights(widget):
    count = len(widget.answer["letters"])
    return np.frombuffer(widget.answer["weights"], "<f4").reshape(HEADS, count, count)


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def test_queries_and_keys_are_those_of_the_trained_network():
    """Computed here one letter and one head at a time."""
    w = trained.names_gpt(1)
    Q, K, V = queries_keys_values("amy")
    for t, letter in enumerate((0, 1, 13, 25)):
        angles = t / 10000 ** (np.arange(0, 32, 2) / 32)
        x = w["table"][letter].copy()
        x[::2] += np.sin(angles)
        x[1::2] += np.cos(angles)
        x = (x - x.mean()) / np.sqrt(x.var() + 1e-5) * w["gamma1a"] + w["beta1a"]
        for part, name in ((Q, "Wq1"), (K, "Wk1"), (V, "Wv1")):
            for head in range(HEADS):
                own = w[name][8 * head:8 * head + 8] @ x
                np.testing.assert_allclose(part[head, t], own, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_the_weights_are_what_the_function_returns(name):
    widget = AttentionExplorer(attention)
    widget.text = name
    Q, K, V = queries_keys_values(name)
    expected = attention(Q, K, V, np.tri(len(name) + 1, dtype=bool))[1]
    np.testing.assert_allclose(weights(widget), expected, atol=1e-6)
    assert widget.answer["letters"] == ["·", *name]
    assert widget.answer["note"] == widget.answer["trouble"] == ""


def test_mask_scale_and_temperature_change_what_they_say():
    widget = AttentionExplorer(attention)
    Q, K, _ = queries_keys_values(NAMES[0])
    scores = Q @ K.swapaxes(-1, -2)
    before = weights(widget)
    assert np.all(before[:, 0, 1:] == 0)
    widget.masked = False
    np.testing.assert_allclose(weights(widget), softmax(scores / np.sqrt(8), axis=-1), atol=1e-6)
    np.testing.assert_allclose(weights(widget)[:, -1], before[:, -1], atol=1e-6)
    widget.scaled = False
    np.testing.assert_allclose(weights(widget), softmax(scores, axis=-1), atol=1e-6)
    widget.temperature = 5.0
    np.testing.assert_allclose(weights(widget), softmax(scores / 5, axis=-1), atol=1e-6)
    assert widget.answer["note"] == ""


def test_the_message_says_how_decided_the_heads_are():
    widget = AttentionExplorer(attention)
    assert "head 3 0.78" in widget.answer["message"]
    widget.temperature = 10.0
    assert "head 3 0.31" in widget.answer["message"]


@pytest.mark.parametrize("text", ["", "o'neil", "a" * (LONGEST + 1), "anna maria", "zoë", "1"])
def test_what_is_no_name_leaves_the_one_before(text):
    widget = AttentionExplorer(attention)
    before = widget.answer["weights"]
    widget.text = text
    assert "1 to 11 letters" in widget.answer["trouble"]
    assert widget.answer["weights"] == before
    widget.text = " Amy "
    assert widget.answer["trouble"] == ""
    assert widget.answer["letters"] == list("·amy")


def shares(Q, K, V, mask=None):
    out, found = attention(Q, K, V)
    return out, found if mask is None else found * mask


@pytest.mark.parametrize(("function", "words"), [
    (stub, "waits for your stub"),
    (lambda Q, K, V, mask=None: 1 / 0, "stopped with ZeroDivisionError"),
    (lambda Q, K, V, mask=None: None, "None (is there a return?)"),
    (lambda Q, K, V, mask=None: attention(Q, K, V, mask)[0], "expected the pair (out, weights)"),
    (lambda Q, K, V, mask=None: attention(Q, K, V, mask)[::-1], "array of shape (4, 12, 8)"),
    (lambda Q, K, V, mask=None: (Q, np.full((4, 12, 12), np.nan)), "nan or inf"),
    (lambda Q, K, V, mask=None: (Q, "weights"), "returned a str"),
])
def test_a_function_that_fails_costs_a_sentence(function, words):
    widget = AttentionExplorer(function)
    assert words in widget.answer["note"]
    assert widget.answer["weights"] == b""
    assert words.replace('"', "&quot;") in alt(widget)
    widget.text = "amy"
    assert widget.answer["letters"] == list("·amy")


@pytest.mark.parametrize(("function", "words"), [
    (lambda Q, K, V, mask=None: attention(Q, K, V), "to c, which the mask forbids"),
    (shares, "the row of · sums to"),
    (lambda Q, K, V, mask=None: attention(np.sqrt(8) * Q, K, V, mask), "not the weights"),
])
def test_wrong_weights_are_shown_and_named(function, words):
    widget = AttentionExplorer(function)
    assert words in widget.answer["note"]
    assert len(widget.answer["weights"]) == 4 * HEADS * 12 * 12
    assert "In JupyterLab" in alt(widget)


def test_a_function_that_changes_its_arguments_harms_nobody():
    def greedy(Q, K, V, mask=None):
        result = attention(Q, K, V, mask)
        for part in (Q, K, V):
            part *= 0
        return result

    widget = AttentionExplorer(greedy)
    widget.temperature = 2.0
    widget.temperature = 1.0
    assert widget.answer["note"] == ""


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", AttentionExplorer._esm)
