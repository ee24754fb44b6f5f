"""A class without names: what everybody got for each exercise, for somebody who studies teaching.

People are numbered at random, anew each time, and the numbers are kept nowhere. No text that
anybody wrote, no time and no hash of either is in it.
"""

import csv
import io
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.course import ROOT, find_lesson, folder, home, lessons
from autograder.csv_table import guarded
from autograder.errors import disk_error
from autograder.files import write_atomically
from autograder.gradebook.book import Book
from autograder.gradebook.settings import settings
from autograder.reports.read import read_lesson
from autograder.reports.statistics import Answer, Work

COLUMNS = ("person", "lesson", "exercise", "points", "of", "by_hand", "to_read", "blank",
           "checks_passed", "checks", "misconception", "late")


def export(path: Path | None = None, assignments: Iterable[str] = (), root: Path = ROOT) -> Path:
    """Write the table; into the class folder if no file is named. Raises UserError."""
    wanted = [find_lesson(name, root) for name in assignments] or lessons(root)
    path = path or folder("class", root) / "anonymous.csv"
    try:
        config = settings(root)
        autograded = home(root) / CourseDirectory(config=config).autograded_directory
        with Book(config) as book:
            facts, totals = book.lessons(), book.totals()
            marks = {one.name: book.all_marks(one.name) for one in wanted}
        works = [work for one in wanted if one.name in facts for work in read_lesson(
            one, facts[one.name][1], autograded, marks[one.name],
            [total for total in totals if total.assignment == one.name]).works]
        write_atomically(path, table(works))
    except OSError as error:
        raise disk_error(error, path) from error
    return path


def table(works: Sequence[Work]) -> str:
    """The table as CSV, by person."""
    people = sorted({work.student for work in works})
    secrets.SystemRandom().shuffle(people)
    numbers = {student: f"p{k:0{len(str(len(people)))}}" for k, student in enumerate(people, 1)}
    rows = sorted(([numbers[work.student], work.lesson, *_row(one), int(work.late)]
                   for work in works for one in work.answers), key=lambda row: row[:2])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row]
                     for row in rows)
    return text.getvalue()


def _row(one: Answer) -> list[str | float]:
    checks = one.exercise.checks
    return [one.exercise.name, one.mark.score, one.mark.max_score, int(one.mark.by_hand),
            int(not one.marked), int(one.exercise.error == "missing"),
            sum(check.passed for check in checks), len(checks),
            one.exercise.misconception.name if one.exercise.misconception else ""]
