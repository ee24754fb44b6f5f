"""What a lesson's cells are called and what they are for: ids, exercises, tests, answers, titles.

A test cell is named after its exercise: `step-tests` holds the tests of `step`.
"""

import hashlib

from nbformat import NotebookNode

_TESTS = "-tests"


def grade_id(cell: NotebookNode) -> str | None:
    """Return the name that nbgrader knows a cell by, None for a cell that has none."""
    facts = cell.metadata.get("nbgrader")
    name = facts.get("grade_id") if isinstance(facts, dict) else None
    return name if isinstance(name, str) else None


def tests_id(exercise: str) -> str:
    """Return the id of the test cell of an exercise."""
    return f"{exercise}{_TESTS}"


def exercise_of(cell_id: str) -> str:
    """Return the exercise that a graded cell's id stands for; an answer's id is its exercise."""
    return cell_id.removesuffix(_TESTS)


def exercise_name(cell: NotebookNode) -> str:
    """Return the exercise that a lesson's own cell belongs to.

    Only a lesson's own cells have ids to rely on, not those of a notebook that was handed in.
    """
    return exercise_of(str(cell.id))


def is_tests(cell: NotebookNode) -> bool:
    """Tell whether it is a cell of checks, which the grader runs on its own side."""
    facts = cell.metadata.get("nbgrader", {})
    return bool(facts.get("grade")) and not facts.get("solution")


def is_answer(cell: NotebookNode) -> bool:
    """Tell whether students write in this cell: code, or a written answer."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def title(notebook: NotebookNode) -> str:
    """Return a lesson's title: the heading in its first line, "" where it has none."""
    first = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown"), "")
    return str(first.partition("\n")[0].lstrip("# ").strip())


def free_id(source: str) -> str:
    """Return the id of a cell without a name: a hash of its text.

    An unchanged cell of a released lesson is known by it.
    """
    return "text-" + hashlib.sha256(source.encode()).hexdigest()[:12]
