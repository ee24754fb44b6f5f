"""Handing in: the student's file is never written, what is sent is what the receipt says."""

import copy
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.exchange.default import Exchange, ExchangeSubmit

from autograder.course import ROOT, Lesson
from autograder.errors import UserError
from autograder.gradebook.announce import announce
from autograder.gradebook.settings import settings
from autograder.grading.settings import Settings
from autograder.student import receipt, submit
from autograder.student.copies import fetch
from autograder.student.look import look
from support import classes, demo, quiz_lesson
from support.answers import cell
from support.classes import RIGHT, answered
from support.demo import NAME

HIDDEN = "leaves its input as it was"  # stands in the demo lesson's hidden test only


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A student alone with a clone."""
    return demo.course(tmp_path_factory.mktemp("alone") / "course")


@pytest.fixture
def lesson(made, monkeypatch):
    """The same, with a copy that nobody touched and nothing handed in."""
    monkeypatch.delenv("NBGRADER_EXCHANGE", raising=False)
    for folder in ("work", "grading"):
        shutil.rmtree(made.root / folder, ignore_errors=True)
    fetch(made.root)
    return made


def copy_of(lesson):
    return lesson.root / "work" / NAME / f"{NAME}.ipynb"


def write(lesson, answers, change=lambda notebook: None):
    """Save a copy as JupyterLab would; its bytes."""
    notebook = answered(lesson, answers)
    change(notebook)
    nbformat.write(notebook, copy_of(lesson))
    return copy_of(lesson).read_bytes()


def double_the_answer(notebook):
    """Copy and paste a cell, as a student does, and write into the copy."""
    there = next(k for k, one in enumerate(notebook.cells) if one.id == "double")
    pasted = copy.deepcopy(notebook.cells[there])
    pasted.id, pasted.source = "pasted", pasted.source + "\n# second thoughts"
    notebook.cells.insert(there + 1, pasted)


def inbound(lesson, exchange=None):
    exchange = exchange or lesson.root / "grading" / "exchange"
    return sorted((exchange / "neural-networks" / "inbound").glob(f"*+{NAME}+*"))


def hand_over(lesson):
    looked = look(NAME, lesson.root)
    return looked, submit.send(looked, lesson.root)


def command(root, *arguments, said="", **environment):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments], cwd=root, input=said, text=True,
        capture_output=True, timeout=300, check=False, env={**os.environ, **environment})


# Before it is sent


def test_what_is_unanswered_and_what_fails_is_told(lesson):
    write(lesson, {"double": "def double(x):\n    return x", "why": RIGHT["why"]})
    looked = look(NAME, lesson.root)
    assert looked.unanswered == ["half"]
    assert looked.answered == ["double", "why"]
    assert looked.failing == ["double"]
    assert looked.question == ("1 of 3 exercises has no answer yet: half. Not every check passes: "
                               "double. Send it anyway?")
    assert [line[:16] for line in looked.told()] == ["double: doubles:"]


def test_a_whole_answer_is_asked_for_too(lesson):
    write(lesson, RIGHT)
    assert look(NAME, lesson.root).question == "All 3 exercises are answered. Send it?"


def test_no_hidden_check_runs_before_it_is_sent(lesson):
    write(lesson, RIGHT)
    looked = look(NAME, lesson.root)
    assert HIDDEN not in json.dumps(looked.as_data())
    assert not any(check.hidden for one in looked.result.exercises for check in one.checks)


def test_an_endless_answer_and_one_that_is_no_python_are_told(lesson, monkeypatch):
    monkeypatch.setattr("autograder.student.look.Settings", lambda root: Settings(2.0, root=root))
    write(lesson, {"double": "while True:\n    pass", "half": "def half(x:", "why": RIGHT["why"]})
    looked = look(NAME, lesson.root)
    assert looked.failing == ["double", "half"]
    assert "double: stopped at the time limit" in looked.told()
    assert any("half: halves: The cell of your answer raised SyntaxError" in line
               for line in looked.told())


# The deadline


def due(lesson, when):
    announce({NAME: when}, lesson.root, settings(lesson.root))


def test_a_deadline_is_told_before_it_is_sent_and_stands_on_the_receipt(lesson):
    write(lesson, RIGHT)
    assert look(NAME, lesson.root).as_data()["due"] is None
    due(lesson, datetime(2150, 1, 31, 12))
    looked, sent = hand_over(lesson)
    assert looked.told()[0].startswith("Due Sat, Jan 31, 2150")
    assert looked.as_data()["due"] == "2150-01-31T12:00:00+00:00"
    text = receipt.as_text(sent)
    assert "  due       Sat, Jan 31, 2150" in text
    assert "late" not in text
    assert json.loads(json.dumps(receipt.as_data(sent)))["due"] == "2150-01-31T12:00:00+00:00"


def test_what_is_late_is_said_to_be(lesson):
    write(lesson, RIGHT)
    due(lesson, datetime(2020, 1, 31, 12))
    looked, sent = hand_over(lesson)
    late = re.compile(r"It was due Fri, Jan 31, 2020, .* so it counts as late, unless your teacher "
                      r"gave you more time\.")
    assert late.fullmatch(looked.told()[0])
    assert late.search(receipt.as_text(sent))


# What is sent


def test_the_students_file_is_not_touched_and_the_copy_that_is_sent_is_mended(lesson):
    before = write(lesson, RIGHT, double_the_answer)
    looked, sent = hand_over(lesson)
    assert copy_of(lesson).read_bytes() == before
    assert looked.read == hashlib.sha256(before).hexdigest()
    (folder,) = inbound(lesson)
    notebook = nbformat.read(folder / f"{NAME}.ipynb", as_version=4)
    names = [one.metadata.nbgrader.grade_id for one in notebook.cells if "nbgrader" in one.metadata]
    assert len(names) == len(set(names))
    assert cell(notebook, "double").source == RIGHT["double"]
    assert sent.repairs == ("The answer cell of `double` was duplicated; the copy counts as a "
                            "cell of your own.",)


def test_the_receipt_says_what_arrived(lesson):
    write(lesson, {"double": RIGHT["double"]})
    copy_of(lesson).with_name("data.csv").write_text("1,2\n")
    _, sent = hand_over(lesson)
    (folder,) = inbound(lesson)
    arrived = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
               for path in folder.iterdir()
               if path.name not in ("timestamp.txt", "submission_secret.txt")}
    assert {one.name: one.sha256 for one in sent.files} == arrived
    assert sent.sha256 == arrived[f"{NAME}.ipynb"]
    assert sent.timestamp == (folder / "timestamp.txt").read_text()
    assert (sent.answered, sent.unanswered) == (("double",), ("half", "why"))
    text = receipt.as_text(sent)
    for part in (NAME, sent.timestamp, sent.sha256, "data.csv  4  ", "Answered: 1\n  double",
                 "Without an answer: 2\n  half\n  why", sent.time.strftime("UTC%z")):
        assert part in text
    assert json.loads(json.dumps(receipt.as_data(sent)))["sha256"] == sent.sha256


def test_receipts_are_kept_side_by_side_and_never_sent(lesson):
    write(lesson, RIGHT)
    looked, sent = hand_over(lesson)
    kept = [submit.keep(sent, looked) for _ in range(3)]
    assert len(set(kept)) == 3
    assert all(path.read_text() == receipt.as_text(sent) for path in kept)
    assert submit.mark(looked, sent, lesson.root) is not None  # leaves feedback beside it
    hand_over(lesson)
    sent_names = {path.name for folder in inbound(lesson) for path in folder.rglob("*")}
    assert sent_names == {f"{NAME}.ipynb", "timestamp.txt", "submission_secret.txt"}


def test_nothing_of_nbgrader_is_imported_before_there_is_something_to_send(lesson):
    """Its import takes half a second, more than half of all the rest up to the question."""
    write(lesson, RIGHT)
    hand_over(lesson)  # so that the lesson is released
    code = ("import sys; from pathlib import Path; from autograder.student.look import look\n"
            f"print(look({NAME!r}, Path({str(lesson.root)!r})).question)\n"
            "print({'nbgrader', 'sqlalchemy', 'nbconvert', 'jupytext'} & set(sys.modules))")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    assert done.stdout == "All 3 exercises are answered. Send it?\nset()\n", done.stderr


def test_a_file_that_is_too_large_is_named_and_left_out(lesson):
    write(lesson, RIGHT)
    Path(lesson.root, "nbgrader_config.py").write_text("c.CourseDirectory.max_file_size = 1000\n")
    copy_of(lesson).with_name("large.bin").write_bytes(b"0" * 2_000_000)
    _, sent = hand_over(lesson)
    assert sent.left_out == ("large.bin has 2 MB; the limit is 1.",)
    assert not (inbound(lesson)[0] / "large.bin").exists()


# The mark


def test_alone_the_full_mark_comes_at_once_and_nbgrader_finds_its_page(lesson):
    write(lesson, {**RIGHT, "double": "def double(x):\n    x *= 2\n    return x"})
    looked, sent = hand_over(lesson)
    marked = submit.mark(looked, sent, lesson.root)
    double = marked.result.exercises[0]
    assert [(check.label, check.passed) for check in double.checks] == [
        ("doubles", True), (HIDDEN, False)]
    assert double.misconception.hint == "It changes what it was given."
    assert marked.result.score == 2.0
    assert HIDDEN in marked.page.read_text()
    said = classes.nbgrader(lesson.root, "list", "--cached")
    assert "feedback already fetched" in said


def test_alone_the_mark_can_be_complete_and_the_answers_come_after_it(tmp_path, monkeypatch):
    monkeypatch.delenv("NBGRADER_EXCHANGE", raising=False)
    lesson = demo.course(tmp_path / "course", quiz_lesson.LESSON)
    fetch(lesson.root)
    write(lesson, {"double": "def double(x):\n    return x + x", "half": RIGHT["half"],
                   "why": "Because.", "what": "This.", "quiz_twice": quiz_lesson.quiz("b")})
    looked = look(NAME, lesson.root)
    before = json.dumps(looked.as_data()) + copy_of(lesson).read_text()
    html = submit.mark(looked, submit.send(looked, lesson.root), lesson.root).page.read_text()
    answers = ("return 2 * np.asarray(x, dtype=float)", "This is what.", "<strong>Shows:</strong>",
               "The square is x times x: try 3.")
    for part in answers:
        assert part not in before, part
        assert part in html, part
    for part in ("<strong>Question 1.</strong>", '<strong id="score">3</strong> of 9 points',
                 "Mark your written answers yourself", 'data-place="01_demo why '):
        assert part in html, part
    assert "teacher" not in html


def test_in_a_class_there_is_no_mark_but_the_same_check(lesson, tmp_path, monkeypatch):
    root = in_a_class(lesson, tmp_path, monkeypatch)
    student = Lesson(NAME, root)
    write_there(lesson, student, {"double": "def double(x):\n    return x ** 2"})
    looked = look(NAME, root)
    assert looked.unanswered == ["half", "why"]
    assert looked.failing == ["double"]
    sent = submit.send(looked, root)
    assert submit.mark(looked, sent, root) is None
    assert len(inbound(lesson)) == 1


def test_in_a_class_feedback_comes_when_it_is_released(lesson, tmp_path, monkeypatch):
    root = in_a_class(lesson, tmp_path, monkeypatch)
    write_there(lesson, Lesson(NAME, root), RIGHT)
    submit.send(look(NAME, root), root)
    assert submit.fetch_feedback(NAME, root) == []
    monkeypatch.delenv("NBGRADER_EXCHANGE")
    classes.nbgrader(lesson.root, "collect", NAME)
    for verb in ("autograde", "feedback"):
        assert command(lesson.root, verb).returncode == 0
    classes.nbgrader(lesson.root, "release_feedback", NAME)
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(lesson.root / "grading" / "exchange"))
    (page,) = submit.fetch_feedback(NAME, root)
    assert root / "work" / NAME / "feedback" in page.parents
    assert "<strong>3</strong> of 6 points" in page.read_text()


def in_a_class(lesson, tmp_path, monkeypatch):
    """A student's own tree: no solutions, no lessons; the clone's exchange is their class's."""
    root = tmp_path / "student"
    for part in ("autograder", "config", "utils", "work"):
        shutil.copytree(lesson.root / part, root / part)
    shutil.copy(lesson.root / "course.toml", root)
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(lesson.root / "grading" / "exchange"))
    return root


