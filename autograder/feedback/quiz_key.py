"""The right letter of a multiple-choice question, and what is to be said of each. Pure.

Both are in the hidden check of the lesson's solution: `check.letter(…, right="a", why={…})`.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.feedback.quiz import PREFIX
from autograder.notebooks.cells import exercise_name, is_tests


@dataclass(frozen=True)
class QuizKey:
    """right: the letter. why: what is to be said of each letter."""

    right: str
    why: Mapping[str, str]


def quiz_keys(solution: NotebookNode) -> dict[str, QuizKey]:
    """The key of each question of a lesson, by its exercise. solution: as teachers have it."""
    found = {exercise_name(cell): _key(cell.source) for cell in solution.cells
             if is_tests(cell) and exercise_name(cell).startswith(PREFIX)}
    return {name: key for name, key in found.items() if key}


def _key(tests: str) -> QuizKey | None:
    try:
        calls = [node for node in ast.walk(ast.parse(tests)) if isinstance(node, ast.Call)
                 and isinstance(node.func, ast.Attribute) and node.func.attr == "letter"]
        for call in calls:
            given = {one.arg: ast.literal_eval(one.value) for one in call.keywords
                     if one.arg in ("right", "why")}
            if "right" in given:
                return QuizKey(given["right"], given.get("why") or {})
    except (SyntaxError, ValueError):  # not written out: then nobody knows it without running it
        pass
    return None
