"""The class folder's feedback: a page for every graded submission, where nbgrader releases from.

`nbgrader release_feedback` then puts the pages into the exchange, and a student fetches theirs.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from glob import escape
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory

from autograder.course import ROOT, Lesson, find_lesson, home, lessons
from autograder.errors import UserError
from autograder.feedback.page import EVERYTHING, Discretion, page
from autograder.feedback.quiz_key import quiz_keys
from autograder.feedback.review import ReviewKey
from autograder.feedback.stored import stored_result
from autograder.files import write_if_changed
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import ClassRules, class_rules
from autograder.gradebook.records import Marks
from autograder.gradebook.settings import settings
from autograder.grading.diagnosis import cases
from autograder.grading.recognize import read_built

# nbgrader finds the student's own page by the secret that was handed in, and fails for the whole
# class where one of these files is missing.
STAMP, SECRET = "timestamp.txt", "submission_secret.txt"
_FRACTION = re.compile(r"(?<=:\d\d)\.\d+")  # of a second, which is of no use to a reader


@dataclass(frozen=True)
class Page:
    """What became of one submission's feedback.

    changed: the page is new or other than it was. reason: why there is none, None if there is.
    waiting: answers that a teacher is still to read. held: the page is kept back until then.
    label: the student's id with the name.
    """

    student: str
    lesson: str
    changed: bool = False
    reason: str | None = None
    waiting: tuple[str, ...] = ()
    held: bool = False
    label: str = field(default="", compare=False)


class Waits(UserError):
    """Why a page is kept back: answers are still to be read. names: which."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"It waits until a teacher has read {', '.join(names)}.")
        self.names = names


def publish(assignments: Iterable[str] = (), root: Path = ROOT,
              student: str | None = None) -> Iterator[Page]:
    """Write the feedback pages of these lessons, or of all lessons if none are named.

    student: only this student's; everybody's when left out. Raises UserError.
    """
    wanted = [find_lesson(name, root) for name in assignments] or lessons(root)
    config, rules = settings(root), class_rules(root)
    folders = CourseDirectory(config=config)
    autograded = home(root) / folders.autograded_directory
    pattern = escape(student) if student else "*"
    with Book(config) as book:
        labels = {one.id: one.label for one in book.students()}
        for lesson in wanted:
            for folder in sorted(autograded.glob(f"{pattern}/{lesson.name}")):
                name = folder.parent.name
                if not name.startswith("."):
                    place = home(root) / folders.feedback_directory / name / lesson.name
                    yield replace(_publish(name, lesson, folder, place, book, rules),
                                  label=labels.get(name, name))


def page_of(student: str, lesson: Lesson, folder: Path, book: Book, rules: ClassRules) -> str:
    """One student's page. folder: their autograded lesson. Raises Waits, UserError."""
    return _page(student, lesson, folder, book.marks(lesson.name, student), rules)


def _page(student: str, lesson: Lesson, folder: Path, marks: Marks | None,
          rules: ClassRules) -> str:
    if marks is None:
        raise UserError("The gradebook has no marks for it.")
    if rules.wait_for_written and marks.waiting:
        raise Waits(marks.waiting)
    try:
        notebook = nbformat.read(folder / f"{lesson.name}.ipynb", as_version=4)
        release = nbformat.read(lesson.release, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise UserError(f"The autograded notebook can't be read. {error}") from error
    return page(stored_result(notebook, release, student, lesson.name), notebook, release, marks,
                _FRACTION.sub("", _start(folder / STAMP).strip()),
                discretion=discretion(rules, lesson.name, marks.due),
                review_key=review_key(lesson))


def discretion(rules: ClassRules, lesson: str, due: datetime | None) -> Discretion:
    """What may be said now. due: the student's deadline in the gradebook, extension included."""
    until = max(filter(None, (due, rules.deadlines.get(lesson))), default=None)
    if until and until < datetime.now(UTC).replace(tzinfo=None):
        return EVERYTHING
    return Discretion(rules.hidden_checks, until)


def review_key(lesson: Lesson) -> ReviewKey:
    """What is right in a lesson; nothing where there is no solution, or it can't be read."""
    try:
        letters = quiz_keys(read_built(lesson.solution))
    except (OSError, ValueError, nbformat.ValidationError):
        return ReviewKey()
    return ReviewKey(letters, partial(cases, lesson))


def _publish(student: str, lesson: Lesson, folder: Path, place: Path, book: Book,
             rules: ClassRules) -> Page:
    try:
        marks = book.marks(lesson.name, student)
        text = _page(student, lesson, folder, marks, rules)
        place.mkdir(parents=True, exist_ok=True)
        # A submission that did not come through the exchange has no secret, and gets one that
        # nobody knows.
        written = [write_if_changed(place / name, _start(folder / name) or instead)
                   for name, instead in ((STAMP, ""), (SECRET, _start(place / SECRET)
                                                       or secrets.token_hex(64)))]
        changed = write_if_changed(place / f"{lesson.name}.html", text) or any(written)
    except Waits as error:
        return Page(student, lesson.name, waiting=error.names, held=True)
    except UserError as error:
        return Page(student, lesson.name, reason=str(error))
    except OSError as error:
        return Page(student, lesson.name, reason=f"{error.filename}: {error.strerror}.")
    return Page(student, lesson.name, changed, waiting=marks.waiting if marks else ())


def _start(path: Path) -> str:
    """What a small file holds; nothing where there is none."""
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(1000)
