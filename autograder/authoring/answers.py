"""A lesson's model answers, and the known wrong and right ones, as notebooks hold them."""

import ast
import runpy
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from nbformat import NotebookNode

from autograder.notebooks.cells import is_answer


def known_answers(module: Path) -> dict[str, list[str]]:
    """Return the labels of the answers in a module of answers, by exercise.

    An answer is a function, or anything callable, named `exercise__label`. Raises what the
    module raises.
    """
    found: dict[str, list[str]] = {}
    for name, value in (runpy.run_path(str(module)) if module.is_file() else {}).items():
        exercise, _, label = name.partition("__")
        if exercise and label and callable(value):
            found.setdefault(exercise, []).append(label)
    return found


def fresh_inputs(module: Path) -> frozenset[str]:
    """Return the exercises for which a module of misconceptions says what fresh inputs are."""
    return frozenset(name.removeprefix("fresh_")
                     for name in (runpy.run_path(str(module)) if module.is_file() else {})
                     if name.startswith("fresh_"))


def typed(module: Path, exercise: str, label: str) -> str:
    """Return an answer of a module, with what it needs, as a student would type it."""
    return typed_in(module.read_text(encoding="utf-8"), exercise, label)


def typed_in(text: str, exercise: str, label: str) -> str:
    """Return the same for the text of a module. Raises KeyError where it has no such answer."""
    defined = _defined(text)
    needed, pending = [f"{exercise}__{label}"], [f"{exercise}__{label}"]
    while pending:
        names = {node.id for node in ast.walk(defined[pending.pop()]) if isinstance(node, ast.Name)}
        new = [name for name in defined if name in names and name not in needed]
        needed += new
        pending += new
    nodes = {id(defined[name]): defined[name] for name in sorted(
        needed, key=lambda name: defined[name].lineno)}
    return "\n\n\n".join(_segment(text, node) for node in nodes.values()).replace(
        f"{exercise}__{label}", exercise)


def model_answers(solution: NotebookNode) -> dict[str, str]:
    """Return the text of every cell that students fill, as the lesson answers it, by id."""
    return {cell.id: _without_markers(cell) for cell in solution.cells if is_answer(cell)}


def fill(student: NotebookNode, answers: Mapping[str, str]) -> None:
    """Put answers into a student's notebook, by the cell's id; other cells stay as they are."""
    for cell in student.cells:
        if is_answer(cell):
            cell.source = answers.get(cell.id, cell.source)


def _without_markers(cell: NotebookNode) -> str:
    text = "\n".join(line for line in cell.source.splitlines() if " SOLUTION" not in line)
    return text if cell.cell_type == "code" else text.split("### BEGIN MARK SCHEME")[0].strip()


@cache
def _defined(text: str) -> dict[str, ast.stmt]:
    """Return a module's statements by the names that they bind."""
    found: dict[str, ast.stmt] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).split(".")[0]: node for name in node.names}
        elif isinstance(node, ast.Assign):
            found |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
    return found


def _segment(text: str, node: ast.stmt) -> str:
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    return "\n".join(text.splitlines()[first - 1:node.end_lineno])
