import base64
import json
import re

import numpy as np
import pytest
from scipy.special import expit

from utils import plots
from utils.widgets import ActivationExplorer
from utils.widgets.activations.activity import (
    AXIS,
    OUTPUT_BIN,
    REACH,
    SCORE_BIN,
    activity,
    counts,
)
from utils.widgets.activations.explorer import coarse
from utils.widgets.kit.student import AnswerError


def relu(z):
    return np.maximum(z, 0.0)


def relu_grad(z):
    return np.where(z > 0, 1.0, 0.0)


def sigmoid_grad(z):
    return expit(z) * (1 - expit(z))


def leaky(z, alpha):
    return np.where(z > 0, z, alpha * z)


def leaky_grad(z, alpha):
    return np.where(z > 0, 1.0, alpha)


def stub(*args):
    raise NotImplementedError


PAIRS = {"sigmoid": (expit, sigmoid_grad), "ReLU": (relu, relu_grad), "leaky": (leaky, leaky_grad),
         "none": (np.copy, np.ones_like)}


@pytest.fixture
def layers():
    rng = np.random.default_rng(1)
    return ([rng.normal(size=(5, 3)), rng.normal(size=(4, 5))],
            [rng.normal(size=5), rng.normal(size=4)])


@pytest.fixture
def X():
    return np.random.default_rng(2).normal(size=(30, 3))


@pytest.fixture
def explorer(X, layers):
    return ActivationExplorer(PAIRS, X, *layers, alpha="leaky")


def sent(widget, name, key):
    return np.frombuffer(widget.answer["functions"][name][key], dtype="<f4")


def readings(widget, name, layer=0):
    return widget.answer["functions"][name]["layers"][layer]["readings"]


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


# ---- what is counted

def edges(counts, centered):
    """The edges of the bins of a Counts."""
    at = np.arange(len(counts.shares) + 1) + counts.first - (0.5 if centered else 0)
    return at * counts.width


@pytest.mark.parametrize(("width", "centered"), [(SCORE_BIN, False), (OUTPUT_BIN, True)])
@pytest.mark.parametrize("size", [0.3, 3.0, 30.0])
def test_every_value_is_counted_once_where_it_is_or_beyond_the_ends(width, centered, size):
    values = size * np.random.default_rng(3).normal(size=(40, 50))
    got = counts(values, width, centered)
    assert got.shares.sum() + got.below + got.above == pytest.approx(1)
    ends = edges(got, centered)
    np.testing.assert_allclose(got.shares * 2000, np.histogram(
        values, bins=np.append(ends[:-1], np.nextafter(ends[-1], -9)))[0])
    low, high = (-REACH - width / 2, REACH + width / 2) if centered else (-REACH, REACH)
    assert got.below == pytest.approx(np.mean(values < low))
    assert got.above == pytest.approx(np.mean(values >= high))


@pytest.mark.parametrize("zoom", [3, 6, 12])
def test_the_share_outside_each_window_is_exact(zoom):
    values = 8 * np.random.default_rng(5).normal(size=(40, 50))
    got = counts(values, SCORE_BIN)
    middles = (got.first + np.arange(len(got.shares)) + 0.5) * SCORE_BIN
    assert got.above + got.shares[middles > zoom].sum() == pytest.approx(np.mean(values >= zoom))
    assert got.below + got.shares[middles < -zoom].sum() == pytest.approx(np.mean(values < -zoom))


@pytest.mark.parametrize("merged", [1, 5, 25])
@pytest.mark.parametrize("end", [-1.0, 0.0, 1.0])
def test_what_has_piled_up_at_an_end_stays_in_one_bar(merged, end):
    """At a large input tanh has half of its outputs at 1, exactly or nearly so."""
    values = np.concatenate([np.full(60, end), np.full(40, end * (1 - 1e-4)),
                             np.linspace(-0.8, 0.8, 100) / 2])
    bars, shares = coarse(counts(values, OUTPUT_BIN, centered=True), merged)
    piled = np.searchsorted(bars, end) - 1
    assert (bars[piled] + bars[piled + 1]) / 2 == pytest.approx(end)
    assert 0.5 <= shares[piled] < 0.75
    assert shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("value", [0.0, 7.0, -1e6, 1e300])
def test_equal_values_can_be_counted(value):
    got = counts(np.full((3, 4), value), OUTPUT_BIN, centered=True)
    assert got.shares.sum() + got.below + got.above == pytest.approx(1)


