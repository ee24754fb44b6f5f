"""The house: layers hold, each room keeps to its job, nothing secret is handed out."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.authoring import start_page
from autograder.course import ROOT, lessons

MODULES = sorted([*(ROOT / "autograder").rglob("*.py"), *(ROOT / "utils").rglob("*.py")])
PURE = {
    "authoring/book", "authoring/embedding", "authoring/interview", "authoring/introduction",
    "authoring/release", "authoring/requirements", "authoring/source", "authoring/start_page",
    "authoring/test_frame",
    "classroom/lms_names", "classroom/outcome", "classroom/roster", "cli/progress_bar",
    "csv_table", "feedback/annotate", "feedback/cell_view", "feedback/document",
    "feedback/mark_scheme", "feedback/marked_answers", "feedback/page", "feedback/png",
    "feedback/prose", "feedback/quiz", "feedback/quiz_key", "feedback/text", "feedback/regrade",
    "feedback/review", "feedback/withhold",
    "feedback/written_marks", "feedback/written_page",
    "grading/facts", "grading/patterns", "grading/result",
    "grading/rules", "notebooks/cells", "notebooks/dependencies",
    "notebooks/rebuild",
    "classroom/canvas_gradebook", "reports/attention",
    "reports/class_page", "reports/formats", "reports/live_page", "reports/same_answers",
    "reports/similarity", "reports/statistics",
    "reports/student_page", "reports/svg_chart",
    "reports/tables", "rpc/array_memory", "rpc/callables", "rpc/codec", "rpc/exceptions",
    "rpc/limits", "rpc/message", "rpc/plain_types", "rpc/reader", "rpc/rng_state",
    "rpc/text_buffer", "rpc/writer",
    "student/receipt"
}
TOUCHES_THE_WORLD = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "mkdir",
                     "unlink", "touch", "rename", "replace_file"}
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
def test_each_room_keeps_to_its_job(path):
    """What import contracts can't see: submodules of other packages, calls, and purity."""
    inside = path.relative_to(ROOT).with_suffix("").as_posix().removeprefix("autograder/")
    if "utils" in path.relative_to(ROOT).parts:
        assert not {name for name in imports(path) if name.split(".")[0] == "autograder"}
        return
    if not inside.startswith("cli/") and inside != "__main__":
        assert "print" not in called(path)
        assert "argparse" not in imports(path)
    if inside not in {"authoring/stock_nbgrader", "grading/template", "grading/warm_process",
                      "sandbox/namespaces", "sandbox/worker", "student/lab"}:
        assert not {"subprocess", "nbclient"} & imports(path)
        assert "fork" not in called(path)
    if not inside.startswith("gradebook/"):
        assert not {"nbgrader.api", "sqlalchemy", "sqlite3"} & imports(path)
    if inside in PURE:
        assert not TOUCHES_THE_WORLD & called(path)
        assert not {"os", "pathlib.Path", "shutil", "time", "random"} & (
            imports(path) - ({"pathlib.Path"} if inside == "authoring/source" else set()))


@pytest.mark.parametrize(("module", "planted", "contract"), [
    ("autograder/rpc/channel.py", "import autograder.grading.grade", "Imports in autograder run"),
    ("autograder/reports/write.py", "import autograder.authoring.build", "Only cli and student"),
    ("utils/data.py", "import autograder.course", "Lessons' utils know nothing")])
def test_a_wrong_import_breaks_a_contract(tmp_path, module, planted, contract):
    for name in ("autograder", "utils", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    package, *_ = Path(module).parts
    (tmp_path / package).unlink()
    shutil.copytree(ROOT / package, tmp_path / package,
                    ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{planted}\n")
    done = subprocess.run([sys.executable, "-c", "from importlinter.cli import lint_imports_command"
                           " as run; run()", "--no-cache"], cwd=tmp_path, capture_output=True,
                          text=True, check=False, env=os.environ | {"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1, done.stdout + done.stderr
    broken = done.stdout.split("Broken contracts")[1]
    assert contract in broken


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
                if ".ipynb_checkpoints" not in path.parts and path.name != start_page.NAME} == names


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
