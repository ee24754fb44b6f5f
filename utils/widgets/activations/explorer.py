"""Activation functions side by side: curve, slope, and what they do in layers of real networks."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from utils import plots
from utils._figures.number_format import fixed, significant
from utils._figures.picture import Picture
from utils.widgets.activations.activity import AXIS, FLAT, REACH, Activity, Counts, activity
from utils.widgets.kit import student
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray

Pair = tuple[Callable[..., Any], Callable[..., Any]]
Layers = tuple[list[FloatArray], list[FloatArray]]  # weights (out, in), biases (out,)
Maker = Callable[[Callable[..., Any], Callable[..., Any]], Any]
GRAY = "#808080"  # in place of a darker one, to be seen on dark pages too
DASHES: tuple[list[int], ...] = ([], [7, 4], [2, 3])
FEW = 3  # functions that are ticked at the start
MERGED = 5  # bins of outputs in a bar of the static picture; odd, so that 0 and 1 stay centers
SCALES = (0.1, 30.0)  # of the input
ALPHAS = (0.0, 2.0)
RANDOM = "random"


class ActivationExplorer(Explorer):
    """Tick functions; drag a score along their curves; see what they do in layers of a network.

    functions: for each name the student's function and its derivative, both of the scores.
    X: (n, d) a batch. weights, biases: the layers through which it runs, W (out, in) and b (out,),
        each followed by the function.
    alpha: the name of the one whose pair takes a second argument, which gets a slider; "" for none.
    networks: other weights to switch to: for each name a function that takes an activation and its
        slope and returns (weights, biases) of the same shapes, such as trained ones. Each is called
        once for each function, when it is needed.
    Raises ValueError for layers that don't fit, no function, or an unknown name in `alpha`.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    picked = traitlets.List(traitlets.Unicode()).tag(sync=True)
    alpha = traitlets.CFloat(0.01).tag(sync=True)
    scale = traitlets.CFloat(1.0).tag(sync=True)
    network = traitlets.Unicode(RANDOM).tag(sync=True)

    def __init__(self, functions: Mapping[str, Pair], X: ArrayLike, weights: Sequence[ArrayLike],
                 biases: Sequence[ArrayLike], alpha: str = "",
                 networks: Mapping[str, Maker] | None = None) -> None:
        self._functions = dict(functions)
        if not self._functions:
            raise ValueError("The explorer needs at least one function with its slope.")
        if alpha and alpha not in self._functions:
            raise ValueError(f"alpha names {alpha!r}, which is none of "
                             f"{', '.join(map(repr, self._functions))}.")
        self._leaky = alpha
        self._X = np.array(X, dtype=np.float64)
        self._random = _layers(weights, biases, self._X)
        self._makers = dict(networks or {})
        self._made: dict[tuple[str, str], Layers | AnswerError] = {}
        self._shown: dict[str, Activity] = {}
        self._notes: dict[str, str] = {}
        self._stale: set[str] = set()
        self._colors = _colors(list(self._functions))
        super().__init__(picked=list(self._functions)[:FEW], facts={
            "names": list(self._functions), "colors": self._colors, "leaky": alpha,
            "reach": REACH, "points": len(AXIS), "flat": FLAT, "scales": list(SCALES),
            "alphas": list(ALPHAS), "sizes": [len(W) for W in self._random[0]],
            "examples": len(self._X), "networks": [RANDOM, *self._makers]})
        self._look(list(self._functions))
        self.observe(lambda _: self._look([self._leaky] if self._leaky else []), "alpha")
        self.observe(lambda _: self._look(list(self._functions)), ["scale", "network"])
        self.observe(lambda _: self._look([n for n in self.picked if n in self._stale]), "picked")

    def _layers_for(self, name: str) -> Layers:
        """The layers through which this function's batch runs now; raises AnswerError."""
        if self.network == RANDOM or self.network not in self._makers:
            return self._random
        key = (self.network, name)
        if key not in self._made:
            maker = self._makers[self.network]
            try:
                weights, biases = student.call(maker, *self._functions[name])
                self._made[key] = _layers(weights, biases, self._X)
            except AnswerError as trouble:
                self._made[key] = trouble
            except (TypeError, ValueError):
                self._made[key] = AnswerError(
                    f"{student.name(maker)} gave no layers that fit for {name}.")
        made = self._made[key]
        if isinstance(made, AnswerError):
            raise made
        return made

    def _look(self, names: Sequence[str]) -> None:
        """Ask the student's functions again and tell the browser.

        Networks are trained for functions that are ticked only; the others wait until they are.
        """
        for name in names:
            if self.network != RANDOM and name not in self.picked:
                self._stale.add(name)
                continue
            self._stale.discard(name)
            act, slope = self._functions[name]
            extra = (self.alpha,) if name == self._leaky else ()
            self._notes.pop(name, None)
            try:
                # The pair first: a function that isn't written says so better than a training loop.
                shown = activity(act, slope, extra, self.scale * self._X, *self._random)
                if self.network != RANDOM:
                    shown = activity(act, slope, extra, self.scale * self._X,
                                     *self._layers_for(name))
                self._shown[name] = shown
            except AnswerError as trouble:
                self._notes[name] = str(trouble)
        self.answer = {"notes": dict(self._notes), "functions": {
            name: _sent(shown) for name, shown in self._shown.items() if name not in self._stale}}

    def static_html(self) -> str:
        """Curves of the ticked functions, and the outputs of the first layer."""
        drawn = {name: self._shown[name] for name in self.picked if name in self._shown}
        listed = ", ".join(drawn) or "none can be computed yet"
        picture = Picture(
            f"Activation functions: {listed}. Left their curves, right how the outputs of the "
            f"first layer are spread over {len(self._X)} examples. In JupyterLab this is an "
            "explorer: drag a score along the curves, and change layers, weights and scale.",
            columns=2)
        colors = {name: color for name, (color, _) in self._colors.items()}
        with picture as (left, right):
            near = np.abs(AXIS) <= 3
            plots.curves(AXIS[near], {name: shown.values[near] for name, shown in drawn.items()},
                         title="What a score becomes", xlabel="score z", ylabel="output",
                         colors=colors, ax=left)
            for row, (name, shown) in enumerate(reversed(drawn.items())):
                edges, shares = coarse(shown.layers[0].outputs, MERGED)
                right.stairs(row + 0.85 * shares / shares.max(initial=1e-9), edges, baseline=row,
                             fill=True, color=colors[name], alpha=0.6)
            right.set_yticks(range(len(drawn)), list(drawn)[::-1])
            right.set(title=f"What comes out of {len(self._random[0][0])} units", xlabel="output")
        return picture.html


