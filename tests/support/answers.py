"""What the tests share about lessons: their reference, right and wrong answers, and marking one.

An answer is marked in this process, by the test cell of the built solution notebook and a
namespace that holds nothing but the answer: the fastest way through the very text that grades.
"""

import runpy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.authoring.answers import fill, model_answers, typed
from autograder.course import Lesson, lessons
from autograder.grading import test_cell
from autograder.notebooks.cells import exercise_name, is_tests, tests_id
from utils._cards.card import Score
from utils._diagnosis.misconceptions import Misconceptions

HERE = Path(__file__).resolve().parents[1]
__all__ = ["HERE", "built_lessons", "by_lesson", "cell", "exercises", "filled", "functions",
           "mark", "marked", "misconceptions", "notebook", "reference", "right_answers", "texts",
           "typed", "wrong_answers"]


def built_lessons() -> list[Lesson]:
    """The lessons that have notebooks, for tests that are made by reading them.

    That the others are to be built is said by the test that compares notebooks with sources.
    """
    return [one for one in lessons() if one.solution.is_file() and one.release.is_file()]


# For tests that take long: in `make test`, the first lesson stands for all.
by_lesson = pytest.mark.parametrize(
    "lesson", [pytest.param(lesson, marks=pytest.mark.long if number else ())
               for number, lesson in enumerate(built_lessons())], ids=lambda lesson: lesson.name)


@cache
def notebook(path: Path) -> NotebookNode:
    """A built notebook; not to be changed."""
    return nbformat.read(path, as_version=4)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.id == name)


def exercises(lesson: Lesson) -> list[str]:
    """The names of the exercises, quiz questions included."""
    return [exercise_name(c) for c in notebook(lesson.solution).cells if is_tests(c)]


def functions(lesson: Lesson) -> list[str]:
    """The names of the exercises that ask for code."""
    return [name for name in exercises(lesson) if not name.startswith("quiz_")]


@cache
def reference(lesson: Lesson) -> dict[str, Any]:
    """The namespace in which the solution's given and exercise cells have run."""
    namespace: dict[str, Any] = {}
    for c in notebook(lesson.solution).cells:
        facts = c.metadata.get("nbgrader", {})
        if c.cell_type == "code" and c.id != "setup" and not facts.get("grade") and facts:
            exec(c.source, namespace)
    return namespace


def right_answers(lesson: Lesson, exercise: str) -> dict[str, Callable[..., Any]]:
    """Differently written right answers, by label."""
    prefix = f"{exercise}__"
    module = _run(HERE / "right_answers" / f"{lesson.name}.py")
    return {k.removeprefix(prefix): v for k, v in module.items() if k.startswith(prefix)}


@cache
def _run(path: Path) -> dict[str, Any]:
    return runpy.run_path(str(path))


@cache
def misconceptions(lesson: Lesson) -> Misconceptions:
    """The lesson's known wrong answers; what each of them does is worked out once."""
    return Misconceptions(lesson.misconceptions)


def wrong_answers(lesson: Lesson, exercise: str) -> dict[str, Callable[..., Any]]:
    """The known wrong answers, by label."""
    return misconceptions(lesson).of(exercise)


def mark(source: str, exercise: str, answer: Any) -> Score:
    """The score that the test cell `source` gives to an answer."""
    return test_cell.score(source, tests_id(exercise), {exercise: answer})


def marked(lesson: Lesson, exercise: str, answer: Any) -> Score:
    """The score that an answer gets when it is submitted."""
    return mark(cell(notebook(lesson.solution), tests_id(exercise)).source, exercise, answer)


def filled(lesson: Lesson, answers: dict[str, str] | None = None) -> NotebookNode:
    """A student's notebook with the reference's answers, some of them replaced by other source."""
    student = nbformat.read(lesson.release, as_version=4)
    fill(student, texts(lesson) | (answers or {}))
    return student


def texts(lesson: Lesson) -> dict[str, str]:
    """The reference's answer of every cell that a student fills, by the cell's id."""
    return model_answers(notebook(lesson.solution))
