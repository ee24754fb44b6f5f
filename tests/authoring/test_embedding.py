"""Catch the bug: the hidden test holds known answers, and the student's copy holds none of them."""

import re

import pytest

from autograder.authoring.release import release_notebook
from autograder.authoring.source import LessonError
from autograder.grading import test_cell
from support.answers import cell
from support.catch_lesson import ALL, HALF, LESSON, NOT_AGREED, RIGHT, WRONG, solution

WRONG_LINE = "# wrong answers to mean: median, first, largest, total, of_sizes, of_ends"
RIGHT_LINE = "# right answers to mean: loop, numpy"


def scored(notebook, cases):
    tests = cell(notebook, "cases-tests")
    return test_cell.score(tests.source, tests.id, {"cases": lambda: cases})


@pytest.mark.parametrize(("cases", "points", "escaped"), [
    (ALL, 3.0, []),
    (HALF, 1.5, ["median", "of sizes", "of ends"]),
    ("[([4.0, 4.0],)]", 0.5, ["median", "first", "largest", "of sizes", "of ends"]),
])
def test_each_wrong_answer_is_worth_the_same(cases, points, escaped):
    score = scored(solution(), eval(cases))
    assert [o.label.removeprefix("exposes the mistake: ") for o in score.outcomes
            if not o.passed] == escaped
    assert score == points


def test_where_right_answers_disagree_there_is_nothing_but_the_reason():
    score = scored(solution(), eval(NOT_AGREED))
    assert score == 0
    assert {o.message for o in score.outcomes[1:]} == {
        "In case 0, right answers disagree with each other: `mean` promises nothing for such an "
        "input."}


def test_what_escaped_is_explained_by_its_hint():
    score = scored(solution(), [([4.0, 4.0],)])
    assert score.outcomes[1].message == (
        "No case shows it. Whoever makes this mistake is told: The entry in the middle is the "
        "median. The mean is the sum over n.")


def test_a_students_copy_holds_no_known_answer():
    released = release_notebook(solution())
    text = cell(released, "cases-tests").source
    assert "check.cases(cases, _fit)" in text
    assert "visible=1, hidden=6" in text
    assert not re.search(r"mean|median|_right|_wrong", text)


@pytest.mark.parametrize(("old", "new", "line", "reason"), [
    (WRONG_LINE, WRONG_LINE.replace("median", "medium"), WRONG_LINE.replace("median", "medium"),
     "there is no wrong answer `mean__medium`"),
    (RIGHT_LINE, RIGHT_LINE.replace("loop", "lop"), RIGHT_LINE.replace("loop", "lop"),
     "there is no right answer `mean__lop`"),
    (WRONG_LINE, WRONG_LINE.replace(", of_ends", ""), WRONG_LINE.replace(", of_ends", ""),
     "name six to ten wrong answers, each once"),
    (WRONG_LINE, WRONG_LINE.replace("of_ends", "total"), WRONG_LINE.replace("of_ends", "total"),
     "name six to ten wrong answers, each once"),
    (RIGHT_LINE, "# right answers to mean: loop", "# right answers to mean: loop",
     "name two right answers, each once"),
    (RIGHT_LINE, "# right answers: loop, numpy", "# right answers: loop, numpy",
     "write `# wrong answers to name: one_label, another`"),
    (f"{RIGHT_LINE}\n", "", WRONG_LINE, "one line names wrong answers, another right answers to "
     "the same exercise"),
    (f"### BEGIN HIDDEN TESTS\n{RIGHT_LINE}\n", f"{RIGHT_LINE}\n### BEGIN HIDDEN TESTS\n",
     RIGHT_LINE, "known answers belong in the hidden tests"),
])
def test_a_line_that_names_no_answers_is_refused(old, new, line, reason):
    text = LESSON.replace(old, new)
    assert text != LESSON
    with pytest.raises(LessonError) as caught:
        solution(text)
    number = text.splitlines().index(line) + 1
    assert str(caught.value) == f"solutions/01_demo.py:{number}: {reason}"


def test_a_lesson_without_such_answers_says_so():
    with pytest.raises(LessonError, match=r"there is no right answer `mean__loop`"):
        solution(wrong=WRONG, right="")
    with pytest.raises(LessonError, match=r"there is no wrong answer `mean__median`"):
        solution(wrong="", right=RIGHT)
