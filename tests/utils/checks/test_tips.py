"""What to do about the error messages that beginners meet most: each raised by what raises it."""

import math

import numpy as np
import pytest

from utils._checks.tips import tip
from utils.checks import Checks

ROW = np.arange(3)


@pytest.mark.parametrize(("mistake", "says"), [
    (lambda: [1, 2][ROW], "one whole number belongs"),
    (lambda: np.concatenate(ROW, ROW), "in one list"),
    (lambda: math.exp(ROW), "take one number"),
    (lambda: float(ROW), "take one number"),
    (lambda: np.concatenate([np.ones((3, 1)), ROW], axis=1), "becomes a column"),
    (lambda: np.eye(2)[np.array([1.0])], "names, for one"),
    (lambda: ROW + np.arange(2), "compared from the right"),
    (lambda: np.ones((2, 3)) @ np.ones((2, 3)), "For `A @ B`"),
    (lambda: np.dot(np.ones((2, 3)), np.ones((2, 3))), "For `A @ B`"),
    (lambda: 1 if ROW > 1 else 0, "one True or False"),
    (lambda: np.array([[1], [1, 2]], dtype=float), "one number"),
    (lambda: np.zeros(3).__setitem__(0, [1, 2]), "one number"),
    (lambda: (ROW > 1) - (ROW > 0), "numbers of them first"),
    (lambda: [1] - [2], "`type(…)` of both"),
    (lambda: None[0], "lack its `return`"),
    (lambda: None + 1, "lack its `return`"),
    (lambda: None(), "as a function"),
    (lambda: (lambda x: x(1))(3), "Is a `*` missing"),
    (lambda: ROW(1), "Is a `*` missing"),
])
@pytest.mark.filterwarnings("ignore")
def test_a_known_message_gets_a_tip(mistake, says):
    with pytest.raises((IndexError, TypeError, ValueError)) as raised:
        mistake()
    assert says in tip(raised.value)
    check = Checks("f", points=1, visible=1)
    with check("label"):
        check.call(mistake)
    assert check.outcomes[0].message.endswith(tip(raised.value))


def test_another_message_gets_none():
    assert tip(ValueError("eps must be above 0")) == ""
