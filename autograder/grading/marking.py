"""From what running the tests came to, the marks of each exercise."""

from nbformat import NotebookNode

from autograder.grading.outcome import Outcome
from autograder.grading.result import Check, Exercise
from autograder.notebooks.cells import exercise_name
from autograder.notebooks.outputs import visible
from autograder.notebooks.rebuild import answered


def graded_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that carry points, in the lesson's order."""
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def mark(notebook: NotebookNode, outcomes: dict[str, Outcome],
         release: NotebookNode) -> list[Exercise]:
    """The mark of every exercise, quiz question and written answer.

    notebook: the rebuilt one. outcomes: what running came to, by exercise. release: the lesson as
    students get it, by which a written answer is told from a blank one.
    """
    return [_written(cell, release) if cell.metadata.nbgrader.solution else _tested(cell, outcomes)
            for cell in graded_cells(notebook)]


def _written(cell: NotebookNode, release: NotebookNode) -> Exercise:
    facts, written = cell.metadata.nbgrader, answered(cell, release)
    return Exercise(facts.grade_id, 0.0, float(facts.points), needs_manual_grade=written,
                    error=None if written else "missing")


def _tested(cell: NotebookNode, outcomes: dict[str, Outcome]) -> Exercise:
    facts = cell.metadata.nbgrader
    name = exercise_name(cell)
    outcome = outcomes[name]
    exercise = Exercise(name, 0.0, float(facts.points), misconception=outcome.misconception,
                        patterns=outcome.patterns, smallest=outcome.smallest,
                        earlier=outcome.earlier)
    if outcome.record is None:
        exercise.error = outcome.trouble or "crashed"
        return exercise
    exercise.score = min(max(float(outcome.record["score"]), 0.0), exercise.max_score)
    records = outcome.record["outcomes"]
    exercise.checks = [Check(record["label"], record["error"] is None, record["hidden"],
                             visible(record["message"])) for record in records]
    reasons = {record["error"] for record in records} - {None}
    if outcome.trouble:
        exercise.error = outcome.trouble
    elif outcome.raised and reasons and "NotImplementedError" not in outcome.raised:
        exercise.error = "raised"
        exercise.checks = [
            check if check.passed else Check(check.label, False, check.hidden,
                                             f"The cell of your answer raised {outcome.raised}")
            for check in exercise.checks]
    elif reasons == {"missing"}:
        exercise.error = "missing"
    elif reasons == {"raised"}:
        exercise.error = "raised"
    return exercise
