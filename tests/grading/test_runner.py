"""The engine gives the marks that the tests give when they are run beside the answer."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.course import lessons
from autograder.grading.grade import grade, missing_fence
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from support.answers import (
    HERE,
    by_lesson,
    filled,
    functions,
    marked,
    right_answers,
    typed,
    wrong_answers,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def graded(tmp_path):
    """A function that grades a notebook: its exercises by name."""
    def grade_it(notebook, lesson, settings=None):
        path = tmp_path / f"{lesson.name}.ipynb"
        nbformat.write(notebook, path)
        result, _ = grade(Submission(path), settings)
        assert result.status == "graded", result.reason
        return {exercise.name: exercise for exercise in result.exercises}
    return grade_it


def rounds(lesson, answers):
    """Each exercise's answers in turn, several exercises at a time: {exercise: label} by round."""
    by_name = {name: list(answers(lesson, name)) for name in functions(lesson)}
    for number in range(max(map(len, by_name.values()))):
        yield {name: labels[number] for name, labels in by_name.items() if number < len(labels)}


@by_lesson
def test_wrong_answers_get_the_same_marks_and_their_names(lesson, graded):
    for wrong in rounds(lesson, wrong_answers):
        student = filled(lesson, {name: typed(lesson.misconceptions, name, label)
                                  for name, label in wrong.items()})
        for name, exercise in graded(student, lesson, Settings(explain=False)).items():
            if name in wrong:
                local = marked(lesson, name, wrong_answers(lesson, name)[wrong[name]])
                assert exercise.score == float(local), f"{name}: {wrong[name]}"
                assert exercise.misconception is not None, f"{name}: {wrong[name]}"
                assert exercise.misconception.name == wrong[name]


@by_lesson
def test_right_answers_get_full_points(lesson, graded):
    module = HERE / "right_answers" / f"{lesson.name}.py"
    for right in rounds(lesson, right_answers):
        student = filled(lesson, {name: typed(module, name, label)
                                  for name, label in right.items()})
        for name, exercise in graded(student, lesson).items():
            if name in right:
                assert exercise.score == exercise.max_score, (name, right[name], exercise.checks)


@by_lesson
def test_every_way_of_grading_gives_the_same_marks(lesson, graded):
    blank = nbformat.read(lesson.release, as_version=4)
    wrong = next(rounds(lesson, wrong_answers))
    mixed = filled(lesson, {name: typed(lesson.misconceptions, name, label)
                            for name, label in list(wrong.items())[::2]})
    for student in (filled(lesson), blank, mixed):
        assert graded(student, lesson, Settings(fenced=False)) == graded(student, lesson)
    # Figures and trainings take long: one notebook, with right answers and wrong ones, has to do.
    assert graded(mixed, lesson, Settings(full=True)) == graded(mixed, lesson)


@pytest.mark.parametrize("settings", [Settings(), Settings(full=True)], ids=["lean", "full"])
def test_helpers_in_odd_cells_are_found(settings, graded):
    """A helper in a cell of the student's own, data from a cell of the lesson, a late import."""
    lesson = lessons()[0]
    student = filled(lesson, {
        "step": "def step(z):\n    return threshold(z) * (len(flowers.X) / 100)",
        "margin": "def margin(X, y, w, b):\n"
                  "    t = 2 * np.asarray(y, float) - 1\n"
                  "    return float(min(t * (np.asarray(X, float) @ w + b)) / la.norm(w))"})
    at = next(k for k, cell in enumerate(student.cells) if cell.id == "step")
    student.cells.insert(at, new_code_cell(
        "def threshold(z):\n    return np.where(z >= zero, 1., 0.)"))
    student.cells.insert(at + 2, new_code_cell("zero = 0\nflowers = data.iris().only('setosa', "
                                               "'virginica')\nfrom numpy import linalg as la"))
    found = graded(student, lesson, settings)
    assert found["margin"].score == found["margin"].max_score
    # A list has no `>=`: the checks with lists fail, the others pass.
    assert 0 < found["step"].score < found["step"].max_score
    failing = [check.message for check in found["step"].checks if not check.passed]
    assert failing
    assert all("TypeError" in message for message in failing), failing


