"""What it costs to explain a wrong answer: patterns, and the smallest input.

    python benchmarks/wrong_answers.py [LESSON…] [--rounds 3]

Each notebook has a known wrong answer to every exercise, and is graded with and without
explanations, one after the other; the first round, which meets the lesson, is left out.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import nbformat  # noqa: E402

from autograder.course import Lesson, lessons  # noqa: E402
from autograder.grading.grade import grade  # noqa: E402
from autograder.grading.settings import Settings  # noqa: E402
from autograder.grading.submissions import Submission  # noqa: E402
from support.answers import filled, functions, typed, wrong_answers  # noqa: E402


def submission(lesson: Lesson, folder: Path) -> Submission:
    """A notebook in which every answer is wrong."""
    answers = {name: typed(lesson.misconceptions, name, list(wrong_answers(lesson, name))[-2])
               for name in functions(lesson)}
    path = folder / f"{lesson.name}.ipynb"
    nbformat.write(filled(lesson, answers), path)
    return Submission(path, None, lesson.name)


def seconds(one: Submission, explain: bool) -> tuple[float, float]:
    """Wall and processor seconds to grade it; the latter of the grader alone."""
    wall, busy = time.perf_counter(), time.process_time()
    grade(one, Settings(explain=explain))
    return time.perf_counter() - wall, time.process_time() - busy


def main() -> None:
    """Print what explaining costs for each wrong answer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lessons", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(f"{'lesson':<24} {'answers':>7} {'without':>9} {'with':>9} {'more for each':>14}")
    with tempfile.TemporaryDirectory() as scratch:
        for lesson in lessons(ROOT):
            if arguments.lessons and lesson.name not in arguments.lessons:
                continue
            one, count = submission(lesson, Path(scratch)), len(functions(lesson))
            plain, explained = [], []
            for number in range(arguments.rounds + 1):
                without = seconds(one, explain=False)
                if number:
                    plain.append(without)
                took = seconds(one, explain=True)
                if number:
                    explained.append(took)
            before, after = (statistics.median(wall for wall, _ in times)
                             for times in (plain, explained))
            busy = (statistics.median(cpu for _, cpu in explained)
                    - statistics.median(cpu for _, cpu in plain))
            print(f"{lesson.name:<24} {count:>7} {before:>7.2f} s {after:>7.2f} s "
                  f"{1000 * (after - before) / count:>7.0f} ms, {1000 * busy / count:.0f} ms of "
                  "them the grader's own processor time", flush=True)


if __name__ == "__main__":
    main()
