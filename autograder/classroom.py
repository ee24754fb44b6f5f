"""The class folder: what is newly handed in becomes marks in the gradebook and autograded notebooks.

What is there after a submission is graded is there all at once: its marks in one transaction
(see `gradebook`), then its folder under `autograded/` by one rename. The folder carries a hash of
what was handed in, so a run that was killed anywhere is taken up by the next: what has no folder
with its hash, or no marks, is new.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files, parse_utc

from autograder.autograded import autograded
from autograder.course import ROOT, Lesson, lessons
from autograder.grade import Submission
from autograder.gradebook import Book, GradebookError
from autograder.result import Result
from autograder.work import settings

if sys.platform != "win32":
    import fcntl

HASH = ".submitted.sha256"  # nbgrader_config.py keeps it out of what students get
STAMP = "timestamp.txt"
Grade = Callable[[list[Submission]], Iterable[tuple[Result, NotebookNode | None]]]


class ClassroomError(Exception):
    """Why nothing can be graded, in one line."""


class _Unfit(Exception):
    """Why one submission can't be graded as it lies there."""


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.

    unwritten: why its marks are not in the gradebook although it was fit for grading; the next
        run takes it again.
    """

    submission: Submission
    result: Result
    unwritten: str | None = None


@dataclass(frozen=True)
class _Content:
    """What was handed in, and when (UTC)."""

    sha256: str
    timestamp: datetime | None


@contextmanager
def opened(root: Path = ROOT) -> Iterator["Classroom"]:
    """The class folder of the course in `root`, for one at a time. Raises ClassroomError."""
    try:
        config = settings(root)
        folders = CourseDirectory(config=config)
        autograded_folder = root / folders.autograded_directory
        autograded_folder.mkdir(parents=True, exist_ok=True)
        with (_alone(autograded_folder.parent / "autograde.lock"), Book(config) as book):
            room = Classroom(root, folders, book)
            room.clean()
            yield room
    except OSError as error:
        raise ClassroomError(f"{error.filename or root}: {error.strerror}.") from error
    except GradebookError as error:
        raise ClassroomError(str(error)) from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock that ends with this process, however it ends, and that no child inherits."""
    with path.open("a") as file:
        if sys.platform != "win32":
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ClassroomError("Another autograde is at work in this class folder. "
                                     "Wait for it to end.") from None
        yield


