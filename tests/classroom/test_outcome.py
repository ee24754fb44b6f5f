"""A run in a line: each submission is counted once, as what became of it."""

import pytest

from autograder.classroom.outcome import Outcome, summary
from autograder.grading.result import Exercise, Result

GRADED = Outcome(Result("a.ipynb", "ann", "01_demo"))
READ = Outcome(Result("b.ipynb", "bob", "01_demo", exercises=[
    Exercise("why", 0.0, 3.0, needs_manual_grade=True)]))
UNFIT = Outcome(Result("c.ipynb", "cem", "01_demo", "quarantined", "It is empty."))
# Its marks could not be written either: one trouble more is not one submission more.
UNFIT_UNWRITTEN = Outcome(UNFIT.result, "The disk is full.")
READ_UNWRITTEN = Outcome(READ.result, "The disk is full.")


def test_a_name_stands_beside_the_id():
    assert UNFIT.notices({"cem": "cem (Cem Oz)"}) == [
        "cem (Cem Oz), 01_demo: not graded. It is empty."]


@pytest.mark.parametrize(("outcomes", "line"), [
    ([], "Nothing new was handed in."),
    ([GRADED, GRADED], "2 of 2 graded."),
    ([READ], "1 of 1 graded, 1 with answers for a teacher to read: see `written`."),
    ([UNFIT], "0 of 1 graded, 1 not graded."),
    ([READ_UNWRITTEN], "0 of 1 graded, 1 not written."),
    ([UNFIT_UNWRITTEN], "0 of 1 graded, 1 not written."),
    ([GRADED, READ, UNFIT, UNFIT_UNWRITTEN],
     "2 of 4 graded, 1 with answers for a teacher to read: see `written`, 1 not graded, "
     "1 not written."),
])
def test_every_submission_is_counted_once(outcomes, line):
    assert summary(outcomes) == line
