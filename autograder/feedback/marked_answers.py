"""Which answer a teacher's mark was given for, and whether that is still the student's. Pure.

A mark belongs to the text that was read. It stays, with no more questions, while that text is what
the student has handed in. Once there is another text, the autograded notebook keeps the one that
was marked, and a teacher looks at both.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.feedback.harmless import as_typed, plain
from autograder.feedback.stored import KEY
from autograder.gradebook.records import Mark
from autograder.notebooks.cells import checksum, exercise_name, is_answer

_MARKED = "marked"  # in what is kept of a result: the marked answers that have changed since
_NOTE = {"note": True}


@dataclass(frozen=True)
class Marked:
    """An answer as a teacher marked it. points: the most that it could get then."""

    text: str
    points: float


def texts(notebook: NotebookNode, release: NotebookNode) -> dict[str, str]:
    """By exercise, what a student wrote: the answer's cell and their own cells below it, in prose
    or code as the answer is; "" for nothing."""
    released = {cell.id: cell.source.strip() for cell in release.cells}
    found: dict[str, list[str]] = {}
    inside, in_code = "", False
    for cell in notebook.cells:
        text = as_typed(cell.source).strip()
        if is_answer(cell):
            inside, in_code = exercise_name(cell), cell.cell_type == "code"
            found[inside] = [] if _is_blank(cell) else [text]
            continue
        inside = "" if cell.id in released else inside
        if inside and text and (cell.cell_type == "code") == in_code and not is_note(cell):
            found[inside].append(text)
    return {name: "\n\n".join(filter(None, parts)) for name, parts in found.items()}


def settle(before: NotebookNode | None, now: NotebookNode, release: NotebookNode,
           marks: Mapping[str, Mark]) -> set[str]:
    """The exercises whose marks by hand were given for what `now` has; nobody is to look again.

    before: the autograded notebook as it was when these marks were read, None if there is none.
    The others' marked answers are put into `now`, as far as they are known.
    """
    old, new, kept = _answers(before, release), _answers(now, release), marked(before)
    settled, changed = set(), {}
    for name, mark in marks.items():
        if not mark.by_hand or name not in new:
            continue
        was = kept.get(name) if mark.waiting else old.get(name)
        if was == new[name]:
            settled.add(name)
        elif was is not None:
            changed[name] = was
            _show(now, name, was, mark)
    if changed:
        now.metadata.setdefault(KEY, {})[_MARKED] = {
            name: asdict(was) for name, was in changed.items()}
    return settled


def marked(notebook: NotebookNode | None) -> dict[str, Marked]:
    """By exercise, the answer that was marked, where the notebook has another."""
    data: Any = (notebook.metadata.get(KEY) if notebook else None) or {}
    found = data.get(_MARKED) if isinstance(data, dict) else None
    return {str(name): Marked(str(one.get("text")), float(one.get("points", 0.0)))
            for name, one in found.items()
            if isinstance(one, dict)} if isinstance(found, dict) else {}


def is_note(cell: NotebookNode) -> bool:
    """Is this a cell that the grader put there, for a teacher?"""
    return bool(cell.metadata.get(KEY) == _NOTE)


def _answers(notebook: NotebookNode | None, release: NotebookNode) -> dict[str, Marked]:
    if notebook is None:
        return {}
    points = {exercise_name(cell): float(cell.metadata.nbgrader.points)
              for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")}
    return {name: Marked(text, points[name]) for name, text in texts(notebook, release).items()
            if name in points}


def _is_blank(cell: NotebookNode) -> bool:
    return not cell.source.strip() or cell.metadata.nbgrader.get("checksum") == checksum(cell)


def _show(notebook: NotebookNode, name: str, was: Marked, mark: Mark) -> None:
    """Put what was marked below the answer, where formgrader shows both."""
    place = next(place for place, cell in enumerate(notebook.cells)
                 if is_answer(cell) and exercise_name(cell) == name)
    text = plain(was.text) if was.text else "Nothing was written."
    notebook.cells.insert(place + 1, new_markdown_cell(
        f"**{name} has changed since it was marked.** The {mark.score:g} of {was.points:g} points "
        f"were given for:\n\n{text}", id=f"marked-{name}"[:64], metadata={KEY: _NOTE}))
