"""Take blocks out of trained networks; the student's functions run what is left."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import plots
from utils._figures.picture import Picture
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError, FloatArray
from utils.widgets.lesion_bench import cut

BLOCKS = 12
PRESETS: dict[str, list[int]] = {
    "Put all back": [], "Take out the first half": list(range(6)),
    "Take out the last half": list(range(6, 12)), "Take out every second": list(range(1, 12, 2)),
    "Take out all": list(range(12))}
MOST = 600  # examples that are looked at
COLORS = {"plain": plots.SERIES_COLORS[1], "residual": plots.SERIES_COLORS[0]}


class LesionBench(Explorer):
    """Choose which blocks are missing; see the accuracy, and what one more would cost.

    block_forward, lesion: the student's. networks: ((entry, blocks, head), skip) by name, with 12
    blocks, as the lesson trains them. X, y: examples that they have not seen.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    removed = traitlets.List(traitlets.Int(min=0, max=BLOCKS - 1), []).tag(sync=True)

    def __init__(self, block_forward: Callable[..., Any], lesion: Callable[..., Any],
                 networks: Mapping[str, Any], X: FloatArray, y: Any) -> None:
        self._forward, self._lesion = block_forward, lesion
        self._X, self._y = np.asarray(X, dtype=float)[:MOST], np.asarray(y)[:MOST]
        self._networks: dict[str, cut.Network] = {}
        self._trouble = ""
        for name in COLORS:
            if name not in networks:
                self._trouble = ("This waits for the trained networks: finish block_forward, "
                                 "block_backward, and zero_init_block, run the cells that train, "
                                 "then this cell.")
                continue
            try:
                self._networks[name] = cut.network(name, networks[name])
            except AnswerError as problem:
                self._trouble = str(problem)
        super().__init__(facts={"blocks": BLOCKS, "presets": PRESETS, "colors": COLORS,
                                "examples": len(self._X)})
        self._look()
        self.observe(self._look, "removed")

    def _look(self, _: object = None) -> None:
        gone = sorted(set(self.removed))
        kept = [k for k in range(BLOCKS) if k not in gone]
        notes, rows = [self._trouble] if self._trouble else [], []
        for name, one in self._networks.items():
            right, without = None, None
            try:
                right = cut.accuracy(self._forward, one, [one.blocks[k] for k in kept],
                                     self._X, self._y)
                without = cut.one_more(self._lesion, self._forward, one, kept, self._X, self._y)
            except AnswerError as problem:
                notes.append(str(problem))
            bars: list[float | None] = [None] * BLOCKS
            if without is not None:
                for k, value in zip(kept, without.tolist(), strict=True):
                    bars[k] = value
            rows.append({"name": name, "right": right, "bars": bars})
        self.answer = {"gone": gone, "rows": rows, "message": message(gone, rows),
                       "note": " ".join(dict.fromkeys(notes))}

    def static_html(self) -> str:
        """The bars of both networks, as they stand."""
        picture = Picture(f"{self.answer['message']} {self.answer['note']} Bars show the accuracy "
                          "if one more block is taken out. In JupyterLab this is an explorer: any "
                          "blocks can be taken out.", columns=2)
        rows = {row["name"]: row for row in self.answer["rows"]}
        with picture as panels:
            for ax, (name, color) in zip(panels, COLORS.items(), strict=True):
                row = rows.get(name, {"right": None, "bars": [None] * BLOCKS})
                heights = [0.0 if bar is None else bar for bar in row["bars"]]
                ax.bar(range(1, BLOCKS + 1), heights, color=color)
                if row["right"] is not None:
                    ax.axhline(row["right"], color=plots.LINE, linewidth=2)
                ax.set(xlabel="the block that is taken out, too", ylabel="digits right",
                       ylim=(0, 1.03), xticks=range(1, BLOCKS + 1),
                       title=f"{name}: {_percent(row['right'])} right")
        return picture.html


def message(gone: list[int], rows: list[dict[str, Any]]) -> str:
    """What is out, and what the networks still get right."""
    numbers = [str(k + 1) for k in gone]
    out = ("All 12 blocks are in" if not gone else "All 12 blocks are out" if len(gone) == BLOCKS
           else f"Without block {numbers[0]}" if len(gone) == 1 else
           f"Without blocks {_listed(numbers)}")
    said = [f"the {row['name']} network gets {_percent(row['right'])} right" for row in rows
            if row["right"] is not None]
    return f"{out}: {' and '.join(said)}." if said else f"{out}."


def _listed(words: list[str]) -> str:
    """Such as "1 and 2", or "1, 2, and 3"."""
    return (f"{', '.join(words[:-1])}, and {words[-1]}" if len(words) > 2
            else " and ".join(words))


def _percent(share: float | None) -> str:
    return "?" if share is None else f"{share:.1%}"
