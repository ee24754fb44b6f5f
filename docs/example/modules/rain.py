"""What the lesson on rain works with: a station, and a summary of one."""

from typing import NamedTuple

import numpy as np

from utils.plain import register


class Station:
    """A place with a rain gauge.

    name: of the place. rain: the millimeters of each day, a float64 array of shape (days,).
    """

    def __init__(self, name, rain):
        self.name, self.rain = str(name), np.array(rain, dtype=float)
        if self.rain.ndim != 1:
            raise ValueError("rain has one number for each day")

    def __repr__(self):
        return f"Station({self.name!r}, {len(self.rain)} days)"


class Summary(NamedTuple):
    """What a station's rain comes to, in millimeters: of all days, and of days with rain."""

    mean: float
    median: float
    rainy_mean: float


register(Station, to_plain=lambda station: (station.name, station.rain),
         from_plain=lambda plain: Station(*plain), example=Station("Here", [0.0, 2.5]))
register(Summary, to_plain=tuple, from_plain=lambda plain: Summary(*plain),
         example=Summary(1.25, 1.25, 2.5))