def test_each_layer_is_counted_by_hand(X, layers):
    shown = activity(relu, relu_grad, (), X, *layers)
    A = X
    for got, W, b in zip(shown.layers, *layers, strict=True):
        Z = A @ W.T + b
        A = np.maximum(Z, 0)
        assert got.mean == pytest.approx(A.mean())
        assert got.spread == pytest.approx(A.std(axis=0).mean())
        assert got.flat == pytest.approx((Z <= 0).mean())
        assert got.dead == pytest.approx((A == 0).all(axis=0).mean())
        low, high = edges(got.scores, False)[[0, -1]]
        assert low <= Z.min() < low + SCORE_BIN
        assert high - SCORE_BIN <= Z.max() < high
    np.testing.assert_array_equal(shown.values, np.maximum(AXIS, 0))


def test_a_dead_unit_is_counted(X):
    weights, biases = [np.eye(3)], [np.array([0.0, -99.0, 0.0])]
    assert activity(relu, relu_grad, (), X, weights, biases).layers[0].dead == pytest.approx(1 / 3)


def test_outputs_without_end_are_refused(X, layers):
    with pytest.raises(AnswerError, match=r"grow beyond"):
        activity(lambda z: z ** 3, np.ones_like, (), 1000 * X, *layers)


# ---- the explorer

def test_the_browser_gets_curves_and_layers_of_every_function(explorer):
    assert explorer.picked == ["sigmoid", "ReLU", "leaky"]
    assert set(explorer.answer["functions"]) == set(PAIRS)
    np.testing.assert_allclose(sent(explorer, "sigmoid", "values"), expit(AXIS), rtol=1e-6)
    np.testing.assert_allclose(sent(explorer, "ReLU", "slopes"), relu_grad(AXIS))
    assert explorer.facts["sizes"] == [5, 4]
    layer = explorer.answer["functions"]["none"]["layers"][1]["outputs"]
    inside = np.frombuffer(layer["shares"], dtype="<f4").sum()
    assert inside + layer["below"] + layer["above"] == pytest.approx(1)


def test_alpha_asks_the_one_function_that_takes_it(explorer):
    before = {name: explorer.answer["functions"][name]["values"] for name in PAIRS}
    explorer.alpha = 0.5
    np.testing.assert_allclose(sent(explorer, "leaky", "values"), leaky(AXIS, 0.5))
    assert sent(explorer, "leaky", "slopes").min() == 0.5
    assert all(explorer.answer["functions"][name]["values"] == before[name]
               for name in PAIRS if name != "leaky")


def test_the_scale_moves_the_layers_and_not_the_curves(explorer):
    curve = explorer.answer["functions"]["sigmoid"]["values"]
    spread, flat = readings(explorer, "sigmoid")[1:3]
    explorer.scale = 30
    assert explorer.answer["functions"]["sigmoid"]["values"] == curve
    assert float(readings(explorer, "sigmoid")[1]) > float(spread)
    assert int(readings(explorer, "sigmoid")[2][:-1]) > int(flat[:-1])


def test_functions_have_the_courses_colors_in_order(explorer):
    assert [explorer.facts["colors"][name][0] for name in PAIRS] == list(plots.SERIES_COLORS[:4])


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda z: z.sum(), "expected (961,): one output for each score"),
    (lambda z: None, "None (is there a return?)"),
    (lambda z: z[z > 0], "an array of shape (480,)"),
    (lambda z: np.log(z), "nan or inf"),
    (lambda z: "one", "a str"),
    (lambda z: 1 / 0, "stopped with ZeroDivisionError"),
])
@pytest.mark.parametrize("which", [0, 1])
def test_a_function_that_fails_costs_a_sentence_and_no_other_function(X, layers, broken, words,
                                                                      which):
    pair = [relu, relu_grad]
    pair[which] = broken
    widget = ActivationExplorer({"tanh": (np.tanh, np.ones_like), "mine": tuple(pair)}, X, *layers)
    assert words.replace("output", "slope" if which else "output") in widget.answer["notes"]["mine"]
    assert "mine" not in widget.answer["functions"]
    assert "tanh" in widget.answer["functions"]
    assert "Activation functions: tanh." in alt(widget)


def test_a_blank_lesson_shows_an_explorer_all_the_same(X, layers):
    widget = ActivationExplorer({"mine": (stub, stub)}, X, *layers)
    assert "none can be computed yet" in alt(widget)


