"""Lesson 11 in the browser: what a nudge moves is found out with the student's functions."""

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "11_normalization")
NEEDED = ("layernorm_forward", "rmsnorm_forward", "groupnorm_forward")


def test_the_explorer_nudges_a_cell_of_the_block(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("WhoShares(layernorm_forward")
    for name in ("setup", "imports", *NEEDED, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your groupnorm_forward")

    answers = texts(LESSON)
    notebook.fill({name: answers[name] for name in NEEDED})
    for name in (*NEEDED, cell):
        notebook.run(name)
    message = explorer.part("message")
    expect(explorer.part("note")).to_be_empty()
    expect(message).to_contain_text("Batch norm, by your groupnorm_forward: 16 outputs move.")
    expect(message).to_contain_text("exactly the cells")
    expect(explorer.part("groups-2")).to_be_hidden()

    # Another normalization, and another number of groups.
    with explorer.another_picture("input"), explorer.another_picture("output"):
        explorer.part("norm-rms").click()
    expect(message).to_contain_text("RMS norm, by your rmsnorm_forward: 24 outputs move.")
    expect(explorer.part("rows")).to_contain_text("2 added to all cells96")
    explorer.part("norm-group").click()
    explorer.part("groups-3").click()
    expect(message).to_contain_text("Group norm with 3 groups, by your groupnorm_forward: 8")

    # Another cell, by keys and by a click.
    with explorer.another_picture("input"), explorer.another_picture("output"):
        press(explorer.part("channel"), "ArrowRight", 2)
    expect(explorer.part("channel-value")).to_have_text("4")
    explorer.part("output").click(position={"x": 40, "y": 30})
    expect(explorer.part("example-value")).to_have_text("0")
    expect(explorer.part("channel-value")).to_have_text("0")
    assert all(failure.endswith("did not run") for failure in notebook.failures())
