import base64
import re

import numpy as np
import pytest
from scipy import ndimage

from utils import data
from utils.widgets import Lens
from utils.widgets.lens.explorer import PRESETS, complaint, message, window_sums
from utils.widgets.lens.pictures import NAMES, STEP, digits, photograph


def convolve(X, W, b):
    whole = ndimage.correlate(X[0, 0], W[0, 0], mode="constant")[1:-1, 1:-1] + b[0]
    return whole[None, None]


def stub(*args):
    raise NotImplementedError


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def shown(widget):
    rows, columns = widget.answer["rows"], widget.answer["columns"]
    return np.frombuffer(widget.answer["map"], dtype="<f4").reshape(rows, columns)


# ---- the pictures

def test_digits_and_photographs_are_the_data_sets():
    table = data.digits()
    for label, picture in enumerate(digits()):
        first = table.X[np.flatnonzero(table.y == label)[0]]
        np.testing.assert_array_equal(picture.levels.ravel(), first)
        assert picture.pixels.max() <= 1
    for name in data.PHOTOGRAPHERS:
        small, large = photograph(name).pixels, data.photograph(name).mean(axis=0)
        assert small.shape == tuple(size // STEP for size in large.shape)
        square = large[3 * STEP:4 * STEP, 7 * STEP:8 * STEP]
        assert small[3, 7] == pytest.approx(square.mean(), abs=0.003)


# ---- the map

@pytest.mark.parametrize("picture", NAMES)
@pytest.mark.parametrize("preset", PRESETS)
def test_the_map_is_the_students(picture, preset):
    widget = Lens(lambda X, W, b: convolve(X, W, b) * 1.0)
    widget.picture, widget.weights = picture, PRESETS[preset]
    pixels = widget._pixels()
    kernel = np.array(PRESETS[preset]).reshape(3, 3)
    expected = ndimage.correlate(pixels, kernel, mode="constant")[1:-1, 1:-1]
    np.testing.assert_allclose(shown(widget), expected, atol=1e-6)
    assert widget.answer["note"] == ""
    assert widget.answer["strongest"] == pytest.approx(np.abs(expected).max())


def test_another_digit_is_another_map():
    widget = Lens(convolve)
    before = shown(widget).copy()
    widget.digit = 8
    assert not np.allclose(shown(widget), before)
    assert shown(widget).shape == (6, 6)


def test_sums_are_those_by_hand():
    pixels = np.arange(16.0).reshape(4, 4)
    np.testing.assert_array_equal(window_sums(pixels, np.ones((3, 3))), [[45, 54], [81, 90]])
    kernel = np.zeros((3, 3))
    kernel[0, 2] = 2.0
    np.testing.assert_array_equal(window_sums(pixels, kernel), [[4, 6], [12, 14]])
    assert message(np.array([[1.0, -2.5], [0.0, 1.0]])) == (
        "The map has 2 × 2 places. It is strongest at row 0, column 1: −2.5.")


def test_a_wrong_map_is_shown_and_named():
    mirrored = Lens(lambda X, W, b: convolve(X, W[:, :, ::-1, ::-1], b))
    assert "not the sum of the products at" in mirrored.answer["note"]
    assert mirrored.answer["map"] is not None
    assert "not the sum of the products" in alt(mirrored)
    mirrored.weights = PRESETS["blur"]
    assert mirrored.answer["note"] == ""
    found, expected = np.zeros((2, 2)), np.array([[0.0, 0.0], [1.5, 0.0]])
    assert complaint("f", found, expected) == (
        "The map of your f is not the sum of the products at one place. At row 1, column 0 the sum "
        "is 1.5, but your map has 0.")


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"), (lambda X, W, b: None, "None (is there a return?)"),
    (lambda X, W, b: convolve(X, W, b)[0, 0], "shape (6, 6), expected (1, 1, 6, 6)"),
    (lambda X, W, b: np.full((1, 1, 6, 6), np.nan), "nan or inf"),
    (lambda X, W, b: 1 / 0, "stopped with ZeroDivisionError"),
    (lambda X, W: 0, "stopped with TypeError"), (lambda X, W, b: "map", "a str"),
])
def test_a_function_that_fails_costs_a_sentence(broken, words):
    widget = Lens(broken)
    assert words in widget.answer["note"]
    assert widget.answer["map"] is None
    assert words.replace("(", "").split()[0] in alt(widget)
    widget.picture = "china"
    assert widget.answer["rows"] == widget._pixels().shape[0] - 2


# ---- the explorer

def test_weights_stay_numbers():
    widget = Lens(convolve)
    widget.weights = [np.nan, 1e9, -1e9, *[0.0] * 6]
    assert widget.weights[:3] == [0.0, 99.0, -99.0]
    widget.weights = [0.0] * 9
    assert widget.answer["strongest"] == 1.0


def test_what_the_function_does_to_its_arguments_harms_nobody():
    def greedy(X, W, b):
        found = convolve(X, W, b)
        X[:], W[:] = 0, 0
        return found

    widget = Lens(greedy)
    widget.digit, widget.digit = 4, 3
    assert widget.answer["note"] == ""


@pytest.mark.parametrize("name", data.PHOTOGRAPHERS)
def test_photographers_are_named(name):
    widget = Lens(convolve)
    widget.picture = name
    assert f"by {data.PHOTOGRAPHERS[name]}, CC BY 2.0" in alt(widget)
    assert data.PHOTOGRAPHERS[name] in widget.facts["credits"][name]


def test_a_dark_page_does_not_invert_it():
    assert 'class="nn-photo"' in Lens(convolve).static_html()


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", Lens._esm)
