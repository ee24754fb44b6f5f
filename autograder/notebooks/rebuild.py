"""A student's notebook put back into the lesson's frame.

Only what is the student's is taken: answers, free cells they edited, cells they added. Everything
else is the lesson's own. What had to be repaired is reported. The same function grades a
submission (onto the solution notebook, with its hidden tests) and carries answers over to a new
version of a lesson (onto its release).
"""

import ast
import copy
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.notebooks.align import Alignment, align, fits_checksum
from autograder.notebooks.cells import defines, free_id, name_in
from autograder.notebooks.parse import new_cell
from autograder.notebooks.repairs import Code, Repair, label

ELSEWHERE = "# The answer is in another cell."
_SETTINGS = ("grade", "grade_id", "locked", "points", "solution", "task")


@dataclass
class Rebuilt:
    """A notebook in the lesson's frame, what was repaired, and what looks like tampering.

    aligned: where the student's cells went.
    """

    notebook: NotebookNode
    repairs: list[Repair] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    aligned: Alignment = field(default_factory=lambda: Alignment([]))


def rebuild(student: NotebookNode, release: NotebookNode,
            onto: NotebookNode | None = None) -> Rebuilt:
    """Put the student's own cells into the lesson's frame.

    student: the notebook as it was read.
    release: the lesson as students get it, with which the notebook is compared.
    onto: the frame to build on, with the release's ids; the release itself when left out.
    """
    aligned = align(student, release)
    rebuilt = Rebuilt(copy.deepcopy(onto or release), aligned=aligned)
    rebuilt.repairs = [Repair(code) for code in student.metadata.get("converted", [])]
    rebuilt.repairs += aligned.repairs
    work = _Rebuilding(aligned, release, rebuilt)
    work.report_lost_settings()
    for cell in rebuilt.notebook.cells:
        work.fill(cell)
    work.report_order()
    work.insert_own()
    return rebuilt


def answered(cell: NotebookNode, release: NotebookNode) -> bool:
    """Tell whether there is anything in this answer cell that was not in the release."""
    key = cell.id
    stub = next(c["source"] for c in release.cells if c["id"] == key)
    return bool(cell.source.strip()) and cell.source.strip() != stub.strip()


