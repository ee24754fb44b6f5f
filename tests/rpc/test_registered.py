"""A registered type crosses as its plain form, both ways; a form that lies does not."""

import contextlib
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.rpc import codec, limits, plain_types, writer
from autograder.rpc.array_memory import Refused
from autograder.rpc.callables import Callables
from autograder.rpc.exceptions import Outcome
from utils._checks import forms
from utils.plain import register

TYPES = plain_types.choose(plain_types.ALL, ["Station"])


class Station:
    def __init__(self, name, rain):
        self.name, self.rain = str(name), np.array(rain, dtype=float)


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setattr(forms, "_forms", {})
    register(Station, to_plain=lambda station: (station.name, station.rain),
             from_plain=lambda written: Station(*written), example=Station("a", [1.0]))


def crossed(value, types=TYPES):
    known = Callables(lambda number: len)
    return codec.unpack(codec.pack(value, known.export, types)[0], known.resolve, types)[0]


def called(function, *arguments):
    """What a call of a function at the other end comes to."""
    data, sent = codec.pack(arguments, None, TYPES)
    copies, received = codec.unpack(data, None, TYPES)
    reply = codec.pack_reply(Outcome(function(*copies)), received, None, TYPES)
    return codec.unpack_reply(reply, sent, None, TYPES)


def test_it_is_made_anew_and_is_one_wherever_it_occurs():
    station = Station("a", [1.0, np.nan])
    one, (other, _), inside = crossed((station, [station, 1], {"here": Station("b", [])}))
    assert one is other
    assert (type(one), one.name, type(inside["here"])) == (Station, "a", Station)
    assert one.rain.tobytes() == station.rain.tobytes()
    assert one.rain is not station.rain


def test_what_the_function_changes_is_changed_at_the_caller():
    station = Station("a", [1.0, 2.0])
    rain = station.rain

    def change(one):
        one.name, one.rain[0] = "b", 5.0
        return (one, one.rain)

    outcome = called(change, station)
    assert outcome.value[0] is station
    assert station.name == "b"
    assert station.rain is rain  # as somebody else may hold it, too
    assert rain[0] == 5.0


def test_what_is_left_alone_keeps_its_identity():
    station = Station("a", [1.0])
    before = dict(vars(station))
    assert called(lambda one: one.name, station).value == "a"
    assert all(vars(station)[name] is value for name, value in before.items())


def forged(written, monkeypatch, name="Station"):
    """A message in which a student's process says that something is the plain form of a Station."""
    with monkeypatch.context() as patched:
        patched.setattr(writer, "plain", lambda value: written)
        if name != "Station":
            patched.setattr(forms, "_forms", {Station: SimpleNamespace(name=name)})
        known = Callables(lambda number: len)
        return codec.pack(Station("a", []), known.export, TYPES | {name})[0]


@pytest.mark.parametrize(("written", "reason"), [
    (("a", "wet"), "An argument: no Station can be made: ValueError"),
    (("a", [1.0], 3), "An argument: no Station can be made: TypeError"),
    (None, "An argument: no Station can be made: TypeError"),
    (("a", [1.0]), "the plain form of Station lies: what is made of .'a', .1.. has the plain form"),
    ((5, np.ones(1)), "of Station lies: what is made of .5, .1... has the plain form .'5', .1..."),
    (("a", np.ones(2, np.float32)), "the plain form of Station lies"),
])
def test_what_no_value_gives_back_is_refused(written, reason, monkeypatch):
    with pytest.raises(Refused, match=reason):
        codec.unpack(forged(written, monkeypatch), None, TYPES)


def test_a_form_that_makes_another_type_is_refused(monkeypatch):
    data = forged(("a", np.ones(1)), monkeypatch)
    forms.add(forms.Form(Station, lambda one: one, lambda written: written))
    with pytest.raises(Refused, match="the plain form of Station lies: it makes a tuple"):
        codec.unpack(data, None, TYPES)


def test_nothing_in_a_plain_form_can_be_called(monkeypatch):
    monkeypatch.setattr(writer.plain_types, "data", lambda types: types)
    data = forged((len, np.ones(1)), monkeypatch)
    monkeypatch.undo()
    forms.add(forms.Form(Station, lambda one: (one.name, one.rain), lambda w: Station(*w)))
    with pytest.raises(Refused, match="holds a value of type callable"):
        codec.unpack(data, Callables(lambda number: len).resolve, TYPES)


def test_a_name_that_the_course_does_not_list_is_refused(monkeypatch):
    with pytest.raises(Refused, match="An argument holds a value of type Station; use plain numb"):
        codec.unpack(codec.pack(Station("a", []), None, TYPES)[0], None, plain_types.ALL)
    with pytest.raises(Refused, match="holds a value of type Station; use plain"):
        codec.pack(Station("a", []), None, plain_types.ALL)
    with pytest.raises(Refused, match=r"holds a value of type Cloud; use .* or Station\."):
        codec.unpack(forged((), monkeypatch, "Cloud"), None, TYPES)


def test_a_class_of_the_same_name_is_not_it():
    other = type("Station", (), {})
    with pytest.raises(Refused, match="a type Station that is not the lesson's own Station"):
        codec.pack(other(), None, TYPES)
    with pytest.raises(Refused, match="holds a value of type Mine"):
        codec.pack(type("Mine", (Station,), {})("a", []), None, TYPES)


def test_plain_forms_count_in_the_message(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 100_000)
    for value in (Station("a", np.zeros(20_000)), [Station("a", np.zeros(4_000))] * 4,
                  [Station("a", np.zeros(4_000)) for _ in range(4)]):
        with pytest.raises(Refused, match="too large"):
            codec.pack(value, None, TYPES)
    data = codec.pack([Station("a", np.zeros(1_000)) for _ in range(4)], None, TYPES)[0]
    monkeypatch.setattr(limits, "MAX_BYTES", 40_000)
    with pytest.raises(Refused, match="too large"):
        codec.unpack(data, None, TYPES)


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_any_damage_is_refused(cut):
    data = bytearray(codec.pack((Station("a", [1.0]), [2]), None, TYPES)[0])
    for byte in (0, 255, 42):
        damaged = bytearray(data)
        damaged[cut % len(data)] = byte
        with contextlib.suppress(Refused):
            codec.unpack(damaged, Callables(lambda number: len).resolve, TYPES)
    with pytest.raises(Refused):
        codec.unpack(data[:cut % len(data)], None, TYPES)


def test_an_argument_does_not_come_back_as_another_kind():
    data, sent = codec.pack(([1],), None, TYPES)
    _, received = codec.unpack(data, None, TYPES)
    received.objects[0] = Station("a", [])  # a list that became a station
    reply = codec.pack_reply(Outcome(), received, None, TYPES)
    with pytest.raises(Refused):
        codec.unpack_reply(reply, sent, None, TYPES)
