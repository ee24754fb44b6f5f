"""Expected against got, in words."""

from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from utils._checks import compare

NAN, INF = float("nan"), float("inf")


def close(got, expected, rtol=1e-7, atol=1e-9, names=()):
    return compare.close(got, expected, rtol, atol, names)


class AlwaysEqual:
    """Answers True to every question."""

    __array_priority__ = 1000
    __hash__ = None

    def __eq__(self, other):
        return True

    def __bool__(self):
        return True

    def __float__(self):
        return 1.0


class MyInt(int):
    pass


class MyFloat(float):
    pass


class MyArray(np.ndarray):
    pass


# What counts as close

arrays = npst.arrays(np.float64, npst.array_shapes(min_dims=0, max_dims=3, max_side=4, min_side=0),
                     elements=st.floats(-1e100, 1e100) | st.sampled_from([NAN, INF, -INF]))


@given(arrays)
def test_an_array_is_close_to_itself_as_array_and_as_list(a):
    assert close(a, a) is None
    if a.size:
        assert close(a.tolist(), a) is None
        assert close(a, a.tolist()) is None
        assert close((a, a), (a, a)) is None


numbers = st.floats() | st.sampled_from([1.0, 1.0 + 1e-8, 1.0 + 1e-6, 0.0, 1e-10, NAN, INF, -INF])


@given(numbers, numbers, st.sampled_from([0.0, 1e-7, 0.5]), st.sampled_from([0.0, 1e-9, 1.0]))
def test_two_numbers_are_close_by_numpys_rule(got, expected, rtol, atol):
    with np.errstate(all="ignore"):
        wanted = bool(np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True))
    assert (close(got, expected, rtol, atol) is None) == wanted


@given(arrays.filter(lambda a: a.size), st.data())
def test_one_other_entry_is_always_told(a, data):
    index = data.draw(st.integers(0, a.size - 1))
    b = a.copy()
    b.flat[index] = data.draw(st.sampled_from(
        [NAN, INF, -INF] if not np.isfinite(a.flat[index]) else
        [NAN, INF, -INF, a.flat[index] + 1e-3 + 1e-3 * abs(a.flat[index])]).filter(
            lambda x: not np.array_equal(x, a.flat[index], equal_nan=True)))
    assert close(b, a)
    assert close((a, b), (a, a)).startswith("at index 1, ")


@given(arrays, st.integers(0, 3))
def test_another_shape_is_always_told(a, axis):
    b = np.expand_dims(a, min(axis, a.ndim))
    assert close(b, a).startswith(f"expected shape {a.shape}, got {b.shape}")


@pytest.mark.parametrize(("got", "expected"), [
    (1, 1.0), (True, 1.0), (np.float32(0.5), 0.5), (np.int8(3), 3), (np.array(2.0), 2),
    ([1, 2], (np.array([1.0, 2.0])),), ((1, 2), [1, 2]), ([[1], [2]], np.array([[1.0], [2.0]])),
    (np.array([True, False]), [1, 0]), (np.float16([1.5]), [1.5]), (np.uint8([200]), [200.0]),
    ([np.float64(1), 2], [1, 2]), ([np.ones(2), np.ones(2)], np.ones((2, 2))),
    (NAN, NAN), ([INF, -INF], [INF, -INF]), ([], np.zeros(0)), (np.zeros((0, 3)), np.zeros((0, 3))),
    (np.arange(6.0).reshape(2, 3).T, [[0, 3], [1, 4], [2, 5]]), ((1.0, [2.0]), (1, [2])),
    ([1.0, [2.0, 3.0]], (1, [2, 3])),
])
def test_dtype_and_container_do_not_matter(got, expected):
    assert close(got, expected) is None


@pytest.mark.parametrize(("got", "expected", "rtol", "atol", "agrees"), [
    (1.1, 1.0, 0.1 + 1e-9, 0.0, True),
    (1.1, 1.0, 0.09, 0.0, False),
    (0.1, 0.0, 0.5, 0.0, False),
    (0.1, 0.0, 0.0, 0.1, True),
    (10.0, 11.0, 0.091, 0.0, True),  # relative to what is expected
    (11.0, 10.0, 0.091, 0.0, False),
    (1e300, INF, 0.1, 0.1, False),
])
def test_tolerances(got, expected, rtol, atol, agrees):
    assert (close(got, expected, rtol, atol) is None) == agrees


