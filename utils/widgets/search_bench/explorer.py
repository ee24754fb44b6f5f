"""Grid against dice: two searches with the same budget on one landscape."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import plots
from utils._figures.number_format import significant
from utils._figures.picture import Picture
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError
from utils.widgets.search_bench.landscape import landscape
from utils.widgets.search_bench.trials import LINEAR, LOG, Trials, dice, grid

BUDGETS = (4, 9, 16, 25)
TIMES = 200  # searches that are averaged
ROWS = 6  # of averages that are kept


class SearchBench(Explorer):
    """Choose a budget and a scale; a grid and random trials look for the best setting.

    random_search: the student's `random_search(objective, sample, trials, rng)`.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    trials = traitlets.Enum(list(BUDGETS), 9).tag(sync=True)
    scale = traitlets.Enum([LOG, LINEAR], LOG).tag(sync=True)
    draw = traitlets.Int(0, min=0).tag(sync=True)
    asked = traitlets.Int(0).tag(sync=True)

    def __init__(self, random_search: Callable[..., Any]) -> None:
        self._random_search = random_search
        self._land = land = landscape()
        self._averages: list[list[str]] = []
        super().__init__(facts={
            "land": land.valid.astype("<f4").tobytes(), "columns": len(land.rates),
            "rows": len(land.decays), "budgets": list(BUDGETS), "times": TIMES,
            "window": [land.rates[0], land.rates[-1], land.decays[0], land.decays[-1]]})
        self._look()
        self.observe(self._look, ["trials", "scale", "draw"])
        self.observe(self._average, "asked")

    def _search(self, draw: int) -> tuple[Trials, Trials]:
        """What grid and dice find; raises AnswerError."""
        rng = np.random.default_rng([9, self.trials, draw])
        found = grid(self._land, self.trials, self.scale, rng)
        return found, dice(self._land, self.trials, self.scale, rng, self._random_search)

    def _look(self, _: object = None) -> None:
        rng = np.random.default_rng([9, self.trials, self.draw])
        by_grid, by_dice, note = grid(self._land, self.trials, self.scale, rng), None, ""
        try:
            by_dice = dice(self._land, self.trials, self.scale, rng, self._random_search)
        except AnswerError as trouble:
            note = str(trouble)
        self.answer = {"grid": _sent(by_grid), "dice": by_dice and _sent(by_dice), "note": note,
                       "averages": self._averages,
                       "message": "" if by_dice is None else message(by_grid, by_dice)}

    def _average(self, _: object) -> None:
        """Many searches with this budget and scale: a row for the table."""
        try:
            found = [self._search(draw) for draw in range(TIMES)]
        except AnswerError as trouble:
            self.answer = {**self.answer, "note": str(trouble)}
            return
        valid = np.array([[one.valid for one in pair] for pair in found])
        row = [f"{self.trials}, {self.scale}", *(f"{mean:.1%}" for mean in valid.mean(axis=0)),
               f"{np.mean(valid[:, 1] > valid[:, 0]):.0%}"]
        kept = [one for one in self._averages if one[0] != row[0]]
        self._averages = [*kept, row][-ROWS:]
        self.answer = {**self.answer, "averages": self._averages, "note": ""}

    def static_html(self) -> str:
        """Both searches as they stand, side by side."""
        try:
            pair: tuple[Trials, ...] = self._search(self.draw)
            said = message(*pair)
        except AnswerError as trouble:
            pair, said = (), str(trouble)
        picture = Picture(
            f"Two searches with {self.trials} trials each on a landscape of learning rate and "
            f"weight decay, on a {self.scale} scale. {said} In JupyterLab this is an explorer: "
            "budget and scale can be changed, and the searches repeated.", columns=2)
        land = self._land
        with picture as panels:
            for ax, name, trials in zip(panels, ("grid", "dice"), pair or (None, None),
                                        strict=True):
                ax.pcolormesh(land.rates, land.decays, land.valid ** 3, cmap="Blues",
                              shading="nearest", vmin=0, vmax=1)
                ax.set(xlabel="log₁₀ of the learning rate", ylabel="log₁₀ of the weight decay",
                       title=name if trials is None else f"{name}: {trials.valid:.1%} right")
                if trials is not None:
                    ax.plot(trials.points[:, 0], np.full(len(trials.points), land.decays[0]), "|",
                            color=plots.WRONG, markersize=22, markeredgewidth=2.5)
                    ax.plot(*trials.points.T, "o", markersize=6, color="white",
                            markeredgecolor="black")
                    ax.plot(*trials.best, "o", markersize=13, fillstyle="none",
                            markeredgewidth=3, color=plots.LINE)
        return picture.html


def message(by_grid: Trials, by_dice: Trials) -> str:
    """What both have found, in two sentences."""
    values = [len(np.unique(one.points[:, 0].round(9))) for one in (by_grid, by_dice)]
    gap = by_dice.valid - by_grid.valid
    ahead = ("Both find equally much." if abs(gap) < 0.0005 else
             f"The {'dice' if gap > 0 else 'grid'} came out ahead by {100 * abs(gap):.1f} points.")
    return f"The grid has tried {values[0]} learning rates, the dice {values[1]}. {ahead}"


def _sent(trials: Trials) -> dict[str, Any]:
    return {"points": trials.points.astype("<f4").tobytes(), "best": trials.best.tolist(),
            "valid": f"{trials.valid:.1%}", "test": f"{trials.test:.1%}",
            "setting": f"learning rate {significant(10 ** trials.best[0], 2)}, "
                       f"decay {significant(10 ** trials.best[1], 1)}"}
