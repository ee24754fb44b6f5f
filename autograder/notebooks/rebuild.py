"""A student's notebook put back into the lesson's frame.

Only what is the student's is taken: answers, matched by id; free cells they edited; cells they
added. Everything else is the lesson's own. What had to be put right is told in sentences. The
same function grades a submission (onto the solution notebook, with its hidden tests) and
carries answers over to a new version of a lesson (onto its release).
"""

import copy
import json
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.errors import UserError
from autograder.notebooks.cells import exercise_of, free_id, grade_id

MAX_BYTES = 32 * 2**20  # a notebook full of outputs has a few MB
_TYPES = ("code", "markdown", "raw")


class Unreadable(UserError):
    """The file can't be graded; the message says why, in one sentence."""


@dataclass
class Rebuilt:
    """A notebook in the lesson's frame, what was put right, and what looks like tampering."""

    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def parse(data: bytes) -> NotebookNode:
    """A notebook from a file's bytes; raises Unreadable."""
    if not data.strip():
        raise Unreadable("The file is empty.")
    if len(data) > MAX_BYTES:
        raise Unreadable(too_large(len(data)))
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("The file is not text in UTF-8.") from None
    except (ValueError, RecursionError) as error:  # a ValueError: an int of thousands of digits
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"The file is not valid JSON{where}.") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise Unreadable("The file is JSON, but not a notebook.")
    if raw["nbformat"] < 4:
        try:
            raw = nbformat.convert(nbformat.from_dict(raw), 4)
        except Exception:
            raise Unreadable("The notebook's format is too old to be read.") from None
    if not isinstance(raw.get("cells"), list):
        raise Unreadable("The notebook has no list of cells.")
    try:
        cells = [_clean(cell, number) for number, cell in enumerate(raw["cells"], start=1)]
    except RecursionError:
        raise Unreadable("The notebook is nested too deep.") from None
    return NotebookNode(cells=cells, metadata=NotebookNode(), nbformat=4, nbformat_minor=5)


def too_large(size: int) -> str:
    """Why a file of so many bytes is not read."""
    return f"The file has {size // 2**20} MiB; the limit is {MAX_BYTES // 2**20}."


def overlap(student: NotebookNode, release: NotebookNode) -> int:
    """How many of the lesson's named cells the notebook holds."""
    names = {grade_id(cell) for cell in release.cells} - {None, "setup"}
    return len(names & {_name(cell, names) for cell in student.cells})


def rebuild(student: NotebookNode, release: NotebookNode,
            onto: NotebookNode | None = None) -> Rebuilt:
    """The student's own cells in the lesson's frame.

    student: the notebook as it was read.
    release: the lesson as students get it, against which changes are told.
    onto: the frame to build on, with the release's ids; the release itself when left out.
    """
    released = {cell.id: cell for cell in release.cells}
    claims: dict[str, list[NotebookNode]] = {key: [] for key in released}
    for cell in student.cells:
        key = _name(cell, released.keys())
        if key is not None:
            claims[key].append(cell)
    chosen = {key: _choose(key, cells) for key, cells in claims.items() if cells}

    rebuilt = Rebuilt(copy.deepcopy(onto or release))
    for cell in rebuilt.notebook.cells:
        _fill(cell, released[cell.id], chosen.get(cell.id), rebuilt)
    _tell_order(student, chosen, list(released), rebuilt)
    _insert_own(student, released, chosen, rebuilt)
    return rebuilt


def answered(cell: NotebookNode, release: NotebookNode) -> bool:
    """Is there anything in this answer cell that was not in the release?"""
    stub = next(c.source for c in release.cells if c.id == cell.id)
    return bool(cell.source.strip()) and cell.source.strip() != stub.strip()


def unaltered(own: NotebookNode) -> bool:
    """Does the cell's own checksum fit its text? Then it is some release's, not the student's."""
    try:
        return bool(own.metadata.nbgrader.checksum == compute_checksum(own))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return False


def _clean(cell: Any, number: int) -> NotebookNode:
    """A cell of known type, with a text, an id and plain metadata, and without its outputs."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in _TYPES:
        raise Unreadable(f"Cell {number} is not a notebook cell.")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Unreadable(f"Cell {number} holds no text.")
    cell_id = cell.get("id")
    if not isinstance(cell_id, str) or not _valid(cell_id):
        cell_id = f"cell-{number}"
    node = _new_cell(cell["cell_type"], source.encode("utf-8", "replace").decode(), cell_id)
    if isinstance(cell.get("metadata"), dict):
        node.metadata = nbformat.from_dict(cell["metadata"])
    return node


def _new_cell(cell_type: str, source: str, cell_id: str) -> NotebookNode:
    # nbformat's own functions validate each cell by its JSON schema, which costs a millisecond.
    node = NotebookNode(cell_type=cell_type, source=source, metadata=NotebookNode(),
                        id=cell_id)
    if cell_type == "code":
        node.update(outputs=[], execution_count=None)
    return node


def _name(cell: NotebookNode, names: Any) -> str | None:
    """Which of the lesson's cells this one is: by nbgrader's name, else by the cell's id."""
    name = grade_id(cell)
    if name in names:
        return name
    return cell.id if cell.id in names else None


