"""Patterns are true of the answer they are stated of, and silent on right answers and in doubt."""

import itertools
import time

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.diagnosis import explained
from autograder.grading.grade import grade
from autograder.grading.patterns import changing, patterns, slips
from autograder.grading.settings import Settings
from autograder.grading.smallest import smallest
from autograder.grading.submissions import Submission
from autograder.grading.trials import Subject, trials
from autograder.grading.variation import one_sided, unused
from support.answers import built_lessons, by_lesson, filled, functions, right_answers
from utils._diagnosis.draw import Draw
from utils._diagnosis.typed import show, show_call

LESSONS = built_lessons()


def linear(X, W, b):
    return np.asarray(X, float) @ np.asarray(W, float).T + np.asarray(b, float)


def fresh_linear(draw: Draw) -> tuple:
    n, d, out = draw.sizes("n", "in", "out")
    return draw.array(n, d), draw.array(out, d), draw.array(out)


def bent(z):
    z = np.asarray(z, float)
    return np.where(z > 0, z, 0.1 * z)


def backward(dY, W):
    dY, W = np.asarray(dY, float), np.asarray(W, float)
    return dY @ W, dY.sum(axis=0)


def fresh_backward(draw: Draw) -> tuple:
    n, d, out = draw.sizes("n", "in", "out")
    return draw.array(n, out), draw.array(out, d)


def gradients(weights, lr):
    return [lr * np.asarray(W, float) for W in weights]


def slopes(f, x, eps, up=1.0, down=1.0):
    x = np.array(x, float)
    found = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = eps
        found[index] = (f(x + up * step) - f(x - down * step)) / ((up + down) * eps)
    return found


def fresh_slopes(draw: Draw) -> tuple:
    return (draw.function("lambda x: np.sum(np.exp(x))"),
            draw.given(draw.between(-1.0, 1.0, *draw.sizes("n", "d"))), draw.between(1e-3, 1e-2))


def places(losses, patience):
    best = int(np.argmin(losses))
    return best, min(best + patience, len(losses) - 1)


def same_view(result, *arguments):
    return result


LINEAR = Subject(("X", "W", "b"), linear, fresh_linear, same_view)
BENT = Subject(("z",), bent, lambda draw: (draw.elementwise(),), same_view)
BACKWARD = Subject(("dY", "W"), backward, fresh_backward, same_view)
GRADIENTS = Subject(("weights", "lr"), gradients,
                    lambda draw: (draw.arrays(draw.shapes()), draw.between(0.1, 3.0)), same_view)
SLOPES = Subject(("f", "x", "eps"), slopes, fresh_slopes, same_view)
PLACES = Subject(("losses", "patience"), places, lambda draw: (
    draw.between(0.0, 1.0, draw.integer(1, 9)).tolist(), draw.integer(1, 3)), same_view)


def said(subject, answer, parts=()):
    return patterns(*trials(subject, answer, 60.0), parts)


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda Z: -Z, "Every entry of the result is exactly −1 times the expected one."),
    (lambda Z: Z / 2, "Every entry of the result is exactly ½ times the expected one."),
    (lambda Z: Z + 3, "Every entry of the result is off by the same number: the expected one "
                      "plus 3."),
    (lambda Z: Z ** 2, "Every entry of the result is the square of the expected one."),
    (lambda Z: Z.T, "The result has the right numbers, but transposed."),
    (lambda Z: Z.ravel(), "The result has the right numbers, but flattened to one axis."),
    (lambda Z: Z.squeeze(), "The result has the right numbers, but loses axes of length 1."),
    (lambda Z: Z[::-1], "The result has the right numbers, but with its rows in reverse order."),
    (lambda Z: Z / len(Z),
     "Every entry of the result is the expected one divided by the number of rows of `X`."),
    (lambda Z: None, "It returns None, whatever the input is."),
    (lambda Z: Z + 0.0004 * np.sin(1e5 * Z), "The result is nearly right: for numbers of ordinary "
                                             "size it is never off by more than 0.001."),
    (lambda Z: np.concatenate([Z[:1], Z[1:] * 0 + 7]),
     "In the result, the first row is right, and others are wrong."),
])
def test_what_was_done_to_the_right_result_is_said(change, sentence):
    assert sentence in said(LINEAR, lambda X, W, b: change(linear(X, W, b)))


