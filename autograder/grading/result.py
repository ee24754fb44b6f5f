"""What grading a submission comes to: plain records, `dataclasses.asdict` of which is the JSON."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from utils._diagnosis.misconception import Misconception

Error = Literal["timeout", "crashed", "memory", "missing", "raised"]


@dataclass(frozen=True)
class Check:
    """One check of an exercise, with the sentence it has for the student when it failed."""

    label: str
    passed: bool
    hidden: bool
    message: str = ""


@dataclass
class Exercise:
    """The mark of one exercise, quiz question or written answer.

    error: "missing" when there is no answer, "raised" when the answer's own code raised,
        "timeout", "crashed" and "memory" when it ended the run; None otherwise.
    """

    name: str
    score: float
    max_score: float
    needs_manual_grade: bool = False
    checks: list[Check] = field(default_factory=list)
    misconception: Misconception | None = None
    error: Error | None = None


@dataclass
class Result:
    """The marks of one submission, or why it has none."""

    path: str
    student: str | None
    assignment: str | None
    status: Literal["graded", "quarantined"] = "graded"
    reason: str | None = None
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    repairs: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)


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
    """What stands in the gradebook of one submission: by exercise, and what being late cost."""

    exercises: dict[str, Mark]
    penalty: float = 0.0


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
