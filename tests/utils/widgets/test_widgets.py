import base64
import json
import re
import warnings

import numpy as np
import pytest

from utils import plots
from utils.data import Dataset, iris
from utils.widgets import PerceptronExplorer, XorFold
from utils.widgets.kit.student import AnswerError
from utils.widgets.perceptron.explorer import ASPECT
from utils.widgets.perceptron.walk import advance, bound, next_mistake, start, window
from utils.widgets.xor_fold.folding import (
    ACTIVATIONS,
    CORNERS,
    INNER,
    LOW,
    SIDE,
    XOR,
    fold,
    gap,
    network,
)

SOLVED = [45, -0.35, -135, -0.35, 45, 0.35]  # OR and NAND, joined by AND


def predict(X, w, b):
    return np.where(X @ w + b >= 0, 1.0, 0.0)


def update(w, b, x, y, lr):
    error = y - float(x @ w + b >= 0)
    return w + lr * error * x, b + lr * error


def margin(X, y, w, b):
    return float(((2 * y - 1) * (X @ w + b)).min() / np.linalg.norm(w))


def forward(X, W1, b1, W2, b2, act):
    return act(X @ W1.T + b1) @ W2.T + b2


def stub(*args):
    raise NotImplementedError


@pytest.fixture
def petals():
    return iris().only("setosa", "versicolor").take("petal length (cm)", "petal width (cm)")


@pytest.fixture
def explorer(petals):
    return PerceptronExplorer(petals, predict, update, margin)


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def wrong(widget):
    return np.frombuffer(widget.answer["wrong"], dtype="u1").astype(bool)


# ---- the walk

def test_walk_is_perceptron_fit_update_by_update():
    X = np.random.default_rng(6).normal(size=(60, 2))
    cloud = Dataset(X, (X @ [2, -1] >= 0.3).astype(int), ("p", "q"), ("a", "b"), "cloud")
    w, b, expected = np.zeros(2), 0.0, []
    for _ in range(200):
        for x, y in zip(cloud.X, cloud.y, strict=True):
            if float(x @ w + b >= 0) != y:
                w, b = update(w, b, x, y, 1.0)
                expected.append((*w, b))

    walk, got = start([0, 0, 0]), []
    while (walk := advance(walk, cloud, predict, update)) is not None:
        got.append(walk.theta)
    assert len(got) > 10
    np.testing.assert_allclose(got, expected)


@pytest.mark.parametrize(("cursor", "expected"), [(0, 1), (1, 1), (2, 3), (4, 1)])
def test_next_mistake_goes_round(cursor, expected):
    assert next_mistake(np.array([False, True, False, True, False]), cursor) == expected


def test_next_mistake_is_none_where_there_is_none():
    assert next_mistake(np.zeros(3, dtype=bool), 1) is None


def test_bound_holds_for_every_order_and_counts_the_bias_as_a_weight():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(40, 2)) + 4
    w, b = np.array([2.0, -1.0]), -4.0
    X = X[np.abs(X @ w + b) > 0.5]
    y = (X @ w + b >= 0).astype(int)
    proof = bound(X, w, b, margin(X, y, w, b))

    ones = np.c_[X, np.ones(len(X))]
    theta = np.r_[w, b]
    assert proof.radius == pytest.approx(np.linalg.norm(ones, axis=1).max())
    assert proof.gamma == pytest.approx(((2 * y - 1) * (ones @ theta)).min()
                                        / np.linalg.norm(theta))
    for _ in range(5):
        order = rng.permutation(len(X))
        data = Dataset(X[order], y[order], ("p", "q"), ("a", "b"), "cloud")
        walk = start([0, 0, 0])
        while (further := advance(walk, data, predict, update)) is not None:
            walk = further
        assert 0 < walk.updates <= proof.mistakes


def test_window_has_one_scale_on_both_axes_and_holds_all_examples(petals):
    left, right, bottom, top = window(petals.X, ASPECT)
    assert (right - left) / (top - bottom) == pytest.approx(ASPECT)
    assert left < petals.X[:, 0].min() < petals.X[:, 0].max() < right
    assert bottom < petals.X[:, 1].min() < petals.X[:, 1].max() < top


