"""A class that looks after itself: what is handed in is collected, graded and handed back.

What is to be done is read from the class folder each time, so a watch that was killed goes on
where it was. Trouble is told once, and tried again at growing intervals.
"""

import copy
import json
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Protocol

from nbgrader.coursedir import CourseDirectory

from autograder.classroom.autograde import HASH, Grade, opened
from autograder.classroom.collect import EXCHANGE, collect
from autograder.classroom.submitted import STAMP, Unfit, content
from autograder.course import ROOT, find_lesson, home
from autograder.errors import UserError, disk_error
from autograder.feedback.publish import Waits, publish
from autograder.files import write_atomically, write_if_changed
from autograder.gradebook.book import Book
from autograder.gradebook.exchange import transfer
from autograder.gradebook.settings import settings
from autograder.grading.submissions import Submission

LONGEST = 300.0  # seconds between two tries, however long the trouble lasts
Log = Callable[..., None]  # an event's name, and facts about it


class Stop(Protocol):
    """When to end, such as a `threading.Event`."""

    def is_set(self) -> bool:
        """Is it time to end?"""

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds, or less when it is time to end before."""


@dataclass(frozen=True)
class Rules:
    """What a watch does.

    every: seconds between two looks. feedback: hand back pages, too.
    attempts: for how many submissions a day a student gets feedback on a lesson; None for all.
    lessons: grade and hand back only these; all when there are none.
    earlier: hand back also what was marked before the watch started.
    """

    every: float = 5.0
    feedback: bool = False
    attempts: int | None = None
    lessons: tuple[str, ...] = ()
    earlier: bool = False


class Watch:
    """Looks again and again, until it is stopped.

    grade: see `Classroom.autograde`. log: is called with what happens.
    """

    def __init__(self, grade: Grade, rules: Rules, log: Log, root: Path = ROOT) -> None:
        self._grade, self._rules, self._log, self._root = grade, rules, log, root
        self._troubles: frozenset[str] = frozenset()
        self._told: set[str] = set()
        self._names: dict[str, str] = {}  # by student
        self._unfit: dict[Path, object] = {}  # what can't be graded, and how it lay there
        for name in rules.lessons:
            find_lesson(name, root)
        self._pages = _Pages(root, rules)

    def run(self, stop: Stop) -> None:
        """Look until it is time to stop."""
        self._log("started", every=self._rules.every, feedback=self._rules.feedback,
                  attempts_per_day=self._rules.attempts, lessons=list(self._rules.lessons))
        if count := self._pages.earlier():
            self._log("marked_before", submissions=count, reason="They were marked before this "
                      "watch started and are not handed back; --release-earlier does that.")
        failures = 0
        while not stop.is_set():
            failures = 0 if self.look(stop) else failures + 1
            stop.wait(min(self._rules.every * 2.0 ** min(failures, 30), LONGEST)
                      if failures else self._rules.every)
        self._log("stopped")

    def look(self, stop: Stop) -> bool:
        """Look once; whether all went well."""
        troubles = set()
        steps = [self._collect, self._autograde]
        if self._rules.feedback:
            steps.append(self._hand_back)
        for step in steps:
            if stop.is_set():
                return True
            try:
                troubles |= step(stop)
            except UserError as error:
                troubles.add(str(error))
            except OSError as error:
                troubles.add(str(disk_error(error, self._root)))
            except Exception as error:  # a watch that ends at night helps nobody
                troubles.add(f"{type(error).__name__}: {' '.join(str(error).split())}")
        for reason in sorted(troubles - self._troubles):
            self._log("trouble", reason=reason)
        if self._troubles and not troubles:
            self._log("recovered")
        self._troubles = frozenset(troubles)
        return not troubles

    def _collect(self, stop: Stop) -> set[str]:
        for done in collect([EXCHANGE], self._root):
            for student, lesson, became in done.became:
                if became in ("new", "newer"):
                    self._log("collected", **self._facts(student, lesson), became=became)
            for line in done.notices:
                if line not in self._told:
                    self._told.add(line)
                    self._log("look_at", reason=line)
        return set()

    def _autograde(self, stop: Stop) -> set[str]:
        troubles = set()
        with opened(self._root) as room:
            waiting = [one for one in room.waiting(self._rules.lessons)
                       if self._unfit.get(one.path) != _lies(one)]
            lay = {str(one.path): (one.path, _lies(one)) for one in waiting}
            if not waiting:
                return set()
            if self._rules.feedback:
                self._pages.expect(waiting)
            with closing(room.autograde(waiting, self._grade)) as outcomes:
                for outcome in outcomes:
                    result = outcome.result
                    facts = self._facts(str(result.student), str(result.assignment))
                    for flag in result.flags:
                        self._log("flag", **facts, reason=flag)
                    if outcome.unwritten:
                        troubles.add(f"{_whose(facts)}: {outcome.unwritten}")
                    elif result.status == "quarantined":
                        self._log("not_graded", **facts, reason=result.reason)
                        path, as_it_lay = lay[result.path]
                        self._unfit[path] = as_it_lay
                    else:
                        self._log("graded", **facts, score=result.score,
                                  max_score=result.max_score, seconds=result.seconds)
                    if stop.is_set():
                        break
        return troubles

    def _hand_back(self, stop: Stop) -> set[str]:
        troubles = set()
        for student, lesson, sha256 in self._pages.due():
            if stop.is_set():
                break
            facts = self._facts(student, lesson)
            if not self._pages.allowed(student, lesson):
                line = f"held {student} {lesson} {sha256}"
                if line not in self._told:
                    self._told.add(line)
                    self._log("feedback_tomorrow", **facts)
                continue
            try:
                trouble = self._pages.release(student, lesson, sha256)
            except Waits as error:
                line = f"waits {student} {lesson} {sha256}"
                if line not in self._told:
                    self._told.add(line)
                    self._log("feedback_waits", **facts, reason=str(error))
                continue
            if trouble:
                troubles.add(f"{_whose(facts)}: {trouble}")
            else:
                self._log("feedback", **facts)
        return troubles

    def _facts(self, student: str, lesson: str) -> dict[str, str]:
        """Who and what an event is about; the name is there where the roster has one."""
        if student not in self._names:
            with Book(settings(self._root)) as book:
                self._names = {one.id: one.name for one in book.students()}
            self._names.setdefault(student, "")
        name = self._names[student]
        return {"student": student, **({"name": name} if name else {}), "assignment": lesson}


class _Pages:
    """What was handed back of each submission, and when: a small file for each.

    Before a watch grades, it writes down what it is going to hand back, so that the next one knows
    if this one is killed.
    """

    def __init__(self, root: Path, rules: Rules) -> None:
        config = settings(root)
        folders = CourseDirectory(config=config)
        self._root, self._config, self._attempts = root, config, rules.attempts
        self._lessons = rules.lessons
        self._autograded = home(root) / folders.autograded_directory
        self._records = self._autograded.with_name("handed_back")
        self._known: dict[tuple[str, str], dict[str, object]] = {}
        self._again: dict[tuple[str, str], float] = {}  # when to try what failed
        self._before: set[tuple[str, str, str]] = set()  # marked before, and not to be released
        if rules.feedback and not rules.earlier:
            self._before = {one for one in self.due() if not self._is_expected(*one)}

    def earlier(self) -> int:
        """How many submissions were marked before, and aren't handed back."""
        return len(self._before)

    def expect(self, submissions: Iterable[Submission]) -> None:
        """Write down what is going to be graded, and then to be handed back. Raises OSError."""
        for one in submissions:
            try:
                sha256 = content(one).sha256
            except Unfit:
                continue  # `autograde` tells of it
            path = self._path(str(one.student), str(one.assignment)).with_suffix(".expected")
            path.parent.mkdir(parents=True, exist_ok=True)
            write_if_changed(path, sha256)

    def _is_expected(self, student: str, lesson: str, sha256: str) -> bool:
        """Did a watch grade it to hand it back? So too where its record is broken."""
        path = self._path(student, lesson)
        if path.exists() and not self._record(student, lesson):
            return True
        try:
            return path.with_suffix(".expected").read_text("latin-1") == sha256
        except OSError:
            return False

    def due(self) -> list[tuple[str, str, str]]:
        """By student and lesson, the hash of what is graded and not handed back."""
        found = []
        for path in sorted(self._autograded.glob(f"*/*/{HASH}")):
            student, lesson = path.parts[-3:-1]
            if self._lessons and lesson not in self._lessons:
                continue
            sha256 = path.read_text("latin-1")
            if (self._record(student, lesson).get("sha256") != sha256
                    and self._again.get((student, lesson), 0.0) <= monotonic()
                    and (student, lesson, sha256) not in self._before
                    and not student.startswith(".")):
                found.append((student, lesson, sha256))
        return found

    def allowed(self, student: str, lesson: str) -> bool:
        """May the student have feedback on the lesson again today?"""
        return self._attempts is None or self._count(student, lesson) < self._attempts

    def release(self, student: str, lesson: str, sha256: str) -> str | None:
        """Hand a page back; why that can't be, or None. Raises Waits where it is kept back."""
        key = student, lesson
        self._again[key] = monotonic() + LONGEST
        config = copy.deepcopy(self._config)
        config.CourseDirectory.student_id = student
        try:
            for page in publish([lesson], self._root, student):
                if page.held:
                    raise Waits(page.waiting)
                if page.reason:
                    return page.reason
            transfer("ReleaseFeedback", lesson, config)
        except Waits:
            raise
        except UserError as error:
            return str(error)
        record = {"sha256": sha256, "day": str(date.today()),
                  "count": self._count(student, lesson) + 1}
        path = self._path(student, lesson)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(record))
        self._known[key] = record
        del self._again[key]
        return None

    def _count(self, student: str, lesson: str) -> int:
        record = self._record(student, lesson)
        count = record.get("count") if record.get("day") == str(date.today()) else 0
        return count if isinstance(count, int) else 0

    def _record(self, student: str, lesson: str) -> dict[str, object]:
        key = student, lesson
        if key not in self._known:
            try:
                record = json.loads(self._path(student, lesson).read_text(encoding="utf-8"))
            except (OSError, ValueError):  # none yet, or half of one: handed back once more
                record = None
            self._known[key] = record if isinstance(record, dict) else {}
        return self._known[key]

    def _path(self, student: str, lesson: str) -> Path:
        return self._records / student / f"{lesson}.json"


def _whose(facts: dict[str, str]) -> str:
    name = f" ({facts['name']})" if "name" in facts else ""
    return f"{facts['student']}{name}, {facts['assignment']}"


def _lies(one: Submission) -> list[tuple[int, int, int] | None]:
    """How a submission lies there: what changes when it is handed in anew."""
    found: list[tuple[int, int, int] | None] = []
    for path in (one.path, one.path.with_name(STAMP)):
        try:
            facts = path.lstat()
            found.append((facts.st_mtime_ns, facts.st_size, facts.st_ino))
        except OSError:
            found.append(None)
    return found
