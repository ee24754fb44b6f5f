"""Notebooks as front ends, tools and people leave them: marks, repairs, flags, and time.

    make bench-front-ends, or python benchmarks/front_ends.py [--rounds 3] [--lesson 01_perceptron]

Every notebook of the tests' corpus holds right answers to all exercises. It is graded in turn with
the plain notebook, so that a noisy machine is noisy for both; the ratio is that of the medians. The
second table is about every lesson without ids, beside the same notebook with them.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import nbformat  # noqa: E402

from autograder.course import Lesson, find_lesson, lessons  # noqa: E402
from autograder.grading.grade import grade  # noqa: E402
from autograder.grading.result import Result  # noqa: E402
from autograder.grading.submissions import Submission  # noqa: E402
from support.answers import filled  # noqa: E402
from support.front_ends import FRONT_ENDS, nbstripout  # noqa: E402

WIDTH = 60  # characters of a report


def graded(path: Path, lesson: Lesson) -> tuple[Result, float]:
    """A result, and the milliseconds it took."""
    began = time.perf_counter()
    result, _ = grade(Submission(path, None, lesson.name))
    return result, 1000 * (time.perf_counter() - began)


def side_by_side(lesson: Lesson, plain: Path, other: Path, rounds: int
                 ) -> tuple[Result, float, float]:
    """The result of the other notebook, and the median milliseconds of both."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        _, first = graded(plain, lesson)
        result, second = graded(other, lesson)
        if number:  # the first round meets the lesson
            times[0].append(first)
            times[1].append(second)
    return result, *map(statistics.median, times)


def marks(result: Result) -> str:
    """Points reached, of those that are given without a person."""
    own = [one for one in result.exercises if not one.needs_manual_grade]
    return f"{sum(one.score for one in own):g} of {sum(one.max_score for one in own):g}"


def without_ids(lesson: Lesson) -> bytes:
    """The right answers of a lesson as nbstripout leaves them."""
    raw = json.loads(nbformat.writes(filled(lesson)))
    nbstripout(raw)
    return json.dumps(raw).encode()


def row(name: str, lesson: Lesson, data: bytes, folder: Path, rounds: int) -> float:
    """Grade a notebook beside the plain one, print its line, and return the ratio."""
    plain, other = folder / f"{lesson.name}.ipynb", folder / "other.ipynb"
    plain.write_text(nbformat.writes(filled(lesson)), encoding="utf-8")
    other.write_bytes(data)
    result, usual, took = side_by_side(lesson, plain, other, rounds)
    first = next(iter(result.repairs), "")
    said = first if len(first) <= WIDTH else f"{first[:WIDTH - 1]}…"
    print(f"{name:<38} {marks(result):>9} {len(result.repairs):>8} {len(result.flags):>6} "
          f"{took:>6.0f} {took / usual:>6.2f}  {said}", flush=True)
    return took / usual


def table(title: str, notebooks: Iterable[tuple[str, Lesson, bytes]], rounds: int) -> None:
    """Print a line for each notebook, then the median and the largest ratio."""
    print(f"{title:<38} {'points':>9} {'repairs':>8} {'flags':>6} {'ms':>6} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as scratch:
        ratios = [row(*one, Path(scratch), rounds) for one in notebooks]
    print(f"{'median and largest ratio':<38} {statistics.median(ratios):>32.2f} "
          f"{max(ratios):>6.2f}\n")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lesson", default=lessons()[0].name)
    arguments = parser.parse_args()
    lesson, rounds = find_lesson(arguments.lesson, ROOT), arguments.rounds
    student = filled(lesson)
    table(f"what became of {lesson.name}", (
        (name, lesson, build(student)) for name, (build, _) in FRONT_ENDS.items()), rounds)
    table("every lesson without ids", (
        (one.name, one, without_ids(one)) for one in lessons()), rounds)


if __name__ == "__main__":
    main()
