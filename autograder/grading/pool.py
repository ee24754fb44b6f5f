"""Many submissions, several at a time, each by a process of its own."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.queues import SimpleQueue

from nbformat import NotebookNode

from autograder.grading.grade import forget_engines, grade, start
from autograder.grading.result import Result
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from autograder.grading.warm_process import can_fork


def grade_all(submissions: list[Submission], jobs: int = 1,
              settings: Settings | None = None) -> Iterator[tuple[Result, NotebookNode | None]]:
    """Grade submissions, `jobs` at a time; yields what `grade` returns, in this order."""
    settings = settings or Settings()
    work = partial(grade, settings=settings)
    if jobs == 1 or len(submissions) <= 1:
        yield from map(work, submissions)
        return
    forks = can_fork()
    if forks:
        start(settings)  # once for all: a fork has everything loaded, and this one's template
    context = get_context("fork" if forks else "spawn")
    cores = context.SimpleQueue()
    for core in _cores(jobs):
        cores.put(core)
    with ProcessPoolExecutor(min(jobs, len(submissions)), mp_context=context,
                             initializer=_begin, initargs=(cores,)) as pool:
        yield from pool.map(work, submissions)


def _cores(jobs: int) -> list[int]:
    """A core for each job if the jobs take all cores; else none: the system knows better.

    A job is a grader and a worker that take turns: on one core they find each other's caches.
    """
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return available if jobs == len(available) else []


def _begin(cores: "SimpleQueue[int]") -> None:
    """Keep to a core, and end with the parent: a pool's own processes would wait forever."""
    forget_engines()
    if not cores.empty():
        os.sched_setaffinity(0, {cores.get()})
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
