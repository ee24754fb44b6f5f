"""A submission's rows in nbgrader's gradebook, written in few statements.

nbgrader's own way makes an object of every cell and asks for each. One process writes what a whole
class hands in, whoever grades it, so that this is what a large class waits for.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

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
from sqlalchemy import Connection, Table, bindparam, insert, select, update

_LESSON: Table = Assignment.__table__
_HANDED_IN: Table = SubmittedAssignment.__table__
_NOTEBOOK: Table = SubmittedNotebook.__table__
_CELL: Table = BaseCell.__table__
# Which cells have a row in a table, by nbgrader's name of their kind, and what teachers put there.
_KINDS = {Grade: (("GradeCell", "TaskCell"), "manual_score"),
          Comment: (("SolutionCell", "TaskCell"), "manual_comment")}

# Made once: making a statement takes longer than running it.
_STUDENT = select(Student.__table__.c.id).where(Student.__table__.c.id == bindparam("student"))
_FOUND = (
    select(_LESSON.c.id, Notebook.__table__.c.id, _LESSON.c.duedate,
           _HANDED_IN.c.id, _NOTEBOOK.c.id, _HANDED_IN.c.extension)
    .join(Notebook.__table__, Notebook.__table__.c.assignment_id == _LESSON.c.id)
    .outerjoin(_HANDED_IN, (_HANDED_IN.c.assignment_id == _LESSON.c.id)
               & (_HANDED_IN.c.student_id == bindparam("student")))
    .outerjoin(_NOTEBOOK, (_NOTEBOOK.c.assignment_id == _HANDED_IN.c.id)
               & (_NOTEBOOK.c.notebook_id == Notebook.__table__.c.id))
    .where(_LESSON.c.name == bindparam("lesson"),
           Notebook.__table__.c.name == bindparam("lesson")))
_CELLS = (select(_CELL.c.id, _CELL.c.name, _CELL.c.type)
          .where(_CELL.c.notebook_id == bindparam("notebook")))
_THERE = {kind: select(kind.__table__.c.cell_id, kind.__table__.c.id, kind.__table__.c[teachers])
          .where(kind.__table__.c.notebook_id == bindparam("submitted"))
          for kind, (_, teachers) in _KINDS.items()}
_AGAIN = {kind: update(kind.__table__).where(kind.__table__.c.id == bindparam("row"))
          for kind in _KINDS}

Row = Mapping[str, Any]


class _Found(NamedTuple):
    """A lesson, and what stands there of a submission of it; None where nothing does."""

    assignment: str
    notebook: str
    due: datetime | None
    submission: str | None
    submitted: str | None
    extension: timedelta | None


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
    connection = gradebook.db.connection()
    row = connection.execute(_FOUND, {"lesson": lesson, "student": student}).first()
    if row is None:
        raise MissingEntry(f"No such assignment: {lesson}")
    found = _Found(*row)
    given = extension_of(found.due, until)
    if found.submission is None or found.submitted is None:
        if connection.execute(_STUDENT, {"student": student}).first() is None:
            gradebook.add_student(student)
        submitted = _new(connection, found, student, timestamp, given)
    else:
        submitted = found.submitted
        _again(connection, found, timestamp, given)
    cells = connection.execute(_CELLS, {"notebook": found.notebook}).all()
    for kind, values in ((Grade, grade), (Comment, lambda name, _: comment(name))):
        own = [(cell, name) for cell, name, of in cells if of in _KINDS[kind][0]]
        _rows(connection, kind, own, submitted, values, found.submitted is None)
    extension = given or found.extension or timedelta()
    return bool(found.due and timestamp and timestamp > found.due + extension)


def extension_of(due: datetime | None, until: datetime | None) -> timedelta | None:
    """How much longer than others a student has; None where nothing is due, or no longer."""
    return until - due if due and until and until > due else None


def _new(connection: Connection, found: _Found, student: str, timestamp: datetime | None,
         given: timedelta | None) -> str:
    """Make a submission and its notebook; the notebook's id."""
    submission, submitted = new_uuid(), new_uuid()
    connection.execute(insert(_HANDED_IN), {
        "id": submission, "assignment_id": found.assignment, "student_id": student,
        "timestamp": timestamp, "extension": given})
    connection.execute(insert(_NOTEBOOK), {
        "id": submitted, "assignment_id": submission, "notebook_id": found.notebook,
        "flagged": False})
    return submitted


def _again(connection: Connection, found: _Found, timestamp: datetime | None,
           given: timedelta | None) -> None:
    """Bring a submission and its notebook up to date."""
    connection.execute(update(_HANDED_IN).where(_HANDED_IN.c.id == found.submission).values(
        timestamp=timestamp, **({"extension": given} if given else {})))
    connection.execute(update(_NOTEBOOK).where(_NOTEBOOK.c.id == found.submitted).values(
        late_submission_penalty=None))


def _rows(connection: Connection, kind: type[Any], cells: list[tuple[str, str]], submitted: str,
          values: Callable[[str, float | None], Row], is_new: bool) -> None:
    """Write the rows of one kind of a submitted notebook: one for each cell that has one.

    cells: those by id and name. is_new: nothing is there yet.
    """
    there = {} if is_new else {cell: (row, given) for cell, row, given in connection.execute(
        _THERE[kind], {"submitted": submitted})}
    new = [{"id": new_uuid(), "notebook_id": submitted, "cell_id": cell, **values(name, None)}
           for cell, name in cells if cell not in there]
    old = [{"row": there[cell][0], **values(name, there[cell][1])}
           for cell, name in cells if cell in there]
    if new:
        connection.execute(insert(kind.__table__), new)
    if old:
        connection.execute(_AGAIN[kind], old)
