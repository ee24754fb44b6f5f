"""A valley to drop four optimizers into: how narrow it is, how it is turned, and their rates."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import plots
from utils._figures.number_format import fixed, significant
from utils._figures.picture import Picture
from utils.widgets.kit import student
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError
from utils.widgets.valley.walk import STEPS, Way, hessian, walk

NAMES = {"sgd": "gradient descent", "momentum": "momentum", "rmsprop": "RMSprop", "adam": "Adam"}
COLORS = dict(zip(NAMES, plots.SERIES_COLORS, strict=False))
PLAIN = ("sgd", "momentum")  # these share one rate, the other two another
WINDOW, ASPECT = (-12.0, 12.0, -7.5, 7.5), 1.6
KAPPA, TURN = 100.0, 90.0  # at most
TINY = 1e-9  # a distance below it is as good as none
RATES, SCALED_RATES = (0.001, 3.0), (0.003, 10.0)


class Valley(Explorer):
    """Choose a valley, a start and the learning rates; four optimizers walk from there.

    stable_lr: the student's `stable_lr(H)`; it is marked below the first rate.
    sgd_step: the student's `sgd_step(params, grads, lr)` from lesson 4.
    momentum_step, rmsprop_step, adam_step: the student's steps with (params, grads, state, lr).
    How many of the steps are drawn, and of whom, is the browser's own.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    kappa = traitlets.CFloat(20.0, min=1.0, max=KAPPA).tag(sync=True)
    turn = traitlets.CFloat(0.0, min=0.0, max=TURN).tag(sync=True)
    start = traitlets.List(traitlets.CFloat(), [-10.0, 3.0], 2, 2).tag(sync=True)
    rate = traitlets.CFloat(0.09, min=RATES[0], max=RATES[1]).tag(sync=True)
    scaled_rate = traitlets.CFloat(0.3, min=SCALED_RATES[0], max=SCALED_RATES[1]).tag(sync=True)
    facts = traitlets.Dict().tag(sync=True)

    def __init__(self, stable_lr: Callable[..., Any], sgd_step: Callable[..., Any],
                 momentum_step: Callable[..., Any], rmsprop_step: Callable[..., Any],
                 adam_step: Callable[..., Any]) -> None:
        self._stable_lr = stable_lr
        self._steps = dict(zip(NAMES, (sgd_step, momentum_step, rmsprop_step, adam_step),
                               strict=True))
        self._walked: dict[str, Way | AnswerError] = {}
        super().__init__(facts={"names": NAMES, "colors": COLORS, "window": list(WINDOW),
                                "aspect": ASPECT, "steps": STEPS, "kappa": KAPPA, "turn": TURN,
                                "rates": list(RATES), "scaledRates": list(SCALED_RATES)})
        self._look()
        self.observe(self._look, ["kappa", "turn", "start", "rate", "scaled_rate"])

    @property
    def _ways(self) -> dict[str, Way]:
        return {key: way for key, way in self._walked.items() if isinstance(way, Way)}

    def _look(self, change: dict[str, Any] | None = None) -> None:
        """Let those walk whom a change concerns, and tell the browser."""
        H, limit, troubles = hessian(self.kappa, self.turn), None, list[str]()
        try:
            limit = student.number(self._stable_lr, H)
            if limit <= 0:
                troubles.append(f"{student.name(self._stable_lr)} returned {limit:.3g}. A learning "
                                "rate is above 0.")
                limit = None
        except AnswerError as trouble:
            troubles.append(str(trouble))
        for key, step in self._steps.items():
            rate = "rate" if key in PLAIN else "scaled_rate"
            if change and change["name"] in {"rate", "scaled_rate"} - {rate}:
                continue  # the other two's
            try:
                self._walked[key] = walk(step, H, np.array(self.start), getattr(self, rate),
                                         has_state=key != "sgd")
            except AnswerError as trouble:
                self._walked[key] = trouble
        ways = self._ways
        troubles += [str(self._walked[key]) for key in NAMES if key not in ways]
        if limit is not None and "sgd" in ways:
            troubles += _contradiction(ways["sgd"], self.rate / limit,
                                       student.name(self._stable_lr))
        self.answer = {
            "paths": {key: way.points.astype("<f4").tobytes() for key, way in ways.items()},
            "limit": limit, "message": message(ways), "note": " ".join(troubles),
            "readings": [[key, *reading(way)] for key, way in ways.items()]}

    def static_html(self) -> str:
        """The valley with all paths."""
        said = "; ".join(f"{NAMES[key]}: {reading(way)[0]}" for key, way in self._ways.items())
        picture = Picture(f"A valley with condition number {fixed(self.kappa, 0)}, and the paths "
                          "of the optimizers through it. Steps needed: "
                          f"{said or 'not known yet'}. In JupyterLab the valley, the start and the "
                          "learning rates can be changed.")
        with picture as ax:
            x, y = np.meshgrid(np.linspace(*WINDOW[:2], 160), np.linspace(*WINDOW[2:], 100))
            (a, b), (_, d) = hessian(self.kappa, self.turn)
            ax.contour(x, y, a * x ** 2 / 2 + b * x * y + d * y ** 2 / 2, linewidths=0.8,
                       levels=[k ** 2 / 2 for k in (1, 2, 4, 6, 8, 10, 12)],
                       colors=plots.SERIES_COLORS[-1])
            for key, way in self._ways.items():
                ax.plot(*way.points.T, "o-", markersize=2.5, linewidth=1.4, color=COLORS[key],
                        label=NAMES[key])
            ax.set(xlim=WINDOW[:2], ylim=WINDOW[2:], xlabel="θ₁", ylabel="θ₂",
                   title="Four ways down the same valley")
        return picture.html


def reading(way: Way) -> list[str]:
    """When it arrived, and how far it is from the minimum at the end."""
    if way.diverged:
        return ["diverged", "–" if len(way.points) <= STEPS else significant(way.distances[-1], 2)]
    arrived = f"{way.arrived} steps" if way.arrived is not None else f"not in {STEPS}"
    last = way.distances[-1]
    return [arrived, significant(last, 2) if last >= TINY else f"below {significant(TINY, 1)}"]


def message(ways: dict[str, Way]) -> str:
    """Who was the first to arrive."""
    arrived = {key: way.arrived for key, way in ways.items() if not way.diverged}
    times = {key: time for key, time in arrived.items() if time is not None}
    if not times:
        return f"Nobody arrives within {STEPS} steps." if ways else ""
    first = min(times.values())
    names = " and ".join(NAMES[key] for key, time in times.items() if time == first)
    return f"First to arrive: {names}, after {first} step{'' if first == 1 else 's'}."


def _contradiction(way: Way, share: float, name: str) -> list[str]:
    """What to say where gradient descent does other things than the limit says."""
    if share < 0.98 and way.diverged:
        return [f"Gradient descent diverges below the limit of {name}: is that limit too large, or "
                "does your sgd_step do something else than subtract lr times the gradient?"]
    if share > 1.05 and not way.diverged and way.distances[-1] < 0.9 * way.distances[0]:
        return [f"Gradient descent still gets closer above the limit of {name}. It may start where "
                "the steep direction plays no part; else that limit is too small."]
    return []
