"""A text, the state after each letter, and how much of the past each state still holds."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import plots
from utils._figures.number_format import fixed, significant
from utils._figures.picture import Picture
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray
from utils.widgets.unrolled import reading
from utils.widgets.unrolled.reading import LONGEST, UNITS, Reading, Setting

PRESETS = {"mary": "mary", "alexandria": "alexandria",
           "forty letters": "thequickbrownfoxjumpsoverthelazydogagain"}
RADII = (0.0, 2.0)
INPUTS = (0.0, 2.0)


class Unrolled(Explorer):
    """Type a text, set the spectral radius; see the states, and the norm of ∂h_t/∂h_0 below.

    step: the student's `rnn_step(x, h, Wx, Wh, b)`.
    backward: the student's `rnn_backward(dH, X, H, h0, Wx, Wh)`. Its dh0 is compared with what
    small nudges of h_0 do to the student's step.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    text = traitlets.Unicode(PRESETS["alexandria"]).tag(sync=True)
    radius = traitlets.CFloat(1.0, min=RADII[0], max=RADII[1]).tag(sync=True)
    inputs = traitlets.CFloat(1.0, min=INPUTS[0], max=INPUTS[1]).tag(sync=True)
    draw = traitlets.Int(0, min=0).tag(sync=True)

    def __init__(self, step: Callable[..., Any], backward: Callable[..., Any]) -> None:
        self._step, self._backward = step, backward
        self._text = PRESETS["alexandria"]
        super().__init__(facts={"presets": PRESETS, "units": UNITS, "longest": LONGEST,
                                "radii": list(RADII), "inputs": list(INPUTS)})
        self._look()
        self.observe(self._look, ["text", "radius", "inputs", "draw"])

    def _look(self, _: object = None) -> None:
        letters = re.sub("[^a-z]", "", self.text.lower())[:LONGEST]
        trouble = "" if letters else f"Type letters from a to z. This still shows “{self._text}”."
        self._text = letters or self._text
        setting = Setting(self._text, self.radius, self.inputs, self.draw)
        seen, norms, notes = self._found(setting)
        self.answer = {
            "trouble": trouble, "note": " ".join(notes), "letters": self._text,
            "states": _bytes(None if seen is None else seen.states),
            "left": _bytes(None if seen is None else _log(seen.left)),
            "norms": _bytes(None if norms is None else _log(norms)),
            "message": "" if seen is None else message(setting, seen, norms)}

    def _found(self, setting: Setting) -> tuple[Reading | None, FloatArray | None, list[str]]:
        """What the student's functions give, and what is to be said of them."""
        try:
            seen = reading.read(self._step, setting)
        except AnswerError as problem:
            return None, None, [str(problem)]
        try:
            norms = reading.norms(self._backward, setting, seen.states)
        except AnswerError as problem:
            return seen, None, [str(problem)]
        if reading.agree(norms, seen):
            return seen, norms, []
        return seen, norms, [
            "The norm by your rnn_backward is not what a small nudge of h₀ does to the states: "
            f"after {_letters(setting)} it says {significant(float(norms[-1]), 2)}, "
            f"nudging says {significant(float(seen.nudged[-1]), 2)}."]

    def static_html(self) -> str:
        """The states, and the norms for three radii."""
        setting = Setting(self._text, self.radius, self.inputs, self.draw)
        seen, _, notes = self._found(setting)
        if seen is None:
            picture = Picture(f"An explorer of a recurrent network, letter by letter. {notes[0]}",
                              size=(6.2, 1.0))
            with picture as ax:
                ax.set_axis_off()
            return picture.html
        lines = {}
        for radius in (0.8, 1.0, 1.2):
            one = Setting(PRESETS["forty letters"], radius, self.inputs, self.draw)
            other, norms, _ = self._found(one)
            if other is not None and norms is not None and (norms > 0).all():
                lines[f"radius {fixed(radius, 1)}"] = norms
        ends = "; ".join(f"{name}: {significant(float(line[-1]), 2)}"
                         for name, line in lines.items())
        picture = Picture(
            f"The state of {UNITS} units after each letter of “{self._text}”, as colored cells, "
            f"and the norm of the derivative of h_t by h_0 over forty letters. At the end: "
            f"{ends or 'not known yet'}. In JupyterLab text and radius can be changed.", columns=2)
        with picture as (strip, curves):
            plots.heat_map(seen.states.T, title="One column after each letter", xlabel="letter",
                           ylabel="unit", ax=strip, values=False, limit=1.0)
            strip.set_xticks(range(len(self._text)), list(self._text))
            plots.curves(np.arange(1, LONGEST + 1), lines, log=True, xlabel="letters, t", ax=curves,
                         ylabel="norm of ∂h_t/∂h_0", title="What is left of the start")
        return picture.html


def message(setting: Setting, seen: Reading, norms: FloatArray | None) -> str:
    """What is left at the end of the text, in two sentences."""
    parts = []
    if norms is not None:
        parts.append(f"After {_letters(setting)}, ‖∂h/∂h₀‖ is "
                     f"{significant(float(norms[-1]), 2)}.")
    if np.isnan(seen.left[-1]):
        parts.append("The inputs are off, so the letters make no difference.")
    elif len(seen.left) > 1:
        later = len(seen.left) - 1
        parts.append(f"If the first letter is another one, {_percent(float(seen.left[-1]))} of the "
                     f"difference is left {later} letter{'s' * (later > 1)} later.")
    return " ".join(parts)


def _percent(share: float) -> str:
    return "less than 0.01%" if share < 1e-4 else f"{significant(100 * share, 2)}%"


def _letters(setting: Setting) -> str:
    count = len(setting.text)
    return f"{count} letter{'s' * (count > 1)}"


def _log(values: FloatArray) -> FloatArray:
    """log10, -inf for 0 and nan for nan."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(values))


def _bytes(values: FloatArray | None) -> bytes:
    return b"" if values is None else values.astype("<f4").tobytes()
