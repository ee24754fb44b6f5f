"""What was handed in comes into the class folder, where nbgrader's collect puts it.

A newer submission takes the place of an older one, which is kept aside. What is not clear, whose
it is or of which lesson, stays where it is and is told.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath
from typing import Literal

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.classroom.hand_back import remember
from autograder.classroom.hand_in_time import Clock, Received
from autograder.classroom.lms_names import Owner, owner_of
from autograder.classroom.roster import Names, unsafe
from autograder.classroom.sources import Files, Found, SourceError, archive, exchange, folder
from autograder.classroom.submitted import FILE_DATE, OURS, STAMP, Unfit, time_of
from autograder.classroom.submitted_folder import SubmittedFolder
from autograder.course import ROOT, Lesson, home, lessons
from autograder.errors import UserError, disk_error
from autograder.files import Busy, lock
from autograder.gradebook.announce import announce, announced
from autograder.gradebook.book import Book
from autograder.gradebook.records import Student
from autograder.gradebook.settings import settings
from autograder.grading.recognize import NO_LESSON, recognize
from autograder.grading.submissions import SUFFIX
from autograder.notebooks.parse import Unreadable, is_notebook, parse

EXCHANGE = "exchange"
Became = Literal["new", "newer", "retimed", "same", "older"]


@dataclass
class Collected:
    """What came of a source.

    became: by student and lesson, what became of each. notices: what a teacher must look at.
    remarks: what a teacher should know. unread: there was nothing to be had from it; why, is
    among the notices.
    """

    became: list[tuple[str, str, Became]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unread: bool = False

    def count(self, *kinds: Became) -> int:
        """How many became one of these."""
        return sum(kind in kinds for _, _, kind in self.became)


def collect(sources: Iterable[str], root: Path = ROOT,
            received: Received | None = None) -> Iterator[Collected]:
    """Collect from each source in turn: "exchange", a folder, or a zip. Raises UserError.

    A folder or zip that is itself called so is given as ./exchange.
    received: the teacher's word on when files were handed in.
    """
    sources = list(sources)
    if received and EXCHANGE in sources:
        raise UserError("--received is for a zip or a folder: the exchange knows when each "
                        "submission was handed in.")
    with _opened(root) as desk:
        for source in sources:
            done, clock = Collected(), Clock(received, desk.due)
            try:
                desk.take(source, done, clock)
                done.remarks = clock.remarks()
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
            submitted = home(root) / CourseDirectory(config=config).submitted_directory
            # Marks are for nobody else's eyes.
            submitted.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            submitted.mkdir(exist_ok=True)
            stack.enter_context(lock(submitted.with_name("collect.lock")))
            with Book(config) as book:
                students, facts = book.students(), book.lessons()
        except Busy as error:
            raise UserError("Another collect is running in this class folder; let it finish "
                            "first.") from error
        except OSError as error:
            raise disk_error(error, root) from error
        yield _Desk(config, submitted, students, lessons(root),
                    {name: due for name, (_, due) in facts.items()}, root)


class _Desk:
    """Looks at each thing that was handed in, and files it."""

    def __init__(self, config: Config, submitted: Path, students: list[Student],
                 known: list[Lesson], due: dict[str, datetime | None], root: Path) -> None:
        self._config, self._lessons, self._root = config, known, root
        self._place = SubmittedFolder(submitted)
        self.due = due  # by lesson
        self._students, self._names = {one.id: one for one in students}, Names(students)

    def _label(self, student: str) -> str:
        """The id, with the name beside it where the roster has one."""
        return self._students[student].label if student in self._students else student

    def take(self, source: str, done: Collected, clock: Clock) -> None:
        """File what a source has. Raises SourceError, OSError."""
        path, tell = Path(source), done.notices.append
        if source == EXCHANGE:
            self._announce()
            inbound = Path(self._config.Exchange.root, self._config.CourseDirectory.course_id,
                           "inbound")
            for found in exchange(inbound, [one.name for one in self._lessons],
                                  self._config.CourseDirectory.ignore, tell):
                self._take(found, str(found.student), found.time, done, clock)
            return
        if not self._students:
            raise UserError("The gradebook has no students to match the files with. "
                               "`python -m autograder class init --roster FILE` adds them.")
        if path.is_dir():
            self._take_all(folder(path, tell), done, clock)
        elif path.is_file():
            with archive(path, tell) as notebooks:
                self._take_all(notebooks, done, clock)
        else:
            raise SourceError(f"{source}: There is no such file or folder.")

    def _announce(self) -> None:
        """Tell the students of deadlines that were changed in formgrader. Raises SourceError."""
        try:
            announced(self._root, self._config)
        except UserError as error:
            raise SourceError(str(error)) from error
        with suppress(UserError):  # the exchange may be another teacher's
            announce(self.due, self._root, self._config)

    def _take_all(self, files: Iterable[Found], done: Collected, clock: Clock) -> None:
        """File notebooks whose students are told by their paths, the oldest first.

        What else there is, is listed by student.
        """
        claimed, others = [], dict[str, list[str]]()
        for found in files:
            if not found.is_notebook:
                students = owner_of(_as_notebook(found.parts), self._names).students
                others.setdefault(
                    " or ".join(map(self._label, sorted(students))) or "Nobody in the roster",
                    []).append("/".join(found.parts))
            elif by := self._owner(found, done):
                claimed += [(self._stamped(found, by.plain, done), student, by.late, found)
                            for student in by.students]
        for time, student, late, found in sorted(
                claimed, key=lambda one: one[0] or one[3].written or datetime.min):
            before = len(done.became)
            lesson = self._take(found, student, time, done, clock, late)
            for _, name, kind in done.became[before:]:
                if kind != "older":
                    remember(student, name, found.parts, self._root)
            if lesson and late:
                late_by_name = clock.about_late(self._label(student), lesson)
                done.notices.append(f"{found.place}: {late_by_name}")
        done.notices += [f"{student}: Not collected, because these are not notebooks: "
                         f"{', '.join(names)}." for student, names in sorted(others.items())]

    def _owner(self, found: Found, done: Collected) -> Owner | None:
        """Whose it is, if that is clear."""
        by = owner_of(_as_notebook(found.parts), self._names)
        if not by.students:
            done.notices.append(f"{found.place}: The roster has nobody called {by.called!r}.")
        elif len(by.students) > 1:
            done.notices.append(
                f"{found.place}: It could be from "
                f"{' or '.join(map(self._label, sorted(by.students)))}. "
                "Put it into a folder named by the student's id, and collect that.")
        return by if len(by.students) == 1 else None

    def _stamped(self, found: Found, plain: bool, done: Collected) -> datetime | None:
        """When it was handed in (UTC), as a timestamp beside it says.

        plain: the path is one that a teacher or nbgrader made, and so is a timestamp beside it.
        """
        try:
            return time_of((plain and found.stamp()) or b"")
        except (Unfit, Unreadable) as error:
            done.notices.append(f"{found.place}: {error}")
            return None

    def _take(self, found: Found, student: str, known: datetime | None, done: Collected,
              clock: Clock, late: bool = False) -> str | None:
        """File one thing, or tell why not; of which lesson it was filed. Raises OSError.

        known: when it was handed in, as the source says. late: see `Clock`.
        """
        if trouble := unsafe(student):
            done.notices.append(f"{found.place}: {trouble}.")
            return None
        if found.lesson and self._place.is_older(student, found.lesson, known):
            done.became.append((student, found.lesson, "same"))  # not even read
            return None
        try:
            lesson, files = self._lesson(found, done)
        except Unreadable as error:
            done.notices.append(f"{found.place}: {error}")
            return None
        if clock.is_ahead(known):
            done.notices.append(
                f"{found.place}: Its time is {known:%Y-%m-%d %H:%M} UTC, which is in the future; "
                "it counts as handed in now. Is a clock wrong?")
            known = clock.now
        files = {path: data for path, data in files.items() if str(path) not in OURS}
        there, time = self._place.there(student, lesson), clock.time(lesson, known, late)
        notebook = PurePath(f"{lesson}.ipynb")
        # The exchange tells whole submissions apart; elsewhere there is nothing but the notebook.
        if there == files if found.lesson else there.get(notebook) == files.get(notebook):
            retimed = self._place.retime(student, lesson, time, clock.received is not None)
            if retimed:
                clock.filed(lesson, time, None)
            done.became.append((student, lesson, "retimed" if retimed else "same"))
            return lesson if retimed else None
        date = known or (min(found.written, clock.now) if found.written else None)
        if there and self._place.is_older(student, lesson, date, files):
            done.notices.append(f"{found.place}: {self._label(student)} has handed in another "
                                f"{lesson} that is not older; this one was left.")
            done.became.append((student, lesson, "older"))
            return None
        if self._students and student not in self._students:
            done.notices.append(f"{found.place}: {student} is not in the roster; the submission "
                                "was collected all the same.")
        self._place.file(student, lesson, files, {STAMP: time, FILE_DATE: None if known else date})
        clock.filed(lesson, time, found.written)
        done.became.append((student, lesson, "newer" if there else "new"))
        return lesson

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


def _as_notebook(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A file's path as it would be with a notebook's name: without `.txt`, `.json` and the like."""
    stem = re.split(r"\.ipynb", parts[-1], maxsplit=1, flags=re.IGNORECASE)[0]
    return (*parts[:-1], (PurePath(stem).stem if stem == parts[-1] else stem) + SUFFIX)
