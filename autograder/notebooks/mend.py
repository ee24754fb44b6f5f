"""Cells of the lesson that a student merged or split, put back into cells of their own.

What is cut is looked for by the lesson's own text, whole: nothing is guessed.
"""

import copy
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.notebooks.cells import defines, is_answer, name_in
from autograder.notebooks.parse import new_cell
from autograder.notebooks.repairs import Repair, label

SHORTEST = 40  # characters of a text that nobody else writes


@dataclass
class Mended:
    """A student's cells, and what had to be done to them."""

    cells: list[NotebookNode]
    repairs: list[Repair] = field(default_factory=list)


def mend(student: NotebookNode, release: NotebookNode) -> Mended:
    """Split what was merged with one of the lesson's cells, and join what was split."""
    mended = Mended(list(student.cells))
    texts = {cell.source for cell in student.cells}
    missing = [cell for cell in release.cells if cell.source not in texts
               and not is_answer(cell) and len(cell.source) >= SHORTEST]
    for released in missing:
        _split(mended, released, release) or _join(mended, released, release)
    return mended


def _split(mended: Mended, released: NotebookNode, release: NotebookNode) -> bool:
    """Cut a cell of the lesson out of the cell that it was merged into."""
    names = {cell.id for cell in release.cells}
    for at, cell in enumerate(mended.cells):
        before, found, after = f"\n{cell.source}\n".partition(f"\n{released.source}\n")
        rest = [part for part in (before.strip("\n"), after.strip("\n")) if part.strip()]
        if not found or not rest:
            continue
        named = name_in(cell, names)
        if named in (released.id, None) and not _is_wanted(rest, released, mended, release):
            continue  # the lesson's cell with an addition, which is not a merged one
        parts = []
        for number, text in enumerate((before.strip("\n"), released.source, after.strip("\n"))):
            if number == 1:
                parts.append(copy.deepcopy(released))
            elif text.strip():
                part = new_cell(cell.cell_type, text, f"{cell.id[:50]}-part-{number}")
                if named not in (released.id, None):
                    part.id, part.metadata = cell.id, copy.deepcopy(cell.metadata)
                parts.append(part)
        mended.cells[at:at + 1] = parts
        if "nbgrader" in released.metadata:
            mended.repairs.append(Repair("merged", label(released)))
        return True
    return False


def _is_wanted(rest: list[str], released: NotebookNode, mended: Mended,
               release: NotebookNode) -> bool:
    """Tell whether one of the texts is an answer that no other cell holds."""
    names = {cell.id for cell in release.cells}
    claimed = {name_in(cell, names) for cell in mended.cells}
    open_answers = [cell for cell in release.cells
                    if is_answer(cell) and cell.id not in claimed]
    after = release.cells[_place(release, released.id) + 1:][:1]
    return any(defines(text, cell.id) for cell in open_answers if cell.cell_type == "code"
               for text in rest) or (
        released.cell_type == "markdown" and bool(after) and after[0] in open_answers
        and after[0].cell_type == "markdown")


def _join(mended: Mended, released: NotebookNode, release: NotebookNode) -> bool:
    """Join the parts of a cell of the lesson that was split."""
    names = {cell.id for cell in release.cells}
    for at, cell in enumerate(mended.cells):
        rest, parts = released.source, 0
        for part in mended.cells[at:]:
            text = part.source.strip("\n")
            if not text or not rest.startswith(text) or name_in(part, names) not in (
                    None, released.id):
                break
            rest, parts = rest.removeprefix(text).lstrip("\n"), parts + 1
        if parts > 1 and not rest:
            whole = copy.deepcopy(cell)
            whole.source = released.source
            mended.cells[at:at + parts] = [whole]
            if "nbgrader" in released.metadata:
                mended.repairs.append(Repair("split", label(released)))
            return True
    return False


def _place(release: NotebookNode, cell_id: str) -> int:
    return [cell.id for cell in release.cells].index(cell_id)
