"""The student's walk through a program's tape, recorded call by call, and told in sentences."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils._figures.computation_graph import OPERATIONS
from utils._figures.number_format import three_digits
from utils._figures.tape import Program
from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError

MOST_CALLS = 100  # of rules, in one walk


@dataclass(frozen=True)
class Call:
    """A rule was called with g and returned a part for each of the step's inputs."""

    name: str
    g: float
    parts: tuple[float, ...]


@dataclass(frozen=True)
class Moment:
    """One stop on the way forward and back.

    active: the step that was the last one. valued: the names that have a value.
    gradients: what has arrived so far.
    """

    sentence: str
    valued: tuple[str, ...]
    gradients: Mapping[str, float]
    active: str = ""


def order(function: Callable[..., Any], program: Program) -> list[str]:
    """What the student's function says is the order. Raises AnswerError."""
    result = student.call(function, program.parents, program.root)
    if not isinstance(result, (list, tuple)):
        raise AnswerError(f"{student.name(function)} returned {student.kind(result)}, "
                          "expected a list of names.")
    strange = [name for name in result if not isinstance(name, str) or name not in program.parents]
    if strange:
        raise AnswerError(f"{student.name(function)} returned something that is not on the tape: "
                          f"{str(strange[0])[:20]}.")
    return list(result)


def complaint(names: Sequence[str], program: Program) -> str:
    """What is wrong with an order, "" if nothing is."""
    needed = set(program.gradients(dict.fromkeys(program.parents, 1.0)))
    for k, name in enumerate(names):
        if name in names[:k]:
            return f"Your order has {name} twice."
        for parent in program.parents[name]:
            if parent not in names[:k]:
                return f"In your order, {name} comes before its parent {parent}."
        if name not in needed:
            return f"Your order has {name}, which {program.root} doesn't need."
    missing = sorted(needed - set(names))
    return f"Your order lacks {missing[0]}." if missing else ""


def record(function: Callable[..., Any], program: Program,
           values: Mapping[str, float]) -> tuple[list[Call], dict[str, float]]:
    """The calls that the student's walk makes, and the gradients it returns. Raises AnswerError."""
    calls: list[Call] = []

    def noted(name: str, slopes: tuple[float, ...]) -> Callable[[Any], tuple[float, ...]]:
        def rule(g: Any) -> tuple[float, ...]:
            if len(calls) == MOST_CALLS:
                raise RuntimeError(f"more than {MOST_CALLS} calls of rules")
            number = _number(g)
            if number is None:
                raise TypeError(f"the rule of {name} got {student.kind(g)} for a gradient")
            calls.append(Call(name, number, tuple(number * slope for slope in slopes)))
            return calls[-1].parts
        return rule

    rules = {name: noted(name, slopes) for name, slopes in program.slopes(values).items()}
    result = student.call(function, program.parents, rules, program.root)
    if not isinstance(result, dict):
        raise AnswerError(f"{student.name(function)} returned {student.kind(result)}, "
                          "expected a dict of gradients.")
    found = {}
    for name, gradient in result.items():
        number = _number(gradient)
        if name not in program.parents or number is None:
            raise AnswerError(f"{student.name(function)} returned {student.kind(gradient)} for "
                              f"{str(name)[:20]}, expected a number for each name on the tape.")
        found[name] = number
    return calls, found


def _number(value: Any) -> float | None:
    try:
        array = np.asarray(value)
        number = float(array) if array.shape == () and array.dtype.kind in "biuf" else math.nan
    except Exception:  # an object's own __array__ may raise anything
        return None
    return number if math.isfinite(number) else None


def moments(program: Program, values: Mapping[str, float], names: Sequence[str],
            calls: Sequence[Call]) -> list[Moment]:
    """The leaves, a moment for each step forward, the root itself, a moment for each call."""
    steps = {step.name: step for step in program.graph.steps}
    valued = list(program.graph.leaves)
    told = [Moment("The leaves are given. Step forward.", tuple(valued), {})]
    for name in (name for name in names if name in steps):
        step = steps[name]
        numbers = [_bracketed(values[one]) for one in step.inputs]
        valued.append(name)
        written = OPERATIONS[step.operation].formula.format(*numbers)
        told.append(Moment(
            f"Forward: {name} = {step.formula} = {written} = {three_digits(values[name])}. "
            f"On the tape: {name} has the parent{'s' * (len(step.inputs) > 1)} "
            f"{' and '.join(step.inputs)}.", tuple(valued), {}, name))
    have = {program.root: 1.0}
    told.append(Moment(f"Now back. d{program.root} = 1: the root rises as fast as itself.",
                       tuple(valued), dict(have)))
    slopes, complete = program.slopes(values), program.gradients(values)
    for call in calls:
        parts = []
        for one, part, slope in zip(steps[call.name].inputs, call.parts, slopes[call.name],
                                    strict=True):
            before = have.get(one)
            have[one] = (before or 0.0) + part
            parts.append(f"{one} gets {_bracketed(call.g)} · {_bracketed(slope)} = "
                         f"{three_digits(part)}" + ("" if before is None else
                         f", together {three_digits(have[one])}"))
        half = not math.isclose(call.g, complete.get(call.name, 0.0), rel_tol=1e-9, abs_tol=1e-12)
        told.append(Moment(
            f"Back: your walk calls {call.name}'s rule with g = {three_digits(call.g)}: "
            f"{'; '.join(parts)}." + (f" But the complete gradient of {call.name} is "
            f"{three_digits(complete.get(call.name, 0.0))}." if half else ""),
            tuple(valued), dict(have), call.name))
    return told


def _bracketed(value: float) -> str:
    written = three_digits(value)
    return f"({written})" if written.startswith("−") else written
