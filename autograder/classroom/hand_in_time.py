"""When something was handed in, as far as anybody knows: the exchange does, a file's date doesn't.

A learning management system dates the files that it packs by the download, or in another time
zone. So what comes out of a zip or a folder has no time, and no penalty, unless the teacher gives
one or the system says in the file's name that it came late.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from autograder.classroom.times import local

SKEW = timedelta(minutes=5)  # that two machines' clocks may differ by
JUST = timedelta(seconds=1)  # by how much something is late of which nobody knows how late


@dataclass(frozen=True)
class Received:
    """What a teacher says about when files were handed in: a time (UTC), or that nobody knows."""

    time: datetime | None


class Clock:
    """Says of each thing in a source when it was handed in, and remembers what to tell about it.

    received: the teacher's word. due: by lesson, its deadline (UTC), if it has one.
    """

    def __init__(self, received: Received | None, due: Mapping[str, datetime | None]) -> None:
        self.received, self._due = received, due
        self._unknown = self._future = 0
        self._late: Counter[str] = Counter()

    @property
    def now(self) -> datetime:
        """The time (UTC)."""
        return datetime.now(UTC).replace(tzinfo=None)

    def is_ahead(self, time: datetime | None) -> bool:
        """Is a time in the future, by more than two clocks may differ?"""
        return time is not None and time > self.now + SKEW

    def time(self, lesson: str, known: datetime | None, late: bool) -> datetime | None:
        """When a submission of a lesson was handed in (UTC), None when nobody knows.

        known: as its source says. late: the learning management system says that it came late.
        """
        if known is not None:
            return known
        if self.received:
            return self.received.time
        due = self._due.get(lesson)
        return due + JUST if late and due and due <= self.now else None

    def filed(self, lesson: str, time: datetime | None, written: datetime | None) -> None:
        """Remember what was filed. written: the date of its file."""
        due = self._due.get(lesson)
        self._unknown += time is None
        self._future += self.is_ahead(written)
        self._late[lesson] += bool(time and due and time > due)

    def about_late(self, student: str, lesson: str) -> str:
        """What follows from a name that says that a file came late."""
        due, said = self._due.get(lesson), f"The file's name says that {student} was late"
        if self.received:
            time = self.received.time
            return (f"{said}; --received says {local(time)}, before the deadline."
                    if time and due and time <= due else f"{said}; --received counts.")
        if due is None:
            return f"{said}; {lesson} has no deadline, so nothing follows from that."
        if due > self.now:
            return (f"{said}, but the deadline of {lesson} is {local(due)}. Nothing follows from "
                    "it; is the deadline right?")
        return (f"{said}, but not how late: it counts as one second after the deadline of {lesson} "
                f"({local(due)}). `--received TIME` gives another time.")

    def remarks(self) -> list[str]:
        """What to tell about the times of all that was filed."""
        found = []
        if self._unknown:
            found.append(f"When {_submissions(self._unknown)} handed in is not known, so "
                         f"{'it counts' if self._unknown == 1 else 'none of them counts'} as late: "
                         "a file's date is often that of the download. `--received TIME` gives a "
                         "time.")
        if self.received and self.received.time:
            time = self.received.time
            found.append(f"--received: {local(time)}"
                         + (", which is in the future; it was taken as it is."
                            if self.is_ahead(time) else "."))
            found += [f"{count} of {lesson} {'is' if count == 1 else 'are'} late by that: the "
                      f"deadline was {local(due)}." for lesson, count in sorted(self._late.items())
                      if count and (due := self._due.get(lesson))]
        if self._future:
            found.append(f"{self._future} file{'s are' if self._future > 1 else ' is'} dated in "
                         "the future, as happens with another time zone; that makes no difference.")
        return found


def _submissions(count: int) -> str:
    return "1 submission was" if count == 1 else f"{count} submissions were"
