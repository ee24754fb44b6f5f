"""What a command takes before it can do anything: processor seconds of all its processes.

    make bench-starts, or python benchmarks/starts.py [--rounds 7] [--lesson 01_perceptron]

The commands run in turn in a copy of the course whose only lesson handed in has right answers, so
that a noisy machine is noisy for all of them. The first row is what no grader can do without:
Python with IPython's shell and NumPy. The last column says how many times as long a command takes.
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
from pathlib import Path

from class_folder import hand_in
from peers import course

from autograder.course import Lesson, find_lesson
from autograder.student.copies import fetch

FLOOR = "import numpy; from IPython.core.interactiveshell import InteractiveShell as Shell; Shell()"
AUTOGRADER = [sys.executable, "-m", "autograder"]


def handed_in(root: Path, lesson: Lesson) -> Path:
    """Let right answers be in the student's own copy and among what is submitted; the copy."""
    one = hand_in(root / "grading" / "submitted", 1, lesson)
    fetch(root)
    copy = root / "work" / lesson.name / f"{lesson.name}.ipynb"
    shutil.copy(one.path, copy)
    return copy


def seconds(command: list[str], root: Path) -> tuple[float, float]:
    """Processor seconds, and seconds, of a command that is told no if it asks."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=root, input="no\n", capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stdout + done.stderr
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), took


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--lesson", default="01_perceptron")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = course(Path(scratch, "course"))
        lesson = find_lesson(arguments.lesson, root)
        copy = handed_in(root, lesson)
        commands = {"Python, IPython's shell, NumPy": [sys.executable, "-c", FLOOR],
                    "grade, one notebook": [*AUTOGRADER, "grade", str(copy)],
                    "submit, up to its question": [*AUTOGRADER, "submit", lesson.name],
                    "autograde, with nothing to do": [*AUTOGRADER, "autograde"]}
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for number in range(arguments.rounds + 1):
            for name, command in commands.items():
                one = seconds(command, root)
                if number:  # the first round compiles, and grades what was handed in
                    times[name].append(one)
    print(f"{'':<32} {'processor s':>11} {'s':>7} {'times':>7}")
    least = 0.0
    for name, found in times.items():
        busy, took = (statistics.median(column) for column in zip(*found, strict=True))
        least = least or busy
        print(f"{name:<32} {busy:>11.2f} {took:>7.2f} {busy / least:>7.2f}")


if __name__ == "__main__":
    main()
