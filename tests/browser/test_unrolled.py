"""Lesson 14 in the browser: a name is read letter by letter, by the student's functions."""

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "14_recurrent")
NEEDED = ("rnn_step", "rnn_backward")


def test_the_explorer_reads_a_name_with_the_students_functions(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("Unrolled(rnn_step")
    for name in ("setup", "imports", *NEEDED, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your rnn_step")

    answers = texts(LESSON)
    notebook.fill({name: answers[name] for name in NEEDED})
    for name in (*NEEDED, cell):
        notebook.run(name)
    message = explorer.part("message")
    expect(explorer.part("note")).to_be_empty()
    expect(message).to_contain_text("After 10 letters")

    # A name of one's own, typed letter by letter; what is no letter is passed over.
    explorer.part("text").fill("Zoe-2")
    expect(message).to_contain_text("After 3 letters")
    expect(explorer.part("strip")).to_have_attribute(
        "aria-label", "The state of 12 units, one column after each letter of zoe.")
    explorer.part("text").fill("42")
    expect(explorer.part("trouble")).to_contain_text("This still shows “zoe”")
    expect(message).to_contain_text("After 3 letters")

    # The radius by keys, and the inputs off.
    explorer.part("preset-forty letters").click()
    expect(explorer.part("trouble")).to_be_empty()
    expect(message).to_contain_text("After 40 letters, ‖∂h/∂h₀‖ is 0.00051")
    press(explorer.part("radius"), "ArrowRight", 4)
    expect(explorer.part("radius-value")).to_have_text("1.20")
    expect(message).to_contain_text("is 0.035")
    press(explorer.part("inputs"), "Home")
    expect(message).to_contain_text("letters make no difference")
    press(explorer.part("inputs"), "End")
    expect(explorer.part("inputs-value")).to_have_text("× 2.0")
    before = message.inner_text()
    explorer.part("draw").click()
    expect(message).not_to_have_text(before)
    assert all(failure.endswith("did not run") for failure in notebook.failures())
