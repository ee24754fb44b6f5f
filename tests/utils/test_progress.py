"""How far a student is: noted where they work, shown by lesson, cleared when they say so."""

import json
import os
import subprocess
import sys
import time

import nbformat
import pytest

from autograder.course import ROOT
from support.demo import LESSON, NAME, release
from utils import progress
from utils._cards.card import Outcome, Score
from utils.checks import Checks


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A student's folder with two lessons, the kernel in the first, as Jupyter starts it."""
    for name in (NAME, "02_other"):
        (tmp_path / name).mkdir()
        text = LESSON if name == NAME else LESSON.replace("# A lesson", "# Another <lesson>")
        nbformat.write(release(text), tmp_path / name / f"{name}.ipynb")
    monkeypatch.chdir(tmp_path / NAME)
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / NAME / f"{NAME}.ipynb"))
    return tmp_path


def run(exercise, *passed):
    """What a test cell does."""
    check = Checks(exercise, points=2, visible=len(passed))
    for number, one in enumerate(passed):
        with check(f"claim {number}"):
            check.true(one, "no")
    return check.result()


def test_an_exercise_counts_when_all_its_checks_pass(work):
    assert repr(progress.show()) == (
        "A lesson: 0 of 2\nAnother <lesson>: 0 of 2\nNext: double in A lesson.")
    run("double", True, False)
    assert "A lesson: 0 of 2\n" in repr(progress.show())
    run("double", True, True)
    assert repr(progress.show()) == (
        "A lesson: 1 of 2\nAnother <lesson>: 0 of 2\nNext: half in A lesson.")
    run("half", True)
    assert progress.show().next_step == "Next: double in Another <lesson>."
    run("double", False)
    assert progress.show().next_step == "Next: double in A lesson."


def test_deadlines_stand_beside_the_lessons_that_have_one(work, monkeypatch):
    assert "Due" not in progress.show()._repr_html_()
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        (work / ".deadlines.json").write_text(
            json.dumps({"02_other": "2030-01-31T22:59:00+00:00", "09_none": "2030-01-01T00:00Z"}))
        due = "Fri, Feb 1, 2030, 04:29 (UTC+05:30)"
        assert f"A lesson: 0 of 2\nAnother <lesson>: 0 of 2; due {due}\n" in repr(progress.show())
        html = progress.show()._repr_html_()
        assert html.count("<th ") == 4
        assert html.index("–</td></tr>") < html.index(f"{due}</td></tr>")
        (work / ".deadlines.json").write_text("{")
        assert "Due" not in progress.show()._repr_html_()
    finally:
        monkeypatch.undo()
        time.tzset()


def choose(letter):
    """What the test cell of a multiple-choice question does in the student's copy."""
    check = Checks("double", points=1, visible=1, hidden=1)
    with check("is one of the letters", weight=0):
        check.letter(letter)
    return check.result()


def test_a_choice_counts_as_answered_never_as_passing(work):
    path = work / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    (tests,) = [cell for cell in notebook["cells"]
                if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double-tests"]
    tests["source"] = 'with check("is one of the letters"):\n    check.letter(double())'
    path.write_text(json.dumps(notebook))
    assert "A lesson: 0 of 1; questions answered: 0 of 1\n" in repr(progress.show())
    assert choose("x").recorded == ""
    assert "A lesson: 0 of 1; questions answered: 0 of 1\n" in repr(progress.show())
    assert choose("a").recorded == "a"
    assert "A lesson: 0 of 1; questions answered: 1 of 1\n" in repr(progress.show())
    assert progress.show().next_step == "Next: half in A lesson."
    assert not progress.failed(work, NAME)
    html = progress.show()._repr_html_()
    assert "0 of 1</td><td style='text-align:left'>1 of 1</td>" in html
    progress.reset()
    run("half", True)
    assert progress.show().next_step == "Next: double in A lesson."
    run("double", True)  # as earlier versions noted a choice
    assert "A lesson: 1 of 1; questions answered: 1 of 1\n" in repr(progress.show())


def test_what_failed_is_known(work):
    run("double", True, False)
    run("half", True)
    assert progress.failed(work, NAME) == {"double"}
    assert progress.failed(work, "02_other") == frozenset()


def test_an_answer_that_no_longer_runs_does_not_count(work):
    run("half", True)
    score = Score("half", 1, 1, 0, [Outcome("halves", 1.0, False)], unread="SyntaxError: no")
    progress.note(score)
    assert "A lesson: 0 of 2" in repr(progress.show())


def test_the_end_is_told(work, monkeypatch):
    for name in (NAME, "02_other"):
        monkeypatch.chdir(work / name)
        run("double", True)
        run("half", True)
    assert progress.show().next_step == "Every exercise passes its checks. Well done!"


def test_it_is_seen_from_the_start_page_too_and_links_to_the_lessons(work, monkeypatch):
    run("half", True)
    assert "href='../02_other/02_other.ipynb'" in progress.show()._repr_html_()
    monkeypatch.chdir(work)
    assert "A lesson: 1 of 2" in repr(progress.show())
    html = progress.show()._repr_html_()
    assert f"href='{NAME}/{NAME}.ipynb'" in html
    assert "Another &lt;lesson&gt;" in html
    assert "<lesson>" not in html


def test_code_in_a_title_is_shown_as_code(work):
    text = LESSON.replace("# A lesson", "# What does `f(<x>)` do?")
    nbformat.write(release(text), work / NAME / f"{NAME}.ipynb")
    assert "What does <code>f(&lt;x&gt;)</code> do?</a>" in progress.show()._repr_html_()


def test_it_can_be_cleared(work):
    run("half", True)
    assert "A lesson: 0 of 2" in repr(progress.reset())
    assert not (work / progress.FILE).exists()
    progress.reset()


def test_only_a_persons_kernel_is_noted(work, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME")
    run("half", True)
    assert sorted(os.listdir(work)) == [NAME, "02_other"]
    monkeypatch.setenv("JPY_SESSION_NAME", "x")
    monkeypatch.chdir(work)
    run("half", True)
    assert sorted(os.listdir(work)) == [NAME, "02_other"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"01_demo": 3}', '{"01_demo": {"half": 3}}',
                                  '{"01_demo": {"half": {"passed": 1}}}'])
