"""The pictures that lie under the lens, as whole numbers that the browser has too."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from utils import data
from utils.widgets.kit.student import FloatArray

STEP = 8  # a photograph is shown at an eighth of its size
DIGIT = "digit"
NAMES = (DIGIT, *data.PHOTOGRAPHERS)


@dataclass(frozen=True, eq=False)
class Picture:
    """Gray pixels (h, w): `levels` from 0, black, to `white`."""

    levels: NDArray[np.uint8]
    white: int

    @property
    def pixels(self) -> FloatArray:
        """The same from 0 to 1."""
        return self.levels / self.white


def digits() -> list[Picture]:
    """The first 0 to 9 of the table; ink is white."""
    table = data.digits()
    return [Picture(table.X[np.argmax(table.y == label)].reshape(8, 8).astype(np.uint8), 16)
            for label in range(10)]


def photograph(name: str) -> Picture:
    """The mean of the colors in squares of STEP × STEP pixels."""
    photo = data.photograph(name).mean(axis=0)
    h, w = (size // STEP for size in photo.shape)
    small = photo[:h * STEP, :w * STEP].reshape(h, STEP, w, STEP).mean(axis=(1, 3))
    return Picture(np.round(255 * small).astype(np.uint8), 255)
