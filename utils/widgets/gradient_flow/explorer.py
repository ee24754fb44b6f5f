"""How large the gradient is in each layer: depth, activation, initialization, scale of weights."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import plots
from utils._figures.number_format import fixed, raised
from utils._figures.picture import Picture
from utils.widgets.kit import student
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray

WIDTH, CLASSES, EXAMPLES = 64, 10, 32
SAME = 3.0  # a gradient that arrives with its size changed by no more than this comes through
LOST = 1000.0  # by more than this: it vanishes or explodes
DEEPEST = 60  # hidden layers
GAINS = (0.25, 16.0)
SCHEMES = {"xavier": "Xavier", "he": "He"}


def _sigmoid(z: FloatArray) -> FloatArray:
    return (1 + np.tanh(z / 2)) / 2


ACTIVATIONS: dict[str, tuple[Callable[[FloatArray], FloatArray],
                             Callable[[FloatArray], FloatArray]]] = {
    "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * (1 - _sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ReLU": (lambda z: np.maximum(z, 0.0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "none": (np.copy, np.ones_like)}
COLORS = dict(zip(ACTIVATIONS, plots.SERIES_COLORS, strict=False))


@dataclass(frozen=True)
class Setting:
    """A network before its first update: what its weights are drawn by, and how many layers."""

    depth: int
    activation: str
    scheme: str
    gain: float
    draw: int = 0

    @property
    def name(self) -> str:
        """What a line is called."""
        gain = "" if math.isclose(self.gain, 1, abs_tol=1e-9) else f" × {fixed(self.gain)}"
        return f"{self.activation}, {SCHEMES[self.scheme]}{gain}"


def flow(delta_norms: Callable[..., Any], init_weights: Callable[..., Any],
         setting: Setting) -> FloatArray:
    """log10 of the size of delta in each layer, the output's first and as 0: (depth + 1,).

    delta_norms, init_weights: the student's. The batch is random, the loss cross-entropy with
    random labels, and there are no biases. Where a size is exactly 0 its log is -inf.
    Raises AnswerError.
    """
    rng = np.random.default_rng([6, setting.draw])
    A, labels = rng.normal(size=(EXAMPLES, WIDTH)), rng.integers(CLASSES, size=EXAMPLES)
    act, act_grad = ACTIVATIONS[setting.activation]
    weights, Zs = [], []
    for layer in range(setting.depth + 1):
        out = CLASSES if layer == setting.depth else WIDTH
        W = student.array(init_weights, WIDTH, out, setting.scheme, rng, shape=(out, WIDTH),
                          meaning="one unit in each row, one input in each column")
        weights.append(setting.gain * W)
        Zs.append(A @ weights[-1].T)
        A = act(Zs[-1])
    delta = np.exp(Zs[-1] - Zs[-1].max(axis=1, keepdims=True))
    delta /= delta.sum(axis=1, keepdims=True)
    delta[np.arange(EXAMPLES), labels] -= 1
    sizes = student.array(delta_norms, weights, Zs, delta / EXAMPLES, act_grad,
                          shape=(len(weights),), meaning="one size for each layer")
    if (sizes < 0).any():
        raise AnswerError(f"{student.name(delta_norms)} returned {sizes.min():.3g} as a size. "
                          "A norm is never negative.")
    if not sizes[-1]:
        raise AnswerError(f"{student.name(delta_norms)} says that delta is 0 in the last layer, "
                          "where it begins. The last entry belongs to delta_out.")
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(sizes[::-1] / sizes[-1]))


class GradientFlow(Explorer):
    """Choose depth, activation, initialization and a factor for all weights; see delta by layer.

    delta_norms: the student's `delta_norms(weights, Zs, delta_out, act_grad)`.
    init_weights: the student's `init_weights(fan_in, fan_out, scheme, rng)`.
    Kept lines, and the window, are the browser's own.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    depth = traitlets.Int(20, min=2, max=DEEPEST).tag(sync=True)
    activation = traitlets.Enum(list(ACTIVATIONS), "sigmoid").tag(sync=True)
    scheme = traitlets.Enum(list(SCHEMES), "xavier").tag(sync=True)
    gain = traitlets.CFloat(1.0, min=GAINS[0], max=GAINS[1]).tag(sync=True)
    draw = traitlets.Int(0, min=0).tag(sync=True)
    facts = traitlets.Dict().tag(sync=True)

    def __init__(self, delta_norms: Callable[..., Any], init_weights: Callable[..., Any]) -> None:
        self._delta_norms, self._init_weights = delta_norms, init_weights
        self._shown: FloatArray | None = None
        self._name = ""
        super().__init__(facts={"colors": COLORS, "schemes": SCHEMES, "gains": list(GAINS),
                                "deepest": DEEPEST, "width": WIDTH})
        self._look()
        self.observe(self._look, ["depth", "activation", "scheme", "gain", "draw"])

    @property
    def _setting(self) -> Setting:
        return Setting(self.depth, self.activation, self.scheme, self.gain, self.draw)

    def _look(self, _: object = None) -> None:
        setting, note = self._setting, ""
        try:
            self._shown = flow(self._delta_norms, self._init_weights, setting)
            self._name = setting.name
        except AnswerError as trouble:
            note = str(trouble)
        shown = self._shown
        self.answer = {
            "known": not note, "note": note, "name": self._name,
            "message": "" if note or shown is None else message(shown, setting),
            "sizes": b"" if shown is None else shown.astype("<f4").tobytes()}

    def static_html(self) -> str:
        """Activations with the initializations that they are often seen with, at this depth."""
        lines, note = {}, ""
        for activation, scheme in (("none", "xavier"), ("ReLU", "he"), ("tanh", "xavier"),
                                   ("ReLU", "xavier"), ("sigmoid", "xavier")):
            setting = Setting(self.depth, activation, scheme, self.gain, self.draw)
            try:
                lines[setting.name] = flow(self._delta_norms, self._init_weights, setting)
            except AnswerError as trouble:
                note = str(trouble)
        ends = "; ".join(f"{name}: {power(line[-1])}" for name, line in lines.items())
        picture = Picture(f"Size of delta through {self.depth} layers. At layer 1, as a multiple "
                          f"of the output's: {ends}. In JupyterLab depth, activation, "
                          "initialization and scale can be changed." if lines else
                          f"An explorer of the size of delta by layer. {note}")
        with picture as ax:
            plots.curves(np.arange(self.depth + 1), lines, xlabel="layers back from the output",
                         ylabel="log₁₀ of δ, 0 at the output", ax=ax, colors={
                             name: COLORS[name.split(",")[0]] for name in lines
                             if "ReLU, Xavier" not in name},
                         title=f"What {self.depth} layers make of the gradient")
        return picture.html