def _choose(key: str, cells: list[NotebookNode]) -> NotebookNode:
    return next((cell for cell in cells if cell.id == key), cells[0])


def _label(key: str, cell: NotebookNode) -> str:
    facts = cell.metadata.get("nbgrader")
    if facts is None:
        return "A free cell"
    if facts.grade and not facts.solution:
        return f"The test cell of `{exercise_of(key)}`"
    return f"The answer cell of `{key}`" if facts.solution else f"The given cell `{key}`"


def _fill(cell: NotebookNode, released: NotebookNode, own: NotebookNode | None,
          rebuilt: Rebuilt) -> None:
    """Put the student's text where it is theirs, and tell what was not as released."""
    label = _label(cell.id, released)
    facts = released.metadata.get("nbgrader")
    if own is None:
        if facts is not None:
            rebuilt.repairs.append(f"{label} was missing; it was put back.")
        if facts is not None and facts.solution:
            cell.source = released.source
        return
    if facts is None:
        if own.source != released.source:
            cell.cell_type, cell.source = own.cell_type, own.source
        return
    if own.cell_type != released.cell_type:
        rebuilt.repairs.append(f"{label} had become a {own.cell_type} cell; it was turned back.")
    if facts.solution:
        # A stub that nobody filled is the lesson's, and of an older version perhaps.
        cell.source = released.source if unaltered(own) else own.source
    elif own.source != released.source:
        if unaltered(own):
            rebuilt.repairs.append(f"{label} was of an older version; the current one was used.")
        else:
            rebuilt.repairs.append(f"{label} had been changed; the original was used.")
            rebuilt.flags.append(f"{label} had been changed.")
    changed = _changed_settings(own, released)
    if changed:
        rebuilt.repairs.append(f"{label} had other settings ({changed}); they were put back.")
        rebuilt.flags.append(f"{label} had other settings ({changed}).")


def _changed_settings(own: NotebookNode, released: NotebookNode) -> str:
    facts = own.metadata.get("nbgrader")
    if not isinstance(facts, dict):
        facts = {}
    changed = [key for key in ("grade", "grade_id", "locked", "points", "solution", "task")
               if facts.get(key) != released.metadata.nbgrader.get(key)]
    if "points" in changed and (unaltered(own)
                                or unaltered(NotebookNode(own, source=released.source))):
        changed.remove("points")  # they fit the checksum: some release's, before points changed
    if own.metadata.get("tags"):
        changed.append("tags")
    return ", ".join(changed)


def _tell_order(student: NotebookNode, chosen: dict[str, NotebookNode], order: list[str],
                rebuilt: Rebuilt) -> None:
    place = {id(cell): order.index(key) for key, cell in chosen.items()
             if "nbgrader" in cell.metadata}
    places = [place[id(cell)] for cell in student.cells if id(cell) in place]
    if places != sorted(places):
        rebuilt.repairs.append("The cells were out of order; the lesson's order was restored.")


def _insert_own(student: NotebookNode, released: dict[str, NotebookNode],
                chosen: dict[str, NotebookNode], rebuilt: Rebuilt) -> None:
    """Put the cells that the student added behind the cell after which they stood."""
    keys = {id(cell): key for key, cell in chosen.items()}
    used = set(released)
    follows: dict[str | None, list[NotebookNode]] = {}
    anchor: str | None = None
    for cell in student.cells:
        if id(cell) in keys:
            anchor = keys[id(cell)]
        elif _is_own(cell, released, rebuilt):
            own = _new_cell(cell.cell_type, cell.source, cell.id)
            number = len(used)
            while own.id in used:
                own.id, number = f"own-{number}", number + 1
            used.add(own.id)
            follows.setdefault(anchor, []).append(own)
    rebuilt.notebook.cells = follows.get(None, []) + [
        cell for frame in rebuilt.notebook.cells for cell in (frame, *follows.get(frame.id, []))]


def _is_own(cell: NotebookNode, released: dict[str, NotebookNode], rebuilt: Rebuilt) -> bool:
    """Is a cell without a place in the frame the student's? Blank and released text is not."""
    key = _name(cell, released)
    if key is not None:  # a second copy of one of the lesson's cells
        facts = released[key].metadata.get("nbgrader")
        label = _label(key, released[key])
        if facts is not None and not facts.solution:
            rebuilt.repairs.append(f"{label} stood there twice; the copy was dropped.")
            return False
        if cell.source.strip() in ("", released[key].source.strip()):
            return False
        if facts is not None:
            rebuilt.repairs.append(f"{label} stood there twice; the copy counts as a cell of "
                                   "the student's own.")
        return True
    facts = cell.metadata.get("nbgrader")
    if isinstance(facts, dict) and facts.get("locked"):
        if not unaltered(cell):
            rebuilt.repairs.append("A locked cell that the lesson does not have was dropped.")
        return False
    return bool(cell.source.strip()) and not (cell.id or "").startswith(free_id(cell.source))


def _valid(cell_id: str) -> bool:
    return 0 < len(cell_id) <= 64 and all(
        c.isascii() and (c.isalnum() or c in "-_") for c in cell_id)
