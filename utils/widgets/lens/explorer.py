"""Nine weights, a picture, and the map of the student's convolution."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import data, plots
from utils._figures.number_format import three_digits
from utils._figures.picture import Picture
from utils.widgets.kit import student
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray
from utils.widgets.lens.pictures import DIGIT, NAMES, digits, photograph

PRESETS = {
    "vertical edges": [-1.0, 0.0, 1.0] * 3,
    "horizontal edges": [-1.0] * 3 + [0.0] * 3 + [1.0] * 3,
    "blur": [1 / 9] * 9,
    "dots": [-1.0] * 4 + [8.0] + [-1.0] * 4,
    "the middle": [0.0] * 4 + [1.0] + [0.0] * 4,
}
LARGEST = 99.0  # a weight
TEXTS = {DIGIT: "a digit", "china": "a palace", "flower": "a flower"}


class Lens(Explorer):
    """Edit a kernel of 3 × 3 weights, and look at its window anywhere in a picture.

    conv2d_forward: the student's `conv2d_forward(X, W, b)`, which makes the map.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    picture = traitlets.Enum(list(NAMES), DIGIT).tag(sync=True)
    digit = traitlets.Int(3, min=0, max=9).tag(sync=True)
    weights = traitlets.List(traitlets.CFloat(), PRESETS["vertical edges"], 9, 9).tag(sync=True)

    def __init__(self, conv2d_forward: Callable[..., Any]) -> None:
        self._convolve = conv2d_forward
        self._digits = digits()
        self._photos = {name: photograph(name) for name in data.PHOTOGRAPHERS}
        credit = {name: f"Photograph: {who}, CC BY 2.0" for name, who in data.PHOTOGRAPHERS.items()}
        super().__init__(facts={
            "presets": PRESETS, "texts": TEXTS, "credits": credit, "largest": LARGEST,
            "digits": np.stack([one.levels for one in self._digits]).tobytes(),
            "photos": {name: {"rows": one.levels.shape[0], "columns": one.levels.shape[1],
                              "levels": one.levels.tobytes()}
                       for name, one in self._photos.items()}})
        self._look()
        self.observe(self._look, ["picture", "digit", "weights"])

    @traitlets.validate("weights")
    def _inside(self, proposal: Any) -> list[float]:
        values = np.nan_to_num(np.array(proposal["value"], dtype=float))
        return [float(value) for value in np.clip(values, -LARGEST, LARGEST)]

    def _pixels(self) -> FloatArray:
        return (self._digits[self.digit] if self.picture == DIGIT
                else self._photos[self.picture]).pixels

    def _look(self, _: object = None) -> None:
        pixels, kernel = self._pixels(), np.array(self.weights).reshape(3, 3)
        expected, found, note = window_sums(pixels, kernel), None, ""
        try:
            found = student.array(self._convolve, pixels[None, None], kernel[None, None],
                                  np.zeros(1), shape=(1, 1, *expected.shape),
                                  meaning="one map, with a number for each place")[0, 0]
            note = complaint(student.name(self._convolve), found, expected)
        except AnswerError as trouble:
            note = str(trouble)
        self.answer = {
            "map": None if found is None else found.astype("<f4").tobytes(),
            "rows": expected.shape[0], "columns": expected.shape[1], "note": note,
            "strongest": 1.0 if found is None else float(np.abs(found).max()) or 1.0,
            "message": "" if found is None else message(found)}
        self._found = found

    def static_html(self) -> str:
        """The picture and its map."""
        credit = ("" if self.picture == DIGIT else
                  f" (by {data.PHOTOGRAPHERS[self.picture]}, CC BY 2.0)")
        weights = ", ".join(three_digits(value) for value in self.weights)
        picture = Picture(
            f"On the left {TEXTS[self.picture]}{credit}, on the right its map by the kernel with "
            f"the weights {weights}. {self.answer['message']} {self.answer['note']} In JupyterLab "
            "the weights can be edited, and the window moved over the picture.", columns=2,
            size=(9.6, 3.6), photo=True)
        with picture as (left, right):
            plots.image(self._pixels(), title=f"The picture{credit}", ax=left)
            if self._found is None:
                right.set_axis_off()
                right.set_title("No map yet")
            else:
                plots.image(self._found, title="Its map: blue above 0, orange below",
                            strongest=self.answer["strongest"], ax=right)
        return picture.html


def window_sums(pixels: FloatArray, kernel: FloatArray) -> FloatArray:
    """The sum of the products at each place: (h - 2, w - 2)."""
    h, w = pixels.shape[0] - 2, pixels.shape[1] - 2
    return np.asarray(sum(kernel[u, v] * pixels[u:u + h, v:v + w]
                          for u in range(3) for v in range(3)))


def complaint(name: str, found: FloatArray, expected: FloatArray) -> str:
    """What is wrong with a map, "" if nothing is."""
    wrong = np.argwhere(~np.isclose(found, expected, rtol=1e-7, atol=1e-9))
    if not len(wrong):
        return ""
    i, j = (int(k) for k in wrong[0])
    many = f"{len(wrong)} of {found.size} places" if len(wrong) > 1 else "one place"
    return (f"The map of your {name} is not the sum of the products at {many}. At row {i}, "
            f"column {j} the sum is {three_digits(expected[i, j])}, but your map has "
            f"{three_digits(found[i, j])}.")


def message(found: FloatArray) -> str:
    """How large the map is, and where it is strongest."""
    i, j = (int(k) for k in np.unravel_index(int(np.abs(found).argmax()), found.shape))
    return (f"The map has {found.shape[0]} × {found.shape[1]} places. It is strongest at row {i}, "
            f"column {j}: {three_digits(found[i, j])}.")
