"""Activation functions side by side: curve, slope, and what comes out of real layers."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from utils import plots
from utils._figures.number_format import fixed
from utils._figures.picture import Picture
from utils.widgets.activations.activity import AXIS, BINS, FLAT, REACH, Activity, Counts, activity
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError

Pair = tuple[Callable[..., Any], Callable[..., Any]]
DASHES: tuple[list[int], ...] = ([], [7, 4], [2, 3])
FEW = 3  # functions that are ticked at the start
BARS = 50  # bins of the static picture
SCALES = (0.1, 30.0)  # of the input
ALPHAS = (0.0, 2.0)


class ActivationExplorer(Explorer):
    """Tick functions; see their curves, their slopes, and the outputs of layers that use them.

    functions: for each name the student's function and its derivative, both of the scores.
    X: (n, d) a batch. weights, biases: the layers through which it runs, W (out, in) and b (out,),
        each followed by the function.
    alpha: the name of the one whose pair takes a second argument, which gets a slider; "" for none.
    Raises ValueError for layers that don't fit, no function, or an unknown name in `alpha`.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    picked = traitlets.List(traitlets.Unicode()).tag(sync=True)
    alpha = traitlets.CFloat(0.01).tag(sync=True)
    scale = traitlets.CFloat(1.0).tag(sync=True)

    def __init__(self, functions: Mapping[str, Pair], X: ArrayLike, weights: Sequence[ArrayLike],
                 biases: Sequence[ArrayLike], alpha: str = "") -> None:
        self._functions = dict(functions)
        if not self._functions:
            raise ValueError("The explorer needs at least one function with its slope.")
        if alpha and alpha not in self._functions:
            raise ValueError(f"alpha names {alpha!r}, which is none of "
                             f"{', '.join(map(repr, self._functions))}.")
        self._leaky = alpha
        self._X = np.array(X, dtype=np.float64)
        self._weights = [np.array(W, dtype=np.float64) for W in weights]
        self._biases = [np.array(b, dtype=np.float64) for b in biases]
        _check(self._X, self._weights, self._biases)
        self._shown: dict[str, Activity] = {}
        self._notes: dict[str, str] = {}
        self._colors = _colors(list(self._functions))
        n, sizes = len(self._X), [len(W) for W in self._weights]
        super().__init__(picked=list(self._functions)[:FEW], facts={
            "names": list(self._functions), "colors": self._colors, "leaky": alpha,
            "reach": REACH, "points": len(AXIS), "bins": BINS, "flat": FLAT, "scales": list(SCALES),
            "alphas": list(ALPHAS), "sizes": sizes, "examples": n})
        self._look(list(self._functions))
        self.observe(lambda _: self._look([self._leaky] if self._leaky else []), "alpha")
        self.observe(lambda _: self._look(list(self._functions)), "scale")

    def _look(self, names: Sequence[str]) -> None:
        """Ask the student's functions again and tell the browser."""
        for name in names:
            act, slope = self._functions[name]
            extra = (self.alpha,) if name == self._leaky else ()
            self._notes.pop(name, None)
            try:
                self._shown[name] = activity(act, slope, extra, self.scale * self._X,
                                             self._weights, self._biases)
            except AnswerError as trouble:
                self._notes[name] = str(trouble)
        self.answer = {"notes": dict(self._notes), "functions": {
            name: _sent(shown) for name, shown in self._shown.items()}}

    def static_html(self) -> str:
        """Curves of the ticked functions, and the outputs of the first layer."""
        drawn = {name: self._shown[name] for name in self.picked if name in self._shown}
        listed = ", ".join(drawn) or "none can be computed yet"
        picture = Picture(
            f"Activation functions: {listed}. Left their curves, right how the outputs of the "
            f"first layer are spread over {len(self._X)} examples. In JupyterLab this is an "
            "explorer with slopes, layers and sliders.", columns=2)
        colors = {name: color for name, (color, _) in self._colors.items()}
        with picture as (left, right):
            near = np.abs(AXIS) <= 3
            plots.curves(AXIS[near], {name: shown.values[near] for name, shown in drawn.items()},
                         title="What a score becomes", xlabel="score z", ylabel="output",
                         colors=colors, ax=left)
            for name, shown in drawn.items():
                outputs = shown.layers[0].outputs
                edges, shares = coarse(outputs, BARS)
                right.stairs(shares, edges, color=colors[name], linewidth=1.8)
            right.set(title=f"What comes out of {len(self._weights[0])} units", xlabel="output",
                      ylabel="share of all outputs")
        return picture.html


def coarse(spread: Counts, bars: int) -> tuple[np.ndarray, np.ndarray]:
    """(edges, shares) of fewer bins over the same range."""
    edges = np.linspace(spread.low, spread.high, bars + 1)
    middles = spread.low + (np.arange(BINS) + 0.5) * (spread.high - spread.low) / BINS
    return edges, np.histogram(middles, bins=edges, weights=spread.shares)[0]


def _sent(shown: Activity) -> dict[str, Any]:
    """Curves and histograms as bytes of little-endian float32."""
    def spread(counts: Counts) -> dict[str, Any]:
        return {"low": counts.low, "high": counts.high,
                "shares": counts.shares.astype("<f4").tobytes()}

    return {"values": shown.values.astype("<f4").tobytes(),
            "slopes": shown.slopes.astype("<f4").tobytes(),
            "layers": [{"scores": spread(layer.scores), "outputs": spread(layer.outputs),
                        "readings": [fixed(layer.mean), fixed(layer.spread), f"{layer.flat:.0%}",
                                     f"{layer.dead:.0%}"]} for layer in shown.layers]}


def _colors(names: Sequence[str]) -> dict[str, tuple[str, list[int]]]:
    """A color and a dash for each, in the order in which the figures of a lesson take them."""
    palette = plots.SERIES_COLORS
    return {name: (palette[k % len(palette)], DASHES[k // len(palette) % len(DASHES)])
            for k, name in enumerate(names)}


def _check(X: np.ndarray, weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]) -> None:
    if X.ndim != 2 or not X.size:
        raise ValueError(f"X must be a batch (n, d), got shape {X.shape}.")
    if not weights or len(weights) != len(biases):
        raise ValueError(f"There must be a bias for each weight matrix, got {len(weights)} "
                         f"and {len(biases)}.")
    size = X.shape[1]
    for number, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        if W.ndim != 2 or W.shape[1] != size or b.shape != (len(W),):
            raise ValueError(f"Layer {number} gets {size} inputs: it needs W of shape (out, {size})"
                             f" and b of shape (out,), got {W.shape} and {b.shape}.")
        size = len(W)


