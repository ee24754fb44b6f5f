"""The gradebook's totals as a table: nbgrader's, or one that Canvas or Moodle imports."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from autograder.course import ROOT
from autograder.csv_table import guarded
from autograder.errors import disk_error
from autograder.files import write_atomically
from autograder.gradebook.book import Book
from autograder.gradebook.records import Student, Total
from autograder.gradebook.settings import settings

Format = Literal["nbgrader", "canvas", "moodle"]
Points = dict[str, tuple[float, datetime | None]]  # by lesson: how many there are, when it is due
FORMATS: tuple[Format, ...] = ("nbgrader", "canvas", "moodle")


def export(path: Path, shape: Format, root: Path = ROOT) -> int:
    """Write everybody's marks to a file, all at once.

    Returns how many submissions a teacher is still to look at. Raises UserError.
    """
    try:
        with Book(settings(root)) as book:
            students, lessons, totals = book.students(), book.lessons(), book.totals()
        text = table(shape, students, lessons, totals)
        write_atomically(path, text)
    except OSError as error:
        raise disk_error(error, path) from error
    return sum(total.waiting for total in totals)


def table(shape: Format, students: list[Student], lessons: Points, totals: list[Total]) -> str:
    """The table as CSV. A lesson that nobody handed in has no column in Canvas's and Moodle's."""
    by = {(total.assignment, total.student): total for total in totals}
    rows = {"nbgrader": _nbgrader, "canvas": _canvas, "moodle": _moodle}[shape]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_safe, rows(students, lessons, by)))
    return text.getvalue()


By = dict[tuple[str, str], Total]
Rows = Iterator[list[object]]


def _nbgrader(students: list[Student], lessons: Points, totals: By) -> Rows:
    """nbgrader's own columns; who handed in nothing has no points."""
    yield ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
           "raw_score", "late_submission_penalty", "score", "max_score"]
    for lesson, (most, due) in lessons.items():
        for one in students:
            total = totals.get((lesson, one.id)) or Total(lesson, one.id, None, 0.0, 0.0, False)
            yield [lesson, due, total.timestamp, one.id, one.last, one.first, one.email,
                   total.score, total.penalty, _score(total), most]


def _canvas(students: list[Student], lessons: Points, totals: By) -> Rows:
    handed_in = _handed_in(lessons, totals)
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *handed_in]
    yield ["    Points Possible", "", "", "", "", *(lessons[name][0] for name in handed_in)]
    for one in students:
        name = ", ".join(filter(None, (one.last, one.first))) or one.id
        yield [name, one.lms, "", one.id, "", *_scores(one, handed_in, totals)]


def _moodle(students: list[Student], lessons: Points, totals: By) -> Rows:
    handed_in = _handed_in(lessons, totals)
    yield ["Username", "First name", "Last name", "Email address", *handed_in]
    for one in students:
        yield [one.id, one.first, one.last, one.email, *_scores(one, handed_in, totals)]


def _handed_in(lessons: Points, totals: By) -> list[str]:
    return [name for name in lessons if any(lesson == name for lesson, _ in totals)]


def _scores(one: Student, lessons: list[str], totals: By) -> list[float | None]:
    """Blank where nothing was handed in, which leaves what stands there as it is."""
    return [_score(totals[name, one.id]) if (name, one.id) in totals else None
            for name in lessons]


def _score(total: Total) -> float:
    return round(max(0.0, total.score - total.penalty), 4)


def _safe(row: list[object]) -> list[object]:
    return [guarded(cell) if isinstance(cell, str) else cell for cell in row]
