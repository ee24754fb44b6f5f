"""Runs a test cell on the grader's side, where no code of the student ever runs."""

import ast
from functools import cache
from types import CodeType
from typing import Any

from utils._cards.card import Score


def score(source: str, cell_id: str, namespace: dict[str, Any]) -> Score:
    """Run a test cell and return its value, which as in a notebook is that of its last line.

    namespace: what the cell finds, that is, the exercise's function, or a stand-in for it.
    Raises what the cell raises outside of its checks.
    """
    body, last = _compiled(source, cell_id)
    exec(body, namespace)
    value: Score = eval(last, namespace)
    return value


@cache
def _compiled(source: str, cell_id: str) -> tuple[CodeType, CodeType]:
    """Compile a cell: its body, and the expression in its last line."""
    tree, name = ast.parse(source), f"<{cell_id}>"
    last = tree.body.pop()
    assert isinstance(last, ast.Expr), "a test cell ends with its score"
    return compile(tree, name, "exec"), compile(ast.Expression(last.value), name, "eval")