def test_window_scales_features_of_unlike_spread_apart():
    X = np.array([[0.0, 0.0], [1.0, 900.0]])
    assert window(X, ASPECT) == pytest.approx((-0.12, 1.12, -108, 1008))


# ---- PerceptronExplorer

def test_perceptron_starts_at_zero_with_the_students_mistakes(explorer, petals):
    assert explorer.theta == [0.0, 0.0, 0.0]
    np.testing.assert_array_equal(wrong(explorer), petals.y == 0)
    assert explorer.answer["readings"]["mistakes"] == ["50", "mistakes in 100 examples"]
    assert explorer.answer["note"] == ""


def test_perceptron_data_reaches_the_browser_as_little_endian_bytes(explorer, petals):
    sent = np.frombuffer(explorer.data["points"], dtype="<f4").reshape(-1, 2)
    np.testing.assert_allclose(sent, petals.X, rtol=1e-6)
    assert list(explorer.data["labels"]) == petals.y.tolist()


def test_moving_the_line_asks_the_student_again(explorer, petals):
    explorer.theta = [0, 1, -0.3]
    np.testing.assert_array_equal(wrong(explorer),
                                  (petals.X[:, 1] - 0.3 >= 0) != (petals.y == 1))
    worst = margin(petals.X, petals.y, np.array([0.0, 1.0]), -0.3)
    assert explorer.answer["readings"]["margin"][0] == f"−{-worst:.2f}"
    assert explorer.answer["band"] is None
    assert explorer.answer["readings"]["bound"][0] == "–"


def test_a_separating_line_shows_margin_and_bound(explorer, petals):
    explorer.theta = [1, 0, -2.45]
    distance = margin(petals.X, petals.y, np.array([1.0, 0.0]), -2.45)
    gamma = distance / np.sqrt(1 + 2.45 ** 2)
    largest = (petals.X ** 2).sum(axis=1).max() + 1
    assert explorer.answer["band"] == pytest.approx(distance)
    assert explorer.answer["readings"]["bound"][0] == f"≤ {int(largest / gamma ** 2)}"


def test_gamma_is_the_margin_in_the_space_of_the_examples_and_a_one(explorer, petals):
    explorer.theta = [1, 0, -2.45]
    extended = np.column_stack([petals.X, np.ones(len(petals.X))])
    v = np.array([1, 0, -2.45]) / np.linalg.norm([1, 0, -2.45])
    gamma = np.min((2 * petals.y - 1) * (extended @ v))
    assert explorer.answer["readings"]["gamma"][0] == f"{gamma:.3f}"


def test_the_smallest_bound_is_kept_and_the_one_where_the_rule_stops_is_told(explorer):
    assert explorer.answer["readings"]["best"] == ["–", "smallest bound found so far"]
    explorer.presses += 9
    assert explorer.answer["readings"]["bound"][0] == "≤ 1\N{THIN SPACE}001"
    explorer.theta = [0.93023256, 1.39534884, -3.3255814]
    assert explorer.answer["readings"]["bound"][0] == "≤ 410"
    explorer.theta = [0, 1, -0.7]
    value, caption = explorer.answer["readings"]["best"]
    assert value == "≤ 410"
    assert caption.endswith("the line where your rule stops proves ≤ 1\N{THIN SPACE}001")


def test_a_press_is_one_update_and_reset_is_the_zero_line(explorer):
    explorer.presses += 1
    assert explorer.theta == pytest.approx([-1.4, -0.2, -1.0])
    assert explorer.answer["last"] == 0
    assert explorer.answer["before"] == [0.0, 0.0, 0.0]
    assert explorer.answer["readings"]["updates"] == [
        "1", "update from zero, the last by example 0 (setosa)"]
    explorer.theta = [0, 0, 0]
    assert explorer.answer["readings"]["updates"] == ["0", "updates from zero"]


def test_presses_that_arrive_together_all_count(explorer):
    explorer.presses += 3
    assert explorer.answer["readings"]["updates"][0] == "3"


