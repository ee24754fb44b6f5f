"""How well a network reads digits, for each learning rate and weight decay: looked up, not trained.

`tools/search_surface.py` trained the networks and wrote the file.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from utils.widgets.kit.student import FloatArray

FILE = Path(__file__).with_name("surface.json")


@dataclass(frozen=True, eq=False)
class Landscape:
    """Accuracies, from 0 to 1, on a grid of settings.

    rates, decays: log10 of the learning rates and of the weight decays, evenly spaced.
    valid, test: (len(decays), len(rates)), each entry the mean of five networks.
    """

    rates: FloatArray
    decays: FloatArray
    valid: FloatArray
    test: FloatArray

    def at(self, table: FloatArray, rate: float, decay: float) -> float:
        """An accuracy between the points of the grid, and at its edge beyond it.

        rate, decay: log10 of the learning rate and of the weight decay.
        """
        i, u = _place(self.decays, decay)
        j, v = _place(self.rates, rate)
        low = (1 - v) * table[i, j] + v * table[i, j + 1]
        high = (1 - v) * table[i + 1, j] + v * table[i + 1, j + 1]
        return float((1 - u) * low + u * high)


@cache
def landscape() -> Landscape:
    """The landscape of the file. It is shared: not to be changed."""
    _, rates, decays, valid, test = json.loads(FILE.read_text(encoding="utf-8")).values()
    return Landscape(*(np.array(part) for part in (rates, decays, valid, test)))


def _place(axis: FloatArray, value: float) -> tuple[int, float]:
    """The cell of an evenly spaced axis that a value falls into, and how far in, from 0 to 1."""
    steps = (value - axis[0]) / (axis[1] - axis[0])
    steps = min(max(float(steps), 0.0), len(axis) - 1.0)
    cell = min(int(steps), len(axis) - 2)
    return cell, steps - cell