def test_a_damaged_file_counts_as_empty_and_is_written_anew(work, text):
    (work / progress.FILE).write_text(text)
    assert "A lesson: 0 of 2" in repr(progress.show())
    run("half", True)
    assert "A lesson: 1 of 2" in repr(progress.show())


@pytest.mark.parametrize("text", ["[]", '{"01_demo": {"half": ', '{"01_demo": 3}', "\x00\x00"])
def test_of_a_damaged_file_a_copy_is_kept_each_time(work, text):
    for number in (1, 2):
        (work / progress.FILE).write_text(text)
        run("half", True)
        run("double", True)  # the file is sound again
        copies = sorted(work.glob(f"{progress.FILE}.damaged-*"))
        assert [path.read_text() for path in copies] == [text] * number
    assert "A lesson: 2 of 2" in repr(progress.show())


def test_what_another_version_kept_stays(work):
    other = {"half": {"passed": False, "new": 3}, "x": 3}
    (work / progress.FILE).write_text(json.dumps({NAME: other, "later": {"a": [1]}}))
    run("double", True)
    noted = json.loads((work / progress.FILE).read_text())
    assert (noted["later"], noted[NAME]["half"], noted[NAME]["x"]) == (
        {"a": [1]}, other["half"], 3)
    assert not [*work.glob("*.damaged-*"), *work.glob(".*.damaged-*")]


def test_a_file_that_cannot_be_read_now_is_not_written_over(work, monkeypatch):
    run("half", True)
    before = (work / progress.FILE).read_bytes()
    read = type(work).read_bytes

    def denied(path):
        if path.name == progress.FILE:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(type(work), "read_bytes", denied)
    run("double", True)
    monkeypatch.undo()
    assert (work / progress.FILE).read_bytes() == before


def test_a_disk_that_can_not_be_written_costs_nothing(work, monkeypatch):
    (work / progress.FILE).mkdir()
    assert run("half", True) == 2


def test_a_disk_that_fills_up_costs_no_earlier_notes(work):
    """Written in a process of its own, whose files can't grow beyond what is there already."""
    run("half", True)
    before = (work / progress.FILE).read_text()
    code = f"""
import resource, signal
from utils import progress
from utils._cards.card import Outcome, Score
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before)}, {len(before)}))
progress.note(Score("double", 1, 1, 0, [Outcome("doubles", 1.0, False)]))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=work / NAME, text=True,
                          capture_output=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stderr) == (0, "")
    assert (work / progress.FILE).read_text() == before
    assert sorted(os.listdir(work)) == [progress.FILE, NAME, "02_other"]
    assert "A lesson: 1 of 2" in repr(progress.show())


def test_folders_that_are_no_lessons_are_left_out(work):
    for name, text in (("03_a", "{"), ("04_b", "[]"), ("05_c", '{"cells": []}'),
                       ("06_d", '{"cells": [{"source": 3}]}')):
        (work / name).mkdir()
        (work / name / f"{name}.ipynb").write_text(text)
    (work / "07_e").mkdir()
    assert [lesson.name for lesson in progress.show().lessons] == [NAME, "02_other"]


def test_the_note_is_private_and_plain(work):
    run("half", True)
    assert json.loads((work / progress.FILE).read_text())[NAME].keys() == {"half"}
    assert sorted(path.name for path in (work / NAME).iterdir()) == [f"{NAME}.ipynb"]
