"""Which lesson a notebook belongs to: recognized by its cells, whatever its file is called."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from autograder.course import Lesson, lessons
from autograder.grading.submissions import Submission
from autograder.notebooks.cells import SETUP, defines, grade_id, is_answer
from autograder.notebooks.parse import Unreadable

NO_LESSON = "The notebook holds none of the cells of a lesson of this course."


class _Marks(NamedTuple):
    """What a notebook's cells are known by: nbgrader's name and the id of each, and all texts."""

    names: list[tuple[str | None, str]]
    texts: set[str]


def overlap(notebook: NotebookNode, release: NotebookNode) -> int:
    """Count the lesson's cells that the notebook holds, known by their ids or their text."""
    return _shared(_marks(notebook), _own(release))


def defined(notebook: NotebookNode, release: NotebookNode) -> int:
    """Count the lesson's exercises whose names the notebook's cells define."""
    return sum(any(defines(cell.source, exercise.id) for cell in notebook.cells)
               for exercise in release.cells
               if is_answer(exercise) and exercise.cell_type == "code")


def recognize(notebook: NotebookNode, known: list[Lesson],
              expected: str | None = None) -> Lesson | None:
    """Return the lesson that shares the most cells with a notebook; None if no lesson shares any.

    Some cells are the same in all lessons: among equals the answers decide, then what is expected.
    """
    best, marks = known, _marks(notebook)
    counts: list[Callable[[Lesson], int]] = [
        lambda lesson: _shared(marks, _own_of(lesson.release)),
        lambda lesson: defined(notebook, read_built(lesson.release))]
    for count in counts:
        shared = {lesson: count(lesson) for lesson in best}
        most = max(shared.values(), default=0)
        equal = [lesson for lesson in best if shared[lesson] == most]
        if len(equal) == 1 and most:
            return equal[0]
        best = equal if most else best
    return next((lesson for lesson in best if lesson.name == expected and shared[lesson]), None)


def lesson_of(submission: Submission, notebook: NotebookNode, root: Path) -> Lesson:
    """Return the lesson to grade a submission as. Raises Unreadable where its place disagrees."""
    known = lessons(root)
    if submission.assignment and submission.assignment not in [one.name for one in known]:
        raise Unreadable(f"There is no lesson {submission.assignment!r}.")
    best = recognize(notebook, known, submission.assignment)
    if best is None:
        raise Unreadable(NO_LESSON)
    if submission.assignment and best.name != submission.assignment:
        raise Unreadable(f"It was handed in as {submission.assignment}, but it holds {best.name}.")
    return best


def _shared(held: _Marks, own: dict[str, str]) -> int:
    """Count the cells of a lesson that are among those held. own: their texts by id."""
    known = {name for pair in held.names for name in [pair[0] if pair[0] in own else pair[1]]
             if name in own}
    return len(known | {name for name, text in own.items() if text in held.texts})


def _marks(notebook: NotebookNode) -> _Marks:
    return _Marks([(grade_id(cell), str(cell.id)) for cell in notebook.cells],
                  {cell.source for cell in notebook.cells})


def _own(release: NotebookNode) -> dict[str, str]:
    """The texts of a lesson's cells by id, without its setup, which all lessons have."""
    return {str(cell.id): cell.source for cell in release.cells if cell.id != SETUP}


def _own_of(path: Path) -> dict[str, str]:
    return _read_own(path, path.stat().st_mtime_ns)


@cache
def _read_own(path: Path, _: int) -> dict[str, str]:
    return _own(read_built(path))


def read_built(path: Path) -> NotebookNode:
    """Read a notebook that the build wrote. It is shared: do not change it."""
    return _parsed(path, path.stat().st_mtime_ns)


@cache
def _parsed(path: Path, _: int) -> NotebookNode:
    return nbformat.read(path, as_version=4)
