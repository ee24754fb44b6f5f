"""What a large class costs: one process, two, two workers of a dask scheduler, and the writing.

    make bench-throughput, or python benchmarks/throughput.py [--submissions 2000]

Each way grades the same submissions once, starts of processes included, and writes nothing. The
row of the writing is the command's own part: results into a gradebook, notebooks in place.
"""

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path

from cluster import workers
from grading_speed import ROOT, make_class

from autograder.classroom.autograde import opened
from autograder.classroom.submitted import STAMP
from autograder.course import lessons
from autograder.grading.cluster import connected
from autograder.grading.pool import grade_all
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission


def by_dask(submissions: list[Submission], count: int) -> float:
    """Seconds."""
    with workers(count) as address:
        began = time.perf_counter()
        with connected(address, Settings(), print) as cluster:
            for result, _ in cluster.grade_all(submissions):
                assert result.status == "graded", result.reason
        return time.perf_counter() - began


def here(submissions: list[Submission], jobs: int) -> float:
    """Seconds."""
    began = time.perf_counter()
    for result, _ in grade_all(submissions, jobs):
        assert result.status == "graded", result.reason
    return time.perf_counter() - began


def writing(submissions: list[Submission], scratch: Path) -> float:
    """Seconds to write a sample into a gradebook, without those to grade it."""
    root, sample = scratch / "course", submissions[:100]
    for name in ("autograder", "config", "lessons", "misconceptions", "solutions", "utils"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "course.toml", root)
    for one in sample:
        folder = root / "grading" / "submitted" / str(one.student) / str(one.assignment)
        shutil.copytree(one.path.parent, folder)
        (folder / STAMP).write_text("2030-01-01 10:00:00 UTC")
    with opened(root) as room:
        waiting = room.waiting()
        done = list(grade_all(waiting, settings=Settings(root=root)))
        began = time.perf_counter()
        assert not any(outcome.unwritten for outcome in room.autograde(waiting, lambda _: done))
        return (time.perf_counter() - began) / len(sample)


def main() -> None:
    """Grade in every way and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, default=2000)
    count = parser.parse_args().submissions
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        submissions = make_class(scratch / "class", -(-count // len(lessons())))[:count]
        print(f"{count} submissions of {len(lessons())} lessons, {os.cpu_count()} cores")
        print("                      seconds  s/submission  submissions/s", flush=True)
        for way, seconds in (("2 workers of dask", lambda: by_dask(submissions, 2)),
                             ("2 jobs", lambda: here(submissions, 2)),
                             ("writing, per 1", lambda: writing(submissions, scratch) * count),
                             ("1 job", lambda: here(submissions, 1))):
            took = seconds()
            print(f"{way:<20} {took:8.1f} {took / count:13.3f} {count / took:14.1f}", flush=True)


if __name__ == "__main__":
    main()