def test_a_named_tuple_is_a_tuple_in_the_notebook_and_in_the_grader(graded):
    lesson = lessons()[0]
    answer = """from typing import NamedTuple

import numpy as np

class Updated(NamedTuple):
    w: np.ndarray
    b: float

def perceptron_update(w, b, x, y, lr):
    w, x = np.array(w, dtype=float), np.asarray(x, dtype=float)
    error = y - (1.0 if w @ x + b >= 0 else 0.0)
    return Updated(w + lr * error * x, float(b + lr * error))"""
    name, namespace = "perceptron_update", {}
    exec(answer, namespace)
    found = graded(filled(lesson, {name: answer}), lesson)[name]
    assert found.score == found.max_score == marked(lesson, name, namespace[name]), found.checks


def test_an_argument_that_was_changed_is_called_by_its_name(graded):
    lesson = lessons()[0]
    answer = ("def perceptron_update(w, b, x, y, lr):\n"
              "    error = y - (w @ x + b >= 0)\n    w += lr * error * x\n"
              "    return w, b + lr * error")
    found = graded(filled(lesson, {"perceptron_update": answer}), lesson)["perceptron_update"]
    assert any("`w` was [" in check.message for check in found.checks), found.checks


@pytest.mark.parametrize("magic", ["%%time", "%%capture", "%time 1 + 1\n!true"])
def test_magics_in_an_answers_cell_cost_nothing(magic, graded):
    lesson = lessons()[0]
    answer = "def step(z):\n    return np.where(np.asarray(z) >= 0, 1.0, 0.0)"
    found = graded(filled(lesson, {"step": f"{magic}\n{answer}"}), lesson)
    assert found["step"].score == found["step"].max_score, found["step"].checks


def test_a_function_of_pythons_that_a_cell_overwrites_is_named(graded):
    lesson = lessons()[0]
    student = filled(lesson)
    student.cells.insert(3, new_code_cell("float = 2.0"))
    found = graded(student, lesson)
    told = "A cell gives `float` a value, so it is no longer Python's: use another name there."
    failing = [one for one in found.values() if one.error == "raised"]
    assert failing
    assert all(one.patterns[0] == told for one in failing)
    assert all(one.patterns == [] for one in found.values() if one.score == one.max_score)


@pytest.mark.parametrize(("answer", "error", "says"), [
    ("def Step(z):\n    return 1.0 * (z >= 0)", "missing", "`step` is not defined."),
    ("def step(z):\n    return float(input('z?'))", "raised",
     "raised EOFError: nobody answers input() while a notebook is graded, at `return float(input"),
    ("%%timeit\nstep = 3", "missing", "`step` is not defined."),
    ("def step(z):\n    raise NotImplementedError()\n    return 1.0 * (z >= 0)", "missing",
     "`step` is not finished yet. There is code below `raise NotImplementedError()`: delete that"),
    ("def step(z):\n    z = np.asarray(z)\n    raise NotImplementedError()", "missing",
     "`step` is not finished yet. There is code above `raise NotImplementedError()`: delete that"),
])
def test_what_keeps_an_answer_from_being_called_is_told(answer, error, says, graded):
    lesson = lessons()[0]
    found = graded(filled(lesson, {"step": answer}), lesson)["step"]
    assert (found.score, found.error) == (0, error)
    assert all(says in check.message for check in found.checks), found.checks


def test_this_machine_says_what_of_the_fence_it_can_not_give():
    assert missing_fence(Settings(fenced=False)) == ["fence"]
    assert missing_fence() == [] or all(isinstance(part, str) for part in missing_fence())
