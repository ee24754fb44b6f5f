import base64
import itertools
import re

import numpy as np
import pytest

from utils._figures.computation_graph import CHAIN
from utils.widgets import GradientGraph
from utils.widgets.gradient_graph.explorer import LEAVES, START, judge, loss
from utils.widgets.gradient_graph.walkthrough import BUGS, SKIP, walkthrough

FLAGGED = {  # what gets its gradient through the bug
    "square": "xwbvy", "sign": "y", "arrived": "xwb", "tanh": "xwb", "swapped": "xw",
    "overwritten": "x"}


def numerical(f, x, eps=1e-5):
    return np.array([(f(x + eps * unit) - f(x - eps * unit)) / (2 * eps)
                     for unit in np.eye(len(x))])


def check(a, n):
    return float(np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))))


def stub(*args):
    raise NotImplementedError


def flagged(widget):
    return {name for name, verdict in zip(LEAVES, widget.answer["verdicts"], strict=True)
            if verdict == "wrong"}


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


# ---- the graph

def test_forward_is_the_formula():
    rng = np.random.default_rng(1)
    for x, w, b, v, y in rng.normal(size=(20, 5)):
        values = SKIP.forward({"x": x, "w": w, "b": b, "v": v, "y": y})
        assert values["L"] == pytest.approx((v * np.tanh(w * x + b) + x - y) ** 2)
        values = CHAIN.forward({"x": x, "w": w, "b": b, "y": y})
        assert values["L"] == pytest.approx((np.tanh(w * x + b) - y) ** 2)


@pytest.mark.parametrize("graph", [CHAIN, SKIP])
def test_backward_is_the_slope_by_complex_step(graph):
    rng = np.random.default_rng(2)
    for _ in range(20):
        given = dict(zip(graph.leaves, rng.normal(size=len(graph.leaves)), strict=True))
        gradients = graph.backward(graph.forward(given))
        for name in graph.leaves:
            moved = {**given, "v": given.get("v", 1.0)}
            moved[name] += 1e-30j
            a = moved["v"] * np.tanh(moved["w"] * moved["x"] + moved["b"])
            e = a + (moved["x"] if graph is SKIP else 0) - moved["y"]
            assert gradients[name] == pytest.approx((e * e).imag / 1e-30, rel=1e-12)


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_spoils_what_its_step_hands_back_and_nothing_else(name):
    rng = np.random.default_rng(3)
    for values in rng.uniform(0.3, 1.5, size=(20, 5)):
        known = SKIP.forward(dict(zip(LEAVES, values, strict=True)))
        right, wrong = SKIP.backward(known), SKIP.backward(known, [BUGS[name]])
        spoiled = {leaf for leaf in LEAVES if not np.isclose(right[leaf], wrong[leaf])}
        assert spoiled == set(FLAGGED[name])


@pytest.mark.parametrize("bugs", [[], list(BUGS.values())])
def test_the_story_ends_with_the_gradients(bugs):
    values = SKIP.forward(dict(zip(LEAVES, START, strict=True)))
    moments = walkthrough(SKIP, values, bugs)
    assert len(moments) == 2 + 2 * len(SKIP.steps)
    assert moments[-1].gradients == SKIP.backward(values, bugs)
    assert moments[7].gradients == {}
    for before, after in itertools.pairwise(moments[8:]):
        assert set(before.gradients) <= set(after.gradients)


def test_the_story_multiplies_and_adds():
    values = SKIP.forward(dict(zip(LEAVES, START, strict=True)))
    said = [moment.sentence for moment in walkthrough(SKIP, values)]
    assert said[1] == "Forward: u = x·w = 2.000·0.500 = 1.000"
    assert said[2] == "Forward: z = u + b = 1.000 + (−0.500) = 0.500"
    assert said[9] == "Back through L = e²: de = 1.000 · 3.386 = 3.386"
    assert said[15].startswith("Back through u = x·w: dx = 3.386 + 3.995 · 0.500 = 5.384")


FAULTS = {  # the slopes that a bug spoils, as (box, input)
    "square": {("L", "e")}, "sign": {("e", "y")}, "arrived": {("a", "z")}, "tanh": {("a", "z")},
    "swapped": {("u", "x"), ("u", "w")}, "overwritten": {("p", "x")}}


def paths(box="L"):
    """Every way back from a box to an input of the graph, as the slopes that it multiplies."""
    step = next((step for step in SKIP.steps if step.name == box), None)
    if step is None:
        return [()]
    return [((box, name), *rest) for name in step.inputs for rest in paths(name)]


