"""The benchmarks' peer: the lessons' checks in otter-grader's format say what they say in ours."""

import sys
from types import ModuleType

import pytest

from autograder.course import find_lesson
from autograder.notebooks.cells import exercise_name, is_tests
from benchmarks import otter_peer
from benchmarks.otter_peer import NotInstalled, handed_in, install, otter_test
from support.answers import filled, notebook, texts, typed, wrong_answers

LESSON = find_lesson("01_perceptron")
CELLS = {exercise_name(cell): cell for cell in notebook(LESSON.solution).cells if is_tests(cell)}


@pytest.fixture
def checks(monkeypatch):
    """A function that gives an exercise's checks, as otter-grader would call them."""
    marked = ModuleType("otter.test_files")
    marked.test_case = lambda hidden: lambda function: function
    monkeypatch.setitem(sys.modules, "otter", ModuleType("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", marked)

    def of(exercise):
        module = {}
        exec(otter_test(CELLS[exercise]), module)
        assert (module["OK_FORMAT"], module["name"]) == (False, exercise)
        assert module["points"] == CELLS[exercise].metadata.nbgrader.points
        return module["all_checks"]

    return of


def namespace(*sources):
    """What a notebook's kernel holds after these cells."""
    found = {}
    for source in ("import numpy as np", *sources):
        exec(source, found)
    return found


@pytest.mark.parametrize("exercise", CELLS)
def test_a_right_answer_passes_and_leaves_no_name_behind(checks, exercise):
    answers = namespace(*(texts(LESSON)[name] for name in CELLS))
    before = set(answers)
    checks(exercise)(answers)
    assert set(answers) == before


def test_a_wrong_answer_fails_a_visible_or_a_hidden_check(checks):
    for label in wrong_answers(LESSON, "step"):
        answers = namespace(typed(LESSON.misconceptions, "step", label))
        with pytest.raises(AssertionError):
            checks("step")(answers)


def test_a_submission_runs_each_test_once_where_its_cell_was():
    before = filled(LESSON)
    after = handed_in(filled(LESSON))
    assert [cell.id for cell in after.cells] == [cell.id for cell in before.cells]
    for old, new in zip(before.cells, after.cells, strict=True):
        tests = new.metadata.get("otter", {}).get("tests", [])
        assert tests == ([exercise_name(old)] if is_tests(old) else [])
        assert new.source == ("" if tests else old.source)


@pytest.mark.slow
def test_what_cannot_be_installed_says_why_and_is_not_taken_for_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(otter_peer, "ENVIRONMENT", tmp_path / "otter")
    monkeypatch.setattr(otter_peer, "PYTHON", tmp_path / "otter" / "bin" / "python")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    for _ in range(2):
        with pytest.raises(NotInstalled, match="No matching distribution found for otter-grader"):
            install()
