"""The tests notice small wrong turns: every mutant of a model answer loses points, or is listed.

`survivors.py` says of each mutant that keeps its points why it is right all the same.
"""

import math
import signal
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from support.answers import built_lessons, cell, functions, marked, notebook, reference
from support.mutants import mutants
from support.survivors import ALL, SURVIVORS

pytestmark = pytest.mark.slow
SECONDS = 5.0
by_function = pytest.mark.parametrize(
    ("lesson", "exercise"),
    [(lesson, name) for lesson in built_lessons() for name in functions(lesson)],
    ids=lambda value: getattr(value, "name", value))


class TooLong(BaseException):
    """The mutant does not come to an end."""


@contextmanager
def limited():
    def stop(*_):
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def survives(lesson, exercise, source):
    """Does an answer with this text get full points?"""
    namespace = dict(reference(lesson))
    points = cell(notebook(lesson.solution), f"{exercise}-tests").metadata.nbgrader.points
    try:
        with limited(), warnings.catch_warnings(), redirect_stdout(StringIO()), (
                redirect_stderr(StringIO())):
            warnings.simplefilter("ignore")
            exec(compile(source, "<mutant>", "exec"), namespace)
            return math.isclose(marked(lesson, exercise, namespace[exercise]), points)
    except (Exception, TooLong):
        return False


@by_function
def test_mutants_lose_points(lesson, exercise):
    source = cell(notebook(lesson.solution), exercise).source
    listed = SURVIVORS.get(lesson.name, {}).get(exercise, {})
    if ALL in listed:
        return
    found = {name for name, text in mutants(source) if survives(lesson, exercise, text)}
    assert found == set(listed)


def test_the_list_speaks_of_exercises_that_there_are():
    known = {(lesson.name, name) for lesson in built_lessons() for name in functions(lesson)}
    assert {(lesson, name) for lesson, names in SURVIVORS.items() for name in names} <= known
    assert all(reason for names in SURVIVORS.values() for ones in names.values()
               for reason in ones.values())


def test_operators_change_what_they_say():
    source = 'def f(x):\n    """x - 1"""\n    return -x.sum(axis=0).T + 2.0 * (x > 0)'
    found = dict(mutants(source))
    assert found["x > 0 -> x >= 0"].endswith("2.0 * (x >= 0)")
    assert found["2.0 -> 4.0"].endswith("4.0 * (x > 0)")
    assert "-x.sum(axis=0).T - 2.0 * (x > 0)" in found[
        "-x.sum(axis=0).T + 2.0 * (x > 0) -> -x.sum(axis=0).T - 2.0 * (x > 0)"]
    assert {"x.sum(axis=0).T -> x.sum(axis=0)", "x.sum(axis=0) -> x.sum()", "0 -> 1",
            "-x.sum(axis=0).T -> x.sum(axis=0).T", "x.sum(axis=0) -> x.mean(axis=0)",
            "2.0 * (x > 0) -> 2.0", "2.0 * (x > 0) -> x > 0", "0 -> 1 (2)"} <= set(found)
