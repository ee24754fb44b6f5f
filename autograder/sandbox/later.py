"""Imports that wait until something is used.

A lesson imports its figures and explorers beside what its exercises need. Most marks depend on
neither, and loading them costs more than everything else that a notebook loads.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """A module that is loaded when a name of its own is first asked for.

    `importlib.util.LazyLoader` loads it at any question, such as for its `__file__`, which
    Python's inspection asks of every module when an error is shown.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__all__":
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        found = self.__spec__
        assert found is not None
        assert found.loader is not None
        self.__class__ = ModuleType  # type: ignore[assignment]
        found.loader.exec_module(self)
        return getattr(self, name)


def module(name: str) -> None:
    """Let a module be importable, and loaded when a name in it is first asked for.

    Raises ModuleNotFoundError.
    """
    found = importlib.util.find_spec(name)
    if found is None or found.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    made = _Later(name)
    made.__spec__, made.__file__, made.__loader__ = found, found.origin, found.loader
    sys.modules[name] = made
    package, _, last = name.rpartition(".")
    setattr(sys.modules[package], last, made)


def members(name: str) -> None:
    """Let each name in a package's `__all__` be a function that loads what it calls.

    The package itself loads its members when they are asked for.
    """
    package = importlib.import_module(name)
    load = package.__getattr__
    for member in package.__all__:
        setattr(package, member, _calling(load, member))


def _calling(load: Callable[[str], Any], name: str) -> Callable[..., Any]:
    def call(*arguments: Any, **keywords: Any) -> Any:
        return load(name)(*arguments, **keywords)

    call.__name__ = call.__qualname__ = name
    return call
