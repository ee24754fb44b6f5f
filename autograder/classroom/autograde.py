"""The class folder: what is newly handed in becomes marks and autograded notebooks.

What comes of a submission is there all at once: its marks in one transaction (see `gradebook`),
then its folder under `autograded/` by one rename. That folder carries a hash of what was handed
in, so a run that was killed anywhere is taken up by the next: what has no folder with its hash,
or no marks, is new.
"""

import json
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory

from autograder.classroom.outcome import Outcome, differences
from autograder.classroom.submitted import FILE_DATE, Content, Unfit, content, handed_in, others
from autograder.course import ROOT, home, lessons, no_lesson
from autograder.errors import UserError, disk_error
from autograder.feedback.annotate import autograded
from autograder.feedback.marked_answers import settle
from autograder.files import GRADING, Busy, lock
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import class_rules
from autograder.gradebook.records import Marks
from autograder.gradebook.settings import settings
from autograder.gradebook.transaction import GradebookError
from autograder.grading.result import CantGrade, Result
from autograder.grading.submissions import Submission

HASH = ".submitted.sha256"  # among what nbgrader_config.py ignores: no student gets it
Grade = Callable[[list[Submission]], Iterable[tuple[Result, NotebookNode | None]]]


@contextmanager
def opened(root: Path = ROOT) -> Iterator["Classroom"]:
    """The class folder of the course in `root`, for one at a time. Raises UserError."""
    with ExitStack() as stack:
        try:
            config = settings(root)
            folders = CourseDirectory(config=config)
            place = home(root) / folders.autograded_directory
            # Marks are for nobody else's eyes.
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.mkdir(exist_ok=True)
            stack.enter_context(lock(place.with_name(GRADING)))
            room = Classroom(root, folders, stack.enter_context(Book(config)))
            stack.callback(room.clean)
        except Busy as error:
            raise UserError("Another autograde is running in this class folder; let it finish "
                            "first.") from error
        except OSError as error:
            raise disk_error(error, root) from error
        yield room


