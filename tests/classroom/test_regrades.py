"""Asking for another look: the form of a page comes back as a line on the teacher's list."""

import csv
import re
import shutil
import subprocess
import sys
from urllib.parse import unquote

import pytest

from autograder.classroom.regrades import take
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.feedback.publish import publish
from autograder.feedback.regrade import read
from autograder.gradebook.book import Book
from autograder.gradebook.records import Student
from autograder.gradebook.settings import make_folders, settings
from support import demo
from support.classes import RIGHT, hand_in, run, submitted
from support.demo import NAME

LINK = re.compile(r'<a href="data:text/plain;charset=utf-8,([^"]*)" download="([^"]*)">')


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    lesson = demo.course(tmp_path_factory.mktemp("class") / "course")
    make_folders(lesson.root)
    with Book(settings(lesson.root)) as book:
        book.enroll([Student("ann", "Ann", "Lee"), Student("bob")])
    hand_in(lesson, "ann", {**RIGHT, "double": "def double(x):\n    pass"},
            stamp="2030-01-01 10:00:00.25 UTC")
    hand_in(lesson, "bob", RIGHT)
    run(lesson.root)
    list(publish([NAME], lesson.root))
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def saved(lesson, student="ann"):
    """The form as a browser saves it, and its name."""
    page = lesson.root / "grading" / "feedback" / student / NAME / f"{NAME}.html"
    [(text, name)] = LINK.findall(page.read_text())
    return unquote(text), name


def filled(lesson, reason, exercise="double", student="ann"):
    text, _ = saved(lesson, student)
    line = next(line for line in text.splitlines() if line.startswith(f"[{exercise}]"))
    return text.replace(line, f"{line}\n{reason}")


def send(lesson, text, name="mail.txt"):
    path = lesson.root.parent / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_form_becomes_a_row_with_the_points_and_the_reason(lesson):
    text, name = saved(lesson)
    assert name == f"{NAME}.regrade.txt"
    assert "[double] 0 / 2 points" in text
    done = take([send(lesson, filled(lesson, "It returns None,\nI know. =1+1"))], lesson.root)
    assert (done.new, done.notices) == (1, ())
    [row] = done.open
    assert row == {"student": "ann", "name": "Ann Lee", "lesson": NAME, "exercise": "double",
                   "points": "0", "of": "2", "why": "It returns None,\nI know. =1+1",
                   "remark": "", "done": ""}


def test_a_request_is_listed_once_and_closed_by_a_word(lesson):
    file = send(lesson, filled(lesson, "=Why?"))
    for new in (1, 0):
        assert take([file], lesson.root).new == new
    path = lesson.root / "grading" / "regrades.csv"
    with path.open(newline="") as table:
        rows = list(csv.reader(table))
    assert rows[1][6] == "'=Why?"
    rows[1][-1] = "2 points, sorry"
    with path.open("w", newline="") as table:
        csv.writer(table, delimiter=";").writerows(rows)
    done = take([file, send(lesson, filled(lesson, "And this.", "half"), "b.txt")], lesson.root)
    assert [(row["exercise"], row["why"]) for row in done.open] == [("half", "And this.")]
    assert "2 points, sorry" in path.read_text()


def test_a_form_that_came_with_a_submission_is_found_and_another_submission_told(lesson):
    (submitted(lesson.root, "bob") / f"{NAME}.regrade.txt").write_text(
        filled(lesson, "Look.", student="bob"))
    hand_in(lesson, "ann", RIGHT, "2030-01-02 10:00:00 UTC")
    done = take([send(lesson, filled(lesson, "Why?"))], lesson.root)
    assert {row["student"]: row["remark"] for row in done.open} == {
        "bob": "", "ann": "has handed in again since, or it was another submission"}


@pytest.mark.parametrize(("change", "why"), [
    (lambda text: "Dear teacher,\nplease!", "It is no request"),
    (lambda text: "", "It is no request"),
    (lambda text: text.replace("Why?", ""), "There is no reason below any exercise"),
    (lambda text: text.replace("student: ann", "student: eve"), "There is no student 'eve'"),
    (lambda text: text.replace(NAME, "09_none"), "There is no lesson '09_none'"),
    (lambda text: text.replace("[double]", "[triple]"), f"{NAME} has no exercise triple"),
])
def test_what_can_not_be_used_is_told_in_a_line_and_the_rest_is_listed(lesson, change, why):
    text = filled(lesson, "Why?")
    done = take([send(lesson, change(text)), send(lesson, text, "good.txt")], lesson.root)
    [line] = done.notices
    assert why in line
    assert "\n" not in line
    assert len(done.open) == 1


def test_a_long_reason_is_cut_and_windows_lines_are_lines(lesson):
    text = filled(lesson, "x" * 10_000)
    assert len(read(text.replace("\n", "\r\n")).reasons["double"]) == 4000
    with pytest.raises(UserError, match="no request"):
        read("\0")


def test_the_command_lists_what_is_open(lesson):
    file = send(lesson, filled(lesson, "Why?"))
    done = subprocess.run([sys.executable, "-m", "autograder", "regrade", str(file)],
                          cwd=lesson.root, capture_output=True, text=True, timeout=120,
                          check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first, last = done.stdout.splitlines()
    assert first == f"ann (Ann Lee), {NAME}, double: 0 of 2 points. Why?"
    assert last.startswith("1 new, 1 open. Write into the column done of ")