def test_at_the_end_of_the_walk_a_press_says_so(explorer):
    explorer.presses += 50
    assert explorer.answer["readings"]["updates"][0] == "4"
    assert explorer.answer["note"] == "No mistake is left: the rule has nothing more to do."
    assert explorer.theta == pytest.approx([0.5, 0.8, -2.0])


def test_a_line_set_by_hand_starts_a_new_walk(explorer):
    explorer.presses += 2
    explorer.theta = [1, 1, -9]
    assert explorer.answer["readings"]["updates"] == ["0", "updates from your line"]


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda X, w, b: X @ np.ones(3), "stopped with ValueError"),
    (lambda X, w, b: None, "None (is there a return?)"),
    (lambda X, w, b: np.zeros((len(X), 1)), r"shape (100, 1), expected (100,)"),
    (lambda X, w, b: X @ w + 0.25, "returned 0.25 as a label"),
    (lambda X, w, b: "one", "a str, expected one label"),
    (lambda X, w, b: np.full(len(X), np.nan), "nan or inf"),
    (lambda X, w, b: (0.0 for _ in X), "a generator"),
])
def test_a_predict_that_fails_costs_a_sentence(petals, broken, words):
    widget = PerceptronExplorer(petals, broken, update, margin)
    assert words in widget.answer["note"]
    assert widget.answer["readings"]["mistakes"] == ["?", "mistakes"]
    widget.presses += 1
    assert words in widget.answer["note"]
    assert "setosa and versicolor" in alt(widget)


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda w, b, x, y, lr: w, "returned a ndarray, expected the pair (w, b)"),
    (lambda w, b, x, y, lr: (w[:1], b), r"shape (1,), expected (2,)"),
    (lambda w, b, x, y, lr: (w + x, np.ones(1)), "expected b, one number"),
    (lambda w, b, x, y, lr: (w, b), "left w and b as they were"),
])
def test_an_update_that_fails_costs_a_sentence(petals, broken, words):
    widget = PerceptronExplorer(petals, predict, broken, margin)
    assert widget.answer["note"] == ""
    widget.presses += 1
    assert words in widget.answer["note"]
    assert widget.theta == [0.0, 0.0, 0.0]


def test_the_last_good_picture_stays_and_comes_back_to_life(petals):
    def moody(X, w, b):
        if b == 13:
            raise RuntimeError("unlucky")
        return predict(X, w, b)

    widget = PerceptronExplorer(petals, moody, update, margin)
    widget.theta = [1, 0, -3.5]
    before = widget.answer["wrong"]
    widget.theta = [1, 0, 13]
    assert "moody stopped with RuntimeError: unlucky" in widget.answer["note"]
    assert widget.answer["wrong"] == before
    assert not widget.answer["known"]
    widget.theta = [1, 0, -2.45]
    assert widget.answer["note"] == ""
    assert widget.answer["known"]


@pytest.mark.parametrize(("claimed", "b", "words"), [
    (-1.0, -2.45, "0 mistakes by predict"), (1.0, -1.0, "mistakes by predict")])
def test_a_margin_that_contradicts_the_mistakes_is_said(petals, claimed, b, words):
    widget = PerceptronExplorer(petals, predict, update, lambda X, y, w, b: claimed)
    widget.theta = [1, 0, b]
    assert words in widget.answer["note"]
    assert widget.answer["band"] is None
    assert widget.answer["readings"]["bound"][0] == "–"


def test_a_function_that_changes_its_arguments_harms_nobody(petals):
    def vandal(X, w, b):
        labels = predict(X, w, b)
        X[:], w[:] = 0, 0
        return labels

    untouched = petals.X.copy()
    widget = PerceptronExplorer(petals, vandal, update, margin)
    widget.theta = [1, 0, -2.45]
    widget.theta = [1, 0, -2.5]
    np.testing.assert_array_equal(petals.X, untouched)
    assert widget.answer["readings"]["mistakes"][0] == "0"


