"""Lesson 9 in the browser: the dice on the bench are the student's, and averages are kept."""

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "09_tuning")


def test_the_bench_searches_by_the_students_function(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("SearchBench(random_search")
    for name in ("setup", "imports", "random_search", cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your random_search")
    expect(explorer.part("dice-best")).to_have_text("?")

    notebook.fill({"random_search": texts(LESSON)["random_search"]})
    for name in ("random_search", cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    message = explorer.part("message")
    expect(message).to_contain_text("tried 3 learning rates, the dice 9")

    # Another search moves the trials of both.
    with explorer.another_picture("grid"), explorer.another_picture("dice"):
        explorer.part("again").click()

    # More trials, and the average of many searches, which stays for comparison.
    explorer.part("many").click()
    averages = explorer.part("averages")
    expect(averages).to_contain_text("9, log")
    with explorer.another_picture("dice"):
        explorer.part("trials-25").click()
    expect(message).to_contain_text("tried 5 learning rates, the dice 25")
    explorer.part("many").click()
    expect(averages).to_contain_text("25, log")
    expect(averages).to_contain_text("9, log")

    # On a linear scale both search the desert.
    with explorer.another_picture("grid"):
        explorer.part("scale-linear").click()
    explorer.part("many").click()
    expect(averages).to_contain_text("25, linear")
    assert [said for said in notebook.failures() if "did not run" not in said] == []
