"""A lesson in which students catch the bug: inputs on which wrong answers to `mean` show."""

from pathlib import Path

from nbformat import NotebookNode

from autograder.authoring.source import solution_notebook

_TITLE = "# %% [markdown]\n# # A lesson\n"
_EXERCISE = '''
# %% exercise: NAME
def NAME():
    """Return inputs on which wrong versions of `mean` show: a list of tuples (x,)."""
    ### BEGIN SOLUTION
    return [([1.0, -2.0, 8.0, 0.5],)]
    ### END SOLUTION

# %% tests: NAME, 3 points
import numpy as np


def _fit(x):
    x = np.array(x, dtype=float)
    return (x,) if x.size else "x is empty."


with check("is a list of at most 8 tuples (x,)", weight=0):
    check.cases(NAME, _fit)
### BEGIN HIDDEN TESTS
# right answers to mean: loop, numpy
# wrong answers to mean: median, first, largest, total, of_sizes, of_ends
### END HIDDEN TESTS
'''


def lesson(*names: str) -> str:
    """A lesson in which every one of these exercises asks for cases."""
    return _TITLE + "".join(_EXERCISE.replace("NAME", name) for name in names)


LESSON = lesson("cases")
RIGHT = '''\
import numpy as np


def mean__loop(x):
    total = 0.0
    for value in x:
        total = total + value
    return total / len(x)


def mean__numpy(x):
    return np.mean(x)
'''
WRONG = '''\
import numpy as np


def _sizes(x):
    return np.abs(x)


def mean__median(x):
    """The entry in the middle is the median.
    The mean is the sum over n."""
    return np.median(x)


def mean__first(x):
    """This is the first entry."""
    return x[0]


def mean__largest(x):
    """This is the largest entry."""
    return x.max()


def mean__total(x):
    """This is the sum: divide by n."""
    return x.sum()


def mean__of_sizes(x):
    """A minus counts."""
    return _sizes(x).mean()


def mean__of_ends(x):
    """What lies between the ends counts, too."""
    return (x[0] + x[-1]) / 2
'''
ALL, HALF, NOT_AGREED = "[([1.0, -2.0, 8.0, 0.5],)]", "[([1.0, 3.0],)]", (
    "[([[1.0, 2.0], [3.0, 4.0]],)]")


def answer(name: str, cases: str) -> str:
    """An answer that returns these cases."""
    return f"def {name}():\n    return {cases}"


def solution(text: str = LESSON, wrong: str = WRONG, right: str = RIGHT) -> NotebookNode:
    """What teachers have."""
    return solution_notebook(text, Path("solutions/01_demo.py"),
                             answers={"wrong": wrong, "right": right})
