"""A student's feedback as one HTML page that needs nothing else. Pure.

By exercise: points, checks, hint, the teacher's words, and the student's own cells with what they
gave; of a multiple-choice question, the question. Whatever a student wrote, or made a program
write, is text here. Of a test cell only what its card says is shown, never its source.

In a class the page runs nothing, and holds answers only to what the student got wrong, once the
deadline is over: `utils.review` asks it again. Somebody who works alone with a clone has no teacher
to wait for: their page also has a model answer to each exercise, folded away, and the mark schemes
to mark their own written answers by, which a script adds to the total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.feedback.cell_view import MAX_OUTPUT, Cell, CellReader
from autograder.feedback.document import cut, templates
from autograder.feedback.mark_scheme import WrittenQuestion
from autograder.feedback.marked_answers import is_note
from autograder.feedback.prose import prose
from autograder.feedback.quiz import Quiz, quiz
from autograder.feedback.regrade import SUFFIX, as_link, form
from autograder.feedback.review import ReviewKey, review
from autograder.feedback.stored import is_of
from autograder.feedback.text import ERRORS
from autograder.feedback.withhold import withheld
from autograder.feedback.written_marks import digest
from autograder.gradebook.class_rules import HiddenChecks
from autograder.gradebook.records import Mark, Marks
from autograder.grading.result import (
    Check,
    Earlier,
    Exercise,
    Misconception,
    Result,
    Smallest,
)
from autograder.notebooks.cells import exercise_name, title

_TEMPLATES = templates("autograder.feedback")
_TEMPLATES.filters["prose"] = prose


@dataclass(frozen=True)
class Key:
    """What somebody who works alone sees after handing in, and nobody in a class.

    answers: the text of each model answer, by exercise. questions: the written ones.
    """

    answers: Mapping[str, str]
    questions: Sequence[WrittenQuestion]


@dataclass(frozen=True)
class SelfMarks:
    """A written answer that its author marks. place: what a browser keeps the marks under."""

    question: WrittenQuestion
    place: str


@dataclass(frozen=True)
class Discretion:
    """What a page says about hidden checks, and until when (UTC; None where nothing is due)."""

    hidden_checks: HiddenChecks = "everything"
    until: datetime | None = None


EVERYTHING = Discretion()
_NOTHING = ReviewKey()


@dataclass(frozen=True)
class RegradeForm:
    """A form to save: its file's name, and its text as a link."""

    name: str
    link: Markup


@dataclass(frozen=True)
class Part:
    """The page's part on one exercise.

    state: right, wrong, missing or waiting. points, summary: in words. own_cells: those that the
    student added below it. model: a model answer, None in a class.
    """

    name: str
    state: str
    points: str
    summary: str
    comment: str
    misconception: Misconception | None
    patterns: Sequence[str]
    smallest: Smallest | None
    earlier: Earlier | None
    checks: Sequence[Check]
    answer: Cell | None
    own_cells: Sequence[Cell]
    quiz: Quiz | None
    self_marks: SelfMarks | None
    model: Cell | None


def page(result: Result, notebook: NotebookNode, release: NotebookNode,
         marks: Marks | None = None, handed_in: str = "", key: Key | None = None,
         discretion: Discretion = EVERYTHING, review_key: ReviewKey = _NOTHING) -> str:
    """The page.

    result: what grading came to. notebook: the submission as `autograded` made it.
    release: the lesson as students get it, which tells the student's cells from the lesson's.
    marks: what the gradebook has, where there is one; it counts more than the result.
    handed_in: when, in words. key: for somebody who works alone.
    discretion: what the teacher lets it say about hidden checks.
    review_key: what is right, for the mistakes that the student's `utils.review` reads off the
        page; it stays out of it as long as work can be handed in again.
    """
    level = discretion.hidden_checks
    result = withheld(result, level)
    given = marks.exercises if marks else {}
    penalty = marks.penalty if marks else 0.0
    counted = {exercise.name: given.get(exercise.name) or Mark(
        exercise.score, exercise.max_score, waiting=exercise.needs_manual_grade)
        for exercise in result.exercises}
    cells = {cell.id: cell for cell in notebook.cells}
    added, reader = _added(notebook, release), CellReader()
    parts = []
    for exercise in result.exercises:
        answer = cells.get(exercise.name)
        parts.append(_part(
            exercise, counted[exercise.name], reader.read(answer) if answer else None,
            [reader.read(cell) for cell in added.get(exercise.name, [])],
            quiz(exercise, release), str(result.assignment), key, level))
    own_marks = sum(part.self_marks is not None for part in parts)
    about = [result.student or "", f"handed in {handed_in}" if handed_in else ""]
    return _TEMPLATES.get_template("feedback.html").render(
        title=title(release) or str(result.assignment), about=list(filter(None, about)),
        score=f"{sum(mark.score for mark in counted.values()) - penalty:g}",
        max_score=f"{sum(mark.max_score for mark in counted.values()):g}",
        penalty=f"{penalty:g}" if penalty else "",
        own_marks=own_marks,
        waiting=sum(mark.waiting and not mark.by_hand for mark in counted.values()) - own_marks,
        changed=sum(mark.waiting and mark.by_hand for mark in counted.values()),
        regrade=_regrade(result, handed_in, parts) if marks else None,
        review=review(result, release, handed_in,
                      review_key if discretion == EVERYTHING else _NOTHING),
        repairs=result.repairs, parts=parts, level=level,
        until=f"{discretion.until:%Y-%m-%d %H:%M} UTC" if discretion.until else "",
        first_cells=[*map(reader.read, added.get(None, []))],
        **({"script": "self_marks.js"} if own_marks else {}))


