"""A submission to a result: find its lesson, rebuild it, run it, and count."""

import atexit
import os
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context, parent_process
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from threading import Thread

import nbformat
from nbformat import NotebookNode

from autograder.course import ROOT, Lesson, lessons
from autograder.errors import UserError
from autograder.grading.result import Check, Exercise, Result
from autograder.grading.runner import Engine, Ran
from autograder.notebooks.outputs import visible
from autograder.notebooks.rebuild import (
    MAX_BYTES,
    Rebuilt,
    Unreadable,
    answered,
    overlap,
    parse,
    rebuild,
)

TIMEOUT = 30.0  # seconds for a cell
NO_LESSON = "The notebook holds none of the cells of a lesson of this course."


class CantGrade(UserError):
    """Why nothing more can be graded, in one line: whoever grades is gone, or never came."""


@dataclass(frozen=True)
class Settings:
    """How to grade.

    timeout: seconds for each cell, and for each exercise's tests.
    fenced: build the fence, as far as the machine can.
    full: run every cell and draw every figure, also those that can't change a mark.
    root: the course's folder.
    """

    timeout: float = TIMEOUT
    fenced: bool = True
    full: bool = False
    root: Path = ROOT


@dataclass(frozen=True)
class Submission:
    """A file to grade, and whose it is when its place says so."""

    path: Path
    student: str | None = None
    assignment: str | None = None


def find(path: Path) -> list[Submission]:
    """The submissions at a path: a notebook, or a folder of STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb.

    In a folder that holds a notebook of its own name, that one is the submission; in any other
    folder each notebook is. Raises FileNotFoundError when there is none.
    """
    if path.is_file():
        return [Submission(path)]
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder")
    if not path.is_dir():
        raise FileNotFoundError(f"{path}: this is neither a file nor a folder")
    found = []
    for folder in sorted({file.parent for file in path.rglob("*.ipynb") if file.is_file()
                          and ".ipynb_checkpoints" not in file.parts}):
        own = folder / f"{folder.name}.ipynb"
        inside = folder.relative_to(path).parts
        if own.is_file():
            student = inside[-2] if len(inside) >= 2 else None
            found.append(Submission(own, student, folder.name))
        else:
            found += [Submission(file) for file in sorted(folder.glob("*.ipynb"))]
    if not found:
        raise FileNotFoundError(f"{path}: there are no notebooks in this folder")
    return found


def examine_all(submissions: list[Submission], jobs: int = 1,
                settings: Settings | None = None) -> Iterator[tuple[Result, NotebookNode | None]]:
    """Grade submissions, `jobs` at a time; results and notebooks as `examine`, in this order."""
    work = partial(examine, settings=settings or Settings())
    if jobs == 1 or len(submissions) <= 1:
        yield from map(work, submissions)
        return
    # Started anew, not forked: a fork of a process with threads may hang.
    context = get_context("spawn")
    cores = context.SimpleQueue()
    for core in _cores(jobs):
        cores.put(core)
    with ProcessPoolExecutor(min(jobs, len(submissions)), mp_context=context,
                             initializer=_begin, initargs=(cores,)) as pool:
        yield from pool.map(work, submissions)


def _cores(jobs: int) -> list[int]:
    """A core for each job where that takes all there are; else none: the system knows better.

    A job is a grader and a worker that take turns: on one core they find what the other left.
    """
    there = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return there if jobs == len(there) else []


def _begin(cores: "SimpleQueue[int]") -> None:
    """Keep to a core, and end when the parent is gone: a pool's own would wait for ever."""
    if not cores.empty():
        os.sched_setaffinity(0, {cores.get()})
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def missing_fence(settings: Settings | None = None) -> list[str]:
    """What of the fence this machine can't give; empty when it is whole."""
    return _engine(settings or Settings()).warm().missing


def examine(one: Submission,
            settings: Settings | None = None) -> tuple[Result, NotebookNode | None]:
    """Grade one submission: its result, and the notebook as it ran, with outputs.

    What can't be graded comes back as quarantined, with the reason, and without a notebook.
    """
    settings = settings or Settings()
    began = time.perf_counter()
    result = Result(str(one.path), one.student, one.assignment)
    try:
        student = parse(content(one.path))
        lesson = _lesson_of(student, one, lessons(settings.root))
    except (Unreadable, OSError) as error:
        result.status, result.reason = "quarantined", (
            f"The file can't be read: {error.strerror}." if isinstance(error, OSError)
            else str(error))
        return result, None
    result.assignment = lesson.name
    release, solution = _read(lesson.release), _read(lesson.solution)
    rebuilt = rebuild(student, release, onto=solution)
    _run(result, rebuilt, release, lesson, settings)
    result.seconds = round(time.perf_counter() - began, 3)
    return result, rebuilt.notebook


