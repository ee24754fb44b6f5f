"""The types of a course's own that may cross the fence, loaded from its folder of modules.

The modules are the course's own code, as its tests are: they run on the grader's side, before any
submission is read, and there `from_plain` gets plain data only. See `utils.plain`.
"""

import importlib
import sys
from functools import cache
from pathlib import Path

from autograder.course import folder
from autograder.grading.result import CantGrade
from autograder.rpc.plain_types import ALL, Types, choose
from utils._checks.forms import by_name
from utils._course import FILE, course
from utils.plain import PlainFormError


def types_of(root: Path) -> Types:
    """The types that may cross in a course; loads the modules that register types of its own.

    Raises CantGrade, which says what is wrong with course.toml or with a module.
    """
    described = course(root)
    if described is None:
        return ALL
    for name, module in described.register.items():
        path = _loaded(folder("modules", root) / f"{module}.py",
                       f"{root / FILE}: [fence.register] {name}")
        if name not in by_name():
            raise CantGrade(f"{path} registers no type {name}, as {FILE} says it does")
    try:
        return choose(described.fence_types, described.register)
    except ValueError as error:
        raise CantGrade(f"{root / FILE}: [fence] types: {error}") from error


@cache
def _loaded(path: Path, named: str) -> Path:
    """Import a module from its own folder, in which it finds the others. Raises CantGrade."""
    if not path.is_file():
        raise CantGrade(f"{named} is in the module {path.stem}, and there is no {path}")
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))  # last: a course's module hides no library
    try:
        module = importlib.import_module(path.stem)
    except Exception as error:  # an author's module may raise anything
        reason = " ".join(str(error).split())
        raise CantGrade(f"{path}: {reason}" if isinstance(error, PlainFormError) else
                        f"{path}: {type(error).__name__}: {reason}") from error
    if Path(str(module.__file__)).resolve() != path.resolve():
        raise CantGrade(f"{path}: there is another module {path.stem}, {module.__file__}; call "
                        "this one by another name")
    return path