@pytest.mark.parametrize(("subject", "answer", "sentence"), [
    (BENT, lambda z: np.maximum(np.asarray(z, float), 0) + 0.2 * np.minimum(z, 0),
     "The result is right wherever z >= 0, and wrong wherever z < 0."),
    (BENT, lambda z: bent(z) * np.where(np.abs(np.asarray(z)) > 500, np.nan, 1),
     "The result is right wherever |z| is not large, and wrong wherever |z| is large "
     "(about 1000)."),
    (BENT, lambda z: z.astype(float) * np.where(z > 0, 1, 0.1) if np.ndim(z) else bent(z),
     "It raises AttributeError when `z` is a plain list."),
    (BENT, lambda z: bent(z).astype(int) if np.asarray(z).dtype.kind == "i" else bent(z),
     "The result has the right numbers, but cut to whole ones when `z` holds ints."),
    (LINEAR, lambda X, W, b: linear(X, W, b) * (1 if np.shape(W)[0] == np.shape(W)[1] else 5),
     "The result is right only when `W` is square, or when 0 is expected everywhere."),
    (LINEAR, lambda X, W, b: linear(X, W, b) + (len(X) == 1),
     "The result is right on all inputs tried, except when `X` has one row."),
    (LINEAR, lambda X, W, b: np.asarray(X) @ np.asarray(W) + np.asarray(b),
     "It raises ValueError unless `W` is square."),
])
def test_where_it_is_right_is_said(subject, answer, sentence):
    assert sentence in said(subject, answer)


def test_the_wrong_part_is_named():
    found = said(BACKWARD, lambda dY, W: (backward(dY, W)[0], -backward(dY, W)[1]), ("dX", "db"))
    assert found == ["`dX` is right on every input tried; `db` is not.",
                     "Every entry of `db` is exactly −1 times the expected one."]
    found = said(BACKWARD, lambda dY, W: backward(dY, W)[::-1], ("dX", "db"))
    assert found == ["`dX` and `db` have changed places."]


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda parts: parts[::-1], "The result has the right parts in reverse order."),
    (lambda parts: [*parts[:-1], 2 * parts[-1] + 1],
     "In the result, the last part is wrong, and all others are right."),
    (lambda parts: [-part for part in parts],
     "Every entry of each part of the result is exactly −1 times the expected one."),
])
def test_what_is_wrong_with_a_list_is_said(change, sentence):
    assert sentence in said(GRADIENTS, lambda weights, lr: change(gradients(weights, lr)))


def test_numbers_that_have_names_are_parts_too():
    found = said(PLACES, lambda losses, patience: (
        places(losses, patience)[0], places(losses, patience)[0] + patience), ("best", "stop"))
    assert found == ["`best` is right on every input tried; `stop` is not."]


def test_how_it_is_off_where_it_is_wrong_is_said():
    """Near 0 such an answer is nearly right, which hides where it is wrong."""
    def sigmoid(z):
        return 1 / (1 + np.exp(-np.clip(np.asarray(z, float), -600, 600)))

    subject = Subject(("z",), sigmoid, lambda draw: (draw.elementwise(),), same_view)
    assert said(subject, lambda z: sigmoid(np.abs(z))) == [
        "The result is right wherever z >= 0, and wrong wherever z < 0.",
        "Where z < 0, every entry of the result is 1 minus the expected one."]


def test_what_is_right_only_for_extreme_numbers_is_not_said():
    found = said(BENT, lambda z: bent(z) + 0.1 * np.sin(z) * (np.abs(np.asarray(z)) < 500))
    assert not any("right" in sentence for sentence in found)


