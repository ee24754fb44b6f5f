"""Lesson 7 in the browser: the playground trains, pauses, goes on, and lets the kernel be."""

import re

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "07_regularization")
NEEDED = ("l2_grad", "dropout_forward", "dropout_backward", "early_stopping")


def test_the_playground_trains_by_the_students_functions(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("RegularizationPlayground(l2_grad")
    names = [name for name in notebook.sources if name in ("setup", "imports")]
    for name in (*names, *NEEDED, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("l2_grad")  # has no answer yet

    answers = texts(LESSON)
    notebook.fill({name: answers[name] for name in NEEDED})
    for name in (*NEEDED, cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()

    # Train, pause: the epochs stand still.
    message = explorer.part("message")
    with explorer.another_picture("curves"), explorer.another_picture("boundary"):
        explorer.part("train").click()
        expect(message).to_contain_text("above its lowest")
    explorer.part("train").click()
    expect(explorer.part("train")).to_have_text("Train")
    lab.page.wait_for_timeout(500)
    paused = message.inner_text()
    lab.page.wait_for_timeout(500)
    assert message.inner_text() == paused

    # While it trains the kernel answers other cells, and knobs turn.
    explorer.part("train").click()
    press(explorer.part("lam"), "ArrowRight", 3)
    expect(explorer.part("lam-value")).to_have_text("0.003")
    notebook.run("setup")
    press(explorer.part("p"), "ArrowRight", 2)
    expect(explorer.part("p-value")).to_have_text("0.2")
    expect(message).to_contain_text("Epoch 2000")
    expect(explorer.part("train")).to_have_text("Train")

    # Again, with a patience that stops it, and one look by hand.
    explorer.part("restart").click()
    expect(message).to_contain_text("first random weights")
    expect(explorer.root).to_contain_text("λ = 0.003, p = 0.2")  # the knobs came to the kernel
    press(explorer.part("lam"), "Home")
    press(explorer.part("p"), "Home")
    press(explorer.part("patience"), "Home")
    press(explorer.part("patience"), "ArrowRight", 2)
    expect(explorer.part("patience-value")).to_have_text("3")
    setup = notebook.sources["setup"]  # a machine that is too slow for a look in one answer
    notebook.fill({"setup": f"{setup}\nfrom utils.widgets.regularization import explorer\n"
                            "explorer.SECONDS = 0.0"})
    notebook.run("setup")
    explorer.part("step").click()
    expect(message).to_contain_text("Epoch 20:")
    lab.page.wait_for_timeout(500)
    assert "Epoch 20:" in message.inner_text()  # and there it stays
    explorer.part("train").click()
    expect(message).to_contain_text("go back to the best look")
    with explorer.another_picture("boundary"):
        explorer.part("whose-then").click()
    expect(explorer.part("curves")).to_have_attribute("aria-label", re.compile("Stopped at epoch"))
    assert [said for said in notebook.failures() if "did not run" not in said] == []
