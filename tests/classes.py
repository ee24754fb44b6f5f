"""What the tests share about a class: handing in, and looking into a gradebook."""

import sqlite3
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Lesson

RIGHT = {"double": "import numpy as np\n\ndef double(x):\n"
                   "    return 2 * np.asarray(x, dtype=float)",
         "half": "def half(x):\n    return x / 2",
         "why": "Twice is more."}
NATURAL = {"course": "id", "assignment": "name", "notebook": "assignment_id name",
           "base_cell": "notebook_id name type", "grade_cells": "id", "solution_cells": "id",
           "task_cells": "id", "source_cell": "notebook_id name",
           "student": "id", "submitted_assignment": "assignment_id student_id",
           "submitted_notebook": "assignment_id notebook_id", "grade": "notebook_id cell_id",
           "comment": "notebook_id cell_id", "alembic_version": "version_num"}


def answered(lesson: Lesson, answers: dict[str, str]) -> NotebookNode:
    """A student's notebook of the demo lesson: answers by cell."""
    student = nbformat.read(lesson.release, as_version=4)
    for cell in student.cells:
        cell.source = answers.get(cell.id, cell.source)
    return student


def hand_in(lesson: Lesson, student: str, answers: dict[str, str],
            stamp: str | bytes | None = "2030-01-01 10:00:00 UTC") -> Path:
    """Put a submission where `nbgrader collect` puts it; the notebook's path."""
    folder = lesson.root / "grading" / "submitted" / student / lesson.name
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(answered(lesson, answers), folder / f"{lesson.name}.ipynb")
    if stamp is not None:
        stamp = stamp.encode() if isinstance(stamp, str) else stamp
        (folder / "timestamp.txt").write_bytes(stamp)
    return folder / f"{lesson.name}.ipynb"


def gradebook(root: Path) -> Path:
    return root / "grading" / "gradebook.db"


def dump(root: Path) -> dict[str, list[dict[str, object]]]:
    """All rows of all tables; random ids are replaced by what they stand for."""
    found, names = {}, {}
    with sqlite3.connect(gradebook(root)) as database:
        database.row_factory = sqlite3.Row
        tables = {row[0] for row in database.execute(
            "select name from sqlite_master where type = 'table'")}
        assert tables == NATURAL.keys()
        for table, key in NATURAL.items():
            rows = []  # in NATURAL's order, so that what a row points to has its name already
            for row in map(dict, database.execute(f"select * from {table}")):
                row = {column: names.get(value, value) for column, value in row.items()}
                name = "/".join(str(row[column]) for column in key.split())
                if "id" in row and key != "id":
                    names[row["id"]] = row["id"] = name
                rows.append(row)
            found[table] = sorted(rows, key=str)
    database.close()
    return found


def marks(root: Path) -> dict[str, dict[str, tuple[float | None, bool]]]:
    """By student and cell: the automatic score, and whether a teacher is to look."""
    found: dict[str, dict[str, tuple[float | None, bool]]] = {}
    for row in dump(root)["grade"]:
        student = str(row["notebook_id"]).split("/")[1]
        cell = str(row["cell_id"]).split("/")[2]
        found.setdefault(student, {})[cell] = (row["auto_score"], bool(row["needs_manual_grade"]))
    return found
