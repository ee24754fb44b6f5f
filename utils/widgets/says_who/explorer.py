"""What a map shows of a network, and what is left of it when the network forgets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from utils import plots
from utils._figures.picture import Picture
from utils.widgets.kit import relu_network
from utils.widgets.kit.explorer import Explorer, module
from utils.widgets.kit.relu_network import SIDE, Network, WrongMap
from utils.widgets.kit.student import AnswerError, FloatArray
from utils.widgets.says_who import maps

METHODS = {"saliency": "saliency", "integrated": "integrated gradients", "occlusion": "occlusion"}
MAPS = {"saliency": relu_network.saliency, "integrated": maps.integrated,
        "occlusion": maps.occlusion}


class SaysWho(Explorer):
    """Choose a digit and a method; shuffle trained layers, and compare the maps.

    saliency, integrated_gradients, occlusion: the student's. network: (weights, biases), as the
    lesson trains them. X (n, 64), y (n,): pictures that it has not seen; the first of each class
    is shown.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    facts = traitlets.Dict().tag(sync=True)
    digit = traitlets.Int(3, min=0, max=9).tag(sync=True)
    asked = traitlets.Int(3, min=0, max=9).tag(sync=True)
    method = traitlets.Enum(list(METHODS), "saliency").tag(sync=True)
    layers = traitlets.Int(0, min=0).tag(sync=True)

    def __init__(self, saliency: Callable[..., Any], integrated_gradients: Callable[..., Any],
                 occlusion: Callable[..., Any], network: Any, X: FloatArray, y: Any) -> None:
        self._answers = {"saliency": saliency, "integrated": integrated_gradients,
                         "occlusion": occlusion}
        X, y = np.asarray(X, dtype=float), np.asarray(y)
        self._pictures = np.stack([X[np.argmax(y == label)] for label in range(10)])
        self._trouble, self._networks = "", list[Network]()
        try:
            trained = relu_network.network(network)
            self._networks = [trained.shuffled(count)
                              for count in range(len(trained.weights) + 1)]
        except AnswerError as problem:
            self._trouble = str(problem)
        self._found: list[FloatArray | None] = [None, None]
        super().__init__(facts={
            "methods": METHODS, "most": max(len(self._networks) - 1, 0),
            "pictures": self._pictures.astype("<f4").tobytes()})
        self._look()
        self.observe(self._look, ["digit", "asked", "method", "layers"])

    def _look(self, _: object = None) -> None:
        x, count = self._pictures[self.digit], min(self.layers, max(len(self._networks) - 1, 0))
        notes, found, says = [self._trouble] if self._trouble else [], [], list[int]()
        for one in (self._networks[0], self._networks[count]) if self._networks else ():
            says.append(int(one.scores(x[None])[0].argmax()))
            drawn = None
            try:
                drawn = MAPS[self.method](self._answers[self.method], one, x, self.asked)
            except WrongMap as problem:
                drawn = problem.found
                notes.append(str(problem))
            except AnswerError as problem:
                notes.append(str(problem))
            found.append(drawn)
        self._found = [*found, None, None][:2]
        self.answer = {
            "maps": {name: None if one is None else one.astype("<f4").tobytes()
                     for name, one in zip(("trained", "shuffled"), self._found, strict=True)},
            "side": next((len(one) for one in self._found if one is not None), SIDE),
            "count": count, "message": message(says, count, self._found),
            "note": next(iter(notes), "")}

    def static_html(self) -> str:
        """The digit and its two maps."""
        picture = Picture(
            f"{_named(self.digit)}, and the map of {METHODS[self.method]} for the score of "
            f"{self.asked}, as trained and with layers shuffled. {self.answer['message']} "
            f"{self.answer['note']} In JupyterLab digit, method, and layers can be chosen.",
            columns=3, size=(9.0, 3.2))
        titles = ("As trained", f"Layers shuffled: {self.answer['count']}")
        with picture as (left, *others):
            plots.image(self._pictures[self.digit].reshape(SIDE, SIDE),
                        title=_named(self.digit), ax=left)
            for ax, found, title in zip(others, self._found, titles, strict=True):
                if found is None:
                    ax.set_axis_off()
                    ax.set_title("No map yet")
                else:
                    plots.image(found, title=title, ax=ax,
                                strongest=float(np.abs(found).max()) or 1.0)
        return picture.html


def message(says: list[int], count: int, found: list[FloatArray | None]) -> str:
    """What the network says, and how much the two maps are alike."""
    if not says:
        return ""
    said = f"The trained network says {says[0]}."
    if count:
        said += (f" With {count} {'layer' if count == 1 else 'layers'} shuffled, it says "
                 f"{says[1]}.")
    first, second = found
    if count and first is not None and second is not None:
        with_signs = maps.alike(first, second)
        by_size = maps.alike(np.abs(first), np.abs(second))
        if with_signs is None or by_size is None:
            return f"{said} One of the maps is the same everywhere."
        said += (f" The correlation of the two maps is {_signed(with_signs)} with signs, and "
                 f"{_signed(by_size)} by size.")
    return said


def _named(digit: int) -> str:
    return f"{'An' if digit == 8 else 'A'} {digit}"


def _signed(value: float) -> str:
    """Two decimals, and a true minus sign."""
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "\N{MINUS SIGN}")
