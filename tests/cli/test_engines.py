"""A class graded by our command, by nbgrader's with our engine in it, and by stock nbgrader."""

import csv
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder.course import Lesson
from autograder.gradebook.book import Book
from autograder.gradebook.settings import settings
from support import demo
from support.answers import cell
from support.classes import (
    RIGHT,
    autograded,
    change,
    dump,
    gradebook,
    hand_in,
    marks,
    nbgrader,
    submitted,
)
from support.demo import NAME

pytestmark = pytest.mark.slow

LATE = "2030-01-02 11:00:00 UTC"
SQUARE = {**RIGHT, "double": "def double(x):\n    return x ** 2"}
CLASS = {"ann": RIGHT, "bob": {"half": RIGHT["half"]}, "cem": SQUARE, "dan": {}}


def given_by_hand(root):
    """Teacher's marks and comments; and a penalty for what is late."""
    change(root, "update grade set manual_score = 2.5, needs_manual_grade = 0 "
                 "where auto_score is null")
    change(root, "update comment set manual_comment = 'Well said.'")


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """A class graded by `python -m autograder autograde`, marked by hand, and graded again."""
    root = tmp_path_factory.mktemp("ours") / "course"
    lesson = demo.course(root)
    Book(settings(root)).close()
    for student, answers in CLASS.items():
        hand_in(lesson, student, answers)
    grade(root)
    given_by_hand(root)
    hand_in(lesson, "ann", RIGHT, LATE)
    change(root, "update assignment set duedate = '2030-01-01 12:00:00.000000'")
    grade(root, "--force")
    return root


@pytest.fixture(scope="module", params=["", "stock"], ids=["our engine", "stock"])
def theirs(request, ours, tmp_path_factory):
    """The same class, graded anew by `nbgrader autograde`."""
    root = tmp_path_factory.mktemp("theirs") / "course"
    shutil.copytree(ours, root)
    shutil.rmtree(root / "grading" / "autograded")
    gradebook(root).unlink()
    lesson = Lesson(NAME, root)
    hand_in(lesson, "ann", RIGHT)
    if request.param == "stock":  # it knows only what it has released itself
        nbgrader(root, "generate_assignment", NAME, "--force", engine="stock")
    nbgrader(root, "autograde", NAME, "--create", engine=request.param)
    given_by_hand(root)
    hand_in(lesson, "ann", RIGHT, LATE)
    change(root, "update assignment set duedate = '2030-01-01 12:00:00.000000'")
    nbgrader(root, "autograde", NAME, "--force", engine=request.param)
    return root


def grade(root, *arguments):
    return subprocess.run([sys.executable, "-m", "autograder", "autograde", *arguments], cwd=root,
                          capture_output=True, text=True, timeout=300, check=True)


def given(root):
    """What stands in the gradebook, but for how far a written answer that is blank is marked."""
    found = dump(root)
    return {table: found[table] for table in ("student", "submitted_assignment",
                                              "submitted_notebook", "grade", "comment")}


def test_the_same_stands_in_the_gradebook(ours, theirs, request):
    assert marks(ours)["cem"]["double-tests"][0] < 2
    if request.node.callspec.params["theirs"] == "stock":
        # Stock nbgrader lets a teacher look again at every mark by hand.
        change(theirs, "update grade set needs_manual_grade = 0 where manual_score is not null")
    assert marks(ours)["ann"]["why"] == (None, False)
    assert marks(ours) == marks(theirs)
    assert given(ours) == given(theirs)
    late = [row for row in given(ours)["submitted_assignment"] if row["timestamp"][:10] ==
            "2030-01-02"]
    assert len(late) == 1


def test_nbgrader_goes_on_from_what_we_wrote(ours, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(ours, root)
    nbgrader(root, "generate_feedback", NAME)
    page = (root / "grading" / "feedback" / "ann" / NAME / f"{NAME}.html").read_text()
    assert "Well said." in page
    assert "<strong>5.5</strong> of 6 points" in page
    nbgrader(root, "export", "--to", str(tmp_path / "grades.csv"))
    with (tmp_path / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {student: float(row["raw_score"]) for student, row in rows.items()} == {
        student: sum((score if score is not None else 2.5)
                     for score, _ in marks(root)[student].values()) for student in CLASS}
    assert float(rows["ann"]["late_submission_penalty"]) == 0


def test_the_autograded_notebook_shows_what_the_tests_said(ours):
    found = nbformat.read(autograded(ours, "cem") / f"{NAME}.ipynb", as_version=4)
    card, hint = cell(found, "double-tests").outputs
    assert "expected [ 2., -4.], got [1., 4.]" in card["data"]["text/html"]
    assert "This is x times x." in hint["data"]["text/html"]
    assert cell(found, "double").source == SQUARE["double"]


def test_a_submission_that_can_not_be_graded_is_told_by_nbgrader(ours, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(ours, root)
    before = marks(root)
    (submitted(root, "bob") / f"{NAME}.ipynb").write_text("{")
    with pytest.raises(AssertionError, match=r"bob"):
        nbgrader(root, "autograde", NAME, "--force")
    assert {name: marks(root)[name] for name in ("ann", "cem")} == {
        name: before[name] for name in ("ann", "cem")}
