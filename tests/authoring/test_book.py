"""Pages to read: outputs of the solved lesson, cells of the released one, no secret."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_output

from autograder.authoring import book, start_page
from autograder.course import ROOT, lessons
from support.answers import cell, notebook
from support.secrets import secrets

by_lesson = pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def ran(lesson, recorder="recorder"):
    """The lesson as it is run, each cell with an output that names it."""
    run = book.to_run(notebook(lesson.solution), recorder)
    for c in run.cells:
        if c.cell_type == "code":
            c.outputs = [new_output("stream", text=f"shown by {c.id}")]
    return run


def explorer(view):
    """The outputs of an explorer: what is live, and its picture."""
    return [new_output("display_data", {book.VIEW: {"model_id": view}}),
            new_output("display_data", {"text/html": '<img alt="a line">',
                                        "text/plain": "explorer"})]


@by_lesson
def test_what_runs_has_no_tests_and_records_last(lesson):
    run = book.to_run(notebook(lesson.solution), "the recorder")
    assert run.cells[-1].source == "the recorder"
    assert "BEGIN HIDDEN" not in nbformat.writes(run)
    assert not [c.id for c in run.cells if c.id.endswith("-tests")]


@by_lesson
def test_a_page_has_what_students_get_and_no_secret(lesson):
    page = book.page(notebook(lesson.release), ran(lesson))
    shown = {c.id for c in page.cells}
    released = notebook(lesson.release).cells
    assert [(c.id, c.source) for c in page.cells] == [
        (c.id, c.source) for c in released if c.id in shown]
    for c in released:  # what a reader has no use for
        personal = c.source.startswith("## Your progress") or re.match(
            "from utils import progress|from utils.hand_in import", c.source)
        assert (c.id in shown) != bool(personal or c.id == "setup"), c.source
    text = "\n".join([*(c.source for c in page.cells), json.dumps(page)]).replace('\\"', '"')
    assert not [line for line in secrets(lesson) if line in text]
    nbformat.validate(page)


@by_lesson
def test_outputs_stand_under_free_cells_only(lesson):
    page = book.page(notebook(lesson.release), ran(lesson))
    for c in page.cells:
        if c.cell_type != "code":
            continue
        facts = cell(notebook(lesson.release), c.id).metadata.get("nbgrader", {})
        free = not (facts.get("solution") or facts.get("grade"))
        assert [one.text for one in c.outputs] == ([f"shown by {c.id}"] if free else [])
        assert ("hide-input" in c.metadata.get("tags", [])) == bool(facts.get("grade"))


def test_a_page_is_not_made_of_two_versions_of_a_lesson():
    lesson = lessons()[0]
    run = ran(lesson)
    cell(run, "imports").source += "\nimport os"
    with pytest.raises(ValueError, match="imports"):
        book.page(notebook(lesson.release), run)


def test_an_explorer_is_its_picture_with_what_it_needs_to_move():
    lesson = lessons()[0]
    run = ran(lesson)
    cell(run, "imports").outputs = [*explorer("one"), *explorer("two")]
    run.cells[-1].outputs = [new_output("display_data", {
        book.RECORDING: {"one": {"script": "if (a < b) '</script>'"}}})]
    page = book.page(notebook(lesson.release), run)
    live, still = (one.data["text/html"] for one in cell(page, "imports").outputs)
    data = re.search("<script type='application/json'>(.*?)</script>", live)
    assert "<" not in data[1]
    assert json.loads(data[1]) == {"script": "if (a < b) '</script>'"}
    for html in (live, still):
        assert '<img alt="a line">' in html
        assert html.startswith("<div class='explorer'>")
    assert "<script" not in still


def test_the_first_page_needs_no_kernel_and_leads_to_every_lesson():
    page = book.first_page(nbformat.read(ROOT / "lessons" / start_page.NAME, as_version=4))
    text = "\n".join(c.source for c in page.cells)
    assert {c.cell_type for c in page.cells} == {"markdown"}
    assert "Shift" not in text
    assert "mermaid" not in text
    assert start_page.YOUR_PROGRESS not in text
    toc = book.contents("start", [lesson.name for lesson in lessons()])
    assert toc["root"] == "start"
    for lesson, chapter in zip(lessons(), toc["chapters"], strict=True):
        assert chapter == {"file": f"{lesson.name}/{lesson.name}"}
        assert f"({lesson.name}/{lesson.name}.ipynb)" in text