def test_an_argument_that_makes_no_difference_is_named():
    assert unused(LINEAR, lambda X, W, b: linear(X, W, np.zeros(len(b)))) == [
        "`b` makes no difference to the result in any of the calls tried. Is it used?"]
    assert unused(BACKWARD, lambda dY, W: (np.ones(3), 2.0)) == [
        "`dY` and `W` make no difference to the result in any of the calls tried. Are they used?"]
    assert unused(LINEAR, lambda X, W, b: np.ones(3)) == [
        "`X`, `W` and `b` make no difference to the result in any of the calls tried. "
        "Are they used?"]
    assert unused(GRADIENTS, lambda weights, lr: gradients(weights, 1.0)) == [
        "`lr` makes no difference to the result in any of the calls tried. Is it used?"]


@settings(max_examples=15, deadline=None)
@given(st.floats(-3, 3).filter(lambda c: abs(c) > 1e-3), st.sampled_from("XWb"))
def test_an_argument_that_makes_a_difference_is_not_named(factor, name):
    def answer(X, W, b):
        changed = {"X": X, "W": W, "b": b}
        changed[name] = factor * np.asarray(changed[name], float)
        return linear(**changed)

    assert unused(LINEAR, answer) == []


def test_an_argument_that_is_used_in_large_networks_only_is_not_named():
    def answer(weights, lr):
        return gradients(weights, lr if len(weights) > 2 else 1.0)

    assert unused(GRADIENTS, answer) == []


def test_an_argument_is_not_named_where_the_answer_raises():
    def answer(X, W, b):
        raise ValueError

    assert unused(LINEAR, answer) == []


@pytest.mark.parametrize(("up", "down"), [(1.0, 0.0), (0.0, 1.0), (2.0, 1.0)])
def test_a_difference_to_one_side_is_known_by_its_error(up, down):
    found = one_sided(SLOPES, lambda f, x, eps: slopes(f, x, eps, up, down))
    assert [sentence[:36] for sentence in found] == ["The error is proportional to `eps`, "]


@pytest.mark.parametrize("answer", [
    slopes,
    lambda f, x, eps: slopes(f, x, 2 * eps),  # its error falls with the square
    lambda f, x, eps: 2 * slopes(f, x, eps),
    lambda f, x, eps: slopes(f, x, eps, 1.0, 0.0).ravel()[:1]])
def test_other_errors_are_not_taken_for_a_difference_to_one_side(answer):
    assert one_sided(SLOPES, answer) == []


def test_of_a_slow_machine_the_same_is_said(monkeypatch):
    def answer(X, W, b):
        return (X @ W.T + b).astype(float)  # no lists

    lesson = next(one for one in LESSONS if one.name == "03_forward_pass")
    expected = explained(lesson, "linear_forward", answer)
    assert expected.patterns == ["It raises AttributeError when the arguments are plain lists."]
    ticks = itertools.count(step=0.04)  # seconds that a call takes there
    monkeypatch.setattr(time, "monotonic", lambda: next(ticks))
    assert explained(lesson, "linear_forward", answer).patterns == expected.patterns


def test_changed_arguments_are_named():
    def answer(X, W, b):
        result = linear(X, W, b)
        if isinstance(b, np.ndarray):
            b += 1
        return result

    assert said(LINEAR, answer) == ["It changes `b`, which belongs to the caller: work on a copy."]
    assert slips(*trials(LINEAR, answer, 60.0)) == said(LINEAR, answer)


def test_what_is_kept_from_call_to_call_is_said():
    kept = [0.0]

    def answer(X, W, b):
        kept[0] += 1
        return linear(X, W, b) + kept[0]

    def trials_of(answer):
        return [LINEAR.trial(answer, questions[0]) for questions in LINEAR.questions]

    assert changing(trials_of(answer), trials_of(answer))[0].startswith("Called again with the")
    assert changing(trials_of(linear), trials_of(linear)) == []


def test_an_overflow_hides_no_plainer_fault():
    def softplus(z):
        return float(np.mean(np.logaddexp(0.0, np.asarray(z, float))))

    def of_minus_z(z):  # wrong for all z but 0, and inf where z is about -1000
        return float(np.mean(np.log1p(np.exp(-np.asarray(z, float)))))

    subject = Subject(("z",), softplus, lambda draw: (draw.array(*draw.sizes("n")),), same_view)
    with np.errstate(all="ignore"):
        assert not any("inf" in sentence for sentence in said(subject, of_minus_z))