def test_the_last_good_picture_stays_and_comes_back_to_life(X, layers):
    def moody(z, alpha):
        if alpha == 1.13:
            raise RuntimeError("unlucky")
        return leaky(z, alpha)

    widget = ActivationExplorer({"moody": (moody, leaky_grad)}, X, *layers, alpha="moody")
    before = widget.answer["functions"]["moody"]["values"]
    widget.alpha = 1.13
    assert "unlucky" in widget.answer["notes"]["moody"]
    assert widget.answer["functions"]["moody"]["values"] == before
    widget.alpha = 0.5
    assert widget.answer["notes"] == {}
    assert widget.answer["functions"]["moody"]["values"] != before


def test_a_function_that_works_in_place_harms_nobody(X, layers):
    def vandal(z):
        z[z < 0] = 0
        return z

    untouched = X.copy()
    widget = ActivationExplorer({"vandal": (vandal, relu_grad), "ReLU": (relu, relu_grad)},
                                X, *layers)
    np.testing.assert_array_equal(X, untouched)
    assert widget.answer["functions"]["vandal"] == widget.answer["functions"]["ReLU"]


def test_a_result_that_overflows_float32_never_reaches_the_browser(explorer):
    explorer.scale = 1e30
    assert "smaller input scale" in explorer.answer["notes"]["none"]
    assert float(readings(explorer, "none")[0]) < 1e9


# ---- other weights

@pytest.fixture
def switched(X, layers):
    """An explorer with two more networks, and the functions for which each was made."""
    asked = []

    def zeros(act, slope):
        asked.append(act)
        assert act(0.5) is not None
        return [0 * W for W in layers[0]], [b - b - 1 for b in layers[1]]

    def misshapen(act, slope):
        return layers[0][:1], layers[1]

    explorer = ActivationExplorer(PAIRS, X, *layers, alpha="leaky",
                                  networks={"zeros": zeros, "odd": misshapen})
    return explorer, asked


def test_other_weights_are_made_for_ticked_functions_only_and_once(switched):
    explorer, asked = switched
    before = readings(explorer, "ReLU")
    assert asked == []
    explorer.picked = ["ReLU"]
    explorer.network = "zeros"
    assert asked == [relu]
    assert readings(explorer, "ReLU") == ["0.00", "0.00", "100%", "100%"]
    assert set(explorer.answer["functions"]) == {"ReLU"}
    explorer.picked = ["ReLU", "sigmoid"]
    assert asked == [relu, expit]
    assert readings(explorer, "sigmoid")[1] == "0.00"
    explorer.scale = 2.0
    explorer.network = "random"
    explorer.scale = 1.0
    assert asked == [relu, expit]
    assert readings(explorer, "ReLU") == before
    assert set(explorer.answer["functions"]) == set(PAIRS)


def test_layers_that_do_not_fit_cost_a_sentence(switched):
    explorer, _ = switched
    explorer.network = "odd"
    assert "misshapen gave no layers that fit for ReLU" in explorer.answer["notes"]["ReLU"]
    explorer.network = "random"
    assert explorer.answer["notes"] == {}


def test_an_unwritten_function_is_named_not_the_training_loop(X, layers):
    def trained(act, slope):
        raise AssertionError("there is nothing to train with")

    widget = ActivationExplorer({"mine": (stub, stub)}, X, *layers, networks={"trained": trained})
    widget.network = "trained"
    assert "waits for your stub" in widget.answer["notes"]["mine"]


@pytest.mark.parametrize(("change", "words"), [
    ({"functions": {}}, "at least one function"),
    ({"alpha": "swish"}, "'swish', which is none of 'sigmoid'"),
    ({"X": np.zeros(3)}, r"batch \(n, d\)"),
    ({"weights": [np.zeros((5, 3))]}, "a bias for each weight matrix"),
    ({"weights": [np.zeros((5, 3)), np.zeros((5, 4))]}, "Layer 2 gets 5 inputs"),
])
def test_what_does_not_fit_is_refused(X, layers, change, words):
    arguments = {"functions": PAIRS, "X": X, "weights": layers[0], "biases": layers[1]} | change
    with pytest.raises(ValueError, match=words):
        ActivationExplorer(**arguments)


def test_it_leaves_a_picture_with_alt_text(explorer):
    explorer.picked = ["ReLU", "none"]
    said = alt(explorer)
    assert "ReLU, none" in said
    assert "over 30 examples" in said


def test_the_module_stands_alone_and_has_the_courses_colors():
    assert not re.search(r"https?:|\bimport\b", ActivationExplorer._esm)
    colors = json.loads(re.search(r"^const COLORS = (.*);", ActivationExplorer._esm, re.M)[1])
    assert colors["line"] == plots.LINE
