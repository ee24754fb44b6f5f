"""What the gradebook knows, as plain records: students, and the marks of their submissions."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Student:
    """A student as nbgrader knows one; None where the roster says nothing.

    lms: the id in the learning management system, by which Canvas names its files.
    """

    id: str
    first: str | None = None
    last: str | None = None
    email: str | None = None
    lms: str | None = None

    @property
    def name(self) -> str:
        """First and last name; "" where neither is known."""
        return " ".join(filter(None, (self.first, self.last)))

    @property
    def label(self) -> str:
        """The id, with the name beside it where that is known."""
        return f"{self.id} ({self.name})" if self.name else self.id


@dataclass(frozen=True)
class Mark:
    """What stands in the gradebook of one exercise.

    by_hand: the points are a teacher's. waiting: a teacher is still to look.
    comment: the teacher's, "" when there is none.
    """

    score: float
    max_score: float
    by_hand: bool = False
    waiting: bool = False
    comment: str = ""


@dataclass(frozen=True)
class Marks:
    """What stands in the gradebook of one submission: by exercise, and what being late cost.

    due: the student's own deadline (UTC), extension included; None where nothing is due.
    """

    exercises: dict[str, Mark]
    penalty: float = 0.0
    due: datetime | None = None

    @property
    def waiting(self) -> tuple[str, ...]:
        """The answers that a teacher is still to read."""
        return tuple(name for name, mark in self.exercises.items() if mark.waiting)


@dataclass(frozen=True)
class Total:
    """What a submission came to in the gradebook.

    timestamp: when it was handed in (UTC). penalty: points that being late cost.
    waiting: a teacher is still to look at some of it. late: after what was due, extension included.
    """

    assignment: str
    student: str
    timestamp: datetime | None
    score: float
    penalty: float
    waiting: bool
    late: bool = False
