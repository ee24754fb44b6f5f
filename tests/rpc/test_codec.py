"""The wire: what travels comes back equal, a remote call is like a local one, bytes can't harm."""

import builtins
import contextlib
import copy
import inspect
import math
import struct
import sys
import time
import traceback
import tracemalloc
import warnings
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.rpc import array_memory, codec, limits
from autograder.rpc.array_memory import Refused
from autograder.rpc.callables import Callables
from autograder.rpc.exceptions import Outcome, RemoteError
from autograder.rpc.message import Shared

quick = settings(max_examples=150, deadline=None,
                 suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

NOTHING = Shared([], [])

# ---- The two ends


def code(dtype):
    """The number that stands for a dtype in a message."""
    return array_memory.CODES[np.dtype(dtype)]


def nobody(number):
    raise Refused("no callable was handed over")


def hand_over(value):
    """The value as the other end gets it."""
    return codec.unpack(codec.pack(value, nobody)[0], nobody)[0]


def run(f, arguments):
    """What a call of f comes to."""
    try:
        return Outcome(f(*arguments))
    except Exception as error:
        return Outcome(error=error, traceback=traceback.format_exc())


def call(f, *arguments, change=lambda reply: reply):
    """Call f at the other end; `change` gets at the reply on its way."""
    data, sent = codec.pack(arguments, nobody)
    copies, received = codec.unpack(data, nobody)
    reply = codec.pack_reply(run(f, copies), received, nobody)
    return codec.unpack_reply(change(reply), sent, nobody)


def value_of(f, *arguments):
    outcome = call(f, *arguments)
    assert outcome.error is None, outcome.error
    return outcome.value


# ---- Equality that misses nothing


def same(a, b):
    """Same types, same bits, same layout; at any depth."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return (a.dtype.str == b.dtype.str and a.shape == b.shape and layout(a) == layout(b)
                and a.tobytes() == b.tobytes())
    if isinstance(a, np.str_):
        return str(a) == str(b)
    if isinstance(a, np.generic):
        return a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a), list(b)) and same(list(a.values()), list(b.values()))
    if isinstance(a, set | frozenset):
        return len(a) == len(b) and all(any(same(x, y) for y in b) for x in a)
    if isinstance(a, np.random.Generator):
        return (type(a.bit_generator) is type(b.bit_generator)
                and same(flat(a.bit_generator.state), flat(b.bit_generator.state)))
    return a == b


def flat(state):
    return [flat(v) if isinstance(v, dict) else v for v in state.values()]


def layout(array):
    """Strides where they matter, and flags."""
    strides = array.size and [stride for stride, n in zip(array.strides, array.shape, strict=True)
                              if n > 1]
    flags = array.flags
    return strides, flags.writeable, flags.c_contiguous, flags.f_contiguous


# ---- Values that travel

numbers = (st.none() | st.booleans() | st.integers() | st.integers(-2**80, 2**80) | st.floats()
           | st.complex_numbers() | st.just(...) | st.just(2**4000))
texts = st.text() | st.binary() | st.text().map(np.str_)
dtypes = st.sampled_from(array_memory.DTYPES)
scalars = dtypes.flatmap(lambda dtype: hnp.arrays(dtype, ()).map(lambda array: array[()]))
ranges = st.builds(range, st.integers(-9, 9), st.integers(-9, 9), st.sampled_from([-2, -1, 1, 3]))
keys = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
    | st.none() | st.floats(allow_nan=False, width=32).map(np.float32),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3),
    max_leaves=4)


@st.composite
def views(draw, array):
    """The array itself, or a part of it in some order."""
    for step in draw(st.lists(st.sampled_from("T:rsbdw"), max_size=3)):
        if step == "T":
            array = array.T
        elif step == ":":
            array = array[...]
        elif step == "r" and array.ndim:
            array = array[..., ::-1]
        elif step == "s" and array.ndim:
            array = array[draw(st.integers(0, 1))::draw(st.integers(1, 3))]
        elif step == "b":
            array = np.broadcast_to(array, (draw(st.integers(1, 3)), *array.shape))
        elif step == "d" and array.dtype.kind == "c":
            array = array.imag
        elif step == "w":
            array = array[...]
            array.flags.writeable = False
    return array


def owners(dtype=dtypes):
    return st.tuples(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
                     st.sampled_from("CF")).flatmap(
        lambda kind: hnp.arrays(kind[0], kind[1]).map(lambda a: np.array(a, order=kind[2])))


arrays = owners().flatmap(views)
generators = st.builds(
    lambda kind, seed, draws: drawn(np.random.Generator(kind(seed)), draws),
    st.sampled_from([np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox,
                     np.random.SFC64]), st.integers(0, 2**32), st.integers(0, 3))


def drawn(rng, times):
    for _ in range(times):
        rng.integers(0, 7, dtype=np.int32)  # leaves half a word behind
    return rng


leaves = (numbers | texts | scalars | ranges | arrays | generators
          | st.builds(slice, st.none() | st.integers(), st.none() | st.integers()))
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple)
    | st.dictionaries(keys, inner, max_size=4) | st.sets(keys, max_size=4)
    | st.frozensets(keys, max_size=4), max_leaves=12)


@quick
@given(values)
def test_any_value_comes_back_the_same(value):
    assert same(value, hand_over(value))


@quick
@given(values)
def test_any_value_comes_back_as_a_result(value):
    assert same(value, value_of(lambda: value))


@pytest.mark.parametrize("value", [
    -0.0, math.inf, -math.inf, math.nan, 2**8190, -2**63, 2**63, -2**63 - 1, np.float16(-0.0),
    np.array(-0.0), np.array([]), np.zeros((0, 3)), np.zeros((3, 0)).T,
    np.arange(24.0).reshape(4, 6)[::2, ::-3], np.ones((2, 3, 4)).transpose(1, 0, 2),
    np.arange(5, dtype=">i2"), np.broadcast_to(np.float64(2), (3, 2)), [[]], "", "σ🐍", b"",
    {1: "one", "1": 1, None: None, (1, (2.5, "x")): [1]}, {(i, j) for i in range(-9, 9)
                                                          for j in range(-9, 9)},
], ids=lambda value: str(value)[:30])
def test_this_comes_back_the_same(value):
    assert same(value, hand_over(value))


def test_an_array_that_owns_its_memory_does_so_at_the_other_end():
    for array in np.ones((3, 4)), np.ones((3, 4), order="F"), np.array(1.0):
        assert hand_over(array).flags.owndata
    whole, part = hand_over((whole := np.ones((3, 4)), whole[1:]))
    assert part.base is whole


def test_arrays_come_in_their_own_order_wherever_they_lie_in_memory():
    arrays = sorted((np.full(3, float(k)) for k in range(4)), key=lambda one: -one.ctypes.data)
    for more in (), (np.ones((2, 3))[:0],), (arrays[1][1:],):
        for got, sent in zip(hand_over((*arrays, *more)), (*arrays, *more), strict=True):
            assert same(got, sent)
            assert got.flags.owndata == (sent.base is None or not sent.size)


def test_arrays_of_several_dtypes_in_one_memory_stay_aligned():
    base = np.zeros(64, np.uint8)
    assert hand_over((base[3:9], base[8:16].view(np.float64)))[1].flags.aligned


def test_identity_is_kept_within_a_message():
    one, rng, array = [1], np.random.default_rng(0), np.ones(2)
    got = hand_over([one, one, rng, {"rng": rng}, array, (array,), {1: {2}}])
    assert got[0] is got[1]
    assert got[2] is got[3]["rng"]
    assert got[4] is got[5][0]
    first, second = hand_over([[1], [1]])
    assert first is not second


def test_the_memory_behind_an_argument_is_the_callers():
    part = np.arange(6.0)[1:4]
    behind = value_of(lambda x: x.base, part)  # owns itself there, and is no array of the call's
    assert np.shares_memory(behind, part)
    assert bytes(behind) == part.tobytes()


def test_elements_of_the_base_that_are_not_in_the_view_stay_at_home():
    table = np.arange(12, dtype=np.uint8).reshape(4, 3) + 100
    data, _ = codec.pack((table[:, 0], table[::2, 0]), nobody)
    assert bytes([101]) not in data
    assert bytes([102]) not in data
    assert bytes([109]) in data
    base = hand_over(table[:, 0]).base
    assert not np.isin(base, table[:, 1:]).any()


# ---- Copy and restore


@st.composite
def programs(draw):
    """Arguments that share memory and values, and steps that change them."""
    base = draw(owners(st.sampled_from([np.dtype("f8"), np.dtype("<i4"), np.dtype(">f4"),
                                        np.dtype("c16"), np.dtype("?")])))
    pieces = [draw(views(base)) for _ in range(draw(st.integers(1, 3)))]
    inner = [1.5, pieces[0]]
    arguments = [*pieces, inner, {"inner": inner, "x": pieces[-1]}, {1, "a"},
                 np.random.default_rng(draw(st.integers(0, 9))), draw(values)]
    steps = draw(st.lists(st.tuples(st.sampled_from(
        ["fill", "item", "append", "nest", "pop", "key", "delete", "add", "draw", "rebind"]),
        st.integers(0, 2)), max_size=5))
    results = draw(st.lists(st.tuples(st.sampled_from(["it", "part", "new", "list"]),
                                      st.integers(0, 5)), max_size=4))
    return arguments, steps, results


def follow(steps, results):
    """The function that takes these steps."""
    def f(*arguments):
        arguments = list(arguments)
        *pieces, inner, table, names, rng, _ = arguments
        for step, which in steps:
            piece = pieces[which % len(pieces)]
            if step == "fill" and piece.flags.writeable:
                piece[...] = 3
            elif step == "item" and piece.flags.writeable and piece.size:
                piece[(0,) * piece.ndim] = 1
            elif step == "append":
                inner.append(which)
            elif step == "nest":
                inner.append([piece, names])
            elif step == "pop" and inner:
                inner.pop(0)
            elif step == "key":
                table[which] = piece
            elif step == "delete":
                table.pop("x", None)
            elif step == "add":
                names.add(which)
            elif step == "draw":
                rng.normal(size=which)
            elif step == "rebind":
                pieces[0] = piece + 1
        return [thing if how == "it" else [thing] if how == "list"
                else thing[..., 1:] if isinstance(thing, np.ndarray) and thing.ndim
                and how == "part" else np.zeros(2)
                for how, number in results for thing in [arguments[number % len(arguments)]]]
    return f


def relations(value):
    """Which of the things inside are one thing, and which arrays share memory."""
    things, found = [], []

    def walk(value):
        if isinstance(value, list | dict | set | np.ndarray | np.random.Generator):
            found.append(next((n for n, thing in enumerate(things) if thing is value), None))
            things.append(value)
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list | tuple):
            for part in value:
                walk(part)

    walk(value)
    arrays = [thing for thing in things if isinstance(thing, np.ndarray)]
    return found, [[np.shares_memory(a, b) for a in arrays] for b in arrays]


def duplicate(arguments):
    """Copies with the same relations: deepcopy would tear views from their base."""
    return hand_over(arguments)


@settings(quick, max_examples=200)
@given(programs())
def test_a_remote_call_behaves_like_a_local_one(program):
    arguments, steps, results = program
    f = follow(steps, results)
    local = duplicate(arguments)
    expected = run(f, local)
    got = call(f, *arguments)
    assert (got.error is None) == (expected.error is None)
    assert same([got.value, arguments], [expected.value, local])
    assert relations([got.value, arguments]) == relations([expected.value, local])


def test_a_change_is_seen_through_the_base_of_a_strided_view():
    table = np.zeros((4, 6))

    def f(view):
        view += 1

    value_of(f, table[::2, ::-3])
    assert table.sum() == 4
    assert (table[::2, ::-3] == 1).all()


def test_changes_of_lists_dictionaries_sets_and_generators_come_back():
    items, table, names, rng = [1, [2]], {"a": 1, "b": 2}, {"x"}, np.random.default_rng(3)
    inner = items[1]

    def f(items, table, names, rng):
        items[1].append(items.pop(0))
        table["c"] = table.pop("a")
        names.add("y")
        rng.normal(size=3)

    value_of(f, items, table, names, rng)
    assert items == [[2, 1]]
    assert items[0] is inner
    assert list(table.items()) == [("b", 2), ("c", 1)]
    assert names == {"x", "y"}
    expected = np.random.default_rng(3)
    expected.normal(size=3)
    assert rng.normal() == expected.normal()


def test_a_result_is_the_argument_or_a_view_on_it():
    array, items = np.arange(6.0), [1]
    got = value_of(lambda a, b: (a, a[2:], a.reshape(2, 3).T, b, a.copy()), array, items)
    assert got[0] is array
    assert got[1].base is array
    assert same(got[2], array.reshape(2, 3).T)
    assert np.shares_memory(got[2], array)
    assert got[3] is items
    assert not np.shares_memory(got[4], array)
    got[1][0] = 70
    assert array[2] == 70


def test_a_result_that_is_a_read_only_view_is_so_here():
    array = np.ones(3)
    got = value_of(lambda a: (np.broadcast_to(a, (2, 3)), a[1:]), array)
    assert not got[0].flags.writeable
    assert got[1].flags.writeable
    assert got[0].strides == (0, 8)
    assert np.shares_memory(got[0], array)


def test_two_results_share_memory_with_each_other():
    def f():
        base = np.zeros(4)
        return base, base[1:]

    base, part = value_of(f)
    part[0] = 5
    assert base[1] == 5


def test_rebinding_an_argument_has_no_effect():
    array, items = np.ones(3), [1]

    def f(array, items):
        array = array * 2
        items = [*items, 2]
        return array, items

    value_of(f, array, items)
    assert array.tolist() == [1, 1, 1]
    assert items == [1]


def test_a_read_only_argument_stays_as_it_was():
    array = np.zeros(3)
    array.flags.writeable = False

    def f(array):
        array[0] = 1

    assert type(call(f, array).error) is ValueError

    def unlock(array):
        array.flags.writeable = True
        array[0] = 1

    call(unlock, array)
    assert array[0] == 0


def test_a_caller_may_walk_through_its_argument_while_it_calls():
    table, names, items = {"a": 1, "b": 2}, {"a", "b"}, [1, 2]

    def add(table, names, items):
        table["a"] += 1

    for _ in zip(table, names, items, strict=True):
        value_of(add, table, names, items)
    assert table == {"a": 3, "b": 2}


def test_an_argument_made_into_another_array_in_place_is_refused():
    array = np.zeros((2, 3))

    def f(array):
        array.shape = (3, 2)
        array[...] = 1

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        outcome = call(f, array)
    assert "reshape" in str(outcome.error)
    assert array.shape == (2, 3)
    assert not array.any()


def test_unchanged_arrays_are_not_sent_back():
    array = np.zeros(100_000)
    data, _ = codec.pack((array,), nobody)
    (copy_,), received = codec.unpack(data, nobody)
    assert len(codec.pack_reply(Outcome(), received, nobody)) < 1000
    copy_[99_999] = 1
    assert len(codec.pack_reply(Outcome(), received, nobody)) > array.nbytes


# ---- Callables


class Ends:
    """Two ends of a connection; a proxy calls through the wire."""

    def __init__(self):
        self.here = Callables(lambda number: self.proxy(number, self.here, self.there))
        self.there = Callables(lambda number: self.proxy(number, self.there, self.here))

    def proxy(self, number, mine, theirs):
        def remote(*arguments):
            data, sent = codec.pack(arguments, mine.export)
            copies, received = codec.unpack(data, theirs.resolve)
            reply = codec.pack_reply(run(theirs.own(number), copies), received, theirs.export)
            outcome = codec.unpack_reply(reply, sent, mine.resolve)
            if outcome.error is not None:
                raise outcome.error
            return outcome.value
        return remote

    def function(self, f):
        return self.here.resolve(self.there.export(f))


def test_callables_go_both_ways_and_come_back_as_themselves():
    ends = Ends()

    def square(x):
        return x * x

    def f(g, x):
        x[0] = g(x)[1]
        return g, f, [g, lambda y: g(y) + 1]

    x = np.array([2.0, 3.0])
    back, own, (again, plus) = ends.function(f)(square, x)
    assert back is square is again
    assert own is ends.function(f)
    assert x.tolist() == [9, 3]
    assert plus(4) == 17


def test_a_callable_changes_the_array_it_is_handed():
    ends = Ends()

    def fill(array):
        array[::2] = 7

    def f(g):
        array = np.zeros(4)
        g(array[1:])
        return array

    assert ends.function(f)(fill).tolist() == [0, 7, 0, 7]


def test_all_kinds_of_callables_count():
    class Act:
        def __call__(self, x):
            return x + 1

        __hash__ = None

    ends = Ends()
    for g in (Act(), np.negative, np.vectorize(abs), abs, "a".join, float):
        assert ends.function(lambda g: g)(g) is g


def test_a_number_that_stands_for_no_callable_is_refused():
    ends = Ends()
    data, _ = codec.pack(len, lambda function: -5)
    with pytest.raises(Refused):
        codec.unpack(data, ends.here.resolve)
    data, _ = codec.pack(len, lambda function: 2**40)
    with pytest.raises(Refused):
        codec.unpack(data, ends.here.resolve)
    with pytest.raises(Refused):
        ends.here.own(0)


# ---- Exceptions, warnings, prints


class ShapeError(ValueError):
    def __str__(self):
        return "in words of its own"


def raising(error):
    def f():
        raise error
    return call(f).error


@pytest.mark.parametrize("error", [
    ValueError("wrong"), KeyError("name"), ZeroDivisionError(), NotImplementedError("todo"),
    OSError(2, "no such file"), IndexError(1, 2.5, None), StopIteration(3), RecursionError("deep"),
    RuntimeWarning("overflow"), AssertionError(), FloatingPointError("x")], ids=repr)
def test_built_in_exceptions_keep_class_and_arguments(error):
    got = raising(error)
    assert type(got) is type(error)
    assert got.args == error.args
    assert str(got) == str(error)
    assert "in f" in got.remote_traceback


def test_other_exceptions_arrive_under_their_name_and_nearest_built_in_class():
    got = raising(ShapeError(1, 2))
    assert isinstance(got, RemoteError)
    assert isinstance(got, ValueError)
    assert type(got).__name__ == "ShapeError"
    assert str(got) == "in words of its own"
    assert "raise error" in got.remote_traceback
    again = raising(got)
    assert type(again).__name__ == "ShapeError"
    assert isinstance(again, ValueError)
    assert isinstance(raising(np.linalg.LinAlgError("singular")), ValueError)
    assert str(raising(type("E", (KeyError,), {})("key"))) == "'key'"
    assert isinstance(raising(UnicodeDecodeError("utf-8", b"", 0, 2**62, "?")), UnicodeError)
    assert isinstance(raising(ExceptionGroup("many", [ValueError()])), RemoteError)


@pytest.mark.parametrize("ending", [SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
def test_no_exception_ends_the_caller(ending):
    reply = codec.pack_reply(Outcome(error=ending), NOTHING, nobody)
    got = codec.unpack_reply(reply, NOTHING, nobody).error
    assert isinstance(got, Exception)
    assert type(got).__name__ == type(ending).__name__


@quick
@given(st.sampled_from([kind for kind in vars(builtins).values() if isinstance(kind, type)
                        and issubclass(kind, BaseException)]), st.booleans(),
       st.lists(numbers | st.text(), max_size=6))
def test_any_exception_arrives_as_what_catches_it_and_can_be_printed(kind, own, arguments):
    kind = type("Own", (kind,), {}) if own else kind
    try:
        error = kind(*arguments)
    except (TypeError, ValueError):
        return
    reply = codec.pack_reply(Outcome(error=error), NOTHING, nobody)
    got = codec.unpack_reply(reply, NOTHING, nobody).error
    assert isinstance(got, Exception)
    assert type(got).__name__ == type(error).__name__
    unfit = (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError, ExceptionGroup)
    if isinstance(error, Exception) and not isinstance(error, unfit):
        assert isinstance(got, kind.__mro__[1] if own else kind)
    traceback.format_exception(got)


def test_arguments_of_an_exception_that_are_no_plain_values_become_text():
    assert raising(ValueError([1, 2])).args == ("[1, 2]",)
    assert raising(ValueError("x" * 10**6)).args == ("x" * limits.MAX_TEXT,)
    assert raising(ValueError("half \ud800")).args == ("half ?",)
    trap = Outcome(error=SyntaxError("bad", ("file", "1", [], {})))  # its printing fails
    got = codec.unpack_reply(codec.pack_reply(trap, NOTHING, nobody), NOTHING, nobody).error
    assert "bad" in "".join(traceback.format_exception(got))

    class Odd:
        def __str__(self):
            raise KeyError

        __repr__ = __str__

    assert raising(ValueError(Odd())).args == ("",)


def test_text_that_goes_along_is_cut():
    class Own(RuntimeWarning):
        pass

    outcome = Outcome(1, None, "", [(Own, "w" * 10**6)] * 1000, "p\ud800" * 10**6, True)
    reply = codec.pack_reply(outcome, NOTHING, nobody)
    got = codec.unpack_reply(reply, NOTHING, nobody)
    assert got.value == 1
    assert got.drew is True
    assert got.printed == "p?" * (limits.MAX_TEXT // 2)
    assert got.warnings == [(RuntimeWarning, "w" * limits.MAX_TEXT)] * limits.MAX_WARNINGS
    deep = Outcome(error=ValueError(), traceback="t" * 10**6 + "the end")
    reply = codec.pack_reply(deep, NOTHING, nobody)
    got = codec.unpack_reply(reply, NOTHING, nobody)
    assert got.error.remote_traceback.endswith("the end")
    assert len(got.error.remote_traceback) == limits.MAX_TEXT


# ---- What is refused


class Meta(type):
    def __hash__(cls):
        raise AssertionError("asked for its hash")

    def __eq__(cls, other):
        return True

    def __getattribute__(cls, name):
        raise AssertionError(f"asked for {name}")

    def __repr__(cls):
        raise AssertionError("asked for its repr")

    def __instancecheck__(cls, instance):
        return True


class Equal(metaclass=Meta):
    """Equals everything, and answers nothing."""

    def __eq__(self, other):
        return True

    def __getattribute__(self, name):
        raise AssertionError(f"asked for {name}")

    def __len__(self):
        raise AssertionError("asked for its length")

    def __array__(self, *_):
        raise AssertionError("asked for an array")

    __hash__ = __repr__ = __str__ = __reduce_ex__ = __float__ = __index__ = __len__


def subclass(kind, *arguments):
    return type(f"My{kind.__name__}", (kind,), {"__eq__": lambda a, b: True,
                                                "__hash__": lambda a: 0})(*arguments)


Point = namedtuple("Point", "x y")
STRANGE = {
    "Equal": Equal(), "Myint": subclass(int, 1), "Myfloat": subclass(float, 1.0),
    "Mystr": subclass(str, "a"), "Mylist": subclass(list), "Mydict": subclass(dict),
    "Mytuple": subclass(tuple), "Myset": subclass(set), "Mycomplex": subclass(complex),
    "Mybytes": subclass(bytes), "Myfloat64": subclass(np.float64, 1.0),
    "matrix": np.ones((1, 1)).view(np.matrix),
    "MaskedArray": np.ma.array([1.0]), "PCG64": np.random.PCG64(0), "module": math,
    "RandomState": np.random.RandomState(0), "longdouble": np.longdouble(1),
    "generator": (x for x in "ab"), "map": map(abs, [1]), "dict_keys": {}.keys(),
    "mappingproxy": int.__dict__, "bytearray": bytearray(b"a"), "object": object(),
}


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: [1, (x,)], lambda x: {"key": x}],
                         ids=["itself", "in a list", "in a dictionary"])
def test_no_plain_data_no_result(name, wrap):
    error = call(lambda: wrap(STRANGE[name])).error
    assert type(error) is Refused
    assert str(error).startswith(f"The result holds a value of type {name}; use plain numbers")


class Sly(Point):
    """Says other things than it holds."""

    def __iter__(self):
        return iter("xy")

    def __getitem__(self, at):
        return "x"

    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize(("value", "plain"), [
    (Point(1, 2.5), (1, 2.5)), ([Point([1], {}), Point("a", ())], [([1], {}), ("a", ())]),
    (Sly(3, (4,)), (3, (4,))), (OrderedDict(b=1, a=OrderedDict()), {"b": 1, "a": {}}),
])
def test_named_tuples_and_ordered_dictionaries_arrive_as_plain_ones(value, plain):
    assert repr(value_of(lambda: value)) == repr(plain)


@pytest.mark.parametrize("array", [
    np.array([1, "a"], object), np.array(["a"]), np.array([b"a"]), np.zeros(2, "f8,i4"),
    np.array(["2020-01-01"], "M8[D]"), np.zeros(2, np.longdouble), np.zeros(2, "V3")],
    ids=lambda array: array.dtype.str)
def test_arrays_of_other_things_are_refused(array):
    assert str(call(lambda: array).error).startswith("The result holds an array of dtype")


def endless():
    loop = []
    loop.append((1, loop))
    return loop


def deep(levels):
    return again([], levels)


def again(value, levels):
    for _ in range(levels):
        value = [value]
    return value


def doubling(kind, levels):
    value = [1.0] if kind is list else np.ones(1000)
    for _ in range(levels):
        value = [value, value] if kind is list else (value, value)
    return value


TOO_MUCH = {
    "cycle": (endless, "holds itself"), "depth": (lambda: deep(64), "nested more than 64"),
    "depth by repetition": (lambda: [value := deep(40), again(value, 40)], "nested more than"),
    "nested lists": (lambda: doubling(list, 40), "large"),
    "nested tuples": (lambda: doubling(tuple, 18), "large"),
    "half a character": (lambda: "\ud800", "half a character"),
    "int": (lambda: 1 << 8200, "an int of"), "items": (lambda: [0] * 2_000_001, "large"),
    "long range": (lambda: range(10**30), "large"), "range": (lambda: range(10**9), "large"),
    "broadcast": (lambda: np.broadcast_to(1.0, (2**30,)), "large"),
    "dimensions": (lambda: np.zeros((1,) * 33), "dimensions"),
    "hashes": (lambda: {k * (2**61 - 1) for k in range(1, 99)}, "same hash"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_is_too_much_is_refused_with_its_reason(name):
    make, reason = TOO_MUCH[name]
    value = make()
    with pytest.raises(Refused, match=reason):
        hand_over(value)


def test_a_refused_result_leaves_the_arguments_and_keeps_what_was_printed():
    array, items = np.zeros(2), [1]

    def f(array, items):
        array[:] = 1
        items.append(object())

    outcome = call(f, array, items)
    assert "After the call an argument holds a value of type object" in str(outcome.error)
    assert not array.any()
    assert items == [1]
    data, sent = codec.pack(([1],), nobody)
    received = codec.unpack(data, nobody)[1]
    reply = codec.pack_reply(Outcome(object(), printed="hello"), received, nobody)
    assert codec.unpack_reply(reply, sent, nobody).printed == "hello"


def test_arguments_that_came_damaged_can_be_answered():
    _, sent = codec.pack(([1], np.ones(2)), nobody)
    reply = codec.pack_reply(Outcome(error=Refused("no")), NOTHING, nobody)
    assert type(codec.unpack_reply(reply, sent, nobody).error) is Refused


def test_memory_that_was_never_set_makes_no_booleans():
    strange = np.array([0, 1, 2], np.uint8).view(bool)
    with pytest.raises(Refused, match="neither True nor False"):
        hand_over(strange)
    numbers = np.array([0, 1, 2], np.uint8)
    with pytest.raises(Refused, match="neither True nor False"):
        call(lambda numbers: numbers.view(bool), numbers)

    def change(numbers):
        numbers[0] = 2
        return numbers.view(bool)

    numbers = np.zeros(2, np.uint8)
    with pytest.raises(Refused, match="neither True nor False"):
        call(change, numbers)
    assert not numbers.any()

    def spoil(flags):
        flags.view(np.uint8)[0] = 7

    flags = np.zeros(2, bool)
    with pytest.raises(Refused, match="neither True nor False"):
        call(spoil, flags)
    assert flags.view(np.uint8).tolist() == [0, 0]


# ---- Bytes from a hostile end

SAMPLE = (np.arange(24.0).reshape(4, 6)[::2, ::-3], np.ones((2, 2), order="F"), [1, [2.5]],
          {"a": (True, "x"), 2**70: None}, {1, 2}, np.random.default_rng(1),
          np.array([True, False]), np.float32(2), range(3), b"bytes", frozenset({"k"}), slice(1, 2))


def damage(draw, data):
    """Change some bytes, cut some out, put some in, or repeat a part."""
    data = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        how = draw(st.sampled_from(["flip", "set", "cut", "insert", "repeat", "number"]))
        if how == "flip" and at < len(data):
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "set" and at < len(data):
            data[at] = draw(st.sampled_from(b"NTFEiIfcnsubr:(<[${ga@!=\0\1\2\xff"))
        elif how == "cut":
            del data[at:at + draw(st.integers(1, 20))]
        elif how == "insert":
            data[at:at] = draw(st.binary(max_size=8))
        elif how == "repeat":
            data[at:at] = data[at:at + draw(st.integers(1, 40))]
        else:
            data[at:at + 8] = struct.pack("<q", draw(st.sampled_from(
                [0, 1, -1, 2**31, 2**32 - 1, 2**62, -2**63, 2**63 - 1])))[:len(data) - at]
    return bytes(data)


def use(value):
    """Look at all of a value: reads every element of every array."""
    codec.pack(value, nobody)


@settings(quick, max_examples=400)
@given(st.data())
def test_a_damaged_message_gives_a_value_or_a_refusal(data):
    message = damage(data.draw, codec.pack(SAMPLE, nobody)[0])
    with contextlib.suppress(Refused):
        use(codec.unpack(message, nobody)[0])


@quick
@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_refusal(message):
    with contextlib.suppress(Refused):
        codec.unpack(message, nobody)
    with contextlib.suppress(Refused):
        codec.unpack_reply(message, codec.pack(SAMPLE, nobody)[1], nobody)
    with contextlib.suppress(Refused):
        codec.unpack(raw(message), nobody)


@settings(quick, max_examples=400)
@given(st.data())
def test_a_damaged_reply_changes_nothing_when_it_is_refused(data):
    table = np.arange(24.0).reshape(4, 6)
    arguments = (table[::2, ::-3], *copy.deepcopy(SAMPLE[1:]))
    before, base = duplicate(arguments), table.copy()

    def f(*arguments):
        arguments[0][...] = 8
        arguments[2].append(arguments[3])
        arguments[3]["a"] = arguments[1]
        arguments[4].add(3)
        arguments[5].normal()
        return arguments[0][1:], arguments[1], arguments[2]

    try:
        outcome = call(f, *arguments, change=lambda reply: damage(data.draw, reply))
    except Refused:
        assert same(arguments, before)
        assert same(table, base)
        return
    with contextlib.suppress(Refused):  # one that holds itself, or an exception's text
        use((outcome.value, arguments))
    assert same(table[1::2], base[1::2])
    assert same(table[:, [0, 1, 3, 4]], base[:, [0, 1, 3, 4]])
    assert all(a.shape == b.shape and a.dtype == b.dtype
               for a, b in zip(arguments[:2], before[:2], strict=True))


def raw(values, head=bytes(12), contents=b""):
    """A message with these values."""
    return struct.pack("<II", len(head), len(values)) + head + values + contents


def raw_array(shape, strides=None, *, offset=0, dtype="<f8", flags=1, region=0, size=64,
              fill=b"\0", tail=b""):
    """A message with one array on one region of `size` bytes."""
    layout = (*shape, *(strides or ()))
    record = struct.pack("<IqBBB", region, offset, code(dtype), flags, len(shape))
    head = (struct.pack("<III", 1, 1, 0) + struct.pack("<Q", size) + record
            + b"".join(n.to_bytes(8, "little", signed=n < 0) for n in layout) + tail)
    return raw(b"a", head, fill * min(size, 10**6))


def test_raw_array_makes_good_arrays_too():
    assert same(codec.unpack(raw_array((8,), (8,)), nobody)[0], np.zeros(8))
    assert same(codec.unpack(raw_array((2, 4), flags=3), nobody)[0], np.zeros((2, 4)))


@pytest.mark.parametrize("message", [
    raw_array((9,), (8,)), raw_array((8,), (8,), offset=1), raw_array((8,), (8,), offset=-1),
    raw_array((2,), (-8,)), raw_array((2,), (2**62,)), raw_array((5,), (2**62,)),
    raw_array((5,), (-2**62,)), raw_array((0,), (-8,)),
    raw_array((3, 3), (2**63 - 8, -2**63 + 8)), raw_array((1,), (8,), offset=2**63 - 8),
    raw_array((-1,), (8,)), raw_array((-1, -8), (8, 8)), raw_array((2**32, 2**32), (0, 0)),
    raw_array((2**62,), (0,)), raw_array((2**20, 2**20), (0, 0)), raw_array((0, 2**62), (8, 8)),
    raw_array((9,), flags=3), raw_array((7,), flags=3),
    raw_array((8,), flags=3, offset=8), raw_array((2**61 + 8,), flags=3),
    raw_array((0, 2**62), flags=3, region=2**32 - 1), raw_array((8,), flags=3, region=2**32 - 1),
    raw_array((8,), (8,), region=1), raw_array((8,), (8,), region=2**32 - 1),
    raw_array((8,), (8,), size=2**40), raw_array((8,), (8,), size=2**64 - 64),
    raw_array((), (), size=0), raw_array((1,) * 33, (8,) * 33), raw_array((8,), (8,), tail=b"\0"),
    raw_array((64,), (1,), dtype="|b1", fill=b"\2"), raw_array((64,), flags=3, dtype="|b1",
                                                               fill=b"\xff"),
    raw_array((8,), (8,), flags=255),
    raw(b"a"), raw(b"N", struct.pack("<III", 0, 0, 1)), raw(b"N", struct.pack("<III", 0, 1, 0)),
    raw(b"N", struct.pack("<III", 2**32 - 1, 2**32 - 1, 0)), raw(b"N", contents=b"\0"),
    raw(b"NN"), raw(b""), b"", b"\0" * 8, raw(b"?"), raw(b"=\0\0\0\0"), raw(b"!\0\0\0\0"),
    raw(b"[\1\0\0\0=\0\0\0\0"), raw(b"[\xff\xff\xff\xff"), raw(b"(\xff\xff\xff\x7f" + b"N" * 99),
    raw(b"s\xff\xff\xff\xff"), raw(b"s\2\0\0\0\xff\xff"), raw(b"n\xff\0"),
    raw(b"n\0\2"), raw(b"n\x0b"),
    raw(b"$\2\0\0\0NN"), raw(b"{\4\0\0\0NNNN"), raw(b"{\3\0\0\0NTF"), raw(b"{\1\0\0\0N"),
    raw(b"$\1\0\0\0[\0\0\0\0"), raw(b"{\2\0\0\0(\1\0\0\0[\0\0\0\0N"),
    raw(b"r\3\0\0\0i" + b"\0" * 8 + b"i" + b"\xff" * 7 + b"\x7fi" + b"\1" + b"\0" * 7),
    raw(b"r\3\0\0\0NNN"), raw(b"r\3\0\0\0TTF"), raw(b":\0\0\0\0"),
    raw(b"I\1\4\0\0" + b"\1" * 1025), raw(b"(\1\0\0\0" * 100_000 + b"N"),
    raw(b"[\1\0\0\0" * 65 + b"N"), raw(b"g\5\0\0\0PCG65\0\0\0\0"),
    raw(b"g\5\0\0\0PCG64\0\0\0\0"), raw(b"g\5\0\0\0PCG64\x26\0\0\0" + b"\1" * 38),
], ids=lambda message: repr(message[8:40])[2:-1])
def test_a_forged_message_is_refused(message):
    began = time.process_time()
    with pytest.raises(Refused):
        codec.unpack(message, nobody)
    assert time.process_time() - began < 10  # it takes under a millisecond; what it claims, hours


def forged(kind, change):
    """The bytes of a generator with another state, which NumPy would take as it is."""
    generator = np.random.Generator(kind(1))
    state = generator.bit_generator.state
    data = codec.pack(generator, nobody)[0]
    old, new = change(state)
    assert data.count(old) == 1
    return data.replace(old, new)


WORD = 16


@pytest.mark.parametrize("message", [
    forged(np.random.MT19937, lambda state: (
        state["state"]["key"].tobytes() + struct.pack("<QQ", 623, 0),
        state["state"]["key"].tobytes() + struct.pack("<QQ", 625, 0))),
    forged(np.random.MT19937, lambda state: (
        state["state"]["key"].tobytes(), bytes(2496))),
    forged(np.random.Philox, lambda state: (
        bytes(32) + struct.pack("<QQ", 4, 0), bytes(32) + struct.pack("<QQ", 5, 0))),
    forged(np.random.PCG64, lambda state: (
        state["state"]["inc"].to_bytes(WORD, "little"), bytes(WORD))),
    forged(np.random.PCG64DXSM, lambda state: (
        state["state"]["inc"].to_bytes(WORD, "little"), bytes(WORD))),
], ids=["MT19937 position", "MT19937 zeros", "Philox position", "PCG64 even", "PCG64DXSM even"])
def test_a_state_in_which_a_generator_misbehaves_is_refused(message):
    with pytest.raises(Refused):
        codec.unpack(message, nobody)


def test_a_forged_view_shows_nothing_but_what_was_sent():
    table = np.arange(12.0).reshape(6, 2)  # the second column holds the answers
    column = table[:, 0]

    def reply(offset, shape, strides, dtype="<f8"):
        record = struct.pack("<IqBBB", 0, offset, code(dtype), 1, len(shape))
        head = (struct.pack("<III", 1, 0, 1) + b"\0" + record
                + struct.pack(f"<{2 * len(shape)}q", *shape, *strides))
        outcome = b"(\6\0\0\0aNs\0\0\0\0(\0\0\0\0s\0\0\0\0F"
        return codec.unpack_reply(raw(b"\1" + outcome, head),
                                 codec.pack((column,), nobody)[1], nobody).value

    assert same(reply(0, (6,), (16,)), column)
    assert reply(0, (6,), (16,)).base is table.base
    assert same(reply(80, (3,), (-32,)), column[::-2])
    for offset, shape, strides, dtype in (
            (8, (5,), (16,), "<f8"), (0, (6, 2), (16, 8), "<f8"), (0, (11,), (8,), "<f8"),
            (1, (5,), (16,), "<f8"), (4, (6,), (16,), "<f8"), (0, (7,), (16,), "<f8"),
            (-16, (1,), (16,), "<f8"), (8, (1,), (1,), "|u1"), (0, (88,), (1,), "|u1"),
            (0, (2,), (2**62,), "<f8"), (0, (6,), (16,), "<c16"), (32, (8,), (1,), "|b1")):
        with pytest.raises(Refused):
            reply(offset, shape, strides, dtype)


def test_a_reply_must_say_what_became_of_everything_that_was_sent():
    sent = codec.pack(([1], {2}), nobody)[1]
    outcome = b"(\6\0\0\0NNs\0\0\0\0(\0\0\0\0s\0\0\0\0F"
    first, second = b"!\0\0\0\0[\0\0\0\0", b"!\1\0\0\0$\0\0\0\0"
    assert codec.unpack_reply(raw(b"\1" + first + second + outcome), sent, nobody).value is None
    for changes in (first, second, first + first, second + first, first + second + second,
                    b"!\0\0\0\0" + second, b"!\0\0\0\0N" + second,
                    b"!\0\0\0\0$\0\0\0\0" + second, b"!\0\0\0\0=\0\0\0\0" + second,
                    b"!\0\0\0\0[\1\0\0\0=\0\0\0\0" + second,
                    b"!\0\0\0\0[\1\0\0\0!\1\0\0\0$\1\0\0\0=\0\0\0\0", b"!\7\0\0\0N"):
        with pytest.raises(Refused):
            codec.unpack_reply(raw(b"\1" + changes + outcome), sent, nobody)


def test_no_reply_is_read_so_deep_that_python_gives_up():
    sent = codec.pack([[number] for number in range(5000)], nobody)[1]
    deep = b"".join(b"!" + struct.pack("<I", number) for number in range(5001))
    with pytest.raises(Refused):
        codec.unpack_reply(raw(b"\1" + deep), sent, nobody)


def test_a_message_that_comes_when_the_stack_is_nearly_full_is_refused():
    message = codec.pack(deep(63), nobody)[0]

    def fall(levels):
        return fall(levels - 1) if levels else codec.unpack(message, nobody)

    with pytest.raises(Refused):
        fall(sys.getrecursionlimit() - len(inspect.stack(0)) - 100)


@pytest.mark.parametrize("outcome", [
    b"N", b"(\0\0\0\0", b"(\6\0\0\0NNNNNN", b"s\6\0\0\0abcdef",
    b"(\6\0\0\0N(\3\0\0\0s\4\0\0\0evals\0\0\0\0(\0\0\0\0s\0\0\0\0(\0\0\0\0s\0\0\0\0F",
    b"(\6\0\0\0N(\3\0\0\0s\x0a\0\0\0SystemExits\0\0\0\0(\0\0\0\0s\0\0\0\0(\0\0\0\0s\0\0\0\0F",
    b"(\6\0\0\0N(\3\0\0\0s\x0a\0\0\0ValueErrorNNs\0\0\0\0(\0\0\0\0s\0\0\0\0F",
    b"(\6\0\0\0NNs\0\0\0\0(\1\0\0\0(\2\0\0\0s\x0a\0\0\0ValueErrors\0\0\0\0s\0\0\0\0F",
])
def test_a_forged_outcome_is_refused(outcome):
    with pytest.raises(Refused):
        codec.unpack_reply(raw(b"\1" + outcome), NOTHING, nobody)


LARGE = {
    "lists": b"[\0\0\0\0", "tuples": b"(\1\0\0\0N", "sets": b"$\0\0\0\0", "dicts": b"{\0\0\0\0",
    "sets of one": b"$\1\0\0\0N", "dicts of one": b"{\2\0\0\0NN", "frozensets": b"<\1\0\0\0N",
    "floats": b"f" + b"\1" * 8, "ints": b"i" + b"\1" * 8, "complex": b"c" + b"\1" * 16,
    "scalars": b"n\x0b" + b"\1" * 8, "long ints": b"I\0\1\0\0" + b"\1" * 256,
    "texts": b"s\6\0\0\0a\xf0\x9f\x90\x8da", "numpy texts": b"u\1\0\0\0a",
    "wide texts": b"s\0\1\0\0" + b"a" * 252 + b"\xf0\x9f\x90\x8d", "bytes": b"b\1\0\0\0a",
    "ranges": b"r\3\0\0\0" + b"i\1\1\1\1\1\1\1\0" * 3, "slices": b":\3\0\0\0NNN",
    "generators": codec.pack(np.random.default_rng(0), nobody)[0][20:],
    "big generators": codec.pack(np.random.Generator(np.random.MT19937(0)), nobody)[0][20:],
}


@pytest.fixture
def small_cap(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 2**21)
    return 2**21


def peak(message):
    """Bytes that unpacking takes at most."""
    codec.unpack(raw(b"N"), nobody)
    tracemalloc.start()
    try:
        with contextlib.suppress(Refused):
            codec.unpack(message, nobody)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", LARGE)
def test_no_message_takes_more_memory_than_the_cap(name, small_cap):
    taken = []
    for count in (2, 30, 1000):
        inner = b"[" + struct.pack("<I", count) + LARGE[name] * count
        times = min(1000, (small_cap - 100) // len(inner))
        taken.append(peak(raw(b"[" + struct.pack("<I", times) + inner * times)) / small_cap)
    assert 0.01 < max(taken) < 1


def record(region, flags, shape, strides=()):
    layout = (*shape, *strides)
    return struct.pack(f"<IqBBB{len(layout)}q", region, 0, code("<f8"), flags,
                       len(shape), *layout)


WIDE = (1,) * 32
MANY = {  # an array record, the size of its region, whether each has one of its own
    "empty": (record(2**32 - 1, 3, (0,)), 0, False),
    "empty in many dimensions": (record(2**32 - 1, 3, (0,) * 32), 0, False),
    "views": (record(0, 1, (1,), (8,)), 8, False),
    "views in many dimensions": (record(0, 1, WIDE, (2**60,) * 32), 8, False),
    "one number each": (record(0, 3, (1,)), 8, True),
    "views on memory of their own": (record(0, 1, WIDE, (8,) * 32), 8, True),
    "large": (record(0, 3, (2**13,)), 2**16, True),
    "small views on large memory": (record(0, 1, (1,), (8,)), 2**16, True),
}


@pytest.mark.parametrize("name", MANY)
def test_no_arrays_take_more_memory_than_the_cap(name, small_cap):
    one, size, apart = MANY[name]
    taken = []
    for count in (10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120):
        regions = count if apart else int(size > 0)
        head = struct.pack(f"<III{regions}Q", count, regions, 0, *[size] * regions)
        head += b"".join(struct.pack("<I", n) + one[4:] for n in range(count)) if apart else (
            one * count)
        message = raw(b"[" + struct.pack("<I", count) + b"a" * count, head, bytes(size * regions))
        if len(message) < small_cap:
            taken.append(peak(message) / small_cap)
    assert 0.01 < max(taken) < 1


def test_memory_of_arrays_and_of_items_counts_together(small_cap):
    size = 2**20
    view = struct.pack("<IIIQ", 1, 1, 0, size) + record(0, 1, (1,), (8,))
    items = b"[" + struct.pack("<I", 19_000) + (b"f" + b"\1" * 8) * 18_999 + b"a"
    assert peak(raw(items, view, bytes(size))) < small_cap


def test_arrays_that_are_large_only_when_they_are_used_are_refused():
    one = record(0, 1, (2**24,), (0,))  # 128 MiB on 8 bytes
    for count, good in ((1, True), (3, False)):
        message = raw(b"[" + struct.pack("<I", count) + b"a" * count,
                      struct.pack("<IIIQ", count, 1, 0, 8) + one * count, bytes(8))
        if good:
            assert codec.unpack(message, nobody)[0][0].nbytes == 2**27
        else:
            with pytest.raises(Refused, match="too large"):
                codec.unpack(message, nobody)


def test_a_message_beyond_the_cap_is_refused_unread(small_cap):
    with pytest.raises(Refused, match="too large"):
        codec.unpack(bytes(small_cap + 1), nobody)
    with pytest.raises(Refused, match="too large"):
        codec.pack(np.zeros(small_cap // 8), nobody)
