"""One command says whether a lesson is ready: what is missing, and what is graded wrongly."""

import shutil
import subprocess
import sys

import pytest
from nbformat.v4 import new_output

from autograder.authoring import check as module
from autograder.authoring import explanations
from autograder.authoring.answers import known_answers
from autograder.authoring.build import build
from autograder.authoring.check import check
from autograder.authoring.finding import Finding
from autograder.authoring.stock_nbgrader import StockFailed
from autograder.course import ROOT
from autograder.errors import UserError
from support.small_lesson import STEM, complete

FAULTY = '''

def scale__right(x, factor):
    """It is right. So why is it here, among the wrong answers, and what may come of it?"""
    return factor * np.asarray(x, dtype=float)


def scale__divides_too(x, factor):
    """The same as another one, written in another way: nobody can tell them apart."""
    return np.asarray(x, dtype=float) * (1 / factor)
'''
NOT_RIGHT = '''

def scale__flat(x, factor):
    return factor * np.asarray(x, dtype=float).ravel()
'''


@pytest.fixture
def lesson(tmp_path):
    """The complete small lesson in a course of its own."""
    for part in ("autograder", "config", "utils"):
        shutil.copytree(ROOT / part, tmp_path / part,
                        ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "course.toml", tmp_path / "course.toml")
    return complete(tmp_path)


def add(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def wrong(lesson):
    return [finding.text for finding in check(STEM, lesson.root) if finding.kind == "wrong"]


@pytest.mark.slow
def test_a_complete_lesson_is_ready(lesson):
    assert list(check(STEM, lesson.root)) == [
        Finding("fine", "It builds."),
        Finding("fine", "Everything that belongs to a lesson is there."),
        Finding("fine", "215 words of prose outside folds; about 10 minutes by the rule in "
                        "CONTRIBUTING, and the lesson says 15."),
        Finding("fine", "4 model answers get all points, the blank gets none, 6 wrong answers lose "
                        "points and are named, 3 right answers get all points."),
        Finding("fine", "6 of 6 wrong answers (100%) fail a visible check."),
        Finding("fine", "3 right answers agree with the model answers on fresh inputs, and no "
                        "pattern is seen in them."),
        Finding("fine", "30 of 30 wrong answers with a second slip (100%) are recognized: no "
                        "stability, ints, no lists, another epsilon, in place."),
        Finding("fine", "Stock nbgrader gives the same points to the model answers, the blank and "
                        "two mixed notebooks, and every cell runs.")]


ANOTHER = '''

def scale__for_positive_ones(x, factor):
    x = np.asarray(x, dtype=float)
    return np.where(x > -5, factor * x, 0.0)
'''


def test_a_right_answer_that_differs_on_fresh_inputs_is_told(lesson):
    add(lesson.right_answers, ANOTHER)
    build(lesson.root)
    found = list(explanations.judged(lesson, ["scale"], known_answers(lesson.right_answers)))
    assert [one.kind for one in found] == ["wrong", "fine"]
    assert "the right answer `scale__for_positive_ones` differs" in found[0].text


def test_known_answers_that_are_graded_wrongly_are_told(lesson, monkeypatch):
    def fails(*arguments):
        raise StockFailed("it can't start")

    monkeypatch.setattr(module, "autograded", fails)
    add(lesson.misconceptions, FAULTY)
    add(lesson.right_answers, NOT_RIGHT)
    notices = wrong(lesson)
    assert [one.partition(":")[0] for one in notices if "not recognized" in one] == [
        f"the wrong answer `scale__{label}` is not recognized" for label in
        ("divides", "divides_too")]
    assert "the tests accept the wrong answer `scale__right`" in notices
    marked, compared = (one for one in notices if "scale__flat" in one)
    assert marked.startswith("the right answer `scale__flat` gets 1.5 of 2 points: works for")
    assert compared.startswith("on fresh inputs the right answer `scale__flat` differs")
    assert notices[-1] == "stock nbgrader: it can't start"


def test_what_stock_nbgrader_does_otherwise_is_told(lesson, monkeypatch):
    """It gives all points to a test cell without an output."""
    def silent(of, students):
        cell = next(c for c in students["model"].cells if c.source.startswith("with plots"))
        cell.outputs = [new_output("error", ename="KeyError", evalue="'x'", traceback=[])]
        cell = next(c for c in students["blank"].cells if c.source.startswith("with plots"))
        cell.outputs = [new_output("stream", name="stderr", text="a warning\n")]
        return students

    monkeypatch.setattr(module, "autograded", silent)
    notices = wrong(lesson)
    assert ("`scale` in the notebook 'blank': stock nbgrader gives 2 points, the course's engine 0"
            in notices)
    assert any(one.startswith("`scale` in the notebook 'mixed-0': stock nbgrader gives 2 points")
               for one in notices)
    first = "the cell `with plots.figure("
    assert [one.rpartition(" the notebook ")[2] for one in notices if one.startswith(first)] == [
        "'model' raises KeyError: 'x'", "'blank' writes to standard error: a warning"]


def test_a_module_of_answers_that_cannot_be_read_is_told(lesson):
    add(lesson.right_answers, "\nraise ValueError('oh')\n")
    with pytest.raises(UserError, match=rf"^tests/right_answers/{STEM}\.py: ValueError: oh$"):
        list(check(STEM, lesson.root))


@pytest.mark.slow
def test_the_commands_print_and_exit(lesson):
    def run(*arguments):
        return subprocess.run([sys.executable, "-m", "autograder", *arguments], cwd=lesson.root,
                              capture_output=True, text=True, timeout=120, check=False)

    done = run("new", "09_next")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("solutions/09_next.py\nmisconceptions/09_next.py\n")
    assert "python -m autograder check 09_next" in done.stdout
    again = run("new", "09_next")
    assert (again.returncode, again.stdout) == (2, "")
    assert "exists already; nothing was written" in again.stderr
    unknown = run("check", "10_nothing")
    assert unknown.returncode == 2
    assert "There is no lesson 10_nothing" in unknown.stderr
    (lesson.root / "solutions" / "09_next.py").unlink()
    lesson.right_answers.write_text("")
    unready = run("check", STEM)
    assert unready.returncode == 1
    assert "missing: right answers to `scale`: 0 of at least 3\n" in unready.stdout
    assert "08_scaling: one thing to do (" in unready.stderr
