"""The table of marks that a sheet of written answers saves, read row by row. Pure.

A cell may have been through a spreadsheet, and a row through a person's hands.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass

from autograder import csv_table
from autograder.errors import UserError

COLUMNS = ["student", "exercise", "points", "comment", "answer"]
LONGEST = 10_000  # characters of a comment: what a feedback page shows


@dataclass(frozen=True)
class Row:
    """What one row gives.

    number: the row's, as a spreadsheet counts. answer: the digest of the answer that was read.
    trouble: why it can't be used, "" when it can; without points there is always some.
    """

    number: int
    student: str
    exercise: str
    points: float | None
    comment: str
    answer: str
    trouble: str = ""


def digest(answer: str) -> str:
    """A short hash of an answer's text; no spreadsheet takes it for a number."""
    return f"a{hashlib.sha256(answer.encode('utf-8', 'replace')).hexdigest()[:11]}"


def read(data: bytes) -> list[Row]:
    """The rows of a marks.csv. Raises UserError when it is none."""
    try:
        header, *rows = csv_table.rows(data) or [[]]
    except UserError as error:
        raise UserError(str(error)) from error
    if not header:
        raise UserError("It is empty. The sheet's button saves one with marks in it.")
    if [title.strip() for title in header] != COLUMNS:
        raise UserError(f"Its first row is not {','.join(COLUMNS)}, which the sheet's button "
                         "writes.")
    return list(_rows(rows))


def _rows(rows: list[list[str]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=2):
        if not any(map(str.strip, cells)):
            continue
        if len(cells) < len(COLUMNS) or any(map(str.strip, cells[len(COLUMNS):])):
            student = csv_table.unguarded(cells[0])
            yield Row(number, student, "", None, "", "",
                      f"it has {len(cells)} cells, not {len(COLUMNS)}")
            continue
        student, exercise, written, comment, answer = map(csv_table.unguarded, cells[:5])
        comment = comment.replace("\r\n", "\n").replace("\r", "\n").strip()
        points, trouble = _points(written)
        if len(comment) > LONGEST:
            trouble = f"the comment is longer than {LONGEST} characters"
        yield Row(number, student, exercise.strip(), points, comment, answer.strip(), trouble)


def _points(text: str) -> tuple[float | None, str]:
    """The points in a cell, and what is wrong with them; a decimal comma is a point."""
    try:
        points = float(text.strip().replace(",", "."))
    except ValueError:
        points = math.nan
    if not math.isfinite(points):
        return None, f"{text!r} is not a number of points"
    if points < 0:
        return None, f"{text} points are below zero"
    return points, ""
