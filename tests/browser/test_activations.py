"""The activation explorer in JupyterLab: ticked, zoomed and moved, by the student's functions."""

import re

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "05_activations")
ANSWERS = texts(LESSON)


def test_the_activation_explorer_shows_the_students_functions(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    notebook.fill({name: source for name, source in ANSWERS.items() if name != "gelu_grad"})
    notebook.run_all()
    cell = notebook.cell_with("ActivationExplorer(")
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_be_empty()

    # A function without its slope costs a sentence, and only when it is ticked.
    explorer.part("function-GELU").check()
    expect(explorer.part("note")).to_contain_text("waits for your gelu_grad")
    explorer.part("function-GELU").uncheck()
    expect(explorer.part("note")).to_be_empty()

    # What only views moves at once: another function, another layer, another zoom.
    for role, picture in (("function-SiLU", "curve"), ("layer-3", "outputs"), ("zoom-12", "slope")):
        with explorer.another_picture(picture):
            explorer.part(role).click()
    expect(explorer.part("readings-SiLU")).to_be_visible()
    expect(explorer.part("outputs")).to_have_attribute("aria-label",
                                                       re.compile("^Outputs of layer 3"))

    # By keys, through the student's functions: a larger input flattens the sigmoid.
    explorer.part("layer-1").click()
    flat = explorer.part("readings-sigmoid").locator("td").nth(2)
    expect(flat).to_have_text("0%")
    with explorer.another_picture("outputs"):
        press(explorer.part("scale"), "ArrowRight", 50)
        expect(explorer.part("scale-value")).to_have_text("× 10.0")
        expect(flat).to_have_text(re.compile(r"^[5-9]\d%$"))
    with explorer.another_picture("curve"):
        explorer.part("function-leaky ReLU").check()
    with explorer.another_picture("curve"):
        press(explorer.part("alpha"), "ArrowRight", 40)
        expect(explorer.part("alpha-value")).to_have_text("0.41")
