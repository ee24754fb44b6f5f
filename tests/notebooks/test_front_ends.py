"""Right answers count in full whatever a notebook went through, and nobody is accused."""

import json

import nbformat
import pytest

from autograder.course import lessons
from autograder.grading.grade import grade
from autograder.grading.submissions import Submission
from autograder.notebooks.align import align
from autograder.notebooks.dependencies import must_run
from autograder.notebooks.parse import Unreadable, parse
from autograder.notebooks.rebuild import rebuild
from support.answers import filled, notebook, texts
from support.front_ends import FRONT_ENDS, LOST_IDS, WHOLE, nbstripout

LESSON = lessons()[0]
STUDENT = filled(LESSON)
FREE = [c.id for c in STUDENT.cells if "nbgrader" not in c.metadata and c.cell_type == "code"]


def cells_to_run(data, lesson=LESSON):
    release = notebook(lesson.release)
    rebuilt = rebuild(parse(data), release).notebook
    return must_run(rebuilt, {cell.id: cell.source for cell in release.cells})


def graded(data, folder, lesson=LESSON):
    path = folder / "a.ipynb"
    path.write_bytes(data)
    return grade(Submission(path))


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_right_answers_count_in_full_and_the_repair_is_reported(name, tmp_path):
    build, report = FRONT_ENDS[name]
    result, ran = graded(build(STUDENT), tmp_path)
    assert result.status == "graded", result.reason
    assert {exercise.name: exercise.score for exercise in result.exercises} == {
        exercise.name: 0.0 if exercise.needs_manual_grade else exercise.max_score
        for exercise in result.exercises}
    assert any(exercise.needs_manual_grade for exercise in result.exercises)
    assert result.flags == []
    assert any(line.endswith(report) for line in result.repairs) if report else (
        result.repairs == [])
    if report in WHOLE and "raw" not in name:
        assert set(result.repairs) <= WHOLE  # a sentence for the whole, not one for each cell
    nbformat.validate(ran)


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_no_figure_runs_that_did_not_run_before(name):
    """Figures that count as the student's own made grading forty times slower."""
    plain = cells_to_run(nbformat.writes(STUDENT).encode())
    assert not (cells_to_run(FRONT_ENDS[name][0](STUDENT)) - plain) & set(FREE)


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_a_lesson_without_ids_is_the_same_lesson(lesson):
    student, release = filled(lesson), notebook(lesson.release)
    raw = json.loads(nbformat.writes(student))
    with_ids = rebuild(parse(json.dumps(raw).encode()), release)
    nbstripout(raw)
    without = rebuild(parse(json.dumps(raw).encode()), release)
    assert without.notebook == with_ids.notebook
    assert [repair.for_teacher for repair in without.repairs] == [LOST_IDS]
    assert without.flags == []
    assert with_ids.repairs == []


def test_answers_without_ids_and_names_are_recognized_by_their_place(tmp_path):
    """Also what can't be read: it is marked as that, not as missing."""
    name = "perceptron_predict"
    raw = json.loads(nbformat.writes(filled(LESSON, {name: "de step(z:\n    return 5"})))
    nbstripout(raw)
    result, _ = graded(json.dumps(raw).encode(), tmp_path)
    [exercise] = [one for one in result.exercises if one.name == name]
    assert exercise.error == "raised"
    assert result.repairs == [LOST_IDS]


def test_a_changed_test_cell_is_flagged_also_without_ids():
    raw = json.loads(nbformat.writes(STUDENT))
    at = next(n for n, c in enumerate(raw["cells"]) if c["id"] == "step-tests")
    raw["cells"][at]["source"] = "".join(raw["cells"][at]["source"]) + "\nprint(5)"
    nbstripout(raw)
    found = rebuild(parse(json.dumps(raw).encode()), notebook(LESSON.release))
    assert found.flags == ["The test cell of `step` had been changed."]
    assert len(found.notebook.cells) == len(STUDENT.cells)


def test_an_edited_figure_without_an_id_takes_the_place_of_the_lessons():
    raw = json.loads(nbformat.writes(STUDENT))
    at = next(n for n, c in enumerate(raw["cells"]) if c["id"] == FREE[1])
    raw["cells"][at]["source"] = "# Mine.\n" + "".join(raw["cells"][at]["source"])
    nbstripout(raw)
    found = rebuild(parse(json.dumps(raw).encode()), notebook(LESSON.release)).notebook
    assert len(found.cells) == len(STUDENT.cells)
    assert found.cells[at].source.startswith("# Mine.\n")


def test_a_cell_that_defines_two_answers_is_not_overwritten_by_a_stub():
    found = rebuild(parse(FRONT_ENDS["two_answers_in_the_cell_of_the_first"][0](STUDENT)),
                    notebook(LESSON.release)).notebook
    assert [c.source for c in found.cells if c.id == "perceptron_predict"] == [
        "# The answer is in another cell."]


def test_the_parts_of_a_written_answer_are_one_answer():
    data = FRONT_ENDS["written_answer_retyped_in_two_cells"][0](STUDENT)
    found = rebuild(parse(data), notebook(LESSON.release)).notebook
    [answer] = [c.source for c in found.cells if c.id == "interview_perceptron"]
    assert answer.endswith("\n\nAnd more of it.")
    assert len(found.cells) == len(STUDENT.cells)


def test_an_image_in_a_written_answer_stays():
    data = FRONT_ENDS["image_in_a_written_answer"][0](STUDENT)
    found = rebuild(parse(data), notebook(LESSON.release)).notebook
    [answer] = [c for c in found.cells if c.id == "interview_perceptron"]
    assert answer.attachments == {"image.png": {"image/png": "iVBORw0KGgo="}}


@pytest.mark.parametrize("attachments", [
    5, {"a.png": 5}, {"a.svg": {"image/svg+xml": "<svg/>"}}, {"a": {"image/png": "a\"><script>"}},
    {"a\"><b": {"image/png": "iVBO"}}, {"a": {"text/html": "PGI+"}}])
def test_what_is_no_image_is_left_out(attachments):
    raw = {"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "x",
                                     "attachments": attachments}]}
    assert "attachments" not in parse(json.dumps(raw).encode()).cells[0]


def test_gits_conflict_markers_in_the_file_are_named():
    text = nbformat.writes(STUDENT).replace(
        '\n "cells"', '\n<<<<<<< HEAD\n "cells"', 1)
    with pytest.raises(Unreadable, match=r"Git's conflict markers .* the first in line 2; they"):
        parse(text.encode())


def test_gits_conflict_markers_in_an_answer_are_named(tmp_path):
    conflict = texts(LESSON)["step"].replace(
        "    return", "<<<<<<< HEAD\n    return 5\n=======\n    return", 1) + "\n>>>>>>> theirs"
    result, _ = graded(nbformat.writes(filled(LESSON, {"step": conflict})).encode(), tmp_path)
    [exercise] = [one for one in result.exercises if one.name == "step"]
    assert exercise.error == "raised"
    assert "one of Git's conflict markers" in exercise.checks[0].message
    assert result.score == sum(one.max_score for one in result.exercises
                               if one.name not in ("step", "interview_perceptron"))


def test_an_aligned_notebook_has_nothing_to_report():
    found = align(STUDENT, notebook(LESSON.release))
    assert len(found.chosen) == len(STUDENT.cells)
    assert (found.copies, found.recognized, found.repairs) == ({}, set(), [])
