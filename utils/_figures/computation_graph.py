"""Small computation graphs of single numbers: values forward, gradients back, and a picture."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from utils._figures.number_format import fixed
from utils._figures.picture import INK, PAPER, WRONG

Point = tuple[float, float]


@dataclass(frozen=True)
class Operation:
    """What a step computes, and the local slope of its output for each of its inputs.

    formula: how the inputs are joined, with {0} and {1} for them.
    """

    formula: str
    value: Callable[..., float]
    slopes: Callable[..., tuple[float, ...]]


OPERATIONS = {
    "times": Operation("{0}·{1}", lambda p, q: p * q, lambda p, q: (q, p)),
    "plus": Operation("{0} + {1}", lambda p, q: p + q, lambda p, q: (1.0, 1.0)),
    "minus": Operation("{0} − {1}", lambda p, q: p - q, lambda p, q: (1.0, -1.0)),
    "tanh": Operation("tanh {0}", math.tanh, lambda p: (1 - math.tanh(p) ** 2,)),
    "square": Operation("{0}²", lambda p: p * p, lambda p: (2 * p,)),
}


@dataclass(frozen=True)
class Step:
    """One box of a graph: its name, its operation, where its inputs come from, and its place."""

    name: str
    operation: str
    inputs: tuple[str, ...]
    at: Point

    @property
    def formula(self) -> str:
        """What it computes, in letters."""
        return OPERATIONS[self.operation].formula.format(*self.inputs)


@dataclass(frozen=True)
class Bug:
    """A mistake in one step of the backward pass.

    text: what is wrong, for the reader. slopes: the wrong local slopes, None when they are right.
    ignores: the gradient that arrives is left out. overwrites: what an input has got so far is
    replaced, not added to.
    """

    text: str
    step: str
    slopes: Callable[..., tuple[float, ...]] | None = None
    ignores: bool = False
    overwrites: bool = False


@dataclass(frozen=True)
class Graph:
    """Steps in the order of the forward pass; the last one is the loss.

    leaves: the places of the inputs, by name.
    """

    leaves: Mapping[str, Point]
    steps: tuple[Step, ...]

    def forward(self, leaves: Mapping[str, float]) -> dict[str, float]:
        """The value of every leaf and step."""
        values = {name: float(leaves[name]) for name in self.leaves}
        for step in self.steps:
            operation = OPERATIONS[step.operation]
            values[step.name] = operation.value(*(values[name] for name in step.inputs))
        return values

    def backward(self, values: Mapping[str, float], bugs: Sequence[Bug] = ()) -> dict[str, float]:
        """The gradient of the loss for every leaf and step, as the bugs have it."""
        known = {self.steps[-1].name: 1.0}
        for step in reversed(self.steps):
            arrived, parts = self.handed_back(step, values, known, bugs)
            known |= {name: (before or 0.0) + arrived * slope for name, before, slope in parts}
        return known

    def handed_back(self, step: Step, values: Mapping[str, float], known: Mapping[str, float],
                    bugs: Sequence[Bug]) -> tuple[float, list[tuple[str, float | None, float]]]:
        """The gradient that arrives at a step; and for each of its inputs the name, the gradient
        that it has so far (None when this is its first), and the local slope.
        """
        here = [bug for bug in bugs if bug.step == step.name]
        wrong = next((bug.slopes for bug in here if bug.slopes), None)
        slopes = (wrong or OPERATIONS[step.operation].slopes)(*(values[k] for k in step.inputs))
        arrived = 1.0 if any(bug.ignores for bug in here) else known[step.name]
        forgets = any(bug.overwrites for bug in here)
        return arrived, [(name, None if forgets else known.get(name), slope)
                         for name, slope in zip(step.inputs, slopes, strict=True)]

    def places(self) -> dict[str, Point]:
        """Where every leaf and step stands."""
        return {**self.leaves, **{step.name: step.at for step in self.steps}}

    def wires(self) -> list[tuple[str, str, list[Point]]]:
        """From, to, and the corners of the way between: along the row of the first, then up."""
        places = self.places()
        return [(name, step.name, [places[name], (step.at[0], places[name][1]), step.at])
                for step in self.steps for name in step.inputs]


# One tanh unit and its squared error.
CHAIN = Graph(
    {"w": (0, 0), "x": (0, -1), "b": (2, 1), "y": (4, 1)},
    (Step("u", "times", ("w", "x"), (1, 0)), Step("z", "plus", ("u", "b"), (2, 0)),
     Step("a", "tanh", ("z",), (3, 0)), Step("e", "minus", ("a", "y"), (4, 0)),
     Step("L", "square", ("e",), (5, 0))))


def draw(graph: Graph, values: Mapping[str, float], gradients: Mapping[str, float], *, ax: Axes,
         red: Collection[str] = ()) -> Axes:
    """The graph with its values, and the gradients below them.

    red: the names whose frame is drawn as a mistake.
    """
    for _, _, way in graph.wires():
        xs, ys = zip(*way, strict=True)
        ax.plot(xs, [1.25 * y for y in ys], color=INK, linewidth=1, zorder=1)
    formulas = {step.name: f"{step.name} = {step.formula}" for step in graph.steps}
    for name, (x, y) in graph.places().items():
        leaf = name in graph.leaves
        ax.add_patch(FancyBboxPatch(
            (x - 0.41, 1.25 * y - 0.42), 0.82, 0.84, boxstyle="round,pad=0,rounding_size=0.12",
            facecolor=PAPER if leaf else "#EEF3F6", edgecolor=WRONG if name in red else INK,
            linewidth=3 if name in red else 1.2, zorder=2))
        for height, label, color, weight in (
                (0.23, formulas.get(name, name), "#222222", "bold" if leaf else "normal"),
                (-0.01, fixed(values[name], 3), "#222222", "normal"),
                (-0.27, f"d{name} {fixed(gradients[name], 3)}", "#A0457A", "normal")):
            ax.text(x, 1.25 * y + height, label, ha="center", va="center", color=color,
                    fontsize=8.5, fontweight=weight, zorder=3)
    right = max(x for x, _ in graph.places().values())
    ax.set(xlim=(-0.5, right + 0.5), ylim=(-1.75, 1.75))
    ax.set_axis_off()
    return ax
