"""Otter-grader on the same submissions: the lessons' checks in its format, in its own environment.

Every test cell becomes one exception-based test, visible and hidden checks together, which runs
where the cell is and passes with full points. The submissions are graded one after the other in
one process, each by `otter.api.grade_submission`: what `otter run` does, without a container.
"""

import ast
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import ROOT, lessons
from autograder.grading.submissions import Submission
from autograder.notebooks.cells import exercise_name, is_tests

ENVIRONMENT = ROOT / ".cache" / "otter"
PYTHON = ENVIRONMENT / "bin" / "python"
# With what the lessons' own cells import, in the course's versions.
PACKAGES = ["otter-grader>=7,<8", "ipykernel", "anywidget", "ipywidgets", "matplotlib", "numpy",
            "scipy"]
TEST = '''from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}
CELL = {cell!r}


@test_case(hidden=False)
def all_checks(env):
    exec(CELL, env)
    score = env.pop("_score")
    assert score == points, score
'''
GRADE = """
import json, sys
from otter.api import grade_submission

for path, archive in json.load(sys.stdin):
    graded = grade_submission(path, archive, quiet=True)
    print(json.dumps([name for name, one in graded.results.items() if one.score == one.possible]),
          flush=True)
"""


class NotInstalled(Exception):
    """Why there is no otter-grader to compare with."""


def install() -> None:
    """Make the environment, once: a minute or two. Raises NotInstalled."""
    stamp = ENVIRONMENT / "packages.json"
    if stamp.is_file() and json.loads(stamp.read_text()) == PACKAGES:
        return
    print("Installing otter-grader in an environment of its own, once.", file=sys.stderr)
    for command in ([sys.executable, "-m", "venv", "--clear", ENVIRONMENT],
                    [PYTHON, "-m", "pip", "install", "--quiet", "--constraint",
                     ROOT / "requirements.txt", *PACKAGES]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotInstalled((done.stderr.strip() or "no reason is given").splitlines()[-1])
    stamp.write_text(json.dumps(PACKAGES))


def otter_test(cell: NotebookNode) -> str:
    """A lesson's test cell, as a test of otter's."""
    program = ast.parse(cell.source)
    last = program.body[-1]
    assert isinstance(last, ast.Expr), "a test cell ends with its score"
    checks = "\n".join(cell.source.splitlines()[:last.lineno - 1])
    return TEST.format(name=exercise_name(cell), points=float(cell.metadata.nbgrader.points),
                       cell=f"{checks}\n_score = float({ast.unparse(last)})\n")


def handed_in(submission: NotebookNode) -> NotebookNode:
    """A submission as it would be in otter's format: where test cells were, its tests run."""
    for cell in submission.cells:
        if is_tests(cell):
            cell.source = ""
            cell.metadata["otter"] = {"tests": [exercise_name(cell)]}
    return submission


def convert(submissions: list[Submission], folder: Path) -> list[tuple[str, str]]:
    """Write the submissions and the lessons' tests; for each submission its path and its tests'."""
    folder.mkdir()
    for lesson in lessons():
        solution = nbformat.read(lesson.solution, as_version=4)
        with zipfile.ZipFile(folder / f"{lesson.name}.zip", "w") as archive:
            archive.writestr("otter_config.json", "{}")
            for cell in filter(is_tests, solution.cells):
                archive.writestr(f"tests/{exercise_name(cell)}.py", otter_test(cell))
    jobs = []
    for one in submissions:
        path = folder / f"{one.student}-{one.assignment}.ipynb"
        nbformat.write(handed_in(nbformat.read(one.path, as_version=4)), path)
        jobs.append((str(path), str(folder / f"{one.assignment}.zip")))
    return jobs


class Otter:
    """Grades submissions, as often as it is asked to.

    root: a course's folder. Otter works in folders below it, where the lessons find `utils`.
    passed: for each submission the exercises that last got full points.
    """

    def __init__(self, submissions: list[Submission], root: Path) -> None:
        self._jobs, self._root = convert(submissions, root / "otter"), root
        self.passed: list[set[str]] = []

    def grade(self) -> float:
        """Grade them all, and return the seconds it took. Raises RuntimeError."""
        environment = {**os.environ, "TMPDIR": str(self._root), "PYTHONPATH": "",
                       "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}"}
        began = time.perf_counter()
        done = subprocess.run([PYTHON, "-c", GRADE], input=json.dumps(self._jobs), text=True,
                              cwd=self._root, env=environment, capture_output=True, check=False)
        seconds = time.perf_counter() - began
        if done.returncode:
            raise RuntimeError(f"otter-grader failed:\n{done.stderr}")
        self.passed = [set(json.loads(line)) for line in done.stdout.splitlines()]
        return seconds
