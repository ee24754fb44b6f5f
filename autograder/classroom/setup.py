"""The beginning of a term: the class folder's places, its students and its deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory

from autograder.classroom import roster
from autograder.course import ROOT, find_lesson, home, lessons
from autograder.errors import UserError, disk_error
from autograder.gradebook.announce import announce, announced
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import class_file, class_rules, write_deadlines
from autograder.gradebook.records import Student
from autograder.gradebook.settings import make_folders, settings
from autograder.gradebook.transaction import GradebookError

MAX_ROSTER = 64 * 2**20  # bytes


@dataclass(frozen=True)
class ClassSetup:
    """What the gradebook has now.

    total: students in the roster. new, changed: ids of those who are, or whose facts are.
    others: in the gradebook that the roster does not have; they stay.
    notices: what a teacher must know. deadlines: those that are new or changed (UTC).
    """

    total: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    others: tuple[str, ...]
    notices: tuple[str, ...]
    deadlines: dict[str, datetime | None] = field(default_factory=dict)


def set_up_class(table: Path | None, due: Mapping[str, datetime | None],
                 root: Path = ROOT) -> ClassSetup:
    """Set up the class, or bring it up to date; nobody and no mark is taken out.

    table: the roster, a CSV file. due: by lesson, when it is due (UTC), or None for never; goes
    into the class's settings, and the deadlines of those into the gradebook.
    Raises UserError before anything is changed when the roster, the settings or a lesson's name is
    of no use.
    """
    for name in due:
        find_lesson(name, root)
    rules = class_rules(root)
    students, notices = _read(table) if table else ((), [])
    try:
        make_folders(root)
        config = settings(root)
        announced(root, config)  # says so where the exchange is another course's
        folders = CourseDirectory(config=config)
        for place in (folders.submitted_directory, folders.autograded_directory,
                      folders.feedback_directory):
            (home(root) / place).mkdir(parents=True, exist_ok=True)
        with Book(config) as book:
            for lesson in lessons(root):
                try:
                    book.enter_lesson(lesson.name, nbformat.read(lesson.solution, as_version=4))
                except GradebookError as error:
                    notices.append(str(error))
            deadlines = _agree(book, {**rules.deadlines, **due}, root)
            notices += [f"{name} was due {before:%Y-%m-%d %H:%M} UTC in the gradebook; "
                        f"{class_file(root)} counts." for name, (before, _) in deadlines.items()
                        if before and name not in due]
            never = [name for name, (_, when) in book.lessons().items() if when is None]
            if rules.hidden_checks == "after-deadline" and never:
                notices.append(f'{class_file(root)}: hidden_checks is "after-deadline", and '
                               f"nothing is due in {', '.join(never)}: feedback there never says "
                               "what hidden checks found.")
            try:
                announce({name: when for name, (_, when) in book.lessons().items()}, root, config)
            except UserError as error:
                notices.append(f"Students can't see the deadlines, which aren't in the exchange. "
                               f"{error}")
            new, changed = book.enroll(students)
            enrolled = book.students()
    except OSError as error:
        raise disk_error(error, root) from error
    listed = {one.id for one in students}
    others = [one.label for one in enrolled if one.id not in listed] if table else []
    return ClassSetup(len(students), tuple(new), tuple(changed), tuple(others), tuple(notices),
                      {name: when for name, (_, when) in deadlines.items()})


def _agree(book: Book, wanted: Mapping[str, datetime | None],
           root: Path) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Let the gradebook and the class's settings have the same deadlines.

    Returns what changed in the gradebook: by lesson, when it was due and when it is now.
    """
    there = {name: when for name, (_, when) in book.lessons().items()}
    changes = {name: (there.get(name), when) for name, when in wanted.items()
               if there.get(name) != when}
    for name, (_, when) in changes.items():
        book.set_due(name, when)
    for student, until in class_rules(root).extensions.items():
        book.extend(student, until)
    # A deadline that somebody set in formgrader is the class's, too.
    write_deadlines({**{name: when for name, when in there.items() if when}, **wanted}, root)
    return changes


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
