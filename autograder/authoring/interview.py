"""A lesson's interview questions, for `utils.interview` to ask.

They are the folded ones below `## Questions people ask you`, each with its answer and a last line
`**A good answer says:** a; b; c.`, and the written one, whose points are in a comment of the same
form below it. The written one's model answer and mark scheme stay where they are.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from autograder.notebooks.cells import is_answer, title

HEADING = "## Questions people ask you"
WRITTEN = "interview_"  # how the name of a written question begins

_FOLD = re.compile(r"<details><summary>(.+?)</summary>\n(.*?)</details>", re.DOTALL)
_POINTS = re.compile(
    r"(?:\n\*\*A good answer says:\*\*|<!-- A good answer says:) (.+?)\.?(?: -->)?\n*$")
_ASKED = re.compile(r"^\*(.+)\*$", re.MULTILINE)
_WORDS_PER_MINUTE = 35  # of a model answer: to think of it takes longer than to say it
_MINUTES = range(1, 4)


def interview(solution: NotebookNode) -> str:
    """Return what the lesson's file of questions should hold; "" where it has none."""
    questions = [*_folded(solution), *_written(solution)]
    return json.dumps({"title": title(solution), "questions": questions}, ensure_ascii=False,
                      indent=1) + "\n" if questions else ""


def _folded(solution: NotebookNode) -> Iterator[dict[str, Any]]:
    for cell in solution.cells:
        if cell.cell_type == "markdown" and cell.source.startswith(f"{HEADING}\n"):
            for question, text in _FOLD.findall(cell.source):
                answer = _POINTS.sub("", text.strip()).strip()
                minutes = min(max(round(len(answer.split()) / _WORDS_PER_MINUTE), _MINUTES[0]),
                              _MINUTES[-1])
                yield {"question": question, "answer": answer, "points": _points(text.strip()),
                       "minutes": minutes}


def _written(solution: NotebookNode) -> Iterator[dict[str, Any]]:
    for asked, cell in zip(solution.cells, solution.cells[1:], strict=False):
        if cell.cell_type == "markdown" and is_answer(cell) and cell.id.startswith(WRITTEN):
            question = _ASKED.search(asked.source)
            if question:
                yield {"question": question[1], "written": cell.id,
                       "points": _points(asked.source), "minutes": _MINUTES[-1]}


def _points(text: str) -> list[str]:
    found = _POINTS.search(text)
    return [point.strip() for point in found[1].split(";")] if found else []
