import base64
import re

import numpy as np
import pytest

from utils import data
from utils.widgets import DigitPad
from utils.widgets.digit_pad.explorer import EMPTY, advice

DIGITS = data.digits()
TRAIN, NEW = slice(0, 300), slice(300, 400)


def nearest(X, y, rng):
    def predict(new):
        return y[((new[:, None] - X) ** 2).sum(axis=2).argmin(axis=1)]

    return predict


def pad(train_digits, saliency=None):
    return DigitPad(train_digits, DIGITS.X[TRAIN], DIGITS.y[TRAIN], DIGITS.X[NEW], DIGITS.y[NEW],
                    saliency)


def stub(X, y, rng):
    raise NotImplementedError


# Three networks of a single layer: least squares on thirds of the digits.
LAYERS = [(np.linalg.lstsq(np.c_[DIGITS.X[k:300:3] / 16, np.ones(100)],
                           np.eye(10)[DIGITS.y[k:300:3]], rcond=1e-2)[0].T) for k in range(3)]
NETWORKS = [([30 * W[:, :64]], [30 * W[:, 64]]) for W in LAYERS]


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def averaged(networks=NETWORKS):
    """Training that reads by NETWORKS, and shows the pad these ones."""
    def train_digits(X, y, rng):
        def predict(new):
            return sum(softmax(new / 16 @ W.T + b) for (W,), (b,) in NETWORKS).argmax(axis=1)

        predict.networks = networks
        return predict

    return train_digits


def one_layer(X, weights, biases, classes):
    """The slopes of networks of a single layer."""
    return np.asarray(weights[0])[classes]


def unwritten(X, weights, biases, classes):
    raise NotImplementedError


def shown(widget):
    return np.frombuffer(widget.answer["map"], "<f4").reshape(8, 8)


def alt(widget):
    bundle, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      bundle["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def test_the_students_network_reads_what_is_on_the_pad():
    widget = pad(nearest)
    assert widget.pixels == DIGITS.X[300].astype(int).tolist()
    for row, label in zip(DIGITS.X[:20], DIGITS.y[:20], strict=True):
        widget.pixels = row.astype(int).tolist()
        assert widget.answer["label"] == label  # it was trained on these
        assert widget.answer["note"] == ""
    assert f"The network says {DIGITS.y[19]}." in alt(widget)


def test_it_is_trained_once_on_the_training_digits_and_asked_about_one():
    calls, asked = [], []

    def train_digits(X, y, rng):
        calls.append((X, y, rng.integers(100)))

        def predict(new):
            asked.append(new.shape)
            return np.array([4])

        return predict

    widget = pad(train_digits)
    widget.pixels = [16] + [0] * 63
    assert len(calls) == 1
    np.testing.assert_array_equal(calls[0][0], DIGITS.X[TRAIN])
    np.testing.assert_array_equal(calls[0][1], DIGITS.y[TRAIN])
    assert asked == [(1, 64), (1, 64)]


def test_the_scans_are_new_digits():
    facts = pad(nearest).facts
    table = np.frombuffer(facts["scans"], dtype=np.uint8).reshape(-1, 64)
    np.testing.assert_array_equal(table, DIGITS.X[300:312])
    assert facts["labels"] == DIGITS.y[300:312].tolist()


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda X, y, rng: None, "None (is there a return?)"),
    (lambda X, y, rng: y, "ndarray, expected a function"),
    (lambda X, y, rng: 1 / 0, "stopped with ZeroDivisionError"),
    (lambda X, y, rng: lambda new: np.eye(10)[[3]], "shape (1, 10)"),
    (lambda X, y, rng: lambda new: np.array([np.nan]), "nan or inf"),
    (lambda X, y, rng: lambda new: np.array([11]), "11 as a label"),
    (lambda X, y, rng: lambda new: np.array([2.5]), "2.5 as a label"),
    (lambda X, y, rng: lambda new: new[99], "stopped with IndexError"),
    (lambda X, y, rng: lambda new: "3", "expected one label"),
])
def test_a_function_that_fails_costs_a_sentence(broken, words):
    widget = pad(broken)
    assert words in widget.answer["note"]
    assert widget.answer["label"] is None
    assert "There is no answer." in alt(widget)
    widget.pixels = EMPTY
    assert widget.answer["label"] is None


def test_what_the_function_does_to_its_arguments_harms_nobody():
    def greedy(X, y, rng):
        predict = nearest(X.copy(), y.copy(), rng)
        X[:], y[:] = 0, 0

        def reading(new):
            found = predict(new)
            new[:] = 0
            return found

        return reading

    widget = pad(greedy)
    before = widget.answer["label"]
    widget.pixels, widget.pixels = EMPTY, DIGITS.X[300].astype(int).tolist()
    assert widget.answer["label"] == before
    assert DIGITS.X[TRAIN].any()


def test_an_empty_pad_is_not_read():
    widget = pad(nearest)
    widget.pixels = EMPTY
    assert widget.answer["label"] is None
    assert "The pad is empty." in widget.answer["advice"]


