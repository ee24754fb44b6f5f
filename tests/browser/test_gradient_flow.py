"""Lesson 6 in the browser: the explorer's lines are the student's, its kept lines its own."""

import re

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "06_vanishing_gradients")
NEEDED = ("delta_norms", "init_weights")


def test_the_explorer_follows_the_gradient_by_the_students_functions(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("GradientFlow(delta_norms")
    for name in ("setup", "imports", *NEEDED, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your init_weights")

    answers = texts(LESSON)
    notebook.fill({name: answers[name] for name in NEEDED})
    for name in (*NEEDED, cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    message = explorer.part("message")
    expect(message).to_contain_text("It vanishes")

    # ReLU, first as Xavier has it, kept to compare, then as He has it.
    with explorer.another_picture():
        explorer.part("activation-ReLU").click()
        expect(message).to_contain_text("about 0.7")
    explorer.part("keep").click()
    expect(explorer.part("key")).to_contain_text("ReLU, Xavier, 20 layers")
    with explorer.another_picture():
        explorer.part("scheme-he").click()
        expect(message).to_contain_text("It comes through")
    expect(explorer.part("key")).to_contain_text("ReLU, He")

    # By keys: deeper, and with larger weights.
    with explorer.another_picture():
        press(explorer.part("depth"), "ArrowRight", 30)
        expect(explorer.part("depth-value")).to_have_text("50")
        press(explorer.part("gain"), "ArrowRight", 25)
        expect(explorer.part("gain-value")).to_have_text("× 1.50")
        expect(message).to_contain_text("It explodes")
    expect(explorer.part("picture")).to_have_attribute(
        "aria-label", re.compile(r"ReLU, He × 1\.50, 50 layers: .*It explodes"))
    explorer.part("one").click()
    expect(message).to_contain_text("It comes through")
    with explorer.another_picture():
        explorer.part("draw").click()
    explorer.part("forget").click()
    expect(explorer.part("key")).not_to_contain_text("20 layers")
    assert all(failure.endswith("did not run") for failure in notebook.failures())