def rehearse(one: Submission, rebuilt: Rebuilt, release: NotebookNode,
             settings: Settings) -> Result:
    """What the checks that stand in the student's copy say: no solution and no mark.

    rebuilt: the notebook on the release's frame; its outputs are filled in.
    """
    began = time.perf_counter()
    result = Result(str(one.path), one.student, one.assignment)
    _run(result, rebuilt, release, Lesson(str(one.assignment), settings.root), settings)
    result.seconds = round(time.perf_counter() - began, 3)
    return result


def _run(result: Result, rebuilt: Rebuilt, release: NotebookNode, lesson: Lesson,
         settings: Settings) -> None:
    result.repairs, result.flags = rebuilt.repairs, rebuilt.flags
    ran = _engine(settings).run(rebuilt.notebook, release, lesson, settings.timeout)
    result.exercises = [_mark(cell, ran, release) for cell in solution_cells(rebuilt.notebook)]
    result.score = round(sum(exercise.score for exercise in result.exercises), 2)
    result.max_score = sum(exercise.max_score for exercise in result.exercises)


def solution_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that carry points, in the lesson's order."""
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def held(student: NotebookNode, known: list[Lesson]) -> Lesson | None:
    """The lesson whose cells a notebook holds, whatever its file is called; None for no lesson."""
    shared = {lesson: overlap(student, _read(lesson.release)) for lesson in known}
    best = max(shared, key=lambda lesson: shared[lesson], default=None)
    return best if best and shared[best] else None


def _lesson_of(student: NotebookNode, one: Submission, known: list[Lesson]) -> Lesson:
    if one.assignment and one.assignment not in [lesson.name for lesson in known]:
        raise Unreadable(f"There is no lesson {one.assignment!r}.")
    best = held(student, known)
    if best is None:
        raise Unreadable(NO_LESSON)
    if one.assignment and best.name != one.assignment:
        raise Unreadable(f"It was handed in as {one.assignment}, but it holds "
                                    f"{best.name}.")
    return best


def _mark(cell: NotebookNode, ran: dict[str, Ran], release: NotebookNode) -> Exercise:
    facts = cell.metadata.nbgrader
    if facts.solution:
        written = answered(cell, release)
        return Exercise(facts.grade_id, 0.0, float(facts.points), needs_manual_grade=written,
                        error=None if written else "missing")
    name = facts.grade_id.removesuffix("-tests")
    outcome = ran[name]
    exercise = Exercise(name, 0.0, float(facts.points), misconception=outcome.misconception)
    if outcome.record is None:
        exercise.error = outcome.trouble or "crashed"
        return exercise
    exercise.score = min(max(float(outcome.record["score"]), 0.0), exercise.max_score)
    records = outcome.record["outcomes"]
    exercise.checks = [Check(r["label"], r["error"] is None, r["hidden"],
                             visible(r["message"]))
                       for r in records]
    reasons = {r["error"] for r in records} - {None}
    if outcome.trouble:
        exercise.error = outcome.trouble
    elif outcome.raised and reasons and "NotImplementedError" not in outcome.raised:
        exercise.error = "raised"
        exercise.checks = [
            check if check.passed else Check(check.label, False, check.hidden,
                                             f"The cell of your answer raised {outcome.raised}")
            for check in exercise.checks]
    elif reasons == {"missing"}:
        exercise.error = "missing"
    elif reasons == {"raised"}:
        exercise.error = "raised"
    return exercise


def content(path: str | Path, folder: int | None = None,
            limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file, one more than it may have at most. Raises Unreadable, OSError.

    A link may lead to another student's work, a device never ends, and a pipe waits for ever.
    folder: a descriptor of the folder in which the path is.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
                         | getattr(os, "O_NONBLOCK", 0), dir_fd=folder)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unreadable("It is no regular file.")
        return file.read(limit + 1)


def _engine(settings: Settings) -> Engine:
    """One engine for each process and way of grading, whatever its limits; it ends with it."""
    return _started(settings.root, settings.fenced, settings.full)


@cache
def _started(root: Path, fenced: bool, full: bool) -> Engine:
    engine = Engine(root, fenced, full)
    atexit.register(engine.close)
    return engine


def _read(path: Path) -> NotebookNode:
    """A built notebook. What comes back is shared: not to be changed."""
    return _parsed(path, path.stat().st_mtime_ns)


@cache
def _parsed(path: Path, _: int) -> NotebookNode:
    return nbformat.read(path, as_version=4)
