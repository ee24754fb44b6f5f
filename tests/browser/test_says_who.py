"""Lesson 16 in the browser: a digit, a method, its map, and layers that are shuffled."""

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "16_interpretability")
NEEDED = ("saliency", "integrated_gradients", "occlusion")


def test_maps_change_or_stay_when_layers_are_shuffled(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell, training = (notebook.cell_with(text) for text in (
        "says_who = SaysWho(", "digits = data.digits()"))
    for name in ("setup", "imports", "pieces", training, *NEEDED, cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your saliency")
    message = explorer.part("message")
    expect(message).to_have_text("The trained network says 3.")

    answers = texts(LESSON)
    notebook.fill({name: answers[name] for name in NEEDED})
    for name in (*NEEDED, cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    expect(explorer.part("trained")).to_have_attribute(
        "aria-label", "The map of saliency for the score of 3, as trained: blue above 0 and "
        "orange below. The trained network says 3.")

    # Layers by keys, then another method, and sizes without signs.
    press(explorer.part("layers"), "ArrowRight", 1)
    expect(message).to_contain_text("With 1 layer shuffled, it says")
    expect(message).to_contain_text("with signs, and")
    press(explorer.part("layers"), "End")
    expect(message).to_contain_text("With 3 layers shuffled")
    explorer.part("method-occlusion").click()
    explorer.part("show-size").click()
    expect(explorer.part("shuffled")).to_have_attribute(
        "aria-label", "The map of occlusion for the score of 3, with 3 layers shuffled: blue where "
        f"it is large, whatever its sign. {message.text_content()}")

    # Another digit takes its own class along; another class can be asked about.
    press(explorer.part("digit"), "End")
    expect(explorer.part("asked-value")).to_have_text("9")
    press(explorer.part("layers"), "Home")
    expect(message).to_have_text("The trained network says 9.")
    press(explorer.part("asked"), "ArrowLeft", 1)
    expect(explorer.part("trained")).to_have_attribute(
        "aria-label", "The map of occlusion for the score of 8, as trained: blue where it is "
        "large, whatever its sign. The trained network says 9.")

    # A function that returns the wrong sign.
    notebook.fill({"occlusion": answers["occlusion"].replace("before - score", "score")})
    for name in ("occlusion", cell):
        notebook.run(name)
    explorer.part("method-occlusion").click()
    expect(explorer.part("note")).to_contain_text("is not the drop of the score")
    assert all(failure.endswith("did not run") for failure in notebook.failures())
