"""A handwritten digit on its way through a network, step by step."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import plots, trained
from utils._figures.picture import Picture
from utils.widgets.forward_steps.flow import HIDDEN, MOST_LAYERS, Flow, flow, sizes, unseen
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError

START = 18  # the first 3, which all the networks read rightly


class ForwardSteps(Explorer):
    """Step through the layers of a network that reads a digit; choose layers, digit and unit.

    forward: the student's `mlp_forward(X, weights, biases, act)`; each sum and activation shown
        comes from its cache.
    softmax: the student's `softmax(Z)`; the probabilities.
    The networks are those of `trained.digits`, the digits the 397 that these have not seen.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    layers = traitlets.Int(3, min=1, max=MOST_LAYERS).tag(sync=True)
    digit = traitlets.Int(START, min=0).tag(sync=True)
    data = traitlets.Dict().tag(sync=True)

    def __init__(self, forward: Callable[..., Any], softmax: Callable[..., Any]) -> None:
        self._forward, self._softmax = forward, softmax
        self._digits = unseen()
        self._flows: dict[int, Flow] = {}
        self._apart: dict[int, list[float]] = {}
        self._shown: tuple[int, int] | None = None  # layers and digit of the last good picture
        super().__init__(data={
            "pixels": np.round(self._digits.X * trained.LARGEST).astype("u1").tobytes(),
            "labels": self._digits.y.astype("u1").tobytes(), "largest": trained.LARGEST,
            "hidden": HIDDEN, "most": MOST_LAYERS})
        self._look()
        self.observe(self._look, ["layers", "digit"])

    @traitlets.validate("digit")
    def _inside(self, proposal: Any) -> int:
        return min(int(proposal["value"]), len(self._digits.y) - 1)

    def _look(self, _: object = None) -> None:
        """Ask the student's functions, once for each number of layers, and tell the browser."""
        note, known = "", True
        try:
            if self.layers not in self._flows:
                self._flows[self.layers] = flow(self._forward, self._softmax, self._digits.X,
                                                trained.digits(sizes(self.layers)))
                self._apart[self.layers] = self._flows[self.layers].apart(self._digits.y)
            self._shown = self.layers, self.digit
            note = self._flows[self.layers].doubt
        except AnswerError as trouble:
            note, known = str(trouble), False
        self.answer = {"known": known, "note": note,
                       **({} if self._shown is None else self._picture(*self._shown))}

    def _picture(self, layers: int, digit: int) -> dict[str, Any]:
        network, found = trained.digits(sizes(layers)), self._flows[layers]
        wrong = np.flatnonzero(found.said != self._digits.y)
        return {
            "layers": layers, "digit": digit, "message": self._message(layers, digit),
            "stages": np.concatenate([stage[digit] for stage in found.stages]).astype(
                "<f4").tobytes(),
            "weights": np.concatenate([W.ravel() for W in network.weights]).astype(
                "<f4").tobytes(),
            "biases": np.concatenate(network.biases).astype("<f4").tobytes(),
            "apart": self._apart[layers],
            "said": int(found.said[digit]), "mistakes": [int(k) for k in wrong],
            "right": f"{len(self._digits.y) - len(wrong)} of {len(self._digits.y)} unseen digits "
                     "right"}

    def _message(self, layers: int, digit: int) -> str:
        """What the network says about the digit, in a sentence."""
        found, truth = self._flows[layers], int(self._digits.y[digit])
        said, P = int(found.said[digit]), found.stages[-1][digit]
        verdict = "which is right" if said == truth else (
            f"but it is {_a(truth)}, to which it gives {_share(P[truth])}")
        return f"It says {said} and is {_share(P[said])} sure, {verdict}."

    def static_html(self) -> str:
        """The digit, its hidden activations and its probabilities side by side."""
        layers, digit = self._shown or (self.layers, self.digit)
        pixels, truth = self._digits.X[digit].reshape(8, 8), self._digits.y[digit]
        what = "In JupyterLab this is an explorer with steps through the layers."
        if self._shown is None:
            picture = Picture(f"A handwritten {truth} of 8 by 8 pixels. {what}", size=(3.4, 3.2))
            with picture as ax:
                plots.heat_map(pixels, title=f"Not read yet: {_a(truth)}", xlabel="column",
                               ylabel="row", values=False, ax=ax)
            return picture.html
        stages = self._flows[layers].stages
        hidden = [stages[k][digit] for k in range(2, 2 * layers - 1, 2)]
        network = f"a network of {layers} layer{'s' * (layers > 1)}"
        picture = Picture(f"A handwritten {truth} on its way through {network}. "
                          f"{self._message(layers, digit)} {what}", columns=2 + len(hidden),
                          size=(3.0 * (2 + len(hidden)), 3.2))
        with picture as (first, *middle, last):
            plots.heat_map(pixels, title="x: 64 pixels", xlabel="", ylabel="", values=False,
                           ax=first)
            for k, (A, ax) in enumerate(zip(hidden, middle, strict=True), start=1):
                plots.heat_map(A.reshape(4, 4), title=f"layer {k}: {A.size} units", xlabel="",
                               ylabel="", limit=1.0, ax=ax)
                ax.set(xticks=(), yticks=())
            last.barh(range(10), stages[-1][digit], color=plots.SERIES_COLORS[0])
            last.invert_yaxis()
            last.set(title=f"It says {self._flows[layers].said[digit]}", xlabel="probability",
                     ylabel="digit", yticks=range(10), xlim=(0, 1))
        return picture.html


def _a(digit: int) -> str:
    return f"{'an' if digit == 8 else 'a'} {digit}"


def _share(p: float) -> str:
    """Whole per cent, without claiming certainty."""
    return "over 99%" if 0.995 <= p < 1 else "under 1%" if 0 < p < 0.005 else f"{p:.0%}"
