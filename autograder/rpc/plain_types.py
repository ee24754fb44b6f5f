"""Which types of values may cross: a setting of the course."""

from collections.abc import Iterable

# Calls and their outcomes are made of these, so no course can leave them out. Ranges, slices and
# `...` count as tuples and None.
REQUIRED = frozenset({"None", "bool", "int", "float", "str", "tuple"})
# NumPy's scalars count as arrays, and a frozenset as a set.
ALL = REQUIRED | {"bytes", "complex", "list", "dict", "set", "ndarray", "Generator", "callable"}

Types = frozenset[str]

_WORDS = {"float": "numbers", "str": "strings", "ndarray": "arrays", "list": "lists",
          "tuple": "tuples", "dict": "dictionaries"}


def choose(names: Iterable[str], registered: Iterable[str] = ()) -> Types:
    """The types of these names. Raises ValueError for unknown names and for missing ones.

    registered: the names of types of the course's own: see `utils.plain`.
    """
    types = frozenset(names)
    if unknown := types - ALL:
        raise ValueError(f"There is no type {min(unknown)!r} that may cross the fence; there are: "
                         f"{', '.join(sorted(ALL))}.")
    if missing := REQUIRED - types:
        raise ValueError(f"Calls can't do without the types: {', '.join(sorted(missing))}.")
    return types.union(registered)


def data(types: Types) -> Types:
    """Those of them that a plain form may hold: data, nothing that can be called or drawn from."""
    return types & ALL - {"callable", "Generator"}


def refusal(what: str, name: str, types: Types) -> str:
    """Why a value of another type is refused, and what to use instead."""
    registered = sorted(types - ALL)
    if name in registered:
        return (f"{what} holds a value of a type {name} that is not the lesson's own {name}; use "
                "the one that the lesson imports.")
    *words, last = [*(word for kind, word in _WORDS.items() if kind in types), *registered]
    return f"{what} holds a value of type {name}; use plain {', '.join(words)} or {last}."
