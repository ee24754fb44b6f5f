"""A student's feedback as one HTML page that needs nothing else and runs nothing. Pure.

By exercise: points, checks, hint, the teacher's words, and the student's own cells with what they
gave. Whatever a student wrote, or made a program write, is text here. Of a test cell only what
its card says is shown, never its source.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.feedback.cell_view import MAX_OUTPUT, Cell, CellReader
from autograder.feedback.document import cut, templates
from autograder.feedback.text import ERRORS
from autograder.gradebook.records import Mark, Marks
from autograder.grading.result import Check, Earlier, Exercise, Misconception, Result
from autograder.notebooks.cells import exercise_name, title

_TEMPLATES = templates("autograder.feedback")


@dataclass(frozen=True)
class Part:
    """The page's part on one exercise.

    state: right, wrong, missing or waiting. points, summary: in words. own_cells: those that the
    student added below it.
    """

    name: str
    state: str
    points: str
    summary: str
    comment: str
    misconception: Misconception | None
    earlier: Earlier | None
    checks: Sequence[Check]
    answer: Cell | None
    own_cells: Sequence[Cell]


def page(result: Result, notebook: NotebookNode, release: NotebookNode,
         marks: Marks | None = None, handed_in: str = "") -> str:
    """The page.

    result: what grading came to. notebook: the submission as `autograded` made it.
    release: the lesson as students get it, which tells the student's cells from the lesson's.
    marks: what the gradebook has, where there is one; it counts more than the result.
    handed_in: when, in words.
    """
    given = marks.exercises if marks else {}
    penalty = marks.penalty if marks else 0.0
    counted = {exercise.name: given.get(exercise.name) or Mark(
        exercise.score, exercise.max_score, waiting=exercise.needs_manual_grade)
        for exercise in result.exercises}
    cells = {cell.id: cell for cell in notebook.cells}
    added, reader = _added(notebook, release), CellReader()
    parts = [_part(exercise, counted[exercise.name], cells.get(exercise.name),
                   added.get(exercise.name, []), reader) for exercise in result.exercises]
    about = [result.student or "", f"handed in {handed_in}" if handed_in else ""]
    return _TEMPLATES.get_template("feedback.html").render(
        title=title(release) or str(result.assignment), about=list(filter(None, about)),
        score=f"{sum(mark.score for mark in counted.values()) - penalty:g}",
        max_score=f"{sum(mark.max_score for mark in counted.values()):g}",
        penalty=f"{penalty:g}" if penalty else "",
        waiting=sum(mark.waiting for mark in counted.values()),
        repairs=result.repairs, parts=parts, first_cells=[*map(reader.read, added.get(None, []))])


def _part(exercise: Exercise, mark: Mark, answer: NotebookNode | None,
          own_cells: Sequence[NotebookNode], reader: CellReader) -> Part:
    return Part(
        exercise.name, _state(exercise, mark), _points(mark), _summary(exercise, mark),
        cut(mark.comment, MAX_OUTPUT), exercise.misconception, exercise.earlier,
        [] if exercise.error == "missing" else exercise.checks,
        reader.read(answer) if answer else None, [reader.read(cell) for cell in own_cells])


def _state(exercise: Exercise, mark: Mark) -> str:
    if mark.waiting:
        return "waiting"
    if exercise.error == "missing" and not mark.score:
        return "missing"
    return "right" if mark.score >= mark.max_score else "wrong"


def _summary(exercise: Exercise, mark: Mark) -> str:
    """What there is to say about an exercise in a few words."""
    if mark.waiting:
        return "to be read by a teacher"
    if mark.by_hand:
        return "marked by your teacher"
    if exercise.error:
        return ERRORS[exercise.error]
    if not exercise.checks:
        return "graded"
    passed = sum(check.passed for check in exercise.checks)
    if passed == len(exercise.checks):
        return "all checks pass" if passed > 1 else "the check passes"
    return f"{passed} of {len(exercise.checks)} checks pass"


def _points(mark: Mark) -> str:
    return f"{'–' if mark.waiting and not mark.score else f'{mark.score:g}'} / {mark.max_score:g}"


def _added(notebook: NotebookNode, release: NotebookNode) -> dict[str | None, list[NotebookNode]]:
    """The cells that a student wrote or changed, by the exercise that they follow."""
    released = {cell.id: cell.source for cell in release.cells}
    found: dict[str | None, list[NotebookNode]] = {}
    after: str | None = None
    for cell in notebook.cells:
        facts = cell.metadata.get("nbgrader") or {}
        if facts.get("grade") or facts.get("solution"):
            after = exercise_name(cell)
        elif not facts and cell.source.strip() and cell.source != released.get(cell.id):
            found.setdefault(after, []).append(cell)
    return found
