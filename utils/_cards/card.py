"""The result of a test cell: a number to nbgrader, a card in JupyterLab, text in a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from utils._cards import MIME, card_html
from utils._cards.comparison import Comparison
from utils._diagnosis.misconception import Misconception


@dataclass(frozen=True)
class Outcome:
    """What came of one check.

    error: None when it passed; "failed" when a comparison did not hold; "missing" when there is
        no answer yet; "raised" when the student's code raised; "timeout" when it did not end.
    sides: for a failed comparison of arrays, both of them.
    fault: what is the same in the messages of checks that fail by one mistake.
    """

    label: str
    weight: float
    hidden: bool
    message: str = ""
    error: str | None = None
    sides: Comparison | None = None
    fault: str = ""

    @property
    def passed(self) -> bool:
        """Did the check hold?"""
        return self.error is None


class Score(float):
    """The points of one exercise, between 0 and what it is worth, with how they came about.

    Its `repr` is the bare number, since stock nbgrader reads a test cell's output as partial
    credit; `str` is the whole report. In the student's copy, where the hidden checks are not,
    it counts the checks that ran there.

    unread: why the cell with the student's answer did not run when it was last tried, "" when it
        did. The checks, if any answer was there, are then of an earlier one.
    hints: what the card offers folded away, mildest first, as Markdown.
    misconception: the known wrong answer that this one behaves like.
    cause: what outside of the answer makes its checks fail, a sentence to be read first.
    recorded: the letter of a multiple-choice answer that nobody has marked yet.
    """

    def __new__(cls, exercise: str, points: float, visible: int, hidden: int,
                outcomes: list[Outcome], printed: str = "", *, unread: str = "",
                hints: Sequence[str] = (),
                misconception: Misconception | None = None, cause: str = "",
                recorded: str = "") -> "Score":
        """The share of the checks' weight that passed, in points."""
        whole = sum(outcome.weight for outcome in outcomes)
        earned = sum(outcome.weight for outcome in outcomes if outcome.passed)
        # A check that never ran earned nothing: outcomes are then fewer than were announced.
        complete = len(outcomes) in (visible, visible + hidden)
        value = points * earned / whole if whole and complete else 0.0
        if not whole and complete and all(outcome.passed for outcome in outcomes):
            value = points
        return super().__new__(cls, min(points, round(value, 2)))

    def __init__(self, exercise: str, points: float, visible: int, hidden: int,
                 outcomes: list[Outcome], printed: str = "", *, unread: str = "",
                 hints: Sequence[str] = (),
                 misconception: Misconception | None = None, cause: str = "",
                 recorded: str = "") -> None:
        self.exercise, self.points = exercise, points
        self.visible, self.hidden = visible, hidden
        self.outcomes, self.printed = list(outcomes), printed
        self.unread, self.hints = unread, tuple(hints)
        self.misconception, self.cause = misconception, cause
        # Where a check failed, the letter was none.
        self.recorded = recorded if all(outcome.passed for outcome in self.outcomes) else ""

    @property
    def missing(self) -> bool:
        """Was there nothing to check?"""
        return all(outcome.error == "missing" for outcome in self.outcomes)

    @property
    def headline(self) -> str:
        """One sentence: what passed, and what is still to come."""
        passed, ran = sum(outcome.passed for outcome in self.outcomes), len(self.outcomes)
        if self.unread:
            return f"{self.exercise}: the cell with your answer did not run."
        if self.missing and self.cause:
            return f"{self.exercise}: can't be checked yet."
        if self.missing:
            return f"{self.exercise}: not finished yet."
        if self.recorded:
            return f"Recorded: {self.recorded}."
        verb = "passes" if passed else "fails"  # of one check alone
        if ran > self.visible:
            return (f"{self.exercise}: {float(self):g} of {self.points:g} points, "
                    + (f"the check {verb}." if ran == 1 else f"{passed} of {ran} checks pass."))
        share = "all" if passed == ran else f"{passed} of"
        here = f"the check here {verb}" if ran == 1 else f"{share} {ran} checks here pass"
        more = f"; {self.hidden} more run{'s' * (self.hidden == 1)} when you submit"
        return f"{self.exercise}: {here}" + (more if self.hidden else "") + "."

    def __repr__(self) -> str:
        return float.__repr__(self)

    def __str__(self) -> str:
        lines = [self.headline, *self.notes()]
        for first, *others in [] if self.recorded else self.groups():
            lines.append(f"  {'passed' if first.passed else 'FAILED'}  {first.label}"
                         + (f": {first.message}" if first.message else ""))
            if others:
                lines.append(f"          {card_html.same_way(len(others))}: "
                             f"{'; '.join(outcome.label for outcome in others)}")
        lines += [f"  {line}" for line in self.likeness()]
        if self.printed:
            lines.append("  Your code printed:")
            lines += [f"    {line}" for line in self.printed.splitlines()]
        return "\n".join(lines)

    def groups(self) -> list[list[Outcome]]:
        """The outcomes in order, those that fail by one mistake together, at the first's place."""
        groups: dict[object, list[Outcome]] = {}
        for number, outcome in enumerate(self.outcomes):
            key = (outcome.error, outcome.fault) if outcome.error and outcome.fault else number
            groups.setdefault(key, []).append(outcome)
        return list(groups.values())

    def notes(self) -> list[str]:
        """What is to be read before the checks."""
        unread = [f"{self.unread}. What follows is about your answer as it was before."
                  ] if self.unread and not self.missing else []
        recorded = ["It is marked when you submit."] if self.recorded and self.hidden else []
        return [self.cause] * bool(self.cause) + unread + recorded

    def likeness(self) -> list[str]:
        """The misconception that the answer behaves like, and its hint."""
        known = self.misconception
        return [f"It behaves like: {known.name.replace('_', ' ')}.", known.hint] if known else []

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {"text/html": card_html.html(self), MIME: self.as_json()}

    def as_json(self) -> dict[str, Any]:
        """Plain data: the exercise, its points, the outcomes and what was printed."""
        outcomes = []
        for outcome in self.outcomes:
            facts = vars(outcome) | {"sides": outcome.sides and vars(outcome.sides)}
            del facts["fault"]  # for grouping on the card only
            outcomes.append(facts)
        return {"exercise": self.exercise, "score": float(self), "points": self.points,
                "outcomes": outcomes, "printed": self.printed}
