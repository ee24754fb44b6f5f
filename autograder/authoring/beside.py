"""What lies beside a lesson's notebook and travels with it: data files, and the course's modules.

`solutions/NAME/` holds what the author puts there. A module of the course's folder of modules that
the lesson imports is copied into it, and into `lessons/NAME/`: a notebook imports what is beside
it, at a student's, in stock nbgrader and behind the fence.
"""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from autograder.course import Lesson, folder

_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+(\w+)|import[ \t]+([\w., \t]+))", re.MULTILINE)
_READERS = {"open", "Path", "load", "loadtxt", "genfromtxt", "fromfile", "imread"}
_READER, _WRITERS = "read_", ("write", "save", "to_", "dump", "touch", "unlink")
_FILE = re.compile(r"[\w.-][\w. /-]*\.\w{1,8}")


def imported_modules(lesson: Lesson) -> dict[str, Path]:
    """The course's own modules that a lesson imports, and those that they import, by file name."""
    places = {path.stem: path for path in folder("modules", lesson.root).glob("*.py")}
    found, pending = dict[str, Path](), [lesson.source]
    while pending:
        for name in _imports(pending.pop().read_text(encoding="utf-8")):
            if name in places and places[name].name not in found:
                found[places[name].name] = places[name]
                pending.append(places[name])
    return found


def missing(notebook: NotebookNode, there: Collection[str]) -> Iterator[str]:
    """The names of the data files that a lesson reads and that are not there.

    there: the paths of the files beside the notebook. A file that the lesson writes is its own.
    """
    calls = [call for cell in notebook.cells if cell.cell_type == "code"
             for call in _calls(cell.source)]
    written = {name for call in calls if _writes(call) for name in _names(call)}
    read = {name: None for call in calls if _reads(call) for name in _names(call)}
    yield from (name for name in read if name not in written and name not in there)


def _imports(text: str) -> set[str]:
    return {name.split()[0].split(".")[0] for one, several in _IMPORT.findall(text)
            for name in [one, *several.split(",")] if name.strip()}


def _calls(source: str) -> list[ast.Call]:
    """The calls in a cell; none where only IPython can read it."""
    try:
        return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except (SyntaxError, ValueError):
        return []


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _names(call: ast.Call) -> list[str]:
    """The file names in a call's arguments, and in `Path("name")` before its dot."""
    inside = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        inside += call.func.value.args
    texts = [node.value for node in inside
             if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [PurePosixPath(text).as_posix() for text in texts
            if _FILE.fullmatch(text) and ".." not in text]


def _reads(call: ast.Call) -> bool:
    name = _called(call)
    return not _writes(call) and (name in _READERS or name.startswith(_READER))


def _writes(call: ast.Call) -> bool:
    name = _called(call)
    modes = [node.value for node in [*call.args[1:2], *(
        keyword.value for keyword in call.keywords if keyword.arg == "mode")]
        if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return name.startswith(_WRITERS) or (name == "open" and any(set("wax") & set(mode)
                                                                for mode in modes))
