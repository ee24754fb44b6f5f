"""A class of the first edition goes on in mid-term: nothing is lost, no mark changes untold."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from autograder.classroom.autograde import opened
from autograder.course import Lesson
from autograder.feedback.publish import publish
from autograder.gradebook.book import Book
from autograder.gradebook.settings import settings
from autograder.reports.write import write
from support import demo
from support.classes import by_looking, dump
from support.demo import NAME

PACKED = Path(__file__).parents[1] / "support" / "first_edition.tar.xz"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """This edition, pulled into the folder of a class that began with the first one."""
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course")
    with tarfile.open(PACKED) as packed:
        packed.extractall(lesson.root, filter="data")
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def command(lesson, *arguments):
    done = subprocess.run([sys.executable, "-m", "autograder", *arguments], cwd=lesson.root,
                          capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, ""), arguments
    return done.stdout


def marks(lesson):
    with Book(settings(lesson.root)) as book:
        return book.all_marks(NAME)


def files(lesson, *folders):
    return {path.relative_to(lesson.root): path.read_bytes() for folder in folders
            for path in (lesson.root / folder).rglob("*") if path.is_file()}


def test_the_class_goes_on_with_every_mark_and_every_file(lesson):
    before = marks(lesson)
    assert {student: (of.exercises["why"].score, of.exercises["why"].by_hand)
            for student, of in before.items()} == {
        "ann": (2.5, True), "bob": (1.0, True), "cem": (0.0, False)}
    rows = dump(lesson.root)
    kept = files(lesson, "work", "grading/submitted", "grading/autograded")
    assert "is due" not in command(lesson, "class", "init")
    settings_file = (lesson.root / "grading" / "class.toml").read_text()
    assert f'{NAME} = "2030-01-31T23:59Z"' in settings_file
    assert command(lesson, "autograde") == "Nothing new was handed in.\n"
    assert marks(lesson) == before
    assert files(lesson, "work", "grading/submitted", "grading/autograded") == kept
    for table in ("student", "grade", "comment", "submitted_assignment", "submitted_notebook"):
        assert dump(lesson.root)[table] == rows[table]


def test_feedback_and_reports_show_what_the_first_edition_knew(lesson):
    assert [page.reason for page in publish([NAME], lesson.root)] == [None] * 3
    pages = {student: (lesson.root / "grading" / "feedback" / student / NAME / f"{NAME}.html"
                       ).read_text() for student in ("ann", "bob", "cem")}
    assert "<strong>5.5</strong> of 6 points" in pages["ann"]
    assert "Well said." in pages["ann"]
    assert "marked by your teacher" in pages["bob"]
    assert "doubles" in pages["bob"]  # from its card
    assert "This is x times x." in pages["bob"]  # the misconception
    assert "a teacher is still to read why of cem (Cem Oz)" in command(lesson, "feedback")
    assert write(root=lesson.root).notices == ()
    assert f"{NAME}.html: 3 to read, 0 blank." in command(lesson, "written", NAME)


def test_a_text_of_the_lesson_that_has_changed_is_no_cell_of_the_students(lesson):
    notebook = lesson.root / "lessons" / NAME / f"{NAME}.ipynb"
    text = notebook.read_text()
    assert "Play with it." in text
    notebook.write_text(text.replace("Play with it.", "Now play with it."))
    list(publish([NAME], lesson.root))
    page = (lesson.root / "grading" / "feedback" / "ann" / NAME / f"{NAME}.html").read_text()
    assert "A cell of yours" not in page


def test_a_mark_that_grading_again_changes_is_told(lesson):
    with opened(lesson.root) as room:  # by looking, which takes bob's answer for a right one
        told = {outcome.result.student: outcome.notices({}) for outcome in
                room.autograde(room.waiting(force=True),
                               lambda found: by_looking(found, lesson.root))}
    assert told["ann"] == told["cem"] == []
    assert told["bob"] == [f"bob, {NAME}: The same submission has another mark now: double 1 of 2 "
                           "became 2 of 2."]
    assert marks(lesson)["ann"].exercises["why"].score == 2.5