def write_there(lesson, student, answers):
    nbformat.write(answered(lesson, answers), copy_of(student))


# What can go wrong is told in a line, and nothing is lost


@pytest.mark.parametrize(("damage", "words"), [
    (b"", "The file is empty"), (b'{"cells": [', "not valid JSON"),
    (b'{"nbformat": 4, "cells": []}', "holds none of the cells")],
    ids=["empty", "cut off", "another notebook"])
def test_what_is_no_lesson_is_not_sent(lesson, damage, words):
    copy_of(lesson).write_bytes(damage)
    with pytest.raises(UserError, match=words):
        look(NAME, lesson.root)
    assert copy_of(lesson).read_bytes() == damage


def test_a_lesson_that_is_not_released_or_not_fetched_is_told(lesson):
    with pytest.raises(UserError, match=rf"no lesson 07_none to hand in; there are: {NAME}"):
        look("07_none", lesson.root)
    copy_of(lesson).unlink()
    with pytest.raises(UserError, match=r"`python -m autograder fetch` brings it"):
        look(NAME, lesson.root)


def test_no_exchange_is_told(lesson, monkeypatch, tmp_path):
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match=r"no exchange at .*nowhere\..* your teacher knows"):
        look(NAME, lesson.root)


def test_a_place_that_may_not_be_written_to_is_told(lesson, monkeypatch):
    write(lesson, RIGHT)
    looked = look(NAME, lesson.root)
    monkeypatch.setattr("nbgrader.exchange.default.submit.check_mode", lambda *_, **__: False)
    with pytest.raises(UserError, match=r"don't have write permissions to the .*inbound"):
        submit.send(looked, lesson.root)