@pytest.mark.parametrize("name", BUGS)
def test_an_input_is_flagged_when_one_of_its_paths_uses_a_wrong_slope(name):
    """The rule that lesson 4 gives for finding a bug."""
    assert set(FLAGGED[name]) == {way[-1][1] for way in paths() if set(way) & FAULTS[name]}


# ---- the check

@pytest.mark.parametrize("name", BUGS)
def test_what_is_flagged(name):
    widget = GradientGraph(numerical, check)
    assert flagged(widget) == set()
    assert widget.answer["message"] == "The check finds nothing wrong."
    widget.bugs = [name]
    assert flagged(widget) == set(FLAGGED[name])
    assert widget.answer["note"] == ""
    widget.bugs = []
    assert flagged(widget) == set()


def test_a_bug_can_hide():
    widget = GradientGraph(numerical, check)
    widget.bugs = ["tanh"]
    widget.values = [2, 0.5, -1.0, 1.5, 1]  # z = 0
    assert flagged(widget) == set()
    widget.bugs = ["swapped"]
    widget.values = [0.5, 0.5, 0.2, 1.5, 1]  # w = x
    assert flagged(widget) == set()


def test_nothing_is_flagged_without_a_bug_wherever_the_sliders_are():
    rng = np.random.default_rng(4)
    places = [*rng.integers(-60, 61, size=(300, 5)) / 20, np.zeros(5), np.full(5, 3.0)]
    for values in places:
        values = np.asarray(values)
        known = SKIP.forward(dict(zip(LEAVES, values, strict=True)))
        right = np.array([SKIP.backward(known)[name] for name in LEAVES])
        numeric = numerical(loss, values)
        errors = [check(right[k:k + 1], numeric[k:k + 1]) for k in range(5)]
        assert "wrong" not in judge(right, numeric, errors)


def test_next_to_zero_nothing_is_said():
    assert judge(np.array([0.0, 1.0, 1.0]), np.array([1e-9, 1.0, 1.1]), [1e-1, 0.0, 5e-2]) == [
        "unclear", "ok", "wrong"]


@pytest.mark.parametrize(("f", "g", "words"), [
    (stub, check, "waits for your stub"),
    (numerical, stub, "waits for your stub"),
    (lambda f, x, eps: numerical(f, x)[:, None], check, r"shape (5, 1), expected (5,)"),
    (lambda f, x, eps: np.nan * x, check, "nan or inf"),
    (lambda f, x, eps: f(x) + "1", check, "stopped with TypeError"),
    (numerical, lambda a, n: None, "None (is there a return?)"),
    (numerical, lambda a, n: np.abs(a - n), "expected one number"),
    (lambda f, x, eps: 2 * numerical(f, x), check, "No bug is planted, yet"),
    (numerical, lambda a, n: float(np.mean(np.abs(a - n) / (np.abs(a) + np.abs(n)))),
     "of all five together"),
])
def test_a_function_that_fails_costs_a_sentence(f, g, words):
    widget = GradientGraph(f, g)
    widget.bugs = [] if "No bug" in words else ["sign"]
    assert words in widget.answer["note"]
    assert widget.answer["values"]["L"] == "2.867"
    assert "In JupyterLab" in alt(widget)


def test_it_recovers():
    def moody(f, x, eps):
        if x[0] > 2.5:
            raise RuntimeError("unlucky")
        return numerical(f, x, eps)

    widget = GradientGraph(moody, check)
    widget.values = [3, 0.5, -0.5, 1.5, 1]
    assert "moody stopped with RuntimeError: unlucky" in widget.answer["note"]
    assert widget.answer["verdicts"] == ["?"] * 5
    assert widget.answer["message"] == "There is no check yet."
    widget.values = START
    assert widget.answer["note"] == ""
    assert widget.answer["verdicts"] == ["ok"] * 5


def test_functions_that_change_what_they_get_harm_nobody():
    def vandal(a, n):
        error = check(a, n)
        a[:], n[:] = 0, 0
        return error

    def greedy(f, x, eps):
        found = numerical(f, x, eps)
        x[:] = 0
        return found

    widget = GradientGraph(greedy, vandal)
    assert widget.answer["verdicts"] == ["ok"] * 5
    assert widget.values == START


def test_it_leaves_a_picture_with_alt_text():
    widget = GradientGraph(numerical, check)
    widget.bugs = ["overwritten"]
    said = alt(widget)
    assert "dx is wrong." in said
    assert "x keeps the gradient of its last path only" in said


def test_the_module_stands_alone():
    assert not re.search(r"https?:|\bimport\b", GradientGraph._esm)
