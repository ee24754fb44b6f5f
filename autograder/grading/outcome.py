"""What running one exercise's tests came to."""

from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.grading.result import Earlier, Smallest
from utils._diagnosis.misconception import Misconception

Trouble = Literal["timeout", "crashed", "memory", "lesson"]


@dataclass
class Outcome:
    """What running one exercise's tests came to.

    record: what the test cell says of itself (`Score.as_json`), None if it said nothing.
    trouble: why it could say nothing; "lesson" where the test cell itself failed.
    raised: how the student's answer cell itself failed ("SyntaxError: …"), "" if it did not.
    earlier: the earlier answer that is the cause; the record is then the one with model answers
        in the place of earlier ones that fail.
    retried: whether it was run again with those.
    """

    record: dict[str, Any] | None = None
    trouble: Trouble | None = None
    raised: str = ""
    misconception: Misconception | None = None
    patterns: list[str] = field(default_factory=list)
    smallest: Smallest | None = None
    earlier: Earlier | None = None
    retried: bool = False

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return self.record is not None and all(
            check["error"] is None for check in self.record["outcomes"])

    @property
    def score(self) -> float:
        """The points of its checks."""
        return float(self.record["score"]) if self.record is not None else 0.0
