"""A graph of seven steps: values forward, gradients back, planted bugs, and the student's check."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils._figures.computation_graph import Bug, draw
from utils._figures.number_format import fixed, significant
from utils._figures.picture import Picture
from utils.widgets.gradient_graph.walkthrough import BUGS, SKIP, walkthrough
from utils.widgets.kit import student
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray

LEAVES = ("x", "w", "b", "v", "y")  # in the order of `values`
START = [2.0, 0.5, -0.5, 1.5, 1.0]
LIMIT = 3.0  # of a slider
STEP = 1e-5  # of the difference quotients
TOLERANCE = 1e-5  # relative error above which an entry counts as wrong
UNCLEAR = 1e-6  # a difference up to this may be the quotient's own, whatever the relative error


class GradientGraph(Explorer):
    """Step through L = (v·tanh(w·x + b) + x − y)² and back, with bugs to switch on.

    numerical: the student's `numerical_gradient(f, x, eps)`, for the five inputs of the graph.
    check: the student's `gradient_check(analytic, numeric)`, for each of them and for all.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    geometry = traitlets.Dict().tag(sync=True)
    values = traitlets.List(traitlets.CFloat(), START, 5, 5).tag(sync=True)
    bugs = traitlets.List(traitlets.Enum(list(BUGS))).tag(sync=True)

    def __init__(self, numerical: Callable[..., Any], check: Callable[..., Any]) -> None:
        self._numerical, self._check = numerical, check
        super().__init__(geometry={
            "leaves": list(LEAVES), "start": START, "limit": LIMIT,
            "bugs": {name: bug.text for name, bug in BUGS.items()},
            "nodes": [{"name": name, "at": list(at), "leaf": name in SKIP.leaves}
                      for name, at in SKIP.places().items()],
            "steps": [{"name": step.name, "formula": step.formula, "inputs": list(step.inputs)}
                      for step in SKIP.steps],
            "wires": [{"from": start, "to": end, "way": [list(point) for point in way]}
                      for start, end, way in SKIP.wires()]})
        self._look()
        self.observe(self._look, ["values", "bugs"])

    def _planted(self) -> list[Bug]:
        return [bug for name, bug in BUGS.items() if name in self.bugs]

    def _look(self, _: object = None) -> None:
        values = SKIP.forward(dict(zip(LEAVES, self.values, strict=True)))
        gradients = SKIP.backward(values, self._planted())
        analytic = np.array([gradients[name] for name in LEAVES])
        notes: list[str] = []
        numeric: FloatArray | None = None
        errors: list[float] | None = None
        overall: float | None = None
        try:
            numeric = student.array(self._numerical, loss, np.array(self.values), STEP, shape=(5,),
                                    meaning="one slope for each of the graph's five inputs")
            errors = [student.number(self._check, analytic[k:k + 1], numeric[k:k + 1])
                      for k in range(5)]
            overall = student.number(self._check, analytic, numeric)
        except AnswerError as trouble:
            notes.append(str(trouble))
        verdicts = judge(analytic, numeric, errors)
        if "wrong" in verdicts and not self.bugs:
            notes.append("No bug is planted, yet the check finds something wrong, so either "
                         f"{student.name(self._numerical)} or {student.name(self._check)} is off.")
        if overall is not None and errors is not None and not math.isclose(
                overall, max(errors), rel_tol=1e-6, abs_tol=1e-12):
            notes.append(f"{student.name(self._check)} says {significant(overall, 2)} of all five "
                         f"together, but {significant(max(errors), 2)} of the worst one alone.")
        self.answer = {
            "values": {name: fixed(value, 3) for name, value in values.items()},
            "moments": [{"sentence": moment.sentence, "gradients": {
                name: fixed(value, 3) for name, value in moment.gradients.items()}}
                for moment in walkthrough(SKIP, values, self._planted())],
            "verdicts": verdicts,
            "rows": [[name, fixed(analytic[k], 6), "?" if numeric is None else fixed(numeric[k], 6),
                      "?" if errors is None else significant(errors[k], 1)]
                     for k, name in enumerate(LEAVES)],
            "message": message(verdicts), "note": " ".join(dict.fromkeys(notes))}

    def static_html(self) -> str:
        """The graph after both sweeps, with the inputs framed whose gradients are wrong."""
        values = SKIP.forward(dict(zip(LEAVES, self.values, strict=True)))
        wrong = [name for name, verdict in zip(LEAVES, self.answer["verdicts"], strict=True)
                 if verdict == "wrong"]
        bugs = "; ".join(bug.text for bug in self._planted()) or "none"
        picture = Picture(f"A graph of seven steps from the inputs w, x, b, v and y to the loss L, "
                          f"with each value and its gradient. Planted bugs: {bugs}. "
                          f"{self.answer['message']} In JupyterLab this can be stepped through.",
                          size=(9.6, 3.4))
        with picture as ax:
            draw(SKIP, values, SKIP.backward(values, self._planted()), ax=ax,
                 red=wrong)
            ax.set_title(f"Wrong gradients: {', '.join(wrong)}" if wrong
                         else "Values to the right, gradients back")
        return picture.html


def loss(inputs: FloatArray) -> float:
    """L of the five inputs in the order of `LEAVES`."""
    return SKIP.forward(dict(zip(LEAVES, np.asarray(inputs).tolist(), strict=True)))["L"]


def judge(analytic: FloatArray, numeric: FloatArray | None,
          errors: list[float] | None) -> list[str]:
    """Of each entry: "ok", "wrong", "unclear" (both next to 0), or "?" without a check."""
    if numeric is None or errors is None:
        return ["?"] * len(analytic)
    return ["ok" if error <= TOLERANCE else "unclear" if abs(a - n) <= UNCLEAR else "wrong"
            for a, n, error in zip(analytic, numeric, errors, strict=True)]


def message(verdicts: list[str]) -> str:
    """What the check found, in a sentence."""
    if "?" in verdicts:
        return "There is no check yet."
    wrong = [name for name, verdict in zip(LEAVES, verdicts, strict=True) if verdict == "wrong"]
    if not wrong:
        return "The check finds nothing wrong."
    if len(wrong) == len(LEAVES):
        return "The check finds that all five gradients are wrong."
    *others, last = [f"d{name}" for name in wrong]
    return (f"The check finds that {', '.join(others)} and {last} are wrong." if others
            else f"The check finds that {last} is wrong.")
