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

from autograder.feedback.text import ERRORS
from autograder.grading.result import Check, Exercise, Misconception, Result
from autograder.notebooks.cells import exercise_name, is_tests
from autograder.notebooks.rebuild import answered
from utils._cards.card import MIME
from utils._cards.hint_card import inline_html


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
        if is_locked(cell) or not answered(cell, release):
            cell.source = released[cell.id].source
        if is_tests(cell):
            exercise = exercises[exercise_name(cell)]
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
                     f"{inline_html(hint)}</div>"})]


def told(notebook: NotebookNode, release: NotebookNode, student: str, assignment: str) -> Result:
    """What an autograded notebook says of itself: the result that it was made of, or its like.

    Stock nbgrader's are read too, whose test cells ran beside the student's code: nothing of an
    output is believed, and what is no card is left out.
    """
    result = Result("", student, assignment)
    answers = {cell.id: cell for cell in notebook.cells if is_solution(cell)}
    for cell in notebook.cells:
        if not is_grade(cell):
            continue
        name, points = exercise_name(cell), float(cell.metadata.nbgrader.points)
        exercise = Exercise(name, 0.0, points)
        if is_solution(cell):
            exercise.needs_manual_grade = answered(cell, release)
            exercise.error = None if exercise.needs_manual_grade else "missing"
        else:
            _read_card(exercise, cell, answers.get(name))
        result.exercises.append(exercise)
    result.score = round(sum(one.score for one in result.exercises), 2)
    result.max_score = sum(one.max_score for one in result.exercises)
    return result


def _read_card(exercise: Exercise, cell: NotebookNode, answer: NotebookNode | None) -> None:
    try:
        exercise.score = max(float(determine_grade(cell)[0] or 0.0), 0.0)
    except ValueError:  # more than there is to have
        exercise.score = 0.0
    card = next((card for output in cell.outputs
                 if isinstance(card := output.get("data", {}).get(MIME), dict)), {})
    outcomes = card.get("outcomes")
    outcomes = [one for one in outcomes if isinstance(one, dict)] if isinstance(
        outcomes, list) else []
    exercise.checks = [Check(str(one.get("label")), one.get("error") is None,
                             one.get("hidden") is True, str(one.get("message") or ""))
                       for one in outcomes]
    errors = {one.get("error") for one in outcomes} - {None}
    raised = any(output.output_type == "error" and output.get("ename") != "NotImplementedError"
                 for output in (answer.get("outputs", []) if answer else []))
    if not card:
        said = "".join(str(output.get("text")) for output in cell.outputs)
        exercise.error = next((error for error, words in ERRORS.items() if words in said), None)
    elif errors == {"raised"} or (errors and raised):
        exercise.error = "raised"
    elif errors == {"missing"}:
        exercise.error = "missing"
    exercise.misconception = next(
        (_hint_of(output.data["text/plain"]) for output in cell.outputs
         if output.output_type == "display_data" and _is_hint(output)), None)


def _is_hint(output: NotebookNode) -> bool:
    return ": " in output.data.get("text/plain", "") and MIME not in output.data


def _hint_of(text: str) -> Misconception:
    name, _, hint = text.partition(": ")
    return Misconception(name, hint)
