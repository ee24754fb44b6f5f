"""Expected values are worked out once in a process, and nobody can spoil them for the next."""

import ast

import numpy as np
import pytest

from autograder.notebooks.cells import exercise_name, is_tests
from support.answers import built_lessons, notebook
from utils.checks import Checks

CALLS = []  # a global: what a function closes over is part of what it is


@pytest.fixture
def counted():
    """A formula as a test cell makes it anew each time, and how often it was worked out."""
    CALLS.clear()

    def make(exercise="double", factor=2.0):
        def times(values):
            CALLS.append(1)
            return factor * np.asarray(values)

        def both(values, other=1.0):
            return times(values), [other]

        return Checks(exercise, points=1, visible=1).once(both)

    return make, CALLS


def test_equal_arguments_are_worked_out_once_also_by_the_next_answers_cell(counted):
    make, calls = counted
    x = np.array([1.0, 2.5])
    for _ in range(3):
        (got, other) = make("once-a")(x.copy())
        assert got.tolist() == [2.0, 5.0]
        assert other == [1.0]
    assert len(calls) == 1


def test_other_arguments_exercises_and_formulas_are_not_mixed_up(counted):
    make, calls = counted
    x = np.array([1.0, 2.0])
    found = [make("once-b")(x)[0], make("once-b")(-x)[0], make("once-b")(x.astype(int))[0],
             make("once-b")(x.tolist())[0], make("once-b")(x[None])[0], make("once-c")(x)[0],
             make("once-b", 3.0)(x)[0], make("once-b")(x, other=4.0)[0]]
    assert len(calls) == len(found)
    assert found[1].tolist() == [-2.0, -4.0]
    assert found[6].tolist() == [3.0, 6.0]
    assert make("once-b")(x, other=4.0)[1] == [4.0]
    assert make("once-b")(x, 4.0)[1] == [4.0]
    assert make("once-b")(x)[1] == [1.0]


def test_who_changes_a_result_changes_it_for_nobody_else(counted):
    make, _ = counted
    for _ in range(3):
        got, other = make("once-d")([1.0])
        assert (got.tolist(), other) == ([2.0], [1.0])
        got[0], other[0] = 7.0, 7.0


def test_a_function_as_argument_counts_by_what_it_does(counted):
    _, calls = counted
    for _ in range(2):
        check = Checks("once-e", points=1, visible=1)

        @check.once
        def applied(f, x):
            CALLS.append(1)
            return f(x)

        assert [applied(lambda v: v + 1, 1.0), applied(lambda v: v - 1, 1.0)] == [2.0, 0.0]
    assert len(calls) == 2


def test_what_can_not_be_compared_is_worked_out_each_time(counted):
    make, calls = counted

    class Odd(list):
        def __reduce__(self):
            raise TypeError("can't be kept")

    for _ in range(2):
        assert make("once-f")(Odd([1.0]))[0].tolist() == [2.0]
    assert len(calls) == 2


def test_a_result_that_can_not_be_kept_is_returned_all_the_same():
    f = Checks("once-h", points=1, visible=1).once(lambda x: lambda: x)
    assert [f(3)(), f(3)()] == [3, 3]


def test_what_raises_raises_each_time():
    check = Checks("once-g", points=1, visible=1)

    @check.once
    def fails(x):
        raise ValueError(x)

    for _ in range(2):
        with pytest.raises(ValueError, match="3"):
            fails(3)


def remembered(tree):
    """The functions of a test cell that are worked out once, and those that they reach."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    found = [node for node in functions.values()
             if any(ast.unparse(one) == "check.once" for one in node.decorator_list)]
    for node in found:
        for name in ast.walk(node):
            if isinstance(name, ast.Name) and name.id in functions and (
                    functions[name.id] not in found):
                found.append(functions[name.id])
    return found


CELLS = [(lesson, cell) for lesson in built_lessons() for cell in notebook(lesson.solution).cells
         if is_tests(cell) and "@check.once" in cell.source]


def test_lessons_have_such_functions():
    assert len(CELLS) > 10


@pytest.mark.parametrize(("lesson", "cell"), CELLS,
                         ids=lambda one: one.get("id") if isinstance(one, dict) else one.name)
def test_no_lesson_remembers_what_depends_on_the_answer_or_on_chance(lesson, cell):
    for node in remembered(ast.parse(cell.source)):
        text = ast.unparse(node)
        assert exercise_name(cell) not in {one.id for one in ast.walk(node)
                                           if isinstance(one, ast.Name)}, node.name
        assert "check." not in text.replace("@check.once", ""), node.name
        assert "rng" not in {one.arg for one in node.args.args}, node.name
