"""The plain forms of types that a course has registered: see `utils.plain`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Form:
    """How values of one type are written as plain data, and made again from it."""

    kind: type
    to_plain: Callable[[Any], Any]
    from_plain: Callable[[Any], Any]

    @property
    def name(self) -> str:
        """What the type is called in course.toml and in messages."""
        return self.kind.__name__


_forms: dict[type, Form] = {}


def add(form: Form) -> None:
    """Know a form. A module that is loaded again replaces what it registered before."""
    for kind in [kind for kind, known in _forms.items() if known.name == form.name]:
        del _forms[kind]
    _forms[form.kind] = form


def form_of(value: Any) -> Form | None:
    """The form of a value's exact type; None for a type that isn't registered."""
    kind = type(value)
    # A metaclass of another's own would have a say in the look-up.
    return _forms.get(kind) if type(kind) is type else None


def by_name() -> Mapping[str, Form]:
    """Every form that is known, by its name."""
    return {form.name: form for form in _forms.values()}


def plainly(value: Any) -> Any:
    """A value with every value of a registered type in it, or it itself, as its plain form."""
    if not _forms:
        return value
    if form := form_of(value):
        return plainly(form.to_plain(value))
    if isinstance(value, list | tuple):
        return [plainly(one) for one in value]
    if isinstance(value, dict):
        return {key: plainly(one) for key, one in value.items()}
    return value


def become(old: Any, new: Any) -> bool:
    """Let a value be like another of its type, in place; False where that can't be.

    What it holds keeps its identity as far as it can: an array in it is written into.
    """
    if isinstance(old, np.ndarray):
        if old.shape != new.shape or old.dtype != new.dtype:
            return False
        if old.flags.writeable:
            old[...] = new
        return True
    if isinstance(old, list):
        old[:] = new
        return True
    if isinstance(old, dict | set):
        old.clear()
        old.update(new)
        return True
    if isinstance(old, tuple):
        return all(one is other or _is_same(one, other) or (
            type(one) is type(other) and become(one, other))
            for one, other in zip(old, new, strict=True))
    names = [*getattr(old, "__dict__", ()), *getattr(new, "__dict__", ()),
             *(name for kind in type(old).__mro__ for name in _slots(kind))]
    if not names:
        return False
    for name in dict.fromkeys(names):
        if not hasattr(new, name):
            object.__delattr__(old, name)
            continue
        value = getattr(new, name)
        mine = getattr(old, name, None)
        # A list or array that somebody else holds, too, is seen to change by them.
        if not (type(mine) is type(value) and isinstance(mine, np.ndarray | list | dict | set)
                and become(mine, value)):
            object.__setattr__(old, name, value)
    return True


def _slots(kind: type) -> tuple[str, ...]:
    found = kind.__dict__.get("__slots__", ())
    return (found,) if isinstance(found, str) else tuple(
        name for name in found if name not in ("__dict__", "__weakref__"))


def _is_same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and type(one) in (bool, int, float, str, bytes) and (
        one == other or one != one)
