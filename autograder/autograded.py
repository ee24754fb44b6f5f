"""The notebook that a teacher opens in formgrader, and of which a student's feedback is made.

It is the submission as it ran, in the frame that the student knows: the text of a hidden test is
not in it. nbgrader reads from it what the result says, so that its own way into the gradebook
and ours (see `gradebook`) agree.
"""

import copy
from html import escape

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade, is_grade, is_locked, is_solution

from autograder import submission
from autograder.feedback import ERRORS
from autograder.result import Exercise, Misconception, Result


def autograded(notebook: NotebookNode, release: NotebookNode, result: Result) -> NotebookNode:
    """The notebook to keep of a graded submission.

    notebook: as it ran, on the solution's frame. release: the lesson as students get it.
    result: what the run came to.
    """
    made, released = copy.deepcopy(notebook), {cell.id: cell for cell in release.cells}
    exercises = {exercise.name: exercise for exercise in result.exercises}
    for cell in made.cells:
        if "nbgrader" not in cell.metadata:
            continue
        # nbgrader tells an answer that nobody wrote by the checksum of the released text.
        cell.metadata = copy.deepcopy(released[cell.id].metadata)
        if is_locked(cell) or not submission.answered(cell, release):
            cell.source = released[cell.id].source
        if is_grade(cell) and not is_solution(cell):
            exercise = exercises[cell.metadata.nbgrader.grade_id.removesuffix("-tests")]
            cell.outputs = [_mark(cell, exercise), *_hint(exercise.misconception)]
    return made


def _mark(cell: NotebookNode, exercise: Exercise) -> NotebookNode:
    """The test cell's card; where it does not say the exercise's score, what nbgrader takes so."""
    for output in cell.outputs:
        told = NotebookNode(cell, outputs=[output])
        if output.output_type == "execute_result" and determine_grade(told)[0] == exercise.score:
            return output
    if exercise.score:
        return new_output("execute_result", {"text/plain": repr(exercise.score)})
    reason = ERRORS[exercise.error or "crashed"]
    return new_output("stream", name="stderr", text=f"{exercise.name}: no points, {reason}.\n")


def _hint(misconception: Misconception | None) -> list[NotebookNode]:
    if misconception is None:
        return []
    name, hint = misconception.name.replace("_", " "), misconception.hint
    return [new_output("display_data", {
        "text/plain": f"{name}: {hint}",
        "text/html": f"<div style='margin:.3em 0;max-width:60em'><strong>{escape(name)}</strong>: "
                     f"{escape(hint)}</div>"})]
