"""Which part of a result a value is, in words."""

from collections.abc import Sequence
from typing import Any

_DEEPEST = 3  # `cache[0][1]`
_Found = list[tuple[Any, ...]]


def place(value: Any, result: Any, names: Sequence[str] = ()) -> str:
    """Where in a result this very object is, to stand before a reason: "in db, ".

    "" for the result itself, and where that can't be told.
    """
    found: _Found = []
    _search(value, result, (), found)
    if len(found) != 1 or not found[0]:
        return ""
    first, *rest = found[0]
    inner = "".join(f"[{key!r}]" for key in rest)
    if names and len(names) == _length(result):
        return f"in {names[first]}{inner}, "
    return f"at index {first!r}{inner}, "


def _search(value: Any, inside: Any, path: tuple[Any, ...], found: _Found) -> None:
    if inside is value:
        found.append(path)
    elif len(path) < _DEEPEST and type(inside) in (list, tuple, dict):
        for key, part in inside.items() if type(inside) is dict else enumerate(inside):
            _search(value, part, (*path, key), found)


def _length(result: Any) -> int:
    return len(result) if type(result) in (list, tuple) else 0