# What is said of an array


@pytest.mark.parametrize(("got", "expected", "says"), [
    ([1.0, 2.0], [1.0, 3.0], "expected [1., 3.], got [1., 2.]."),
    ([1, 2], np.array([1, 3]), "expected [1, 3], got [1, 2]."),
    ([1.0, 2.0], [1, 3], "expected [1., 3.], got [1., 2.]."),
    ([1.00000012], [1.0], "expected [1.], got [1.]; the largest error is 1.2e-07."),
    (np.zeros(8), np.ones(8), f"expected [{'1., ' * 7}1.], got [{'0., ' * 7}0.]."),
    (np.ones(9), np.r_[np.ones(5), 1.5, 3.0, 1.0, 1.0],
     "2 of 9 entries differ; the largest error is 2. The first is at index 5: expected 1.5, "
     "got 1."),
    (np.ones((3, 4)), np.r_[np.ones(6), 1.25, np.ones(5)].reshape(3, 4),
     "1 of 12 entries differ; the largest error is 0.25. The first is at index (1, 2): "
     "expected 1.25, got 1."),
    (np.r_[np.ones(8), NAN], np.ones(9),
     "1 of 9 entries differ. The first is at index 8: expected 1, got nan."),
    (np.r_[np.ones(8), INF], np.r_[np.ones(7), INF, INF],
     "1 of 9 entries differ; the largest error is inf. The first is at index 7: expected inf, "
     "got 1."),
    (np.r_[NAN, np.ones(8)], np.r_[NAN, np.ones(7), 1.5],
     "1 of 9 entries differ; the largest error is 0.5. The first is at index 8: expected 1.5, "
     "got 1."),
])
def test_the_entries_that_differ_are_told(got, expected, says):
    assert close(got, expected) == says


def test_a_large_array_is_told_in_a_line():
    a = np.zeros((1000, 1000))
    b = a.copy()
    b[700:, 30] = 2
    assert close(b, a) == ("300 of 1000000 entries differ; the largest error is 2. The first is at "
                           "index (700, 30): expected 0, got 2.")


def test_where_no_warning_may_be_raised_none_is(recwarn):
    with np.errstate(all="raise"):
        close(np.full(9, INF), np.full(9, -INF))
        close([INF, NAN], [NAN, INF])
    assert not recwarn.list


@pytest.mark.parametrize(("got", "expected", "tip"), [
    ((4, 4), (4,), ": a column combined with a row makes a square."),
    ((4, 1), (4,), ": the same entries, with one axis too many."),
    ((1, 1), (1,), ": the same entries, with one axis too many."),
    ((1, 4), (4,), ": the same entries, with one axis too many."),
    ((3, 2), (2, 3), ": that is transposed."),
    ((2,), (2, 3), ": an axis was summed or dropped."),
    ((), (2,), ": an axis was summed or dropped."),
    ((2, 4), (2, 3, 4), ": an axis was summed or dropped."),
    ((35,), (5, 7), "."),
    ((17,), (4, 5), "."),
    ((1,), (), "."),
    ((5,), (4,), "."),
    ((3, 4), (4,), "."),
    ((3, 3), (2, 3), "."),
    ((2, 3, 1), (2, 3), "."),
    ((4, 3, 2), (2, 3, 4), "."),
    ((4, 4), (2, 2), "."),
    ((4, 1), (2, 2), "."),
])
def test_a_wrong_shape_comes_with_a_tip(got, expected, tip):
    assert close(np.ones(got), np.ones(expected)) == f"expected shape {expected}, got {got}{tip}"


# What is refused before it is compared


