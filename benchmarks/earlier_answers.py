"""What it costs a class that an answer is graded again with model answers for wrong earlier ones.

    make bench-earlier, or python benchmarks/earlier_answers.py [--students 12] [--share 3]

In every so many submissions of each lesson an answer is wrong that a later one calls. The class is
graded with and without the second run, and beside it a class in which all answers are right; in
turn, in each round. Explanations are left out: they cost the same in both.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

from class_folder import hand_in

from autograder.course import Lesson, lessons
from autograder.grading.pool import grade_all
from autograder.grading.runner import Run
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from support.answers import functions, texts, wrong_answers

SETTINGS = Settings(explain=False)


def called(lesson: Lesson) -> list[str]:
    """The exercises that a later model answer of the lesson calls."""
    answers, names = texts(lesson), functions(lesson)
    return [name for k, name in enumerate(names)
            if any(f"{name}(" in answers[later] for later in names[k + 1:])]


def make_class(folder: Path, students: int, share: int) -> list[Submission]:
    """Submissions of the lessons whose answers call each other; every `share`-th has a wrong one.

    share: 0 for a class without wrong answers.
    """
    made = []
    for number in range(students):
        for lesson in lessons():
            if not (names := called(lesson)):
                continue
            wrong = None
            if share and number % share == 0:
                name = names[number // share % len(names)]
                wrong = name, next(iter(wrong_answers(lesson, name)))
            made.append(hand_in(folder, number, lesson, wrong))
    return made


@contextmanager
def no_second_run() -> Iterator[None]:
    """Grade as if there were no model answers."""
    with patch.object(Run, "_retry", lambda *_: None):
        yield


def graded(submissions: list[Submission]) -> tuple[float, int, float]:
    """Milliseconds for a submission, the answers that got more by a second run, and all points."""
    began = time.perf_counter()
    results = [result for result, _ in grade_all(submissions, settings=SETTINGS)]
    took = 1000 * (time.perf_counter() - began) / len(submissions)
    return (took, sum(one.earlier is not None for result in results for one in result.exercises),
            sum(result.score or 0.0 for result in results))


def main() -> None:
    """Print the three times, and what the second run gave."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument("--share", type=int, default=3, help="every so many submissions are wrong")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        right = make_class(Path(scratch) / "right", arguments.students, 0)
        wrong = make_class(Path(scratch) / "wrong", arguments.students, arguments.share)
        ways = {"all answers right": (right, nullcontext),
                "an earlier one wrong, graded once": (wrong, no_second_run),
                "an earlier one wrong, and again": (wrong, nullcontext)}
        times: dict[str, list[float]] = {name: [] for name in ways}
        found = {}
        for number in range(arguments.rounds + 1):
            for name, (submissions, context) in ways.items():
                with context():
                    took, better, points = graded(submissions)
                found[name] = better, points
                if number:  # the first round meets the lessons and starts the processes
                    times[name].append(took)
    medians = {name: statistics.median(values) for name, values in times.items()}
    base = medians["an earlier one wrong, graded once"]
    print(f"{len(right)} submissions of {len({one.assignment for one in right})} lessons, a wrong "
          f"earlier answer in 1 of {arguments.share}; ms for a submission")
    for name, value in medians.items():
        better, points = found[name]
        print(f"{name:<36} {value:>6.0f} ms {value / base:>6.2f}   {points:g} points"
              + (f", {better} answers got more" if better else ""))


if __name__ == "__main__":
    main()
