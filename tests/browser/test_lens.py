"""Lesson 13 in the browser: the lens shows the student's map, and the window's sum."""

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "13_convolution")
NEEDED = ("conv_size", "conv2d_forward")


def test_the_lens_shows_the_students_map(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("lens = Lens(")
    for name in ("setup", "imports", *NEEDED, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your conv2d_forward")
    expect(explorer.part("sum")).to_contain_text("There is no map yet.")

    answers = texts(LESSON)
    notebook.fill({name: answers[name] for name in NEEDED})
    for name in (*NEEDED, cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    expect(explorer.part("message")).to_contain_text("The map has 6 × 6 places.")
    total = explorer.part("sum")
    expect(total).to_have_text("Row 2, column 3: the products sum to −1.00. "
                               "Your map has −1.00 there.")

    # The window by keys and by the pointer, a weight, and a preset.
    press(explorer.part("row"), "Home")
    press(explorer.part("column"), "Home")
    expect(total).to_contain_text("Row 0, column 0")
    box = explorer.part("picture").bounding_box()
    explorer.part("picture").hover(position={"x": 0.55 * box["width"], "y": 0.3 * box["height"]})
    expect(total).to_contain_text("Row 1, column 3")
    explorer.part("preset-the middle").click()
    expect(explorer.part("weight-4")).to_have_value("1")
    expect(explorer.part("product-4")).to_have_text("0.81")
    explorer.part("weight-4").fill("-2")
    expect(total).to_have_text("Row 1, column 3: the products sum to −1.63. "
                               "Your map has −1.63 there.")
    explorer.part("turn").click()
    explorer.part("minus").click()
    expect(total).to_contain_text("sum to 1.63. Your map has 1.63")

    # A photograph, named after its photographer; nothing below moves.
    places = [explorer.part(role).bounding_box() for role in ("map", "preset-blur", "row", "note")]
    explorer.part("picture-flower").click()
    expect(explorer.part("credit")).to_contain_text("vultilion")
    expect(explorer.part("message")).to_contain_text("51 × 78 places")
    assert places == [explorer.part(role).bounding_box()
                      for role in ("map", "preset-blur", "row", "note")]
    explorer.part("preset-horizontal edges").click()
    press(explorer.part("row"), "End")
    expect(total).to_contain_text("Row 50")

    # A function that mirrors the kernel.
    mirrored = answers["conv2d_forward"].replace("* W[o])", "* W[o, :, ::-1])")
    notebook.fill({"conv2d_forward": mirrored})
    for name in ("conv2d_forward", cell):
        notebook.run(name)
    explorer.part("preset-horizontal edges").click()
    expect(explorer.part("note")).to_contain_text("is not the sum of the products at")
    assert all(failure.endswith("did not run") for failure in notebook.failures())
