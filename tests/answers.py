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
from nbformat import NotebookNode

from autograder.course import Lesson
from autograder.hints import Misconceptions
from utils.card import Score

HERE = Path(__file__).parent


@cache
def notebook(path: Path) -> NotebookNode:
    """A built notebook; not to be changed."""
    return nbformat.read(path, as_version=4)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.id == name)


def exercises(lesson: Lesson) -> list[str]:
    """The names of the exercises, quiz questions included."""
    return [c.id.removesuffix("-tests") for c in notebook(lesson.solution).cells
            if c.id.endswith("-tests")]


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
    module = runpy.run_path(str(HERE / "right_answers" / f"{lesson.name}.py"))
    return {k.removeprefix(prefix): v for k, v in module.items() if k.startswith(prefix)}


def wrong_answers(lesson: Lesson, exercise: str) -> dict[str, Callable[..., Any]]:
    """The known wrong answers, by label."""
    return Misconceptions(lesson.misconceptions).of(exercise)


def mark(source: str, exercise: str, answer: Any) -> Score:
    """The score that the test cell `source` gives to an answer."""
    namespace = {exercise: answer}
    exec(compile(source, f"<tests of {exercise}>", "exec"), namespace)
    return namespace["check"].result()


def marked(lesson: Lesson, exercise: str, answer: Any) -> Score:
    """The score that an answer gets when it is submitted."""
    return mark(cell(notebook(lesson.solution), f"{exercise}-tests").source, exercise, answer)


def filled(lesson: Lesson, answers: dict[str, str] | None = None) -> NotebookNode:
    """A student's notebook with the reference's answers, some of them replaced by other source."""
    student = nbformat.read(lesson.release, as_version=4)
    for c in student.cells:
        if c.metadata.get("nbgrader", {}).get("solution"):
            lines = cell(notebook(lesson.solution), c.id).source.splitlines()
            c.source = "\n".join(line for line in lines if " SOLUTION" not in line)
            if c.cell_type == "markdown":
                c.source = c.source.split("### BEGIN MARK SCHEME")[0].strip()
            c.source = (answers or {}).get(c.id, c.source)
    return student
