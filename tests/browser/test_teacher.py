"""A teacher at formgrader: autograde by its button, grade a written answer by hand."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from playwright.sync_api import Browser, Page, expect

from autograder.course import lessons
from browser.driver import PATIENCE
from browser.server import Server
from support.answers import filled

pytestmark = pytest.mark.browser
LESSON = lessons()[0]
STRICT = "import numpy as np\n\ndef step(z):\n    return np.where(np.asarray(z) > 0, 1.0, 0.0)"


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """Formgrader's list of what one student, ada, has handed in."""
    folder = hand_in(server, filled(LESSON, {"step": STRICT}), 1)
    with browser.new_context(viewport={"width": 1400, "height": 1000}) as context:
        context.set_default_timeout(PATIENCE)
        one = context.new_page()
        one.goto(f"{server.url}lab?token={server.token}")  # the key becomes a cookie here
        yield one
    shutil.rmtree(folder.parent)


def hand_in(server: Server, notebook: NotebookNode, day: int) -> Path:
    """Put it where `collect` would."""
    folder = server.root / "grading" / "submitted" / "ada" / LESSON.name
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{LESSON.name}.ipynb")
    (folder / "timestamp.txt").write_text(f"2030-01-{day:02} 10:00:00 UTC")
    return folder


def autograde(server: Server, page: Page) -> None:
    """By formgrader's own button."""
    page.goto(f"{server.url}formgrader/manage_submissions/{LESSON.name}")
    page.locator("tr", has_text="ada").locator(".autograde a").click()
    expect(page.get_by_text("Successfully")).to_be_visible()
    page.get_by_role("button", name="Close").first.click()


def look(server: Server, page: Page) -> None:
    """Open the submission."""
    page.goto(f"{server.url}formgrader/gradebook/{LESSON.name}/{LESSON.name}")
    page.locator("td a", has_text="Submission #").first.click()


def grades(server: Server) -> dict[str, tuple[float | None, float | None]]:
    """Ada's automatic and manual marks by cell, read from the gradebook."""
    with sqlite3.connect(server.root / "grading" / "gradebook.db") as book:
        return {name: (auto, manual) for name, auto, manual in book.execute(
            "select base_cell.name, auto_score, manual_score from grade "
            "join base_cell on base_cell.id = grade.cell_id")}


def test_a_teacher_autogrades_and_marks_by_hand(server: Server, page: Page) -> None:
    autograde(server, page)
    found = grades(server)
    full = {cell.id: cell.metadata.nbgrader.points
            for cell in nbformat.read(LESSON.solution, as_version=4).cells
            if cell.metadata.get("nbgrader", {}).get("grade")}
    written = next(name for name in full if name.startswith("interview"))
    assert found[written] == (None, None)
    assert 0 <= found["step-tests"][0] < full["step-tests"]
    assert {name: auto for name, (auto, _) in found.items()
            if name not in (written, "step-tests")} == {
        name: points for name, points in full.items() if name not in (written, "step-tests")}

    look(server, page)
    expect(page.get_by_text("strictly greater").first).to_be_visible()
    box = page.locator(f"input.score[id='{written}']")
    expect(box).to_have_class(re.compile("needs_manual_grade"))
    box.fill("2")
    with page.expect_response(lambda said: "/api/grade/" in said.url):
        box.press("Tab")
    assert grades(server)[written] == (None, 2.0)

    changed = filled(LESSON)
    cell = next(cell for cell in changed.cells
                if cell.metadata.get("nbgrader", {}).get("grade_id") == written)
    before, cell.source = cell.source, "A line parts the plane; XOR needs two."
    hand_in(server, changed, 2)
    autograde(server, page)
    look(server, page)
    note = page.locator(".nbgrader_cell, .cell, .jp-Cell", has_text="has changed since it was")
    expect(note.last).to_contain_text("The 2 of 3 points were given for:")
    expect(note.last).to_contain_text(before.split()[0])
    expect(page.locator(f"input.score[id='{written}']")).to_have_class(
        re.compile("needs_manual_grade"))
    assert grades(server)[written] == (None, 2.0)
