"""Which letters of a name each letter looks at, in each head of a trained transformer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from utils import plots
from utils._figures.picture import Picture
from utils.widgets.attention.heads import HEADS, LONGEST, START, doubt, queries_keys_values
from utils.widgets.kit import student
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.student import AnswerError

NAMES = ("christopher", "jennifer", "annabelle")  # to begin with, and as presets
LOWEST, HIGHEST = 0.1, 10.0  # temperatures


class AttentionExplorer(Explorer):
    """A square for each head: row by row, the weights a letter gives to the letters of a name.

    attention: the student's `attention(Q, K, V, mask)`; all the weights are its own. Queries, keys
        and values are those of `trained.names_gpt(1)`.
    A temperature divides the scores; without the scale, they are multiplied by what a right
    `attention` divides them by. Both are done to the queries. A name that can't be read leaves the
    one before in place.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    text = traitlets.Unicode(NAMES[0]).tag(sync=True)
    scaled = traitlets.Bool(True).tag(sync=True)
    masked = traitlets.Bool(True).tag(sync=True)
    temperature = traitlets.CFloat(1.0, min=LOWEST, max=HIGHEST).tag(sync=True)

    def __init__(self, attention: Callable[..., Any]) -> None:
        self._attention, self._shown = attention, NAMES[0]
        super().__init__(facts={"names": list(NAMES), "longest": LONGEST, "lowest": LOWEST,
                                "highest": HIGHEST})
        self._look()
        self.observe(self._look, ["text", "scaled", "masked", "temperature"])

    def _look(self, _: object = None) -> None:
        trouble, text = "", self.text.strip().lower()
        if text.isascii() and text.isalpha() and len(text) <= LONGEST:
            self._shown = text
        else:
            trouble = (f"A name has 1 to {LONGEST} letters from a to z. Until then, this shows "
                       f"{self._shown}.")
        letters = [START, *self._shown]
        note, message, weights = "", "", None
        try:
            weights, note = self._weigh(letters)
            message = _message(weights)
        except AnswerError as problem:
            note = str(problem)
        self.answer = {"trouble": trouble, "note": note, "message": message, "letters": letters,
                       "weights": b"" if weights is None else weights.astype("<f4").tobytes()}

    def _weigh(self, letters: list[str]) -> tuple[NDArray[np.float64], str]:
        """The student's weights (HEADS, T, T), and what is wrong with them. Raises AnswerError."""
        Q, K, V = queries_keys_values(self._shown)
        Q = Q * (1.0 if self.scaled else np.sqrt(Q.shape[-1])) / self.temperature
        mask = np.tri(len(letters), dtype=bool) if self.masked else None
        result = student.call(self._attention, Q, K, V, mask)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise AnswerError(f"{student.name(self._attention)} returned {student.kind(result)}, "
                              "expected the pair (out, weights).")
        weights = student.floats(self._attention, result[1], (HEADS, len(letters), len(letters)),
                                 "weights, one for each head, query and key")
        return weights, doubt(weights, Q, K, mask, letters)

    def static_html(self) -> str:
        """The squares of the name that is shown."""
        letters, T = self.answer["letters"], len(self.answer["letters"])
        values = np.frombuffer(self.answer["weights"], "<f4")
        weights = values.reshape(HEADS, T, T) if len(values) else np.zeros((HEADS, T, T))
        picture = Picture(
            f"The attention weights of {self._shown}, a square for each of {HEADS} heads. Each row "
            f"shows which letters one letter looks at. {self.answer['message']} "
            f"{self.answer['note']} In JupyterLab a row can be pointed at.",
            columns=HEADS, size=(11.0, 3.4))
        with picture as axes:
            for k, ax in enumerate(axes):
                plots.heat_map(weights[k], title=f"head {k + 1}", xlabel="", ylabel="", ax=ax,
                               values=False, limit=1.0)
                ax.set_xticks(range(T), letters)
                ax.set_yticks(range(T), letters)
        return picture.html


def _message(weights: NDArray[np.float64]) -> str:
    """How decided the heads are, in a sentence."""
    largest = weights.max(axis=-1).mean(axis=-1)
    return ("Mean of the rows' largest weights: "
            + ", ".join(f"head {k + 1} {value:.2f}" for k, value in enumerate(largest)) + ".")
