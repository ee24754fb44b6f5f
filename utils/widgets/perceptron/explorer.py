"""A line to drag over two features, and the perceptron rule to watch as it walks."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from utils import plots
from utils._figures.number_format import fixed
from utils._figures.picture import Picture
from utils.data import Dataset
from utils.widgets.kit import student
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray
from utils.widgets.perceptron.walk import Bound, Walk, advance, bound, mistakes, start, window

ASPECT = 1.6  # width over height of the picture
ON_PAPER = 12  # updates that the static picture shows at most


class PerceptronExplorer(Explorer):
    """Move w1, w2 and b, or the line itself, over two features of two classes.

    dataset: X (n, 2), y in {0, 1}, names of features and classes.
    predict: the student's `perceptron_predict(X, w, b)`; it counts and rings the mistakes.
    update: the student's `perceptron_update(w, b, x, y, lr)`; the button takes one step with it.
    margin: the student's `margin(X, y, w, b)`; the band beside the line, gamma and the bound. The
        smallest bound found so far is kept, and the one of the line at which the rule stops.
    Raises ValueError for a dataset of other than two features or two classes.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    data = traitlets.Dict().tag(sync=True)
    theta = traitlets.List(traitlets.CFloat(), [0.0, 0.0, 0.0], 3, 3).tag(sync=True)
    presses = traitlets.Int(0).tag(sync=True)

    def __init__(self, dataset: Dataset, predict: Callable[..., Any],
                 update: Callable[..., Any], margin: Callable[..., Any]) -> None:
        if dataset.X.ndim != 2 or dataset.X.shape[1] != 2:
            raise ValueError(f"The explorer shows two features, got X of shape {dataset.X.shape}. "
                             "Choose two with dataset.take(...).")
        if set(np.unique(dataset.y)) != {0, 1}:
            raise ValueError("The explorer shows two classes, 0 and 1. "
                             "Choose two with dataset.only(...).")
        self._dataset, self._predict = dataset, predict
        self._update, self._margin = update, margin
        self._walk, self._wrong = start([0, 0, 0]), np.zeros(len(dataset.y), dtype=bool)
        self._best: Bound | None = None
        self._end: Bound | None = None  # of the line at which the rule, started from zero, stops
        super().__init__(data={
            "points": dataset.X.astype("<f4").tobytes(),
            "labels": dataset.y.astype("u1").tobytes(), "features": list(dataset.features[:2]),
            "classes": list(dataset.classes[:2]), "window": list(window(dataset.X, ASPECT)),
            "aspect": ASPECT})
        self._look()
        self.observe(self._moved, "theta")
        self.observe(self._pressed, "presses")

    def _moved(self, _: object) -> None:
        """A line that isn't the walk's end was set by hand: a new walk begins there."""
        if tuple(self.theta) != self._walk.theta:
            self._walk = start(self.theta)
            self._look()

    def _pressed(self, change: dict[str, Any]) -> None:
        note = ""
        try:
            for _ in range(change["new"] - change["old"]):
                further = advance(self._walk, self._dataset, self._predict, self._update)
                if further is None:
                    note = "No mistake is left: the rule has nothing more to do."
                    break
                self._walk = further
        except AnswerError as trouble:
            note = str(trouble)
        with self.hold_sync():  # line and answer in one message: the picture never shows half
            self.theta = list(self._walk.theta)
            self._look(note)

    def _look(self, note: str = "") -> None:
        """Ask the student's functions about the line and tell the browser."""
        walk, n = self._walk, len(self._dataset.y)
        troubles, known = [note] if note else [], True
        try:
            self._wrong = mistakes(self._dataset, self._predict, walk.w, walk.b)
        except AnswerError as trouble:
            troubles.append(str(trouble))
            known = False
        margin, proof, gamma = None, None, None
        if walk.w.any():
            try:
                margin = student.number(self._margin, self._dataset.X, self._dataset.y,
                                        walk.w, walk.b)
            except AnswerError as trouble:
                troubles.append(str(trouble))
        count = int(self._wrong.sum()) if known else None
        if margin is not None:
            measured = bound(self._dataset.X, walk.w, walk.b, margin)
            gamma = measured.gamma
            if margin > 0 and count == 0:
                proof = measured
                if self._best is None or proof.mistakes < self._best.mistakes:
                    self._best = proof
                if walk.from_zero:
                    self._end = proof
        if margin and count is not None and (margin > 0) == (count > 0):
            troubles.append(f"{_count(count, 'mistake')} by {student.name(self._predict)}, yet "
                            f"{student.name(self._margin)} says "
                            f"{fixed(margin)}. A margin is positive only where no example is on "
                            "the wrong side: one of the two is off.")
        self.answer = {
            "theta": list(walk.theta), "wrong": self._wrong.astype("u1").tobytes(),
            "known": known, "last": walk.last, "before": walk.before and list(walk.before),
            "band": margin if proof else None, "note": " ".join(dict.fromkeys(troubles)),
            "readings": {
                "mistakes": _mistakes_reading(count, n),
                "margin": _margin_reading(margin, walk.w),
                "updates": _updates_reading(walk, self._dataset),
                "gamma": _gamma_reading(gamma),
                "bound": _bound_reading(proof, count, margin),
                "best": _best_reading(self._best, self._end)}}

    def static_html(self) -> str:
        """The line, after some updates if nobody has moved it yet, with what it gets wrong."""
        walk, data = self._walk, self._dataset
        lines = []
        try:
            while walk.from_zero and walk.updates < ON_PAPER and (
                    further := advance(walk, data, self._predict, self._update)):
                lines.append(walk)
                walk = further
            wrong: NDArray[np.bool_] | None = mistakes(data, self._predict, walk.w, walk.b)
        except AnswerError:
            wrong = None
        features, steps = " and ".join(data.features[:2]), _count(walk.updates, "update")
        title = f"The perceptron rule's line after {steps}" if walk.updates else (
            "Where would a line separate the two classes?")
        count = "" if wrong is None else f", {wrong.sum()} of {len(wrong)} on the wrong side"
        drawn = f" with the line after {steps}{count}" if walk.w.any() else ""
        alt = (f"{data.classes[0]} and {data.classes[1]} by {features}{drawn}. "
               "In JupyterLab this is an explorer with sliders for w1, w2 and b.")
        picture = Picture(alt)
        with picture as ax:
            plots.points(data.X, data.y, names=data.features, labels=data.classes,
                         mistakes=wrong if walk.w.any() else None, ax=ax)
            for earlier in lines[1:]:
                plots.line(earlier.w, earlier.b, ax=ax).lines[-1].set_alpha(0.25)
            plots.line(walk.w, walk.b, ax=ax)
            left, right, bottom, top = window(data.X, ASPECT)
            ax.set(title=title, xlim=(left, right), ylim=(bottom, top))
        return picture.html


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _mistakes_reading(count: int | None, n: int) -> list[str]:
    return ["?", "mistakes"] if count is None else [str(count), f"mistakes in {n} examples"]


