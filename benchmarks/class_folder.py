"""What benchmarks grade: submissions as a class folder has them."""

from pathlib import Path

import nbformat
from cluster import ROOT  # noqa: F401  # importing it lets the course be found

from autograder.course import Lesson
from autograder.grading.submissions import Submission
from support.answers import filled, typed


def hand_in(folder: Path, number: int, lesson: Lesson,
            wrong: tuple[str, str] | None = None) -> Submission:
    """Write student `number`'s notebook, with right answers but for this known wrong one.

    wrong: an exercise, and what a wrong answer to it is called.
    """
    answers = {wrong[0]: typed(lesson.misconceptions, *wrong)} if wrong else {}
    student = f"s{number:04d}"
    path = folder / student / lesson.name / f"{lesson.name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(filled(lesson, answers), path)
    return Submission(path, student, lesson.name)
