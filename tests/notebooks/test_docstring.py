"""The parts of a result have the names that the docstring gives them."""

import pytest

from autograder.notebooks.docstring import declared


@pytest.mark.parametrize(("docstring", "names"), [
    ("Returns (dX, dW, db), float64 of shapes (n, d), (out, d) and (out,).", ("dX", "dW", "db")),
    ("Returns two ints (start, period). If state t", ("start", "period")),
    ("Returns four float64 arrays (W1, b1,\n    W2, b2):", ("W1", "b1", "W2", "b2")),
    ("Returns the new pair (w, b): an array", ("w", "b")),
    ("Returns float64 (n, k), with one 1.0 in each row.", ()),
    ("Returns a list of k pairs (train, val) of int arrays.", ()),
    ("Returns a float64 array of shape (n, c).", ()),
    ("rules[name](g) returns a tuple (a, b).", ()),
    ("", ())])
def test_the_names_are_those_of_the_docstring(docstring, names):
    assert declared(docstring) == names
