"""A lesson with two written answers and a multiple-choice question."""

from support import written

QUESTION = """
# %% [markdown]
# ## Questions
#
# One letter each.

# %% [markdown]
# **Question 1.** What is *twice* $x$?
#
# - **a**  `2 * x`
# - **b**  $x^2$, the square
# - **c**  Half of it.
"""
LESSON = written.LESSON + QUESTION + '''
# %% exercise: quiz_twice
def quiz_twice():
    """The letter of your answer, for example return "a"."""
    ### BEGIN SOLUTION
    return "a"
    ### END SOLUTION

# %% tests: quiz_twice, 1 point
with check("is one of the letters", weight=0):
    check.letter(quiz_twice())
### BEGIN HIDDEN TESTS
with check("what twice means"):
    check.letter(quiz_twice(), right="a", why={
        "a": "Twice is x plus x.",
        "b": "The square is x times x: try 3.",
        "c": "Half is the other way round."})
### END HIDDEN TESTS
'''


def quiz(letter: str) -> str:
    """An answer to the question."""
    return f'def quiz_twice():\n    return "{letter}"'
