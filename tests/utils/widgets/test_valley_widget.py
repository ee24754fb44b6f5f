"""The valley explorer: the student's optimizers decide where the paths go, and may fail."""

import base64
import math
import re

import numpy as np
import pytest

from utils.widgets import Valley
from utils.widgets.kit.student import AnswerError
from utils.widgets.valley.explorer import COLORS, NAMES, message, reading
from utils.widgets.valley.walk import STEPS, Way, hessian, walk


def stable_lr(H):
    return 2 / np.linalg.eigvalsh(H)[-1]


def sgd_step(params, grads, lr):
    return [p - lr * g for p, g in zip(params, grads, strict=True)]


def momentum_step(params, grads, state, lr, beta=0.9):
    v = [beta * v + g for v, g in zip(state or [0.0], grads, strict=True)]
    return [p - lr * v for p, v in zip(params, v, strict=True)], v


def rmsprop_step(params, grads, state, lr, rho=0.99, eps=1e-8):
    s = [rho * s + (1 - rho) * g ** 2 for s, g in zip(state or [0.0], grads, strict=True)]
    return [p - lr * g / (np.sqrt(s) + eps)
            for p, g, s in zip(params, grads, s, strict=True)], s


def adam_step(params, grads, state, lr):
    t, m, v = state or (0, 0.0, 0.0)
    t, m, v = t + 1, 0.9 * m + 0.1 * grads[0], 0.999 * v + 0.001 * grads[0] ** 2
    step = m / (1 - 0.9 ** t) / (np.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
    return [params[0] - lr * step], (t, m, v)


GOOD = (stable_lr, sgd_step, momentum_step, rmsprop_step, adam_step)


def stub(*args):
    raise NotImplementedError


def alt(widget):
    data, _ = widget._repr_mimebundle_()
    image = re.search(r'<img alt="([^"]+)".* src="data:image/png;base64,([^"]+)">',
                      data["text/html"])
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    return image[1]


def path(widget, key):
    return np.frombuffer(widget.answer["paths"][key], dtype="<f4").reshape(-1, 2)


def readings(widget):
    return {key: said for key, *said in widget.answer["readings"]}


@pytest.fixture
def explorer():
    return Valley(*GOOD)


# ---- the walk

@pytest.mark.parametrize(("kappa", "degrees"), [(1, 0), (20, 0), (50, 45), (100, 90), (7, 33)])
def test_a_valley_has_its_curvatures_whatever_its_direction(kappa, degrees):
    H = hessian(kappa, degrees)
    np.testing.assert_allclose(np.linalg.eigvalsh(H), [1, kappa])
    flat = [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]
    np.testing.assert_allclose(H @ flat, flat, atol=1e-12)


def test_gradient_descent_walks_as_the_closed_form_says():
    H, start, lr = hessian(12, 30), np.array([3.0, -2.0]), 0.1
    way = walk(sgd_step, H, start, lr, has_state=False)
    shrink = np.eye(2) - lr * H
    for k in (0, 1, 5, STEPS):
        np.testing.assert_allclose(way.points[k], np.linalg.matrix_power(shrink, k) @ start,
                                   atol=1e-9)
    assert not way.diverged


def test_the_state_is_handed_on_and_the_rate_too():
    seen = []

    def counting(params, grads, state, lr):
        seen.append((state, lr))
        return params, {"t": (state or {"t": 0})["t"] + 1}

    walk(counting, hessian(2, 0), np.array([1.0, 1.0]), 0.25)
    assert [state and state["t"] for state, _ in seen] == [None, *range(1, STEPS)]
    assert {lr for _, lr in seen} == {0.25}


def test_who_changes_arguments_or_the_old_state_harms_nobody():
    def rude(params, grads, state, lr):
        result = momentum_step(params, grads, state, lr)
        result = ([p.copy() for p in result[0]], [v.copy() for v in result[1]])
        for array in (*params, *grads, *(state or [])):
            array *= 0
        return result

    H, start = hessian(9, 10), np.array([5.0, 1.0])
    np.testing.assert_array_equal(walk(rude, H, start, 0.05).points,
                                  walk(momentum_step, H, start, 0.05).points)
    np.testing.assert_array_equal(start, [5.0, 1.0])


def test_who_keeps_what_it_returned_and_changes_it_later_changes_no_path():
    kept = []

    def keeping(params, grads, state, lr):
        for array in kept:
            array *= 0
        kept[:] = [params[0] - lr * grads[0]]
        return kept, None

    H, start = hessian(9, 10), np.array([5.0, 1.0])
    np.testing.assert_array_equal(walk(keeping, H, start, 0.05).points,
                                  walk(sgd_step, H, start, 0.05, has_state=False).points)


def test_a_walk_that_diverges_is_cut_short():
    way = walk(sgd_step, hessian(20, 0), np.array([10.0, 1.0]), 0.2, has_state=False)
    assert way.diverged
    assert np.isfinite(way.points).all()
    assert reading(way) == ["diverged", "–"]
    slow = walk(sgd_step, hessian(20, 0), np.array([10.0, 3.0]), 0.101, has_state=False)
    assert len(slow.points) == STEPS + 1
    assert reading(slow) == ["diverged", "1141"]


def test_arrival_is_the_first_step_within_a_thousandth():
    points = np.array([[3.0, 4.0], [0.1, 0.0], [0.0, 0.004], [0.0, 5.0], *[[0.0, 0.0]] * STEPS])
    assert Way(points[:STEPS + 1]).arrived == 2
    assert reading(Way(points[:STEPS + 1])) == ["2 steps", "below 10⁻⁹"]
    still = Way(np.tile([1.0, 0.0], (STEPS + 1, 1)))
    assert still.arrived is None
    assert reading(still) == [f"not in {STEPS}", "1"]


def test_the_message_names_who_is_first():
    fast = Way(np.array([[1.0, 0.0], *[[0.0, 0.0]] * STEPS]))
    slow = Way(np.array([[1.0, 0.0]] * 2 + [[0.0, 0.0]] * (STEPS - 1)))
    never = Way(np.tile([1.0, 0.0], (STEPS + 1, 1)))
    assert message({"sgd": slow, "adam": fast}) == "First to arrive: Adam, after 1 step."
    assert message({"sgd": slow, "adam": slow, "rmsprop": never}) == (
        "First to arrive: gradient descent and Adam, after 2 steps.")
    assert message({"sgd": never}) == f"Nobody arrives within {STEPS} steps."
    assert message({}) == ""


# ---- what the lesson says of it

def test_the_numbers_in_the_lesson_are_the_explorers(explorer):
    def arrivals(**settings):
        for name, value in settings.items():
            setattr(explorer, name, value)
        return {key: said[0] for key, said in readings(explorer).items()}

    assert arrivals(rate=0.099)["sgd"] == "281 steps"
    assert readings(Valley(*GOOD))["sgd"][0] == "73 steps"
    assert arrivals(rate=0.188)["momentum"] == "140 steps"
    assert arrivals(rate=0.192)["momentum"] == "diverged"
    assert arrivals(kappa=50.0, rate=0.036) == {
        "sgd": "188 steps", "momentum": "110 steps", "rmsprop": "28 steps", "adam": "122 steps"}
    assert arrivals(turn=45.0) == {"sgd": "169 steps", "momentum": "125 steps",
                                   "rmsprop": "not in 300", "adam": "not in 300"}
    assert arrivals(turn=0.0, scaled_rate=0.03)["adam"] == "not in 300"
    assert arrivals(scaled_rate=3.0)["rmsprop"] == "8 steps"
    assert readings(explorer)["rmsprop"][1] == "0.006"


# ---- the explorer

def test_the_limit_is_the_students(explorer):
    assert explorer.answer["limit"] == pytest.approx(0.1)
    explorer.kappa = 80.0
    assert explorer.answer["limit"] == pytest.approx(0.025)


def test_every_control_lets_them_walk_again(explorer):
    for name, value in (("kappa", 60.0), ("turn", 30.0), ("start", [5.0, -4.0]), ("rate", 0.02),
                        ("scaled_rate", 0.1)):
        before = {key: path(explorer, key) for key in NAMES}
        setattr(explorer, name, value)
        assert any(before[key].shape != path(explorer, key).shape
                   or not np.allclose(before[key], path(explorer, key)) for key in NAMES), name
    for key in NAMES:
        np.testing.assert_allclose(path(explorer, key)[0], [5.0, -4.0])


def test_each_rate_belongs_to_two_of_them(explorer):
    before = {key: path(explorer, key) for key in NAMES}
    explorer.rate = 0.05
    changed = {key for key in NAMES if not np.array_equal(before[key], path(explorer, key))}
    assert changed == {"sgd", "momentum"}
    explorer.scaled_rate = 0.05
    assert not np.array_equal(before["adam"], path(explorer, "adam"))


def test_only_those_whose_rate_changes_walk_again_and_the_others_keep_what_they_had():
    calls = dict.fromkeys(NAMES, 0)

    def counted(key, step):
        def count(*arguments):
            calls[key] += 1
            return step(*arguments)
        return count

    explorer = Valley(stable_lr, *(counted(key, step) for key, step
                                   in zip(NAMES, (*GOOD[1:4], stub), strict=True)))
    calls.update(dict.fromkeys(NAMES, 0))
    explorer.rate = 0.05
    assert calls == {"sgd": STEPS, "momentum": STEPS, "rmsprop": 0, "adam": 0}
    assert "waits for your count" in explorer.answer["note"]
    assert set(readings(explorer)) == {"sgd", "momentum", "rmsprop"}
    explorer.scaled_rate = 0.05
    assert calls == {"sgd": STEPS, "momentum": STEPS, "rmsprop": STEPS, "adam": 1}
    explorer.turn = 10.0
    assert calls["sgd"] == 2 * STEPS


@pytest.mark.parametrize("which", range(5))
def test_one_that_is_missing_costs_a_sentence_and_not_the_others(which):
    functions = list(GOOD)
    functions[which] = stub
    explorer = Valley(*functions)
    assert "waits for your stub" in explorer.answer["note"]
    assert len(explorer.answer["paths"]) == 4 - (which > 0)
    assert (explorer.answer["limit"] is None) == (which == 0)
    assert len(alt(explorer)) > 30


@pytest.mark.parametrize(("broken", "words"), [
    (lambda *args: None, "None (is there a return?), expected the pair"),
    (lambda params, grads, state, lr: params, "expected the pair"),
    (lambda params, grads, state, lr: ([*params, *params], state), "expected the pair"),
    (lambda params, grads, state, lr: ([params[0][:1]], state), "(1,), expected (2,)"),
    (lambda params, grads, state, lr: ([params[0] * np.nan], state), "nan or inf"),
    (lambda params, grads, state, lr: (["ab"], state), "expected a parameter"),
    (lambda params, grads, state, lr: ([params[0] * 1j], state), "expected a parameter"),
    (lambda params, grads, state, lr: ([None], state), "expected a parameter"),
    (lambda params, grads, state, lr: 1 / 0, "ZeroDivisionError"),
])
def test_a_step_that_fails_is_explained(broken, words):
    explorer = Valley(stable_lr, sgd_step, momentum_step, rmsprop_step, broken)
    assert words in explorer.answer["note"]
    assert list(explorer.answer["paths"]) == ["sgd", "momentum", "rmsprop"]


@pytest.mark.parametrize(("limit", "words"), [
    (lambda H: -1.0, "above 0"), (lambda H: np.ones(2), "expected one number"),
    (lambda H: 1.0, "is that limit too large"), (lambda H: 0.01, "that limit is too small")])
def test_a_limit_that_cannot_be_is_told(limit, words):
    explorer = Valley(limit, *GOOD[1:])
    explorer.rate = 0.15 if words.startswith("is that") else 0.09
    assert words in explorer.answer["note"]


def test_a_right_limit_is_never_doubted(explorer):
    for kappa in (1.0, 20.0, 100.0):
        for turn in (0.0, 30.0):
            explorer.kappa, explorer.turn = kappa, turn
            for share in (0.5, 0.97, 1.03, 1.4):
                explorer.rate = min(3.0, share * 2 / kappa)
                assert explorer.answer["note"] == ""


def test_walk_raises_trouble():
    with pytest.raises(AnswerError, match="waits for your stub"):
        walk(stub, hessian(2, 0), np.ones(2), 0.1)


def test_it_leaves_a_picture_with_alt_text(explorer):
    said = alt(explorer)
    assert "condition number 20" in said
    assert "RMSprop: 28 steps" in said


def test_the_module_stands_alone_and_has_the_figures_colors(explorer):
    assert not re.search(r"https?:|\bimport\b", Valley._esm)
    assert explorer.facts["colors"] == COLORS
    assert list(explorer.facts["names"]) == list(NAMES)