@pytest.mark.parametrize(("got", "says"), [
    (None, "it returned None. Is a `return` missing?"),
    ("1", "expected numbers, got a string."),
    ({}, "expected numbers, got a dict."),
    ({1.0}, "expected numbers, got a set."),
    ((x for x in [1]), "expected numbers, got a generator."),
    (abs, "expected numbers, got a builtin_function_or_method."),
    (1j, "expected numbers, got a complex."),
    (np.complex128(1), "expected real numbers, got dtype complex128."),
    (np.array([1j]), "expected real numbers, got dtype complex128."),
    ([1.0, 1j], "expected real numbers, got dtype complex128."),
    (np.array(["a"]), "expected real numbers, got dtype <U1."),
    (["a", "b"], "expected real numbers, got dtype <U1."),
    (np.array([1.0], dtype=object), "expected real numbers, got dtype object."),
    ([1.0, None], "expected real numbers, got dtype object."),
    (np.array(["2020-01-01"], dtype="M8[D]"), "expected real numbers, got dtype datetime64[D]."),
    ([[1, 2], [3]], "expected numbers in a regular array, got rows of different lengths."),
    ([np.ones(2), np.ones(3)], "expected numbers in a regular array, got rows of different "
                               "lengths."),
    (np.ones((1, 1)).view(np.matrix), "expected a plain NumPy array, got matrix."),
    (np.ma.masked_array([1.0], mask=[True]), "expected a plain NumPy array, got MaskedArray."),
    (np.ones(1).view(MyArray), "expected a plain NumPy array, got MyArray."),
    (AlwaysEqual(), "expected numbers, got an AlwaysEqual."),
    ([AlwaysEqual()], "expected real numbers, got dtype object."),
    (MyInt(1), "expected numbers, got a MyInt."),
    (MyFloat(1), "expected numbers, got a MyFloat."),
])
def test_what_is_no_plain_number_is_refused(got, says):
    shape = np.shape(got) if isinstance(got, np.ndarray) else ()
    assert close(got, np.ones(shape)) == says
    assert compare.floats(got, shape) == says


# A result in parts

Pair = namedtuple("Pair", "w b")


@pytest.mark.parametrize(("got", "says"), [
    ((1.0, 2.0), None),
    ([1.0, 2.0], None),
    (Pair(1.0, 2.0), None),
    (None, "it returned None. Is `return w, b` missing?"),
    (1.0, "expected the tuple (w, b), got a float."),
    (np.ones(2), "expected the tuple (w, b), got an array."),
    (AlwaysEqual(), "expected the tuple (w, b), got an AlwaysEqual."),
    ((1.0,), "expected the 2 values (w, b), got 1."),
    ((1.0, 2.0, 3.0), "expected the 2 values (w, b), got 3."),
])
def test_parts(got, says):
    assert compare.parts(got, ("w", "b")) == says
    if says:
        assert close(got, (1.0, 2.0), names=("w", "b")) == says


def test_the_part_that_differs_is_named():
    assert close((1.0, None), (1.0, 2.0), names=("w", "b")) == (
        "in b, expected numbers, got None.")
    assert close(([1.0], [2.0]), ([1.0], [3.0])) == "at index 1, expected [3.], got [2.]."


def test_a_list_of_another_length_is_told_by_its_length():
    assert close([1.0], (1.0, 2.0)) == "expected 2 values, got 1."
    assert close(3.0, (1.0, 2.0)) == "expected a list of 2, got a float."


def test_parts_that_are_equal_or_not_have_names_too():
    assert compare.equal((1, 3), (1, 2), ("start", "period")) == "in period, expected 2, got 3."


# float64


@pytest.mark.parametrize(("got", "shape", "says"), [
    (1.0, (), None),
    (np.float64(1), (), None),
    (np.array(1.0), (), None),
    (np.ones((2, 3)), (2, 3), None),
    (np.zeros((0, 3)), (0, 3), None),
    (np.ones((2, 3)).T, (3, 2), None),
    (1, (), "expected a float, got an int."),
    (True, (), "expected a float, got a bool."),
    (np.float32(1), (), "expected a float, got a float32."),
    (np.int64(1), (), "expected a float, got an int64."),
    (np.array(1), (), "expected dtype float64, got int64."),
    ([1.0], (1,), "expected a float64 array of shape (1,), got a list."),
    (1.0, (1,), "expected a float64 array of shape (1,), got a float."),
    (np.float64(1), (1,), "expected shape (1,), got ()."),
    (np.ones(2, dtype=np.float32), (2,), "expected dtype float64, got float32."),
    (np.ones(2, dtype=bool), (2,), "expected dtype float64, got bool."),
    (np.ones(1), (), "expected shape (), got (1,)."),
    (np.ones((2, 1)), (2,), "expected shape (2,), got (2, 1)."),
])
def test_floats(got, shape, says):
    assert compare.floats(got, shape) == says


