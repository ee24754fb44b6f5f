"""Lesson 12 in the browser: blocks go out and in, and the student's functions run what is left."""

import pytest
from playwright.sync_api import Locator, expect

from autograder.course import lessons
from browser.driver import Explorer, Lab
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "12_residual")
NEEDED = ("block_forward", "block_backward", "zero_init_block", "lesion")


def percent(right: Locator) -> float:
    """The share of right digits that it shows; how a network trains depends on the machine."""
    return float(right.inner_text().partition("%")[0])


def test_the_bench_takes_blocks_out_of_trained_networks(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell, digits, training = (notebook.cell_with(text) for text in (
        "LesionBench(block_forward", "digits = data.digits()", "new digits right\")"))
    before = ("setup", "imports", "pieces", "networks", digits)
    for name in (*before, *NEEDED, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for the trained networks")
    expect(explorer.part("plain-right")).to_have_text("?")

    answers = texts(LESSON)
    notebook.fill({name: answers[name] for name in NEEDED})
    for name in (*NEEDED, training, cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    message = explorer.part("message")
    expect(message).to_contain_text("All 12 blocks are in")
    whole = percent(explorer.part("residual-right"))
    assert whole > 95

    # One block out: the plain network dies, the other one hardly notices.
    block = explorer.part("block-6")
    expect(block).to_have_attribute("aria-pressed", "false")
    block.click()
    expect(block).to_have_attribute("aria-pressed", "true")
    expect(message).to_contain_text("Without block 6:")
    expect(explorer.part("plain-6")).to_have_text("out")
    assert whole - 5 < percent(explorer.part("residual-right")) < whole
    assert percent(explorer.part("plain-right")) < 50

    # By keys, a second one; then half of them, and all back in.
    explorer.part("block-7").focus()
    explorer.part("block-7").press("Enter")
    expect(message).to_contain_text("Without blocks 6 and 7:")
    explorer.part("preset-Take out the first half").click()
    expect(message).to_contain_text("Without blocks 1, 2, 3, 4, 5, and 6:")
    expect(explorer.part("block-7")).to_have_attribute("aria-pressed", "false")
    explorer.part("preset-Put all back").click()
    expect(message).to_contain_text("All 12 blocks are in")
    expect(block).to_have_attribute("aria-label", "Block 6 is in")
    assert all(failure.endswith("did not run") for failure in notebook.failures())