class Classroom:
    """Submitted and autograded notebooks, and the gradebook; made by `opened`."""

    def __init__(self, root: Path, folders: CourseDirectory, book: Book) -> None:
        self._root, self._book = root, book
        self._submitted = root / folders.submitted_directory
        self._autograded = root / folders.autograded_directory
        self._staging = self._autograded / ".staging"  # nbgrader's patterns see no dot names
        self._ignore = [*folders.ignore, "*.ipynb"]
        self._lessons = {lesson.name: lesson for lesson in lessons(root)}

    def clean(self) -> None:
        """Remove what a killed run left half made."""
        shutil.rmtree(self._staging, ignore_errors=True)

    def waiting(self, assignments: Iterable[str] = (), force: bool = False) -> list[Submission]:
        """What is handed in and not graded as it is now.

        assignments: lessons to look at; all when there are none.
        force: also what is graded already. Raises ClassroomError for a lesson that is not there.
        """
        wanted = list(assignments)
        for name in wanted:
            if name not in self._lessons:
                raise ClassroomError(f"There is no lesson {name}; there are: "
                                     f"{', '.join(self._lessons) or 'none'}.")
        found = [Submission(folder / f"{folder.name}.ipynb", student.name, folder.name)
                 for student in _folders(self._submitted) for folder in _folders(student)
                 if not wanted or folder.name in wanted]
        known = {name: self._book.timestamps(name) for name in {one.assignment for one in found}
                 if name}
        return [one for one in found
                if force or not self._is_graded(one, known[str(one.assignment)])]

    def _is_graded(self, one: Submission, known: dict[str, datetime | None]) -> bool:
        place = self._place(one)
        if one.student not in known or not (place / one.path.name).is_file():
            return False
        try:
            content = _content(one)
            # nbgrader's own command leaves no hash; there the time alone tells, as it does for it.
            same = (place / HASH).read_text() if (place / HASH).exists() else content.sha256
        except (_Unfit, OSError):
            return False
        return same == content.sha256 and known[one.student] == content.timestamp

    def autograde(self, submissions: Iterable[Submission], grade: Grade) -> Iterator[Outcome]:
        """Grade submissions and write what comes of it, each on its own; tells of every one.

        grade: yields a result, and the notebook as it ran, for each submission in order; see
            `grade.examine_all`.
        """
        fit: dict[Submission, _Content] = {}
        troubles: dict[str, str | None] = {}  # by lesson: why nothing can be written
        for one in submissions:
            name = str(one.assignment)
            if name not in troubles:
                troubles[name] = self._enter(name)
            try:
                if name not in self._lessons:
                    raise _Unfit(f"There is no lesson {name!r}.")
                content = _content(one)
            except _Unfit as error:
                yield Outcome(one, _without(one, str(error)))
                continue
            if trouble := troubles[name]:
                yield Outcome(one, _without(one, trouble), trouble)
            else:
                fit[one] = content
        for one, result, notebook in _one_by_one(list(fit), grade):
            unwritten = result.reason if notebook is None and result.status == "graded" else None
            if notebook is not None:
                unwritten = self._write(one, fit[one], result, notebook)
            yield Outcome(one, result, unwritten)

    def _enter(self, name: str) -> str | None:
        """Make sure that the gradebook has a lesson; why it can't, or None."""
        lesson = self._lessons.get(name)
        if lesson is None:
            return None
        try:
            self._book.enter_lesson(name, _built(lesson.solution))
            _built(lesson.release)
        except _Unfit as error:
            return str(error)
        except GradebookError as error:
            return str(error)
        return None

    def _write(self, one: Submission, content: _Content, result: Result,
               notebook: NotebookNode) -> str | None:
        """Put a submission's result where nbgrader has it; why it was not possible, or None."""
        lesson = self._lessons[str(one.assignment)]
        try:
            made = autograded(notebook, _built(lesson.release), result)
            self._stage(one, content, made)
            if _content(one) != content:
                return "It was handed in anew while it was graded."
            self._book.record(str(one.student), content.timestamp, result, made)
            self._put_in_place(one)
        except (_Unfit, GradebookError) as error:
            return str(error)
        except OSError as error:
            return f"{error.filename or self._place(one)}: {error.strerror}."
        except Exception as error:  # a late-submission plugin is anybody's code
            return f"{type(error).__name__}: {error}"
        finally:
            self.clean()
        return None

    def _stage(self, one: Submission, content: _Content, notebook: NotebookNode) -> None:
        """Make the autograded folder, out of everybody's sight."""
        new = self._staging / "new"
        new.mkdir(parents=True)
        source = one.path.parent
        for file in map(Path, find_all_files(str(source), self._ignore)):
            if file.is_file():  # no pipes and devices
                (new / file.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, new / file.relative_to(source))
        (new / one.path.name).write_text(nbformat.v4.writes(notebook) + "\n", encoding="utf-8")
        (new / HASH).write_text(content.sha256)
        for file in new.rglob("*"):
            if file.is_file():
                file.chmod(0o444)  # as nbgrader leaves them: a teacher grades in formgrader

    def _put_in_place(self, one: Submission) -> None:
        place = self._place(one)
        place.parent.mkdir(exist_ok=True)
        if place.exists():
            os.rename(place, self._staging / "old")
        os.rename(self._staging / "new", place)

    def _place(self, one: Submission) -> Path:
        return self._autograded / str(one.student) / str(one.assignment)


def _folders(path: Path) -> list[Path]:
    """The folders in a folder, by name; those that begin with a dot are nobody's."""
    if not path.is_dir():
        return []
    return sorted(entry for entry in path.iterdir()
                  if entry.is_dir() and not entry.name.startswith("."))


def _content(one: Submission) -> _Content:
    """What lies there now. Raises _Unfit."""
    digest = hashlib.sha256()
    stamp = one.path.with_name(STAMP)
    try:
        if not one.path.is_file():
            raise _Unfit(f"There is no {one.path.name} in {one.path.parent}.")
        with one.path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
        text = stamp.read_bytes() if stamp.is_file() else b""
    except OSError as error:
        raise _Unfit(f"The submission can't be read: {error.strerror}.") from error
    digest.update(b"\0" + text)
    try:
        words = text.decode().strip()
        timestamp = parse_utc(words) if words else None
    except (ValueError, OverflowError, TypeError) as error:
        raise _Unfit(f"{STAMP} holds no time but {text[:30]!r}. Write one into it, such as "
                     "2030-01-31 18:00:00 UTC, or delete it if being late does not "
                     "matter.") from error
    return _Content(digest.hexdigest(), timestamp)


def _one_by_one(submissions: list[Submission], grade: Grade) -> Iterator[
        tuple[Submission, Result, NotebookNode | None]]:
    """What `grade` yields; where it breaks, that submission is left out and the rest goes on."""
    done = 0
    while done < len(submissions):
        try:
            for result, notebook in grade(submissions[done:]):
                done += 1
                yield submissions[done - 1], result, notebook
            return
        except Exception as error:
            one, done = submissions[done], done + 1
            yield one, _without(one, f"The grader failed: {type(error).__name__}: {error}"), None


def _without(one: Submission, reason: str) -> Result:
    return Result(str(one.path), one.student, one.assignment, "quarantined", reason)


def _built(path: Path) -> NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise _Unfit(f"{path} is missing or broken; `python -m autograder build` makes it "
                     "anew.") from error