# Exactly equal


@pytest.mark.parametrize(("got", "expected"), [
    (1, 1), (np.int64(1), 1), (np.uint8(1), 1), (np.array(1), 1),
    (True, True), (np.True_, True), ("a", "a"), (np.str_("a"), "a"), (None, None),
    (1.5, 1.5), (np.float64(1.5), 1.5),
    ([1, 2], [1, 2]), ((1, 2), [1, 2]), ([1, 2], (1, 2)), (np.array([1, 2]), [1, 2]),
    (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]), ([(1, "a"), (2, "b")], [(1, "a"), (2, "b")]),
    (np.array(["a", "b"]), ["a", "b"]), (np.array([True]), [True]), ([], []), (np.array([]), []),
])
def test_what_is_equal(got, expected):
    assert compare.equal(got, expected) is None


@pytest.mark.parametrize(("got", "expected", "says"), [
    (2, 1, "expected 1, got 2."),
    ("b", "a", "expected 'a', got 'b'."),
    (True, 1, "expected 1 (int), got True (bool)."),
    (1, True, "expected True (bool), got 1 (int)."),
    (np.True_, 1, "expected 1 (int), got True (bool)."),
    (np.int64(1), True, "expected True (bool), got 1 (int)."),
    (1.0, 1, "expected 1 (int), got 1 (float)."),
    (np.float64(1), 1, "expected 1 (int), got 1 (float)."),
    ("1", 1, "expected 1 (int), got '1' (str)."),
    (b"a", "a", "expected 'a' (str), got bytes (bytes)."),
    (MyInt(1), 1, "expected 1 (int), got 1 (MyInt)."),
    (AlwaysEqual(), 1, "expected 1 (int), got AlwaysEqual (AlwaysEqual)."),
    (None, 1, "expected 1, but it returned None. Is a `return` missing?"),
    (0, None, "expected None (NoneType), got 0 (int)."),
    (np.array([1]), 1, "expected 1 (int), got [1] (ndarray)."),
    (1, [1], "expected [1], got an int."),
    ("ab", ["a", "b"], "expected ['a', 'b'], got a string."),
    (AlwaysEqual(), [1, 2], "expected [1, 2], got an AlwaysEqual."),
    (np.ones((1, 2)).view(np.matrix), [1, 2], "expected [1, 2], got a matrix."),
    ([1, 2, 3], [1, 2], "expected 2 entries, [1, 2], but got 3: [1, 2, 3]."),
    ([1], [1, 2], "expected 2 entries, [1, 2], but got 1: [1]."),
    ([1, 3], [1, 2], "at index 1, expected 2, got 3."),
    ([1, True], [1, 1], "at index 1, expected 1 (int), got True (bool)."),
    (np.array([1.0, 2.0]), [1, 2], "at index 0, expected 1 (int), got 1 (float)."),
    ([[1], [AlwaysEqual()]], [[1], [2]],
     "at index 1, at index 0, expected 2 (int), got AlwaysEqual (AlwaysEqual)."),
    (np.array([[1, 2], [3, 5]]), [[1, 2], [3, 4]], "at index 1, at index 1, expected 4, got 5."),
])
def test_what_is_not_equal(got, expected, says):
    assert compare.equal(got, expected) == says


nested = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3),
                      lambda inside: st.lists(inside, max_size=3), max_leaves=8)