def _part(exercise: Exercise, mark: Mark, answer: Cell | None, own_cells: Sequence[Cell],
          asked: Quiz | None, lesson: str, key: Key | None, level: HiddenChecks) -> Part:
    own = _self_marks(exercise, mark, answer, lesson, key)
    return Part(
        exercise.name, _state(exercise, mark), _points(mark),
        _summary(exercise, mark, asked, own, level),
        cut(mark.comment, MAX_OUTPUT), exercise.misconception, exercise.patterns,
        exercise.smallest, exercise.earlier,
        [] if exercise.error == "missing" or (asked and asked.chosen) else exercise.checks,
        answer, own_cells, asked, own, _model(exercise, key))


def _model(exercise: Exercise, key: Key | None) -> Cell | None:
    if key is None or exercise.name not in key.answers:
        return None
    is_code = all(question.name != exercise.name for question in key.questions)
    return Cell(is_code, key.answers[exercise.name], ())


def _self_marks(exercise: Exercise, mark: Mark, answer: Cell | None, lesson: str,
                key: Key | None) -> SelfMarks | None:
    """What a written answer that nobody else will read is marked by."""
    question = next((one for one in key.questions if one.name == exercise.name),
                    None) if key else None
    if question is None or answer is None or not mark.waiting:
        return None
    return SelfMarks(question, f"{lesson} {exercise.name} {digest(answer.source)}")


def _state(exercise: Exercise, mark: Mark) -> str:
    if mark.waiting:
        return "waiting"
    if exercise.error == "missing" and not mark.score:
        return "missing"
    return "right" if mark.score >= mark.max_score else "wrong"


def _summary(exercise: Exercise, mark: Mark, asked: Quiz | None, own: SelfMarks | None,
             level: HiddenChecks) -> str:
    """What there is to say about an exercise in a few words."""
    if own:
        return "for you to mark"
    if mark.waiting:
        return ("changed since a teacher marked it, to be read again" if mark.by_hand
                else "to be read by a teacher")
    if mark.by_hand:
        return "marked by your teacher"
    if exercise.error and exercise.error != "raised":
        return ERRORS[exercise.error]
    if asked and asked.chosen:
        return "the right choice" if asked.right else "not the right choice"
    passed = sum(check.passed for check in exercise.checks)
    raised = "your code raised an exception" if exercise.error == "raised" else ""
    if raised and not passed:
        return raised
    if not exercise.checks or (asked and level == "after-deadline"):
        return "graded"
    kind = "visible check" if level == "after-deadline" else "check"
    given = ", given correct earlier answers" if exercise.earlier else ""
    if passed == len(exercise.checks):
        return f"{f'all {kind}s pass' if passed > 1 else f'the {kind} passes'}{given}"
    return f"{passed} of {len(exercise.checks)} {kind}s pass{given}{'; ' * bool(raised)}{raised}"


def _points(mark: Mark) -> str:
    return f"{'–' if mark.waiting and not mark.score else f'{mark.score:g}'} / {mark.max_score:g}"


def _regrade(result: Result, handed_in: str, parts: Sequence[Part]) -> RegradeForm:
    """The form to ask for another look with."""
    text = form(str(result.assignment), str(result.student), handed_in,
                [(part.name, part.points) for part in parts])
    return RegradeForm(f"{result.assignment}{SUFFIX}", as_link(text))


def _added(notebook: NotebookNode, release: NotebookNode) -> dict[str | None, list[NotebookNode]]:
    """The cells that a student wrote or changed, by the exercise that they follow.

    In a submission that was graded before the lesson got its present text, a cell of the lesson's
    that differs is nobody's change, as far as can be told.
    """
    released = {cell.id: cell.source for cell in release.cells}
    same_frame = is_of(notebook, release)
    found: dict[str | None, list[NotebookNode]] = {}
    after: str | None = None
    for cell in notebook.cells:
        facts = cell.metadata.get("nbgrader") or {}
        if facts.get("grade") or facts.get("solution"):
            after = exercise_name(cell)
        elif (not facts and cell.source.strip() and cell.source != released.get(cell.id)
              and not is_note(cell) and (same_frame or cell.id not in released)):
            found.setdefault(after, []).append(cell)
    return found
