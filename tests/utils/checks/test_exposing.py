"""Cases that a student chose: only small ones that fit are used, and what they show is certain."""

import contextlib

import numpy as np
import pytest

from utils._checks import time_limit
from utils.checks import Checks


def fit(x, factor=1.0):
    x = np.array(x, dtype=float)
    return (x, factor) if x.ndim == 1 else "x should be one row."


def twice(x, factor):
    return 2 * x * factor


def doubled(x, factor):
    return (x + x) * factor


def absolute(x, factor):
    """A minus
    is lost."""
    return 2 * np.abs(x) * factor


def run(returned, wrong=absolute, right=(twice, doubled)):
    """What two checks come to: can the cases be used, and do they expose an answer?"""
    check = Checks("cases", points=1, visible=1, hidden=1)
    answer = returned if callable(returned) else lambda: returned
    with check("can be used", weight=0):
        check.cases(answer, fit)
    with check("exposes"):
        check.exposes(check.cases(answer, fit), wrong, list(right))
    return check


def messages(returned, **answers):
    return [outcome.message for outcome in run(returned, **answers).outcomes]


def endless():
    while True:
        pass


inside_itself = []
inside_itself.append(inside_itself)


@pytest.mark.parametrize(("returned", "reason"), [
    (None, "it returned None. Is a `return` missing?"),
    (3, "expected a list of cases, each a tuple (x, factor), got an int."),
    (np.ones((2, 2)), "expected a list of cases, each a tuple (x, factor), got an array."),
    ({"x": 1}, "expected a list of cases, each a tuple (x, factor), got a dict."),
    ((case for case in [([1.0],)]),
     "expected a list of cases, each a tuple (x, factor), got a generator."),
    ([], "expected 1 to 8 cases, got 0."),
    ([([1.0],)] * 9, "expected 1 to 8 cases, got 9."),
    ([([1.0],), [1.0, 2.0, 3.0]],
     "case 1 can't be used: expected a tuple (x, factor), got 3 entries."),
    ([()], "case 0 can't be used: expected a tuple (x, factor), got 0 entries."),
    ([np.ones(2)], "case 0 can't be used: expected a tuple (x, factor), got an array."),
    ([([1.0] * 200, 2.0)], "case 0 can't be used: it holds more than 200 numbers."),
    ([(np.zeros(10**6),)], "case 0 can't be used: it holds more than 200 numbers."),
    ([([[]] * 10**5,)], "case 0 can't be used: it holds more than 200 numbers."),
    ([(inside_itself,)], "case 0 can't be used: it holds more than 200 numbers."),
    ([([[1.0], [2.0, 3.0]],)], "case 0 can't be used: in x, expected numbers in a regular array, "
                               "got rows of different lengths."),
    ([("one",)], "case 0 can't be used: in x, expected numbers, got a string."),
    ([([1.0], absolute)], "case 0 can't be used: in factor, expected numbers, got a function."),
    ([([[1.0]],)], "case 0 can't be used: x should be one row."),
    ([([1j],)], "case 0 can't be used: in x, expected real numbers, got dtype complex128."),
    ([([10**400],)], "case 0 can't be used: in x, expected real numbers, got dtype object."),
    ([(None,)], "case 0 can't be used: x should be one row."),
])
def test_what_can_not_be_used_is_refused_with_its_reason(returned, reason):
    assert messages(returned) == 2 * [f"cases(): {reason}"]
    assert run(returned).result() == 0


def test_an_object_of_another_kind_reaches_no_answer():
    class Sneaky(np.ndarray):
        pass

    class Many(list):
        def __len__(self):
            return 1

    sneaky = np.ones(2).view(Sneaky)
    assert messages([(sneaky,)])[0].endswith("expected a plain NumPy array, got Sneaky.")
    assert messages(Many([([1.0],)] * 99))[0].endswith("got a Many.")


@pytest.mark.parametrize(("returned", "found"), [
    ([([1.0, -1.0],)], True),
    ([([1.0],), ([-2.0, 3.0], 5)], True),
    ([([1.0],), ([0.0, 3.0], 5)], False),
    ([[(1, -1)]], True),
    (([np.array([1, 2]), 3],), False),
    ([([-1e-12],)], False),  # below what a test would notice
])
def test_one_case_that_shows_the_mistake_is_enough(returned, found):
    check = run(returned)
    assert check.result() == float(found)
    assert check.outcomes[1].message == ("" if found else "No case shows it. Whoever makes this "
                                         "mistake is told: A minus is lost.")


@pytest.mark.parametrize("wrong", [
    lambda x, factor: 1 / 0, lambda x, factor: None, lambda x, factor: np.nan * x,
    lambda x, factor: (2 * x * factor)[None], lambda x, factor: exit(0)])
def test_an_answer_that_fails_is_exposed(wrong):
    assert run([([1.0],)], wrong=wrong).result() == 1


def test_an_answer_that_changes_its_arguments_spoils_no_other():
    def greedy(x, factor):
        x *= 2
        return x * factor

    assert run([([1.0, 2.0],)], wrong=greedy, right=(greedy, twice)).result() == 0
    assert run([([1.0, -2.0],)], right=(greedy, twice)).result() == 1


@pytest.mark.parametrize(("other", "reason"), [
    (lambda x, factor: x * factor, "disagree with each other"),
    (lambda x, factor: 1 / 0, "raise ZeroDivisionError")])
@pytest.mark.parametrize("turned", [False, True])
def test_a_case_on_which_right_answers_differ_counts_for_nothing(other, reason, turned):
    other.__name__ = "twice"
    right = (other, twice) if turned else (twice, other)
    check = run([([0.0] if "dis" in reason else [1.0],), ([1.0, -1.0],)], right=right)
    assert check.result() == 0
    number = 1 if "dis" in reason else 0
    assert check.outcomes[1].message == (f"In case {number}, right answers {reason}: `twice` "
                                         "promises nothing for such an input.")


def test_the_cases_are_asked_for_once():
    calls = []

    def other_each_time():
        calls.append(1)
        return [([-float(len(calls))],)]

    assert run(other_each_time).result() == 1
    assert len(calls) == 1


@pytest.mark.parametrize("grader", [False, True])
def test_what_never_ends_is_ended(grader, monkeypatch):
    """A grader's channel has deadlines of its own, but the known answers are not behind it."""
    monkeypatch.setattr("utils.checks.SECONDS", 0.1)
    with time_limit.off() if grader else contextlib.nullcontext():
        check = run([([1.0],)], right=(lambda x, factor: endless(), twice))
    assert [outcome.error for outcome in check.outcomes] == [None, "timeout"]
    if not grader:
        assert [o.error for o in run(endless).outcomes] == ["timeout", "timeout"]


def test_a_blank_answer_is_unfinished():
    def stub():
        raise NotImplementedError

    assert {outcome.error for outcome in run(stub).outcomes} == {"missing"}
