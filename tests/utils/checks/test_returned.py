"""A part of a result has a name where it is given one, and its place where it has none."""

import numpy as np
import pytest

from utils._checks.returned import place
from utils.checks import Checks


def test_a_part_is_known_by_being_that_very_object():
    dW, db = [np.ones(2), np.ones(2)], [np.zeros(2)]
    assert place(dW, (dW, db), ("dWs", "dbs")) == "in dWs, "
    assert place(dW[1], (dW, db), ("dWs", "dbs")) == "in dWs[1], "
    assert place(dW[1], dW) == "at index 1, "
    assert place(db[0], {"a": dW, "b": db}) == "at index 'b'[0], "


def test_what_is_no_part_or_several_has_no_place():
    a = np.ones(2)
    assert place(a, a) == place(a, 5) == place(np.ones(2), (a, a)) == place(a, (a, a)) == ""
    assert place(1, (1, 1), ("start", "period")) == ""


def answered(result, comparison, returns=()):
    check = Checks("pair", points=1, visible=1, returns=returns)
    with check("is right"):
        comparison(check, check.call(lambda x: result, 5))
    return check.outcomes[0].message


@pytest.mark.parametrize(("comparison", "says"), [
    (lambda check, got: check.close(got, (np.ones(1), 2.0)), "in b, expected 2, got 3."),
    (lambda check, got: check.close(got[1], 2.0), "in b, expected 2, got 3."),
    (lambda check, got: check.floats(got[0], (2,)), "in w, expected shape (2,), got (1,)."),
    (lambda check, got: check.close(got[1], 2.0, names=("c",)), "expected 2, got 3."),
    (lambda check, got: check.close(got[1] + 1.0, 2.0), "expected 2, got 4.")])
def test_messages_say_which_part_is_wrong(comparison, says):
    result = np.ones(1), 3.0
    assert answered(result, comparison, ("w", "b")) == f"pair(5): {says}"


def test_of_a_list_the_index_is_said():
    assert answered([np.ones(1), np.ones(1)], lambda check, got: check.close(
        got[1], [2.0])) == "pair(5): at index 1, expected [2.], got [1.]."
    assert answered([np.ones(1), None], lambda check, got: check.close(
        got[1], [2.0])) == "pair(5): at index 1, expected numbers, got None."


def test_dictionaries_and_generators_are_shown():
    check = Checks("walk", points=1, visible=1)
    with check("is right"):
        check.close(check.call(lambda *given: 1.0, {"q": ("x", "x")}, {"q": lambda g: g},
                               np.random.default_rng(1)), 2.0)
    with check("is right"):
        check.close(check.call(lambda *given: 1.0, {f"name {k}": k for k in range(99)}), 2.0)
    first, second = (outcome.message for outcome in check.outcomes)
    assert first.startswith("walk({'q': ('x', 'x')}, {'q': a function}, rng): expected 2")
    assert second.startswith("walk(a dict of 99): ")
