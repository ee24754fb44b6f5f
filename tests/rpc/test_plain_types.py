"""A course says which types of values may cross; others are refused in words."""

import tomllib

import numpy as np
import pytest

from autograder.course import ROOT
from autograder.rpc import codec, plain_types
from autograder.rpc.array_memory import Refused
from autograder.rpc.callables import Callables
from autograder.rpc.exceptions import Outcome
from autograder.rpc.message import Shared

VALUES = {
    "complex": 1j, "bytes": b"x", "list": [1], "dict": {"a": 1}, "set": {1}, "ndarray": np.ones(2),
    "Generator": np.random.default_rng(0), "callable": len,
}


def test_the_course_names_types_that_there_are():
    names = tomllib.loads((ROOT / "course.toml").read_text())["fence"]["types"]
    assert plain_types.choose(names) == plain_types.ALL


def test_every_type_is_required_or_tried_here():
    assert VALUES.keys() == plain_types.ALL - plain_types.REQUIRED


@pytest.mark.parametrize(("names", "reason"), [
    ([*plain_types.ALL, "sett"], "no type 'sett'"), (plain_types.ALL - {"int"}, "without.* int"),
    ([], "None, bool, float, int, str, tuple")])
def test_a_choice_that_makes_no_sense_is_refused(names, reason):
    with pytest.raises(ValueError, match=reason):
        plain_types.choose(names)


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: (1, ("a", x))], ids=["itself", "inside"])
def test_a_type_that_may_not_cross_is_refused_at_either_end(name, wrap):
    known = Callables(lambda number: len)
    types, value = plain_types.choose(plain_types.ALL - {name}), wrap(VALUES[name])
    kind = type(VALUES[name]).__name__
    with pytest.raises(Refused, match=f"An argument holds a value of type {kind}; use plain"):
        codec.pack(value, known.export, types)
    data = codec.pack(value, known.export)[0]
    with pytest.raises(Refused, match=f"An argument holds a value of type {name}; use plain"):
        codec.unpack(data, known.resolve, types)  # knows a function only as a callable
    nothing = Shared([], [])
    reply = codec.pack_reply(Outcome(value), nothing, known.export, types)
    refused = codec.unpack_reply(reply, nothing, known.resolve).error
    assert str(refused).startswith(f"The result holds a value of type {kind}; use plain")
    with pytest.raises(Refused, match=f"The result holds a value of type {name}; use plain"):
        codec.unpack_reply(codec.pack_reply(Outcome(value), nothing, known.export), nothing,
                           known.resolve, types)


@pytest.mark.parametrize("name", VALUES)
def test_the_others_still_cross(name):
    known = Callables(lambda number: len)
    types = plain_types.choose(plain_types.REQUIRED | {name})
    data = codec.pack((1, None, VALUES[name]), known.export, types)[0]
    assert type(codec.unpack(data, known.resolve, types)[0][2]) is type(VALUES[name])


def test_an_argument_may_not_come_back_with_a_type_that_may_not_cross():
    types = plain_types.choose(plain_types.ALL - {"set"})
    items = [1]
    data, sent = codec.pack((items,), None, types)
    (copy,), received = codec.unpack(data, None)
    copy.append({1})
    reply = codec.pack_reply(Outcome(), received, None)
    with pytest.raises(Refused, match="After the call an argument holds a value of type set"):
        codec.unpack_reply(reply, sent, None, types)
    assert items == [1]


def test_a_refusal_names_what_may_cross():
    text = plain_types.refusal("The result", "list", plain_types.choose(plain_types.REQUIRED))
    assert text.endswith("use plain numbers, strings or tuples.")
