"""The course as pages to read: each released cell with what it shows once its exercises are solved.

A solved notebook runs without its tests. Its figures and numbers go under the cells that students
get, so a page holds no solution and no hidden test.
"""

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.authoring.start_page import INTERVIEW, REVIEW, YOUR_MILESTONES, YOUR_PROGRESS

RECORDING = "application/vnd.explorer-recordings+json"  # what the recorder's cell displays
# The headings above what shows a person's own folder.
PERSONAL = tuple(text.partition("\n")[0] for text in (
    YOUR_PROGRESS, YOUR_MILESTONES, REVIEW, INTERVIEW))
VIEW = "application/vnd.jupyter.widget-view+json"

READING = """\
:::{note}
These are pages to read: every figure and number is there, and the exercises are empty.
The explorers move as far as they can without Python behind them.
To write the functions yourself, open the lessons in JupyterLab, as the course's README says.
:::"""


def to_run(solution: NotebookNode, recorder: str) -> NotebookNode:
    """The solved lesson without its tests, and at its end a cell that records the explorers.

    recorder: the text of that cell, which displays a RECORDING: by model id, a JSON object.
    """
    notebook = copy.deepcopy(solution)
    notebook.cells = [cell for cell in notebook.cells if not _graded(cell)]
    notebook.cells.append(new_code_cell(recorder, id="recorder"))
    return notebook


def page(release: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """The page of a lesson: what students get, with the outputs that `ran` has for free cells.

    Cells are matched by id. Tests are folded and exercises are stubs; neither shows an output.
    Raises ValueError for a cell that differs between the two.
    """
    found = {cell.id: cell for cell in executed.cells if cell.cell_type == "code"}
    recordings = _recordings(executed)
    notebook = copy.deepcopy(release)
    notebook.cells = _to_read(notebook.cells)
    for cell in notebook.cells:
        facts = cell.metadata.get("nbgrader", {})
        cell.metadata = NotebookNode(tags=["hide-input"] if facts.get("grade") else [])
        if cell.cell_type != "code" or facts.get("solution") or facts.get("grade"):
            continue
        one = found[cell.id]
        if one.source != cell.source:
            raise ValueError(f"{cell.id} is not what students get.")
        cell.outputs = _outputs(one.outputs, recordings)
    return notebook


def first_page(start: NotebookNode) -> NotebookNode:
    """The start page without what needs a kernel."""
    notebook = copy.deepcopy(start)
    welcome, *rest = _to_read(notebook.cells)
    welcome.source = welcome.source.rpartition("\n")[0]  # how to run a lesson's cells
    rest = [cell for cell in rest if "```mermaid" not in cell.source]  # the book draws none
    notebook.cells = [welcome, new_markdown_cell(READING, id="reading"), *rest]
    return notebook


def contents(root: str, names: Sequence[str]) -> dict[str, Any]:
    """Jupyter Book's table of contents: the first page, then a chapter for each lesson."""
    return {"format": "jb-book", "root": root,
            "chapters": [{"file": f"{name}/{name}"} for name in names]}


def _to_read(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """All but what only a person at work needs: the setup, their progress, handing in."""
    kept, personal = [], False
    for cell in cells:
        if cell.cell_type == "markdown":
            personal = cell.source.startswith(PERSONAL)
        if not personal and cell.id != "setup":
            kept.append(cell)
    return kept


def _graded(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def _recordings(executed: NotebookNode) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            found |= output.get("data", {}).get(RECORDING, {})
    return found


def _outputs(outputs: Sequence[NotebookNode],
             recordings: Mapping[str, Any]) -> list[NotebookNode]:
    """Outputs as they were; an explorer as its picture, beside it what it needs to move.

    The picture is an output of its own, after the explorer's.
    """
    made = []
    rest = iter(outputs)
    for output in rest:
        view = output.get("data", {}).get(VIEW)
        made.append(output if view is None else
                    _explorer(next(rest), recordings.get(view["model_id"])))
    return made


def _explorer(picture: NotebookNode, recording: Any) -> NotebookNode:
    html = f"<div class='explorer-picture'>{picture.data['text/html']}</div>"
    if recording:
        # `<` inside the data would end the element, or begin a comment.
        data = json.dumps(recording, separators=(",", ":")).replace("<", "\\u003c")
        html += f"<script type='application/json'>{data}</script>"
    return new_output("display_data", {"text/html": f"<div class='explorer'>{html}</div>"})
