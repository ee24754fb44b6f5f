"""A result as text and as JSON."""

import json
from typing import get_args, get_type_hints

import pytest

from autograder.feedback.text import WIDTH, as_json, as_report, as_text
from autograder.grading.result import Check, Exercise, Misconception, Result, Smallest

GOOD = Check("is 1", True, False)
BAD = Check("is 2", False, True, "Expected 2, got 3.")
ERRORS = [error for part in get_args(get_type_hints(Exercise)["error"])
          for error in get_args(part)]


def result(*exercises, **more):
    return Result("a/b.ipynb", "ada", "01_demo", exercises=list(exercises),
                  score=sum(e.score for e in exercises),
                  max_score=sum(e.max_score for e in exercises), **more)


def test_the_json_has_the_agreed_keys_and_values():
    hint = Misconception("off_by_one", "Count again.")
    one = result(Exercise("half", 1.5, 2.0, checks=[GOOD, BAD], misconception=hint,
                          patterns=["It changes `x`."], smallest=Smallest("half(2)", "1", "2")),
                 Exercise("why", 0.0, 3.0, needs_manual_grade=True),
                 seconds=0.2, repairs=["put back"], flags=["changed"])
    bad = Result("x.ipynb", None, None, "quarantined", "The file is empty.")
    assert json.loads(as_json([one, bad], ["network"])) == {
        "missing_fence": ["network"], "results": [
        {"path": "a/b.ipynb", "student": "ada", "assignment": "01_demo", "status": "graded",
         "reason": None, "score": 1.5, "max_score": 5.0, "seconds": 0.2,
         "repairs": ["put back"], "flags": ["changed"], "exercises": [
             {"name": "half", "score": 1.5, "max_score": 2.0, "needs_manual_grade": False,
              "checks": [{"label": "is 1", "passed": True, "hidden": False, "message": ""},
                         {"label": "is 2", "passed": False, "hidden": True,
                          "message": "Expected 2, got 3."}],
              "misconception": {"name": "off_by_one", "hint": "Count again."},
              "patterns": ["It changes `x`."],
              "smallest": {"call": "half(2)", "expected": "1", "got": "2"}, "earlier": None,
              "error": None},
             {"name": "why", "score": 0.0, "max_score": 3.0, "needs_manual_grade": True,
              "checks": [], "misconception": None, "patterns": [], "smallest": None,
              "earlier": None, "error": None}]},
        {"path": "x.ipynb", "student": None, "assignment": None, "status": "quarantined",
         "reason": "The file is empty.", "score": 0.0, "max_score": 0.0, "seconds": 0.0,
         "repairs": [], "flags": [], "exercises": []}]}


def test_no_results_are_a_document_too():
    assert json.loads(as_json([], [])) == {"results": [], "missing_fence": []}


def test_a_report_has_a_part_for_each_result_and_says_what_the_fence_lacks():
    one, two = result(), Result("x.ipynb", None, None, "quarantined", "The file is empty.")
    assert as_report([one, two], []) == f"{as_text(one)}\n\n{as_text(two)}"
    assert as_report([one], ["network", "limits"]) == (
        f"{as_text(one)}\n\nGraded without the whole fence; missing: network, limits.")


def test_the_text_says_points_first_then_what_failed_and_why():
    text = as_text(result(
        Exercise("half", 1.5, 2.0, checks=[GOOD, BAD],
                 misconception=Misconception("off_by_one", "Count again.")),
        Exercise("double", 0.0, 2.0, checks=[Check("doubles", False, False)], error="raised"),
        Exercise("why", 0.0, 3.0, needs_manual_grade=True),
        repairs=["A cell was put back."], flags=["A cell had been changed."]))
    assert text.splitlines() == [
        "ada · 01_demo  (a/b.ipynb)  1.5 of 7 points",
        "  A cell was put back.",
        "  Look at this: A cell had been changed.",
        "  half                       1.5 / 2",
        "      off by one: Count again.",
        "      ✗ is 2: Expected 2, got 3.",
        "  double                       0 / 2   the answer's code raised an exception",
        "      ✗ doubles",
        "  why                          0 / 3   to be read by a teacher",
    ]


def test_a_choice_has_its_reason_right_or_wrong():
    right, wrong = (Check("what twice means", passed, True, f"You chose {letter}. Why.")
                    for passed, letter in ((True, "a"), (False, "b")))
    lines = as_text(result(Exercise("quiz_one", 1.0, 1.0, checks=[GOOD, right]),
                           Exercise("quiz_two", 0.0, 1.0, checks=[GOOD, wrong]))).splitlines()
    assert lines[2] == "      ✓ what twice means: You chose a. Why."
    assert lines[4] == "      ✗ what twice means: You chose b. Why."
    assert len(lines) == 5


@pytest.mark.parametrize(("student", "assignment", "title"), [
    ("ada", None, "ada"), (None, "01_demo", "01_demo"), (None, None, "no lesson")])
def test_what_could_not_be_graded_says_why(student, assignment, title):
    text = as_text(Result("x.ipynb", student, assignment, "quarantined", "The file is empty."))
    assert text.splitlines() == [f"{title}  (x.ipynb)", "  not graded: The file is empty."]


@pytest.mark.parametrize("error", ERRORS)
def test_each_error_has_its_words(error):
    text = as_text(result(Exercise("half", 0.0, 2.0, checks=[BAD], error=error)))
    first = text.splitlines()[1]
    assert first.startswith("  half                         0 / 2   ")
    assert len(first) > 50
    assert ("✗" in text) == (error != "missing")  # a blank answer is no list of failures


def test_long_lines_are_folded_below_their_beginning():
    long = Check("is 2", False, False, "Expected 2. " * 40)
    lines = as_text(result(Exercise("half", 0.0, 2.0, checks=[long]))).splitlines()
    assert len(lines) > 5
    assert all(len(line) <= WIDTH for line in lines)
    assert all(line.startswith("        Exp") or line.startswith("        2.")
               for line in lines[3:])