def _margin_reading(margin: float | None, w: FloatArray) -> list[str]:
    if margin is None:
        return ["–", "margin: with w = 0 there is no line yet"] if not w.any() else ["?", "margin"]
    if margin < 0:
        return [fixed(margin), "margin: the worst example is that far on the wrong side"]
    return [fixed(margin), "margin: distance of the closest example in this picture, "
                           "divided by ‖w‖"]


def _gamma_reading(gamma: float | None) -> list[str]:
    return ["–" if gamma is None else fixed(gamma, 3),
            "γ: the same in (x, 1) space, divided by ‖(w, b)‖"]


def _updates_reading(walk: Walk, dataset: Dataset) -> list[str]:
    since = "from zero" if walk.from_zero else "from your line"
    said = f"{_count(walk.updates, 'update').split()[1]} {since}"
    if walk.last is not None:
        said += f", the last by example {walk.last} ({dataset.classes[int(dataset.y[walk.last])]})"
    return [str(walk.updates), said]


def _bound_reading(proof: Bound | None, count: int | None, margin: float | None) -> list[str]:
    if proof:
        return [_at_most(proof), "mistakes from zero: the bound that this line proves, (R/γ)² = "
                                 f"({fixed(proof.radius)} / {fixed(proof.gamma, 3)})²"]
    if count == 0 and margin is not None:
        return ["–", "bound (R/γ)²: needs a line with a positive margin"]
    return ["–", "bound (R/γ)²: needs a line without mistakes"]


def _best_reading(best: Bound | None, end: Bound | None) -> list[str]:
    stops = f"; the line where your rule stops proves {_at_most(end)}" if end else ""
    return ["–" if best is None else _at_most(best), f"smallest bound found so far{stops}"]


def _at_most(proof: Bound) -> str:
    return f"≤ {math.floor(proof.mistakes):,}".replace(",", "\N{THIN SPACE}")
