"""What the networks behind the student's `predict` say about each pixel of a drawing."""

from collections.abc import Callable
from typing import Any

import numpy as np

from utils.widgets.kit import relu_network, student
from utils.widgets.kit.relu_network import SIDE, Network, WrongMap
from utils.widgets.kit.student import AnswerError, FloatArray

INK = 16  # the darkest pixel
AGREE = 0.9  # the share of scans that the networks must read as `predict` does


def networks(predict: Callable[..., Any], scans: FloatArray) -> list[Network]:
    """The networks in `predict.networks`; none if there is no such attribute.

    scans: (n, 64), from 0 to 16, on which they are compared with `predict`.
    Raises AnswerError where they can't be used, or read the scans in another way.
    """
    given = getattr(predict, "networks", None)
    if given is None:
        return []
    if not isinstance(given, (list, tuple)) or not given:
        raise AnswerError(f"predict.networks is {student.kind(given)}, expected a list of "
                          "(weights, biases), one pair for each network.")
    found = [relu_network.network(one, f"Network {k} of predict.networks")
             for k, one in enumerate(given)]
    chances = np.sum([_softmax(one.scores(scans / INK)) for one in found], axis=0)
    labels = student.array(predict, scans, shape=(len(scans),), meaning="one label for each row")
    same = int(np.sum(chances.argmax(axis=1) == labels))
    if same < AGREE * len(scans):
        raise AnswerError(f"There is no saliency map: predict.networks read only {same} of "
                          f"{len(scans)} scans as your predict does. They should take pixels "
                          "divided by 16, and have ReLU after each layer but the last.")
    return found


def slopes(saliency: Callable[..., Any], found: list[Network], drawn: FloatArray,
           label: int) -> tuple[FloatArray | None, str]:
    """The mean of the networks' saliency maps (8, 8) for the score of `label`, and a note.

    drawn: (64,), from 0 to 16. A wrong map is shown, and the note says what is wrong with it.
    """
    total, note = np.zeros((SIDE, SIDE)), ""
    for one in found:
        try:
            total += relu_network.saliency(saliency, one, drawn / INK, label)
        except WrongMap as trouble:
            total += trouble.found
            note = note or str(trouble)
        except AnswerError as trouble:
            return None, str(trouble)
    return total / len(found), note


def _softmax(Z: FloatArray) -> FloatArray:
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.asarray(E / E.sum(axis=1, keepdims=True))
