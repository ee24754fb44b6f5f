"""Grades and comments with their cells, one query for many."""

from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Gradebook,
    SubmittedAssignment,
    SubmittedNotebook,
)


def with_cells(gradebook: Gradebook, kind: type[Any], submitted: SubmittedNotebook) -> list[Any]:
    """A submitted notebook's grades or comments, each with its cell, in one query."""
    return gradebook.db.query(kind, BaseCell).join(BaseCell).filter(
        kind.notebook_id == submitted.id).all()


def of_class(gradebook: Gradebook, kind: type[Any],
              assignment: str) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Everybody's grades or comments, each with its cell, by student and the cell's name."""
    rows = gradebook.db.query(kind, BaseCell, SubmittedAssignment.student_id).join(
        BaseCell, kind.cell_id == BaseCell.id).join(
        SubmittedNotebook, kind.notebook_id == SubmittedNotebook.id).join(
        SubmittedAssignment).join(Assignment).filter(Assignment.name == assignment)
    return {(student, cell.name): (row, cell) for row, cell, student in rows}
