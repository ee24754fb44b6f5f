"""What the engine is compared with: the floor, and stock nbgrader. Otter-grader is in its own file.

The floor is a warm process that forks for each submission and plainly executes the cells: nothing
is fenced, rebuilt or told.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
from cluster import ROOT

from autograder.course import lessons
from autograder.grading.submissions import Submission
from autograder.notebooks import dependencies
from autograder.notebooks.cells import is_tests
from autograder.notebooks.rebuild import rebuild
from autograder.sandbox.worker import load
from support.answers import notebook


def course(root: Path) -> Path:
    """Copy the course into a new folder, where a class can be graded; returns the folder."""
    for name in ("autograder", "config", "lessons", "misconceptions", "solutions", "utils"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "course.toml", root)
    return root


def elsewhere(work: Callable[..., float], *arguments: Any) -> float:
    """Call a function of the benchmark in a process of its own, which loads other things."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def floor(submissions: list[Submission], full: bool) -> float:
    """Seconds for a warm process to fork and execute the cells that the engine would run."""
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # as the engine's workers
    with patch.dict(os.environ, one_thread):
        return elsewhere(_floor, submissions, full)


def _floor(submissions: list[Submission], full: bool) -> float:
    plans = []
    for one in submissions:
        lesson = next(lesson for lesson in lessons() if lesson.name == one.assignment)
        student = nbformat.read(one.path, as_version=4)
        whole = rebuild(student, notebook(lesson.release),
                        onto=notebook(lesson.solution)).notebook
        released = {cell.id: cell.source for cell in notebook(lesson.release).cells}
        run = dependencies.must_run(whole, released)
        plans.append([cell.source for cell in whole.cells if cell.cell_type == "code"
                      and (full or cell.id in run or is_tests(cell))])
    load(draw=full)
    began = time.perf_counter()
    for sources in plans:
        pid = os.fork()
        if pid == 0:
            _execute(sources)
        os.waitpid(pid, 0)
    return time.perf_counter() - began


def _execute(sources: list[str]) -> None:
    os.chdir(ROOT / "lessons" / lessons()[0].name)
    namespace: dict[str, object] = {}
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        for source in sources:
            try:
                exec(compile(source, "<cell>", "exec"), namespace)
            except Exception:
                continue
    os._exit(0)


def stock(folder: Path, root: Path) -> float:
    """Seconds of `nbgrader autograde`, in a copy of the course without our engine in it."""
    shutil.rmtree(root / "grading", ignore_errors=True)
    shutil.copytree(folder, root / "grading" / "submitted")
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(root / "config"),
                   "NBGRADER_ENGINE": "stock",
                   "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    seconds = 0.0
    for lesson in sorted({path.name for path in folder.glob("*/*")}):
        for command in (["generate_assignment", "--force"], ["autograde", "--create"]):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", "nbgrader", command[0], lesson, command[1]],
                           cwd=root, env=environment, check=True, capture_output=True)
            if command[0] == "autograde":
                seconds += time.perf_counter() - began
    return seconds
