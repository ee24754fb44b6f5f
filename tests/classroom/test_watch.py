"""A watch grades and hands back what arrives, through restarts and troubles of all kinds."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import nbformat
import pytest

from autograder.classroom import autograde, watch
from autograder.classroom.watch import Rules, Watch
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.gradebook.book import Book
from autograder.gradebook.exchange import transfer
from autograder.gradebook.records import Student
from autograder.gradebook.settings import settings
from support import demo
from support.classes import (
    RIGHT,
    answered,
    by_looking,
    change,
    dump,
    gradebook,
    hand_in,
    marks,
    submitted,
)
from support.demo import NAME

LATER = "2030-01-02 10:00:00 UTC"
FEEDBACK = Rules(feedback=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course")
    config = settings(lesson.root)
    with Book(config) as book:
        book.enroll([Student("ann"), Student("bob")])
    transfer("ReleaseAssignment", NAME, config)
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


class After:
    """Time to stop after so many looks; between two of them, something may happen."""

    def __init__(self, looks, **between):
        self.left, self.pauses, self.over = looks, [], False
        self._between = {int(name[1:]): deed for name, deed in between.items()}

    def is_set(self):
        return self.over

    def wait(self, timeout):
        self.pauses.append(timeout)
        self._between.get(len(self.pauses), lambda: None)()
        self.over = self.over or len(self.pauses) >= self.left
        return self.over


def watched(lesson, stop=None, rules=FEEDBACK, grade=by_looking):
    """What a watch logs, without its beginning and its end."""
    notices = []
    Watch(lambda found: grade(found, lesson.root), rules,
          lambda event, **facts: notices.append({"event": event, **facts}), lesson.root).run(
        stop or After(1))
    assert notices[0]["event"] == "started"
    assert notices[-1]["event"] == "stopped"
    return notices[1:-1]


def events(notices, *without):
    return [(one["event"], one.get("student")) for one in notices if one["event"] not in without]


def submit(lesson, answers=RIGHT, student="ann"):
    """As a student does, through nbgrader's exchange."""
    config = settings(lesson.root)
    copy = lesson.root / "work" / NAME / f"{NAME}.ipynb"
    copy.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(answered(lesson, answers), copy)
    inbound = Path(config.Exchange.root, "neural-networks", "inbound")
    before = set(inbound.iterdir())
    transfer("Submit", NAME, config)
    [new] = set(inbound.iterdir()) - before
    new.rename(new.with_name(f"{student}+" + new.name.partition("+")[2]))


def pages(lesson):
    """What students would fetch."""
    return {path.name: path.read_text() for path in
            (lesson.root / "grading" / "exchange" / "neural-networks" / "feedback").glob("*.html")}


def test_what_arrives_is_collected_graded_and_handed_back(lesson):
    submit(lesson)
    notices = watched(lesson, After(2, _1=lambda: submit(lesson, {}, "bob")))
    assert events(notices) == [("collected", "ann"), ("graded", "ann"), ("feedback", "ann"),
                            ("collected", "bob"), ("graded", "bob"), ("feedback", "bob")]
    assert [one["score"] for one in notices if one["event"] == "graded"] == [3.0, 0.0]
    assert marks(lesson.root).keys() == {"ann", "bob"}
    assert len(pages(lesson)) == 2
    for one in notices:
        assert json.loads(json.dumps(one)) == one


def test_names_stand_beside_ids(lesson):
    with Book(settings(lesson.root)) as book:
        book.enroll([Student("bob", "Bob", "Ray")])
    submit(lesson, student="bob")
    submit(lesson)
    named = {(one["student"], one.get("name")) for one in watched(lesson)}
    assert named == {("ann", None), ("bob", "Bob Ray")}


def test_feedback_is_handed_back_only_if_that_is_allowed(lesson):
    submit(lesson)
    assert events(watched(lesson, rules=Rules())) == [("collected", "ann"), ("graded", "ann")]
    assert pages(lesson) == {}
    notices = watched(lesson)
    assert events(notices) == [("marked_before", None)]
    assert notices[0]["submissions"] == 1
    assert pages(lesson) == {}
    assert events(watched(lesson, rules=Rules(feedback=True, earlier=True))) == [
        ("feedback", "ann")]


def test_only_the_named_lessons_are_graded_and_handed_back(lesson):
    submit(lesson)
    with pytest.raises(UserError, match="There is no lesson 09_none"):
        watched(lesson, rules=Rules(feedback=True, lessons=("09_none",)))
    shutil.copy(lesson.source, Lesson("02_more", lesson.root).source)
    assert events(watched(lesson, rules=Rules(feedback=True, lessons=("02_more",)))) == [
        ("collected", "ann")]
    assert events(watched(lesson, rules=Rules(feedback=True, lessons=(NAME,)))) == [
        ("graded", "ann"), ("feedback", "ann")]


