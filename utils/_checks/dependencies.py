"""Which names of a notebook a function uses, directly or through the notebook's other functions."""

import dis
from collections.abc import Iterator
from functools import partial
from types import CodeType, FunctionType
from typing import Any

ENTRIES = 100  # of a list, tuple or dict: what a student collects functions in is short

_LOADS = {"LOAD_GLOBAL", "LOAD_NAME"}


def reached(start: Any, namespace: dict[str, Any]) -> set[str]:
    """The global names that running `start`, a function or a code object, may look up.

    Functions are followed where they are bound in the namespace, also inside lists, tuples,
    dicts and classes. A name that is only called through `getattr` or a string is not seen.
    """
    names: set[str] = set()
    seen: set[int] = set()
    pending = [start]
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, CodeType):
            loaded = {instruction.argval for instruction in dis.get_instructions(value)
                      if instruction.opname in _LOADS}
            names |= loaded
            pending += [namespace[name] for name in loaded if name in namespace]
        pending += _inside(value, namespace)
    return names


def _inside(value: Any, namespace: dict[str, Any]) -> Iterator[Any]:
    """What a value may hold functions in."""
    if isinstance(value, CodeType):
        yield from (part for part in value.co_consts if isinstance(part, CodeType))
    elif isinstance(value, FunctionType) and value.__globals__ is namespace:
        yield value.__code__
        yield from value.__defaults__ or ()
        for cell in value.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:  # not bound yet
                continue
    elif isinstance(value, partial):
        yield value.func
    elif isinstance(value, type) and value.__module__ == namespace.get("__name__"):
        yield from vars(value).values()
    elif type(value) is dict and len(value) <= ENTRIES:
        yield from value.values()
    elif type(value) in (list, tuple) and len(value) <= ENTRIES:
        yield from value
