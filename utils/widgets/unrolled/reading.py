"""What the student's step makes of a text, and what their backward pass says of the past."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils.widgets.kit import student
from utils.widgets.kit.student import AnswerError, FloatArray

UNITS, SIGNS = 12, 27
LONGEST = 40  # letters of a text
NUDGE = 1e-7
LARGE = 1e4  # from here on, a nudge becomes too large to measure a slope by


@dataclass(frozen=True)
class Setting:
    """A text of letters a to z, and the network that reads it.

    radius: the spectral radius of Wh. inputs: a factor for Wx. draw: which random network.
    """

    text: str
    radius: float
    inputs: float
    draw: int = 0

    @property
    def ids(self) -> list[int]:
        """The letters as numbers from 1."""
        return [ord(letter) - ord("a") + 1 for letter in self.text]

    def weights(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Wx (UNITS, SIGNS), Wh (UNITS, UNITS), and b, which is 0."""
        rng = np.random.default_rng([14, self.draw])
        Wh = rng.normal(size=(UNITS, UNITS))
        Wh *= self.radius / np.abs(np.linalg.eigvals(Wh)).max()
        return self.inputs * rng.normal(size=(UNITS, SIGNS)) / 3, Wh, np.zeros(UNITS)


@dataclass(frozen=True)
class Reading:
    """What happened at each letter.

    states: (T, UNITS). left: (T,), how far the states are apart if the first letter is another
    one, as a share of what it is after that letter; nan where the letter makes no difference.
    nudged: (T,), the norm of ∂h_t/∂h_0 from small nudges of h_0.
    """

    states: FloatArray
    left: FloatArray
    nudged: FloatArray


def read(step: Callable[..., Any], setting: Setting) -> Reading:
    """Run the student's step over the text. Raises AnswerError.

    One batch holds the text, the text with another first letter, and the text from h_0 nudged up
    and down in each unit.
    """
    Wx, Wh, b = setting.weights()
    rows = 2 + 2 * UNITS
    h = np.concatenate([np.zeros((2, UNITS)), NUDGE * np.eye(UNITS), -NUDGE * np.eye(UNITS)])
    states, left, nudged = [], [], []
    for t, one in enumerate(setting.ids):
        x = np.zeros((rows, SIGNS))
        x[:, one] = 1
        if t == 0:
            x[1] = np.roll(x[1], 1 if one < SIGNS - 1 else 2 - SIGNS)
        h = student.array(step, x, h, Wx, Wh, b, shape=(rows, UNITS),
                          meaning="the new state of each row")
        states.append(h[0])
        left.append(float(np.linalg.norm(h[0] - h[1])))
        nudged.append(_norm((h[2:2 + UNITS] - h[2 + UNITS:]) / (2 * NUDGE)))
    share = np.array(left) / left[0] if left[0] else np.full(len(left), np.nan)
    return Reading(np.array(states), share, np.array(nudged))


def norms(backward: Callable[..., Any], setting: Setting, states: FloatArray) -> FloatArray:
    """The norm of ∂h_t/∂h_0 after each letter, by one call of the student's backward pass.

    states: (T, UNITS), from `read`. Row (t, i) of the batch sends a 1 back from unit i after
    letter t, so that its dh0 is a row of that Jacobian. Raises AnswerError.
    """
    Wx, Wh, _ = setting.weights()
    T = len(states)
    rows = T * UNITS
    X = np.repeat(np.eye(SIGNS)[setting.ids][None], rows, axis=0)
    H = np.repeat(states[None], rows, axis=0)
    dH = np.zeros((rows, T, UNITS))
    dH[np.arange(rows), np.repeat(np.arange(T), UNITS), np.tile(np.arange(UNITS), T)] = 1
    result = student.call(backward, dH, X, H, np.zeros((rows, UNITS)), Wx, Wh)
    if not isinstance(result, (tuple, list)) or len(result) != 5:
        raise AnswerError(f"{student.name(backward)} returned {student.kind(result)}, expected "
                          "(dX, dh0, dWx, dWh, db).")
    dh0 = student.floats(backward, result[1], (rows, UNITS), "dh0, a gradient for each row")
    return np.array([_norm(J) for J in dh0.reshape(T, UNITS, UNITS)])


def agree(found: FloatArray, reading: Reading) -> bool:
    """Do the norms say what nudging says, as far as nudges of this size can tell?"""
    small = reading.nudged < LARGE
    return np.allclose(found[small], reading.nudged[small], rtol=1e-3, atol=1e-7)


def _norm(J: FloatArray) -> float:
    """The largest factor by which a nudge can grow."""
    return float(np.linalg.norm(J, 2))
