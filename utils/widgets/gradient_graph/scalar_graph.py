"""Small graphs of single numbers: their values forward, their gradients back, and planted bugs."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from utils._figures.picture import INK, WRONG
from utils.widgets.kit.explorer import text

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
        """What arrives at a step from behind; and for each of its inputs the name, the gradient
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


# One unit with a squared error; and the same with a weight behind it and a skip around it.
CHAIN = Graph(
    {"w": (0, 0), "x": (0, -1), "b": (2, 1), "y": (4, 1)},
    (Step("u", "times", ("w", "x"), (1, 0)), Step("z", "plus", ("u", "b"), (2, 0)),
     Step("a", "tanh", ("z",), (3, 0)), Step("e", "minus", ("a", "y"), (4, 0)),
     Step("L", "square", ("e",), (5, 0))))
SKIP = Graph(
    {"w": (0, 0), "x": (0, -1), "b": (2, 1), "v": (4, 1), "y": (6, 1)},
    (Step("u", "times", ("x", "w"), (1, 0)), Step("z", "plus", ("u", "b"), (2, 0)),
     Step("a", "tanh", ("z",), (3, 0)), Step("m", "times", ("v", "a"), (4, 0)),
     Step("p", "plus", ("m", "x"), (5, 0)), Step("e", "minus", ("p", "y"), (6, 0)),
     Step("L", "square", ("e",), (7, 0))))
BUGS = {  # in SKIP
    "square": Bug("slope of the square: e, not 2e", "L", slopes=lambda e: (e,)),
    "sign": Bug("slope for y: +1, not −1", "e", slopes=lambda p, y: (1.0, 1.0)),
    "arrived": Bug("at tanh, what arrives from behind is ignored", "a", ignores=True),
    "tanh": Bug("slope of tanh: 1 − z², not 1 − tanh² z", "a", slopes=lambda z: (1 - z * z,)),
    "swapped": Bug("product w·x: each gets itself as its slope", "u", slopes=lambda x, w: (x, w)),
    "overwritten": Bug("x keeps its last path only", "u", overwrites=True),
}


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
            facecolor="white" if leaf else "#EEF3F6", edgecolor=WRONG if name in red else INK,
            linewidth=3 if name in red else 1.2, zorder=2))
        for height, said, color, weight in (
                (0.23, formulas.get(name, name), "#222222", "bold" if leaf else "normal"),
                (-0.01, text(values[name], 3), "#222222", "normal"),
                (-0.27, f"d{name} {text(gradients[name], 3)}", "#A0457A", "normal")):
            ax.text(x, 1.25 * y + height, said, ha="center", va="center", color=color,
                    fontsize=8.5, fontweight=weight, zorder=3)
    right = max(x for x, _ in graph.places().values())
    ax.set(xlim=(-0.5, right + 0.5), ylim=(-1.75, 1.75))
    ax.set_axis_off()
    return ax


@dataclass(frozen=True)
class Moment:
    """One stop on the way forward and back: a sentence, and the gradients that are there so far."""

    said: str
    gradients: dict[str, float]


def story(graph: Graph, values: Mapping[str, float], bugs: Sequence[Bug] = ()) -> list[Moment]:
    """The start, a moment for each step forward, the turn, a moment for each step back."""
    told = [Moment("The inputs are given. Step forward.", {})]
    for step in graph.steps:
        numbers = [_bracketed(values[name]) for name in step.inputs]
        said = OPERATIONS[step.operation].formula.format(*numbers)
        told.append(Moment(f"Forward: {step.name} = {step.formula} = {said} = "
                           f"{text(values[step.name], 3)}", {}))
    loss = graph.steps[-1].name
    known = {loss: 1.0}
    told.append(Moment(f"Now back. d{loss} = 1: the loss rises as fast as itself.", dict(known)))
    for step in reversed(graph.steps):
        arrived, parts = graph.handed_back(step, values, known, bugs)
        said = "; ".join(
            f"d{name} = {f'{text(before, 3)} + ' if before is not None else ''}"
            f"{_bracketed(arrived)} · {_bracketed(slope)} = "
            f"{text((before or 0.0) + arrived * slope, 3)}" for name, before, slope in parts)
        known |= {name: (before or 0.0) + arrived * slope for name, before, slope in parts}
        told.append(Moment(f"Back through {step.name} = {step.formula}: {said}", dict(known)))
    return told


def _bracketed(value: float) -> str:
    said = text(value, 3)
    return f"({said})" if said.startswith("−") else said
