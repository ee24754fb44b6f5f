"""Lesson 15 in the browser: rows are lit by pointer and by keys, by the student's attention."""

import re

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "15_attention")


def test_the_explorer_lights_the_rows_of_the_students_attention(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("AttentionExplorer(attention")
    for name in ("setup", "imports", "attention", cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your attention")
    expect(explorer.part("head-1")).to_have_text("head 1")

    notebook.fill({"attention": texts(LESSON)["attention"]})
    for name in ("attention", cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    expect(explorer.part("caption")).to_have_text("What r at place 11 looks at most")
    expect(explorer.part("head-3")).to_contain_text("o at 7: 0.95")

    # By keys, then by the pointer: the row of the first letter, in the third square.
    press(explorer.part("row"), "ArrowLeft", 2)
    expect(explorer.part("caption")).to_have_text("What h at place 9 looks at most")
    expect(explorer.part("squares")).to_have_attribute("aria-label", re.compile("h at place 9"))
    box = explorer.part("squares").bounding_box()
    assert box is not None
    explorer.part("squares").hover(position={"x": 0.6 * box["width"], "y": 48})
    expect(explorer.part("caption")).to_have_text("What · at place 0 looks at most")
    expect(explorer.part("head-3")).to_contain_text("· at 0: 1.00")

    # A preset, a name of one's own, and what is no name.
    explorer.part("name-jennifer").click()
    expect(explorer.part("caption")).to_have_text("What r at place 8 looks at most")
    explorer.part("text").fill("amy")
    expect(explorer.part("caption")).to_have_text("What y at place 3 looks at most")
    explorer.part("text").fill("amy5")
    expect(explorer.part("trouble")).to_contain_text("1 to 11 letters")
    explorer.part("text").fill("christopher")
    expect(explorer.part("trouble")).to_be_empty()

    # Mask, scale and temperature.
    press(explorer.part("row"), "Home")
    expect(explorer.part("head-2")).to_contain_text("· at 0: 1.00")
    explorer.part("with-masked").uncheck()
    expect(explorer.part("head-2")).not_to_contain_text("· at 0: 1.00")
    explorer.part("with-masked").check()
    expect(explorer.part("head-2")).to_contain_text("· at 0: 1.00")
    expect(explorer.part("message")).to_contain_text("head 3 0.78")
    explorer.part("with-scaled").uncheck()
    expect(explorer.part("message")).to_contain_text("head 3 0.97")
    explorer.part("with-scaled").check()
    press(explorer.part("temperature"), "End")
    expect(explorer.part("temperature-value")).to_have_text("10.0")
    expect(explorer.part("message")).to_contain_text("head 3 0.31")
    assert all(failure.endswith("did not run") for failure in notebook.failures())
