"""A short program, the order and the walk of the student's functions, one step at a time."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets

from utils._figures.number_format import three_digits
from utils._figures.picture import Picture
from utils._figures.tape import LEAVES, Program, ProgramError, arrows, draw, read
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError
from utils.widgets.tape import walk

PRESETS = {
    "two paths": "u = a*b; v = u + c; L = u*v",
    "diamond": "u = a*b; p = u + c; q = u - c; L = p*q",
    "short and long path": "u = a*b; v = u + c; t = v**2; L = u*t",
    "same parent twice": "u = a + b; L = u*u",
    "not needed": "u = a*b; w = tanh(u); L = u + c",
}
START = [2.0, 1.0, 1.0]
LIMIT = 3.0  # of a slider
LONGEST = 200  # characters of a program


class TapeExplorer(Explorer):
    """Step through a program of a, b, c: values forward, then each call of a rule.

    order: the student's `topological_order(parents, root)`.
    backprop: the student's `backprop(parents, rules, root)`. Its calls of the rules are recorded.
    A program that can't be read leaves the one before in place.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    program = traitlets.Unicode(PRESETS["two paths"]).tag(sync=True)
    values = traitlets.List(traitlets.CFloat(), START, 3, 3).tag(sync=True)

    def __init__(self, order: Callable[..., Any], backprop: Callable[..., Any]) -> None:
        self._order, self._backprop = order, backprop
        self._shown = PRESETS["two paths"]
        self._read = read(self._shown)
        super().__init__(facts={"presets": PRESETS, "leaves": list(LEAVES), "start": START,
                                "limit": LIMIT, "longest": LONGEST})
        self._look()
        self.observe(self._look, ["program", "values"])

    def _values(self) -> dict[str, float]:
        leaves = dict(zip(LEAVES, self.values, strict=True)) | dict(self._read.constants)
        return self._read.graph.forward(leaves)

    def _look(self, _: object = None) -> None:
        trouble = ""
        try:
            self._read = read(self.program[:LONGEST])
            self._shown = self.program[:LONGEST]
        except ProgramError as unread:
            trouble = f"{unread} Until then, this shows the last program: {self._shown}"
        program, values = self._read, self._values()
        notes: list[str] = []
        names: list[str] = []
        calls: list[walk.Call] = []
        found: dict[str, float] | None = None
        try:
            names = walk.order(self._order, program)
            if said := walk.complaint(names, program):
                notes.append(said)
        except AnswerError as problem:
            notes.append(str(problem))
        try:
            calls, found = walk.record(self._backprop, program, values)
        except AnswerError as problem:
            notes.append(str(problem))
        verdicts = judge(program, values, found)
        self.answer = {
            "trouble": trouble, "note": " ".join(dict.fromkeys(notes)), "order": names,
            "orderly": not walk.complaint(names, program),
            "picture": _picture(program),
            "values": {name: three_digits(value) for name, value in values.items()},
            "moments": [{"sentence": moment.sentence, "valued": list(moment.valued),
                         "active": moment.active,
                         "gradients": {name: three_digits(value)
                                       for name, value in moment.gradients.items()}}
                        for moment in walk.moments(program, values, names or list(program.parents),
                                                   calls)],
            "rows": rows(program, values, found), "verdicts": verdicts,
            "message": message(program, verdicts)}

    def static_html(self) -> str:
        """The program after the walk, with what is wrong framed."""
        program, values = self._read, self._values()
        verdicts = self.answer["verdicts"]
        red = [name for name, verdict in verdicts.items() if verdict == "wrong"]
        steps = "; ".join(f"{step.name} = {step.formula}" for step in program.graph.steps)
        picture = Picture(f"The tape of {steps}, with each value and its gradient. "
                          f"{self.answer['message']} {self.answer['note']} In JupyterLab this can "
                          "be stepped through.", size=(8.6, 3.6))
        with picture as ax:
            draw(program, values, program.gradients(values), ax=ax, red=red)
            ax.set_title(f"Wrong: {', '.join(red)}" if red else "Values forward, gradients back")
        return picture.html


def _picture(program: Program) -> dict[str, Any]:
    leaves = set(program.graph.leaves)
    formulas = {step.name: step.formula for step in program.graph.steps}
    return {
        "nodes": [{"name": name, "at": list(at), "leaf": name in leaves,
                   "text": name if name in leaves else f"{name} = {formulas[name]}"}
                  for name, at in program.graph.places().items()],
        "wires": [{"from": start, "to": end, "slot": slot, "slots": slots,
                   "between": [list(point) for point in between]}
                  for start, end, slot, slots, between in arrows(program)]}


def judge(program: Program, values: dict[str, float],
          found: dict[str, float] | None) -> dict[str, str]:
    """Of each name that has a gradient or should have one: "right", "wrong", "missing", "extra"."""
    if found is None:
        return {}
    true = program.gradients(values)
    return {name: "missing" if name not in found else "extra" if name not in true else
            "right" if math.isclose(found[name], true[name], rel_tol=1e-7, abs_tol=1e-9)
            else "wrong" for name in program.parents if name in found or name in true}


def rows(program: Program, values: dict[str, float],
         found: dict[str, float] | None) -> list[list[str]]:
    """A line of the table for each name: what the walk says, and the true slope."""
    true = program.gradients(values)
    return [[f"d{name}", "?" if found is None else three_digits(found[name]) if name in found
             else "none", three_digits(true[name]) if name in true else "none"]
            for name in program.parents if name in true or (found is not None and name in found)]


def message(program: Program, verdicts: dict[str, str]) -> str:
    """What came out of the walk, in a sentence."""
    if not verdicts:
        return "There is no walk yet."
    bad = [f"d{name}" for name, verdict in verdicts.items() if verdict != "right"]
    if not bad:
        return f"All {len(verdicts)} gradients are right."
    return f"Not right: {', '.join(bad)}."
