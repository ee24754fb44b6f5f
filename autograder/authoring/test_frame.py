"""What the build puts around a test cell, and what it checks in it.

A test cell is written as plain checks. The build makes a function of it, so that what it imports
and names stays out of the student's notebook, and takes nothing of the student's away. The
function is called with its name already removed; what the call returns is the cell's value, which
nbgrader takes as the score.
"""

import ast
import builtins
import io
import symtable
import tokenize
from collections.abc import Iterator
from functools import lru_cache

HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
_INDENT = "    "
_STRINGS = {getattr(tokenize, name) for name in ("STRING", "FSTRING_MIDDLE", "TSTRING_MIDDLE")
            if hasattr(tokenize, name)}


class FrameError(Exception):
    """A mistake in a test cell. line: counted from 1 within the cell, 0 for its title."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def framed(source: str, exercise: str, points: float, returns: tuple[str, ...] = ()) -> str:
    """Return the test cell of an exercise with its frame.

    source: the checks as the author wrote them; it compiles.
    returns: the names of the parts of what the answer returns, for the tests' messages.
    Raises FrameError for what could not be counted, graded, or released.
    """
    tree = ast.parse(source)
    _check_hidden_come_last(source)
    for text in (source, source.split(HIDDEN[0])[0]):
        _check_free_names(text, exercise)
    checks = [node for node in tree.body if isinstance(node, ast.With) and _is_check(node)]
    _check_checks_can_be_counted(tree, checks)
    _check_answer_is_guarded(tree, checks, exercise)
    _check_names_stay_inside(source, tree, exercise)

    visible_lines = len(source.split(HIDDEN[0])[0].splitlines())
    visible = sum(check.lineno <= visible_lines for check in checks)
    if not visible:
        raise FrameError("a test cell needs at least one check that the student sees")
    hidden = len(checks) - visible
    counts = f"visible={visible}" + (f", hidden={hidden}" if hidden else "")
    parts = f",\n{_INDENT}               returns={returns!r}".replace("'", '"') if returns else ""
    name = f"_tests_of_{exercise}"
    lines, top = dict(indented(source)), _end_of_imports(tree)
    return "\n".join([
        f"def {name}():",
        *(line for number, line in lines.items() if number <= top),
        f"{_INDENT}from utils.checks import Checks",
        "",
        f'{_INDENT}check = Checks("{exercise}", points={points}, {counts}{parts})',
        *(line for number, line in lines.items() if number > top),
        f"{_INDENT}return check.result()",
        "",
        "",
        f'globals().pop("{name}")()  # runs the tests, and leaves no name behind'])


@lru_cache(64)
def defined_names(source: str) -> frozenset[str]:
    """Return the names that running a cell binds."""
    table = symtable.symtable(source, "cell", "exec")
    return frozenset(symbol.get_name() for symbol in table.get_symbols()
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace())


def _check_hidden_come_last(source: str) -> None:
    after = source.split(HIDDEN[1])[1] if HIDDEN[1] in source else ""
    if after.strip():
        raise FrameError("hidden tests come last in their cell", len(source.splitlines()))


def _check_free_names(text: str, exercise: str) -> None:
    """A test cell imports what it needs: its only free name is the exercise's own."""
    tree = ast.parse(text)
    known = defined_names(text) | {exercise, "check"} | set(dir(builtins))
    for table in _scopes(text):
        for symbol in table.get_symbols():
            name = symbol.get_name()
            outside = table.get_type() == "module" or symbol.is_global()
            if outside and symbol.is_referenced() and name not in known:
                line = next((node.lineno for node in ast.walk(tree)
                             if isinstance(node, ast.Name) and node.id == name), 1)
                raise FrameError(f"the tests use `{name}`, which they neither import nor define "
                                    "(a student's copy has only what is not hidden)", line)


def _check_checks_can_be_counted(tree: ast.Module, checks: list[ast.With]) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.With) and _is_check(node) and node not in checks:
            raise FrameError("a check inside a loop or a branch can't be counted; put the loop "
                                "inside the check", node.lineno)


def _check_answer_is_guarded(tree: ast.Module, checks: list[ast.With], exercise: str) -> None:
    # A function that the test cell defines runs when a check calls it.
    guarded = [*checks, *(node for node in tree.body if isinstance(node, ast.FunctionDef))]
    inside = {id(node) for block in guarded for node in ast.walk(block)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == exercise and id(node) not in inside:
            raise FrameError(f"`{exercise}` is used outside of a check, where an error in the "
                                "answer would end the cell", node.lineno)


def _check_names_stay_inside(source: str, tree: ast.Module, exercise: str) -> None:
    """Inside a function a name that is bound is the function's own, wherever it is bound."""
    for name in (exercise, "check"):
        if name in defined_names(source):
            raise FrameError(f"the tests give `{name}` another meaning; use another name",
                                _line_of_binding(tree, name))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            raise FrameError("name what the tests import; `*` can't stand in a function",
                                node.lineno)
        if isinstance(node, ast.Global):
            raise FrameError("`global` would put a name into the student's notebook",
                                node.lineno)


def _line_of_binding(tree: ast.Module, name: str) -> int:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=found, ctx=ast.Store()) | ast.FunctionDef(name=found) | (
                    ast.ClassDef(name=found)) if found == name:
                return node.lineno
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases) if any(
                    name == (alias.asname or alias.name).split(".")[0] for alias in aliases):
                return node.lineno
    return 1


def _scopes(text: str) -> Iterator[symtable.SymbolTable]:
    pending = [symtable.symtable(text, "cell", "exec")]
    while pending:
        table = pending.pop()
        pending += table.get_children()
        yield table


def _is_check(node: ast.With) -> bool:
    """Tell whether it is a `with check(…):`."""
    call = node.items[0].context_expr
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and (
        call.func.id == "check")


def _end_of_imports(tree: ast.Module) -> int:
    """Return the last line of the imports at the top."""
    end = 0
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            break
        end = node.end_lineno or 0
    return end


def indented(source: str) -> Iterator[tuple[int, str]]:
    """Yield the lines further to the right with their numbers, except for strings' inner lines.

    The two blank lines around a function become one, as is usual inside another function.
    """
    inside: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in _STRINGS:
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    blank = False
    for number, line in enumerate(source.splitlines(), start=1):
        was_blank, blank = blank, not line.strip() and number not in inside
        if not (blank and was_blank):
            yield number, line if number in inside or blank else _INDENT + line
