"""One mistake costs once: a right answer that calls an earlier, wrong one keeps its points."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.course import Lesson
from autograder.grading import grade as grading
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from support.answers import filled

pytestmark = pytest.mark.slow
LESSON = Lesson("03_forward_pass")
FIRST, CALLER = "linear_forward", "mlp_forward"
RIGHT = """\
def mlp_forward(X, weights, biases, act):
    cache, A = [], np.asarray(X, dtype=float)
    for k, (W, b) in enumerate(zip(weights, biases)):
        Z = linear_forward(A, W, b)
        cache.append((A, Z))
        A = act(Z) if k < len(weights) - 1 else Z
    return A, cache
"""
BY_HELPER = RIGHT.replace("linear_forward(", "one_layer(")
HELPER = "def one_layer(A, W, b):\n    return linear_forward(A, W, b)\n"
ACTIVATED = RIGHT.replace("else Z", "else act(Z)")  # a slip of its own
WRONG = {
    "wrong": "def linear_forward(X, W, b):\n    return np.asarray(X) @ np.asarray(W) + b\n",
    "raises": "def linear_forward(X, W, b):\n    raise ZeroDivisionError\n",
    "hangs": "def linear_forward(X, W, b):\n    while True: pass\n",
    "ends the program": "def linear_forward(X, W, b):\n    import os; os._exit(3)\n",
    "blank": "def linear_forward(X, W, b):\n    raise NotImplementedError()\n",
    "no Python": "def linear_forward(X, W, b)\n    return 1\n",
    "deleted": "pass\n"}


@pytest.fixture
def graded(tmp_path):
    """Grades a notebook of the lesson with these answers: its exercises by name."""
    def grade_it(answers, *cells, timeout=8.0):
        notebook = filled(LESSON, answers)
        for before, source in cells:
            at = next(k for k, c in enumerate(notebook.cells) if c.id == before)
            notebook.cells.insert(at, new_code_cell(source))
        path = tmp_path / f"{LESSON.name}.ipynb"
        nbformat.write(notebook, path)
        result, _ = grading.grade(Submission(path), Settings(timeout))
        return {exercise.name: exercise for exercise in result.exercises}
    return grade_it


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_right_answer_keeps_its_points_and_says_what_to_fix_first(graded, wrong):
    found = graded({FIRST: wrong, CALLER: RIGHT})
    assert found[FIRST].score < found[FIRST].max_score
    assert found[FIRST].earlier is None
    caller = found[CALLER]
    assert caller.score == caller.max_score
    assert all(check.passed for check in caller.checks)
    assert (caller.misconception, caller.error) == (None, None)
    assert caller.earlier.name == FIRST
    assert caller.earlier.text == ("This answer is right, given a correct `linear_forward`: fix "
                                   "that one first.")


def test_a_call_through_a_helper_of_ones_own_counts(graded):
    found = graded({FIRST: WRONG["wrong"], CALLER: BY_HELPER}, (CALLER, HELPER))
    assert found[CALLER].score == found[CALLER].max_score
    assert found[CALLER].earlier.name == FIRST


def test_a_name_that_another_cell_binds_stays_the_students(graded):
    found = graded({FIRST: WRONG["wrong"], CALLER: RIGHT}, (CALLER, WRONG["wrong"]))
    assert found[CALLER].score < found[CALLER].max_score
    assert found[CALLER].earlier is None


def test_a_slip_of_the_callers_own_is_named_and_what_is_right_counts(graded):
    alone = graded({CALLER: ACTIVATED})[CALLER]
    both = graded({FIRST: WRONG["wrong"], CALLER: ACTIVATED})[CALLER]
    assert 0 < both.score == alone.score < both.max_score
    assert both.misconception == alone.misconception
    assert both.misconception.name == "act_on_the_output"
    assert both.earlier.text.startswith("Part of what fails here comes from `linear_forward`")


def test_a_wrong_caller_is_not_blamed_on_an_earlier_answer(graded):
    wrong = "def mlp_forward(X, weights, biases, act):\n    linear_forward\n    return None\n"
    found = graded({FIRST: WRONG["wrong"], CALLER: wrong})
    assert found[CALLER].score == 0
    assert found[CALLER].earlier is None


def test_an_answer_that_calls_nothing_earlier_is_judged_by_itself(graded):
    own = RIGHT.replace("linear_forward(A, W, b)", "A @ np.asarray(W).T + b")
    found = graded({FIRST: WRONG["wrong"], CALLER: own})
    assert found[CALLER].score == found[CALLER].max_score
    assert found[CALLER].earlier is None


def test_a_model_answer_can_be_called_with_keywords(graded):
    keywords = RIGHT.replace("linear_forward(A, W, b)", "linear_forward(A, b=b, W=W)")
    found = graded({FIRST: WRONG["wrong"], CALLER: keywords})
    assert found[CALLER].score == found[CALLER].max_score


def test_a_model_answer_that_runs_too_long_ends_at_the_exercises_limit(tmp_path):
    lesson = Lesson("01_perceptron")
    notebook = filled(lesson, {
        "perceptron_fit": "def perceptron_fit(X, y, lr, max_epochs):\n    raise ValueError\n",
        "margin": "def margin(X, y, w, b):\n    return perceptron_fit(np.array([[0., 1], [1, 0], "
                  "[0, 0], [1, 1]]), np.array([1, 1, 0, 0]), 1.0, 10**12)\n"})
    path = tmp_path / f"{lesson.name}.ipynb"
    nbformat.write(notebook, path)
    result, _ = grading.grade(Submission(path), Settings(2.0))
    found = {exercise.name: exercise for exercise in result.exercises}
    assert found["margin"].score == 0
    assert result.score == result.max_score - sum(
        exercise.max_score for exercise in result.exercises
        if exercise.name in ("perceptron_fit", "margin") or exercise.needs_manual_grade
        or exercise.error == "missing")
