"""Expected values that a process works out once, however many answers it checks.

A test cell's fixtures are seeded, so what its formulas, loops and finite differences come to is
the same for every answer. Nothing of it is kept outside the process's memory.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from types import FunctionType, ModuleType
from typing import Any

KEPT, LARGEST = 4000, 2**20  # results, and the bytes of one
_UNFIT = (pickle.PicklingError, TypeError, AttributeError)  # what can't be kept raises these
_results: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()


def once(exercise: str, f: Callable[..., Any]) -> Callable[..., Any]:
    """`f`, whose results are kept by its arguments; each call gets a copy of its own.

    f: a function of a test cell that depends on its arguments alone, and on other such functions.
        With an argument that can't be kept, such as an open file, it is called as ever.
    """
    code: list[Any] = []  # found at the first call: the functions that it calls come after it

    @wraps(f)
    def remembered(*arguments: Any, **keywords: Any) -> Any:
        try:
            code[:] = code or [_identity(f, [])]
            key = (exercise, code[0], *keywords,
                   *(_identity(value, []) for value in (*arguments, *keywords.values())))
        except _UNFIT:
            return f(*arguments, **keywords)
        if key in _results:
            _results.move_to_end(key)
            return pickle.loads(_results[key])
        result = f(*arguments, **keywords)
        with suppress(*_UNFIT):
            kept = pickle.dumps(result)
            if len(kept) <= LARGEST:
                _results[key] = kept
        if len(_results) > KEPT:
            _results.popitem(last=False)
        return result

    return remembered


def _identity(value: Any, above: list[Any]) -> Any:
    """What tells a value from another; of a function its code, and that of those it calls.

    above: the functions around it, which may call each other.
    """
    if isinstance(value, ModuleType):
        return value.__name__
    value = getattr(value, "__wrapped__", value)
    if not isinstance(value, FunctionType):
        return pickle.dumps(value)
    if value in above:
        return above.index(value)
    return (value.__code__, pickle.dumps(value.__defaults__),
            *(_identity(cell.cell_contents, [*above, value]) for cell in value.__closure__ or ()))
