"""A page that follows a lecture: what autograding left is read again whenever it has changed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.course import ROOT, find_lesson, home, lessons
from autograder.errors import disk_error
from autograder.feedback.publish import discretion
from autograder.feedback.withhold import of_exercise
from autograder.files import write_atomically
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import class_rules
from autograder.gradebook.settings import settings
from autograder.reports.live_page import live_page
from autograder.reports.read import LessonRead, read_lesson
from autograder.reports.statistics import Work

NAME = "live.html"


class Live:
    """The page of some lessons, or of all if none are named. every: seconds between two looks."""

    def __init__(self, assignments: Iterable[str] = (), every: int = 5, root: Path = ROOT) -> None:
        self._lessons = [find_lesson(name, root) for name in assignments] or lessons(root)
        self._root, self._every = root, every
        self._config = settings(root)
        folders = CourseDirectory(config=self._config)
        self._autograded = home(root) / folders.autograded_directory
        self._seen: dict[str, object] = {}
        self._read: dict[str, LessonRead] = {}
        self.page = self._autograded.with_name("report") / NAME

    def look(self) -> bool:
        """Write the page if there is anything new; whether there was. Raises UserError."""
        try:
            changed = [one for one in self._lessons
                       if self._seen.get(one.name) != self._state(one.name)]
            if not changed and self.page.is_file():
                return False
            for lesson in changed:
                self._seen[lesson.name] = self._state(lesson.name)
            with Book(self._config) as book:
                facts, totals = book.lessons(), book.totals()
                marks = {one.name: book.all_marks(one.name) for one in changed}
            for one in changed:
                if one.name in facts:
                    self._read[one.name] = read_lesson(
                        one, facts[one.name][1], self._autograded, marks[one.name],
                        [total for total in totals if total.assignment == one.name])
            read = [self._read[one.name] for one in self._lessons if one.name in self._read]
            self.page.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.page, live_page(
                [one.chapter for one in read],
                [self._shown(one, work) for one in read for work in one.works],
                datetime.now(UTC).astimezone(), self._every))
        except OSError as error:
            raise disk_error(error, self.page) from error
        return True

    def _state(self, lesson: str) -> object:
        """What changes when something is graded: each notebook's time and place on the disk."""
        return [(str(path), facts.st_mtime_ns, facts.st_ino)
                for path in sorted(self._autograded.glob(f"*/{lesson}/{lesson}.ipynb"))
                if (facts := path.stat())]

    def _shown(self, read: LessonRead, work: Work) -> Work:
        """The class sees it, so that what feedback keeps back is kept back here, too."""
        level = discretion(class_rules(self._root), work.lesson, read.chapter.due).hidden_checks
        return replace(work, answers=tuple(
            replace(one, exercise=of_exercise(one.exercise, level)) for one in work.answers))
