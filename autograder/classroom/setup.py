"""The beginning of a term: the class folder's places, its students and its deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory

from autograder.classroom import roster
from autograder.course import ROOT, find_lesson, lessons
from autograder.errors import UserError, disk_error
from autograder.gradebook.book import Book
from autograder.gradebook.records import Student
from autograder.gradebook.settings import make_folders, settings
from autograder.gradebook.transaction import GradebookError

MAX_ROSTER = 64 * 2**20  # bytes


@dataclass(frozen=True)
class ClassSetup:
    """What the gradebook has now.

    total: students in the roster. new, changed: ids of those who are, or whose facts are.
    others: ids in the gradebook that the roster does not have; they stay.
    told: what a teacher must know.
    """

    total: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    others: tuple[str, ...]
    notices: tuple[str, ...]


def set_up_class(table: Path | None, due: Mapping[str, datetime | None],
                 root: Path = ROOT) -> ClassSetup:
    """Set up the class, or bring it up to date; nobody and no mark is taken out.

    table: the roster, a CSV file. due: by lesson, when it is due (UTC), or None for never.
    Raises UserError before anything is changed when the roster or a lesson's name is of no use.
    """
    for name in due:
        find_lesson(name, root)
    students, notices = _read(table) if table else ((), [])
    try:
        make_folders(root)
        config = settings(root)
        folders = CourseDirectory(config=config)
        for place in (folders.submitted_directory, folders.autograded_directory,
                      folders.feedback_directory):
            (root / place).mkdir(parents=True, exist_ok=True)
        with Book(config) as book:
            for lesson in lessons(root):
                try:
                    book.enter_lesson(lesson.name, nbformat.read(lesson.solution, as_version=4))
                except GradebookError as error:
                    notices.append(str(error))
                if lesson.name in due:
                    book.set_due(lesson.name, due[lesson.name])
            new, changed = book.enroll(students)
            there = [one.id for one in book.students()]
    except OSError as error:
        raise disk_error(error, root) from error
    listed = {one.id for one in students}
    others = [one for one in there if one not in listed] if table else []
    return ClassSetup(len(students), tuple(new), tuple(changed), tuple(others), tuple(notices))


def _read(table: Path) -> tuple[tuple[Student, ...], list[str]]:
    try:
        with table.open("rb") as file:
            data = file.read(MAX_ROSTER + 1)
    except OSError as error:
        raise disk_error(error, table) from error
    if len(data) > MAX_ROSTER:
        raise UserError(f"{table}: A roster has no more than {MAX_ROSTER // 2**20} MiB.")
    try:
        read = roster.read(data)
    except UserError as error:
        raise UserError(f"{table}: {error}") from error
    return read.students, list(read.notices)