def test_a_page_that_waits_for_a_teacher_is_handed_back_once_it_is_read(lesson, monkeypatch):
    (lesson.root / "grading").mkdir(exist_ok=True)
    (lesson.root / "grading" / "class.toml").write_text("[feedback]\nwait_for_written = true\n")
    submit(lesson)
    clock = [0.0]
    monkeypatch.setattr(watch, "monotonic", lambda: clock[0])

    def read():
        change(lesson.root, "update grade set manual_score = 2, needs_manual_grade = 0 "
                            "where needs_manual_grade")
        clock[0] += 301

    notices = watched(lesson, After(3, _2=read))
    assert events(notices) == [("collected", "ann"), ("graded", "ann"), ("feedback_waits", "ann"),
                               ("feedback", "ann")]
    assert notices[2]["reason"] == "It waits until a teacher has read why."


def test_a_restart_finds_nothing_to_do_again(lesson):
    submit(lesson)
    watched(lesson)
    before, handed_back = dump(lesson.root), pages(lesson)
    assert watched(lesson, After(3)) == []
    assert (dump(lesson.root), pages(lesson)) == (before, handed_back)


def test_what_is_handed_in_too_often_gets_its_feedback_the_next_day(lesson, monkeypatch):
    rules = Rules(feedback=True, attempts=2)
    for answers in ({}, {"half": RIGHT["half"]}):
        submit(lesson, answers)
        assert ("feedback", "ann") in events(watched(lesson, rules=rules))
    submit(lesson)
    notices = watched(lesson, After(2), rules)
    assert events(notices) == [("collected", "ann"), ("graded", "ann"),
                               ("feedback_tomorrow", "ann")]
    assert marks(lesson.root)["ann"]["double-tests"] == (2.0, False)
    assert len(pages(lesson)) == 2

    class Tomorrow(date):
        @classmethod
        def today(cls):
            return date(2199, 1, 1)

    monkeypatch.setattr(watch, "date", Tomorrow)
    assert events(watched(lesson, rules=rules)) == [("feedback", "ann")]
    assert len(pages(lesson)) == 3


def test_a_record_that_was_half_written_hands_back_once_more(lesson):
    submit(lesson)
    watched(lesson)
    (lesson.root / "grading" / "handed_back" / "ann" / f"{NAME}.json").write_text('{"sha2')
    assert events(watched(lesson)) == [("feedback", "ann")]
    assert watched(lesson) == []


def test_what_can_not_be_graded_is_told_once_until_it_is_handed_in_anew(lesson):
    hand_in(lesson, "ann", RIGHT)
    path = submitted(lesson.root, "ann") / f"{NAME}.ipynb"
    path.write_text("{")
    (submitted(lesson.root, "bob")).mkdir(parents=True)
    notices = watched(lesson, After(4, _2=lambda: hand_in(lesson, "ann", RIGHT, LATER)))
    assert events(notices) == [("not_graded", "bob"), ("not_graded", "ann"), ("graded", "ann"),
                            ("feedback", "ann")]
    assert notices[1]["reason"] == "The file is not valid JSON (line 1)."


def test_an_odd_name_in_the_exchange_is_told_once(lesson):
    (lesson.root / "grading" / "exchange" / "neural-networks" / "inbound" / "x").mkdir()
    [line] = watched(lesson, After(3))
    assert line["event"] == "look_at"
    assert "not one that the exchange gives" in line["reason"]


def test_a_gradebook_out_of_reach_is_told_once_tried_less_often_and_found_again(lesson):
    submit(lesson)
    book, away = gradebook(lesson.root), lesson.root / "away.db"
    book.rename(away)
    book.mkdir()

    def back():
        book.rmdir()
        away.rename(book)

    stop = After(6, _4=back)
    notices = watched(lesson, stop)
    assert events(notices) == [("trouble", None), ("collected", "ann"), ("graded", "ann"),
                            ("feedback", "ann"), ("recovered", None)]
    assert notices[0]["reason"] == "The gradebook: unable to open database file."
    assert stop.pauses == [10.0, 20.0, 40.0, 80.0, 5.0, 5.0]


def test_it_never_waits_longer_than_five_minutes(lesson):
    book = gradebook(lesson.root)
    book.unlink()
    book.mkdir()
    stop = After(12)
    watched(lesson, stop)
    assert max(stop.pauses) == 300.0


@pytest.mark.parametrize("name", ["copyfile", "write_text"])
def test_a_full_disk_is_told_and_loses_nothing(lesson, monkeypatch, name):
    submit(lesson)
    watched(lesson)
    expected = dump(lesson.root)
    submit(lesson, {})
    full = True
    place, real = ((shutil, shutil.copyfile) if name == "copyfile" else (Path, Path.write_text))

    def write(path, *arguments, **options):
        if full and "autograded" in str((path, *arguments)[0 if name == "write_text" else 1]):
            raise OSError(28, "No space left on device", str(path))
        return real(path, *arguments, **options)

    def freed():
        nonlocal full
        assert dump(lesson.root) == expected
        full = False

    monkeypatch.setattr(place, name, write)
    notices = watched(lesson, After(3, _2=freed))
    assert events(notices) == [("collected", "ann"), ("trouble", None), ("graded", "ann"),
                            ("feedback", "ann"), ("recovered", None)]
    assert "No space left on device" in notices[1]["reason"]
    assert marks(lesson.root)["ann"]["double-tests"] == (0.0, False)


