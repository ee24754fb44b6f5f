"""Lesson 8 in the browser: the paths are the student's; what is drawn is the explorer's choice."""

import re

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "08_optimizers")
NEEDED = ("stable_lr", "momentum_step", "rmsprop_step", "adam_step")


def test_four_optimizers_walk_by_the_students_functions(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("Valley(stable_lr")
    for name in ("setup", "imports", "pieces", *NEEDED, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your adam_step")
    expect(explorer.part("row-sgd")).to_contain_text("73 steps")  # lesson 4's is there already

    answers = texts(LESSON)
    notebook.fill({name: answers[name] for name in NEEDED})
    for name in (*NEEDED, cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    expect(explorer.part("limit")).to_have_text("limit 0.100")
    expect(explorer.part("message")).to_have_text("First to arrive: RMSprop, after 28 steps.")

    # The lesson's numbers on both sides of the limit can be chosen.
    for rate, steps, presses in (("0.0990", "281 steps", 9), ("0.102", "diverged", 2)):
        press(explorer.part("rate"), "ArrowRight", presses)
        expect(explorer.part("rate-value")).to_have_text(rate)
        expect(explorer.part("row-sgd")).to_contain_text(steps)
    press(explorer.part("rate"), "ArrowLeft", 11)
    expect(explorer.part("row-sgd")).to_contain_text("73 steps")

    # A narrower valley: the limit falls, and gradient descent with the same rate diverges.
    with explorer.another_picture():
        press(explorer.part("kappa"), "ArrowRight", 30)
        expect(explorer.part("kappa-value")).to_have_text("50")
        expect(explorer.part("limit")).to_have_text("limit 0.0400")
        expect(explorer.part("row-sgd")).to_contain_text("diverged")
    with explorer.another_picture():
        press(explorer.part("rate"), "ArrowLeft", 40)
        expect(explorer.part("row-momentum")).to_contain_text("steps")
    with explorer.another_picture():
        press(explorer.part("turn"), "ArrowRight", 45)
        expect(explorer.part("message")).to_contain_text("First to arrive: momentum")
    expect(explorer.part("row-adam")).to_contain_text("not in 300")
    expect(explorer.part("picture")).to_have_attribute(
        "aria-label", re.compile("condition number 50, turned by 45 degrees. First to arrive"))

    # What is drawn changes without the kernel.
    with explorer.another_picture():
        explorer.part("show-adam").click()
    with explorer.another_picture():
        press(explorer.part("steps"), "Home")
    explorer.part("all").click()
    expect(explorer.part("steps-value")).to_have_text("300")

    # A click drops them elsewhere, and the sliders follow.
    before = explorer.part("start1-value").text_content()
    with explorer.another_picture():
        explorer.part("picture").click(position={"x": 300, "y": 60})
        expect(explorer.part("start1-value")).not_to_have_text(before or "")
    assert all(failure.endswith("did not run") for failure in notebook.failures())
