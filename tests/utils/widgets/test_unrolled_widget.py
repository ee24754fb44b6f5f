"""The unrolled network: the student's steps make the strip, their backward pass the norms."""

import base64
import re
import warnings

import numpy as np
import pytest

from utils.widgets import Unrolled
from utils.widgets.kit.student import AnswerError
from utils.widgets.unrolled import reading
from utils.widgets.unrolled.explorer import PRESETS
from utils.widgets.unrolled.reading import LONGEST, UNITS, Setting


def step(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx.T + h @ Wh.T + b)


def backward(dH, X, H, h0, Wx, Wh):
    dX, dh, later = np.zeros(X.shape), np.zeros(h0.shape), []
    for t in reversed(range(X.shape[1])):
        dZ = (dH[:, t] + dh) * (1 - H[:, t] ** 2)
        dX[:, t], dh = dZ @ Wx, dZ @ Wh
        later.append(dZ)
    return dX, dh, np.zeros(Wx.shape), np.zeros(Wh.shape), np.sum(later, axis=(0, 1))


def forgetful(dH, X, H, h0, Wx, Wh):
    """Passes nothing on to earlier steps."""
    found = backward(dH, X, H, h0, Wx, Wh)
    return found[0], (dH[:, 0] * (1 - H[:, 0] ** 2)) @ Wh, *found[2:]


def stub(*args):
    raise NotImplementedError


def sent(widget, name):
    return np.frombuffer(widget.answer[name], dtype="<f4")


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def test_the_strip_is_the_students_states():
    widget = Unrolled(step, backward)
    widget.text = "zoe"
    Wx, Wh, b = Setting("zoe", 1.0, 1.0).weights()
    assert np.abs(np.linalg.eigvals(Wh)).max() == pytest.approx(1.0)
    h = np.zeros((1, UNITS))
    for column, letter in zip(sent(widget, "states").reshape(3, UNITS), "zoe", strict=True):
        h = step(np.eye(27)[[ord(letter) - 96]], h, Wx, Wh, b)
        np.testing.assert_allclose(column, h[0], atol=1e-6)


@pytest.mark.parametrize("radius", [0.3, 1.7])
def test_the_radius_is_that_of_the_recurrent_matrix(radius):
    _, Wh, _ = Setting("a", radius, 1.0, 4).weights()
    assert np.abs(np.linalg.eigvals(Wh)).max() == pytest.approx(radius)


def test_without_inputs_the_norms_are_those_of_the_powers():
    widget = Unrolled(step, backward)
    widget.inputs, widget.radius, widget.text = 0.0, 1.2, "a" * 20
    _, Wh, _ = Setting("a", 1.2, 0.0).weights()
    powers = [np.linalg.norm(np.linalg.matrix_power(Wh, t), 2) for t in range(1, 21)]
    np.testing.assert_allclose(10.0 ** sent(widget, "norms"), powers, rtol=1e-4)
    assert np.isnan(sent(widget, "left")).all()
    assert "letters make no difference" in widget.answer["message"]
    assert widget.answer["note"] == ""


@pytest.mark.parametrize("text", [*PRESETS.values(), "z", "a" * LONGEST])
@pytest.mark.parametrize("radius", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("inputs", [0.0, 1.0, 2.0])
def test_right_functions_are_never_blamed(text, radius, inputs):
    setting = Setting(text, radius, inputs)
    seen = reading.read(step, setting)
    assert reading.agree(reading.norms(backward, setting, seen.states), seen)
    assert inputs == 0 or seen.left[0] == 1


def test_the_share_that_is_left_is_that_of_two_readings():
    seen, other = (reading.read(step, Setting(text, 1.1, 1.0)) for text in ("mary", "nary"))
    apart = np.linalg.norm(seen.states - other.states, axis=1)
    np.testing.assert_allclose(seen.left, apart / apart[0])


def test_a_backward_pass_that_forgets_is_noticed():
    widget = Unrolled(step, forgetful)
    assert "not what a small nudge" in widget.answer["note"]
    assert len(sent(widget, "states")) == UNITS * len(PRESETS["alexandria"])


@pytest.mark.parametrize(("f", "g", "words"), [
    (stub, backward, "waits for your stub"), (step, stub, "waits for your stub"),
    (lambda *a: None, backward, "None (is there a return?)"),
    (lambda *a: 1 / 0, backward, "stopped with ZeroDivisionError"),
    (lambda x, h, *a: h[:1], backward, f"shape (1, {UNITS}), expected"),
    (lambda x, h, *a: h * np.nan, backward, "nan or inf"),
    (lambda x, h, *a: "h", backward, "a str, expected"),
    (step, lambda *a: None, "None (is there a return?)"),
    (step, lambda *a: backward(*a)[:3], "a tuple of 3, expected (dX, dh0, dWx, dWh, db)"),
    (step, lambda *a: 1 / 0, "stopped with ZeroDivisionError"),
    (step, lambda *a: (0, np.zeros(3), 0, 0, 0), "expected (120, 12): dh0"),
    (step, lambda dH, X, H, h0, *a: (0, h0 * np.inf, 0, 0, 0), "nan or inf"),
    (step, lambda dH, X, H, h0, *a: (0, h0, 0, 0, 0), "not what a small nudge"),
])
def test_a_function_that_fails_costs_a_sentence(f, g, words):
    widget = Unrolled(f, g)
    assert words in widget.answer["note"]
    assert alt(widget)
    widget.text, widget.radius, widget.draw = "bo", 0.0, 3
    assert widget.answer["letters"] == "bo"


def test_only_letters_are_read_and_no_letters_leave_the_text():
    widget = Unrolled(step, backward)
    widget.text = "Mary-Ann 3"
    assert widget.answer["letters"] == "maryann"
    widget.text = "42 !"
    assert "Type letters" in widget.answer["trouble"]
    assert widget.answer["letters"] == "maryann"
    widget.text = "x" * 100
    assert widget.answer["letters"] == "x" * LONGEST
    assert widget.answer["trouble"] == ""


def test_functions_that_change_what_they_get_harm_nobody():
    def greedy(x, h, Wx, Wh, b):
        new = step(x, h, Wx, Wh, b)
        for part in (x, h, Wx, Wh, b):
            part[:] = 0
        return new

    first, second = Unrolled(greedy, backward), Unrolled(step, backward)
    assert first.answer == second.answer


def test_nothing_is_printed_and_nothing_warns(capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        widget = Unrolled(step, backward)
        widget.radius = 0.0
    assert capfd.readouterr() == ("", "")
    assert "‖∂h/∂h₀‖ is 0." in widget.answer["message"]


def test_it_leaves_a_picture_with_alt_text():
    said = alt(Unrolled(step, backward))
    assert "“alexandria”" in said
    assert "radius 0.8" in said
    assert "In JupyterLab" in said


def test_an_answer_error_says_whose_it_is():
    with pytest.raises(AnswerError, match="waits for your stub"):
        reading.read(stub, Setting("a", 1.0, 1.0))


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", Unrolled._esm)
