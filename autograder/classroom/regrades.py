"""Requests for another look: from the files that students send to a list for the teacher.

The list is grading/regrades.csv. What a teacher writes into its last column stays, and closes the
request; a request that came before is not listed twice.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder import csv_table
from autograder.course import ROOT, folder, home, lessons
from autograder.csv_table import guarded, unguarded
from autograder.errors import UserError, disk_error
from autograder.feedback.publish import STAMP
from autograder.feedback.regrade import SUFFIX, Request, read
from autograder.files import write_atomically
from autograder.gradebook.book import Book
from autograder.gradebook.settings import settings

COLUMNS = ("student", "name", "lesson", "exercise", "points", "of", "why", "remark", "done")
MAX_BYTES = 2**20  # of a request, and 64 of the list


@dataclass(frozen=True)
class Listed:
    """The list, the rows that are open, how many are new, and what can't be used, a line each."""

    path: Path
    open: tuple[dict[str, str], ...]
    new: int
    notices: tuple[str, ...]


def take(sources: Iterable[Path] = (), root: Path = ROOT) -> Listed:
    """Put requests on the list. Raises UserError.

    sources: files, or folders in which they are looked for; what came with submissions always is.
    """
    path = folder("class", root) / "regrades.csv"
    notices: list[str] = []
    try:
        rows = _list(path)
        there = {(row["student"], row["lesson"], row["exercise"], row["why"]) for row in rows}
        submitted = home(root) / CourseDirectory(config=settings(root)).submitted_directory
        new = 0
        with Book(settings(root)) as book:
            desk = _Desk(book, submitted, [one.name for one in lessons(root)])
            for file in [*_files(submitted), *(file for source in sources
                                               for file in _files(source))]:
                try:
                    with file.open("rb") as data:
                        text = data.read(MAX_BYTES).decode("utf-8", "replace")
                    found = desk.rows(read(text))
                except UserError as error:
                    notices.append(f"{file}: {error}")
                    continue
                for row in found:
                    key = row["student"], row["lesson"], row["exercise"], row["why"]
                    if key not in there:
                        there.add(key)
                        rows.append(row)
                        new += 1
        if rows:
            write_atomically(path, _csv(rows))
    except OSError as error:
        raise disk_error(error, path) from error
    return Listed(path, tuple(row for row in rows if not row["done"].strip()), new, tuple(notices))


def forget(student: str, root: Path = ROOT) -> None:
    """Take a student off the list. Raises UserError, OSError."""
    path = folder("class", root) / "regrades.csv"
    rows = _list(path)
    kept = [row for row in rows if row["student"] != student]
    if kept != rows:
        write_atomically(path, _csv(kept))


class _Desk:
    """Looks up what a request is about."""

    def __init__(self, book: Book, submitted: Path, known: Sequence[str]) -> None:
        self._book, self._submitted, self._lessons = book, submitted, known
        self._students = {one.id: one for one in book.students()}

    def rows(self, request: Request) -> list[dict[str, str]]:
        """A row for each exercise. Raises UserError."""
        student = self._students.get(request.student)
        if student is None:
            raise UserError(f"There is no student {request.student!r}.")
        if request.lesson not in self._lessons:
            raise UserError(f"There is no lesson {request.lesson!r}.")
        marks = self._book.marks(request.lesson, student.id)
        if marks is None:
            raise UserError(f"{student.label} has no marks in {request.lesson}.")
        if unknown := sorted(request.reasons.keys() - marks.exercises.keys()):
            raise UserError(f"{request.lesson} has no exercise {', '.join(unknown)}.")
        remark = ("" if self._is_the_one(request) else
                  "has handed in again since, or it was another submission")
        return [dict(zip(COLUMNS, (
            student.id, student.name, request.lesson, name, f"{marks.exercises[name].score:g}",
            f"{marks.exercises[name].max_score:g}", why, remark, ""), strict=True))
            for name, why in request.reasons.items()]

    def _is_the_one(self, request: Request) -> bool:
        try:
            stamp = (self._submitted / request.student / request.lesson / STAMP).read_text("utf-8")
        except (OSError, ValueError):
            return True
        return stamp.strip()[:19] == request.handed_in[:19]


def _files(source: Path) -> Iterator[Path]:
    """A file, or all requests in a folder; links are not followed."""
    if not source.is_dir():
        yield source
        return
    for path in sorted(source.rglob(f"*{SUFFIX}")):
        if path.is_file() and not path.is_symlink():
            yield path


def _list(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    try:
        rows = csv_table.rows(path.read_bytes())
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    if not rows or not set(COLUMNS).issubset(rows[0]):
        raise UserError(f"{path}: The columns {', '.join(COLUMNS)} are not all there. Name the "
                        "file differently, and run the command again.")
    return [{**dict.fromkeys(COLUMNS, ""), **dict(zip(rows[0], map(unguarded, row), strict=False))}
            for row in rows[1:] if any(row)]


def _csv(rows: Iterable[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(row.get(name, "")) for name in COLUMNS] for row in rows)
    return text.getvalue()
