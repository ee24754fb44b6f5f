"""A mistake as a question: a quiz question again, a small call, or to say in one's own words."""

import ast
import json
import random
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from utils._review.mistakes import KnownMistake, WrongChoice
from utils._review.record import Entry

_NUMBER = re.compile(r"^\*\*Question \d+\.?\*\*\.?\s*")  # the lesson's, not the review's


def question(entry: Entry, folder: Path) -> dict[str, Any]:
    """What the browser gets; texts are Markdown.

    folder: that of the lessons. `options` are in an order that changes each time it is asked; with
    none, the student judges what they said by `contract`.
    """
    one = entry.mistake
    asked: dict[str, Any]
    if isinstance(one, WrongChoice):
        asked = {"text": _NUMBER.sub("", one.question), "after": "", "options": [
            {"text": choice.text, "right": choice.letter == one.right, "why": choice.why}
            for choice in one.choices]}
    else:
        asked = _of_cases(one, entry.asked) if one.cases else _in_words(one, folder)
    random.Random(f"{one.key} {entry.asked}").shuffle(asked["options"])
    return {"exercise": one.exercise, **asked}


def _of_cases(one: KnownMistake, asked: int) -> dict[str, Any]:
    case = one.cases[asked % len(one.cases)]
    whys = ["That is what your answer returned then.",
            *["That is what another known wrong answer returns."] * (len(case.wrong) - 1)]
    return {"text": f"What does this return?\n\n```python\n{case.call}\n```",
            "after": f"Your answer once behaved like *{_words(one)}*. {one.hint}",
            "options": [{"text": _code(case.right), "right": True, "why": ""},
                        *({"text": _code(text), "right": False, "why": why}
                          for text, why in zip(case.wrong, whys, strict=True))]}


def _in_words(one: KnownMistake, folder: Path) -> dict[str, Any]:
    found = contract(folder, one.lesson, one.exercise)
    return {"text": f"Your `{one.exercise}` once behaved like *{_words(one)}*. {one.hint}\n\n"
                    "What does a right answer do instead? Say it in a sentence.",
            "after": "", "options": [],
            "contract": f"```text\n{found}\n```" if found else
                        f"Compare with what the lesson says about `{one.exercise}`."}


def contract(folder: Path, lesson: str, exercise: str) -> str:
    """What the student's copy of a lesson asks of an exercise; "" where it doesn't say."""
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError, SyntaxError):
        path = folder / lesson / f"{lesson}.ipynb"
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == exercise:
                for node in ast.parse("".join(cell["source"])).body:
                    if isinstance(node, ast.FunctionDef) and node.name == exercise:
                        return ast.get_docstring(node) or ""
    return ""


def _words(one: KnownMistake) -> str:
    return one.misconception.replace("_", " ")


def _code(text: str) -> str:
    return text if text.startswith("an error:") else f"`{text}`"
