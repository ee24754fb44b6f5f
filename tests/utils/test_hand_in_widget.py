"""The button that hands in, without a browser: what it is told, and what it says."""

import hashlib
import json
import os
import stat
import sys
import time
from dataclasses import replace

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from utils._course import course
from utils.hand_in import HandIn, button

NAME = "01_demo"
PYTHON = sys.executable
ASKS = '''\
import json, pathlib, sys
path = pathlib.Path("{path}")
print(json.dumps(dict(step="looked", path=str(path), read="{read}", question="Send it?")))
sys.stdout.flush()
if input() == "yes":
    print(json.dumps(dict(step="sent", receipt=dict(lesson="{name}"), kept="k", trouble=None)))
    print(json.dumps(dict(step="marked", result=None, page=None, trouble=None)))
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A student's folder with one cell in its notebook, in a course with a grader."""
    here = replace(course(), root=tmp_path, hand_in=("-m", "grader"))
    monkeypatch.setattr(button, "course", lambda: here)
    monkeypatch.chdir(tmp_path)
    nbformat.write(new_notebook(cells=[new_code_cell("x = 1")]), tmp_path / f"{NAME}.ipynb")
    return tmp_path


def runs(folder, monkeypatch, program):
    """Let a program of the test's stand for the course's command."""
    (folder / "program.py").write_text(program)
    python = folder / "python"
    python.write_text(f"#!/bin/sh\nexec {PYTHON} {folder / 'program.py'}\n")
    python.chmod(stat.S_IRWXU)
    monkeypatch.setattr(button.sys, "executable", str(python))


def tell(widget, do, **more):
    """A message as the browser sends it."""
    widget._handle_custom_msg({"do": do, **more}, [])
    return widget.answer


def wait(widget, *phases):
    """Ask how far it is until it is there, as the browser does."""
    for _ in range(600):
        if tell(widget, "look")["phase"] in phases:
            return widget.answer
        time.sleep(0.05)
    raise AssertionError(widget.answer)


def asks(folder, monkeypatch, read=None):
    path = folder / f"{NAME}.ipynb"
    read = read or hashlib.sha256(path.read_bytes()).hexdigest()
    runs(folder, monkeypatch, ASKS.format(path=path, read=read, name=NAME))


def test_the_card_knows_when_the_lesson_is_due(folder):
    (folder.parent / ".deadlines.json").write_text(f'{{"{NAME}": "2030-01-31T12:00:00Z"}}')
    assert HandIn(NAME).answer["due"] == "2030-01-31T12:00:00+00:00"
    (folder.parent / ".deadlines.json").unlink()
    assert HandIn(NAME).answer["due"] is None


def test_it_does_nothing_before_it_is_pressed(folder):
    before = len(psutil.Process().children())
    widget = HandIn(NAME)
    data, _ = widget._repr_mimebundle_()
    assert "In JupyterLab a button stands here" in data["text/html"]
    assert widget.answer["phase"] == "idle"
    assert len(psutil.Process().children()) == before


def test_saved_checked_asked_sent(folder, monkeypatch):
    asks(folder, monkeypatch)
    widget = HandIn(NAME)
    assert tell(widget, "check", sources=["x = 1"])["phase"] == "checking"
    assert wait(widget, "asking", "idle")["looked"]["question"] == "Send it?"
    tell(widget, "send", sources=["x = 1"])
    answer = wait(widget, "done", "idle")
    assert (answer["phase"], answer["receipt"], answer["kept"]) == ("done", {"lesson": NAME}, "k")


def test_what_is_not_on_the_disk_is_not_checked(folder):
    widget = HandIn(NAME)
    answer = tell(widget, "check", sources=["x = 2"])
    assert answer["phase"] == "idle"
    assert answer["note"].startswith("The last changes are not saved. Press Ctrl+S")


def test_where_the_browser_can_not_tell_the_file_has_to_be_newer(folder, monkeypatch):
    asks(folder, monkeypatch)
    widget = HandIn(NAME)
    tell(widget, "press")
    assert "could not be saved from here" in tell(widget, "check", sources=None)["note"]
    os.utime(folder / f"{NAME}.ipynb", ns=(1, 1))  # the student pressed Ctrl+S
    tell(widget, "press")
    assert tell(widget, "check", sources=None)["phase"] == "checking"
    tell(widget, "stop")


def test_an_edit_while_it_asks_is_checked_again(folder, monkeypatch):
    asks(folder, monkeypatch, read="another")
    widget = HandIn(NAME)
    tell(widget, "check", sources=["x = 1"])
    wait(widget, "asking")
    assert tell(widget, "send", sources=["x = 1"])["phase"] == "checking"
    assert "You have changed the notebook since" in wait(widget, "asking")["note"]
    tell(widget, "stop")


@pytest.mark.parametrize(("program", "words"), [
    ("raise SystemExit('grader: There is no exchange.')", "There is no exchange."),
    ("raise ModuleNotFoundError(\"No module named 'nbgrader'\")", "Choose the course's own kernel"),
    ("raise SystemExit(3)", "it ended without a word"), ("print('no json')", "This broke off"),
    ("raise ValueError('odd')", "The check broke off: ValueError: odd")],
    ids=["its own line", "another kernel", "silence", "no json", "a traceback"])
def test_every_failure_is_a_sentence(folder, monkeypatch, program, words):
    runs(folder, monkeypatch, program)
    widget = HandIn(NAME)
    tell(widget, "check", sources=["x = 1"])
    note = wait(widget, "idle")["note"]
    assert words in note
    assert "Traceback" not in note


def test_a_folder_without_a_grader_or_without_the_lesson_is_told(folder, monkeypatch):
    assert "no 02_other.ipynb beside this notebook" in tell(
        HandIn("02_other"), "check", sources=[])["note"]
    monkeypatch.setattr(button, "course", lambda: None)
    assert tell(HandIn(NAME), "check", sources=["x = 1"])["note"] == button.NO_GRADER


def test_the_course_says_which_command_runs_and_where(folder, monkeypatch):
    (folder / "grader.py").write_text(
        "import json, os, sys\n"
        "print(json.dumps(dict(step='looked', path=sys.argv[2] + '.ipynb', read='',\n"
        "                      question=' '.join([os.getcwd(), *sys.argv]))), flush=True)\n"
        "input()\n")
    here = replace(course(), root=folder, hand_in=("grader.py",))
    monkeypatch.setattr(button, "course", lambda: here)
    widget = HandIn(NAME)
    tell(widget, "check", sources=["x = 1"])
    looked = wait(widget, "asking", "idle")["looked"]
    assert looked["question"] == f"{folder} grader.py submit {NAME} --json"
    tell(widget, "stop")


def test_a_course_without_its_grader_is_told(folder):
    """Nobody makes `python -m grader` run here."""
    widget = HandIn(NAME)
    tell(widget, "check", sources=["x = 1"])
    assert wait(widget, "idle")["note"] == button.NO_GRADER


def test_another_copy_than_the_one_that_is_sent_is_told(folder, monkeypatch):
    other = folder / "other.ipynb"
    other.touch()
    runs(folder, monkeypatch, ASKS.format(path=other, read="", name=NAME))
    widget = HandIn(NAME)
    tell(widget, "check", sources=["x = 1"])
    assert wait(widget, "idle")["note"].endswith(f"{other}. Open that one.")


def test_stop_ends_the_process_and_says_that_nothing_was_sent(folder, monkeypatch):
    runs(folder, monkeypatch, "while True:\n    pass")
    others = set(psutil.Process().children())
    widget = HandIn(NAME)
    tell(widget, "check", sources=["x = 1"])
    started = set(psutil.Process().children()) - others
    assert tell(widget, "stop")["note"] == "Nothing was sent."
    gone, alive = psutil.wait_procs(started, timeout=20)
    assert (bool(gone), alive) == (True, [])


@pytest.mark.parametrize("there", [True, False], ids=["released", "none yet"])
def test_feedback_is_shown_where_there_is_some(folder, monkeypatch, there):
    page = folder / "page.html"
    page.write_text("<h1>Fine</h1>")
    said = json.dumps({"pages": [str(page)] * there})
    runs(folder, monkeypatch, f"print({said!r})")
    widget = HandIn(NAME)
    tell(widget, "feedback")
    note = wait(widget, "done")["note"]
    assert note == ("" if there else "There is no feedback yet. Your teacher has not released any.")
    tell(widget, "page", open=True)
    assert widget.page == "<h1>Fine</h1>" * there
    tell(widget, "page", open=False)
    assert widget.page == ""
