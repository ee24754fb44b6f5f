"""What a feedback page repeats of a multiple-choice question."""

import pytest

from autograder.feedback.prose import prose
from autograder.feedback.quiz import quiz
from autograder.grading.result import Check, Exercise
from support import demo
from support.answers import built_lessons, notebook
from support.markup import HOSTILE
from support.quiz_lesson import LESSON, QUESTION
from utils.checks import Checks

RELEASE = demo.release(LESSON)


def exercise(message="", passed=False, name="quiz_twice"):
    return Exercise(name, 0.0, 1.0, checks=[Check("is one of the letters", True, False),
                                            Check("what twice means", passed, True, message)])


def asking(markdown):
    """A lesson that asks this."""
    commented = "\n".join(f"# {line}".rstrip() for line in markdown.splitlines())
    return demo.release(LESSON.replace(QUESTION, f"\n# %% [markdown]\n{commented}\n"))


def test_it_has_the_question_and_its_choices():
    found = quiz(exercise(), RELEASE)
    assert str(found.question).strip() == (
        "<p><strong>Question 1.</strong> What is <em>twice</em> x?</p>")
    assert [(one.letter, str(one.text), one.chosen) for one in found.choices] == [
        ("a", "<code>2 * x</code>", False), ("b", "x<sup>2</sup>, the square", False),
        ("c", "Half of it.", False)]
    assert (found.chosen, found.reason) == ("", "")


@pytest.mark.parametrize(("letter", "right", "reason"), [
    ("a", True, "It is x plus x."), (" B", False, "That is the square.")])
def test_what_the_checks_say_of_a_letter_is_its_reason(letter, right, reason):
    checks = Checks("quiz_twice", points=1, visible=1, hidden=1)
    with checks("is one of the letters", weight=0):
        checks.letter(letter)
    with checks("what twice means"):
        checks.letter(letter, right="a", why={"a": "It is x plus x.", "b": "That is the square."})
    said = [Check(one.label, one.passed, one.hidden, one.message) for one in checks.outcomes]
    found = quiz(Exercise("quiz_twice", 0.0, 1.0, checks=said), RELEASE)
    assert (found.chosen, found.right, found.reason) == (letter.strip().lower(), right, reason)
    assert [one.letter for one in found.choices if one.chosen] == [found.chosen]


def test_a_right_letter_without_a_reason_is_still_named():
    checks = Checks("quiz_twice", points=1, visible=0, hidden=1)
    with checks("what twice means"):
        checks.letter("a", right="a")
    found = quiz(exercise(checks.outcomes[0].message, True), RELEASE)
    assert (found.chosen, found.right, found.reason) == ("a", True, "")


def test_other_exercises_are_no_questions():
    assert quiz(exercise("You chose a. Why?", name="double"), RELEASE) is None


def test_choices_in_a_cell_of_their_own_take_the_question_along():
    release = asking("Above.")
    place = next(k for k, cell in enumerate(release.cells) if cell.id == "quiz_twice")
    above = release.cells[place - 1]
    above.source = "- **a**  One\n- **b**  Two"
    release.cells.insert(place - 1, type(above)(above, source="Which?", id="text-which"))
    found = quiz(exercise(), release)
    assert str(found.question).strip() == "<p>Which?</p>"
    assert [str(one.text) for one in found.choices] == ["One", "Two"]


@pytest.mark.parametrize("markdown", ["Which letter?", "Which?\n\n- one\n- two",
                                      "Which?\n\n1. **a** one"])
def test_a_question_without_lettered_choices_is_shown_as_it_is(markdown):
    found = quiz(exercise("You chose b. No."), asking(markdown))
    assert found.choices == []
    assert "Which" in found.question
    assert found.reason == "No."


@pytest.mark.parametrize(("tex", "html"), [
    ("$3x_1 - x_2 \\ge 4$", "3x<sub>1</sub> − x<sub>2</sub> ≥ 4"),
    ("$\\mathrm{step}(w \\cdot x + b)$", "step(w · x + b)"), ("$10^{-7}$", "10<sup>−7</sup>"),
    ("$s/\\sqrt n$", "s/√n"), ("$z < 0$", "z &lt; 0"),
    ("$w_1 *x* w_2$", "w<sub>1</sub> *x* w<sub>2</sub>"),
    ("$\\frac{1}{2}$", "$\\frac{1}{2}$"), ("$a_{b_c}$", "$a_{b_c}$"),
    ("$<b>_{<i>}$", "&lt;b&gt;<sub>&lt;i&gt;</sub>")])
def test_a_simple_formula_is_shown_in_symbols_and_another_as_it_is(tex, html):
    assert str(prose(tex)).strip() == f"<p>{html}</p>"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text(text):
    release = demo.release(LESSON)
    place = next(k for k, cell in enumerate(release.cells) if cell.id == "quiz_twice")
    release.cells[place - 1].source = f"Which {text}\n\n- **a**  one {text}\n- **b**  two"
    found = quiz(exercise(f"You chose a. {text}"), release)
    for html in (found.question, *(one.text for one in found.choices)):
        assert not any(tag in html for tag in ("<script", "<img", "<svg", "<a ", "<base", "<meta",
                                               "<iframe", "<form", "<!--", "<style"))


@pytest.mark.parametrize("lesson", built_lessons(), ids=lambda lesson: lesson.name)
def test_every_lessons_questions_have_four_choices(lesson):
    release = notebook(lesson.release)
    names = [cell.id for cell in release.cells
             if cell.id.startswith("quiz_") and not cell.id.endswith("-tests")]
    assert len(names) >= 3
    for name in names:
        found = quiz(exercise(name=name), release)
        assert [one.letter for one in found.choices] == ["a", "b", "c", "d"], name
        assert all(one.text for one in found.choices)
        assert found.question.startswith("<p><strong>Question"), name
