"""A lesson's source, a percent script, to the solution notebook that nbgrader starts from.

What nbgrader has to know about a cell stands in the cell's title and nowhere else:

    # %% exercise: name                        the student's answer, a function of this name
    # %% tests: name, 3 points                 its checks, run in the student's copy and graded
    # %% answer: name, 3 points [markdown]     a written answer, graded by hand
    # %% given: name                           code that students can't change
    # %% earlier: name                         given too: what was built in lessons before, each
                                               line of it `# from 03_lesson: one_name, another`
    # %% and # %% [markdown]                   anything else: theirs to play with

A test cell is written without its frame, which `test_frame` puts around it, and names the known
answers that a student's cases are tried on, whose text `embedding` puts in.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.authoring import embedding, test_frame
from autograder.authoring.setup_cell import SETUP
from autograder.errors import UserError
from autograder.notebooks.cells import free_id, tests_id
from autograder.notebooks.docstring import declared

_ROLES = {  # role: (grade, solution, locked, cell type)
    "exercise": (False, True, False, "code"),
    "tests": (True, False, True, "code"),
    "answer": (True, True, False, "markdown"),
    "given": (False, False, True, "code"),
    "earlier": (False, False, True, "code"),
}
_FROM = re.compile(r"# from (?P<lesson>[\w-]+): (?P<names>\w+(?:, \w+)*)")
_JUPYTEXT = ("lines_to_next_cell", "cell_marker")  # its notes on the script's layout
_TITLE = re.compile(r"(?P<role>\w+): (?P<name>\w+)(?:, (?P<points>\d+(?:\.\d+)?) points?)?")
_SOLUTION = ("### BEGIN SOLUTION", "### END SOLUTION")
_SCHEME = ("### BEGIN MARK SCHEME", "### END MARK SCHEME")


class LessonError(UserError):
    """A mistake in a lesson's source: says file, line and what is wrong."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")


@dataclass
class _Cell:
    """A cell of the source with its title's facts and the line on which its text begins."""

    node: NotebookNode
    line: int
    path: Path
    role: str = ""
    name: str = ""
    points: float | None = None

    def fail(self, message: str, line: int = 0) -> LessonError:
        """line: counted from 1 within the cell's text; 0 is its title."""
        return LessonError(self.path, self.line + line, message)


def solution_notebook(text: str, path: Path, earlier: Mapping[str, str] | None = None,
                      answers: Mapping[str, str] | None = None) -> NotebookNode:
    """The solution notebook of a lesson's source.

    path: only named in errors. earlier: the sources of the lessons before, by name.
    answers: the texts of the lesson's modules of known answers, "wrong" and "right".
    Raises LessonError for anything that would make a lesson that can't be released or graded.
    """
    cells = _cells(text, path)
    _check_names(cells)
    parts = dict[str, tuple[str, ...]]()  # the names of an exercise's results
    for cell in cells:
        _check_markers(cell)
        if cell.role == "earlier":
            _fill_earlier(cell, earlier or {})
        if cell.role in ("exercise", "tests"):
            tree = _parse(cell)
            if cell.role == "tests":
                _frame_tests(cell, parts.get(cell.name, ()), answers or {})
            elif cell.name not in test_frame.defined_names(cell.node.source):
                raise cell.fail(f"the exercise does not define `{cell.name}`")
            else:
                parts[cell.name] = declared(_docstring(tree, cell.name))
    setup = _Cell(new_code_cell(SETUP), 1, path, "given", "setup")
    cells.insert(1, setup)
    notebook = nbformat.v4.new_notebook(
        cells=[_finish(cell) for cell in cells],
        metadata={"kernelspec": {"display_name": "Python 3", "language": "python",
                                 "name": "python3"},
                  "language_info": {"name": "python"}})
    _name_free_cells(notebook)
    nbformat.validate(notebook)
    return notebook


def _cells(text: str, path: Path) -> list[_Cell]:
    starts = [number for number, line in enumerate(text.splitlines(), start=1)
              if line.startswith("# %%")]
    if not starts or text.splitlines()[0] != "# %% [markdown]":
        raise LessonError(path, 1, "a lesson begins with `# %% [markdown]` and its title")
    notebook = jupytext.reads(text, fmt={"extension": ".py", "format_name": "percent"})
    if len(notebook.cells) != len(starts):
        raise LessonError(path, starts[-1], "a line that begins with `# %%` stands inside a string")
    cells = []
    for node, line in zip(notebook.cells, starts, strict=True):
        cell = _Cell(node, line, path)
        extra = set(node.metadata) - {"title", *_JUPYTEXT}
        if extra:
            raise cell.fail(f"a cell's title holds its role only, not {', '.join(sorted(extra))}")
        if "title" in node.metadata:
            _read_title(cell, node.metadata.pop("title"))
        cells.append(cell)
    return cells


def _read_title(cell: _Cell, title: str) -> None:
    match = _TITLE.fullmatch(title)
    role = title.split(":")[0]
    if role not in _ROLES:
        raise cell.fail(f"unknown role `{role}`; the roles are {', '.join(_ROLES)}")
    graded, _, _, cell_type = _ROLES[role]
    if match is None or bool(match["points"]) != graded:
        points = ", N points" if graded else ""
        raise cell.fail(f"write `# %% {role}: name{points}`, not `{title}`")
    if cell.node.cell_type != cell_type:
        raise cell.fail(f"the cell of `{title}` must be a {cell_type} cell")
    cell.role, cell.name = role, match["name"]
    if graded:
        cell.points = float(match["points"])
        cell.points = int(cell.points) if cell.points.is_integer() else cell.points


