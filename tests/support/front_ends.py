"""What front ends, tools and people do to a notebook on its way: builders of files.

Each takes a student's notebook, every exercise answered, and returns a file's bytes. In FRONT_ENDS
stands with each what has to be reported of it, None for nothing.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.notebooks.cells import is_answer, is_tests, tests_id

Raw = dict[str, Any]
LOST_IDS = ("The notebook had lost its cell ids (VS Code and Colab do that); its cells were "
            "matched by their text.")
LOST_SETTINGS = ("The notebook had lost its cells' settings (nbstripout and Colab do that); they "
                 "were restored.")
LINE_ENDINGS = "The cells had the line endings of another system; they were converted."
OLD_FORMAT = "The notebook was saved in an old format; it was converted."
WHOLE = {LOST_IDS, LOST_SETTINGS, LINE_ENDINGS, OLD_FORMAT}
RETYPED = "had lost its id; it was recognized by its text or its place."
FRONT_ENDS: dict[str, tuple[Callable[[NotebookNode], bytes], str | None]] = {}


def _front_end(report: str | None) -> Callable[[Callable[[Raw], None]], Callable[[Raw], None]]:
    """Put a function that changes a notebook's JSON into the corpus."""
    def register(change: Callable[[Raw], None]) -> Callable[[Raw], None]:
        def build(student: NotebookNode) -> bytes:
            raw = json.loads(nbformat.writes(student))
            change(raw)
            return json.dumps(raw).encode()

        FRONT_ENDS[change.__name__] = build, report
        return change
    return register


def _file(report: str | None) -> Callable[..., Callable[[NotebookNode], bytes]]:
    """Put a function that makes a file into the corpus."""
    def register(build: Callable[[NotebookNode], bytes]) -> Callable[[NotebookNode], bytes]:
        FRONT_ENDS[build.__name__] = build, report
        return build
    return register


def text_of(cell: Raw) -> str:
    return "".join(cell["source"])


def place_of(raw: Raw, name: str) -> int:
    return [cell["id"] for cell in raw["cells"]].index(name)


def answers(raw: Raw) -> list[str]:
    """The ids of the code cells in which students answer, in order."""
    return [cell["id"] for cell in raw["cells"] if cell["cell_type"] == "code"
            and is_answer(NotebookNode(metadata=cell["metadata"]))]


def written(raw: Raw) -> str:
    return next(cell["id"] for cell in raw["cells"] if cell["cell_type"] == "markdown"
                and is_answer(NotebookNode(metadata=cell["metadata"])))


def merge(raw: Raw, first: int, keep: str) -> None:
    """Merge a cell with the next one; the merged one is still called `keep`."""
    cells = raw["cells"]
    merged = copy.deepcopy(cells[place_of(raw, keep)])
    merged["source"] = text_of(cells[first]) + "\n\n" + text_of(cells[first + 1])
    cells[first:first + 2] = [merged]


def split(raw: Raw, name: str, line: int) -> None:
    """Split a cell before a line; both parts have its settings, as in JupyterLab."""
    at = place_of(raw, name)
    lines = text_of(raw["cells"][at]).splitlines(keepends=True)
    second = copy.deepcopy(raw["cells"][at])
    second.update(id="second-part", source="".join(lines[line:]))
    raw["cells"][at]["source"] = "".join(lines[:line]).rstrip("\n")
    raw["cells"].insert(at + 1, second)


# Ids and settings


@_front_end(LOST_IDS)
def ids_gone(raw: Raw) -> None:
    """As in nbformat 4.4, with nbgrader's settings."""
    raw["nbformat_minor"] = 4
    for cell in raw["cells"]:
        del cell["id"]


@_front_end(LOST_IDS)
def ids_renumbered(raw: Raw) -> None:
    for number, cell in enumerate(raw["cells"]):
        cell["id"] = str(number)


@_front_end(LOST_IDS)
def vs_code(raw: Raw) -> None:
    for number, cell in enumerate(raw["cells"]):
        cell.update(id=f"{number * 7919 + 4096:08x}",
                    metadata={"vscode": {"languageId": "python"}})