def test_prints_and_warnings_stay_out_of_the_notebook(petals, capfd, recwarn):
    def chatty(X, w, b):
        print("hello")
        np.log(np.zeros(1))
        warnings.warn("mind the gap", stacklevel=1)
        return predict(X, w, b)

    PerceptronExplorer(petals, chatty, update, margin)
    assert capfd.readouterr() == ("", "")
    assert not recwarn


def test_perceptron_refuses_what_it_cannot_show():
    with pytest.raises(ValueError, match=r"take"):
        PerceptronExplorer(iris().only("setosa", "versicolor"), predict, update, margin)
    with pytest.raises(ValueError, match=r"only"):
        PerceptronExplorer(iris().take("petal length (cm)", "petal width (cm)"),
                           predict, update, margin)


def test_perceptron_leaves_a_picture_with_alt_text(explorer):
    said = alt(explorer)
    assert "petal length (cm) and petal width (cm)" in said
    assert "after 4 updates, 0 of 100 on the wrong side" in said
    assert explorer.theta == [0.0, 0.0, 0.0]


# ---- folding

@pytest.mark.parametrize("activation", ["step", "smooth"])
def test_two_lines_and_an_activation_solve_xor(activation):
    done = fold(forward, network(SOLVED, activation), ACTIVATIONS[activation])
    assert done.right.all()
    assert done.separable


def test_one_line_for_each_input_leaves_xor_as_it_was():
    shown = fold(forward, network([0, 0, 90, 0, 45, 0.35], "step"), ACTIVATIONS["step"])
    np.testing.assert_array_equal(shown.hidden, CORNERS)
    assert not shown.separable


def test_without_an_activation_no_lines_ever_do():
    rng = np.random.default_rng(3)
    for _ in range(300):
        lines = rng.uniform([-180, -1] * 3, [180, 1] * 3)
        shown = fold(forward, network(lines, "none"), ACTIVATIONS["none"])
        assert not shown.separable
        assert not shown.right.all()


def test_separable_is_what_a_search_over_output_lines_finds():
    rng = np.random.default_rng(4)
    angles = np.radians(np.arange(0, 360, 2))
    found = {True: 0, False: 0}
    for _ in range(250):
        lines = rng.uniform([-180, -1] * 3, [180, 1] * 3)
        shown = fold(forward, network(lines, "step"), ACTIVATIONS["step"])
        along = shown.hidden @ np.stack([np.cos(angles), np.sin(angles)])
        parts = (along[XOR == 1].min(axis=0) > along[XOR == 0].max(axis=0) + 1e-9).any()
        assert shown.separable == parts
        found[shown.separable] += 1
    assert min(found.values()) > 5


@pytest.mark.parametrize(("first", "second", "expected"), [
    ([(0, 0), (1, 1)], [(0, 1), (1, 0)], 0.0),
    ([(0, 0), (0, 0)], [(3, 4), (3, 4)], 5.0),
    ([(0, 0), (2, 0)], [(1, 0), (1, 0)], 0.0),
    ([(0, 0), (2, 0)], [(1, 3), (1, 7)], 3.0),
    ([(0, 0), (1, 0)], [(2, 0), (3, 0)], 1.0),
])
def test_gap_between_segments(first, second, expected):
    one, other = (tuple(np.array(p, dtype=float) for p in s) for s in (first, second))
    assert gap(one, other) == pytest.approx(expected)
    assert gap(other, one) == pytest.approx(expected)


def test_offset_is_the_distance_from_the_middle_of_the_square():
    W1, b1, W2, b2 = network([0, 0.2, 90, -0.1, 45, 0.0], "step")
    np.testing.assert_allclose(W1, [[1, 0], [0, 1]], atol=1e-15)
    np.testing.assert_allclose(b1, [-0.7, -0.4])
    assert W2.shape == (1, 2)
    np.testing.assert_allclose(W2 @ [0.5, 0.5] + b2, 0, atol=1e-15)


# ---- XorFold