class Classroom:
    """Submitted and autograded notebooks, and the gradebook; made by `opened`."""

    def __init__(self, root: Path, folders: CourseDirectory, book: Book) -> None:
        self._book = book
        self._submitted = home(root) / folders.submitted_directory
        self._autograded = home(root) / folders.autograded_directory
        self._staging = self._autograded / ".staging"  # no pattern of nbgrader's sees a dot name
        self._ignored = [*folders.ignore, "*.ipynb", HASH, FILE_DATE]
        self._lessons = {lesson.name: lesson for lesson in lessons(root)}
        self._releases: dict[str, NotebookNode] = {}
        self._known: dict[str, set[str]] = {}  # by lesson: who stands in the gradebook
        self._extensions = class_rules(root).extensions
        self.clean()  # what a killed run left half made

    def clean(self) -> None:
        """Remove what is half made."""
        shutil.rmtree(self._staging, ignore_errors=True)

    def labels(self) -> dict[str, str]:
        """By id, each student's id with the name. Raises GradebookError."""
        return {one.id: one.label for one in self._book.students()}

    def waiting(self, assignments: Iterable[str] = (), force: bool = False) -> list[Submission]:
        """What is handed in and not graded as it lies there now.

        assignments: the lessons to look at; all when there are none.
        force: also what is graded already. Raises UserError.
        """
        wanted = set(assignments)
        for name in sorted(wanted - self._lessons.keys()):
            raise no_lesson(name, self._lessons)
        found = [one for one in handed_in(self._submitted)
                 if not wanted or one.assignment in wanted]
        graded = {name: self._book.timestamps(name) for name in self._lessons}
        return [one for one in found
                if force or not self._is_graded(one, graded.get(str(one.assignment), {}))]

    def _is_graded(self, one: Submission, graded: dict[str, datetime | None]) -> bool:
        place = self._place(one)
        if one.student not in graded or not (place / one.notebook_name).is_file():
            return False
        try:
            now = content(one)
            # nbgrader's own command leaves no hash; there the time alone tells, as it does for it.
            then = (place / HASH).read_text("latin-1") if (place / HASH).exists() else now.sha256
        except (Unfit, OSError):
            return False
        return then == now.sha256 and graded[one.student] == now.timestamp

    def autograde(self, submissions: Iterable[Submission],
                  grade: Grade) -> Generator[Outcome, None, None]:
        """Grade submissions and write what comes of each; tells of every one.

        grade: yields a result, and the notebook as it ran, for each submission in order; see
            `pool.grade_all`.
        Raises UserError when it can't go on.
        """
        fit: dict[Submission, Content] = {}
        troubles: dict[str, str | None] = {}  # by lesson: why none of its marks can be written
        for one in submissions:
            name = one.assignment
            try:
                if name is not None and name not in self._lessons:
                    raise Unfit(f"There is no lesson {name!r}.")
                fit[one] = content(one)
            except Unfit as error:
                yield Outcome(_without(one, str(error)))
                continue
            if name not in troubles:
                troubles[str(name)] = self._enter(str(name))
            if trouble := troubles[str(name)]:
                del fit[one]
                yield Outcome(_without(one, trouble), trouble)
        yield from self._grade(fit, grade)

    def _grade(self, fit: dict[Submission, Content], grade: Grade) -> Iterator[Outcome]:
        """Where `grade` breaks, one submission is left out and the others go on."""
        left = list(fit)
        while left:
            try:
                for result, notebook in grade(left[:]):
                    one = left.pop(0)
                    unwritten, before = None, self._marks_of_the_same(one, fit[one])
                    if notebook is not None:
                        unwritten = self._write(one, fit[one], result, notebook)
                    after = self._book.marks(str(one.assignment), str(one.student)
                                             ) if before and not unwritten else None
                    yield Outcome(result, unwritten,
                                  differences(before, after) if before and after else "")
                return
            except CantGrade as error:
                raise UserError(f"{error}. What is graded is kept; the next run goes on from "
                                     "here.") from error
            except Exception as error:
                one, reason = left.pop(0), f"The grader failed: {_named(error)}"
                yield Outcome(_without(one, reason), reason)

    def _enter(self, name: str) -> str | None:
        """Make sure that the gradebook has a lesson; why that can't be, or None."""
        lesson = self._lessons[name]
        try:
            self._releases[name] = nbformat.read(lesson.release, as_version=4)
            self._book.enter_lesson(name, nbformat.read(lesson.solution, as_version=4))
            self._known[name] = self._book.submitted(name)
        except GradebookError as error:
            return str(error)
        except Exception as error:
            return f"The lesson can't be read; `python -m autograder build` rebuilds it. {error}"
        return None

    def _marks_of_the_same(self, one: Submission, now: Content) -> Marks | None:
        """The marks that this very submission has; None where it is new, or other than it was."""
        try:
            if (self._place(one) / HASH).read_text("latin-1") == now.sha256:
                return self._book.marks(str(one.assignment), str(one.student))
        except (OSError, GradebookError):
            pass
        return None

    def _write(self, one: Submission, graded: Content, result: Result,
               notebook: NotebookNode) -> str | None:
        """Put what came of a submission where nbgrader has it; why that can't be, or None."""
        try:
            release = self._releases[str(one.assignment)]
            made = autograded(notebook, release, result)
            marks = self._book.marks(str(one.assignment), str(one.student)
                                     ) if one.student in self._known[str(one.assignment)] else None
            settled = settle(self._before(one), made, release, marks.exercises) if marks else ()
            self._stage(one, graded, made)
            if content(one) != graded:
                return "It was handed in again while it was being graded."
            until = self._extensions.get(str(one.student), {}).get(str(one.assignment))
            self._book.record(str(one.student), graded.timestamp, result, made, settled, until)
            self._known[str(one.assignment)].add(str(one.student))
            for exercise in result.exercises:  # what is said of it from here on
                if marks and exercise.name in marks.exercises and (
                        marks.exercises[exercise.name].by_hand):
                    exercise.needs_manual_grade = exercise.name not in settled
            self._put_in_place(one)
        except (Unfit, GradebookError) as error:
            return str(error)
        except OSError as error:
            return f"{error.filename or self._place(one)}: {error.strerror}."
        except Exception as error:  # a plugin for late submissions is anybody's code
            return _named(error)
        finally:
            for left in (self._staging / "new", self._staging / "old"):
                if left.exists():
                    shutil.rmtree(left, ignore_errors=True)
        return None

    def _before(self, one: Submission) -> NotebookNode | None:
        """What was graded before; None where that can't be read."""
        try:
            text = (self._place(one) / one.notebook_name).read_text(encoding="utf-8")
            return nbformat.v4.reads(text)  # without nbformat's validation, which takes long
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _stage(self, one: Submission, graded: Content, notebook: NotebookNode) -> None:
        """Make the autograded folder, where nobody looks."""
        new = self._staging / "new"
        new.mkdir(parents=True)
        # On one line, which takes a twentieth of the time: nobody reads it as text.
        text = json.dumps(nbformat.v4.rwbase.strip_transient(notebook), ensure_ascii=False)
        made = [new / one.notebook_name, new / HASH]
        made[0].write_text(text, encoding="utf-8")
        made[1].write_text(graded.sha256)
        for path in others(one):
            if not any(fnmatch(part, glob) for part in path.parts for glob in self._ignored):
                (new / path).parent.mkdir(parents=True, exist_ok=True)
                made.append(Path(shutil.copyfile(one.path.parent / path, new / path)))
        for path in made:
            path.chmod(0o444)  # nbgrader's default: graded by hand is in formgrader

    def _put_in_place(self, one: Submission) -> None:
        place = self._place(one)
        place.parent.mkdir(exist_ok=True)
        if place.exists():
            os.rename(place, self._staging / "old")
        os.rename(self._staging / "new", place)

    def _place(self, one: Submission) -> Path:
        return self._autograded / str(one.student) / str(one.assignment)


def _without(one: Submission, reason: str) -> Result:
    return Result(str(one.path), one.student, one.assignment, "quarantined", reason)


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
