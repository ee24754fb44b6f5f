"""Which of a notebook's functions are pure: a call leaves everything but its arguments as it was.

The tests of a pure function can call it in the notebook's own process. Any other is called in a
fork of it, which is several times as slow, so that nothing is left for what comes after. Judged by
the texts, and in doubt a function is not pure: what it takes from the notebook are other pure
functions, numbers, texts, NumPy, and harmless functions of Python's own. Where one of the student's
cells may have changed what others use, such as a function of NumPy's, none is.
"""

import ast
import itertools
import math
import symtable
from collections.abc import Iterable
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from nbformat import NotebookNode

from autograder.notebooks import dependencies

_MODULES: dict[str, ModuleType] = {"np": np, "numpy": np, "math": math}
_FUNCTIONS = {"scipy.special": {"erf"}} | {
    module.__name__: {name for name in dir(module) if not name.startswith("_")}
    for module in (math, itertools)}
_WITHIN = {"numpy.linalg", "numpy.fft"}  # of which every function is pure
_DRAWS = {"default_rng", "Generator", "SeedSequence", "PCG64", "MT19937", "Philox", "SFC64"}
_SETTINGS = {"seterr", "seterrcall", "seterrobj", "setbufsize", "set_numeric_ops",
             "set_printoptions", "set_string_function"}
_BUILTINS = {
    "abs", "all", "any", "bin", "bool", "bytes", "callable", "chr", "complex", "dict", "divmod",
    "enumerate", "filter", "float", "format", "frozenset", "hash", "hex", "int", "isinstance",
    "issubclass", "iter", "len", "list", "map", "max", "min", "next", "oct", "ord", "pow", "print",
    "range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple", "zip",
    "Ellipsis", "Exception", "ArithmeticError", "AssertionError", "AttributeError",
    "FloatingPointError", "IndexError", "KeyError", "LookupError", "NotImplementedError",
    "OverflowError", "RuntimeError", "StopIteration", "TypeError", "ValueError",
    "ZeroDivisionError"}
# What a student's cell may import; with the rest of Python, anything can be changed.
_IMPORTS = {"numpy", "math", "itertools", "collections", "time", "typing", "matplotlib", "utils"}


class _Cell(NamedTuple):
    """What a cell binds, and whether it may have changed what others use.

    functions: for each that it defines, what that takes from the notebook; None where it is not
        pure, whatever that is.
    plain: names of numbers and texts, and of the modules that count as pure.
    others: all other names.
    """

    functions: dict[str, frozenset[str] | None]
    plain: frozenset[str]
    others: frozenset[str]
    tampers: bool


def pure(cells: Iterable[NotebookNode], own: Iterable[NotebookNode]) -> frozenset[str]:
    """Return the names of the pure functions.

    cells: the code cells that run. own: those of them that are the student's.
    """
    if any(_read(cell.source).tampers for cell in own):
        return frozenset()
    read = [_read(cell.source) for cell in cells]
    plain = set(_BUILTINS).union(*(cell.plain for cell in read))
    others = set[str]().union(*(cell.others for cell in read))
    found = {name for cell in read for name in cell.functions} - others - plain
    bound_twice = others | {name for name in plain if any(name in cell.functions for cell in read)}
    while True:
        allowed = (found | plain) - bound_twice
        wrong = {name for cell in read for name, reads in cell.functions.items()
                 if name in found and (reads is None or reads - allowed)}
        if not wrong:
            return frozenset(found)
        found -= wrong


@lru_cache(4096)
def _read(source: str) -> _Cell:
    tree, whole = dependencies.tree_of(source), dependencies.scope_of(source)
    if tree is None or whole is None:
        return _Cell({}, frozenset(), frozenset(), tampers=True)
    scopes = whole.get_children()
    tampers = dependencies.reaches_anything(source) or _tampers(tree)
    functions: dict[str, frozenset[str] | None] = {}
    plain, others = set[str](), set[str]()
    for line in tree.body:
        if isinstance(line, ast.FunctionDef):
            inside = [_globals(scope) for scope in scopes
                      if (scope.get_name(), scope.get_lineno()) == (line.name, line.lineno)]
            is_pure = len(inside) == 1 and not tampers and _changes_nothing(line)
            functions[line.name] = inside[0] if is_pure else None
        elif (names := _plain_names(line)) is not None:
            plain |= names
        else:
            others |= {name for node in ast.walk(line) for name in _bound(node)}
    return _Cell(functions, frozenset(plain), frozenset(others), tampers)


