"""The gradebook in PostgreSQL, on a real server: the same marks, and two graders at once."""

import os
import shutil
import subprocess
import sys

import pytest

from autograder.classroom.autograde import opened
from autograder.classroom.setup import set_up_class
from autograder.course import Lesson
from autograder.gradebook.book import Book
from autograder.gradebook.records import Mark, Student
from autograder.gradebook.settings import settings
from autograder.gradebook.transaction import GradebookError
from support import demo
from support.classes import RIGHT, by_looking, gradebook, hand_in
from support.demo import NAME
from support.postgres import PROGRAMS, running

pytestmark = [pytest.mark.slow, pytest.mark.skipif(
    not PROGRAMS and not os.environ.get("CI"), reason="needs PostgreSQL's server")]


@pytest.fixture(scope="module")
def server():
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return demo.course(tmp_path_factory.mktemp("made") / "course")


@pytest.fixture
def lesson(made, tmp_path, monkeypatch):
    monkeypatch.delenv("NBGRADER_DB_URL", raising=False)
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def grade(root, force=False):
    with opened(root) as room:
        return [one.unwritten for one in room.autograde(
            room.waiting(force=force), lambda found: by_looking(found, root))]


def contents(root):
    with Book(settings(root)) as book:
        return book.students(), book.lessons(), book.totals(), book.all_marks(NAME)


def test_the_same_stands_in_it_as_in_sqlite(server, lesson, tmp_path, monkeypatch):
    found = []
    table = tmp_path / "roster.csv"
    table.write_text("id,first\nann,Ann\nbob,Bob\n")
    for url in (None, server.new("same")):
        if url:
            monkeypatch.setenv("NBGRADER_DB_URL", url)
            shutil.rmtree(lesson.root / "grading" / "autograded")
        set_up_class(table, {NAME: None}, lesson.root)
        hand_in(lesson, "ann", RIGHT)
        hand_in(lesson, "zoe", {})
        assert grade(lesson.root) == [None, None]
        assert grade(lesson.root) == []
        hand_in(lesson, "zoe", RIGHT, "2030-01-03 10:00:00 UTC")
        assert grade(lesson.root) == [None]
        assert set_up_class(table, {}, lesson.root).new == ()
        found.append(contents(lesson.root))
    assert found[0] == found[1]
    assert [total.score for total in found[1][2]] == [3.0, 3.0]


def test_what_a_teacher_gave_stays(server, lesson, monkeypatch):
    monkeypatch.setenv("NBGRADER_DB_URL", server.new("given"))
    hand_in(lesson, "ann", RIGHT)
    grade(lesson.root)
    with Book(settings(lesson.root)) as book:
        book.give(NAME, {"ann": {"why": (2.5, "Well said.")}})
        assert book.written(NAME) == {"ann": {"why": Mark(2.5, 3.0, True, False, "Well said.")}}
    assert grade(lesson.root, force=True) == [None]
    mark = contents(lesson.root)[3]["ann"].exercises["why"]
    # It was given for this very answer.
    assert (mark.score, mark.by_hand, mark.waiting) == (2.5, True, False)


def test_two_graders_at_once_write_every_mark_once(server, lesson, tmp_path, monkeypatch):
    monkeypatch.setenv("NBGRADER_DB_URL", server.new("two"))
    with Book(settings(lesson.root)) as book:  # the tables only: both enter the lesson
        book.enroll([Student("s00")])
    for number in range(12):
        hand_in(lesson, f"s{number:02}", RIGHT)
    other = tmp_path / "other"
    shutil.copytree(lesson.root, other)
    graders = [subprocess.Popen([sys.executable, "-m", "autograder", "autograde"], cwd=root,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
               for root in (lesson.root, other)]
    for grader in graders:
        said, _ = grader.communicate(timeout=300)
        assert grader.returncode == 0, said
        assert said.startswith("12 of 12 graded"), said
    _, _, totals, marks = contents(lesson.root)
    assert [total.score for total in totals] == [3.0] * 12
    assert len(marks) == 12
    assert not gradebook(lesson.root).exists()


def test_a_server_that_is_gone_is_told_in_a_line(lesson, monkeypatch):
    monkeypatch.setenv("NBGRADER_DB_URL", "postgresql+psycopg://postgres@/x?host=/nowhere")
    done = subprocess.run([sys.executable, "-m", "autograder", "autograde"], cwd=lesson.root,
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("autograder: The gradebook: connection")


@pytest.mark.parametrize(("url", "why"), [
    ("nonsense", "Could not parse SQLAlchemy URL"),
    ("postgresql+nodriver://x@/y", "Can't load plugin"),
    ("postgresql+pg8000://x@/y", "No module named 'pg8000'")])
def test_an_address_of_no_use_is_told_in_a_line(lesson, monkeypatch, url, why):
    monkeypatch.setenv("NBGRADER_DB_URL", url)
    with pytest.raises(GradebookError, match=why):
        Book(settings(lesson.root))


def test_a_server_that_comes_back_is_used_again(lesson, monkeypatch):
    with running() as server:
        monkeypatch.setenv("NBGRADER_DB_URL", server.url("postgres"))
        hand_in(lesson, "ann", RIGHT)

        def stops(found, root=lesson.root):
            for one in by_looking(found, root):
                server.stop()
                yield one

        with opened(lesson.root) as room:
            [outcome] = room.autograde(room.waiting(), stops)
        assert outcome.unwritten.startswith("The gradebook: ")
        server.start()
        assert grade(lesson.root) == [None]
        assert contents(lesson.root)[2][0].score == 3.0
