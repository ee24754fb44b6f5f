"""What the scripts that take pictures share: a lesson that has run, and pieces of a page."""

from collections.abc import Mapping

from playwright.sync_api import Browser, FloatRect, Locator

from autograder.course import Lesson
from browser.driver import Lab, Notebook
from browser.server import Server


def opened(chromium: Browser, server: Server, lesson: Lesson, answers: Mapping[str, str],
           width: int, height: int, density: float = 2) -> tuple[Lab, Notebook]:
    """The lesson with these answers by cell, run, in a window without file browser.

    width, height: of the window in CSS pixels. density: a picture's pixels for each of them.
    """
    lab = Lab(chromium.new_context(viewport={"width": width, "height": height},
                                   device_scale_factor=density), server)
    notebook = lab.open_lesson(lesson.name)
    notebook.command("application:toggle-left-area")
    notebook.fill(answers)
    notebook.run_all()
    return lab, notebook


def piece(first: Locator, last: Locator, edge: int, most: float = float("inf")) -> bytes:
    """A PNG of the page from one element down to another, as wide as the first.

    edge: CSS pixels around them. most: CSS pixels after which the piece is cut off.
    """
    top, end = first.bounding_box(), last.bounding_box()
    assert top is not None
    assert end is not None
    clip: FloatRect = {
        "x": top["x"] - edge, "y": top["y"] - edge, "width": top["width"] + 2 * edge,
        "height": min(most, end["y"] + end["height"] - top["y"] + 2 * edge)}
    return first.page.screenshot(clip=clip)