def test_an_exchange_that_gives_nothing_out_is_tried_again_after_a_wait(lesson, monkeypatch):
    submit(lesson)
    real, broken = watch.transfer, True

    def transfer_(*arguments):
        tries.append(clock[0])
        if broken:
            raise UserError("nbgrader's exchange: Unwritable directory")
        return real(*arguments)

    def later():
        nonlocal broken
        broken = False
        clock[0] += 301

    clock, tries = [0.0], []
    monkeypatch.setattr(watch, "transfer", transfer_)
    monkeypatch.setattr(watch, "monotonic", lambda: clock[0])
    notices = watched(lesson, After(3, _2=later))
    assert events(notices, "recovered") == [("collected", "ann"), ("graded", "ann"),
                                         ("trouble", None), ("feedback", "ann")]
    assert tries == [0.0, 301.0]  # the look between them came too soon


def test_an_error_that_nobody_thought_of_does_not_end_it(lesson, monkeypatch):
    hand_in(lesson, "ann", RIGHT)

    def fail(*_):
        raise ZeroDivisionError("of\nsomebody's")

    monkeypatch.setattr(watch, "collect", fail)
    notices = watched(lesson, After(2))
    assert events(notices) == [("graded", "ann"), ("feedback", "ann"), ("trouble", None)]
    assert notices[2]["reason"] == "ZeroDivisionError: of somebody's"


def test_a_stop_ends_it_after_what_is_being_graded(lesson):
    for student in ("ann", "bob"):
        hand_in(lesson, student, RIGHT)
    stop = After(9)

    def grade(found, root):
        for one in by_looking(found, root):
            stop.over = True
            yield one

    assert events(watched(lesson, stop, grade=grade)) == [("graded", "ann")]
    assert events(watched(lesson)) == [("graded", "bob"), ("feedback", "ann"), ("feedback", "bob")]


def test_a_teacher_who_grades_meanwhile_is_let_alone(lesson):
    hand_in(lesson, "ann", RIGHT)
    code = ("import sys; from autograder.classroom.autograde import *; from pathlib import Path\n"
            "with opened(Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()")
    teacher = subprocess.Popen([sys.executable, "-c", code, str(lesson.root)], cwd=lesson.root,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert teacher.stdout.readline() == "in\n"
    notices = watched(lesson, After(3, _2=lambda: teacher.communicate()))
    assert events(notices) == [("trouble", None), ("graded", "ann"), ("feedback", "ann"),
                            ("recovered", None)]
    assert "Another autograde is running" in notices[0]["reason"]


def command(lesson, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "watch", "--every", "0.05", "--feedback"],
        cwd=lesson.root, text=True, **options)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_the_command_grades_and_ends_cleanly_when_it_is_told_to(lesson, number):
    submit(lesson)
    notices = []
    with command(lesson, stderr=subprocess.PIPE) as process:
        for line in process.stderr:
            notices.append(json.loads(line))
            if notices[-1]["event"] == "feedback":
                process.send_signal(number)
    assert process.returncode == 0
    assert events(notices, "fence") == [("started", None), ("collected", "ann"), ("graded", "ann"),
                                     ("feedback", "ann"), ("stopped", None)]
    assert all(one["time"].endswith("Z") for one in notices)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_log_that_can_not_be_written_does_not_end_it(lesson):
    hand_in(lesson, "ann", RIGHT)
    with Path("/dev/full").open("w") as full, command(lesson, stderr=full) as process:
        while not pages(lesson) and process.poll() is None:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGTERM)
    assert len(pages(lesson)) == 1
    assert marks(lesson.root)["ann"]["half-tests"] == (1.0, False)


def test_a_kill_at_any_time_is_taken_up(lesson):
    """What a killed watch graded and did not hand back, the next one does."""
    submit(lesson)
    with command(lesson, stderr=subprocess.PIPE) as process:
        for line in process.stderr:
            if json.loads(line)["event"] == "graded":
                process.kill()
    watched(lesson)
    assert len(pages(lesson)) == 1
    assert marks(lesson.root)["ann"]["half-tests"] == (1.0, False)
    assert watched(lesson) == []
    assert autograde.HASH in {path.name for path in (
        lesson.root / "grading" / "autograded" / "ann" / NAME).iterdir()}


def test_attempts_without_feedback_are_told(lesson):
    done = subprocess.run([sys.executable, "-m", "autograder", "watch", "--attempts-per-day", "2"],
                          cwd=lesson.root, capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == 2
    assert done.stderr == ("autograder: --attempts-per-day limits feedback, which only --feedback "
                           "gives\n")
