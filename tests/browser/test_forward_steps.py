"""The forward pass explorer in lesson 3: it waits, steps, plays, and follows its controls."""

import re

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import filled

pytestmark = pytest.mark.browser
(LESSON,) = (lesson for lesson in lessons() if lesson.name == "03_forward_pass")


def test_the_forward_pass_explorer_steps_through_the_students_layers(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("ForwardSteps(")
    needed = ("mlp_forward", "softmax")
    for name in ("setup", "imports", *needed, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("mlp_forward")  # has no answer yet
    with explorer.another_picture("flow"):  # the digits are there to be looked at all the same
        press(explorer.part("digit"), "ArrowRight", 2)
        expect(explorer.part("digit-value")).to_have_text("no. 21")

    answers = {c.id: c.source for c in filled(LESSON).cells if c.id in needed}
    notebook.fill(answers)
    for name in (*needed, cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    expect(explorer.part("position-value")).to_have_text("1 of 7")

    # By button, by keys, and to the end by itself.
    with explorer.another_picture("flow"):
        explorer.part("forward").click()
        expect(explorer.part("step")).to_contain_text("Layer 1, the sums")
    with explorer.another_picture("detail"):
        press(explorer.part("unit"), "ArrowRight", 3)
        expect(explorer.part("sum")).to_contain_text("unit 4")
    with explorer.another_picture("flow"):
        press(explorer.part("position"), "ArrowRight", 1)
        expect(explorer.part("step")).to_contain_text("Layer 1, the activations")
    explorer.part("play").click()
    expect(explorer.part("play")).to_have_text("Pause")
    expect(explorer.part("position-value")).to_have_text("7 of 7")
    expect(explorer.part("play")).to_have_text("Play")
    expect(explorer.part("message")).to_contain_text("It says 3")

    # Other pictures, one of them beside a kept one; another network.
    with explorer.another_picture("flow"):
        explorer.part("keep").click()
        explorer.part("same").click()
        expect(explorer.part("message")).to_contain_text("It says 3")
    expect(explorer.part("compared")).to_contain_text("times as far apart")
    explorer.part("keep").click()
    expect(explorer.part("compared")).to_be_empty()
    with explorer.another_picture("flow"):
        explorer.part("mistake").click()
        expect(explorer.part("message")).to_contain_text("but it is a")
    with explorer.another_picture("flow"):
        explorer.part("layers-1").click()
        expect(explorer.part("position-value")).to_have_text("3 of 3")
        expect(explorer.part("right")).to_have_text(re.compile(r"3\d\d of 397"))

    # A click on the picture goes back to where it stands alone.
    flow = explorer.part("flow")
    box = flow.bounding_box()
    assert box is not None
    flow.click(position={"x": 0.1 * box["width"], "y": 0.5 * box["height"]})
    expect(explorer.part("position-value")).to_have_text("1 of 3")
