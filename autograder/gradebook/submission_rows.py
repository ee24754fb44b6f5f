"""A submission's rows in nbgrader's gradebook, written in few statements.

nbgrader's own way makes an object of every cell and asks for each. One process writes what a whole
class hands in, whoever grades it, so that this is what a large class waits for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

_HANDED_IN: Table = SubmittedAssignment.__table__
_NOTEBOOK: Table = SubmittedNotebook.__table__
# Which cells have a row in a table, by nbgrader's name of their kind.
_KINDS = {Grade: ("GradeCell", "TaskCell"), Comment: ("SolutionCell", "TaskCell")}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Lesson:
    assignment: str
    notebook: str
    due: datetime | None


def write(gradebook: Gradebook, lesson: str, student: str, timestamp: datetime | None,
          grade: Callable[[str, float | None], Row], comment: Callable[[str], Row],
          until: datetime | None = None) -> bool:
    """Write a submission's grades and comments, new or again; whether it is late.

    timestamp: when it was handed in (UTC).
    grade: what to write of a cell with points, by its name and the points that a teacher gave.
    comment: what to write beside an answer, by its cell's name.
    until: the student's own deadline (UTC); without it an extension of before stays.
    A late penalty of before is taken away. Raises MissingEntry, SQLAlchemyError.
    """
    session = gradebook.db
    if session.execute(select(Student.id).where(Student.id == student)).first() is None:
        gradebook.add_student(student)
    there = _lesson(session, lesson)
    submitted, extension = _submission(session, there, student, timestamp,
                                       extension_of(there.due, until))
    for kind, values in ((Grade, grade), (Comment, lambda name, _: comment(name))):
        _rows(session, kind, there, submitted, values)
    return bool(there.due and timestamp
                and timestamp > there.due + (extension or timedelta()))


def _lesson(session: Session, name: str) -> _Lesson:
    found = session.execute(
        select(Assignment.id, Notebook.id, Assignment.duedate)
        .join(Notebook, Notebook.assignment_id == Assignment.id)
        .where(Assignment.name == name, Notebook.name == name)).first()
    if found is None:
        raise MissingEntry(f"No such assignment: {name}")
    return _Lesson(*found)


def extension_of(due: datetime | None, until: datetime | None) -> timedelta | None:
    """How much longer than others a student has; None where nothing is due, or no longer."""
    return until - due if due and until and until > due else None


def _submission(session: Session, lesson: _Lesson, student: str, timestamp: datetime | None,
                given: timedelta | None) -> tuple[str, timedelta | None]:
    """The id of a submission's notebook, which is made or brought up to date; the extension."""
    found = session.execute(
        select(_HANDED_IN.c.id, _NOTEBOOK.c.id, _HANDED_IN.c.extension)
        .join(_NOTEBOOK, _NOTEBOOK.c.assignment_id == _HANDED_IN.c.id)
        .where(_HANDED_IN.c.assignment_id == lesson.assignment,
               _HANDED_IN.c.student_id == student,
               _NOTEBOOK.c.notebook_id == lesson.notebook)).first()
    if found is not None:
        submission, submitted, extension = found
        session.execute(update(_HANDED_IN).where(_HANDED_IN.c.id == submission).values(
            timestamp=timestamp, **({"extension": given} if given else {})))
        session.execute(update(_NOTEBOOK).where(_NOTEBOOK.c.id == submitted).values(
            late_submission_penalty=None))
        return submitted, given or extension
    submission, submitted = new_uuid(), new_uuid()
    session.execute(insert(_HANDED_IN).values(
        id=submission, assignment_id=lesson.assignment, student_id=student, timestamp=timestamp,
        extension=given))
    session.execute(insert(_NOTEBOOK).values(
        id=submitted, assignment_id=submission, notebook_id=lesson.notebook, flagged=False))
    return submitted, given


def _rows(session: Session, kind: type[Any], lesson: _Lesson, submitted: str,
          values: Callable[[str, float | None], Row]) -> None:
    """Write the rows of one kind of a submitted notebook: one for each cell that has one."""
    table: Table = kind.__table__
    cells: Table = BaseCell.__table__
    teachers = table.c.manual_score if kind is Grade else table.c.manual_comment
    found = session.execute(
        select(cells.c.id, cells.c.name, table.c.id, teachers)
        .outerjoin(table, (table.c.cell_id == cells.c.id) & (table.c.notebook_id == submitted))
        .where(cells.c.notebook_id == lesson.notebook, cells.c.type.in_(_KINDS[kind]))).all()
    new = [{"id": new_uuid(), "notebook_id": submitted, "cell_id": cell, **values(name, None)}
           for cell, name, row, _ in found if row is None]
    old = [{"row": row, **values(name, given)}
           for _, name, row, given in found if row is not None]
    if new:
        session.execute(insert(table), new)
    if old:
        session.connection().execute(update(table).where(table.c.id == bindparam("row")), old)