def test_what_is_graded_is_explained(tmp_path):
    lesson = next(lesson for lesson in LESSONS if lesson.name == "03_forward_pass")
    path = tmp_path / "03_forward_pass.ipynb"
    nbformat.write(filled(lesson, {
        "mse_loss": "def mse_loss(y_hat, y):\n    return 3 * np.mean((np.ravel(y_hat) - np.ravel(y)"
                    ") ** 2)",
        "softmax": "def softmax(Z):\n    E = np.exp(Z)\n    return E / E.sum(axis=0)"}), path)
    result, _ = grade(Submission(path, None, lesson.name))
    marks = {exercise.name: exercise for exercise in result.exercises}
    assert marks["mse_loss"].patterns == ["It is exactly 3 times the expected one."]
    assert marks["mse_loss"].smallest.got == "3.0"
    assert marks["softmax"].misconception.name == "axis_0"
    assert marks["softmax"].patterns == [
        "The result holds nan when numbers are large (about 1000)."]
    assert (marks["mlp_forward"].patterns, marks["mlp_forward"].smallest) == ([], None)


@settings(max_examples=15, deadline=None)
@given(st.floats(-4, 4).filter(lambda c: all(abs(c - x) > 0.05 for x in (
    -2, -1, -0.5, 0, 0.25, 0.5, 0.6931, 1, 1.4427, 2, 3, 4))))
def test_a_factor_that_has_no_name_is_not_guessed(factor):
    found = said(LINEAR, lambda X, W, b: factor * linear(X, W, b))
    assert not any("times" in sentence or "divided" in sentence for sentence in found)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_noise_has_no_pattern(seed):
    rng = np.random.default_rng(seed)
    assert said(LINEAR, lambda X, W, b: rng.normal(size=(len(X), len(b)))) == []


@by_lesson
def test_of_right_answers_nothing_is_said(lesson):
    for name in functions(lesson):
        for label, answer in right_answers(lesson, name).items():
            found = explained(lesson, name, answer)
            assert (found.patterns, found.smallest) == ([], None), label


def test_the_smallest_input_is_shown_in_full():
    found = smallest(LINEAR, "linear", lambda X, W, b: linear(X, W, b) - 2 * np.asarray(b), 60.0)
    assert found.call == "linear(X=[[0.0]], W=[[-1.0]], b=[1.0])"
    assert (found.expected, found.got) == ("[[1.0]]", "[[-1.0]]")
    assert smallest(LINEAR, "linear", linear, 60.0) is None


def test_the_kind_of_numbers_is_shown_where_it_is_all_that_differs():
    found = smallest(BENT, "bent", lambda z: bent(z) > 0 if np.all(np.isin(bent(z), [0, 1]))
                     else bent(z), 60.0)
    assert (found.expected, found.got) == ("[0.0] (floats)", "[False] (booleans)")


def test_a_call_is_written_as_it_is_typed():
    act = Draw(np.random.default_rng(0)).function("lambda z: a * z", a=2.0)
    assert show_call("f", ("x", "act", "rng", "y"), (
        [1, 2.5], act, np.random.default_rng(7), None)) == (
        "f(x=[1, 2.5], act=lambda z: a * z with a = 2.0, rng=np.random.default_rng(7), y=None)")
    assert show({"a": (np.float64(1e-9),), "b": {"y", "x"}}) == "{'a': (1e-09,), 'b': {'x', 'y'}}"
    assert show(object()) == "…"


def test_where_no_explanation_is_wanted_the_marks_are_the_same(tmp_path):
    lesson = next(one for one in LESSONS if one.name == "03_forward_pass")
    path = tmp_path / f"{lesson.name}.ipynb"
    nbformat.write(filled(lesson, {
        "softmax": "import numpy as np\n\ndef softmax(Z):\n    return 2 * np.asarray(Z)"}), path)
    told, silent = (
        next(one for one in grade(Submission(path), Settings(explain=explain))[0].exercises
             if one.name == "softmax") for explain in (True, False))
    assert told.smallest is not None
    assert silent.smallest is None
    assert silent.patterns == []
    assert (silent.score, silent.checks) == (told.score, told.checks)
