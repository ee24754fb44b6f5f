"""What a lesson's cells are called and what they are for: ids, exercises, tests, answers, titles.

A test cell is named after its exercise: `step-tests` holds the tests of `step`.
"""

import hashlib
import re
from collections.abc import Container

from nbformat import NotebookNode

SETUP = "setup"  # the cell that every lesson has and every notebook runs
_TESTS = "-tests"


def grade_id(cell: NotebookNode) -> str | None:
    """Return the name that nbgrader knows a cell by, None for a cell that has none."""
    facts = cell.metadata.get("nbgrader")
    name = facts.get("grade_id") if isinstance(facts, dict) else None
    return name if isinstance(name, str) else None


def name_in(cell: NotebookNode, names: Container[str]) -> str | None:
    """Return which of a lesson's cells it says it is: by nbgrader's name, else by its id."""
    name = grade_id(cell)
    if name is not None and name in names:
        return name
    return str(cell.id) if cell.id in names else None


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


def is_given(cell: NotebookNode) -> bool:
    """Tell whether it is a code cell of the lesson's own that students are not to change."""
    facts = cell.metadata.get("nbgrader", {})
    return (cell.cell_type == "code" and bool(facts.get("locked"))
            and not facts.get("grade") and not facts.get("solution"))


def is_answer(cell: NotebookNode) -> bool:
    """Tell whether students write in this cell: code, or a written answer."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def defines(source: str, name: str) -> bool:
    """Tell whether a cell defines or assigns a name; Python need not be able to read the cell."""
    return name in source and bool(re.search(
        rf"^(?:(?:async +)?def +{name}\b|{name} *(?::[^=\n]+)?=(?!=))", source, re.MULTILINE))


def checksum(cell: NotebookNode) -> str:
    """Return the hash of a cell's text and settings that nbgrader keeps in a released cell.

    Importing nbgrader for its own function would take longer than grading a notebook. Raises
    KeyError, OverflowError, TypeError or ValueError for settings that nbgrader never writes.
    """
    facts = cell.metadata["nbgrader"]
    solution, grade = facts.get("solution", False), facts.get("grade", False)
    locked = not solution and (True if grade else facts.get("locked", False))
    parts = [cell.source, cell.cell_type, str(grade), str(solution), str(locked),
             facts["grade_id"]]
    if grade:
        parts.append(str(float(facts["points"])))
    # MD5 protects nothing here: a student can compute it as well.
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def title(notebook: NotebookNode) -> str:
    """Return a lesson's title as plain text, "" where it has none."""
    return heading(notebook).replace("`", "")


def heading(notebook: NotebookNode) -> str:
    """Return the heading in a lesson's first line, in Markdown; "" where it has none."""
    first = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown"), "")
    return str(first.partition("\n")[0].lstrip("# ").strip())


def free_id(source: str) -> str:
    """Return the id of a cell without a name: a hash of its text.

    An unchanged cell of a released lesson is known by it.
    """
    return "text-" + hashlib.sha256(source.encode()).hexdigest()[:12]