def test_small_and_pale_drawings_get_advice():
    assert [advice(row.astype(int).tolist()) for row in DIGITS.X[:50]] == [""] * 50
    small = np.zeros((8, 8), dtype=int)
    small[2:5, 3] = 16
    assert "3 pixels tall" in advice(small.ravel().tolist())
    small[:, 3] = 7
    assert "paler" in advice(small.ravel().tolist())


# ---- the saliency map

def test_the_map_is_the_mean_of_the_students_maps_for_what_is_read():
    widget = pad(averaged(), one_layer)
    labels = set()
    for row in DIGITS.X[300:306]:
        widget.pixels = row.astype(int).tolist()
        label = widget.answer["label"]
        labels.add(label)
        expected = np.mean([W[label] for (W,), _ in NETWORKS], axis=0).reshape(8, 8)
        np.testing.assert_allclose(shown(widget), expected, rtol=1e-6)
        assert widget.answer["note"] == ""
    assert len(labels) > 1
    assert f"the saliency map for the score of {label}." in alt(widget)


def test_the_students_function_gets_pixels_from_0_to_1_and_the_networks_layers():
    asked = []

    def saliency(X, weights, biases, classes):
        asked.append((X.copy(), weights, biases, list(classes)))
        return one_layer(X, weights, biases, classes)

    widget = pad(averaged(), saliency)
    assert len(asked) == len(NETWORKS)
    for (X, weights, biases, classes), network in zip(asked, NETWORKS, strict=True):
        np.testing.assert_array_equal(X, DIGITS.X[300:301] / 16)
        np.testing.assert_array_equal(weights[0], network[0][0])
        np.testing.assert_array_equal(biases[0], network[1][0])
        assert classes == [widget.answer["label"]]


def test_an_empty_pad_has_no_map():
    widget = pad(averaged(), one_layer)
    widget.pixels = EMPTY
    assert widget.answer["map"] is None
    assert widget.answer["note"] == ""


@pytest.mark.parametrize(("training", "saliency", "mapped", "words"), [
    (nearest, one_layer, False, "predict.networks = [(weights, biases)]"),
    (nearest, None, False, ""),
    (averaged(), None, False, ""),
    (averaged(), one_layer, True, ""),
    (stub, one_layer, False, ""),
])
def test_without_networks_the_pad_says_how_to_get_a_map(training, saliency, mapped, words):
    facts = pad(training, saliency).facts
    assert facts["mapped"] is mapped
    assert words in facts["how"]
    assert bool(words) == bool(facts["how"])


@pytest.mark.parametrize(("networks", "words"), [
    (3, "predict.networks is an int, expected a list of (weights, biases)"),
    ([], "predict.networks is a list of 0"),
    ([(1, 2)], "Network 0 of predict.networks can't be used: it should be (weights, biases)"),
    ([NETWORKS[0], ([np.eye(9)], [np.zeros(9)])], "Network 1 of predict.networks can't be used"),
    ([([-NETWORKS[0][0][0]], NETWORKS[0][1])], "scans as your predict does"),
])
def test_networks_that_cannot_be_explained_cost_the_map_only(networks, words):
    widget = pad(averaged(networks), one_layer)
    assert words in widget.answer["note"]
    assert widget.answer["map"] is None
    assert widget.answer["label"] in range(10)


def test_networks_that_take_pixels_on_another_scale_are_found_out():
    widget = pad(averaged([([W / 16], [b + np.arange(10)]) for (W,), (b,) in NETWORKS]), one_layer)
    assert "pixels divided by 16" in widget.answer["note"]
    assert widget.answer["map"] is None


@pytest.mark.parametrize(("saliency", "words"), [
    (unwritten, "waits for your unwritten"),
    (lambda X, W, b, c: None, "None (is there a return?)"),
    (lambda X, W, b, c: W[0][c].T, "shape (64, 1)"),
    (lambda X, W, b, c: 1 / 0, "stopped with ZeroDivisionError"),
    (lambda X, W, b, c: np.nan * X, "nan or inf"),
])
def test_a_saliency_that_fails_costs_a_sentence(saliency, words):
    widget = pad(averaged(), saliency)
    assert words in widget.answer["note"]
    assert widget.answer["map"] is None
    assert widget.answer["label"] in range(10)


def test_a_wrong_map_is_shown_and_says_so():
    widget = pad(averaged(), lambda X, W, b, c: -one_layer(X, W, b, c))
    assert "is not the slope of the score" in widget.answer["note"]
    right = shown(pad(averaged(), one_layer))
    np.testing.assert_allclose(shown(widget), -right)


def test_what_saliency_does_to_its_arguments_harms_nobody():
    def greedy(X, weights, biases, classes):
        found = weights[0][classes].copy()
        X[:], weights[0][:], biases[0][:] = 0, 0, 0
        return found

    widget = pad(averaged(), greedy)
    before = shown(widget)
    widget.pixels, widget.pixels = EMPTY, DIGITS.X[300].astype(int).tolist()
    np.testing.assert_array_equal(shown(widget), before)
    assert NETWORKS[0][0][0].any()


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", pad(nearest)._esm)