@given(nested, nested)
def test_equal_is_exact(a, b):
    def with_types(value):
        return [with_types(v) for v in value] if isinstance(value, list) else (type(value), value)

    assert compare.equal(a, a) is None
    assert (compare.equal(a, b) is None) == (with_types(a) == with_types(b))


# Unchanged, bit for bit


@pytest.mark.parametrize(("now", "before", "same"), [
    (np.ones(2), np.ones(2), True),
    (np.array([NAN]), np.array([NAN]), True),
    (np.array([0.0]), np.array([-0.0]), False),
    (np.ones(2), np.ones((2, 1)), False),
    (np.ones(2), np.ones(2, dtype=np.float32), False),
    (np.zeros(2, dtype=np.int64), np.zeros(2), False),
    ([1.0, 2.0], np.array([1.0, 2.0]), False),
    (np.arange(6.0).reshape(2, 3).T, np.arange(6.0).reshape(2, 3).T.copy(), True),
    ([1, [2.0]], [1, [2.0]], True),
    ([1, [2.0]], [1, [2]], False),
    ([1], [1, 2], False),
    ((1,), [1], False),
    ({"W": np.ones(2)}, {"W": np.ones(2)}, True),
    ({"W": np.ones(2)}, {"W": np.zeros(2)}, False),
    ({"W": 1, "b": 2}, {"W": 1}, False),
    ([("W", 1)], {"W": 1}, False),
    (NAN, NAN, True),
    (NAN, 1.0, False),
    (1.0, NAN, False),
    (np.random.default_rng(1), np.random.default_rng(2), True),
    (1, 1.0, False),
    (1, True, False),
    ("a", "b", False),
    (None, None, True),
    (abs, max, True),
])
def test_same(now, before, same):
    assert compare.same(now, before) is same


def test_arrays_are_found_wherever_they_are():
    a, b, c = np.ones(1), np.ones(2), np.ones(3)
    found = compare.arrays([a, ("x", {"W": b, "n": 1}, [[c]]), None])
    assert [array.size for array in found] == [1, 2, 3]
    assert found[0] is a
    assert compare.arrays(5) == []


# How values are shown


@pytest.mark.parametrize(("value", "shown"), [
    (1.0, "1"),
    (1 / 3, "0.333333333"),
    (np.float32(0.1), "0.100000001"),
    (np.int64(3), "3"),
    (np.True_, "True"),
    ("a", "'a'"),
    ("x" * 58, "'" + "x" * 58 + "'"),
    ("x" * 59, "'" + "x" * 56 + "..."),
    (None, "None"),
    (-2, "-2"),
    ([1, 2.5], "[1, 2.5]"),
    ((1.0,), "(1,)"),
    ((1.0, "a"), "(1, 'a')"),
    (list(range(8)), "[0, 1, 2, 3, 4, 5, 6, 7]"),
    (list(range(9)), "[0, 1, 2, …, 8]"),
    (tuple(range(20)), "(0, 1, 2, …, 19)"),
    ([[1]] * 9, "a list of 9"),
    ([np.arange(8.0) + 0.123456] * 4, "a list of 4"),
    (-0.0, "0"),
    (np.array([-0.0, 1.0]), "[0., 1.]"),
    (-1e-17, "-1e-17"),
    ([np.ones(2)], "[[1., 1.]]"),
    (np.ones(8), "[1., 1., 1., 1., 1., 1., 1., 1.]"),
    (np.ones(9), "array of shape (9,)"),
    (np.zeros(0), "[]"),
    (np.zeros((0, 3)), "array of shape (0, 3)"),
    (np.array([1 / 3]), "[0.333333]"),
    (np.array(["a"]), "['a']"),
    (compare.show, "a function"),
    (lambda x: x, "a function"),
    (np.tanh, "np.tanh"),
    (np.sum, "np.sum"),
    (abs, "abs"),
    (AlwaysEqual(), "AlwaysEqual"),
    ({"W": 1}, "{'W': 1}"),
])
def test_show(value, shown):
    assert compare.show(value) == shown


def test_what_has_no_name_is_shown_as_a_function():
    class Callable:
        def __call__(self):
            return 1

    assert compare.show(Callable()) == "a function"
