"""The house: layers hold, each room keeps to its job, nothing secret is handed out."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import start
from autograder.course import ROOT, lessons

MODULES = sorted([*(ROOT / "autograder").glob("*.py"), *(ROOT / "utils").rglob("*.py")])
PURE = {"autograded", "book", "bounded", "cells", "chart", "feedback", "lesson", "memory",
        "outcome", "png", "progress", "receipt", "release", "report", "report_page",
        "report_tables", "result", "roster", "similarity", "start", "submission", "table", "whose",
        "wire", "written_marks", "written_page"}
DOOR = {"__main__", "arguments", "teacher"}
TOUCHES_THE_WORLD = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir",
                     "unlink", "touch", "rename", "replace_file"}
# Who may import whom inside autograder. An arrow that is not here is a new one: think twice.
ARROWS = {
    "__main__": {"arguments", "build", "course", "exchange", "feedback", "grade", "hand_in",
                 "lesson", "receipt", "teacher", "work"},
    "arguments": {"grade"},
    "teacher": {"arguments", "classroom", "collect", "distributed", "export", "grade",
                "hand_back", "outcome", "outputs", "progress", "reporter", "term", "watch",
                "written"},
    "distributed": {"course", "engine", "grade", "result", "submission"},
    "term": {"course", "gradebook", "roster", "work"},
    "export": {"course", "gradebook", "result", "roster", "table", "work"},
    "watch": {"classroom", "collect", "course", "exchange", "grade", "hand_back", "inbox",
              "work"},
    "autograded": {"feedback", "result", "submission"},
    "book": {"start"},
    "build": {"course", "lesson", "release", "start"},
    "classroom": {"alone", "autograded", "course", "grade", "gradebook", "inbox", "outcome",
                  "result", "work"},
    "gradebook": {"gradebook_cells", "result", "roster"},
    "grade": {"course", "engine", "outputs", "result", "submission"},
    "collect": {"alone", "course", "grade", "gradebook", "inbox", "roster", "sources",
                "submission", "whose", "work"},
    "sources": {"grade", "inbox", "submission", "unzip"},
    "roster": {"table"},
    "whose": {"roster"},
    "engine": {"cells", "course", "outputs", "remote", "result", "worker"},
    "worker": {"bounded", "fence", "remote"},
    "fence": {"syscalls"},
    "start": {"lesson"},
    "remote": {"bounded", "wire"},
    "wire": {"memory"},
    "feedback": {"outputs", "result"},
    "inbox": {"grade", "submission"},
    "outcome": {"outputs", "result"},
    "preprocessor": {"autograded", "course", "grade", "gradebook", "hand_back", "work"},
    "submission": {"lesson"},
    "exchange": {"course"},
    "hand_back": {"autograded", "course", "gradebook", "page", "work"},
    "hand_in": {"autograded", "course", "exchange", "feedback", "grade", "outputs", "page",
                "receipt", "result", "submission", "work"},
    "page": {"feedback", "outputs", "png", "result"},
    "receipt": {"outputs"},
    "report": {"result"},
    "report_page": {"chart", "report", "sheet", "similarity"},
    "report_tables": {"report", "similarity"},
    "reporter": {"autograded", "course", "gradebook", "report", "report_page", "report_tables",
                 "result", "similarity", "work"},
    "sheet": {"outputs"},
    "written": {"alone", "course", "gradebook", "result", "work", "written_marks", "written_page"},
    "written_marks": {"table"},
    "written_page": {"result", "sheet", "written_marks"},
    "work": {"course", "exchange", "lesson", "start", "submission"},
}


def imports(path: Path) -> set[str]:
    """Dotted names of all that a module imports, `from a import b` as a and a.b."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def called(path: Path) -> set[str]:
    """The names of the functions and methods that a module calls."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call))
    return {func.id if isinstance(func, ast.Name) else func.attr for func in calls
            if isinstance(func, ast.Name | ast.Attribute)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_layers(path):
    names = imports(path)
    if "utils" in path.parts:
        assert not {name for name in names if name.split(".")[0] == "autograder"}
        return
    inside = {name.split(".")[1] for name in names if name.startswith("autograder.")}
    modules = {p.stem for p in MODULES if p.parent.name == "autograder"}
    assert inside & modules <= ARROWS.get(path.stem, set())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_room_keeps_to_its_job(path):
    if "utils" in path.parts:
        return
    if path.stem not in DOOR:
        assert "print" not in called(path)
        assert "argparse" not in imports(path)
    if path.stem not in {"engine", "fence", "worker"}:
        assert not {"subprocess", "nbclient"} & imports(path)
        assert "fork" not in called(path)
    if path.stem not in {"gradebook", "gradebook_cells"}:
        assert not {"nbgrader.api", "sqlalchemy", "sqlite3"} & imports(path)
    if path.stem in PURE:
        assert not TOUCHES_THE_WORLD & called(path)
        assert not {"os", "pathlib.Path", "shutil", "time", "random"} & (
            imports(path) - ({"pathlib.Path"} if path.stem == "lesson" else set()))


def test_stems_agree():
    for lesson in lessons():
        for place in (lesson.solution, lesson.release):
            assert place.exists()
            assert place.stem == place.parent.name == lesson.name
        assert lesson.misconceptions.exists()
        assert (ROOT / "tests" / "right_answers" / f"{lesson.name}.py").exists()
    names = {lesson.name for lesson in lessons()}
    for folder in ("solutions", "lessons"):
        assert {path.parent.name for path in (ROOT / folder).rglob("*.ipynb")
                if ".ipynb_checkpoints" not in path.parts and path.name != start.NAME} == names


def test_students_get_no_solution_and_no_hidden_test():
    for lesson in lessons():
        release = lesson.release.read_text(encoding="utf-8")
        for secret in ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN", "MARK SCHEME"):
            assert secret not in release
        solution = nbformat.read(lesson.solution, as_version=4)
        for cell in solution.cells:
            for inside in re.findall(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)\n *### END",
                                     cell.source, re.DOTALL):
                longest = max(inside.splitlines(), key=len).strip()
                if longest.startswith('return "') and cell.id.startswith("quiz_"):
                    continue  # one letter, which the docstring's example may be as well
                assert longest not in release.replace('\\"', '"')


def test_committed_notebooks_hold_no_outputs_and_no_widget_state():
    for lesson in lessons():
        for path in (lesson.solution, lesson.release):
            notebook = nbformat.read(path, as_version=4)
            assert "widgets" not in notebook.metadata
            assert not any(cell.get("outputs") for cell in notebook.cells)


def test_the_commands_start_quickly_and_say_what_they_are():
    """`--help` must not load NumPy, Jupyter or nbgrader."""
    code = ("import sys, autograder.__main__ as m\n"
            "try: m.main(['--help'])\nexcept SystemExit: pass\n"
            "assert not {'numpy', 'nbgrader', 'nbformat', 'jupyter_client'} & set(sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    assert "grade" in done.stdout
