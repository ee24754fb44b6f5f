"""nbgrader's gradebook: lessons and marks go in, each in one transaction. Nothing else writes it.

nbgrader's methods commit as they go, which after a crash leaves half a submission. Here its
session is bound to a connection whose transaction is ours: what it calls a commit reaches the
file only when everything is there (SQLAlchemy, "Joining a Session into an External Transaction").
"""

import copy
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    SaveCells,
)
from nbgrader.utils import compute_checksum, is_grade, is_locked, is_solution
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from autograder.result import Result

PATIENCE = 10  # seconds to wait for others who write: a click in formgrader takes far less
# What `nbgrader generate_assignment` does before it records a lesson's cells.
PREPROCESSORS = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)


class GradebookError(Exception):
    """What is wrong with the gradebook, in one line. It is as it was before."""


class Book:
    """The open gradebook of a course.

    config: nbgrader's configuration of the course; its late-submission plugin is used too.
    A gradebook that does not exist is made. Raises GradebookError.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        url = make_url(config.CourseDirectory.db_url)
        course = config.CourseDirectory.course_id
        with _in_one_line():
            if url.drivername == "sqlite" and url.database:
                _make(Path(url.database), course)
                url = url.update_query_dict({"timeout": str(PATIENCE)})
            self._gradebook = Gradebook(url.render_as_string(hide_password=False), course)

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._gradebook.close()

    def enter_lesson(self, name: str, solution: NotebookNode) -> None:
        """Record a lesson and its cells, as `nbgrader generate_assignment` does.

        Raises GradebookError, also when submissions are recorded and the lesson has other cells
        now: nbgrader's gradebook can't hold both.
        """
        notebook, resources = copy.deepcopy(solution), dict[str, Any]()
        for preprocessor in PREPROCESSORS:
            notebook, resources = preprocessor().preprocess(notebook, resources)
        with self._transaction() as gradebook:
            if _recorded(gradebook, name) == _cells(notebook):
                return
            gradebook.update_or_create_assignment(name)
            try:
                _SaveCells().save(gradebook, name, notebook)
            except RuntimeError as error:
                raise GradebookError(
                    f"{name} has other cells than when its submissions were recorded, and "
                    f"nbgrader can't keep both. `nbgrader db assignment remove {name} --force` "
                    "forgets the lesson with all its marks.") from error

    def timestamps(self, assignment: str) -> dict[str, datetime | None]:
        """When the submissions that have all their marks were handed in (UTC), by student."""
        with self._transaction(writes=False) as gradebook:
            submitted = gradebook.db.query(
                SubmittedAssignment.student_id, SubmittedAssignment.timestamp).join(
                Assignment).filter(Assignment.name == assignment)
            # Test cells get a number from any engine; without one the engine was interrupted.
            unfinished = gradebook.db.query(SubmittedAssignment.student_id).join(
                Assignment).join(SubmittedNotebook).join(Grade).join(BaseCell).filter(
                Assignment.name == assignment, Grade.auto_score.is_(None),
                BaseCell.name.endswith("-tests"))
            left_out = {student for student, in unfinished}
            return {student: timestamp for student, timestamp in submitted
                    if student not in left_out}

    def record(self, student: str, timestamp: datetime | None, result: Result,
               notebook: NotebookNode) -> None:
        """Write one submission's marks, automatic comments and late penalty, or nothing of it.

        Marks and comments that a teacher gave stay.
        timestamp: when it was handed in (UTC).
        notebook: the submission as `autograded` made it. Raises GradebookError.
        """
        name = str(result.assignment)
        with self._transaction() as gradebook:
            gradebook.update_or_create_student(student)
            submission = gradebook.update_or_create_submission(name, student, timestamp=timestamp)
            submitted = gradebook.find_submission_notebook(name, name, student)
            scores = {exercise.name: None if exercise.needs_manual_grade else exercise.score
                      for exercise in result.exercises}
            for grade, cell in _with_cells(gradebook, Grade, submitted):
                grade.auto_score = scores[cell.name.removesuffix("-tests")]
                # nbgrader's rule: where a teacher has graded, a teacher looks again.
                grade.needs_manual_grade = (grade.manual_score is not None
                                            or grade.auto_score is None)
            answers = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells
                       if is_solution(cell)}
            for comment, cell in _with_cells(gradebook, Comment, submitted):
                answer = answers[cell.name]
                blank = answer.metadata.nbgrader.checksum == compute_checksum(answer)
                comment.auto_comment = "No response." if blank else None
            submitted.late_submission_penalty = None
            # nbgrader fails on an extension where nothing is due.
            if submission.assignment.duedate and submission.total_seconds_late > 0:
                gradebook.db.flush()
                gradebook.db.refresh(submitted, ["score"])
                submitted.late_submission_penalty = _Penalties(config=self._config).of(
                    submitted, student, submission.total_seconds_late)

    @contextmanager
    def _transaction(self, writes: bool = True) -> Iterator[Gradebook]:
        """The gradebook, in which commits come true at the end, all at once, or not at all."""
        engine, session = self._gradebook.engine, self._gradebook.db
        session.remove()
        with _in_one_line(), engine.connect() as connection:
            if writes and engine.dialect.name == "sqlite":
                # The write lock comes first, so that nothing read here is old when it is used.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            session.configure(bind=connection, join_transaction_mode="rollback_only")
            try:
                with session.no_autoflush:  # nbgrader's methods flush; in between it only costs
                    yield self._gradebook
                session.commit()
                connection.commit()
            finally:
                session.remove()
                session.configure(bind=engine)


class _SaveCells(SaveCells):
    """nbgrader's own way to record a lesson's cells, in a gradebook that is open."""

    def save(self, gradebook: Gradebook, name: str, notebook: NotebookNode) -> None:
        self.gradebook, self.notebook_id, self.assignment_id = gradebook, name, name
        for kind in ("grade", "solution", "task", "source"):
            setattr(self, f"new_{kind}_cells", {})
        for index, cell in enumerate(notebook.cells):
            self.preprocess_cell(cell, {}, index)
        self._create_notebook(notebook)


class _Penalties(AssignLatePenalties):
    """nbgrader's own way to ask the configured plugin, in a gradebook that is open."""

    def of(self, notebook: SubmittedNotebook, student: str, late: float) -> float | None:
        self.init_plugin()
        penalty = self.plugin_inst.late_submission_penalty(student, notebook.score, late)
        return None if penalty is None else self._check_late_penalty(notebook, penalty)


