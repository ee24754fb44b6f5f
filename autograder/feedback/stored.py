"""The result of a graded submission, as its autograded notebook keeps it.

It is in the notebook's metadata as JSON. Stock nbgrader's notebooks lack it, and there a student's
code ran beside the tests and could have written anything: nothing that is read here is believed
for a mark (those are the gradebook's), and what does not have the right form is left out.
"""

import hashlib
from typing import Any, get_args

from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_solution

from autograder.grading.result import (
    Check,
    Earlier,
    Error,
    Exercise,
    Misconception,
    Result,
    Smallest,
)
from autograder.notebooks.cells import exercise_name
from autograder.notebooks.rebuild import answered
from utils._cards import MIME

KEY = "autograder"  # in the notebook's metadata
OLD_MIME = "application/vnd.neural-networks.checks+json"  # of the first edition's cards


def as_data(result: Result, release: NotebookNode) -> dict[str, Any]:
    """What to keep of a result. release: the lesson as students get it."""
    return {"exercises": [_plain(exercise) for exercise in result.exercises],
            "release": _digest(release)}


def _plain(exercise: Exercise) -> dict[str, Any]:
    """As `dataclasses.asdict`, which copies every text: a class waits for this."""
    parts = {name: vars(exercise)[name] for name in ("misconception", "smallest", "earlier")}
    return {**vars(exercise), "checks": [vars(check) for check in exercise.checks],
            **{name: part and vars(part) for name, part in parts.items()}}


def is_of(notebook: NotebookNode, release: NotebookNode) -> bool:
    """Was it graded in the frame of this release, and not of one before?"""
    data = notebook.metadata.get(KEY)
    return isinstance(data, dict) and data.get("release") == _digest(release)


def _digest(release: NotebookNode) -> str:
    cells = "\0".join(f"{cell.id}\0{cell.source}" for cell in release.cells)
    return hashlib.sha256(cells.encode(errors="surrogatepass")).hexdigest()


def stored_result(notebook: NotebookNode, release: NotebookNode, student: str,
                  assignment: str) -> Result:
    """The result that an autograded notebook was made of, or what its cards show.

    notebook: the autograded one. release: the lesson as students get it.
    """
    result = Result("", student, assignment)
    kept = _kept(notebook)
    for cell in notebook.cells:
        if not is_grade(cell):
            continue
        exercise = Exercise(exercise_name(cell), 0.0, float(cell.metadata.nbgrader.points))
        if is_solution(cell):
            exercise.needs_manual_grade = answered(cell, release)
            exercise.error = None if exercise.needs_manual_grade else "missing"
        else:
            exercise.score = _score(cell)
            if exercise.name in kept:
                _read(exercise, kept[exercise.name])
            else:
                _read_card(exercise, cell)
        result.exercises.append(exercise)
    result.score = round(sum(exercise.score for exercise in result.exercises), 2)
    result.max_score = sum(exercise.max_score for exercise in result.exercises)
    return result


def _kept(notebook: NotebookNode) -> dict[str, dict[str, Any]]:
    """What was kept, by exercise."""
    data = notebook.metadata.get(KEY)
    exercises = data.get("exercises") if isinstance(data, dict) else None
    return {str(one.get("name")): one for one in exercises if isinstance(one, dict)
            } if isinstance(exercises, list) else {}


def _read(exercise: Exercise, data: dict[str, Any]) -> None:
    exercise.checks = _checks(data.get("checks"), lambda check: check.get("passed") is True)
    if data.get("error") in get_args(Error):
        exercise.error = data["error"]
    misconception, earlier = data.get("misconception"), data.get("earlier")
    if isinstance(misconception, dict):
        exercise.misconception = Misconception(str(misconception.get("name")),
                                               str(misconception.get("hint")))
    exercise.patterns = [text for text in data.get("patterns") or [] if isinstance(text, str)
                         ] if isinstance(data.get("patterns"), list) else []
    small = data.get("smallest")
    if isinstance(small, dict):
        exercise.smallest = Smallest(*(str(small.get(key)) for key in ("call", "expected", "got")))
    if isinstance(earlier, dict):
        exercise.earlier = Earlier(str(earlier.get("name")), str(earlier.get("text")))


def _read_card(exercise: Exercise, cell: NotebookNode) -> None:
    """What the card of a test cell shows that stock nbgrader ran, or the first edition graded."""
    card = next((card for output in cell.outputs for kind in (MIME, OLD_MIME)
                 if isinstance(card := output.get("data", {}).get(kind), dict)), {})
    outcomes = card.get("outcomes")
    exercise.checks = _checks(outcomes, lambda check: check.get("error") is None)
    errors = {check.get("error") for check in outcomes if isinstance(check, dict)
              } - {None} if isinstance(outcomes, list) else set()
    if errors in ({"raised"}, {"missing"}):
        exercise.error = errors.pop()
    # The first edition wrote "name: hint" below a card.
    if len(cell.outputs) > 1 and OLD_MIME in cell.outputs[0].get("data", {}):
        name, sign, hint = str(cell.outputs[1].get("data", {}).get("text/plain")).partition(": ")
        if sign:
            exercise.misconception = Misconception(name.replace(" ", "_"), hint)


def _checks(data: Any, passed: Any) -> list[Check]:
    return [Check(str(check.get("label")), passed(check), check.get("hidden") is True,
                  str(check.get("message") or ""))
            for check in data if isinstance(check, dict)] if isinstance(data, list) else []


def _score(cell: NotebookNode) -> float:
    try:
        return max(float(determine_grade(cell)[0] or 0.0), 0.0)
    except ValueError:  # more than there is to have
        return 0.0
