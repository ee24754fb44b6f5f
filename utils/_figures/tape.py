"""Short programs of single numbers as computation graphs: read, laid out, and drawn.

    program = read("u = a*b; v = u + c; L = u*v")
    values = program.graph.forward({"a": 2.0, "b": 1.0, "c": 1.0} | program.constants)
    program.gradients(values)  # {"L": 1.0, "u": 5.0, ...}
"""

import ast
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from utils._figures.computation_graph import OPERATIONS, Graph, Point, Step
from utils._figures.number_format import three_digits
from utils._figures.picture import INK, WRONG

LEAVES = ("a", "b", "c")
MOST = 14  # boxes of a program
WIDE, HIGH = 0.8, 0.84  # of a box; columns are 1 apart, rows RISE
RISE = 1.1
BINARY = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times"}
ALLOWED = "Use the leaves a, b and c, numbers, +, -, *, **2, and tanh( )."


class ProgramError(ValueError):
    """A program that can't be read; the text says why, to its author."""


@dataclass(frozen=True)
class Program:
    """Steps with their places, in the order in which they were written; the last is the root.

    graph: its leaves are those of a, b, c that occur, and the constants.
    constants: the values of the leaves that are numbers.
    ways: for each input of each step (from, to, corners between the two boxes).
    """

    graph: Graph
    constants: Mapping[str, float]
    ways: tuple[tuple[str, str, tuple[Point, ...]], ...]

    @property
    def root(self) -> str:
        """The name of the last step."""
        return self.graph.steps[-1].name

    @property
    def parents(self) -> dict[str, tuple[str, ...]]:
        """The tape: each name with the names that it was computed from."""
        leaves: dict[str, tuple[str, ...]] = dict.fromkeys(self.graph.leaves, ())
        return leaves | {step.name: step.inputs for step in self.graph.steps}

    def slopes(self, values: Mapping[str, float]) -> dict[str, tuple[float, ...]]:
        """The local slopes of each step, one for each of its inputs."""
        return {step.name: OPERATIONS[step.operation].slopes(*(values[one] for one in step.inputs))
                for step in self.graph.steps}

    def gradients(self, values: Mapping[str, float]) -> dict[str, float]:
        """The gradient of the root for itself and all that it needs."""
        slopes, found = self.slopes(values), {self.root: 1.0}
        for step in reversed(self.graph.steps):
            if step.name in found:
                for name, slope in zip(step.inputs, slopes[step.name], strict=True):
                    found[name] = found.get(name, 0.0) + found[step.name] * slope
        return found


def read(text: str) -> Program:
    """Read `name = expression` steps, separated by semicolons or lines. Raises ProgramError.

    A part of an expression that has no name gets one: t1, t2, and so on.
    """
    lines = [line.strip() for line in text.replace(";", "\n").splitlines()]
    try:
        body = ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ProgramError("This is no program: write steps such as u = a*b; L = u + c.") from None
    reader = _Reader()
    for line in body:
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                reader.assign(name, value)
            case ast.Expr(value=value):
                reader.assign("L", value)
            case _:
                raise ProgramError(f"Each step is written as name = expression. {ALLOWED}")
    if not reader.steps:
        raise ProgramError("Write at least one step, such as L = a*b.")
    if len(reader.steps) + len(reader.leaves) > MOST:
        raise ProgramError(f"The picture has room for {MOST} values, leaves included.")
    return _placed(reader.leaves, reader.steps)


class _Reader:
    """Steps without places, as they are read: name, operation, inputs."""

    def __init__(self) -> None:
        self.leaves: dict[str, float | None] = {}
        self.steps: dict[str, tuple[str, tuple[str, ...]]] = {}

    def assign(self, name: str, value: ast.expr) -> None:
        if name in LEAVES:
            raise ProgramError(f"{name} is a leaf: its slider gives it its value.")
        if name in self.steps:
            raise ProgramError(f"{name} gets a value twice. Choose another name.")
        if len(name) > 3 or name == "tanh":
            raise ProgramError(f"Choose a name of up to three letters in place of {name[:20]}.")
        self._compute(value, name)

    def _compute(self, node: ast.expr, name: str = "") -> str:
        """The name under which an expression's value is kept."""
        match node:
            case ast.Name(id=known) if not name and (known in self.steps or known in LEAVES):
                if known in LEAVES:
                    self.leaves.setdefault(known, None)
                return known
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int() | float() as number) if not name and abs(number) < 1000:
                self.leaves.setdefault(f"{number:g}", float(number))
                return f"{number:g}"
            case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
                return self._keep(name, BINARY[type(op)], left, right)
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=2)):
                return self._keep(name, "square", left)
            case ast.Call(func=ast.Name(id="tanh"), args=[inside], keywords=[]):
                return self._keep(name, "tanh", inside)
            case ast.Name(id=unknown) if unknown not in self.steps and unknown not in LEAVES:
                raise ProgramError(f"{unknown[:20]} has no value yet. {ALLOWED}")
        raise ProgramError(f"A step computes something from other values. {ALLOWED}")

    def _keep(self, name: str, operation: str, *inside: ast.expr) -> str:
        inputs = tuple(self._compute(node) for node in inside)
        while not name:
            free = f"t{sum(known.startswith('t') for known in self.steps) + 1}"
            name = free if free not in self.steps else f"{free}_"
        self.steps[name] = operation, inputs
        return name


