"""A lesson's written answers: onto a sheet that a teacher reads, and the marks into the gradebook.

A mark belongs to the answer that was read: each row carries its hash, and who has handed in
another answer since is told and left.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory

from autograder.course import ROOT, Lesson, find_lesson, home
from autograder.errors import UserError, disk_error
from autograder.feedback.interview_questions import interview_questions, taken_up
from autograder.feedback.mark_scheme import written_questions
from autograder.feedback.marked_answers import marked, texts
from autograder.feedback.written_marks import Row, digest, read
from autograder.feedback.written_page import Answer, Question, page
from autograder.files import GRADING, Busy, lock, write_atomically
from autograder.gradebook.book import Book
from autograder.gradebook.records import Mark
from autograder.gradebook.settings import settings
from autograder.gradebook.transaction import GradebookError
from autograder.notebooks.cells import title

MAX_MARKS = 64 * 2**20  # bytes of a marks.csv


@dataclass(frozen=True)
class Sheet:
    """The sheet that was written. told: whose answers could not be read, a line each."""

    path: Path
    to_read: int
    blank: int
    notices: tuple[str, ...]


@dataclass
class Entered:
    """How many marks are new, how many rows changed nothing, and which were left out, and why."""

    new: int = 0
    same: int = 0
    notices: list[str] = field(default_factory=list)


def write(name: str, path: Path | None = None, root: Path = ROOT) -> Sheet:
    """Write the sheet of a lesson; into grading/written when no file is named.

    Raises UserError.
    """
    lesson = find_lesson(name, root)
    with _class_folder(root) as (autograded, book):
        questions, notices = _questions(lesson, autograded, _graded(name, book))
        path = path or autograded.with_name("written") / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        names = {one.id: one.label for one in book.students()}
        text = page(name, _title(lesson), questions, names)
        write_atomically(path, text.encode(errors="replace"))
    folded = [one.folded for question in questions for one in question.answers]
    return Sheet(path, folded.count(False), folded.count(True), tuple(notices))


def enter(name: str, path: Path, root: Path = ROOT) -> Entered:
    """Put the marks that a sheet saved into the gradebook, all at once.

    A row that can't be used is told, and the others go in. Raises UserError.
    """
    lesson, rows, done = find_lesson(name, root), _read(path), Entered()
    # Nobody grades meanwhile: the new answer would get the mark of the one before it.
    with _class_folder(root, locked=True) as (autograded, book):
        marks = _graded(name, book)
        questions, _ = _questions(lesson, autograded, marks)
        read_as = {(one.student, question.name): digest(one.text)
                   for question in questions for one in question.answers}
        students = {one.id for one in book.students()}
        seen: dict[tuple[str, str], int] = {}
        given: dict[str, dict[str, tuple[float, str]]] = {}
        for row in rows:
            key = row.student, row.exercise
            if not (trouble := _trouble(row, lesson, students, marks, read_as)) and key in seen:
                trouble = f"row {seen[key]} has {row.student}'s {row.exercise} already"
            if trouble or row.points is None:
                done.notices.append(f"Row {row.number} was left out: {trouble}.")
                continue
            seen[key] = row.number
            if _stands(row, marks[row.student][row.exercise]):
                done.same += 1
            else:
                done.new += 1
                given.setdefault(row.student, {})[row.exercise] = row.points, row.comment
        _give(book, name, given)
    return done


@contextmanager
def _class_folder(root: Path, locked: bool = False) -> Iterator[tuple[Path, Book]]:
    """The folder of what is graded, and the gradebook. Raises UserError, for what is inside too.

    locked: let nobody grade meanwhile.
    """
    try:
        config = settings(root)
        autograded = home(root) / CourseDirectory(config=config).autograded_directory
        with ExitStack() as stack:
            if locked:
                stack.enter_context(lock(autograded.with_name(GRADING)))
            yield autograded, stack.enter_context(Book(config))
    except Busy as error:
        raise UserError("An autograde is running in this class folder; let it finish "
                           "first.") from error
    except OSError as error:
        raise disk_error(error, root) from error


def _graded(name: str, book: Book) -> dict[str, dict[str, Mark]]:
    marks = book.written(name)
    if not marks:
        raise UserError(f"No answer to {name} is graded yet. `python -m autograder autograde` "
                           "grades what was handed in.")
    return marks


def _questions(lesson: Lesson, autograded: Path,
               marks: Mapping[str, Mapping[str, Mark]]) -> tuple[list[Question], list[str]]:
    """The lesson's questions with everybody's answers, and whose could not be read."""
    solution = nbformat.read(lesson.solution, as_version=4)
    release = nbformat.read(lesson.release, as_version=4)
    notebooks, notices = {}, []
    for student in sorted(marks):
        path = autograded / student / lesson.name / f"{lesson.name}.ipynb"
        try:
            # Without nbformat's validation, which costs more than all the rest.
            notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
            notebooks[student] = texts(notebook, release), marked(notebook)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            notices.append(f"{student}: the autograded notebook can't be read.")
    found, known = [], interview_questions(lesson.root)
    for question in written_questions(solution):
        answers = tuple(Answer(student, own.get(question.name, ""), marks[student][question.name],
                               was.get(question.name), taken_up(own.get(question.name, ""), known))
                        for student, (own, was) in notebooks.items()
                        if question.name in marks[student])
        found.append(Question(**vars(question), answers=answers))
    return found, notices


def _title(lesson: Lesson) -> str:
    return title(nbformat.read(lesson.release, as_version=4)) or lesson.name


def _read(path: Path) -> list[Row]:
    try:
        with path.open("rb") as file:
            return read(file.read(MAX_MARKS))
    except UserError as error:
        raise UserError(f"{path}: {error}") from error
    except OSError as error:
        raise disk_error(error, path) from error


def _trouble(row: Row, lesson: Lesson, students: set[str],
             marks: Mapping[str, Mapping[str, Mark]],
             read_as: Mapping[tuple[str, str], str]) -> str:
    """Why a row can't be used, "" when it can."""
    if row.trouble:
        return row.trouble
    if row.student not in students:
        return f"there is no student {row.student!r}"
    if not any(row.exercise in own for own in marks.values()):
        return f"{lesson.name} has no written answer {row.exercise!r}"
    mark = marks.get(row.student, {}).get(row.exercise)
    if mark is None:
        return f"no answer of {row.student}'s is graded"
    if row.points is not None and row.points > mark.max_score:
        return f"{row.points:g} points are more than the {mark.max_score:g} of {row.exercise}"
    if (row.student, row.exercise) not in read_as:
        return f"{row.student}'s autograded notebook can't be read"
    if row.answer != read_as[row.student, row.exercise]:
        return (f"{row.student} has handed in another answer to {row.exercise} since; a new sheet "
                "has it")
    return ""


def _stands(row: Row, mark: Mark) -> bool:
    """Does the gradebook have all of this already?"""
    comment = mark.comment.replace("\r\n", "\n").strip()
    return row.points == mark.score and row.comment == comment and not mark.waiting


def _give(book: Book, name: str, given: Mapping[str, Mapping[str, tuple[float, str]]]) -> None:
    try:
        book.give(name, given)
    except GradebookError:
        raise
    except Exception as error:  # a plugin for late submissions is anybody's code
        raise UserError(f"No mark was entered: {type(error).__name__}: "
                        f"{' '.join(str(error).split())}") from error
