"""Runs a rebuilt notebook in a Jupyter kernel: the one place that executes a student's code.

This path has no fence: tests and answers share a process, as with stock nbgrader.
"""

import ast
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL
from typing import Any, Literal

from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.course import Lesson
from autograder.result import Misconception
from utils.card import MIME

Trouble = Literal["timeout", "crashed"]


@dataclass
class Ran:
    """What running one exercise's tests came to.

    record: what the test cell says of itself (`utils.card.Score.as_json`), None if it said nothing.
    trouble: why it could say nothing.
    raised: how the student's answer cell itself failed ("SyntaxError: …"), "" if it did not.
    """

    record: dict[str, Any] | None = None
    trouble: Trouble | None = None
    raised: str = ""
    misconception: Misconception | None = None


@dataclass
class _Run:
    """The state of one run: which cells met trouble, and the trouble that ended it."""

    client: NotebookClient
    troubles: dict[int, Trouble] = field(default_factory=dict)
    dead: bool = False


def run(notebook: NotebookNode, lesson: Lesson, timeout: float) -> dict[str, Ran]:
    """Execute the notebook cell by cell; what came of each exercise, by name.

    notebook: on the solution's frame, hidden tests included; its outputs are filled in.
    timeout: seconds for each cell.
    """
    with _kernel(notebook, lesson.root, timeout) as state:
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                _execute(state, cell, index)
        ran = {cell.id.removesuffix("-tests"): _read(notebook, index, state)
               for index, cell in enumerate(notebook.cells) if cell.id.endswith("-tests")}
        _diagnose(ran, lesson, state)
    return ran


@contextmanager
def _kernel(notebook: NotebookNode, root: Path, timeout: float) -> Iterator[_Run]:
    """A kernel in a scratch folder that has `utils` above it, and nothing else of the course."""
    with tempfile.TemporaryDirectory(prefix="grade-") as scratch:
        inside = Path(scratch) / "work"
        inside.mkdir()
        shutil.copytree(root / "utils", Path(scratch) / "utils",
                        ignore=shutil.ignore_patterns("__pycache__"))
        client = NotebookClient(notebook, timeout=timeout, kernel_name="python3",
                                allow_errors=True, resources={"metadata": {"path": str(inside)}})
        # What the kernel says of itself is nobody's business; a student's output is captured.
        with client.setup_kernel(stdout=DEVNULL, stderr=DEVNULL):
            yield _Run(client)


def _execute(state: _Run, cell: NotebookNode, index: int) -> None:
    if state.dead:
        state.troubles[index] = "crashed"
        return
    try:
        state.client.execute_cell(cell, index)
    except CellTimeoutError:
        state.troubles[index] = "timeout"
        state.dead = not _interrupt(state.client)
    except DeadKernelError:
        state.troubles[index] = "crashed"
        state.dead = True


def _interrupt(client: NotebookClient) -> bool:
    """Stop the cell that runs; False when it does not let itself be stopped."""
    limit, client.timeout = client.timeout, 5
    try:
        if client.km is not None:
            run_sync(client.km.interrupt_kernel)()  # type: ignore[arg-type]  # it is a coroutine
        client.execute_cell(new_code_cell("None"), 0, store_history=False)
    except (CellTimeoutError, DeadKernelError):
        return False
    finally:
        client.timeout = limit
    return True


def _read(notebook: NotebookNode, index: int, state: _Run) -> Ran:
    cell = notebook.cells[index]
    answer_index = next((k for k, c in enumerate(notebook.cells)
                         if c.id == cell.id.removesuffix("-tests")), index)
    ran = Ran(trouble=state.troubles.get(answer_index) or state.troubles.get(index))
    for output in cell.get("outputs", []):
        if MIME in output.get("data", {}):
            ran.record = output["data"][MIME]
    for output in notebook.cells[answer_index].get("outputs", []):
        if output.output_type == "error":
            ran.raised = f"{output.ename}: {output.evalue}"
    return ran


def _diagnose(ran: dict[str, Ran], lesson: Lesson, state: _Run) -> None:
    """Ask the kernel which misconceptions the failed answers behave like."""
    failed = [name for name, r in ran.items()
              if r.record and any(o["error"] in ("failed", "raised") for o in r.record["outcomes"])]
    if not failed or state.dead:
        return
    answers = ", ".join(f"{name!r}: globals().get({name!r})" for name in failed)
    cell = new_code_cell(
        f"__import__('sys').path.insert(0, {str(lesson.root)!r})\n"
        f"__import__('autograder.hints', fromlist=['report']).report("
        f"{str(lesson.misconceptions)!r}, {{{answers}}})")
    state.client.nb.cells.append(cell)
    _execute(state, cell, len(state.client.nb.cells) - 1)
    state.client.nb.cells.pop()
    for output in cell.outputs:
        if output.output_type == "execute_result":
            found = json.loads(ast.literal_eval(output["data"]["text/plain"]))
            for name, misconception in found.items():
                ran[name].misconception = Misconception(**misconception)