def _check_names(cells: list[_Cell]) -> None:
    seen: dict[str, _Cell] = {}
    exercises: dict[str, _Cell] = {}
    tested: set[str] = set()
    for cell in cells:
        if not cell.role:
            continue
        if _grade_id(cell) in seen or _grade_id(cell) == "setup":
            raise cell.fail(f"`{cell.role}: {cell.name}` stands here a second time")
        seen[_grade_id(cell)] = cell
        if cell.role == "exercise":
            exercises[cell.name] = cell
        elif cell.role == "tests":
            if cell.name not in exercises:
                raise cell.fail(f"tests without an exercise `{cell.name}` above them")
            tested.add(cell.name)
    for name, cell in exercises.items():
        if name not in tested:
            raise cell.fail(f"the exercise `{name}` has no tests")


def _check_markers(cell: _Cell) -> None:
    allowed = {"exercise": _SOLUTION, "tests": test_frame.HIDDEN,
               "answer": _SCHEME}.get(cell.role, ())
    opened = 0
    for number, line in enumerate(cell.node.source.splitlines(), start=1):
        for begin, end in (_SOLUTION, test_frame.HIDDEN, _SCHEME):
            if begin[4:] not in line and end[4:] not in line:
                continue
            if line.strip() not in (begin, end):
                raise cell.fail(f"a marker stands alone on its line, as `{begin}`", number)
            if begin not in allowed:
                raise cell.fail(f"`{line.strip()}` does not belong in this kind of cell", number)
            if (line.strip() == begin) != (not opened):
                raise cell.fail(f"`{line.strip()}` without its counterpart", number)
            opened = number if line.strip() == begin else 0
    if opened:
        raise cell.fail("the region that begins here has no end", opened)
    if cell.role == "exercise" and _SOLUTION[0] not in cell.node.source:
        raise cell.fail("an exercise needs a region between `### BEGIN SOLUTION` and "
                        "`### END SOLUTION`")


def _parse(cell: _Cell) -> ast.Module:
    try:
        compile(cell.node.source, cell.name, "exec")  # finds more than parsing, such as a `return`
        return ast.parse(cell.node.source)
    except SyntaxError as error:
        raise cell.fail(f"syntax error: {error.msg}", error.lineno or 1) from error


def _docstring(tree: ast.Module, name: str) -> str:
    return next((ast.get_docstring(node) or "" for node in tree.body
                 if isinstance(node, ast.FunctionDef) and node.name == name), "")


def _frame_tests(cell: _Cell, returns: tuple[str, ...], answers: Mapping[str, str]) -> None:
    """Put its frame around a test cell, and into it the known answers that it names.

    returns: the names of the parts of the result.
    """
    try:
        source = embedding.with_answers(cell.node.source, cell.name, answers)
        cell.node.source = test_frame.framed(source, cell.name, cell.points or 0, returns)
    except test_frame.FrameError as error:
        raise cell.fail(str(error), error.line) from error


def _fill_earlier(cell: _Cell, earlier: Mapping[str, str]) -> None:
    """Put the model answers that the cell asks for in its place."""
    lines, parts = cell.node.source.splitlines(), []
    for number, line in enumerate(lines, start=1):
        match = _FROM.fullmatch(line)
        if match is None:
            raise cell.fail("write `# from 03_lesson: one_name, another`", number)
        lesson = match["lesson"]
        if lesson not in earlier:
            raise cell.fail(f"there is no earlier lesson {lesson}", number)
        answers = _answers(earlier[lesson], cell.path.with_name(f"{lesson}.py"))
        for name in match["names"].split(", "):
            if name not in answers:
                raise cell.fail(f"{lesson} has no exercise `{name}`", number)
            parts.append(answers[name])
    cell.node.source = "\n\n\n".join(parts)


@lru_cache(64)  # most later lessons ask the same ones
def _answers(text: str, path: Path) -> dict[str, str]:
    """A lesson's model answers, by exercise."""
    return {cell.name: _answer(cell) for cell in _cells(text, path) if cell.role == "exercise"}


def _answer(cell: _Cell) -> str:
    """An exercise's model answer without markers, its docstring cut to the first line."""
    tree = _parse(cell)
    lines: list[str | None] = list(cell.node.source.splitlines())
    for node in ast.walk(tree):
        text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
        if text:
            first = node.body[0]  # type: ignore[attr-defined]
            lines[first.lineno - 1:first.end_lineno] = [
                f'{" " * first.col_offset}"""{text.splitlines()[0]}"""',
                *[None] * (first.end_lineno - first.lineno)]
    kept = [line for line in lines if line is not None and line.strip() not in _SOLUTION]
    return "\n".join(kept).strip()


def _grade_id(cell: _Cell) -> str:
    return tests_id(cell.name) if cell.role == "tests" else cell.name


def _finish(cell: _Cell) -> NotebookNode:
    node = cell.node
    node.metadata = NotebookNode()
    if cell.role:
        grade, solution, locked, _ = _ROLES[cell.role]
        node.id = _grade_id(cell)
        node.metadata.nbgrader = NotebookNode(
            grade=grade, grade_id=node.id, locked=locked, schema_version=3, solution=solution,
            task=False)
        if grade:
            node.metadata.nbgrader.points = cell.points
    return node


def _name_free_cells(notebook: NotebookNode) -> None:
    used: set[str] = set()
    for cell in notebook.cells:
        if "nbgrader" not in cell.metadata:
            cell.id = name = free_id(cell.source)
            number = 1
            while cell.id in used:
                number += 1
                cell.id = f"{name}-{number}"
            used.add(cell.id)
