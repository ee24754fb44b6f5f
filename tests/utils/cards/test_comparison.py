"""The data behind a picture of expected against got: plain, small, and with the worst in it."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from utils._cards import comparison
from utils._cards.comparison import BLOCKS, COLUMNS, ENTRIES, POINTS, ROWS
from utils._checks import compare


def changed(shape, *indices, by=1.0):
    """Zeros as expected, and what came: `by` at the indices."""
    got = np.zeros(shape)
    for index in indices:
        got[index] = by
    return got, np.zeros(shape)


@pytest.mark.parametrize(("shape", "kind", "size"), [
    ((1,), "table", (1,)),
    ((ENTRIES,), "table", (ENTRIES,)),
    ((ENTRIES + 1,), "curves", (ENTRIES + 1,)),
    ((1000,), "curves", (POINTS,)),
    ((ROWS, COLUMNS), "table", (ROWS, COLUMNS)),
    ((ROWS + 1, 1), "curves", (ROWS + 1,)),
    ((1, 200), "curves", (POINTS,)),
    ((ROWS + 1, COLUMNS), "map", (ROWS + 1, COLUMNS)),
    ((100, 3), "map", (BLOCKS, 3)),
    ((37, 53), "map", (BLOCKS, BLOCKS)),
])
def test_each_size_has_its_kind(shape, kind, size):
    one = comparison.compared(*changed(shape, (0,) * len(shape)))
    assert one.kind == kind
    assert np.shape(one.expected) == np.shape(one.got) == np.shape(one.differs) == size
    assert one.shape == one.got_shape == list(shape)


def test_what_is_cut_keeps_the_entry_that_is_furthest_off_of_each_block():
    got, expected = changed((160, 160), (3, 4), (3, 5), (159, 159))
    got[3, 5] = -7.0
    one = comparison.compared(got, expected)
    assert one.got[0][0] == -7.0
    assert one.got[-1][-1] == 1.0
    assert np.sum(one.differs) == 2
    assert one.worst == "The largest difference is at index (3, 5): expected 0, got -7."


def test_in_a_vector_the_order_stays():
    got = np.linspace(0, 1, 1000)
    one = comparison.compared(got, got + 1)
    assert one.got == sorted(one.got)
    assert one.worst.startswith("The largest difference is at index ")
    assert one.worst.count(",") == 1


@pytest.mark.parametrize(("value", "worst"), [
    (np.nan, "got nan."), (np.inf, "got inf."), (-np.inf, "got -inf.")])
def test_what_is_no_number_is_the_worst_and_travels_as_text(value, worst):
    got, expected = changed((3, 3), (0, 0), by=1e300)
    got[2, 1] = value
    one = comparison.compared(got, expected)
    assert one.worst.endswith(f"(2, 1): expected 0, {worst}")
    assert one.got[2][1] == str(value)
    assert json.loads(json.dumps(asdict(one), allow_nan=False)) == asdict(one)


def test_nan_where_it_is_expected_agrees():
    one = comparison.compared([np.nan, 1.0], [np.nan, 2.0])
    assert one.differs == [False, True]


@pytest.mark.parametrize(("got", "expected", "names", "part"), [
    ((np.zeros(2), np.ones(2)), (np.zeros(2), np.zeros(2)), ("w", "b"), "b"),
    ((np.ones(2), np.ones(2)), (np.zeros(2), np.zeros(2)), (), "index 0"),
])
def test_of_a_tuple_the_first_part_that_fails_is_shown(got, expected, names, part):
    one = comparison.compared(got, expected, 1e-7, 1e-9, names)
    assert (one.part, one.got, one.expected) == (part, [1.0, 1.0], [0.0, 0.0])


@pytest.mark.parametrize(("got", "expected"), [
    (np.ones(3), np.ones((3, 1))), ([1.0], [1.0, 2.0]), (np.ones((3, 3)), np.ones(3))])
def test_of_different_shapes_small_arrays_are_shown_whole(got, expected):
    one = comparison.compared(got, expected)
    assert (one.kind, one.differs, one.worst) == ("table", [], "")
    assert one.got == np.asarray(got).tolist()
    assert one.expected == np.asarray(expected).tolist()


@pytest.mark.parametrize(("got", "expected"), [
    (None, [1.0]), ("a", [1.0]), ([1, [2]], [1.0, 2.0]), (["a"], ["b"]), (type, [1.0]),
    (1.0, 2.0), (1.0, [2.0]), ([], [1.0]), (np.zeros((2, 2, 2)), np.ones((2, 2, 2))),
    (np.ones(100), np.ones(101)), ([1, 0], [True, False]), (1.0, (1.0, 2.0)), ((1.0,), (2.0,)),
    (np.ones(2) * 1j, np.ones(2))])
def test_where_there_is_nothing_to_see_there_is_nothing(got, expected):
    assert comparison.compared(got, expected) is None


NUMBERS = st.floats(width=32)
SHAPES = arrays.array_shapes(min_dims=1, max_dims=2, max_side=40)


@given(data=st.data(), shape=SHAPES)
def test_a_difference_that_is_told_can_be_seen(data, shape):
    got, expected = (data.draw(arrays.arrays(float, shape, elements=NUMBERS)) for _ in range(2))
    reason = compare.close(got, expected, 1e-7, 1e-9)
    one = comparison.compared(got, expected, 1e-7, 1e-9)
    assert (one is not None) == bool(reason)
    if one:
        assert np.any(one.differs)
        # Two maps of 16 × 16 numbers such as -9999950000000000.0, and which of them differ.
        assert len(json.dumps(asdict(one), allow_nan=False)) < 14_000
