"""Which cells of a rebuilt notebook can change a mark, and so have to run.

A student's cells always run. A cell that is as it was released runs when it binds, or changes, a
name that a cell which runs may read. Where a student's code can reach names in ways that can't be
seen in its text, everything runs.
"""

import ast
import builtins
import re
import symtable
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from nbformat import NotebookNode

from autograder.notebooks.cells import SETUP, is_tests

# With one of these a cell can read or bind any name.
_DYNAMIC = {"globals", "locals", "vars", "eval", "exec", "compile", "__import__", "get_ipython",
            "setattr", "delattr", "dir", "inspect", "gc", "importlib", "_", "__", "___", "In",
            "Out", "__dict__", "__globals__", "__builtins__", "__main__", "sys", "builtins",
            "ctypes"}


# What IPython may read as its own: a line that begins with one of these, an assignment from a
# magic or a shell command, and a question mark at either end of a line.
_MAGIC = re.compile(r"^\s*[%!?,;/]|=\s*[%!]|\?\s*$", re.MULTILINE)


def is_own(cell: NotebookNode, released: dict[str, str]) -> bool:
    """Is the cell's text the student's? released: the lesson's texts by cell id."""
    return cell.source != released.get(cell.id)


@lru_cache(4096)
def binds(source: str) -> frozenset[str]:
    """The names that running a cell binds, none if it does not parse."""
    return frozenset(symbol.get_name() for scope, symbol in _symbols(source)
                     if (symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace())
                     and (scope == "module" or symbol.is_declared_global()))


@lru_cache(4096)
def imports(source: str) -> tuple[str, ...]:
    """The import statements of a cell that stand by themselves, none if it does not parse."""
    tree = tree_of(source)
    return tuple(ast.unparse(line) for line in (tree.body if tree else ())
                 if isinstance(line, ast.Import | ast.ImportFrom))


def must_run(notebook: NotebookNode, released: dict[str, str]) -> set[str]:
    """The ids of the code cells to run, tests left out."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_tests(cell)]
    running = {cell.id for cell in code if is_own(cell, released)}
    own = [cell.source for cell in code if cell.id in running]
    if any(map(reaches_anything, own)):
        return {cell.id for cell in code}
    read: set[str] = set().union(*map(_reads, own))
    running.add(SETUP)
    growing = True
    while growing:
        growing = False
        for cell in code:
            if cell.id not in running and (binds(cell.source) | _changes(cell.source)) & read:
                running.add(cell.id)
                read |= _reads(cell.source)
                growing = True
    return running


def reached(source: str, students: Iterable[NotebookNode]) -> set[str] | None:
    """The names that a cell may read, itself or through other cells; None for any name.

    source: the cell's text. students: the cells that are the student's, whose names count as a way.
    """
    pending, found, seen = [source], set[str](), {source}
    while pending:
        text = pending.pop()
        if reaches_anything(text):
            return None
        found |= _reads(text)
        for cell in students:
            if cell.source not in seen and binds(cell.source) & found:
                seen.add(cell.source)
                pending.append(cell.source)
    return found


def needed(notebook: NotebookNode, released: dict[str, str]) -> Iterator[tuple[str, ast.Module]]:
    """The cells that a lesson's model answers need, by id, without imports that nothing reads.

    notebook: the lesson with its answers. released: the lesson's texts by cell id.
    """
    running = must_run(notebook, released) - {SETUP}
    cells = [cell for cell in notebook.cells if cell.id in running]
    read = set[str]().union(*(_reads(cell.source) for cell in cells))
    for cell in cells:
        tree = tree_of(cell.source)
        if tree is not None:
            yield cell.id, ast.Module([
                line for line in tree.body if not isinstance(line, ast.Import | ast.ImportFrom)
                or any((alias.asname or alias.name.split(".")[0]) in read for alias in line.names)
            ], [])


def overwritten(source: str, students: Iterable[NotebookNode]) -> str | None:
    """A function of Python's that a cell uses and another cell has made a constant: `float = 2.0`.

    source: the cell's text. students: the cells that are the student's.
    """
    students = list(students)
    used = reached(source, students)
    taken = set[str]().union(*(_constants(cell.source) for cell in students))
    return next((name for name in sorted(taken if used is None else taken & used)
                 if callable(getattr(builtins, name, None))), None)


@lru_cache(4096)
def _constants(source: str) -> frozenset[str]:
    """The names that a cell gives a constant, outside of functions."""
    tree = tree_of(source)
    return frozenset(target.id for node in (tree.body if tree else ())
                     if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
                     for target in node.targets if isinstance(target, ast.Name))


def mentioned_once(notebook: NotebookNode, released: dict[str, str]) -> set[str]:
    """The names that exactly one of the student's cells mentions, as far as the texts tell."""
    own = [cell.source for cell in notebook.cells
           if cell.cell_type == "code" and is_own(cell, released) and not is_tests(cell)]
    if any(map(reaches_anything, own)):
        return set()
    spoken = Counter(name for source in own for name in binds(source) | _reads(source))
    return {name for name, cells in spoken.items() if cells == 1}


@lru_cache(4096)
def constant(source: str, name: str) -> str | None:
    """The text that a cell's function `name` returns whatever happens, None if that can't be seen.

    Such a cell is one function without arguments and decorators that does nothing else.
    """
    match tree_of(source):
        case ast.Module(body=[ast.FunctionDef(
                name=found, args=ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[],
                                               kwarg=None),
                body=[*before, ast.Return(value=ast.Constant(value=str(letter)))],
                decorator_list=[], returns=None)]) if found == name and not before[1:] and all(
                    isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
                    for line in before):
            return letter
    return None


def _plain(source: str) -> str:
    """A cell's text with its magics turned into calls."""
    if not _MAGIC.search(source):
        return source
    from IPython.core.inputtransformer2 import TransformerManager  # most cells need no IPython

    return TransformerManager().transform_cell(source)


@lru_cache(256)  # for the questions about one notebook; a tree takes much memory
def tree_of(source: str) -> ast.Module | None:
    """A cell's syntax tree, None if it does not parse. It is shared: do not change it."""
    try:
        return ast.parse(_plain(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(256)
def scope_of(source: str) -> symtable.SymbolTable | None:
    """A cell's scope, None if it does not parse."""
    try:
        return symtable.symtable(_plain(source), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _symbols(source: str) -> Iterator[tuple[str, symtable.Symbol]]:
    """Every symbol of every scope in a cell, with the scope's type."""
    whole = scope_of(source)
    pending = [whole] if whole else []
    while pending:
        scope = pending.pop()
        pending += scope.get_children()
        yield from ((scope.get_type(), symbol) for symbol in scope.get_symbols())


@lru_cache(4096)
def _reads(source: str) -> frozenset[str]:
    """The names that a cell, or a function in it, takes from the notebook."""
    return frozenset(symbol.get_name() for scope, symbol in _symbols(source)
                     if symbol.is_referenced() and (scope == "module" or symbol.is_global()))


@lru_cache(4096)
def reaches_anything(source: str) -> bool:
    """Can the cell get at names that do not stand in its text?"""
    tree = tree_of(source)
    names = set(_reads(source))
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.name.split(".")[0] for alias in node.names}
            names.add(getattr(node, "module", None) or "")
    return bool(names & _DYNAMIC) or "*" in names


@lru_cache(4096)
def _changes(source: str) -> frozenset[str]:
    """Names whose objects a cell changes in place: `a[0] = …`, `a.b = …`, `a += …`, `del a[0]`."""
    tree = tree_of(source)
    found = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            base: ast.expr = node
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name):
                found.add(base.id)
    return frozenset(found)
