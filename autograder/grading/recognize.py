"""Which lesson a notebook belongs to: told by its cells, whatever its file is called."""

from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Lesson, lessons
from autograder.grading.submissions import Submission
from autograder.notebooks.rebuild import Unreadable, overlap

NO_LESSON = "The notebook holds none of the cells of a lesson of this course."


def recognize(notebook: NotebookNode, known: list[Lesson]) -> Lesson | None:
    """The lesson that shares the most cells with a notebook; None if no lesson shares any."""
    shared = {lesson: overlap(notebook, read_built(lesson.release)) for lesson in known}
    best = max(shared, key=lambda lesson: shared[lesson], default=None)
    return best if best and shared[best] else None


def lesson_of(submission: Submission, notebook: NotebookNode, root: Path) -> Lesson:
    """The lesson that a submission is graded as. Raises Unreadable where its place disagrees."""
    known = lessons(root)
    if submission.assignment and submission.assignment not in [one.name for one in known]:
        raise Unreadable(f"There is no lesson {submission.assignment!r}.")
    best = recognize(notebook, known)
    if best is None:
        raise Unreadable(NO_LESSON)
    if submission.assignment and best.name != submission.assignment:
        raise Unreadable(f"It was handed in as {submission.assignment}, but it holds {best.name}.")
    return best


def read_built(path: Path) -> NotebookNode:
    """A notebook that the build wrote. It is shared: do not change it."""
    return _parsed(path, path.stat().st_mtime_ns)


@cache
def _parsed(path: Path, _: int) -> NotebookNode:
    return nbformat.read(path, as_version=4)
