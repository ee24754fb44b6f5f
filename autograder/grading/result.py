"""What grading a submission comes to: plain records, `dataclasses.asdict` of which is the JSON."""

from dataclasses import dataclass, field
from typing import Literal

from autograder.errors import UserError
from utils._diagnosis.misconception import Misconception

Error = Literal["timeout", "crashed", "memory", "missing", "raised", "lesson"]


class CantGrade(UserError):
    """Why nothing more can be graded: whatever does the grading is gone, or never started."""


@dataclass(frozen=True)
class Check:
    """One check of an exercise, with the sentence it has for the student when it failed."""

    label: str
    passed: bool
    hidden: bool
    message: str = ""


@dataclass(frozen=True)
class Earlier:
    """The earlier exercise of the lesson whose wrong answer is the cause of a failure.

    name: the first of them, if there are several. text: what to do about it, for the student.
    """

    name: str
    text: str


@dataclass(frozen=True)
class Smallest:
    """The smallest fresh input on which an answer is wrong, as it is typed, and what came of it."""

    call: str
    expected: str
    got: str


@dataclass
class Exercise:
    """The mark of one exercise, quiz question or written answer.

    error: "missing" when there is no answer, "raised" when the answer's own code raised,
        "timeout", "crashed" and "memory" when it ended the run,
        "lesson" when the tests themselves failed, which is the lesson's fault; None otherwise.
    patterns: what holds of a wrong answer's results, one true sentence each.
    earlier: the earlier exercise that has to be fixed first, where that is the cause.
    """

    name: str
    score: float
    max_score: float
    needs_manual_grade: bool = False
    checks: list[Check] = field(default_factory=list)
    misconception: Misconception | None = None
    patterns: list[str] = field(default_factory=list)
    smallest: Smallest | None = None
    earlier: Earlier | None = None
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
