"""A class begins with a roster and deadlines; a second time updates it and loses nothing."""

import shutil
import subprocess
import sys
from datetime import datetime

import pytest

from autograder.classroom.setup import set_up_class
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.gradebook.book import Book
from autograder.gradebook.settings import settings
from support import demo
from support.classes import RIGHT, dump, gradebook, hand_in, run
from support.demo import NAME

NOON = datetime(2030, 1, 31, 12)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return demo.course(tmp_path_factory.mktemp("made") / "course")


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,first\nann,Ann\nbob,Bob\n")
    return path


def test_a_class_begins_with_places_students_lessons_and_deadlines(lesson, table):
    done = set_up_class(table, {NAME: NOON}, lesson.root)
    assert (done.new, done.changed, done.others, done.notices) == (("ann", "bob"), (), (), ())
    assert {path.name for path in (lesson.root / "grading").iterdir() if path.is_dir()} >= {
        "submitted", "autograded", "feedback", "exchange"}
    with Book(settings(lesson.root)) as book:
        assert book.lessons() == {NAME: (6.0, NOON)}
    assert run(lesson.root) == []


def test_a_second_time_updates_and_takes_nobody_out(lesson, table):
    set_up_class(table, {NAME: NOON}, lesson.root)
    hand_in(lesson, "bob", RIGHT)
    run(lesson.root)
    before = dump(lesson.root)
    table.write_text("id,first\nann,Anne\ncem,Cem\ncem,Cem\n")
    done = set_up_class(table, {}, lesson.root)
    assert (done.total, done.new, done.changed) == (2, ("cem",), ("ann",))
    assert done.others == ("bob (Bob)",)
    assert done.notices == ("Row 4 was left out: the id 'cem' is already in row 3.",)
    after = dump(lesson.root)
    assert [row["first_name"] for row in after["student"]] == ["Anne", "Bob", "Cem"]
    for name in before.keys() - {"student"}:
        assert after[name] == before[name]


def test_without_a_roster_only_deadlines_change(lesson, table):
    set_up_class(table, {NAME: NOON}, lesson.root)
    done = set_up_class(None, {NAME: None}, lesson.root)
    assert done.others == ()
    with Book(settings(lesson.root)) as book:
        assert book.lessons() == {NAME: (6.0, None)}
        assert len(book.students()) == 2


@pytest.mark.parametrize(("text", "due", "why"), [
    ("name\nAnn\n", {}, "None of its columns is called id"),
    (None, {}, "No such file"),
    ("id\nann\n", {"02_none": NOON}, "There is no lesson 02_none; there are: 01_demo"),
])
def test_what_is_of_no_use_changes_nothing(lesson, table, text, due, why):
    table.unlink() if text is None else table.write_text(text)
    with pytest.raises(UserError, match=why):
        set_up_class(table, due, lesson.root)
    assert not gradebook(lesson.root).exists()


def test_a_lesson_that_can_not_be_entered_is_told(lesson, table):
    set_up_class(table, {}, lesson.root)
    hand_in(lesson, "ann", RIGHT)
    run(lesson.root)
    lesson.solution.write_text(lesson.solution.read_text().replace("half", "third"))
    done = set_up_class(table, {NAME: NOON}, lesson.root)
    [line] = done.notices
    assert line.startswith("01_demo has lost half, which submissions have marks for")
    with Book(settings(lesson.root)) as book:
        assert book.lessons()[NAME][1] == NOON


def init(lesson, *arguments):
    return subprocess.run([sys.executable, "-m", "autograder", "class", "init", *arguments],
                          cwd=lesson.root, capture_output=True, text=True, timeout=120,
                          check=False)


def test_the_command_says_what_it_did(lesson, table):
    done = init(lesson, "--roster", str(table), "--due", f"{NAME}=2030-01-31T23:59+01:00")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["2 students are new, 0 changed, 0 unchanged.",
                                        "01_demo is due 2030-01-31 22:59 UTC."]


@pytest.mark.parametrize(("due", "why"), [
    ("2030-01-31T23:59", "in which time zone"), ("tomorrow", "is not like"), ("", "is not like")])
def test_a_deadline_that_is_none_is_told_in_a_line(lesson, due, why):
    done = init(lesson, "--due", f"{NAME}={due}")
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert why in line