def test_a_full_disk_leaves_no_half_submission(lesson, monkeypatch):
    write(lesson, RIGHT)
    looked = look(NAME, lesson.root)

    def full(self, source, destination, log=None):
        Path(destination).mkdir()
        raise shutil.Error([(source, destination, "[Errno 28] No space left on device")])

    monkeypatch.setattr(Exchange, "do_copy", full)
    with pytest.raises(UserError, match=r"^nbgrader's exchange: \[Errno 28\] No space left"):
        submit.send(looked, lesson.root)
    assert inbound(lesson) == []


def test_a_folder_that_is_too_large_for_nbgrader_is_told(lesson, monkeypatch):
    write(lesson, RIGHT)
    looked = look(NAME, lesson.root)
    monkeypatch.setattr(ExchangeSubmit, "get_size", lambda *_: 10**12)
    with pytest.raises(UserError, match="Directory size is too big"):
        submit.send(looked, lesson.root)


def test_a_receipt_that_can_not_be_kept_is_told(lesson):
    write(lesson, RIGHT)
    looked, sent = hand_over(lesson)
    shutil.rmtree(copy_of(lesson).parent)
    with pytest.raises(UserError, match="receipt could not be kept: No such file"):
        submit.keep(sent, looked)


# The command


def test_the_command_asks_once_and_then_shows_the_receipt_and_the_mark(lesson):
    write(lesson, {"double": RIGHT["double"]})
    done = command(lesson.root, "submit", NAME, said="yes\n")
    assert done.returncode == 0, done.stderr
    order = ["half, why. Send it anyway?", f"Receipt: {NAME} was handed in.", "SHA-256",
             "This receipt is kept in", "2 of 6 points", "The same as a page, with model answers"]
    assert [done.stdout.find(part) >= 0 for part in order] == [True] * len(order)
    assert sorted(order, key=done.stdout.index) == order
    (kept,) = copy_of(lesson).parent.glob(f"{NAME}.receipt-*.txt")
    assert kept.read_text() in done.stdout


@pytest.mark.parametrize("said", ["no\n", "", "\n"], ids=["no", "nobody there", "enter"])
def test_without_a_yes_nothing_is_sent(lesson, said):
    done = command(lesson.root, "submit", NAME, said=said)
    assert done.stdout.endswith("Nothing was sent.\n")
    assert inbound(lesson) == []
    assert "Traceback" not in done.stderr


def test_json_is_a_line_for_each_step(lesson):
    write(lesson, RIGHT)
    asked = command(lesson.root, "submit", NAME, "--json")
    (looked,) = map(json.loads, asked.stdout.splitlines())
    assert (looked["step"], looked["unanswered"]) == ("looked", [])
    assert inbound(lesson) == []
    done = command(lesson.root, "submit", NAME, "--json", "--yes")
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert [step["step"] for step in steps] == ["looked", "sent", "marked"]
    assert Path(steps[1]["kept"]).is_file()
    assert steps[2]["result"]["score"] == 3.0
    assert len(inbound(lesson)) == 1


def test_trouble_is_one_line_and_status_2(lesson):
    done = command(lesson.root, "submit", "07_none")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"autograder: There is no lesson 07_none .*\n", done.stderr)

