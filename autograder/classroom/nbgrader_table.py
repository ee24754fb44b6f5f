"""The table of marks inside nbgrader's own `export`; see `nbgrader_config.py`."""

from pathlib import Path
from typing import Any

from nbgrader.plugins import CsvExportPlugin

from autograder.classroom.export import table
from autograder.gradebook.book import Book


class Table(CsvExportPlugin):
    """In place of nbgrader's table of marks: the same columns and numbers as `export` writes."""

    def export(self, gradebook: Any) -> None:
        """Write the table, of all students and assignments or of those that are named."""
        with Book(self.config) as book:
            students, lessons, totals = book.students(), book.lessons(), book.totals()
        wanted, names = set(map(str, self.student)), set(map(str, self.assignment))
        Path(self.to or "grades.csv").write_text(table(
            "nbgrader", [one for one in students if not wanted or one.id in wanted],
            {name: facts for name, facts in lessons.items() if not names or name in names},
            totals), encoding="utf-8")
