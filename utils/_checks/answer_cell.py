"""What a running notebook knows of the cell in which the student wrote an answer.

Outside of IPython there is nothing to know, and nothing is said.
"""

import ast
import linecache
import re
import sys
import traceback
import warnings
from typing import Any


def shell() -> Any:
    """The IPython that runs this code, None where there is none. Imports nothing."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def unreadable(name: str) -> str:
    """Why Python can't read the cell in which `name` was last defined, "" when it can.

    For example "SyntaxError: '(' was never closed (line 3)".
    """
    source = _last_cell(name)
    if not source:
        return ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the cell's escape sequences, told when it ran
            compile(source, "<answer>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        return _say(error, error.lineno)
    except (ValueError, MemoryError, RecursionError):
        pass  # too deep to be compiled twice, but that is not what is asked
    return ""


def failed(name: str) -> str:
    """Why the cell in which `name` was last defined did not run to its end, "" when unknown."""
    if reason := unreadable(name):
        return reason
    error, source = getattr(sys, "last_value", None), _last_cell(name)
    if source and isinstance(error, BaseException):
        for frame, line in traceback.walk_tb(error.__traceback__):
            text = "".join(linecache.getlines(frame.f_code.co_filename))
            if text.strip() == source.strip():
                return _say(error, line)
    return ""


def beside_stub(name: str) -> str:
    """What to do about a stub's line that `name`, as last defined in a notebook, still has."""
    return left_in(_last_cell(name), name)


def left_in(source: str, name: str) -> str:
    """What to do about the stub's line where the function `name` in a cell also has code.

    Returns "" where the stub is all there is, or is gone. A docstring is not code.
    """
    place = _code_beside_stub(source, name)
    if not place:
        return ""
    return f"There is code {place} `raise NotImplementedError()`: delete that line."


def _code_beside_stub(source: str, name: str) -> str:
    """Where a function has code of the student's: "below" or "above" the stub's line, or ""."""
    if "NotImplementedError" not in source:
        return ""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ""
    functions = [node for node in tree.body
                 if isinstance(node, ast.FunctionDef) and node.name == name]
    body = functions[-1].body if functions else []
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    place = next((k for k, node in enumerate(body) if _is_stub(node)), None)
    if place is None:
        return ""
    return "below" if place + 1 < len(body) else "above" if place else ""


def _is_stub(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Raise):
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def syntax_message(error: SyntaxError) -> str:
    """What Python says of code that it can't read; of Git's conflict markers, what they are."""
    if re.match(r"<{7}|={7}|>{7}", (error.text or "").strip()):
        return ("this line is one of Git's conflict markers (<<<<<<<, =======, >>>>>>>); keep one "
                "of the two versions and delete the markers")
    return error.msg


def _last_cell(name: str) -> str:
    running = shell()
    cells = running.history_manager.input_hist_parsed if running is not None else []
    name = re.escape(name)
    # Also `def step(z` and `de step(z):`, since it is about what can't be read.
    defines = re.compile(rf"^[ \t]*(?:(?:async[ \t]+)?def[ \t]+{name}\b|{name}[ \t]*=[^=]"
                         rf"|\w+[ \t]+{name}[ \t]*\(.*:[ \t]*$)", re.MULTILINE)
    return next((source for source in reversed(cells) if defines.search(source)), "")


def _say(error: BaseException, line: int | None) -> str:
    text = syntax_message(error) if isinstance(error, SyntaxError) else str(error)
    first = (text.splitlines() or [""])[0][:300]
    return (f"{type(error).__name__}{': ' if first else ''}{first}"
            + (f" (line {line})" if line else ""))
