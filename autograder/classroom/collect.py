"""What was handed in comes into the class folder, where nbgrader's collect puts it.

A newer submission takes the place of an older one, which is kept aside. What is not clear, whose
it is or of which lesson, stays where it is and is told.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath
from typing import Literal

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.classroom.lms_names import Owner, owner_of
from autograder.classroom.roster import Names, unsafe
from autograder.classroom.sources import Files, Found, SourceError, archive, exchange, folder
from autograder.classroom.submitted import STAMP, Unfit, others, time_of
from autograder.course import ROOT, Lesson, lessons
from autograder.errors import UserError, disk_error
from autograder.files import Busy, lock
from autograder.gradebook.book import Book
from autograder.gradebook.records import Student
from autograder.gradebook.settings import settings
from autograder.grading.recognize import NO_LESSON, recognize
from autograder.grading.submissions import SUFFIX, Submission
from autograder.notebooks.parse import Unreadable, is_notebook, parse

EXCHANGE = "exchange"
SKEW = timedelta(minutes=5)  # that two machines' clocks may differ by
Became = Literal["new", "newer", "same", "older"]


@dataclass
class Collected:
    """What came of a source.

    became: by student and lesson, what became of each. told: what a teacher must know.
    unread: there was nothing to be had from it; why, is told.
    """

    became: list[tuple[str, str, Became]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    unread: bool = False

    def count(self, *kinds: Became) -> int:
        """How many became one of these."""
        return sum(kind in kinds for _, _, kind in self.became)


def collect(sources: Iterable[str], root: Path = ROOT) -> Iterator[Collected]:
    """Collect from each source in turn: "exchange", a folder, or a zip. Raises UserError.

    A folder or zip that is itself called so is given as ./exchange.
    """
    with _opened(root) as desk:
        for source in sources:
            done = Collected()
            try:
                desk.take(source, done)
            except SourceError as error:
                done.notices.append(str(error))
                done.unread = True
            except OSError as error:
                raise disk_error(error, source) from error
            yield done


@contextmanager
def _opened(root: Path) -> Iterator["_Desk"]:
    with ExitStack() as stack:
        try:
            config = settings(root)
            submitted = root / CourseDirectory(config=config).submitted_directory
            submitted.parent.mkdir(mode=0o700, exist_ok=True)  # marks are for nobody else's eyes
            submitted.mkdir(exist_ok=True)
            stack.enter_context(lock(submitted.with_name("collect.lock")))
            with Book(config) as book:
                students = book.students()
        except Busy as error:
            raise UserError("Another collect is running in this class folder; let it finish "
                            "first.") from error
        except OSError as error:
            raise disk_error(error, root) from error
        yield _Desk(config, submitted, students, lessons(root))


class _Desk:
    """Looks at each thing that was handed in, and files it."""

    def __init__(self, config: Config, submitted: Path, students: list[Student],
                 known: list[Lesson]) -> None:
        self._config, self._submitted, self._lessons = config, submitted, known
        self._students, self._names = {one.id for one in students}, Names(students)
        self._staging = submitted / ".staging"  # no pattern of nbgrader's sees a dot name
        shutil.rmtree(self._staging, ignore_errors=True)  # what a killed run left half made

    def take(self, source: str, done: Collected) -> None:
        """File what a source has. Raises SourceError, OSError."""
        path, tell = Path(source), done.notices.append
        if source == EXCHANGE:
            inbound = Path(self._config.Exchange.root, self._config.CourseDirectory.course_id,
                           "inbound")
            for found in exchange(inbound, [one.name for one in self._lessons],
                                  self._config.CourseDirectory.ignore, tell):
                self._take(found, str(found.student), found.time, done)
            return
        if not self._students:
            raise UserError("The gradebook has no students to match the files with. "
                               "`python -m autograder class init --roster FILE` adds them.")
        if path.is_dir():
            self._take_all(folder(path, tell), done)
        elif path.is_file():
            with archive(path, tell) as notebooks:
                self._take_all(notebooks, done)
        else:
            raise SourceError(f"{source}: There is no such file or folder.")

    def _take_all(self, files: Iterable[Found], done: Collected) -> None:
        """File notebooks whose students are told by their paths, the oldest first.

        What else there is, is listed by student.
        """
        claimed, others = [], dict[str, list[str]]()
        for found in files:
            if not found.is_notebook:
                students = owner_of(_as_notebook(found.parts), self._names).students
                others.setdefault(" or ".join(sorted(students)) or "Nobody in the roster",
                                  []).append("/".join(found.parts))
            elif by := self._owner(found, done):
                claimed += [(self._time(found, by.plain, done), student, by.late, found)
                            for student in by.students]
        for time, student, late, found in sorted(claimed, key=lambda one: one[0] or datetime.min):
            if self._take(found, student, time, done) and late:
                done.notices.append(f"{found.place}: The file's name says that {student} was late.")
        done.notices += [f"{student}: Not collected, because these are not notebooks: "
                         f"{', '.join(names)}." for student, names in sorted(others.items())]

    def _owner(self, found: Found, done: Collected) -> Owner | None:
        """Whose it is, if that is clear."""
        by = owner_of(_as_notebook(found.parts), self._names)
        if not by.students:
            done.notices.append(f"{found.place}: The roster has nobody called {by.called!r}.")
        elif len(by.students) > 1:
            done.notices.append(
                f"{found.place}: It could be from {' or '.join(sorted(by.students))}. "
                "Put it into a folder named by the student's id, and collect that.")
        return by if len(by.students) == 1 else None

    def _time(self, found: Found, plain: bool, done: Collected) -> datetime | None:
        """When it was handed in (UTC), as far as that is known.

        plain: the path is one that a teacher or nbgrader made, and so is a timestamp beside it.
        """
        try:
            written = found.stamp() if plain else None
            return found.time if written is None else time_of(written) or found.time
        except (Unfit, Unreadable) as error:
            done.notices.append(f"{found.place}: {error}")
            return found.time

    def _take(self, found: Found, student: str, time: datetime | None, done: Collected) -> bool:
        """File one thing, or tell why not; whether it was filed. Raises OSError."""
        if trouble := unsafe(student):
            done.notices.append(f"{found.place}: {trouble}.")
            return False
        if found.lesson and self._is_older(student, found.lesson, time):
            done.became.append((student, found.lesson, "same"))  # not even read
            return False
        try:
            lesson, files = self._lesson(found, done)
        except Unreadable as error:
            done.notices.append(f"{found.place}: {error}")
            return False
        there = self._there(student, lesson)
        if there == {path: data for path, data in files.items() if str(path) != STAMP}:
            done.became.append((student, lesson, "same"))
            return False
        now = datetime.now(UTC).replace(tzinfo=None)
        if time and time > now + SKEW:
            done.notices.append(
                f"{found.place}: Its time is {time:%Y-%m-%d %H:%M} UTC, which is in the future; it "
                "counts as handed in now. Is a clock wrong?")
            time = now
        if there and self._is_older(student, lesson, time):
            done.notices.append(f"{found.place}: {student} has handed in another {lesson} that is "
                             "not older; this one was left.")
            done.became.append((student, lesson, "older"))
            return False
        if self._students and student not in self._students:
            done.notices.append(f"{found.place}: {student} is not in the roster; the submission "
                                "was collected all the same.")
        self._file(student, lesson, files, time)
        done.became.append((student, lesson, "newer" if there else "new"))
        return True

    def _lesson(self, found: Found, done: Collected) -> tuple[str, Files]:
        """Of which lesson it is, by what it holds, and its files. Raises Unreadable."""
        files = found.read()
        if found.lesson and PurePath(f"{found.lesson}.ipynb") in files:
            return found.lesson, files  # as nbgrader collects it; the grader looks into it
        notebooks = {path: data for path, data in files.items()
                     if path.suffix.lower() == SUFFIX or is_notebook(data)}
        for path, data in notebooks.items():
            try:
                lesson = recognize(parse(data), self._lessons, found.lesson)
                if lesson is None:
                    raise Unreadable(NO_LESSON)
            except Unreadable as error:
                if len(notebooks) == 1:
                    raise
                done.notices.append(f"{found.place}: {path}: {error}")
                continue
            if found.lesson in (None, lesson.name):
                del files[path]
                return lesson.name, {PurePath(f"{lesson.name}.ipynb"): data, **files}
        raise Unreadable(f"There is no notebook of {found.lesson} in it.")

    def _there(self, student: str, lesson: str) -> Files:
        """What is collected of it already."""
        one = Submission(self._submitted / student / lesson / f"{lesson}.ipynb", student, lesson)
        return {PurePath(path): (one.path.parent / path).read_bytes() for path in others(one)
                if str(path) != STAMP}

    def _is_older(self, student: str, lesson: str, time: datetime | None) -> bool:
        """Is what has this time not newer than what is collected?"""
        try:
            then = time_of((self._submitted / student / lesson / STAMP).read_bytes())
        except (OSError, Unfit):
            return False
        return then is not None and (time is None or time <= then)

    def _file(self, student: str, lesson: str, files: Files, time: datetime | None) -> None:
        """Put files in place of what is there, which is kept, all at once. Raises OSError."""
        place, new = self._submitted / student / lesson, self._staging / lesson
        shutil.rmtree(self._staging, ignore_errors=True)
        new.mkdir(parents=True)
        for path, data in files.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_bytes(data)
        if time:
            (new / STAMP).write_text(f"{time:%Y-%m-%d %H:%M:%S.%f} UTC\n", encoding="utf-8")
        place.parent.mkdir(exist_ok=True)
        if place.exists():
            aside = self._submitted.with_name("replaced") / student / lesson
            aside.mkdir(parents=True, exist_ok=True)
            os.rename(place, _free(aside))
        os.rename(new, place)
        shutil.rmtree(self._staging, ignore_errors=True)


def _as_notebook(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A file's path as it would be with a notebook's name: without `.txt`, `.json` and the like."""
    stem = re.split(r"\.ipynb", parts[-1], maxsplit=1, flags=re.IGNORECASE)[0]
    return (*parts[:-1], (PurePath(stem).stem if stem == parts[-1] else stem) + SUFFIX)


def _free(folder: Path) -> Path:
    """A place in the folder that nothing has yet: a number."""
    taken = {int(path.name) for path in folder.iterdir() if path.name.isdigit()}
    return folder / str(max(taken, default=0) + 1)

