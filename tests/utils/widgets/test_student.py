"""Calls of a student's functions by an explorer: one that never ends is ended."""

import linecache
import time

import pytest

from utils.widgets.kit import student

FILE, ENDLESS = "<answer>", "def f(x):\n    while x: x = 1"


@pytest.fixture
def f(monkeypatch):
    """A student's function that never ends, and a limit of a fifth of a second."""
    monkeypatch.setattr(student, "SECONDS", 0.2)
    monkeypatch.setattr(student, "SECONDS_AFTER_TIMEOUT", 0.05)
    monkeypatch.setattr(student, "_endless", set())
    linecache.cache[FILE] = (len(ENDLESS), None, ENDLESS.splitlines(keepends=True), FILE)
    names = {}
    exec(compile(ENDLESS, FILE, "exec"), names)
    return names["f"]


def test_a_loop_that_never_ends_is_told_as_in_a_check(f):
    for seconds in (0.2, 0.05):  # the second time it is not waited for as long
        start = time.monotonic()
        with pytest.raises(student.AnswerError) as said:
            student.call(f, 1)
        assert time.monotonic() - start < 5
        assert str(said.value) == (
            f"f was still running after {seconds:g} s, at “while x: x = 1” in f. Is there a "
            "loop that never ends? Fix it, run its cell, then run this cell again.")


def test_what_ends_in_time_is_not_touched(f):
    assert student.call(f, 0) is None
    with pytest.raises(student.AnswerError):
        student.call(f, 1)
    assert student.call(abs, -1) == 1
