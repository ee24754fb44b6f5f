"""What a large class costs: one process, two, two workers of a dask scheduler, and the writing.

    make bench-throughput, or python benchmarks/throughput.py [--submissions 2000] [--writer]

Each way grades the same submissions once, starts of processes included, and writes nothing. The
rows of the writing are the command's own part: results into a gradebook in SQLite, or in a
PostgreSQL server started for it, and notebooks in place; before them, the same files without a
gradebook, which is the disk's part. With --writer they are all there is.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import nbformat
from cluster import workers
from grading_speed import make_class
from nbformat import NotebookNode
from peers import course

from autograder.classroom.autograde import opened
from autograder.classroom.submitted import STAMP, handed_in
from autograder.course import lessons
from autograder.grading.cluster import connected
from autograder.grading.pool import grade_all
from autograder.grading.result import Result
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from support.postgres import PROGRAMS, running


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


def writing(submissions: list[Submission], scratch: Path) -> Iterator[tuple[str, float | str]]:
    """For each gradebook seconds to write one of a sample, already graded; or why not."""
    root, sample = course(scratch / "course"), submissions[:100]
    for one in sample:
        folder = root / "grading" / "submitted" / str(one.student) / str(one.assignment)
        shutil.copytree(one.path.parent, folder)
        (folder / STAMP).write_text("2030-01-01 10:00:00 UTC")
    graded = list(grade_all(handed_in(root / "grading" / "submitted"),
                            settings=Settings(root=root)))
    yield "its files alone", files_alone(scratch / "files", graded)
    yield "writing, SQLite", written(root, graded, "")
    if not PROGRAMS:
        yield "writing, PostgreSQL", "its server is not installed here"
        return
    shutil.rmtree(root / "grading" / "autograded")
    with running() as server:
        yield "writing, PostgreSQL", written(root, graded, server.new("gradebook"))


def files_alone(folder: Path, graded: list[tuple[Result, NotebookNode | None]]) -> float:
    """Seconds for a folder with a notebook and two small files: what this disk takes for them."""
    texts = [nbformat.writes(notebook) for _, notebook in graded if notebook]
    folder.mkdir()
    began = time.perf_counter()
    for number, text in enumerate(texts):
        place = folder / str(number)
        place.mkdir()
        for name, said in (("notebook", text), ("timestamp", "2030-01-01"), ("hash", "0" * 64)):
            (place / name).write_text(said)
    return (time.perf_counter() - began) / len(texts)


def written(root: Path, graded: list[tuple[Result, NotebookNode | None]], database: str) -> float:
    """Seconds for each of them but the first, before which the gradebook gets the lessons."""
    with patch.dict(os.environ, {"NBGRADER_DB_URL": database}), opened(root) as room:
        waiting, times = room.waiting(), []
        assert len(waiting) == len(graded)
        for outcome in room.autograde(waiting, lambda _: graded):
            assert not outcome.unwritten, outcome.unwritten
            times.append(time.perf_counter())
        return (times[-1] - times[0]) / (len(times) - 1)


def main() -> None:
    """Grade in every way and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, default=2000)
    parser.add_argument("--writer", action="store_true",
                        help="only the writing, of a sample of 2 to 100")
    arguments = parser.parse_args()
    count = arguments.submissions
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        submissions = make_class(scratch / "class", -(-count // len(lessons())))[:count]
        print(f"{count} submissions of {len(lessons())} lessons, {os.cpu_count()} cores")
        print("                      seconds  s/submission  submissions/s", flush=True)
        if not arguments.writer:
            for way, grade in (("2 workers of dask", lambda: by_dask(submissions, 2)),
                               ("2 jobs", lambda: here(submissions, 2)),
                               ("1 job", lambda: here(submissions, 1))):
                print(row(way, grade() / count, count), flush=True)
        for way, found in writing(submissions, scratch):
            print(f"{way:<20} {found}" if isinstance(found, str) else row(way, found, count),
                  flush=True)


def row(way: str, seconds: float, count: int) -> str:
    """A line of the table; seconds: for one submission."""
    return f"{way:<20} {seconds * count:8.1f} {seconds:13.4f} {1 / seconds:14.1f}"


if __name__ == "__main__":
    main()
