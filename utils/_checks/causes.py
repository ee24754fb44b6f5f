"""Why an answer fails that is not its own fault: to be read before anything about the answer.

Known in a running notebook only, from what its test cells found and what its names are bound to.
"""

import builtins
import dis
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from utils._checks.dependencies import reached

_passed: dict[str, tuple[CodeType | None, bool]] = {}  # by exercise, as last checked


def note(exercise: str, answer: Any, passed: bool) -> None:
    """Remember for this kernel whether an answer passed its visible checks."""
    _passed[exercise] = _code(answer), passed


def find(exercise: str, namespace: dict[str, Any], tests: CodeType) -> str:
    """A sentence on what outside of an answer makes its checks fail, "" when nothing is known.

    namespace: the notebook's names. tests: the code of the exercise's test cell.
    """
    used = reached(namespace.get(exercise), namespace) - {exercise}
    return _overwritten(used | reached(tests, {}), namespace) or _failing(used, namespace)


def _overwritten(used: set[str], namespace: dict[str, Any]) -> str:
    """Names of Python or NumPy that a cell has given a value: `float = 2.0`."""
    for name in sorted(used & namespace.keys()):
        value = namespace[name]
        taken = "Python's" if (callable(getattr(builtins, name, None)) and not callable(value)
                               ) else "NumPy" if (
            name == "np" and not isinstance(value, ModuleType)) else ""
        if taken:
            return (f"`{name}` is {_kind(value)} in this notebook, no longer {taken}: a cell "
                    "assigns to it. Use another name there, restart the kernel, and run the cells "
                    "again from the top.")
    return ""


def _failing(used: set[str], namespace: dict[str, Any]) -> str:
    """Other exercises that the answer calls and that fail or are blank.

    Of two where one calls the other only the one that is called is named.
    """
    bad = {name for name in used if name in namespace and _fails(name, namespace[name])}
    roots = sorted(name for name in bad
                   if not bad & (reached(namespace[name], namespace) - {name}))
    if not roots:
        return ""
    listed = " and ".join(f"`{name}`" for name in roots)
    several = len(roots) > 1
    blank = any(is_blank(namespace[name]) for name in roots)
    fault = ("are not finished or fail their own checks" if blank else "fail their own checks"
             ) if several else "is not finished yet" if blank else "fails its own checks"
    return (f"{listed}, which your answer calls, {fault}: "
            f"{'finish' if blank else 'fix'} {'those' if several else 'that one'} first.")


def _fails(name: str, answer: Any) -> bool:
    code, passed = _passed.get(name, (None, True))
    # An answer that has changed since it was checked is accused of nothing.
    return is_blank(answer) or (not passed and code == _code(answer))


def is_blank(answer: Any) -> bool:
    """Does a function still do nothing but raise NotImplementedError?"""
    code = _code(answer)
    if code is None or "NotImplementedError" not in code.co_names:
        return False
    # Python leaves out what can't be reached: nothing returns where nothing can.
    return not any(instruction.opname.startswith("RETURN")
                   for instruction in dis.get_instructions(code))


def _code(answer: Any) -> CodeType | None:
    return getattr(answer, "__code__", None)


def _kind(value: Any) -> str:
    if isinstance(value, (bool, int, float, np.generic)):
        return "a number"
    if isinstance(value, np.ndarray):
        return "an array"
    word = {"str": "string", "NoneType": "None"}.get(type(value).__name__, type(value).__name__)
    return word if word == "None" else f"{'an' if word[0].lower() in 'aeio' else 'a'} {word}"
