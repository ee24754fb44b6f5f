"""Marks as tables: what nbgrader would write, and what Canvas and Moodle read."""

import csv
import io
import shutil
import subprocess
import sys
from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin

from autograder.classroom.canvas_gradebook import fill
from autograder.classroom.export import export, table
from autograder.classroom.nbgrader_table import Table
from autograder.course import ROOT, Lesson
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
    assert export(tmp_path / "ours.csv", "nbgrader", lesson.root).waiting == 2
    with Gradebook(f"sqlite:///{gradebook(lesson.root)}", "neural-networks") as book:
        CsvExportPlugin(to=str(tmp_path / "theirs.csv")).export(book)
    ours, theirs = (rows((tmp_path / name).read_text()) for name in ("ours.csv", "theirs.csv"))
    # nbgrader writes a comma in a name as it is, which makes two cells of one.
    broken = next(row for row in theirs if "zoe" in row)
    broken[4:6] = [",".join(broken[4:6])]
    assert sorted(ours) == sorted(theirs)


def test_nbgraders_own_command_rounds_as_we_do(lesson, tmp_path):
    change(lesson.root, "update grade set auto_score = 0.1 + 0.2 where auto_score = 2")
    ours = export(tmp_path / "ours.csv", "nbgrader", lesson.root).path.read_text()
    assert "0.30000000000000004" not in ours
    assert '"Oz, jr"' in ours
    config = settings(lesson.root)
    assert config.ExportApp.plugin_class == "autograder.classroom.nbgrader_table.Table"
    Table(to=str(tmp_path / "theirs.csv"), config=config).export(None)
    assert (tmp_path / "theirs.csv").read_text() == ours
    Table(to=str(tmp_path / "ann.csv"), student=["ann"], config=config).export(None)
    assert (tmp_path / "ann.csv").read_text().splitlines() == [
        line for line in ours.splitlines() if "student_id" in line or ",ann," in line]


def test_only_what_a_teacher_is_still_to_look_at_is_counted(lesson, tmp_path):
    change(lesson.root, "update grade set manual_score = 2, needs_manual_grade = 0 where id in "
                        "(select id from grade where needs_manual_grade limit 1)")
    assert export(tmp_path / "marks.csv", "nbgrader", lesson.root).waiting == 1


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


def test_a_table_goes_into_the_class_folder_and_holds_the_named_lessons(lesson):
    done = export(None, "moodle", lesson.root, [NAME])
    assert done.path == lesson.root / "grading" / "grades-moodle.csv"
    assert rows(done.path.read_text())[0][4:] == [NAME]
    assert done.blank == 1  # zoe's, who handed in nothing
    with pytest.raises(UserError, match="There is no lesson 09_none"):
        export(None, "moodle", lesson.root, ["09_none"])


CANVAS = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Essay (1)",
           "A lesson (4711)", "Homework 2 (4712)", "Current Score"],
          ["", "", "", "", "", "Manual Posting", "", "", ""],
          ["    Points Possible", "", "", "", "", "5.0", "10.0", "100.0", "(read only)"],
          ["Lee, Ann", "7", "u7", "ann", "S", "4", "1", "2", "80"],
          ["Ray, Bob", "8", "u8", "bob", "S", "", "", "3", ""],
          ["Student, Test", "9", "", "", "S", "", "", "", ""]]
TITLES = {"01_a": "A lesson", "02_b": "Another one"}
SCORES = {("01_a", "ann"): 6.5, ("02_b", "ann"): 20.0, ("01_a", "cem"): 1.0}


def test_marks_go_into_the_columns_of_canvass_own_gradebook():
    filled = fill(CANVAS, TITLES, {}, [*STUDENTS[:2], Student("cem")], SCORES,
                  {"01_a": 10.0, "02_b": 20.0})
    assert filled.rows == [[*CANVAS[0][:5], "A lesson (4711)"], ["", "", "", "", "", ""],
                           [*CANVAS[2][:5], "10.0"], [*CANVAS[3][:5], 6.5], [*CANVAS[4][:5], ""],
                           [*CANVAS[5][:5], ""]]
    assert filled.notices == (
        "02_b is left out: no assignment there is called so. --column 02_b=NUMBER says which, by "
        "the number in parentheses behind its title.",
        "Not in Canvas's gradebook, so their marks are left out: cem.")


@pytest.mark.parametrize("column", ["4712", "Homework 2", "homework 2 (4712)"])
def test_a_teacher_says_which_assignment_a_lesson_is(column):
    filled = fill(CANVAS, TITLES, {"02_b": column}, STUDENTS[:2], SCORES,
                  {"01_a": 10.0, "02_b": 20.0})
    assert [row[-1] for row in filled.rows] == ["Homework 2 (4712)", "", "100.0", 20.0, "3", ""]
    assert filled.notices == ("02_b has 20 points here and 100 in Canvas.",)


def test_what_is_no_gradebook_or_not_clear_is_told():
    with pytest.raises(UserError, match="not a gradebook that Canvas exported"):
        fill([["id", "first"]], TITLES, {}, [], {}, {})
    twice = [[*CANVAS[0], "a lesson (4713)"]]
    [line, _] = fill(twice, TITLES, {}, [], {}, {}).notices
    assert "2 assignments could be it: A lesson (4711), a lesson (4713)" in line


def test_the_command_warns_of_blanks_and_keeps_what_canvas_has(lesson, tmp_path):
    def command(*arguments):
        return subprocess.run([sys.executable, "-m", "autograder", "export", "--format", "canvas",
                               *arguments], cwd=lesson.root, capture_output=True, text=True,
                              timeout=120, check=False)

    done = command()
    assert "1 cell is blank" in done.stderr
    assert "takes a blank for a change" in done.stderr
    theirs = tmp_path / "theirs.csv"
    with theirs.open("w", newline="") as file:
        csv.writer(file).writerows([*CANVAS, ["Oz, Zoe", "3", "", "zoe", "S", "", "9", "", ""]])
    done = command("--gradebook", str(theirs))
    assert "blank" not in done.stderr
    ours = {row[3]: row[-1] for row in rows(
        (lesson.root / "grading" / "grades-canvas.csv").read_text())}
    assert ours == {"SIS Login ID": "A lesson (4711)", "": "", "ann": "2.0", "bob": "2.0",
                    "zoe": "9"}


@pytest.mark.parametrize("name", ["grading/grades-canvas.csv", "downloaded/ann/01_a.ipynb",
                                  "roster.csv", "marks.csv", "grades.csv", "submissions.zip"])
def test_git_adds_nothing_personal(tmp_path, name):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    done = subprocess.run(["git", "-C", str(tmp_path), "check-ignore", "-q", name], check=False)
    assert done.returncode == 0