def power(log: float) -> str:
    """A number from its log10, as a person writes it: 0.71, 3·10⁻⁸."""
    if not math.isfinite(log):
        return "0"
    if -2 <= log < 3:
        return fixed(10 ** log, 2 if log < 1 else 0)
    exponent = math.floor(log + 1e-9)
    return f"{10 ** (log - exponent):.0f}·10{raised(exponent)}".replace("10·10", "9·10")


def message(shown: FloatArray, setting: Setting) -> str:
    """What a line says, in a sentence or two."""
    if not np.isfinite(shown[-1]):
        return "On the way back the gradient becomes exactly 0: nothing arrives at layer 1."
    # From the last hidden layer on: the output layer has another width.
    factor = 10 ** float((shown[-1] - shown[1]) / (len(shown) - 2))
    return (f"Each layer multiplies δ by about {fixed(factor)} (the geometric mean). Of what "
            f"leaves the output layer, {power(float(shown[-1]))} times as much arrives at layer 1. "
            f"{verdict(float(shown[-1]))}")


def verdict(log: float) -> str:
    """What to call a change of size, from its log10, and where the limits are."""
    same, lost = math.log10(SAME), math.log10(LOST)
    if abs(log) <= same:
        return f"It comes through: its size changes by no more than a factor of {SAME:.0f}."
    if abs(log) <= lost:
        return (f"It fades: less than 1/{SAME:.0f} is left, but not less than 1/{LOST:.0f}."
                if log < 0 else
                f"It grows: more than {SAME:.0f} times, but not more than {LOST:.0f} times.")
    return (f"It vanishes: less than 1/{LOST:.0f} is left." if log < 0 else
            f"It explodes: more than {LOST:.0f} times.")
