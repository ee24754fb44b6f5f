"""Runs a lesson through nbgrader as it comes, without the course's engine, in a copy of the course.

It is what a teacher gets who has nbgrader and nothing else.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.course import PACKAGES, Lesson, code, folder
from autograder.notebooks.cells import exercise_name, is_tests

SECONDS = 600  # for all of it
_COPIED = ("autograder", "config", "utils", "course.toml")
# One start for all: nbgrader takes seconds to begin.
_COMMANDS = """
import sys
from nbgrader.apps import NbGrader, NbGraderAPI

app = NbGrader()
app.load_config_file()
api = NbGraderAPI(config=app.config)
lesson, *students = sys.argv[1:]
done = [api.generate_assignment(lesson), *(api.autograde(lesson, one) for one in students)]
for one in done:
    if not one["success"]:
        sys.exit(str(one.get("error") or one.get("log")))
"""


class StockFailed(Exception):
    """Stock nbgrader could not do it; the message is the end of what it said."""


def autograded(lesson: Lesson, students: Mapping[str, NotebookNode]) -> dict[str, NotebookNode]:
    """Grade students' notebooks with stock nbgrader; returns them with their outputs.

    lesson: it is built. Nothing of the course is changed. Raises StockFailed.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = Lesson(lesson.name, Path(scratch) / "course")
        _copy_course(lesson, copy)
        for student, notebook in students.items():
            place = _place(copy, "submitted", student)
            place.parent.mkdir(parents=True)
            nbformat.write(notebook, place)
        _run(copy, list(students))
        made = copy.release.read_bytes()
        if made != lesson.release.read_bytes():
            raise StockFailed("`nbgrader generate_assignment` makes another notebook than `build`")
        return {student: nbformat.read(_place(copy, "autograded", student), as_version=4)
                for student in students}


def scores(notebook: NotebookNode) -> dict[str, float]:
    """Return the score of each exercise in an autograded notebook, as nbgrader reads it."""
    return {exercise_name(cell): float(determine_grade(cell)[0] or 0.0)
            for cell in notebook.cells if is_tests(cell)}


def _copy_course(lesson: Lesson, copy: Lesson) -> None:
    for name in _COPIED:
        source = lesson.root / name
        if source.is_dir():
            shutil.copytree(source, copy.root / name,
                            ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            copy.root.mkdir(exist_ok=True)
            shutil.copyfile(source, copy.root / name)
    for name, path in (*lesson.beside.items(), (lesson.solution.name, lesson.solution)):
        place = copy.solution.parent / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def _run(copy: Lesson, students: list[str]) -> None:
    home = copy.root.parent / "home"
    own = code(copy.root) == copy.root
    environment = os.environ | ({} if own else {"PYTHONPATH": str(PACKAGES)}) | {
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_CONFIG_PATH": str((copy.root if own else PACKAGES) / "config"),
        "NBGRADER_ENGINE": "stock", "AUTOGRADER_COURSE": str(copy.root),
        # nbgrader calls alembic by its name.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run([sys.executable, "-c", _COMMANDS, copy.name, *students], cwd=copy.root,
                          env=environment, capture_output=True, text=True, timeout=SECONDS,
                          check=False)
    if done.returncode:
        raise StockFailed(done.stderr.strip()[-2000:])


def _place(copy: Lesson, step: str, student: str) -> Path:
    return folder("class", copy.root) / step / student / copy.name / f"{copy.name}.ipynb"