def _globals(scope: symtable.SymbolTable) -> frozenset[str]:
    """What a function takes from the notebook, in all of its scopes."""
    found, pending = set[str](), [scope]
    while pending:
        inner = pending.pop()
        found |= {symbol.get_name() for symbol in inner.get_symbols()
                  if symbol.is_global() and symbol.is_referenced()}
        pending += inner.get_children()
    return frozenset(found)


def _plain_names(line: ast.stmt) -> set[str] | None:
    """The names that a line gives a number, a text, or a module that counts as pure."""
    match line:
        case ast.Assign(targets=[ast.Name(name)], value=value) if _is_constant(value):
            return {name}
        case ast.Import(names=names) if all(
                (alias.asname or alias.name) in _MODULES
                and alias.name == _MODULES[alias.asname or alias.name].__name__ for alias in names):
            return {alias.asname or alias.name for alias in names}
        case ast.ImportFrom(module=str(module), names=names) if module in _FUNCTIONS and all(
                alias.name in _FUNCTIONS[module] for alias in names):
            return {alias.asname or alias.name for alias in names}
        case ast.Expr(ast.Constant()):
            return set()
    return None


def _is_constant(value: ast.expr) -> bool:
    try:
        hash(ast.literal_eval(value))
    except (ValueError, TypeError, RecursionError, MemoryError):
        return False
    return True


def _bound(node: ast.AST) -> list[str]:
    """The names that a node binds, whatever for."""
    match node:
        case ast.Name(name, ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            return [name]
        case ast.alias(name, other):
            return [other or name.split(".")[0]]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(
                name=str(name)) | ast.MatchMapping(rest=str(name)):
            return [name]
    return []


def _tampers(tree: ast.AST) -> bool:
    """Whether it may change what other cells use."""
    nodes = list(ast.walk(tree))
    within = _within(nodes)
    for node in nodes:
        match node:
            case ast.Attribute(attr=name, ctx=place):
                wrong = name.startswith("_") or not isinstance(place, ast.Load)
            case ast.Name(name):
                wrong = (name in _MODULES and node not in within  # a module handed on
                         and isinstance(node.ctx, ast.Load))
            case ast.Import(names):
                wrong = any(alias.name.split(".")[0] not in _IMPORTS for alias in names)
            case ast.ImportFrom(module):
                wrong = (module or "").split(".")[0] not in _IMPORTS
            case _:
                wrong = isinstance(node, ast.Global | ast.Nonlocal)
        if wrong:
            return True
    return False


def _within(nodes: Iterable[ast.AST]) -> set[ast.expr]:
    """The nodes of which an attribute is taken: `np` and `np.linalg` in `np.linalg.norm`."""
    return {node.value for node in nodes if isinstance(node, ast.Attribute)}


def _changes_nothing(function: ast.FunctionDef) -> bool:
    """Whether it changes nothing but its arguments, given that what it calls doesn't.

    And that its cell does not tamper with anything.
    """
    arguments, nodes = function.args, list(ast.walk(function))
    defaults = [*arguments.defaults, *(value for value in arguments.kw_defaults if value)]
    within = _within(nodes)
    return (not function.decorator_list and all(map(_is_constant, defaults))
            and not any(_may_keep(node) for node in nodes if node not in within))


def _may_keep(node: ast.AST) -> bool:
    """Whether it may change what is there after the call."""
    if isinstance(node, ast.Attribute):
        path = _path(node)
        return path is not None and not _is_pure(path)
    if isinstance(node, ast.Import | ast.ImportFrom):
        return _plain_names(node) is None
    return isinstance(node, ast.ClassDef | ast.AsyncFunctionDef)


def _path(node: ast.expr) -> list[str] | None:
    """The parts of `np.linalg.norm`; None for what begins with no module."""
    parts = list[str]()
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return [node.id, *parts] if isinstance(node, ast.Name) and node.id in _MODULES else None


def _is_pure(path: list[str]) -> bool:
    """Whether what is found there keeps no state: `np.add.reduce`, `np.random.default_rng`."""
    first, name, *rest = path
    found: Any = getattr(_MODULES[first], name, None)
    if found is np.random:
        return bool(rest) and rest[0] in _DRAWS
    if isinstance(found, ModuleType):
        return found.__name__ in _WITHIN and bool(rest)
    return found is not None and name not in _SETTINGS
