"""Lesson 10 in the browser: the tape is walked in the student's order, and takes any program."""

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "10_autograd")
NEEDED = ("topological_order", "backprop")


def test_the_explorer_walks_the_tape_with_the_students_functions(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("TapeExplorer(topological_order")
    for name in ("setup", "imports", *NEEDED, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your topological_order")

    answers = texts(LESSON)
    notebook.fill({name: answers[name] for name in NEEDED})
    for name in (*NEEDED, cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    expect(explorer.part("message")).to_have_text("All 6 gradients are right.")
    told = explorer.part("told")
    expect(told).to_have_text("The leaves are given. Step forward.")
    expect(explorer.part("value-L")).to_be_empty()

    # Forward, then back, a step at a time.
    explorer.part("step").click()
    expect(told).to_contain_text("Forward: u = a·b = 2·1 = 2.")
    expect(explorer.part("value-u")).to_have_text("2")
    for _ in range(5):
        explorer.part("step").click()
    expect(told).to_contain_text("your walk calls v's rule with g = 2")
    expect(explorer.part("gradient-u")).to_have_text("du 5")
    explorer.part("undo").click()
    expect(explorer.part("gradient-u")).to_have_text("du 3")
    explorer.part("end").click()
    expect(explorer.part("gradient-b")).to_have_text("db 10")

    # A slider by keys, a preset, and a program of one's own.
    press(explorer.part("a"), "ArrowRight", 2)
    expect(explorer.part("a-value")).to_have_text("2.50")
    expect(explorer.part("gradient-b")).to_have_text("db 15")
    explorer.part("reset").click()
    explorer.part("preset-same parent twice").click()
    expect(explorer.part("program")).to_have_value("u = a + b; L = u*u")
    expect(explorer.part("gradient-v")).to_have_count(0)  # the kernel has answered
    explorer.part("end").click()
    expect(explorer.part("gradient-u")).to_have_text("du 6")
    explorer.part("program").fill("y = tanh(a*0.5) + c")
    explorer.part("program").press("Enter")
    expect(explorer.part("value-c")).to_have_text("1")
    expect(explorer.part("message")).to_have_text("All 6 gradients are right.")
    explorer.part("end").click()
    expect(explorer.part("gradient-t2")).to_have_text("dt2 1")
    explorer.part("program").fill("y = nonsense(a)")
    explorer.part("program").press("Enter")
    expect(explorer.part("trouble")).to_contain_text("A step computes something")
    expect(explorer.part("gradient-y")).to_be_empty()
    assert all(failure.endswith("did not run") for failure in notebook.failures())
