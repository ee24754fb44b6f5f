"""One student is deleted: no byte of theirs is left in the class folder, and nobody else loses."""

import json
import shutil
import subprocess
import sys

import pytest

from autograder.classroom.regrades import take
from autograder.classroom.remove import look, remove
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.feedback.publish import publish
from autograder.feedback.written import write as write_sheet
from autograder.gradebook.book import Book
from autograder.gradebook.exchange import transfer
from autograder.gradebook.records import Student
from autograder.gradebook.settings import make_folders, settings
from autograder.reports.write import write as write_report
from support import demo
from support.classes import RIGHT, dump, hand_in, run
from support.demo import NAME

WORD, NAMES = "pomegranate", ("zoe17", "Zoedina", "Quibbleton")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class in which there is something of zoe17 everywhere."""
    lesson = demo.course(tmp_path_factory.mktemp("class") / "course")
    make_folders(lesson.root)
    with Book(settings(lesson.root)) as book:
        book.enroll([Student("ann", "Ann", "Lee"), Student("zoe17", "Zoedina", "Quibbleton")])
    transfer("ReleaseAssignment", NAME, settings(lesson.root))
    for student, why in (("ann", "Twice."), ("zoe17", WORD)):
        folder = hand_in(lesson, student, {**RIGHT, "why": why})
        (folder / f"{NAME}.regrade.txt").write_text(
            f"Request for another look\nlesson: {NAME}\nstudent: {student}\n\n[why]\nPlease.\n")
    grading = lesson.root / "grading"
    run(lesson.root)
    with Book(settings(lesson.root)) as book:
        book.give(NAME, {"zoe17": {"why": (2.0, "Quibbleton, well said.")}})
    list(publish([NAME], lesson.root))
    transfer("ReleaseFeedback", NAME, settings(lesson.root))
    write_report(root=lesson.root)
    write_sheet(NAME, root=lesson.root)
    take((), lesson.root)
    inbound = grading / "exchange" / "neural-networks" / "inbound"
    shutil.copytree(grading / "submitted" / "zoe17" / NAME,
                    inbound / f"zoe17+{NAME}+2030-01-01 10:00:00 UTC")
    for folder in ("replaced", "collected", "handed_back"):
        (grading / folder / "zoe17").mkdir(parents=True)
    (grading / "hand_back").mkdir()
    (grading / "hand_back" / f"{NAME}-moodle.zip").write_bytes(b"zoe17")
    (grading / "grades-canvas.csv").write_text("zoe17")
    (grading / "watch.log").write_text("".join(json.dumps(event) + "\n" for event in (
        {"event": "graded", "student": "zoe17"}, {"event": "graded", "student": "ann"},
        {"event": "trouble", "reason": f"zoe17, {NAME}: no."})))
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def traces(lesson):
    """Where in the class folder anything of the student's is."""
    return {path.relative_to(lesson.root / "grading").as_posix()
            for path in (lesson.root / "grading").rglob("*")
            if any(name in path.name for name in NAMES) or (path.is_file() and any(
                word.encode() in path.read_bytes() for word in (*NAMES, WORD)))}


def test_nothing_of_the_student_is_left_and_nobody_else_loses_anything(lesson):
    assert len(traces(lesson)) > 15
    before = dump(lesson.root)
    own = {path: path.read_bytes() for path in (lesson.root / "grading").rglob("*")
           if path.is_file() and "/ann/" in path.as_posix()}
    remove("zoe17", lesson.root)
    assert traces(lesson) == set()
    assert {path: path.read_bytes() for path in own} == own
    after = dump(lesson.root)
    for table, rows in before.items():
        assert after[table] == [row for row in rows if "zoe17" not in str(row)], table
    assert [row["student"] for row in take((), lesson.root).open] == ["ann"]
    pages = list((lesson.root / "grading" / "exchange").rglob("feedback/*.html"))
    assert len(pages) == 1
    with pytest.raises(UserError, match="There is no student 'zoe17'"):
        look("zoe17", lesson.root)


def test_a_killed_run_can_be_repeated(lesson, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Book, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            remove("zoe17", lesson.root)
    remove("zoe17", lesson.root)
    assert traces(lesson) == set()


@pytest.mark.parametrize("name", ["zo", "ann+01_demo", "..", "", "*"])
def test_another_name_deletes_nothing(lesson, name):
    before = traces(lesson)
    with pytest.raises(UserError, match="There is no student"):
        remove(name, lesson.root)
    assert traces(lesson) == before


def test_the_command_lists_what_goes_and_asks(lesson):
    def command(answer, *options):
        return subprocess.run([sys.executable, "-m", "autograder", "class", "remove", "zoe17",
                               *options], cwd=lesson.root, capture_output=True, text=True,
                              timeout=120, check=False, input=answer)

    done = command("no\n")
    assert done.returncode == 0
    assert "submitted/zoe17" in done.stdout
    assert done.stdout.endswith("Nothing was deleted.\n")
    assert traces(lesson)
    assert command("", "--yes").returncode == 0
    assert traces(lesson) == set()
