"""Two hidden lines to move, and the four corners of XOR folding in hidden space."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import plots
from utils._figures.number_format import fixed
from utils._figures.picture import INK, Picture
from utils.data import CORNERS
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray
from utils.widgets.xor_fold.folding import (
    ACTIVATIONS,
    AXIS,
    HIGH,
    INNER,
    LOW,
    SIDE,
    START,
    VIEWS,
    XOR,
    Fold,
    Layers,
    fold,
    network,
)


class XorFold(Explorer):
    """Move two hidden lines and the output line; see where XOR's corners land in hidden space.

    forward: the student's `two_layer_forward(X, W1, b1, W2, b2, act)`. It makes everything that
    is shown except the lines: the shaded region, the folded square, the verdict on the corners.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    lines = traitlets.List(traitlets.CFloat(), START, 6, 6).tag(sync=True)
    activation = traitlets.Enum(list(ACTIVATIONS), "step").tag(sync=True)
    geometry = traitlets.Dict().tag(sync=True)

    def __init__(self, forward: Callable[..., Any]) -> None:
        self._forward = forward
        self._fold: Fold | None = None
        super().__init__(geometry={"side": SIDE, "low": LOW, "high": HIGH,
                                         "inner": list(INNER), "views": VIEWS, "start": START})
        self._look()
        self.observe(self._look, ["lines", "activation"])

    def _look(self, _: object = None) -> None:
        layers, note = network(self.lines, self.activation), ""
        try:
            self._fold = fold(self._forward, layers, ACTIVATIONS[self.activation])
        except AnswerError as trouble:
            note = str(trouble)
        shown = self._fold
        self.answer = {
            "known": not note, "note": note, "equations": equations(layers),
            "verdict": [] if shown is None else [
                ["1" if one else "0", bool(good)]
                for one, good in zip(shown.score >= 0, shown.right, strict=True)],
            "message": "" if note or shown is None else message(shown, self.activation),
            **({} if shown is None else {
                "score": shown.grid_score.astype("<f4").tobytes(),
                "sheet": shown.grid_hidden.astype("<f4").tobytes(),
                "hidden": shown.hidden.tolist(), "separable": shown.separable})}

    def static_html(self) -> str:
        """Input square and hidden space side by side."""
        shown, layers = self._fold, network(self.lines, self.activation)
        right = "" if shown is None else (
            f" {int(shown.right.sum())} of 4 corners come out right."
            f" In hidden space a line {'can' if shown.separable else 'cannot'} separate the "
            "classes.")
        picture = Picture(f"Left, the four corners of XOR with two hidden lines; right, where the "
                          f"corners land in hidden space, with the output line.{right} "
                          "In JupyterLab the lines can be moved.", columns=2)
        with picture as (before, after):
            W1, b1, W2, b2 = layers
            for ax, spots, names, title in (
                    (before, CORNERS, ("x1", "x2"), "Two hidden lines over the input"),
                    (after, None if shown is None else shown.hidden,
                     ("hidden unit 1", "hidden unit 2"), "Where the corners land")):
                if spots is not None:
                    for label, spot in merged(spots):
                        ax.annotate(label, spot, (9, 7), textcoords="offset points")
                    plots.points(spots, XOR, names=names, labels=("XOR 0", "XOR 1"), ax=ax)
                ax.set(title=title, aspect="equal")
            if shown is not None:
                before.contourf(AXIS, AXIS, shown.grid_score.reshape(SIDE, SIDE) >= 0,
                                levels=[0.5, 1.5], colors=[plots.CLASS_COLORS[1]], alpha=0.2)
            for w, b, color, style in ((W1[0], b1[0], plots.CLASS_COLORS[2], "-"),
                                       (W1[1], b1[1], INK, "--")):
                plots.line(w, b, ax=before).lines[-1].set(color=color, linestyle=style)
            plots.line(W2[0], b2[0], ax=after)
            before.set(xlim=(LOW, HIGH), ylim=(LOW, HIGH))
            after.set(xlim=VIEWS[self.activation], ylim=VIEWS[self.activation])
        return picture.html


def merged(spots: FloatArray) -> list[tuple[str, FloatArray]]:
    """The corners' names at each place, those that fall together in one label."""
    places: dict[tuple[float, ...], list[str]] = {}
    for corner, spot in zip(CORNERS, spots, strict=True):
        label = f"({corner[0]:.0f},{corner[1]:.0f})"
        places.setdefault(tuple(spot.round(6) + 0.0), []).append(label)
    return [(" ".join(labels), np.array(place)) for place, labels in places.items()]


def equations(layers: Layers) -> list[str]:
    """The two hidden units and the output in numbers, as a person writes them."""
    W1, b1, W2, b2 = layers

    def sum_of(w: FloatArray, b: float, inputs: str) -> str:
        terms = [(w[0], f" {inputs}₁"), (w[1], f" {inputs}₂"), (b, "")]
        said = "".join(f" {'+' if value >= 0 or fixed(value) == fixed(0) else '−'} "
                       f"{fixed(abs(value))}{of}" for value, of in terms)
        return said.removeprefix(" + ") if said[1] == "+" else "−" + said[3:]

    return [f"h₁ = act({sum_of(W1[0], b1[0], 'x')})", f"h₂ = act({sum_of(W1[1], b1[1], 'x')})",
            f"out = {sum_of(W2[0], b2[0], 'h')}"]


def message(shown: Fold, activation: str) -> str:
    """What the picture says, in a sentence or two."""
    right = int(shown.right.sum())
    if right == 4:
        return ("All four corners are right: two lines folded the square, and one line "
                "separates the classes.")
    if activation == "none":
        return (f"{right} of 4 right. Without an activation the corners stay a parallelogram: its "
                "diagonals, orange and blue, always meet in the middle, so no line has both blue "
                "corners on one side and both orange ones on the other.")
    if shown.separable:
        return (f"{right} of 4 right, but the orange and the blue segment don't meet, so some line "
                "in hidden space separates them. Move the output line.")
    return (f"{right} of 4 right. The orange and the blue segment meet, so no output line can "
            "separate them. Move a hidden line.")