@_front_end(LOST_IDS)
def colab(raw: Raw) -> None:
    raw["nbformat_minor"] = 0
    raw["metadata"] = {"colab": {"provenance": []}, "kernelspec": {
        "name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    for number, cell in enumerate(raw["cells"]):
        del cell["id"]
        cell["metadata"] = {"id": f"xYz{number}Abc", "colab": {"base_uri": "https://localhost"}}


@_front_end(LOST_SETTINGS)
def settings_gone(raw: Raw) -> None:
    for cell in raw["cells"]:
        cell["metadata"] = {}


@_front_end(LOST_IDS)
def nbstripout(raw: Raw) -> None:
    raw["metadata"] = {}
    for number, cell in enumerate(raw["cells"]):
        cell.update(id=str(number), metadata={})


@_front_end(LOST_IDS)
def ids_gone_and_all_answers_retyped(raw: Raw) -> None:
    for name in answers(raw):
        cell = raw["cells"][place_of(raw, name)]
        cell["source"] = "# My own.\n\n" + text_of(cell).replace("    ", "  ") + "  # done"
    colab(raw)


# Files and formats


@_front_end(LINE_ENDINGS)
def crlf(raw: Raw) -> None:
    for cell in raw["cells"]:
        cell["source"] = text_of(cell).replace("\n", "\r\n")


@_front_end(LINE_ENDINGS)
def cr(raw: Raw) -> None:
    for cell in raw["cells"]:
        cell["source"] = text_of(cell).replace("\n", "\r")


@_front_end(LOST_IDS)
def crlf_without_ids(raw: Raw) -> None:
    crlf(raw)
    nbstripout(raw)


@_front_end(None)
def newlines_at_the_end(raw: Raw) -> None:
    for cell in raw["cells"]:
        cell["source"] = [*text_of(cell).splitlines(keepends=True), "\n"]


@_file(None)
def bom(student: NotebookNode) -> bytes:
    return nbformat.writes(student).encode("utf-8-sig")


@_file(None)
def file_with_crlf(student: NotebookNode) -> bytes:
    return nbformat.writes(student).replace("\n", "\r\n").encode()


@_file(OLD_FORMAT)
def format_3(student: NotebookNode) -> bytes:
    return json.dumps(nbformat.convert(copy.deepcopy(student), 3)).encode()


@_front_end(None)
def widgets_without_state(raw: Raw) -> None:
    raw["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {
        "version_major": 2, "version_minor": 0}}


@_front_end(None)
def conda_kernel(raw: Raw) -> None:
    raw["metadata"]["kernelspec"] = {"display_name": "Python [conda env:ml]", "language": "python",
                                     "name": "conda-env-ml-py"}


@_front_end(None)
def julia_kernel(raw: Raw) -> None:
    raw["metadata"] = {"kernelspec": {"display_name": "Julia 1.9", "language": "julia",
                                      "name": "julia-1.9"},
                       "language_info": {"name": "julia", "file_extension": ".jl"}}


@_front_end(None)
def no_kernel(raw: Raw) -> None:
    raw["metadata"] = {}


@_front_end(None)
def outputs_on_markdown(raw: Raw) -> None:
    for cell in raw["cells"]:
        if cell["cell_type"] == "markdown":
            cell.update(outputs=[], execution_count=None)


@_front_end(None)
def image_in_a_written_answer(raw: Raw) -> None:
    cell = raw["cells"][place_of(raw, written(raw))]
    cell["attachments"] = {"image.png": {"image/png": "iVBORw0KGgo="}}
    cell["source"] = text_of(cell) + "\n\n![image.png](attachment:image.png)"


# Cells merged and split


@_front_end("was part of another cell; it was put back in its place.")
def answer_merged_with_its_tests(raw: Raw) -> None:
    first = answers(raw)[0]
    merge(raw, place_of(raw, first), first)


@_front_end("was part of another cell; it was put back in its place.")
def answer_merged_into_its_tests(raw: Raw) -> None:
    first = answers(raw)[0]
    merge(raw, place_of(raw, first), tests_id(first))


@_front_end("was missing; the answer is in another cell.")
def two_answers_in_the_cell_of_the_first(raw: Raw) -> None:
    first, second, *_ = answers(raw)
    cells = raw["cells"]
    moved = cells.pop(place_of(raw, second))
    cells[place_of(raw, first)]["source"] = (
        text_of(cells[place_of(raw, first)]) + "\n\n\n" + text_of(moved))


@_front_end("was missing; the answer is in another cell.")
def two_answers_in_the_cell_of_the_second(raw: Raw) -> None:
    first, second, *_ = answers(raw)
    cells = raw["cells"]
    moved = cells.pop(place_of(raw, first))
    cells[place_of(raw, second)]["source"] = (
        text_of(moved) + "\n\n\n" + text_of(cells[place_of(raw, second)]))


@_front_end(RETYPED)
def question_merged_with_its_written_answer(raw: Raw) -> None:
    at = place_of(raw, written(raw))
    merge(raw, at - 1, raw["cells"][at - 1]["id"])


@_front_end("had been split; its parts were joined.")
def tests_split(raw: Raw) -> None:
    split(raw, tests_id(answers(raw)[0]), 2)


@_front_end("was duplicated; the copy counts as a cell of the student's own.")
def answer_split_before_its_function(raw: Raw) -> None:
    name = answers(raw)[0]
    cell = raw["cells"][place_of(raw, name)]
    cell["source"] = "import numpy\n\n" + text_of(cell)
    split(raw, name, 2)


# Cells copied, deleted, retyped, turned


@_front_end("was duplicated; the copy counts as a cell of the student's own.")
def answer_copied(raw: Raw) -> None:
    at = place_of(raw, answers(raw)[0])
    again = {**copy.deepcopy(raw["cells"][at]), "id": "copied"}
    again["source"] = text_of(again) + "  # again"
    raw["cells"].insert(at + 1, again)


@_front_end("was missing; it was put back.")
def everything_deleted_but_the_answers(raw: Raw) -> None:
    raw["cells"] = [cell for cell in raw["cells"]
                    if is_answer(NotebookNode(metadata=cell["metadata"]))]


@_front_end(RETYPED)
def one_answer_retyped(raw: Raw) -> None:
    cell = raw["cells"][place_of(raw, answers(raw)[1])]
    cell.update(id="new", metadata={})


@_front_end(RETYPED)
def one_answer_retyped_at_the_end(raw: Raw) -> None:
    cell = raw["cells"].pop(place_of(raw, answers(raw)[1]))
    raw["cells"].append({**cell, "id": "new", "metadata": {}})


@_front_end(RETYPED)
def written_answer_retyped_in_two_cells(raw: Raw) -> None:
    at = place_of(raw, written(raw))
    raw["cells"][at].update(id="new", metadata={})
    raw["cells"].insert(at + 1, {"cell_type": "markdown", "id": "more", "metadata": {},
                                 "source": "And more of it."})


@_front_end("was empty; the text in the next cell was taken as the answer.")
def written_answer_below_its_cell(raw: Raw) -> None:
    at = place_of(raw, written(raw))
    raw["cells"].insert(at + 1, {"cell_type": "markdown", "id": "new", "metadata": {},
                                 "source": text_of(raw["cells"][at])})
    raw["cells"][at]["source"] = "YOUR ANSWER HERE"


@_front_end("had become a markdown cell; it was turned back.")
def answers_turned_to_markdown(raw: Raw) -> None:
    for name in answers(raw):
        cell = raw["cells"][place_of(raw, name)]
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]


@_front_end(LOST_IDS)
def answers_turned_to_raw_and_ids_gone(raw: Raw) -> None:
    for name in answers(raw):
        cell = raw["cells"][place_of(raw, name)]
        cell["cell_type"] = "raw"
        del cell["outputs"], cell["execution_count"]
    nbstripout(raw)


@_front_end("had been reformatted; the original was used.")
def tests_reformatted(raw: Raw) -> None:
    for cell in raw["cells"]:
        if is_tests(NotebookNode(metadata=cell["metadata"])):
            cell["source"] = text_of(cell).replace("(", "(\n", 1).replace('"', "'", 2) + "\n\n"