def _placed(leaves: Mapping[str, float | None],
            steps: Mapping[str, tuple[str, tuple[str, ...]]]) -> Program:
    column = dict.fromkeys(leaves, 0)
    for name, (_, inputs) in steps.items():
        column[name] = 1 + max(column[one] for one in inputs)
    for name in leaves:  # right before their first use
        column[name] = min(column[one] for one, (_, of) in steps.items() if name in of) - 1
    # A way past other columns gets a place of its own in each of them.
    edges = [(one, name, slot) for name, (_, of) in steps.items() for slot, one in enumerate(of)]
    ways: dict[tuple[str, str, int], list[Any]] = {
        edge: [edge[0], *((*edge, k) for k in range(column[edge[0]] + 1, column[edge[1]])),
               edge[1]] for edge in edges}
    items: dict[int, list] = {k: [] for k in range(max(column.values()) + 1)}
    for name, k in column.items():
        items[k].append(name)
    for way in ways.values():
        for stop in way[1:-1]:
            items[stop[3]].append(stop)
    links = [link for way in ways.values() for link in pairwise(way)]
    height = {one: k - (len(inside) - 1) / 2 for inside in items.values()
              for k, one in enumerate(inside)}
    for sweep in range(8):
        for k in sorted(items, reverse=bool(sweep % 2)):
            mean = {one: _mean([height[a if b == one else b] for a, b in links if one in (a, b)],
                               height[one]) for one in items[k]}
            items[k].sort(key=mean.__getitem__)
            for row, one in enumerate(items[k]):
                height[one] = row - (len(items[k]) - 1) / 2
    at = {one: (k, -height[one]) for k, inside in items.items() for one in inside}
    graph = Graph({name: at[name] for name in leaves},
                  tuple(Step(name, operation, inputs, at[name])
                        for name, (operation, inputs) in steps.items()))
    return Program(graph, {name: value for name, value in leaves.items() if value is not None},
                   tuple((start, end, tuple(at[stop] for stop in way[1:-1]))
                         for (start, end, _), way in ways.items()))


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def draw(program: Program, values: Mapping[str, float], gradients: Mapping[str, float], *,
         ax: Axes, red: Collection[str] = ()) -> Axes:
    """The program with its values, and the gradients below them.

    red: the names whose frame is drawn as a mistake.
    """
    places = program.graph.places()
    for start, end, slot, slots, between in arrows(program):
        rise = 0.16 * ((slots - 1) / 2 - slot)
        stops = [(places[start][0] + WIDE / 2, RISE * places[start][1]),
                 *((x, RISE * y) for x, y in between),
                 (places[end][0] - WIDE / 2, RISE * places[end][1] + rise)]
        for (x, y), (to, up) in pairwise(stops):
            middle = (x + to) / 2
            ax.add_patch(PathPatch(Path([(x, y), (middle, y), (middle, up), (to, up)],
                                        [Path.MOVETO] + [Path.CURVE4] * 3),
                                   facecolor="none", edgecolor=INK, linewidth=1.2, zorder=1))
    formulas = {step.name: f"{step.name} = {step.formula}" for step in program.graph.steps}
    for name, (x, y) in places.items():
        leaf = name in program.graph.leaves
        wrong = name in red
        ax.add_patch(FancyBboxPatch(
            (x - WIDE / 2, RISE * y - HIGH / 2), WIDE, HIGH,
            boxstyle="round,pad=0,rounding_size=0.12", zorder=2,
            facecolor="white" if leaf else "#EEF3F6", edgecolor=WRONG if wrong else INK,
            linewidth=3 if wrong else 1.2))
        back = f"d{name} {three_digits(gradients[name])}" if name in gradients else ""
        for height, label, color, weight in (
                (0.23, formulas.get(name, name), "#222222", "bold" if leaf else "normal"),
                (-0.01, three_digits(values[name]) if name in values else "", "#222222", "normal"),
                (-0.27, back, "#A0457A", "normal")):
            ax.text(x, RISE * y + height, label, ha="center", va="center", color=color,
                    fontsize=8.5, fontweight=weight, zorder=3)
    xs, ys = zip(*places.values(), strict=True)
    ax.set(xlim=(min(xs) - 0.5, max(xs) + 0.5),
           ylim=(RISE * min(ys) - HIGH / 2 - 0.1, RISE * max(ys) + HIGH / 2 + 0.1))
    ax.set_axis_off()
    return ax


def arrows(program: Program) -> Iterable[tuple[str, str, int, int, tuple[Point, ...]]]:
    """Each way with the place where it ends, counted from the top, and how many end there."""
    places = program.graph.places()
    for step in program.graph.steps:
        into = [way for way in program.ways if way[1] == step.name]
        into.sort(key=lambda way: -(way[2][-1] if way[2] else places[way[0]])[1])
        for slot, (start, end, between) in enumerate(into):
            yield start, end, slot, len(into), between
