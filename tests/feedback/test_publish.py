"""Feedback to a class: a page for everybody who is graded, from our command and from nbgrader's."""

import shutil
import stat

import pytest

from autograder.authoring.build import build
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.feedback.publish import Page, publish
from autograder.gradebook.book import Book
from autograder.gradebook.settings import make_folders, settings
from support import classes, demo
from support.classes import RIGHT, change, gradebook, hand_in, run
from support.demo import NAME

SECRET = "s" * 128


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class graded and marked by hand; ann handed in through the exchange, bob did not."""
    lesson = demo.course(tmp_path_factory.mktemp("class") / "course")
    make_folders(lesson.root)
    Book(settings(lesson.root)).close()
    folder = hand_in(lesson, "ann", RIGHT, stamp="2030-01-01 10:00:00.250000 UTC")
    (folder / "submission_secret.txt").write_text(SECRET)
    hand_in(lesson, "bob", {"half": "def half(x):\n    return x / 2"}, stamp=None)
    run(lesson.root)
    change(lesson.root, "update grade set manual_score = 2.5, needs_manual_grade = 0 "
                        "where auto_score is null")
    change(lesson.root, "update comment set manual_comment = 'Well <b>said</b>.' where cell_id in "
                        "(select id from base_cell where name = 'why')")
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def place(lesson, student):
    return lesson.root / "grading" / "feedback" / student / NAME


def text(lesson, student):
    return (place(lesson, student) / f"{NAME}.html").read_text(encoding="utf-8")


def test_everybody_who_is_graded_gets_a_page_with_the_teachers_marks_and_words(lesson):
    assert list(publish(root=lesson.root)) == [Page("ann", NAME, True), Page("bob", NAME, True)]
    page = text(lesson, "ann")
    assert "<strong>5.5</strong> of 6 points" in page
    assert "Well &lt;b&gt;said&lt;/b&gt;." in page
    assert "handed in 2030-01-01 10:00:00 UTC" in page
    assert "<strong>1</strong> of 6 points" in text(lesson, "bob")


def test_everybody_gets_a_page_of_each_lesson(lesson):
    more = Lesson("02_more", lesson.root)
    shutil.copy(lesson.source, more.source)
    build(lesson.root)
    for student in ("ann", "bob"):
        hand_in(more, student, RIGHT)
    run(lesson.root)
    assert [(page.lesson, page.student) for page in publish(root=lesson.root)] == [
        (NAME, "ann"), (NAME, "bob"), (more.name, "ann"), (more.name, "bob")]


def test_what_did_not_change_is_not_written_again(lesson):
    list(publish(root=lesson.root))
    before = {path: path.stat().st_mtime_ns for path in place(lesson, "ann").iterdir()}
    assert not any(page.changed for page in publish([NAME], lesson.root))
    assert {path: path.stat().st_mtime_ns for path in place(lesson, "ann").iterdir()} == before
    change(lesson.root, "update grade set manual_score = 3 where manual_score is not null")
    assert [page.student for page in publish(root=lesson.root) if page.changed] == ["ann"]


def test_a_page_that_can_not_be_made_is_told_and_costs_nobody_else(lesson):
    broken = lesson.root / "grading" / "autograded" / "ann" / NAME / f"{NAME}.ipynb"
    broken.chmod(stat.S_IRUSR | stat.S_IWUSR)
    broken.write_text("{")
    shutil.copytree(broken.parent, lesson.root / "grading" / "autograded" / "zoe" / NAME)
    ann, bob, zoe = publish(root=lesson.root)
    assert ann.reason.startswith("The autograded notebook can't be read.")
    assert bob.reason is None
    assert zoe.reason == "The gradebook has no marks for it."


def test_a_lesson_that_is_none_is_told(lesson):
    with pytest.raises(UserError, match=f"no lesson 09_none; there are: {NAME}"):
        list(publish(["09_none"], lesson.root))


def test_a_broken_gradebook_is_told(lesson):
    gradebook(lesson.root).write_bytes(b"no database" * 100)
    with pytest.raises(UserError, match="The gradebook: "):
        list(publish(root=lesson.root))


@pytest.mark.slow
def test_nbgrader_makes_the_same_pages_and_releases_ours(lesson):
    list(publish(root=lesson.root))
    ours = {student: text(lesson, student) for student in ("ann", "bob")}
    classes.nbgrader(lesson.root, "release_feedback", NAME)
    released = lesson.root / "grading" / "exchange" / "neural-networks" / "feedback"
    assert sorted(path.read_text() for path in released.glob("*.html")) == sorted(ours.values())
    shutil.rmtree(lesson.root / "grading" / "feedback")
    classes.nbgrader(lesson.root, "generate_feedback", NAME)
    assert {student: text(lesson, student) for student in ours} == ours
