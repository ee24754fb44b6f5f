"""The gradebook's totals as a table: nbgrader's, or one that Canvas or Moodle imports."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import nbformat

from autograder import csv_table
from autograder.classroom.canvas_gradebook import fill
from autograder.course import ROOT, Lesson, find_lesson, folder, lessons
from autograder.csv_table import guarded
from autograder.errors import UserError, disk_error
from autograder.files import write_atomically
from autograder.gradebook.book import DIGITS, Book
from autograder.gradebook.records import Student, Total
from autograder.gradebook.settings import settings
from autograder.notebooks.cells import title

Format = Literal["nbgrader", "canvas", "moodle"]
Points = dict[str, tuple[float, datetime | None]]  # by lesson: how many there are, when it is due
FORMATS: tuple[Format, ...] = ("nbgrader", "canvas", "moodle")


@dataclass(frozen=True)
class Exported:
    """Where the table is, and what a teacher should know, a line each.

    waiting: how many submissions a teacher is still to look at. blank: how many cells are empty.
    """

    path: Path
    waiting: int
    blank: int
    notices: tuple[str, ...] = ()


def export(path: Path | None, shape: Format, root: Path = ROOT, assignments: Iterable[str] = (),
           gradebook: Path | None = None, columns: Mapping[str, str] | None = None) -> Exported:
    """Write everybody's marks to a file, all at once; into the class folder if none is named.

    assignments: only these lessons; all when there are none.
    gradebook: what Canvas exported, into whose columns the marks go. columns: by lesson, the number
    or the title of its assignment there. Raises UserError.
    """
    wanted = [find_lesson(name, root) for name in assignments] or lessons(root)
    names = {one.name for one in wanted}
    own = folder("class", root)
    path = path or own / f"grades-{shape}.csv"
    try:
        with Book(settings(root)) as book:
            students = book.students()
            points = {name: facts for name, facts in book.lessons().items() if name in names}
            totals = [one for one in book.totals() if one.assignment in names]
        notices: tuple[str, ...] = ()
        if gradebook:
            filled = fill(_gradebook(gradebook), _titles(wanted, points, totals), columns or {},
                          students, {(one.assignment, one.student): _score(one) for one in totals},
                          {name: most for name, (most, _) in points.items()})
            text, notices, blank = _csv(filled.rows), filled.notices, 0
        else:
            text = table(shape, students, points, totals)
            blank = 0 if shape == "nbgrader" else (
                len(students) * len({one.assignment for one in totals}) - len(totals))
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, text)
    except OSError as error:
        raise disk_error(error, path) from error
    return Exported(path, sum(total.waiting for total in totals), blank, notices)


def _gradebook(path: Path) -> list[list[str]]:
    try:
        return csv_table.rows(path.read_bytes())
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    except OSError as error:
        raise disk_error(error, path) from error


def _titles(wanted: Iterable[Lesson], points: Points, totals: list[Total]) -> dict[str, str]:
    """By lesson, its own title, of those that somebody handed in."""
    there = {one.assignment for one in totals}
    return {one.name: title(nbformat.read(one.release, as_version=4)) or one.name
            for one in wanted if one.name in points and one.name in there}


def table(shape: Format, students: list[Student], lessons: Points, totals: list[Total]) -> str:
    """The table as CSV. A lesson that nobody handed in has no column in Canvas's and Moodle's."""
    by = {(total.assignment, total.student): total for total in totals}
    rows = {"nbgrader": _nbgrader, "canvas": _canvas, "moodle": _moodle}[shape]
    return _csv(rows(students, lessons, by))


def _csv(rows: Iterable[list[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_safe, rows))
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
    return round(max(0.0, total.score - total.penalty), DIGITS)


def _safe(row: list[object]) -> list[object]:
    return [guarded(cell) if isinstance(cell, str) else cell for cell in row]
