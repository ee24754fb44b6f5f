"""How long a lesson takes, by a rule that its author can check: reading, then each exercise.

Words are those of the prose that everybody reads: no folds, no quiz questions, no docstrings, no
mark schemes. A formula is one word.
"""

import re
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.authoring.requirements import QUIZ_PREFIX
from autograder.notebooks.cells import exercise_name, is_answer, is_tests

WORDS_PER_MINUTE = 100  # with a pencil in hand, figures and formulas looked at
MINUTES_PER_POINT = 3.0  # of an exercise that asks for code
MINUTES_PER_QUESTION = 1.0  # of the quiz
CLOSE = 0.1  # how far the time that a lesson states may be from the rule's

_NOT_PROSE = re.compile(r"<details.*?</details>|<!--.*?-->|```.*?```", re.DOTALL)
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$]+\$|`[^`]+`", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"\w[\w'’.,-]*")


@dataclass(frozen=True)
class ReadingTime:
    """Words of prose outside folds, and minutes for all of the lesson by the rule."""

    words: int
    minutes: int


def reading_time(lesson: NotebookNode) -> ReadingTime:
    """Return a lesson's words and minutes."""
    words = sum(count_words(cell.source) for cell, below in zip(
        lesson.cells, [*lesson.cells[1:], None], strict=True)
        if cell.cell_type == "markdown" and not is_answer(cell)
        and not (below is not None and below.id.startswith(QUIZ_PREFIX)))
    minutes = words / WORDS_PER_MINUTE
    for cell in lesson.cells:
        if is_tests(cell):
            minutes += MINUTES_PER_QUESTION if exercise_name(cell).startswith(QUIZ_PREFIX) else (
                MINUTES_PER_POINT * float(cell.metadata.nbgrader.points))
    return ReadingTime(words, round(minutes / 5) * 5)


def count_words(markdown: str) -> int:
    """Count the words outside folds and code blocks; a formula or a piece of code is one."""
    text = _FORMULA.sub(" x ", _NOT_PROSE.sub(" ", markdown))
    return len(_WORD.findall(_TAG.sub(" ", text)))
