"""A student's own functions from a lesson they did before.

    mlp_forward, softmax = earlier.mine("03_forward_pass", "mlp_forward", "softmax")
"""

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from utils import progress

__all__ = ["Missing", "mine"]


class Missing(ValueError):
    """A notebook of the student's, or a function in it, isn't there."""


def mine(lesson: str, *names: str) -> Any:
    """The functions `names` as the student's copy of an earlier lesson defines them.

    lesson: its name, as "03_forward_pass"; looked for beside the folder that the kernel runs in.
    Returns one function, or a tuple of them in the order of `names`.
    Raises Missing where there is no such notebook, or it lacks a function, and tells how to go
    on. Nothing but the lesson's given cells and exercises is run. Prints a note on functions
    whose own checks did not pass when the student last ran them.
    """
    path = Path.cwd().resolve().parent / lesson / f"{lesson}.ipynb"
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Missing(f"There is no notebook of yours at {path}. Go on with the functions that "
                      "this lesson gives you.") from error
    found: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in cells:
            facts = cell.get("metadata", {}).get("nbgrader", {})
            if cell.get("cell_type") != "code" or not facts or facts.get("grade"):
                continue
            with contextlib.suppress(Exception):  # a piece that fails is not found below
                exec("".join(cell["source"]), found)
    functions: list[Callable[..., Any]] = []
    for name in names:
        if not callable(found.get(name)):
            raise Missing(f"Your {lesson} has no function `{name}` that could be read. Go on "
                          "with the one that this lesson gives you.")
        functions.append(found[name])
    if failed := [name for name in names if name in progress.failed(path.parents[1], lesson)]:
        listed = " and ".join(f"`{name}`" for name in failed)
        checks = "its checks" if len(failed) == 1 else "their checks"
        print(f"Your {listed} from {lesson} did not pass {checks} when you last ran them.")
    return functions[0] if len(functions) == 1 else tuple(functions)
