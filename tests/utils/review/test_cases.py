"""Small calls on which a misconception shows."""

import numpy as np
import pytest

from support.answers import built_lessons, functions, misconceptions, reference
from utils._diagnosis.cases import MOST, small_cases
from utils._diagnosis.misconceptions import Misconceptions

KNOWN = '''
"""Wrong answers."""
import numpy as np

def double__square(x):
    """You multiply x by itself."""
    return np.asarray(x, dtype=float) ** 2

def double__half(x):
    """You divide."""
    return np.asarray(x, dtype=float) / 2

def double__raises(x):
    """It raises."""
    raise ValueError(x)

def double__in_place(x):
    """It changes x."""
    return 2 * np.asarray(x, dtype=float)

def double__nearly(x):
    """It is off by a hair."""
    return 2.000001 * np.asarray(x, dtype=float)

def fresh_double(draw):
    return (draw.elementwise(),)

def shuffled__wrong(x, rng):
    """No."""
    return x

def fresh_shuffled(draw):
    return draw.array(3), draw.generator()

def bugs__wrong():
    """No."""
    return {1}
'''


def double(x):
    return 2 * np.asarray(x, dtype=float)


@pytest.fixture
def known(tmp_path):
    path = tmp_path / "known.py"
    path.write_text(KNOWN)
    return Misconceptions(path)


def value(text):
    return np.asarray(eval(text), float)


def test_a_case_is_a_call_its_result_and_what_the_misconception_returns(known):
    cases = small_cases(known, "double", "square", double)
    assert len({case.call for case in cases}) == len(cases) == MOST
    for case in cases:
        given = value(case.call.removeprefix("double(").removesuffix(")"))
        assert np.allclose(value(case.right), 2 * given)
        assert np.allclose(value(case.wrong[0]), given ** 2)
        assert case.right not in case.wrong
        assert len({*case.wrong}) == len(case.wrong) <= 3
        assert given.size <= 3
    assert cases == small_cases(known, "double", "square", double)
    assert "an error: ValueError" in {text for case in cases for text in case.wrong}


def test_an_answer_that_raises_is_wrong_too(known):
    cases = small_cases(known, "double", "raises", double)
    assert {case.wrong[0] for case in cases} == {"an error: ValueError"}


@pytest.mark.parametrize(("exercise", "name"), [
    ("double", "in_place"), ("double", "nearly"), ("double", "gone"), ("bugs", "wrong"),
    ("other", "wrong")])
def test_without_a_difference_to_see_there_are_no_cases(known, exercise, name):
    assert small_cases(known, exercise, name, double) == []


def test_where_chance_decides_there_are_no_cases(known):
    assert small_cases(known, "shuffled", "wrong", lambda x, rng: 2 * np.asarray(x)) == []


def test_a_right_answer_that_raises_makes_no_cases(known):
    def broken(x):
        raise ZeroDivisionError

    assert small_cases(known, "double", "square", broken) == []


def test_the_misconceptions_of_a_lesson_have_cases():
    """Not each: one that differs in kinds only, or in what it draws, has nothing to show."""
    lesson = built_lessons()[0]
    known = misconceptions(lesson)
    found = {(exercise, name): small_cases(known, exercise, name, reference(lesson)[exercise])
             for exercise in functions(lesson)[:4] for name in known.of(exercise)}
    assert sum(len(cases) >= 4 for cases in found.values()) > 0.8 * len(found)
    for case in (case for cases in found.values() for case in cases):
        assert len({case.right, *case.wrong}) == 1 + len(case.wrong) > 1
