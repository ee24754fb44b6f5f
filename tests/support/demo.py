"""A lesson of two exercises and a written answer, small enough to say what it should become."""

import shutil
from pathlib import Path

from nbformat import NotebookNode

from autograder.authoring.build import build
from autograder.authoring.release import release_notebook
from autograder.authoring.source import solution_notebook
from autograder.course import ROOT, Lesson

NAME = "01_demo"
LESSON = '''\
# %% [markdown]
# # A lesson

# %% given: imports
import numpy as np

# %% exercise: double
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * np.asarray(x, dtype=float)
    ### END SOLUTION

# %% tests: double, 2 points
import numpy as np

with check("doubles"):
    check.close(check.call(double, np.array([1.0, -2.0])), [2.0, -4.0])
### BEGIN HIDDEN TESTS
with check("leaves its input as it was"):
    check.unchanged(double, np.array([1.0]))
### END HIDDEN TESTS

# %% [markdown]
# Play with it.

# %%
print("play")

# %% exercise: half
def half(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% tests: half, 1 point
with check("halves"):
    check.close(check.call(half, 3.0), 1.5)

# %% answer: why, 3 points [markdown]
# Write here why.
#
# ### BEGIN MARK SCHEME
# It is twice as much.
# ### END MARK SCHEME

# %% [markdown]
# Play with it.
'''
MISCONCEPTIONS = '''\
import numpy as np


def inputs_double(rng):
    yield (rng.normal(size=4),)
    yield (rng.normal(size=(2, 3)),)


def double__square(x):
    """This is x times x.
    Twice x is x plus x."""
    return np.asarray(x) ** 2


def double__in_place(x):
    """It changes what it was given."""
    x *= 2
    return x
'''


def solution(text: str = LESSON) -> NotebookNode:
    """What teachers have."""
    return solution_notebook(text, Path("demo.py"))


def release(text: str = LESSON) -> NotebookNode:
    """What students get."""
    return release_notebook(solution(text))


def course(root: Path, text: str = LESSON, wrong: str = MISCONCEPTIONS, right: str = "") -> Lesson:
    """A course of its own in an empty folder, with this one lesson, built.

    wrong, right: the texts of its modules of known answers.
    """
    for part in ("autograder", "config", "utils"):
        shutil.copytree(ROOT / part, root / part,
                        ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", root)
    lesson = Lesson(NAME, root)
    for place, content in ((lesson.source, text), (lesson.misconceptions, wrong),
                           *([(lesson.right_answers, right)] if right else [])):
        place.parent.mkdir(parents=True)
        place.write_text(content, encoding="utf-8")
    build(root)
    return lesson
