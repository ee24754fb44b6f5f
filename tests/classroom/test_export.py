"""Marks as tables: what nbgrader would write, and what Canvas and Moodle read."""

import csv
import io
import shutil
from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin

from autograder.classroom.export import export, table
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.gradebook.book import Book
from autograder.gradebook.records import Student, Total
from autograder.gradebook.settings import settings
from support import demo
from support.classes import RIGHT, change, gradebook, hand_in, run
from support.demo import NAME

NOON = datetime(2030, 1, 1, 12)
STUDENTS = [Student("ann", "Ann", "Lee", "ann@example.org", "7"), Student("bob"),
            Student("=cem", "=HYPERLINK(\"x\")", "+1", "@x", "-2")]
LESSONS = {"01_a": (10.0, NOON), "02_b": (20.0, None), "03_c": (5.0, None)}
TOTALS = [Total("01_a", "ann", NOON, 7.5, 1.0, False), Total("01_a", "bob", None, 1.0, 3.0, False),
          Total("02_b", "ann", None, 20.0, 0.0, True)]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course")
    with Book(settings(lesson.root)) as book:
        book.enroll([Student("ann", "Ann", "Lee", "ann@example.org"),
                     Student("zoe", last="Oz, jr")])
    for student in ("ann", "bob"):
        hand_in(lesson, student, RIGHT)
    run(lesson.root)
    change(lesson.root, "update submitted_notebook set late_submission_penalty = 1")
    change(lesson.root, "update assignment set duedate = '2030-01-01 09:00:00.000000'")
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def test_nbgraders_table_is_nbgraders(lesson, tmp_path):
    assert export(tmp_path / "ours.csv", "nbgrader", lesson.root) == 2
    with Gradebook(f"sqlite:///{gradebook(lesson.root)}", "neural-networks") as book:
        CsvExportPlugin(to=str(tmp_path / "theirs.csv")).export(book)
    ours, theirs = (rows((tmp_path / name).read_text()) for name in ("ours.csv", "theirs.csv"))
    # nbgrader writes a comma in a name as it is, which makes two cells of one.
    broken = next(row for row in theirs if "zoe" in row)
    broken[4:6] = [",".join(broken[4:6])]
    assert sorted(ours) == sorted(theirs)


def test_only_what_a_teacher_is_still_to_look_at_is_counted(lesson, tmp_path):
    change(lesson.root, "update grade set manual_score = 2, needs_manual_grade = 0 where id in "
                        "(select id from grade where needs_manual_grade limit 1)")
    assert export(tmp_path / "marks.csv", "nbgrader", lesson.root) == 1


def test_canvas_gets_a_row_of_points_and_blanks_for_what_is_missing():
    assert rows(table("canvas", STUDENTS[:2], LESSONS, TOTALS)) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_a", "02_b"],
        ["    Points Possible", "", "", "", "", "10.0", "20.0"],
        ["Lee, Ann", "7", "", "ann", "", "6.5", "20.0"],
        ["bob", "", "", "bob", "", "0.0", ""]]


def test_moodle_gets_what_it_can_map():
    assert rows(table("moodle", STUDENTS[:2], LESSONS, TOTALS)) == [
        ["Username", "First name", "Last name", "Email address", "01_a", "02_b"],
        ["ann", "Ann", "Lee", "ann@example.org", "6.5", "20.0"],
        ["bob", "", "", "", "0.0", ""]]


@pytest.mark.parametrize("shape", ["nbgrader", "canvas", "moodle"])
def test_no_cell_is_a_formula(shape):
    cells = {cell for row in rows(table(shape, STUDENTS, LESSONS, TOTALS)) for cell in row}
    assert not {cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))}
    assert "'=cem" in cells
    assert any(cell.endswith("=HYPERLINK(\"x\")") for cell in cells)


def test_a_file_is_there_whole_or_as_it_was(lesson, tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("mine")
    gradebook(lesson.root).write_text("this is no gradebook, but a text")
    with pytest.raises(UserError, match="The gradebook: file is not a database"):
        export(path, "canvas", lesson.root)
    assert path.read_text() == "mine"


def test_a_place_that_is_none_is_told(lesson, tmp_path):
    with pytest.raises(UserError, match=r"none/grades\.csv: No such file or directory\.$"):
        export(tmp_path / "none" / "grades.csv", "canvas", lesson.root)