def test_xor_sends_the_students_network_as_bytes():
    widget = XorFold(forward)
    widget.lines = SOLVED
    widget.activation = "smooth"
    score = np.frombuffer(widget.answer["score"], dtype="<f4").reshape(SIDE, SIDE)
    sheet = np.frombuffer(widget.answer["sheet"], dtype="<f4").reshape(SIDE, SIDE, 2)
    W1, b1, W2, b2 = network(SOLVED, "smooth")
    low, high = INNER
    for corner, (i, j) in zip(CORNERS, [(low, low), (high, low), (low, high), (high, high)],
                              strict=True):
        hidden = ACTIVATIONS["smooth"](W1 @ corner + b1)
        np.testing.assert_allclose(sheet[i, j], hidden, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(score[i, j], (W2 @ hidden + b2)[0], rtol=1e-4, atol=1e-5)
    assert np.linspace(LOW, 1 - LOW, SIDE)[low] == pytest.approx(0)


def test_xor_verdict_and_messages():
    widget = XorFold(forward)
    assert [right for _, right in widget.answer["verdict"]] == [True, False, False, False]
    assert "Move a hidden line" in widget.answer["message"]
    widget.lines = [*SOLVED[:4], 45, -1.2]
    assert "Move the output line" in widget.answer["message"]
    widget.lines = SOLVED
    assert widget.answer["verdict"] == [["0", True], ["1", True], ["1", True], ["0", True]]
    assert widget.answer["message"].startswith("All four corners are right")
    widget.activation = "none"
    assert "parallelogram" in widget.answer["message"]


def test_xor_writes_its_numbers_out():
    widget = XorFold(forward)
    widget.lines = [90, 0, -135, -0.35, 45, 0.35]
    assert widget.answer["equations"] == [
        "h₁ = act(0.00 x₁ + 1.00 x₂ − 0.50)", "h₂ = act(−0.71 x₁ − 0.71 x₂ + 1.06)",
        "out = 0.71 h₁ + 0.71 h₂ − 1.06"]


@pytest.mark.parametrize(("broken", "words"), [
    (stub, "waits for your stub"),
    (lambda X, W1, b1, W2, b2, act: act(X @ W1 + b1) @ W2 + b2, "stopped with ValueError"),
    (lambda X, W1, b1, W2, b2, act: forward(X, W1, b1, W2, b2, act)[:, 0], "expected"),
    (lambda X, W1, b1, W2, b2, act: None, "None"),
])
def test_a_forward_that_fails_costs_a_sentence(broken, words):
    widget = XorFold(broken)
    assert words in widget.answer["note"]
    assert not widget.answer["known"]
    assert widget.answer["verdict"] == []
    assert "four corners of XOR" in alt(widget)


def test_xor_keeps_its_last_good_picture_and_recovers():
    def moody(X, W1, b1, W2, b2, act):
        if b1[0] > 0:
            raise RuntimeError("unlucky")
        return forward(X, W1, b1, W2, b2, act)

    widget = XorFold(moody)
    before = widget.answer["score"]
    widget.lines = [0, -0.9, 90, 0, 45, 0.35]
    assert "unlucky" in widget.answer["note"]
    assert widget.answer["score"] == before
    widget.lines = SOLVED
    assert widget.answer["note"] == ""
    assert widget.answer["score"] != before


def test_xor_leaves_a_picture_with_alt_text():
    widget = XorFold(forward)
    widget.lines = SOLVED
    assert "4 of 4 corners come out right" in alt(widget)


# ---- both

@pytest.mark.parametrize("kind", [PerceptronExplorer, XorFold])
def test_the_module_stands_alone_and_has_the_courses_colors(kind):
    assert not re.search(r"https?:|\bimport\b", kind._esm)
    colors = json.loads(re.search(r"^const COLORS = (.*);", kind._esm, re.M)[1])
    assert colors["classes"] == list(plots.CLASS_COLORS[:2])
    assert (colors["line"], colors["wrong"]) == (plots.LINE, plots.WRONG)


def test_trouble_shortens_a_long_message(petals):
    def long(X, w, b):
        raise ValueError("x" * 5000)

    with pytest.raises(AnswerError) as caught:
        advance(start([0, 0, 0]), petals, long, update)
    assert len(str(caught.value)) < 300
