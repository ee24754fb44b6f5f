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


def pad(train_digits):
    return DigitPad(train_digits, DIGITS.X[TRAIN], DIGITS.y[TRAIN], DIGITS.X[NEW], DIGITS.y[NEW])


def stub(X, y, rng):
    raise NotImplementedError


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


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", pad(nearest)._esm)
