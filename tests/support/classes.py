"""What the tests share about a class: handing in, grading by looking, reading a gradebook."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import nbformat
from nbformat import NotebookNode

from autograder.classroom.autograde import opened
from autograder.classroom.outcome import Outcome
from autograder.course import Lesson
from autograder.grading.marking import graded_cells
from autograder.grading.result import Exercise, Result
from autograder.grading.submissions import Submission
from autograder.notebooks import parse, rebuild
from support.demo import NAME

RIGHT = {"double": "import numpy as np\n\ndef double(x):\n"
                   "    return 2 * np.asarray(x, dtype=float)",
         "half": "def half(x):\n    return x / 2",
         "why": "Twice is more."}
STAMP = "2030-01-01 10:00:00 UTC"
# By table, what a row is to people. A table stands behind those that its rows point to.
NATURAL = {"course": "id", "assignment": "name", "notebook": "assignment_id name",
           "base_cell": "notebook_id name type", "grade_cells": "id", "solution_cells": "id",
           "task_cells": "id", "source_cell": "notebook_id name", "student": "id",
           "submitted_assignment": "assignment_id student_id",
           "submitted_notebook": "assignment_id notebook_id", "grade": "notebook_id cell_id",
           "comment": "notebook_id cell_id", "alembic_version": "version_num"}


def answered(lesson: Lesson, answers: dict[str, str]) -> NotebookNode:
    """A student's notebook of the demo lesson: answers by cell."""
    student = nbformat.read(lesson.release, as_version=4)
    for cell in student.cells:
        cell.source = answers.get(cell.id, cell.source)
    return student


def submitted(root: Path, student: str, name: str = NAME) -> Path:
    return root / "grading" / "submitted" / student / name


def autograded(root: Path, student: str, name: str = NAME) -> Path:
    return root / "grading" / "autograded" / student / name


def hand_in(lesson: Lesson, student: str, answers: dict[str, str],
            stamp: str | bytes | None = STAMP) -> Path:
    """Put a submission where `nbgrader collect` puts it, in place of an older one; its folder."""
    folder = submitted(lesson.root, student, lesson.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    nbformat.write(answered(lesson, answers), folder / f"{lesson.name}.ipynb")
    if stamp is not None:
        stamp = stamp.encode() if isinstance(stamp, str) else stamp
        (folder / "timestamp.txt").write_bytes(stamp)
    return folder


def by_looking(submissions: list[Submission], root: Path) -> Iterator[
        tuple[Result, NotebookNode | None]]:
    """Stands for the engine: whoever returns something gets all points; nothing is run."""
    for one in submissions:
        lesson = Lesson(str(one.assignment), root)
        release = nbformat.read(lesson.release, as_version=4)
        result = Result(str(one.path), one.student, one.assignment)
        try:
            student = parse.parse(one.path.read_bytes())
        except parse.Unreadable as error:
            result.status, result.reason = "quarantined", str(error)
            yield result, None
            continue
        ran = rebuild.rebuild(
            student, release, onto=nbformat.read(lesson.solution, as_version=4)).notebook
        texts = {cell.id: cell.source for cell in ran.cells}
        for cell in graded_cells(ran):
            name, points = cell.id.removesuffix("-tests"), float(cell.metadata.nbgrader.points)
            if cell.id == name:
                written = rebuild.answered(cell, release)
                result.exercises.append(Exercise(name, 0.0, points, needs_manual_grade=written,
                                                 error=None if written else "missing"))
            else:
                right = "return" in texts[name]
                result.exercises.append(Exercise(name, points if right else 0.0, points,
                                                 error=None if right else "missing"))
        result.score = sum(exercise.score for exercise in result.exercises)
        yield result, ran


def run(root: Path, force: bool = False) -> list[Outcome]:
    """One run of autograding, by looking."""
    with opened(root) as room:
        return list(room.autograde(room.waiting(force=force),
                                   lambda submissions: by_looking(submissions, root)))


def gradebook(root: Path) -> Path:
    return root / "grading" / "gradebook.db"


def change(root: Path, statement: str, *values: object) -> None:
    """Change the gradebook by hand."""
    database = sqlite3.connect(gradebook(root))
    with database:
        assert database.execute(statement, values).rowcount
    database.close()


def dump(root: Path) -> dict[str, list[dict[str, object]]]:
    """All rows of all tables; random ids are replaced by what they stand for."""
    found, names = {}, {}
    database = sqlite3.connect(gradebook(root))
    database.row_factory = sqlite3.Row
    tables = {row[0] for row in database.execute(
        "select name from sqlite_master where type = 'table'")}
    assert tables == NATURAL.keys()
    for table, key in NATURAL.items():
        rows = []
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
        student, cell = str(row["notebook_id"]).split("/")[1], str(row["cell_id"]).split("/")[2]
        found.setdefault(student, {})[cell] = (row["auto_score"], bool(row["needs_manual_grade"]))
    return found


def nbgrader(root: Path, *arguments: str, cwd: Path | None = None, engine: str = "") -> str:
    """One of nbgrader's own commands in a copy of the course, with the course's settings only.

    engine: "stock" for nbgrader as it comes. Returns what it says on standard error.
    """
    done = subprocess.run([sys.executable, "-m", "nbgrader", *arguments], cwd=cwd or root,
                          env=_environment(root, engine), capture_output=True, text=True,
                          timeout=900, check=False)
    assert done.returncode == 0, f"nbgrader {' '.join(arguments)}\n{done.stderr[-3000:]}"
    return done.stderr


def _environment(root: Path, engine: str) -> dict[str, str]:
    home = root.parent / "home"
    return {
        **os.environ, "JUPYTER_CONFIG_PATH": str(root / "config"), "HOME": str(home),
        "NBGRADER_ENGINE": engine,
        "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "IPYTHONDIR": str(home / "ipython"),
        # Only the list of fonts is there, which takes seconds to make.
        "MPLCONFIGDIR": matplotlib.get_configdir(),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


class WarmNbgrader:
    """nbgrader's own command line, started once for many commands: it takes 2 s to begin."""

    PROGRAM = """
import json, os, sys
from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    folder, arguments = json.loads(line)
    os.chdir(folder)
    app, status = NbGraderApp.instance(), 0
    try:
        app.initialize(arguments)
        app.start()
    except NoStart:  # the command has been run, so the program that named it has nothing to do
        pass
    except SystemExit as end:
        status = end.code or 0
    type(app.subapp).clear_instance()
    print(status, file=answers, flush=True)
"""

    def __init__(self, root: Path, engine: str = "") -> None:
        """root, engine: see `nbgrader`."""
        self._log = (root.parent / "nbgrader.log").open("w+")
        self._process = subprocess.Popen(
            [sys.executable, "-c", self.PROGRAM], cwd=root, env=_environment(root, engine),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True)

    def run(self, folder: Path, *arguments: str) -> None:
        """Run a command in a folder."""
        start = self._log.seek(0, os.SEEK_END)
        print(json.dumps([str(folder), arguments]), file=self._process.stdin, flush=True)
        status = self._process.stdout.readline().strip()
        self._log.seek(start)
        assert status == "0", f"nbgrader {' '.join(arguments)}\n{self._log.read()[-3000:]}"

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=60)
        self._log.close()
