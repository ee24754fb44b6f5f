"""Pick a cell of a block: whose outputs move with it, by the student's own normalization?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from utils import plots
from utils._figures.picture import HEAT, Picture
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray, name
from utils.widgets.who_shares import block
from utils.widgets.who_shares.block import CHANNELS, EXAMPLES, GROUPS, NORMS, PIXELS, Functions

NUDGE, SHIFT, STRETCH = 1.0, 2.0, 3.0


class WhoShares(Explorer):
    """Choose a normalization and a cell; the outputs that move when it is nudged are painted.

    layernorm_forward, rmsnorm_forward, groupnorm_forward: the student's. Batch norm and instance
    norm are computed by the last one.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    norm = traitlets.Enum(list(NORMS), "batch").tag(sync=True)
    groups = traitlets.Enum(list(GROUPS), 2).tag(sync=True)
    cell = traitlets.List(traitlets.Int(0, min=0), [1, 2, 1], 3, 3).tag(sync=True)

    def __init__(self, layernorm_forward: Callable[..., Any], rmsnorm_forward: Callable[..., Any],
                 groupnorm_forward: Callable[..., Any]) -> None:
        self._functions = Functions(layernorm_forward, rmsnorm_forward, groupnorm_forward)
        self._block = block.block()
        super().__init__(facts={"norms": NORMS, "groups": list(GROUPS),
                                "shape": list(block.SHAPE),
                                "block": self._block.astype("<f4").tobytes()})
        self._look()
        self.observe(self._look, ["norm", "groups", "cell"])

    @property
    def _cell(self) -> block.Cell:
        example, channel, pixel = (min(value, size - 1) for value, size in
                                   zip(self.cell, block.SHAPE, strict=True))
        return example, channel, pixel

    def _look(self, _: object = None) -> None:
        expected = block.sharing(self.norm, self.groups, self._cell)
        answer: dict[str, Any] = {
            "expected": expected.astype("u1").tobytes(), "known": False, "note": "",
            "moved": np.zeros(block.SHAPE, "u1").tobytes(), "rows": [],
            "change": np.zeros(block.SHAPE, "<f4").tobytes(), "message": ""}
        try:
            change, rows = self._measured()
        except AnswerError as trouble:
            self.answer = {**answer, "note": str(trouble)}
            return
        found = np.abs(change) > block.MOVED
        self.answer = {**answer, "known": True, "moved": found.astype("u1").tobytes(),
                       "change": change.astype("<f4").tobytes(), "rows": rows,
                       "message": message(self._title(), found, expected)}

    def _title(self) -> str:
        called = NORMS[self.norm]
        if self.norm == "group":
            called += f" with {self.groups} group{'s' * (self.groups > 1)}"
        return f"{called}, by your {name(self._functions.used(self.norm))}"

    def _measured(self) -> tuple[FloatArray, list[list[str]]]:
        """What a nudge changes, and a row for each thing done to the block; raises AnswerError."""
        def outputs(X: FloatArray) -> FloatArray:
            return self._functions.outputs(self.norm, self.groups, X)

        X, at = self._block, self._cell
        before, nudged = outputs(X), X.copy()
        nudged[at] += NUDGE
        change = outputs(nudged) - before
        rows = [row(f"{NUDGE:g} added to the cell", change),
                row(f"{SHIFT:g} added to all cells", outputs(X + SHIFT) - before),
                row(f"all cells times {STRETCH:g}", outputs(STRETCH * X) - before)]
        return change, rows

    def static_html(self) -> str:
        """The block twice: who should share a mean, and which outputs move."""
        expected = block.sharing(self.norm, self.groups, self._cell)
        change, said = None, self.answer["message"] or self.answer["note"]
        try:
            change, _ = self._measured()
        except AnswerError as trouble:
            said = str(trouble)
        picture = Picture(
            f"A block of {EXAMPLES} examples, {CHANNELS} channels, and {PIXELS} pixels, for "
            f"{self._title()}. One cell is nudged. {said} In JupyterLab this is an explorer: the "
            "normalization and the cell can be chosen.", rows=2, size=(8.6, 4.8))
        with picture as (above, below):
            cells(above, self._block, expected, self._cell, "The input; framed: who shares a mean")
            if change is None:
                below.set_axis_off()
            else:
                cells(below, change, expected, self._cell,
                      "The outputs that move when the cell is nudged",
                      wrong=expected != (np.abs(change) > block.MOVED))
        return picture.html


def cells(ax: Axes, values: FloatArray, framed: NDArray[np.bool_], cell: block.Cell,
          title: str, wrong: NDArray[np.bool_] | None = None) -> None:
    """The examples side by side, channels as rows and pixels as columns."""
    wide = np.full((CHANNELS, EXAMPLES * (PIXELS + 1) - 1), np.nan)
    for example in range(EXAMPLES):
        left = example * (PIXELS + 1)
        wide[:, left:left + PIXELS] = values[example]
    limit = float(np.abs(values).max()) or 1.0
    ax.imshow(wide, cmap=HEAT.with_extremes(bad="none"), vmin=-limit, vmax=limit, aspect="equal")
    for example, channel, pixel in zip(*np.nonzero(framed), strict=True):
        _frame(ax, example, channel, pixel, plots.SERIES_COLORS[-1], 1.5)
    for example, channel, pixel in [] if wrong is None else np.argwhere(wrong).tolist():
        _frame(ax, example, channel, pixel, plots.WRONG, 3)
    _frame(ax, *cell, plots.LINE, 3.5)
    ax.set(title=title, ylabel="channel", yticks=range(CHANNELS), yticklabels=range(CHANNELS),
           xticks=[(PIXELS - 1) / 2 + k * (PIXELS + 1) for k in range(EXAMPLES)],
           xticklabels=[f"example {k}" for k in range(EXAMPLES)])
    ax.grid(False)


def _frame(ax: Axes, example: int, channel: int, pixel: int, color: str, width: float) -> None:
    ax.add_patch(Rectangle((example * (PIXELS + 1) + pixel - 0.5, channel - 0.5), 1, 1,
                           fill=False, edgecolor=color, linewidth=width))


def row(what: str, change: FloatArray) -> list[str]:
    """A line of the table: what was done, how many outputs moved, and by how much at most."""
    most = float(np.abs(change).max())
    size = "0" if most <= block.MOVED else f"{most:.2f}" if most >= 0.005 else "below 0.01"
    return [what, str(int((np.abs(change) > block.MOVED).sum())), size]


def message(title: str, found: NDArray[np.bool_], expected: NDArray[np.bool_]) -> str:
    """What the nudge has shown, in two sentences."""
    said = f"{title[:1].upper()}{title[1:]}: {count(found)} move."
    missing, extra = expected & ~found, found & ~expected
    if not missing.any() and not extra.any():
        return f"{said} They are exactly the cells that share their statistics with yours."
    parts = [f"{count(missing)} should move and don't" if missing.any() else "",
             f"{count(extra)} move and shouldn't" if extra.any() else ""]
    return f"{said} But {', and '.join(part for part in parts if part)}: they are marked."


def count(which: NDArray[np.bool_]) -> str:
    """So many outputs, in words."""
    number = int(which.sum())
    return f"{number} output{'s' * (number != 1)}"
