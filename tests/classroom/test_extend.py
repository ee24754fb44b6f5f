"""One student gets more time, before or after handing in, and nobody else does."""

import shutil
from datetime import datetime

import pytest

from autograder.classroom import remove
from autograder.classroom.extend import extend
from autograder.classroom.setup import set_up_class
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import class_rules
from autograder.gradebook.settings import settings
from support import demo
from support.classes import RIGHT, dump, hand_in, run
from support.demo import NAME

DUE = datetime(2030, 1, 31, 12)
OWN = datetime(2030, 2, 7, 12)
BETWEEN, AFTER = "2030-02-03 10:00:00 UTC", "2030-02-08 10:00:00 UTC"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class in which late work is worth nothing."""
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course")
    (lesson.root / "nbgrader_config.py").write_text(
        "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    table = lesson.root / "roster.csv"
    table.write_text("id,first\nann,Ann\nbob,Bob\nz.oe@example.org,Zoe\n")
    set_up_class(table, {NAME: DUE}, lesson.root)
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def penalties(lesson):
    with Book(settings(lesson.root)) as book:
        return {one.student: one.penalty for one in book.totals()}


def own_deadline(lesson, student):
    with Book(settings(lesson.root)) as book:
        return book.marks(NAME, student).due


def test_an_extension_before_handing_in_counts_for_that_student_only(lesson):
    [done] = extend("ann", {NAME: OWN}, lesson.root)
    assert (done.label, done.due, done.until, done.penalty) == ("ann (Ann)", DUE, OWN, None)
    for student, when in (("ann", BETWEEN), ("bob", BETWEEN)):
        hand_in(lesson, student, RIGHT, when)
    run(lesson.root)
    assert penalties(lesson) == {"ann": 0.0, "bob": 3.0}
    assert own_deadline(lesson, "ann") == OWN
    hand_in(lesson, "ann", RIGHT, AFTER)
    run(lesson.root)
    assert penalties(lesson) == {"ann": 3.0, "bob": 3.0}


def test_an_extension_after_handing_in_takes_the_penalty_away_and_can_be_taken_back(lesson):
    for student in ("ann", "bob"):
        hand_in(lesson, student, RIGHT, BETWEEN)
    run(lesson.root)
    assert penalties(lesson) == {"ann": 3.0, "bob": 3.0}
    assert [one.penalty for one in extend("ann", {NAME: OWN}, lesson.root)] == [0.0]
    assert penalties(lesson) == {"ann": 0.0, "bob": 3.0}
    assert [one.penalty for one in extend("ann", {NAME: None}, lesson.root)] == [3.0]
    assert class_rules(lesson.root).extensions == {}


def test_a_new_deadline_for_all_leaves_a_students_own(lesson):
    hand_in(lesson, "ann", RIGHT, BETWEEN)
    run(lesson.root)
    extend("ann", {NAME: OWN}, lesson.root)
    set_up_class(None, {NAME: datetime(2030, 1, 1)}, lesson.root)
    assert own_deadline(lesson, "ann") == OWN
    set_up_class(None, {NAME: datetime(2030, 3, 1)}, lesson.root)
    assert own_deadline(lesson, "ann") == datetime(2030, 3, 1)


def test_the_classs_file_keeps_what_else_is_in_it_and_forgets_a_student_who_leaves(lesson):
    path = lesson.root / "grading" / "class.toml"
    before = path.read_text()
    extend("z.oe@example.org", {NAME: OWN}, lesson.root)
    text = path.read_text()
    assert '[extensions."z.oe@example.org"]\n01_demo = "2030-02-07T12:00Z"\n' in text
    extend("z.oe@example.org", {NAME: OWN.replace(day=8)}, lesson.root)
    assert path.read_text() == text.replace("02-07T", "02-08T")
    extend("ann", {NAME: OWN}, lesson.root)
    remove.remove("z.oe@example.org", lesson.root)
    assert class_rules(lesson.root).extensions == {"ann": {NAME: OWN}}
    extend("ann", {NAME: None}, lesson.root)
    assert path.read_text() == before


def test_what_is_written_another_way_is_left_to_the_teacher(lesson):
    path = lesson.root / "grading" / "class.toml"
    path.write_text(f'[extensions]\nann = {{{NAME} = "2030-02-07T12:00Z"}}\n')
    assert class_rules(lesson.root).extensions == {"ann": {NAME: OWN}}
    with pytest.raises(UserError, match=r"class\.toml: The times can't be written here"):
        extend("ann", {NAME: OWN.replace(day=8)}, lesson.root)


@pytest.mark.parametrize(("student", "until", "why"), [
    ("eve", {NAME: OWN}, "The gradebook has no student 'eve'."),
    ("ann", {"02_none": OWN}, "There is no lesson 02_none; there are: 01_demo"),
    ("ann", {NAME: DUE}, "01_demo is due 2030-01-31 12:00 UTC, and an extension ends later."),
])
def test_what_is_of_no_use_changes_nothing(lesson, student, until, why):
    hand_in(lesson, "ann", RIGHT, BETWEEN)
    run(lesson.root)
    before = dump(lesson.root), (lesson.root / "grading" / "class.toml").read_text()
    with pytest.raises(UserError) as error:
        extend(student, until, lesson.root)
    assert str(error.value).startswith(why)
    assert (dump(lesson.root), (lesson.root / "grading" / "class.toml").read_text()) == before


def test_where_nothing_is_due_nothing_is_extended(lesson):
    set_up_class(None, {NAME: None}, lesson.root)
    with pytest.raises(UserError, match="01_demo has no deadline that could be extended"):
        extend("ann", {NAME: OWN}, lesson.root)
