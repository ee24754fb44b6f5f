"""Types of a course's own have plain forms; one that lies is refused in a line."""

from collections import namedtuple
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest

from utils._checks import compare, forms
from utils.checks import Checks
from utils.plain import PlainFormError, plain, register


class Station:
    def __init__(self, name, rain):
        self.name, self.rain = name, np.array(rain, dtype=float)


@dataclass
class Day:
    __slots__ = ("mm", "notes")
    mm: float
    notes: list


Pair = namedtuple("Pair", "low high")


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setattr(forms, "_forms", {})
    register(Station, to_plain=lambda station: (station.name, station.rain),
             from_plain=lambda written: Station(*written), example=Station("a", [1.0]))
    register(Pair, to_plain=tuple, from_plain=lambda written: Pair(*written), example=Pair(1, 2.0))
    register(Day, to_plain=lambda day: {"mm": day.mm, "notes": day.notes},
             from_plain=lambda written: Day(**written), example=Day(1.0, []))


class Other:
    def __init__(self, value=0):
        self.value = value


@pytest.mark.parametrize(("to_plain", "from_plain", "message"), [
    (lambda one: one.value, lambda written: Other(written + 1),
     "the plain form of Other lies: what is made of 3 has the plain form 4"),
    (lambda one: one.value, lambda written: written,
     "the plain form of Other lies: it makes a int"),
    (lambda one: one.value, lambda written: Station("a", [1.0]),
     "the plain form of Other lies: it makes a Station"),
    (lambda one: one, lambda written: written,
     "the plain form of Other holds a value of type Other"),
    (lambda one: [one.value, {1: object()}], lambda written: Other(written),
     "the plain form of Other holds a value of type object"),
    (lambda one: len, lambda written: Other(written),
     "the plain form of Other holds a value of type builtin_function_or_method"),
    (lambda one: one.none, Other,
     "a Other has no plain form: AttributeError: 'Other' object has no attribute 'none'"),
    (lambda one: one.value, lambda written: Other(1 / 0),
     "no Other can be made: ZeroDivisionError: division by zero"),
], ids=lambda value: "" if callable(value) else str(value))
def test_a_plain_form_that_lies_is_refused(to_plain, from_plain, message):
    with pytest.raises(PlainFormError) as raised:
        register(Other, to_plain=to_plain, from_plain=from_plain, example=Other(3))
    assert str(raised.value) == message


@pytest.mark.parametrize(("kind", "example", "message"), [
    (dict, {}, "dict can't be registered: it is plain already."),
    (type("Made", (), {}), 3, "The example for Made is of type int."),
    (type("Kind", (type,), {})("Odd", (), {}), None, "Odd can't be registered: its class has"),
])
def test_a_type_that_cannot_be_registered_is_refused(kind, example, message):
    with pytest.raises(PlainFormError, match=message):
        register(kind, to_plain=id, from_plain=id, example=example)


def test_numbers_that_are_not_numbers_are_given_back():
    assert np.isnan(plain(Station("a", [np.nan]))[1][0])


@pytest.mark.parametrize(("got", "expected", "reason"), [
    (Station("a", [1.0, 2.0]), Station("a", [1.0, 2.0 + 1e-12]), None),
    (Station("a", [1.0, 2.0]), Station("a", [1.0, 3.0]),
     "not the Station expected: at index 1, expected [1., 3.], got [1., 2.]."),
    (Station("b", [1.0]), Station("a", [1.0]),
     "not the Station expected: at index 0, expected 'a', got 'b'."),
    (Pair(1.0, 2.0), Pair(1.0, 2.5), "not the Pair expected: in high, expected 2.5, got 2."),
    ((1.0, 2.0), Pair(1.0, 2.0), "expected a Pair, got a tuple."),
    (None, Pair(1.0, 2.0), compare.NOTHING),
    (Day(1.0, ["wet"]), Day(1.0, ["dry"]),
     "not the Day expected: at 'notes', at index 0, expected 'dry', got 'wet'."),
    (Day(1.0, ["wet"]), Day(1.0, []),
     "not the Day expected: at 'notes', expected 0 values, got 1."),
])
def test_values_are_compared_by_their_plain_forms(got, expected, reason):
    assert compare.close(got, expected, 1e-7, 1e-9) == reason


def test_what_is_equal_is_exactly_so():
    assert compare.equal(Station("a", [1.0]), Station("a", [1.0])) is None
    assert compare.equal(Station("a", [1.0]), Station("a", [1.0 + 1e-12]))
    assert compare.show(Station("a", [1.0])) == "Station('a', [1.])"
    assert compare.show(Day(1.0, [])) == "Day({'mm': 1, 'notes': []})"


def spoil(value):
    match value:
        case Station():
            value.name = "changed"
            value.rain[0] = 9.0
        case Day():
            value.notes.append("changed")
        case Pair():
            value.high.append("changed")


@pytest.mark.parametrize("make", [lambda: Station("a", [1.0]), lambda: Day(1.0, []),
                                  lambda: Pair(1.0, [])])
def test_a_changed_argument_is_noticed_and_put_back(make):
    value = make()
    check = Checks("spoil", points=2, visible=2)
    with check("leaves it as it was"):
        check.unchanged(spoil, make())
    with check("is put back"):
        check.call(spoil, value)
    assert [one.error for one in check.outcomes] == ["failed", None]
    assert "before the call and is" in check.outcomes[0].message
    assert compare.same(value, make())


def test_what_has_no_place_for_a_change_stays():
    assert not forms.become(Decimal(1), Decimal(2))
