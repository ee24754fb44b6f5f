"""Small wrong turns in a right answer: signs, comparisons, axes, constants, dropped terms.

The operators are those of DeMillo, Lipton and Sayward ("Hints on test data selection", 1978), cut
to what array code is made of. A mutant is told by its change, `old -> new`.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator

_ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
               ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult}
_COMPARISON = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
               ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
               ast.In: ast.NotIn, ast.NotIn: ast.In}
_CALLS = {"max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "sum": "mean",
          "mean": "sum", "exp": "expm1", "log": "log1p", "zeros": "ones", "ones": "zeros",
          "zeros_like": "ones_like", "ones_like": "zeros_like", "any": "all", "all": "any",
          "sqrt": "square", "abs": "positive", "tanh": "sin", "std": "var", "var": "std",
          "log1p": "log"}


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Each mutant of a cell's source: what was changed, and the source with it."""
    tree, seen = ast.parse(source), Counter[str]()
    for number, node in enumerate(ast.walk(tree)):
        for old, new in _changes(node):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[number]
            text = f"{ast.unparse(old)} -> {ast.unparse(new)}"
            seen[text] += 1
            name = text if seen[text] == 1 else f"{text} ({seen[text]})"
            made = _Put(target, new).visit(changed)
            yield name, ast.unparse(ast.fix_missing_locations(made))


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """A node, and what it may become."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            if type(op) in _ARITHMETIC:
                yield node, ast.BinOp(left, _ARITHMETIC[type(op)](), right)
            if not isinstance(op, ast.MatMult | ast.Pow):
                yield node, left
            if isinstance(op, ast.Add | ast.Mult):
                yield node, right
        case ast.Compare(left=left, ops=[op], comparators=right):
            yield node, ast.Compare(left, [_COMPARISON[type(op)]()], right)
            if isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                turned = ast.GtE if isinstance(op, ast.Lt | ast.LtE) else ast.LtE
                yield node, ast.Compare(left, [turned()], right)
        case ast.BoolOp(op=op, values=values):
            yield node, ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield node, operand
        case ast.Constant(value=bool(value)):
            yield node, ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield node, ast.Constant(value + 1)
        case ast.Constant(value=float(value)) if value:
            yield node, ast.Constant(2 * value)
        case ast.Constant(value=float()):
            yield node, ast.Constant(1.0)
        case ast.Attribute(value=value, attr="T"):
            yield node, value
        case ast.Call(func=ast.Attribute(value=value, attr="copy"), args=[]):
            yield node, value
        case ast.Call(func=ast.Attribute(value=value, attr=name) as func) if name in _CALLS:
            yield node, ast.Call(ast.Attribute(value, _CALLS[name], func.ctx), node.args,
                                 node.keywords)
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS and name in ("max", "min", "any",
                                                                            "all"):
            yield node, ast.Call(ast.Name(_CALLS[name], ast.Load()), node.args, node.keywords)
        case ast.AugAssign(target=target, op=op, value=value) if type(op) in _ARITHMETIC:
            yield node, ast.AugAssign(target, _ARITHMETIC[type(op)](), value)
        case ast.Break():
            yield node, ast.Continue()
    if isinstance(node, ast.Call) and any(word.arg == "axis" for word in node.keywords):
        yield node, ast.Call(node.func, node.args,
                             [word for word in node.keywords if word.arg != "axis"])


class _Put(ast.NodeTransformer):
    """Puts a node in the place of another, everywhere but in docstrings."""

    def __init__(self, target: ast.AST, new: ast.AST) -> None:
        self._target, self._new = target, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._target else self.generic_visit(node)