class _Rebuilding:
    """The steps of `rebuild`."""

    def __init__(self, aligned: Alignment, release: NotebookNode, rebuilt: Rebuilt) -> None:
        self._aligned, self._rebuilt = aligned, rebuilt
        self._released = {cell.id: cell for cell in release.cells}
        self._texts = {cell.source.strip(): cell for cell in release.cells}

    def report_lost_settings(self) -> None:
        """Report once that cells have no settings of nbgrader's, which some tools drop."""
        without = [key for key, number in self._aligned.chosen.items()
                   if "nbgrader" in self._released[key].metadata
                   and "nbgrader" not in self._aligned.cells[number].metadata]
        if set(without) - self._aligned.recognized:
            self._rebuilt.repairs.append(Repair("lost_settings"))

    def fill(self, cell: NotebookNode) -> None:
        """Put the student's text where it is theirs, and report what was not as released."""
        released = self._released[cell.id]
        facts, number = released.metadata.get("nbgrader"), self._aligned.chosen.get(cell.id)
        if number is None:
            self._put_back(cell, released)
            return
        own = self._aligned.cells[number]
        if facts is None:
            if own.source != released.source:
                cell.cell_type, cell.source = own.cell_type, own.source
                _attach(cell, own)
            return
        if own.cell_type != released.cell_type:
            self._repair("another_type", released, own.cell_type)
        if facts.solution:
            # A stub that nobody filled is the lesson's, and of an older version perhaps.
            cell.source = released.source if fits_checksum(own) else own.source
            _attach(cell, own)
        elif own.source != released.source:
            self._report_change(own, released)
        changed = _changed_settings(own, released)
        if changed:
            self._repair("settings", released, changed)
            self._rebuilt.flags.append(f"{label(released)} had other settings ({changed}).")

    def report_order(self) -> None:
        """Report cells that do not stand in the lesson's order."""
        numbers = [self._aligned.chosen[key] for key, cell in self._released.items()
                   if key in self._aligned.chosen and "nbgrader" in cell.metadata]
        if numbers != sorted(numbers):
            self._rebuilt.repairs.append(Repair("order"))

    def insert_own(self) -> None:
        """Put the cells that the student added behind the cell after which they stood."""
        keys = {number: key for key, number in self._aligned.chosen.items()}
        used = set(self._released)
        follows: dict[str | None, list[NotebookNode]] = {}
        anchor: str | None = None
        for number, cell in enumerate(self._aligned.cells):
            if number in keys:
                anchor = keys[number]
            elif self._is_own(number, cell):
                own = new_cell(cell.cell_type, cell.source, cell.id)
                _attach(own, cell)
                count = len(used)
                while own.id in used:
                    own.id, count = f"own-{count}", count + 1
                used.add(own.id)
                follows.setdefault(anchor, []).append(own)
        notebook = self._rebuilt.notebook
        notebook.cells = follows.get(None, []) + [
            cell for frame in notebook.cells for cell in (frame, *follows.get(frame.id, []))]

    def _put_back(self, cell: NotebookNode, released: NotebookNode) -> None:
        facts = released.metadata.get("nbgrader")
        if facts is not None and facts.solution:
            cell.source = released.source
            if cell.cell_type == "code" and self._is_answered_elsewhere(cell.id):
                # The lesson's stub would take the place of what the student defined above.
                cell.source = ELSEWHERE
                self._repair("elsewhere", released)
                return
        if facts is not None:
            self._repair("missing", released)

    def _is_answered_elsewhere(self, name: str) -> bool:
        return any(defines(cell.source, name) and not self._released_text(cell)
                   for cell in self._aligned.cells if cell.cell_type == "code")

    def _report_change(self, own: NotebookNode, released: NotebookNode) -> None:
        if fits_checksum(own):
            self._repair("old_version", released)
        elif own.cell_type == released.cell_type == "code" and _is_same_code(own, released):
            self._repair("reformatted", released)
        else:
            self._repair("changed", released)
            self._rebuilt.flags.append(f"{label(released)} had been changed.")

    def _is_own(self, number: int, cell: NotebookNode) -> bool:
        """Tell whether a cell without a place in the frame is the student's.

        Blank and released text is not.
        """
        key = self._aligned.copies.get(number) or name_in(cell, self._released)
        released = self._released[key] if key else self._released_text(cell)
        text = cell.source.strip()
        if released is not None:  # a second copy of one of the lesson's cells
            facts = released.metadata.get("nbgrader")
            if facts is not None and not facts.solution:
                self._repair("copy_dropped", released)
                return False
            is_copy = text in ("", released.source.strip())
            if facts is not None:
                self._repair("copy_dropped" if is_copy else "copy_kept", released)
            return not is_copy
        facts = cell.metadata.get("nbgrader")
        if isinstance(facts, dict) and facts.get("locked"):
            if not fits_checksum(cell):
                self._rebuilt.repairs.append(Repair("unknown_locked"))
            return False
        return bool(text) and not str(cell.id).startswith(free_id(cell.source))

    def _released_text(self, cell: NotebookNode) -> NotebookNode | None:
        """The lesson's cell with the same text."""
        return self._texts.get(cell.source.strip())

    def _repair(self, code: Code, released: NotebookNode, detail: str = "") -> None:
        self._rebuilt.repairs.append(Repair(code, label(released), detail))


def _attach(cell: NotebookNode, own: NotebookNode) -> None:
    """Take the images that were pasted into a text along with it."""
    if cell.cell_type != "code" and "attachments" in own:
        cell.attachments = own.attachments


def _is_same_code(own: NotebookNode, released: NotebookNode) -> bool:
    """Tell whether only the layout differs, as after a formatter."""
    try:
        return ast.dump(ast.parse(own.source)) == ast.dump(ast.parse(released.source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _changed_settings(own: NotebookNode, released: NotebookNode) -> str:
    """The settings that are not as released; none where the cell has lost all of them."""
    facts = own.metadata.get("nbgrader")
    changed = []
    if isinstance(facts, dict):
        changed = [key for key in _SETTINGS
                   if facts.get(key) != released.metadata.nbgrader.get(key)]
    if "points" in changed and (fits_checksum(own) or fits_checksum(
            NotebookNode(own, source=released.source))):
        changed.remove("points")  # they fit the checksum: some release's, before points changed
    if own.metadata.get("tags"):
        changed.append("tags")
    return ", ".join(changed)
