"""Which known wrong answer a student's answer behaves like."""

import time
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import Lesson
from autograder.rpc.peer import Peer
from utils._diagnosis.misconception import Misconception
from utils._diagnosis.misconceptions import Misconceptions

SECONDS = 5.0  # for the answer on all inputs it is compared on


def diagnose(lesson: Lesson, name: str, function: Any, peer: Peer) -> Misconception | None:
    """The misconception that an answer shares; None when in doubt.

    function: the student's, behind `peer`. Raises Gone, Late.
    """
    known = _known(lesson.misconceptions)
    known.of(name)  # reading them, and the right answers, is not the student's time
    right = _model_answers(lesson).get(name)
    peer.channel.deadline = time.monotonic() + SECONDS
    return known.diagnose(name, function, right)


@cache
def _known(path: Path) -> Misconceptions:
    return Misconceptions(path)


@cache
def _model_answers(lesson: Lesson) -> dict[str, Any]:
    """The lesson's own answers, by name; none where there are no solutions, as at a student's.

    They are called on the course's own inputs only, never by a student's code.
    """
    namespace: dict[str, Any] = {}
    if not lesson.solution.exists():
        return namespace
    for cell in nbformat.read(lesson.solution, as_version=4).cells:
        facts = cell.metadata.get("nbgrader")
        if cell.cell_type == "code" and facts and not facts.grade and cell.id != "setup":
            exec(compile(cell.source, f"<{cell.id}>", "exec"), namespace)
    return namespace
