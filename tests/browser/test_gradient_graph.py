"""The gradient graph in lesson 4: it starts empty, steps, flags a bug, and names a secret one."""

import re

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab
from support.answers import filled

pytestmark = pytest.mark.browser
(LESSON,) = (lesson for lesson in lessons() if lesson.name == "04_backprop")


def test_the_gradient_graph_goes_forward_and_back(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("GradientGraph(numerical_gradient")
    needed = ("numerical_gradient", "gradient_check")
    notebook.fill({c.id: c.source for c in filled(LESSON).cells if c.id in needed})
    for name in ("setup", "imports", *needed, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)

    # Nothing but the inputs at first, and no check before the end.
    expect(explorer.part("value-x")).to_have_text("2.000")
    expect(explorer.part("value-u")).to_be_empty()
    expect(explorer.part("verdict-x")).to_be_empty()
    explorer.part("step").click()
    expect(explorer.part("value-u")).to_have_text("1.000")
    explorer.part("end").click()
    expect(explorer.part("gradient-w")).to_have_text(re.compile(r"^dw "))
    expect(explorer.part("message")).to_have_text("The check finds nothing wrong.")

    # A bug shows at the end, whichever step one was at.
    explorer.part("start").click()
    explorer.part("bug-swapped").check()
    expect(explorer.part("message")).to_have_text("The check finds that dx and dw are wrong.")
    expect(explorer.part("row-w")).to_have_class("nn-red")
    expect(explorer.part("row-b")).not_to_have_class("nn-red")
    explorer.part("reset").click()
    expect(explorer.part("value-u")).to_be_empty()

    # A secret one is told when it is revealed.
    explorer.part("secret").click()
    expect(explorer.part("revealed")).to_contain_text("A bug is planted somewhere.")
    expect(explorer.part("message")).to_contain_text("wrong")
    explorer.part("secret").click()
    expect(explorer.part("revealed")).to_contain_text("It was this bug: ")
