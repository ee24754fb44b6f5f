"""A lesson's cells in nbgrader's gradebook, which `gradebook` has open.

nbgrader's own way is kept, but for one thing that it refuses: a new cell where submissions are
recorded.
"""

import copy
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    SaveCells,
)
from nbgrader.utils import is_grade, is_locked, is_solution

from autograder.notebooks.cells import exercise_of

# What `nbgrader generate_assignment` does before it records a lesson's cells.
PREPROCESSORS = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)


def prepared(solution: NotebookNode) -> NotebookNode:
    """A lesson as its cells are recorded."""
    notebook, resources = copy.deepcopy(solution), dict[str, Any]()
    for preprocessor in PREPROCESSORS:
        notebook, resources = preprocessor().preprocess(notebook, resources)
    return notebook


def save(gradebook: Gradebook, name: str, notebook: NotebookNode) -> None:
    """Record a lesson that is `prepared`, unless it stands there as it is.

    Raises RuntimeError when submissions are recorded and a cell of theirs is gone.
    """
    if _recorded(gradebook, name) != _cells(notebook):
        gradebook.update_or_create_assignment(name)
        _SaveCells().save(gradebook, name, notebook)


class _SaveCells(SaveCells):
    """nbgrader's own way to record a lesson's cells, in a gradebook that is open."""

    def save(self, gradebook: Gradebook, name: str, notebook: NotebookNode) -> None:
        self.gradebook, self.notebook_id, self.assignment_id = gradebook, name, name
        for kind in ("grade", "solution", "task", "source"):
            setattr(self, f"new_{kind}_cells", {})
        for index, cell in enumerate(notebook.cells):
            self.preprocess_cell(cell, {}, index)
        self._make_room()
        self._create_notebook(notebook)

    def _make_room(self) -> None:
        """Put new cells into submissions that are recorded, which nbgrader refuses to do."""
        try:
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            return
        submissions = list(notebook.submissions)
        for kind, what in (("grade", Grade), ("solution", Comment), ("source", None)):
            old = {cell.name for cell in getattr(notebook, f"{kind}_cells")}
            add = getattr(self.gradebook, f"add_{kind}_cell")
            for name, facts in getattr(self, f"new_{kind}_cells").items():
                if submissions and name not in old:
                    cell = add(name, self.notebook_id, self.assignment_id, **facts)
                    if what is not None:
                        self.gradebook.db.add_all(what(cell_id=cell.id, notebook=submitted)
                                                  for submitted in submissions)
        self.gradebook.db.commit()


def removed(gradebook: Gradebook, name: str, notebook: NotebookNode) -> list[str]:
    """The exercises that are recorded and not in the lesson any more, in the lesson's order."""
    there = {exercise_of(one) for one in _cells(notebook)}
    recorded = _recorded(gradebook, name) or {}
    return list(dict.fromkeys(
        exercise_of(cell) for cell, (*_, points, is_answer) in recorded.items()
        if (points is not None or is_answer) and exercise_of(cell) not in there))


def _recorded(gradebook: Gradebook, name: str) -> dict[str, tuple[Any, ...]] | None:
    try:
        notebook = gradebook.find_notebook(name, name)
    except MissingEntry:
        return None
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    answers = {cell.name for cell in notebook.solution_cells}
    return {cell.name: (cell.cell_type, cell.locked, cell.source, cell.checksum,
                        points.get(cell.name), cell.name in answers)
            for cell in notebook.source_cells}


def _cells(notebook: NotebookNode) -> dict[str, tuple[Any, ...]]:
    return {cell.metadata.nbgrader.grade_id: (
        cell.cell_type, is_locked(cell), cell.source, cell.metadata.nbgrader.checksum,
        float(cell.metadata.nbgrader.points) if is_grade(cell) else None, is_solution(cell))
        for cell in notebook.cells if is_grade(cell) or is_solution(cell) or is_locked(cell)}
