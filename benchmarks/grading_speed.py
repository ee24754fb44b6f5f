"""What grading costs: the course's engine, stock nbgrader, and the floor, side by side.

    make bench, or python benchmarks/grading_speed.py [--students 10] [--rounds 3] [--memory 1000]

Every round runs all of them on the same submissions, one after the other, so that a noisy machine
is noisy for all; medians of the rounds are printed. The floor is a warm process that forks for
each submission and plainly executes the cells: nothing is fenced, rebuilt or told. The rows
of ours leave out what is done once for a whole class: each process has started and met the
lessons and the known wrong answers before the clock starts.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

from cluster import ROOT, workers

sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import nbformat  # noqa: E402

from autograder.course import lessons  # noqa: E402
from autograder.grading.cluster import check_worker, connected  # noqa: E402
from autograder.grading.grade import grade  # noqa: E402
from autograder.grading.pool import grade_all  # noqa: E402
from autograder.grading.settings import Settings  # noqa: E402
from autograder.grading.submissions import Submission  # noqa: E402
from autograder.notebooks import dependencies  # noqa: E402
from autograder.notebooks.cells import is_tests  # noqa: E402
from autograder.notebooks.rebuild import rebuild  # noqa: E402
from autograder.sandbox.worker import load  # noqa: E402
from support.answers import filled, functions, notebook, typed, wrong_answers  # noqa: E402


def make_class(folder: Path, students: int) -> list[Submission]:
    """Each student's submissions of all lessons: right ones, every third with a wrong answer."""
    known = {lesson: [(name, label) for name in functions(lesson)
                      for label in wrong_answers(lesson, name)] for lesson in lessons()}
    made = []
    for number in range(students):
        for lesson, wrong in known.items():
            answers = {}
            if number % 3 == 2:
                name, label = wrong[number * 7 % len(wrong)]
                answers[name] = typed(lesson.misconceptions, name, label)
            path = folder / f"s{number:04d}" / lesson.name / f"{lesson.name}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(filled(lesson, answers), path)
            made.append(Submission(path, f"s{number:04d}", lesson.name))
    return made


def ours(submissions: list[Submission], jobs: int, settings: Settings, times: int = 1) -> float:
    """Seconds, a mean of `times`."""
    before = warming(submissions, jobs)
    began = 0.0
    results = grade_all(before + submissions * times, jobs, settings)
    for done, _ in enumerate(results, start=1):
        if done == len(before):
            began = time.perf_counter()
    return (time.perf_counter() - began) / times


def warming(submissions: list[Submission], jobs: int) -> list[Submission]:
    """The class, twice for each process, as they take turns: each meets every mistake in it."""
    return submissions * 2 * jobs


def by_dask(submissions: list[Submission], count: int, times: int) -> float:
    """Seconds of the workers of a scheduler on this machine, a mean of `times`."""
    with (workers(count) as address,
          ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool):  # it loads other things
        return pool.submit(_by_dask, submissions, count, address, times).result()


def _by_dask(submissions: list[Submission], count: int, address: str, times: int) -> float:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count)
        client.run(check_worker, Settings())
    with connected(address, Settings(), print) as cluster:
        list(cluster.grade_all(warming(submissions, count)))
        began = time.perf_counter()
        list(cluster.grade_all(submissions * times))
        return (time.perf_counter() - began) / times


def floor(submissions: list[Submission], full: bool) -> float:
    """Seconds for a warm process to fork and execute the cells that the engine would run."""
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # as the engine's workers
    with (patch.dict(os.environ, one_thread),
          ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool):  # it loads other things
        return pool.submit(_floor, submissions, full).result()


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
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(root / "autograder"),
                   "NBGRADER_ENGINE": "stock",
                   "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    seconds = 0.0
    for lesson in lessons():
        for command in (["generate_assignment", "--force"], ["autograde", "--create"]):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", "nbgrader", command[0], lesson.name, command[1]],
                           cwd=root, env=environment, check=True, capture_output=True)
            if command[0] == "autograde":
                seconds += time.perf_counter() - began
    return seconds


def memory(submissions: list[Submission], count: int) -> None:
    """Print the resident memory of the grader after 100 notebooks and after `count`."""
    for number in range(1, count + 1):
        grade(submissions[number % len(submissions)], Settings())
        if number in (100, count):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"after {number:5d} notebooks: {pages * resource.getpagesize() / 2**20:.0f} MiB, "
                  f"peak {peak:.0f} MiB")


def main() -> None:
    """Run the rounds and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, default=0, metavar="NOTEBOOKS")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, root = Path(scratch) / "class", Path(scratch) / "course"
        submissions = make_class(folder, arguments.students)
        for name in ("autograder", "config", "lessons", "misconceptions", "solutions", "utils"):
            shutil.copytree(ROOT / name, root / name)
        shutil.copy(ROOT / "course.toml", root)
        ways: dict[str, Callable[[], float]] = {
            "floor": lambda: floor(submissions, full=False),
            "ours, 1 job": lambda: ours(submissions, 1, Settings(), times=3),
            "ours, 2 jobs": lambda: ours(submissions, 2, Settings(), times=3),
            "ours, dask, 2 workers": lambda: by_dask(submissions, 2, times=3),
            "floor, every cell": lambda: floor(submissions, full=True),
            "ours --full, 1 job": lambda: ours(submissions, 1, Settings(full=True)),
            "nbgrader autograde": lambda: stock(folder, root),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(arguments.rounds):
            for name, way in ways.items():
                times[name].append(1000 * way() / len(submissions))
        median = {name: statistics.median(values) for name, values in times.items()}
        print(f"{len(submissions)} submissions of {len(lessons())} lessons, "
              f"{arguments.rounds} rounds; milliseconds for a submission")
        for name, values in times.items():
            print(f"{name:<21} {median[name]:8.0f}   ({min(values):.0f} to {max(values):.0f})")
        print(f"nbgrader / ours, 1 job:       "
              f"{median['nbgrader autograde'] / median['ours, 1 job']:.1f}")
        print(f"ours --full / its floor:      "
              f"{median['ours --full, 1 job'] / median['floor, every cell']:.2f}")
        print(f"ours, 1 job / 2 jobs:         {median['ours, 1 job'] / median['ours, 2 jobs']:.2f}")
        if arguments.memory:
            memory(submissions, arguments.memory)


if __name__ == "__main__":
    main()
