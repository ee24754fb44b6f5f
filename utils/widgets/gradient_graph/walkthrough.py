"""The graph of the explorer: a walk through it, forward and back, and the bugs to plant in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from utils._figures.computation_graph import OPERATIONS, Bug, Graph, Step
from utils._figures.number_format import fixed

# One unit as in CHAIN, with a weight downstream of it and a skip connection around it.
SKIP = Graph(
    {"w": (0, 0), "x": (0, -1), "b": (2, 1), "v": (4, 1), "y": (6, 1)},
    (Step("u", "times", ("x", "w"), (1, 0)), Step("z", "plus", ("u", "b"), (2, 0)),
     Step("a", "tanh", ("z",), (3, 0)), Step("m", "times", ("v", "a"), (4, 0)),
     Step("p", "plus", ("m", "x"), (5, 0)), Step("e", "minus", ("p", "y"), (6, 0)),
     Step("L", "square", ("e",), (7, 0))))
BUGS = {  # in SKIP
    "square": Bug("slope of the square: e instead of 2e", "L", slopes=lambda e: (e,)),
    "sign": Bug("slope for y: +1 instead of −1", "e", slopes=lambda p, y: (1.0, 1.0)),
    "arrived": Bug("tanh ignores the gradient that arrives", "a", ignores=True),
    "tanh": Bug("slope of tanh: 1 − z² instead of 1 − tanh² z", "a",
                slopes=lambda z: (1 - z * z,)),
    "swapped": Bug("product x·w: the slope for each factor is that factor itself", "u",
                   slopes=lambda x, w: (x, w)),
    "overwritten": Bug("x keeps the gradient of its last path only", "u", overwrites=True),
}


@dataclass(frozen=True)
class Moment:
    """One stop on the way forward and back: a sentence about it, and the gradients known so far."""

    sentence: str
    gradients: dict[str, float]


def walkthrough(graph: Graph, values: Mapping[str, float],
                bugs: Sequence[Bug] = ()) -> list[Moment]:
    """The start, a moment for each step forward, the loss itself, a moment for each step back."""
    moments = [Moment("The five inputs are given. Press Step to compute the first value.", {})]
    for step in graph.steps:
        numbers = [_bracketed(values[name]) for name in step.inputs]
        written = OPERATIONS[step.operation].formula.format(*numbers)
        moments.append(Moment(f"Forward: {step.name} = {step.formula} = {written} = "
                              f"{fixed(values[step.name], 3)}", {}))
    loss = graph.steps[-1].name
    gradients = {loss: 1.0}
    moments.append(Moment(f"Now go back. d{loss} = 1: the loss rises exactly as fast as itself.",
                          dict(gradients)))
    for step in reversed(graph.steps):
        arrived, parts = graph.handed_back(step, values, gradients, bugs)
        sums = "; ".join(
            f"d{name} = {f'{fixed(before, 3)} + ' if before is not None else ''}"
            f"{_bracketed(arrived)} · {_bracketed(slope)} = "
            f"{fixed((before or 0.0) + arrived * slope, 3)}" for name, before, slope in parts)
        gradients |= {name: (before or 0.0) + arrived * slope for name, before, slope in parts}
        moments.append(Moment(f"Back through {step.name} = {step.formula}: {sums}",
                              dict(gradients)))
    return moments


def _bracketed(value: float) -> str:
    written = fixed(value, 3)
    return f"({written})" if written.startswith("−") else written
