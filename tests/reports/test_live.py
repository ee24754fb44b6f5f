"""The page for a lecture: counts that are right, no name, and nothing about fewer than five."""

import re
import shutil
import signal
import subprocess
import sys
from datetime import datetime

import pytest

from autograder.course import Lesson
from autograder.gradebook.class_rules import write_deadlines
from autograder.gradebook.records import Mark
from autograder.grading.result import Check, Earlier, Exercise, Misconception
from autograder.reports.live import Live
from autograder.reports.live_page import exercises, live_page
from autograder.reports.statistics import Answer, Chapter, Work
from support import demo
from support.classes import RIGHT, by_looking, hand_in, opened
from support.demo import NAME

NOON = datetime(2030, 1, 1, 12)


def works(*groups):
    """Works of a class: of each group how many, which checks they pass, and what is known."""
    made = []
    for count, passed, known in groups:
        for _ in range(count):
            checks = [Check(label, ok, label == "hidden one") for label, ok in passed.items()]
            exercise = Exercise("f", 0.0, 1.0, checks=checks, **known)
            made.append(Work(f"student-{len(made)}", "01_one",
                             (Answer(exercise, Mark(0.0, 1.0), "def f"),)))
    return made


ALL, FIRST, NONE = ({"one": one, "two": two} for one, two in [
    (True, True), (False, True), (False, False)])
SIGN = {"misconception": Misconception("wrong_sign", "Hint.")}
PATTERN = {"patterns": ["Every entry is 0."]}


def test_exercise_check_and_diagnosis_are_counted():
    [row] = exercises(works((8, ALL, {}), (1, FIRST, SIGN), (5, NONE, PATTERN), (7, NONE, SIGN),
                            (9, NONE, {"error": "missing"})))
    assert (row.name, row.answered, row.right) == ("f", 21, "8")
    assert [(check.label, check.failed, check.diagnoses) for check in row.checks] == [
        ("one", "13", [("wrong sign", 8), ("Every entry is 0.", 5)]),
        ("two", "12", [("wrong sign", 7), ("Every entry is 0.", 5)])]
    [row] = exercises(works((6, FIRST, {"earlier": Earlier("g", "Fix it.")}), (5, FIRST, {})))
    assert row.checks[0].diagnoses == [("g has to be fixed first", 6), ("not recognized", 5)]


@pytest.mark.parametrize(("right", "wrong", "said", "failed"), [
    (8, 4, "more than 7", []), (4, 8, "fewer than 5", ["more than 7"]), (5, 5, "5", ["5"]),
    (0, 9, "0", ["9"]), (9, 0, "9", [])])
def test_no_number_is_about_fewer_than_five(right, wrong, said, failed):
    [row] = exercises(works((right, ALL, {}), (wrong, FIRST, SIGN)))
    assert (row.right, [check.failed for check in row.checks]) == (said, failed)
    assert exercises(works((3, ALL, {}), (1, FIRST, SIGN))) == []


@pytest.mark.parametrize(("others", "diagnoses"), [
    (0, [("wrong sign", 9), ("Every entry is 0.", 6)]), (1, [("wrong sign", 9)]),
    (4, [("wrong sign", 9)]),
    (5, [("wrong sign", 9), ("Every entry is 0.", 6), ("not recognized", 5)])])
def test_no_difference_of_numbers_is_about_fewer_than_five(others, diagnoses):
    [row] = exercises(works((9, FIRST, SIGN), (6, FIRST, PATTERN), (others, FIRST, {})))
    assert row.checks[0].diagnoses == diagnoses


def test_the_page_has_no_name_and_opens_again_by_itself():
    html = live_page([Chapter("01_one", "One")], works((6, ALL, {}), (5, NONE, SIGN)), NOON, 5)
    assert '<meta http-equiv="refresh" content="5">' in html
    assert "6 of 11 pass everything" in html
    assert "5 × wrong sign" in html
    for name in ("student-", "def f", "Hint."):
        assert name not in html
    few = live_page([Chapter("01_one", "One")], works((4, NONE, SIGN)), NOON, 5)
    assert "wrong sign" not in few
    assert "Fewer than 5 students" in few


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    lesson = demo.course(tmp_path_factory.mktemp("live") / "course")
    grade(lesson, range(6))
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def grade(lesson, numbers):
    """Hand in and grade: a hidden check of `double` fails for everybody."""
    def judged(found, root):
        for result, notebook in by_looking(found, root):
            result.exercises[0].checks = [Check("doubles", True, False),
                                          Check("leaves its input", False, True, "double([3.0])")]
            yield result, notebook

    for number in numbers:
        hand_in(lesson, f"s{number}", RIGHT)
    with opened(lesson.root) as room:
        list(room.autograde(room.waiting(), lambda found: judged(found, lesson.root)))


def test_it_follows_what_is_graded_and_keeps_back_what_feedback_does(lesson):
    live = Live([NAME], root=lesson.root)
    assert live.look()
    assert "0 of 6 pass everything" in live.page.read_text()
    assert "leaves its input" in live.page.read_text()
    assert not live.look()
    grade(lesson, [6])
    assert live.look()
    assert "0 of 7 pass everything" in live.page.read_text()
    write_deadlines({NAME: datetime(2190, 1, 1)}, lesson.root)
    path = lesson.root / "grading" / "class.toml"
    path.write_text(path.read_text().replace('= "labels"', '= "after-deadline"'))
    Live([NAME], root=lesson.root).look()
    assert "leaves its input" not in live.page.read_text()
    assert not re.search(r"\bs\d\b", live.page.read_text())


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_the_command_follows_until_it_is_stopped(lesson, sent):
    with subprocess.Popen([sys.executable, "-m", "autograder", "report", "--live", NAME],
                          cwd=lesson.root, stdout=subprocess.PIPE, text=True) as process:
        assert "live.html follows what is graded" in process.stdout.readline()
        process.send_signal(sent)
        process.wait(60)
    assert process.returncode == 0
