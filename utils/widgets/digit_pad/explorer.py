"""A digit drawn on an 8 × 8 pad, read by the function that the student's training returns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from utils import plots
from utils._figures.picture import Picture
from utils.widgets.digit_pad import explanation
from utils.widgets.digit_pad.explanation import INK
from utils.widgets.kit import student
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.relu_network import SIDE, Network
from utils.widgets.kit.student import AnswerError, FloatArray

SCANS = 12  # scans that can be put on the pad
COMPARED = 100  # scans on which the networks behind predict are compared with it
EMPTY = [0] * 64
SEED = 7
PALE = 12  # every scan has a pixel as dark as this
SHOW_NETWORKS = ("For a saliency map beside the answer, show the pad your ReLU network: write "
                 "predict.networks = [(weights, biases)] before train_digits returns predict.")


class DigitPad(Explorer):
    """Draw a digit, and see what the student's network says, and which pixels matter to it.

    train_digits: the student's `train_digits(X, y, rng)`, called once, which returns `predict`.
    X, y: training digits (n, 64), from 0 to 16, and their labels.
    X_new, y_new: digits that it isn't trained on; the first few can be put on the pad, and are its
        `scans`, tuples of 64 whole numbers.
    saliency: the student's `saliency(X, weights, biases, classes)` of lesson 16, or None for a pad
    without a map. It explains the networks in `predict.networks`, a list of (weights, biases): MLPs
    with ReLU that take pixels from 0 to 1. Without that attribute there is no map.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    pixels = traitlets.List(traitlets.CInt(min=0, max=INK), EMPTY, 64, 64).tag(sync=True)

    def __init__(self, train_digits: Callable[..., Any], X: ArrayLike, y: ArrayLike,
                 X_new: ArrayLike, y_new: ArrayLike,
                 saliency: Callable[..., Any] | None = None) -> None:
        new = np.array(X_new, dtype=float)
        scans = new[:SCANS].astype(int)
        self.scans = tuple(map(tuple, scans.tolist()))
        self._trouble, self._predict = "", None
        self._saliency, self._networks = saliency, list[Network]()
        self._map: FloatArray | None = None
        how = ""
        try:
            self._predict = trained(train_digits, np.array(X, dtype=float), np.array(y))
            if saliency is not None:
                self._networks = explanation.networks(self._predict, new[:COMPARED])
                how = "" if self._networks else SHOW_NETWORKS
        except AnswerError as trouble:
            self._trouble = str(trouble)
        super().__init__(
            facts={"scans": scans.astype(np.uint8).tobytes(), "ink": INK, "how": how,
                   "mapped": bool(self._networks),
                   "labels": [int(label) for label in np.asarray(y_new)[:SCANS]]},
            pixels=scans[0].tolist())
        self._look()
        self.observe(self._look, "pixels")

    def _look(self, _: object = None) -> None:
        label, note, self._map = None, self._trouble, None
        drawn = np.array(self.pixels, dtype=float)
        if self._predict is not None and drawn.any():
            try:
                label = one_label(self._predict, drawn)
                if self._saliency is not None and self._networks:
                    self._map, note = explanation.slopes(self._saliency, self._networks, drawn,
                                                         label)
            except AnswerError as trouble:
                note = str(trouble)
        self.answer = {"label": label, "note": note, "advice": advice(self.pixels),
                       "map": None if self._map is None else self._map.astype("<f4").tobytes()}

    def static_html(self) -> str:
        """The pad, what the network says, and the saliency map where there is one."""
        label, found = self.answer["label"], self._map
        says = f"The network says {label}." if label is not None else "There is no answer."
        beside = (f"Beside it the saliency map for the score of {label}. " if found is not None
                  else "")
        picture = Picture(
            f"A pad of 8 by 8 pixels with a drawing in gray. {says} {beside}"
            f"{self.answer['note']} In JupyterLab a digit can be drawn on it.",
            columns=1 if found is None else 2, size=(3.6 if found is None else 7.2, 3.6),
            photo=True)
        with picture as axes:
            plots.image(np.array(self.pixels).reshape(SIDE, SIDE) / INK, title=says,
                        ax=axes if found is None else axes[0])
            if found is not None:
                plots.image(found, title=f"Saliency for {label}", ax=axes[1],
                            strongest=float(np.abs(found).max()) or 1.0)
        return picture.html


def trained(train_digits: Callable[..., Any], X: NDArray[np.float64],
            y: NDArray[Any]) -> Callable[..., Any]:
    """The student's `predict`. Raises AnswerError."""
    predict = student.call(train_digits, X, y, np.random.default_rng(SEED))
    if not callable(predict):
        raise AnswerError(f"{student.name(train_digits)} returned {student.kind(predict)}, "
                          "expected a function that reads digits.")
    return predict


def one_label(predict: Callable[..., Any], drawn: NDArray[np.float64]) -> int:
    """What the student's `predict` says of one drawing (64,). Raises AnswerError."""
    value = float(student.array(predict, drawn[None], shape=(1,),
                                meaning="one label for the one digit that was asked about")[0])
    if value not in range(10):
        raise AnswerError(f"{student.name(predict)} returned {value:.4g} as a label. A label is a "
                          "whole number from 0 to 9.")
    return int(value)


def advice(pixels: list[int]) -> str:
    """How a drawing differs from a scan, "" if it doesn't."""
    inked = np.array(pixels).reshape(8, 8) > 0
    if not inked.any():
        return "The pad is empty. Draw a digit, or put a scan on it."
    tall = int(np.ptp(np.flatnonzero(inked.any(axis=1)))) + 1
    if tall < 7:
        return (f"Your digit is {tall} pixel{'s' * (tall > 1)} tall; the scans fill all 8 rows. "
                "Press “Fill the pad” to stretch it.")
    if max(pixels) < PALE:
        return "Your lines are paler than those of the scans, nearly all of which reach 16."
    return ""
