"""What grading costs: the course's engine, the floor, stock nbgrader and otter-grader together.

    make bench, or python benchmarks/grading_speed.py [--students 10] [--lessons 7] [--rounds 3]
        [--no-peers] [--memory 1000]

Every round runs all of them on the same submissions, one after the other, so that a noisy machine
is noisy for all; medians of the rounds are printed. The rows of ours leave out what is done once
for a whole class: each process has started and met the lessons and the known wrong answers before
the clock starts. Where it says "with starts", a new `python -m autograder grade CLASS --json` is
timed from its start to its end. Nbgrader's row has its starts in it, one for each lesson, and
otter-grader's has one for all; both run every cell, as "floor, every cell" does.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from class_folder import hand_in
from cluster import ROOT, workers
from otter_peer import NotInstalled, Otter, install
from peers import course, elsewhere, floor, stock

from autograder.course import lessons
from autograder.grading.cluster import check_worker, connected
from autograder.grading.grade import grade
from autograder.grading.pool import grade_all
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from support.answers import functions, wrong_answers


def make_class(folder: Path, students: int, first: int | None = None) -> list[Submission]:
    """Each student's submissions of all lessons, or the first ones: every third with a mistake."""
    known = {lesson: [(name, label) for name in functions(lesson)
                      for label in wrong_answers(lesson, name)] for lesson in lessons()[:first]}
    made = []
    for number in range(students):
        for lesson, wrong in known.items():
            mistake = wrong[number * 7 % len(wrong)] if number % 3 == 2 else None
            made.append(hand_in(folder, number, lesson, mistake))
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
    with workers(count) as address:
        return elsewhere(_by_dask, submissions, count, address, times)


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


def command(folder: Path, count: int, jobs: int) -> float:
    """Seconds of `python -m autograder grade FOLDER --jobs N --json`, from its start to its end."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "autograder", "grade", folder, "--json",
                           "--jobs", str(jobs)], cwd=ROOT, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    results = json.loads(done.stdout)["results"]
    assert [one["status"] for one in results] == ["graded"] * count
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


def same_marks(submissions: list[Submission], passed: list[set[str]]) -> str:
    """How many exercises otter-grader gives full points to, or not, as the engine does."""
    same = count = 0
    for (result, _), full in zip(grade_all(submissions, 2), passed, strict=True):
        tested = [one for one in result.exercises if not one.needs_manual_grade]
        count += len(tested)
        same += sum((one.score == one.max_score) == (one.name in full) for one in tested)
    return f"otter-grader agrees on {same} of {count} exercises"


def measured(ways: dict[str, Callable[[], float]], rounds: int, count: int) -> dict[str, float]:
    """Run each way in every round; print and return the medians, in ms for each of `count`."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(1000 * way() / count)
    for name, values in times.items():
        print(f"{name:<26} {statistics.median(values):8.0f}   "
              f"({min(values):.0f} to {max(values):.0f})")
    return {name: statistics.median(values) for name, values in times.items()}


RATIOS = [("ours, 1 job", "floor"), ("ours --full, 1 job", "floor, every cell"),
          ("ours, 1 job", "ours, 2 jobs"),
          ("ours, 1 job, with starts", "ours, 2 jobs, with starts"),
          ("nbgrader autograde", "ours, 1 job"),
          ("nbgrader autograde", "ours, 1 job, with starts"),
          ("nbgrader autograde", "ours, 2 jobs, with starts"),
          ("otter-grader", "ours, 1 job"), ("otter-grader", "ours, 1 job, with starts"),
          ("otter-grader", "ours, 2 jobs, with starts")]


def main() -> None:
    """Run the rounds and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=10)
    parser.add_argument("--lessons", type=int, metavar="N", help="only the first N lessons")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true",
                        help="leave out stock nbgrader and otter-grader, which take longest")
    parser.add_argument("--memory", type=int, default=0, metavar="NOTEBOOKS")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, root = Path(scratch) / "class", course(Path(scratch) / "course")
        submissions = make_class(folder, arguments.students, arguments.lessons)
        count = len(submissions)
        print(f"{count} submissions of {len({one.assignment for one in submissions})} lessons, "
              f"{arguments.rounds} rounds; milliseconds for a submission", flush=True)
        ways: dict[str, Callable[[], float]] = {
            "floor": lambda: floor(submissions, full=False),
            "ours, 1 job": lambda: ours(submissions, 1, Settings(), times=3),
            "ours, 1 job, with starts": lambda: command(folder, count, 1),
            "ours, 2 jobs": lambda: ours(submissions, 2, Settings(), times=3),
            "ours, 2 jobs, with starts": lambda: command(folder, count, 2),
            "ours, dask, 2 workers": lambda: by_dask(submissions, 2, times=3),
            "floor, every cell": lambda: floor(submissions, full=True),
            "ours --full, 1 job": lambda: ours(submissions, 1, Settings(full=True)),
        }
        notes = []
        if not arguments.no_peers:
            ways["nbgrader autograde"] = lambda: stock(folder, root)
            try:
                install()
                peer = Otter(submissions, root)
                ways["otter-grader"] = peer.grade
            except NotInstalled as reason:
                notes.append(f"{'otter-grader':<26} can't be installed: {reason}")
        median = measured(ways, arguments.rounds, count)
        if "otter-grader" in ways:
            notes.append(same_marks(submissions, peer.passed))
        print(*notes, sep="\n")
        for above, below in RATIOS:
            if above in median and below in median:
                print(f"{above} / {below}:".ljust(54), f"{median[above] / median[below]:6.2f}")
        if arguments.memory:
            memory(submissions, arguments.memory)


if __name__ == "__main__":
    main()