def coarse(spread: Counts, merged: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(edges, shares) of bars of so many bins each, an odd number, centered as the bins are."""
    bars = np.floor((spread.first + np.arange(len(spread.shares))) / merged + 0.5).astype(int)
    low = int(bars.min())
    shares = np.bincount(bars - low, weights=spread.shares)
    edges = np.asarray((low + np.arange(len(shares) + 1) - 0.5) * merged * spread.width,
                       dtype=np.float64)
    return edges, np.asarray(shares, dtype=np.float64)


def _sent(shown: Activity) -> dict[str, Any]:
    """Curves and histograms as bytes of little-endian float32."""
    def spread(counts: Counts) -> dict[str, Any]:
        return {"first": counts.first, "width": counts.width, "below": counts.below,
                "above": counts.above, "shares": counts.shares.astype("<f4").tobytes()}

    return {"values": shown.values.astype("<f4").tobytes(),
            "slopes": shown.slopes.astype("<f4").tobytes(),
            "layers": [{"scores": spread(layer.scores), "outputs": spread(layer.outputs),
                        "readings": [_short(layer.mean), _short(layer.spread),
                                     f"{layer.flat:.0%}", f"{layer.dead:.0%}"]}
                       for layer in shown.layers]}


def _short(value: float) -> str:
    """A number for a narrow column."""
    return fixed(value) if abs(value) < 1e4 else significant(value, 1)


def _colors(names: Sequence[str]) -> dict[str, tuple[str, list[int]]]:
    """A color and a dash for each, in the order in which the figures of a lesson take them."""
    palette = [*plots.SERIES_COLORS[:-1], GRAY]
    return {name: (palette[k % len(palette)], DASHES[k // len(palette) % len(DASHES)])
            for k, name in enumerate(names)}


def _layers(weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], X: FloatArray) -> Layers:
    """Copies, checked: X runs through them. Raises ValueError."""
    if X.ndim != 2 or not X.size:
        raise ValueError(f"X must be a batch (n, d), got shape {X.shape}.")
    if not len(weights) or len(weights) != len(biases):
        raise ValueError(f"There must be a bias for each weight matrix, got {len(weights)} "
                         f"and {len(biases)}.")
    Ws = [np.array(W, dtype=np.float64) for W in weights]
    bs = [np.array(b, dtype=np.float64) for b in biases]
    size = X.shape[1]
    for number, (W, b) in enumerate(zip(Ws, bs, strict=True), start=1):
        if W.ndim != 2 or W.shape[1] != size or b.shape != (len(W),):
            raise ValueError(f"Layer {number} gets {size} inputs: it needs W of shape (out, {size})"
                             f" and b of shape (out,), got {W.shape} and {b.shape}.")
        size = len(W)
    return Ws, bs