def _with_cells(gradebook: Gradebook, kind: type[Any], submitted: SubmittedNotebook) -> list[Any]:
    """A submitted notebook's grades or comments, each with its cell, in one query."""
    return gradebook.db.query(kind, BaseCell).join(BaseCell).filter(
        kind.notebook_id == submitted.id).all()


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


def _make(path: Path, course: str) -> None:
    """Make an empty gradebook, whole from the moment on that it is there."""
    if path.exists() or path.is_symlink():  # a link that leads nowhere is for a person to mend
        return
    with tempfile.TemporaryDirectory(prefix=".gradebook-", dir=path.parent) as folder:
        new = Path(folder) / path.name
        Gradebook(f"sqlite:///{new}", course).close()
        if not path.exists():
            os.replace(new, path)


@contextmanager
def _in_one_line() -> Iterator[None]:
    """Database trouble as GradebookError, without the trace that nbgrader logs for it."""
    log = logging.getLogger("tornado.application")
    disabled, log.disabled = log.disabled, True
    try:
        yield
    except (SQLAlchemyError, InvalidEntry, OSError) as error:
        raise GradebookError(_told(error)) from error
    finally:
        log.disabled = disabled


def _told(error: Exception) -> str:
    reason = " ".join(str(getattr(error, "orig", None) or error).split())
    if any(sign in reason for sign in ("no such table", "no such column", "no column named")):
        reason += "; it may be of an older nbgrader: `nbgrader db upgrade` (keep a copy)"
    elif "locked" in reason:
        reason = f"another program has kept it locked for {PATIENCE} seconds"
    return f"The gradebook: {reason.removesuffix('.')}."
