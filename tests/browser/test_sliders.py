"""A finished lesson runs to its end, and its explorer moves, is used by keys, and is heard."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, expect

from autograder.course import Lesson, lessons
from browser.driver import Lab, drag, press
from browser.keyboard import another_text, pressed, stops, tabbed, unheard
from support.answers import functions, texts

pytestmark = pytest.mark.browser
# A knob of a training run: the picture is the run's, and moves with its next steps.
TRAINS = {"lam", "p", "patience"}
# Their explorers are moved by buttons, clicks, and drawing, in tests of their own.
WITHOUT_SLIDERS = {"09_tuning", "12_residual", "17_capstone"}
LOOK = """root => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
    () => done([...root.querySelectorAll("canvas")].map(one => one.toDataURL()).join()))))"""


@contextmanager
def another_look(root: Locator) -> Iterator[None]:
    """What is done inside makes one of the explorer's canvases show something else."""
    before = root.evaluate(LOOK)
    yield
    root.page.wait_for_function(f"([root, before]) => ({LOOK})(root).then(now => now !== before)",
                                arg=[root.element_handle(), before])


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_a_finished_lesson_runs_and_its_explorer_moves(lab: Lab, lesson: Lesson) -> None:
    notebook = lab.open_lesson(lesson.name)
    notebook.fill(texts(lesson))
    notebook.run_all()
    assert notebook.failures() == []
    for exercise in functions(lesson):
        expect(notebook.card(exercise)).to_have_attribute("data-passed", "true")
    root = notebook.view.locator(".nn-explorer").first
    assert unheard(root) == []
    assert tabbed(root) == [(role, True) for role in stops(root)]
    keys_choose(root)
    sliders_move_the_picture(root, lesson)
    for button in root.locator("button:visible:enabled").all():
        assert pressed(button), button.inner_text()
    assert unheard(root) == []


def sliders_move_the_picture(root: Locator, lesson: Lesson) -> None:
    """By keys and by mouse; what stands for the picture changes with it."""
    sliders = root.locator("input[type=range]:visible:enabled")
    roles = sliders.evaluate_all("all => all.map(one => one.dataset.role)")
    assert roles or lesson.name in WITHOUT_SLIDERS
    for role in roles:
        slider = root.locator(f'[data-role="{role}"]')
        low, now, high = slider.evaluate(
            "one => [one.min, one.value, one.max].map(Number)")
        key, end = ("ArrowRight", 0.9) if now < (low + high) / 2 else ("ArrowLeft", 0.1)
        if role in TRAINS:
            root.locator('[data-role="step"]').click()
        with another_look(root), another_text(root):
            press(slider, key, 3)
            if role in TRAINS:
                root.locator('[data-role="step"]').click()
        with another_look(root):
            drag(slider, ((now - low) / (high - low), 0.5), (end, 0.5))
            if role in TRAINS:
                root.locator('[data-role="step"]').click()


def keys_choose(root: Locator) -> None:
    """Arrows choose and Space ticks, there and back; what is chosen can be heard."""
    for group in root.locator("fieldset:has(input[type=radio]:visible)").all():
        chosen = group.locator("input:checked")
        before = chosen.get_attribute("value")
        with another_text(root):
            press(chosen, "ArrowRight")
        expect(chosen).to_be_focused()
        assert chosen.get_attribute("value") != before
        press(chosen, "ArrowLeft")
        expect(chosen).to_have_attribute("value", before or "")
    for box in root.locator("input[type=checkbox]:visible:enabled").all():
        ticked = box.is_checked()
        with another_text(root):
            press(box, "Space")
        expect(box).to_be_checked(checked=not ticked)
        press(box, "Space")
        expect(box).to_be_checked(checked=ticked)
