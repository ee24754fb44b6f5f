"""The notebook that a teacher opens in formgrader, and of which a student's feedback is made.

It is the submission as it ran, in the frame that the student knows: the text of a hidden test is
not in it. nbgrader reads from it what the result says, so that its own way into the gradebook
and ours (see `gradebook`) agree.
"""

from html import escape

from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_locked

from autograder.feedback import stored
from autograder.feedback.harmless import harmless, plain
from autograder.feedback.stored import KEY
from autograder.feedback.text import ERRORS
from autograder.grading.result import Exercise, Result
from autograder.notebooks.cells import exercise_name, is_tests
from autograder.notebooks.outputs import new_output
from autograder.notebooks.rebuild import answered
from utils._cards.hint_card import inline_html


def autograded(notebook: NotebookNode, release: NotebookNode, result: Result) -> NotebookNode:
    """The notebook to keep of a graded submission.

    notebook: as it ran, on the solution's frame. release: the lesson as students get it.
    result: what the run came to.
    """
    made = NotebookNode(notebook, metadata=NotebookNode(notebook.metadata),
                        cells=[NotebookNode(cell) for cell in notebook.cells])
    released = {cell.id: cell for cell in release.cells}
    exercises = {exercise.name: exercise for exercise in result.exercises}
    for cell in made.cells:
        if cell.cell_type != "code" and (cell.id not in released
                                         or cell.source != released[cell.id].source):
            _disarm(cell)
        if "nbgrader" not in cell.metadata:
            continue
        # nbgrader tells an answer that nobody wrote by the checksum of the released text.
        facts = released[cell.id].metadata
        cell.metadata = NotebookNode(facts, nbgrader=NotebookNode(facts.nbgrader))
        if is_locked(cell) or not answered(cell, release):
            cell.source = released[cell.id].source
        if is_tests(cell):
            exercise = exercises[exercise_name(cell)]
            cell.outputs = [_mark(cell, exercise), *_notes(exercise)]
    made.metadata |= {KEY: stored.as_data(result, release)}
    return made


def _disarm(cell: NotebookNode) -> None:
    """Let what a student wrote in a cell of text do nothing on a page that shows it."""
    if cell.cell_type == "raw":  # which nbconvert copies into its pages
        cell.cell_type, cell.source = "markdown", plain(cell.source)
    else:
        cell.source = harmless(cell.source)


def _mark(cell: NotebookNode, exercise: Exercise) -> NotebookNode:
    """The test cell's card; where it does not say the exercise's score, an output that does."""
    for output in cell.outputs:
        alone = NotebookNode(cell, outputs=[output])
        if output.output_type == "execute_result" and determine_grade(alone)[0] == exercise.score:
            return output
    if exercise.score:
        return new_output("execute_result", {"text/plain": repr(exercise.score)})
    reason = ERRORS[exercise.error or "crashed"]
    return new_output("stream", name="stderr", text=f"{exercise.name}: no points, {reason}.\n")


def _notes(exercise: Exercise) -> list[NotebookNode]:
    """What to read below the card: the earlier answer to fix first, the misconception, patterns."""
    notes = []
    if exercise.earlier:
        notes.append((f"Fix {exercise.earlier.name} first", exercise.earlier.text))
    if exercise.misconception:
        notes.append((exercise.misconception.name.replace("_", " "), exercise.misconception.hint))
    notes += [("On other inputs", text) for text in exercise.patterns]
    return [new_output("display_data", {
        "text/plain": f"{title}: {note}",
        "text/html": f"<div style='margin:.3em 0;max-width:60em'><strong>{escape(title)}</strong>: "
                     f"{inline_html(note)}</div>"}) for title, note in notes]
