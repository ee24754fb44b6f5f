"""The result of a test cell: a bare number, a text, a card, and plain data."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from support.markup import XSS, Page
from utils._cards import MIME, comparison
from utils._cards.card import Outcome, Score

GOOD = Outcome("is 1", 1.0, False)
BAD = Outcome("is 2", 1.0, False, "Expected 2, got 3.", "failed")
MISSING = Outcome("is 1", 1.0, False, "`f` is not finished yet.", "missing")
HIDDEN = Outcome("is 3", 1.0, True)


def score(*outcomes, points=2, visible=None, hidden=0, printed="", exercise="f"):
    visible = len(outcomes) - hidden if visible is None else visible
    return Score(exercise, points, visible, hidden, list(outcomes), printed)


def page(one):
    return Page(one._repr_mimebundle_()["text/html"])


# The number


@given(outcomes=st.lists(st.builds(
           Outcome, st.text(), st.floats(0, 10), st.booleans(), st.text(),
           st.sampled_from([None, "failed", "missing", "raised"])), max_size=6),
       points=st.floats(0, 100), visible=st.integers(0, 6), hidden=st.integers(0, 6))
def test_a_score_is_a_bare_number_between_0_and_the_points(outcomes, points, visible, hidden):
    one = Score("f", points, visible, hidden, outcomes)
    assert 0 <= one <= points
    assert float(repr(one)) == one
    assert json.loads(json.dumps(one.as_json()))["score"] == one


@pytest.mark.parametrize(("one", "value"), [
    (score(GOOD, BAD), 1.0),
    (score(GOOD, GOOD, BAD, points=1), 0.67),
    (score(GOOD, HIDDEN, hidden=1), 2.0),
    (score(GOOD, visible=1, hidden=1), 2.0),  # the student's copy
    (score(GOOD, visible=2), 0.0),  # a check that never ran earned nothing
    (score(GOOD, HIDDEN, visible=1, hidden=2), 0.0),
    (score(GOOD, GOOD, GOOD, visible=1, hidden=1), 0.0),
    (score(Outcome("a", 0.0, False)), 2.0),
    (score(Outcome("a", 0.0, False, "no", "failed")), 0.0),
])
def test_a_score_counts_what_ran(one, value):
    assert one == value


@pytest.mark.parametrize("magic", [None, "%.0f"])
def test_stock_nbgrader_reads_the_number(magic):
    """As partial credit, from a cell shown by IPython, also after `%precision 0`."""
    formatter = DisplayFormatter()
    if magic:
        formatter.formatters["text/plain"].float_precision = magic
    data, _ = formatter.format(score(GOOD, GOOD, BAD, points=1))
    assert data["text/plain"] == "0.67"
    cell = new_code_cell("check.result()", outputs=[new_output("execute_result", data)])
    cell.metadata.nbgrader = {"grade": True, "solution": False, "points": 1, "grade_id": "f-tests"}
    earned, whole = determine_grade(cell, logging.getLogger("nbgrader"))
    assert (earned, whole) == (0.67, 1.0)


# The text


@pytest.mark.parametrize(("one", "headline"), [
    (score(GOOD, BAD, hidden=1), "f: 1 of 2 points, 1 of 2 checks pass."),
    (score(GOOD, HIDDEN, hidden=1), "f: 2 of 2 points, 2 of 2 checks pass."),
    (score(GOOD, GOOD), "f: all 2 checks here pass."),
    (score(GOOD, GOOD, BAD), "f: 2 of 3 checks here pass."),
    (score(GOOD, GOOD, visible=2, hidden=3),
     "f: all 2 checks here pass; 3 more run when you submit."),
    (score(GOOD, BAD, visible=2, hidden=1),
     "f: 1 of 2 checks here pass; 1 more runs when you submit."),
    (score(BAD), "f: the check here fails."),
    (score(GOOD), "f: the check here passes."),
    (score(BAD, hidden=1), "f: 0 of 2 points, the check fails."),
    (score(HIDDEN, hidden=1), "f: 2 of 2 points, the check passes."),
    (score(MISSING, MISSING, hidden=1), "f: not finished yet."),
    (score(MISSING, GOOD), "f: 1 of 2 checks here pass."),
])
def test_the_headline_counts_what_ran_here_and_what_is_to_come(one, headline):
    assert one.headline == headline
    assert str(one).splitlines()[0] == headline
    assert page(one).text.startswith(headline)


def test_the_text_lists_the_checks_and_what_was_printed():
    assert str(score(GOOD, BAD, printed="one\ntwo\n")).splitlines()[1:] == [
        "  passed  is 1",
        "  FAILED  is 2: Expected 2, got 3.",
        "  Your code printed:",
        "    one",
        "    two",
    ]


# The card


def test_the_card_marks_each_check():
    card = page(score(GOOD, BAD, HIDDEN, hidden=1))
    assert card.text == ("f: 1.33 of 2 points, 2 of 3 checks pass."
                         "✓is 1✗is 2Expected 2, got 3.✓is 3 (hidden check)")
    words = [value for name, value in card.attributes if name == "aria-label"]
    assert words == ["f: 1.33 of 2 points, 2 of 3 checks pass.", "passed", "failed", "passed"]


@pytest.mark.parametrize(("one", "passed"), [
    (score(GOOD), "true"), (score(GOOD, BAD), "false"), (score(MISSING), "false")])
def test_the_card_says_to_programs_whether_all_passed(one, passed):
    assert ("data-passed", passed) in page(one).attributes


def test_the_three_states_look_different():
    edges = {value.split(";")[0] for one in (score(GOOD), score(BAD), score(MISSING))
             for name, value in page(one).attributes if "border-left" in (value or "")}
    assert len(edges) == 3


def test_an_unfinished_answer_gets_one_sentence():
    assert page(score(MISSING, MISSING)).text == (
        "f: not finished yet.Write your answer in the cell above, run it, and run this cell again.")
    calls = Outcome("is 1", 1.0, False, "`f` calls `g`, which is not finished yet.", "missing")
    assert page(score(calls)).text == (
        "f: not finished yet.f calls g, which is not finished yet.")
    below = Outcome("is 1", 1.0, False, "`f` is not finished yet. There is code below `raise "
                    "NotImplementedError()`: delete that line.", "missing")
    assert page(score(below)).text == ("f: not finished yet.There is code below raise "
                                       "NotImplementedError(): delete that line.")
    assert "code" in page(score(below)).tags


@pytest.mark.parametrize("error", ["failed", "missing", "raised"])
def test_nothing_a_student_wrote_becomes_markup(error):
    plain = score(Outcome("label", 1.0, True, "message", error), GOOD, exercise="f",
                  printed="printed")
    tricky = score(Outcome(XSS, 1.0, True, XSS, error), GOOD, exercise=XSS, printed=XSS)
    assert page(tricky).tags == page(plain).tags
    assert [name for name, _ in page(tricky).attributes] == [
        name for name, _ in page(plain).attributes]
    assert page(tricky).text.count(XSS) == 4


def test_the_card_of_one_unfinished_answer_is_escaped():
    card = page(score(Outcome("label", 1.0, False, XSS, "missing"), exercise=XSS))
    assert "script" not in card.tags
    assert card.text.count(XSS) == 2


SAME = [Outcome(label, 1.0, hidden, f"f({label}): expected shape (2,), got ({label},).", "failed",
                fault="expected shape (#,), got (#,).") for label, hidden in (
                    ("3", False), ("4", False), ("5", True))]
OTHER = Outcome("6", 1.0, False, "f(6): expected 1, got 2.", "failed", fault="expected 1, got 2.")
RAISED = Outcome("7", 1.0, False, "f(7): expected 1, got 2.", "raised", fault="expected 1, got 2.")


def test_checks_that_fail_by_one_mistake_say_it_once():
    one = score(SAME[0], GOOD, OTHER, *SAME[1:], RAISED, hidden=1)
    assert str(one).splitlines()[1:] == [
        "  FAILED  3: f(3): expected shape (2,), got (3,).",
        "          and 2 more checks fail the same way: 4; 5",
        "  passed  is 1",
        "  FAILED  6: f(6): expected 1, got 2.",
        "  FAILED  7: f(7): expected 1, got 2."]
    assert page(one).text.endswith(
        "✗3f(3): expected shape (2,), got (3,).and 2 more checks fail the same way✗4✗5 "
        "(hidden check)✓is 1✗6f(6): expected 1, got 2.✗7f(7): expected 1, got 2.")
    assert page(one).tags.count("details") == 1
    assert one == 0.33


def test_one_more_check_that_fails_the_same_way_is_one():
    assert "and 1 more check fails the same way" in str(score(*SAME[:2]))


def test_checks_that_pass_are_never_put_together():
    assert str(score(GOOD, GOOD)).count("is 1") == 2


def test_what_stands_between_backticks_is_code():
    one = score(Outcome("is", 1.0, False, "`f` raised <b>, at `x = 1 / 0 < *y*` in `g`.", "raised"))
    html = one._repr_mimebundle_()["text/html"]
    assert ("<code>f</code> raised &lt;b&gt;, at <code>x = 1 / 0 &lt; *y*</code> in "
            "<code>g</code>.") in html


CHOSEN = Score("quiz_f", 1, 1, 1, [Outcome("is one of the letters", 0.0, False)], recorded="a")


def test_a_choice_is_recorded_and_neither_right_nor_wrong():
    assert CHOSEN == 1.0  # what stock nbgrader has always read
    assert CHOSEN.headline == "Recorded: a."
    assert page(CHOSEN).text == "Recorded: a.It is marked when you submit."
    assert ("data-passed", "recorded") in page(CHOSEN).attributes
    edges = [value.split("padding")[0] for one in (CHOSEN, score(GOOD), score(BAD))
             for _, value in page(one).attributes if "border-left" in (value or "")]
    assert len(set(edges)) == 3
    assert str(CHOSEN) == "Recorded: a.\nIt is marked when you submit."


def test_what_is_no_letter_is_not_recorded():
    one = Score("quiz_f", 1, 1, 1, [Outcome("is one of the letters", 0.0, False, "Return one "
                "letter.", "failed")], recorded="a")
    assert (one.recorded, one.headline) == (
        "", "quiz_f: the check here fails; 1 more runs when you submit.")


def test_the_cause_stands_before_everything_else():
    one = Score("f", 2, 2, 0, [GOOD, BAD], cause="`g` fails.")
    assert str(one).splitlines()[:2] == ["f: 1 of 2 checks here pass.", "`g` fails."]
    assert page(one).text.startswith("f: 1 of 2 checks here pass.g fails.✓is 1")


def test_a_comparison_stands_under_its_message():
    sides = comparison.compared([1.0, 2.0], [1.0, 3.0])
    one = score(Outcome("is", 1.0, False, "Expected, got.", "failed", sides), GOOD)
    text = page(one).text
    assert text.index("Expected, got.") < text.index("≠ 2") < text.index("is 1")
    assert "≠" not in str(one)


def test_the_hints_stand_last():
    one = Score("f", 2, 1, 0, [BAD], hints=(XSS, "second"))
    assert page(one).text.endswith(f"A hint{XSS}One moresecond")
    assert "script" not in page(one).tags
    assert "second" not in str(one)


def test_an_answer_that_could_not_be_read_is_told_above_the_checks_of_the_older_one():
    one = Score("f", 2, 1, 0, [GOOD], unread=XSS)
    note = f"{XSS}. What follows is about your answer as it was before."
    assert page(one).text == f"f: the cell with your answer did not run.{note}✓is 1"
    assert str(one).splitlines() == ["f: the cell with your answer did not run.", note,
                                     "  passed  is 1"]
    assert ("data-passed", "false") in page(one).attributes


def test_programs_find_plain_data_beside_the_card():
    bundle = score(GOOD, BAD, printed="hm")._repr_mimebundle_()
    assert set(bundle) == {"text/html", MIME}
    assert bundle[MIME] == {
        "exercise": "f", "score": 1.0, "points": 2, "printed": "hm",
        "outcomes": [
            {"label": "is 1", "weight": 1.0, "hidden": False, "message": "", "error": None,
             "sides": None},
            {"label": "is 2", "weight": 1.0, "hidden": False, "message": "Expected 2, got 3.",
             "error": "failed", "sides": None}]}
