"""The result of a test cell: a number to nbgrader, a card in JupyterLab, text in a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from utils._cards import comparison_card, hint_card
from utils._cards.comparison import Comparison
from utils._diagnosis.misconception import Misconception

MIME = "application/vnd.exercise-card+json"

_OK, _BAD = "#009E73", "#D55E00"  # green and vermillion of the course's colorblind-safe palette
_INK = "var(--jp-ui-font-color1,currentColor)"  # JupyterLab's, dark on light and light on dark


@dataclass(frozen=True)
class Outcome:
    """What came of one check.

    error: None when it passed; "failed" when a comparison did not hold; "missing" when there is
        no answer yet; "raised" when the student's code raised; "timeout" when it did not end.
    sides: for a failed comparison of arrays, both of them.
    """

    label: str
    weight: float
    hidden: bool
    message: str = ""
    error: str | None = None
    sides: Comparison | None = None

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
    """

    def __new__(cls, exercise: str, points: float, visible: int, hidden: int,
                outcomes: list[Outcome], printed: str = "", *, unread: str = "",
                hints: Sequence[str] = (),
                misconception: Misconception | None = None) -> "Score":
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
                 misconception: Misconception | None = None) -> None:
        self.exercise, self.points = exercise, points
        self.visible, self.hidden = visible, hidden
        self.outcomes, self.printed = list(outcomes), printed
        self.unread, self.hints = unread, tuple(hints)
        self.misconception = misconception

    @property
    def missing(self) -> bool:
        """Was there nothing to check?"""
        return all(outcome.error == "missing" for outcome in self.outcomes)

    @property
    def headline(self) -> str:
        """One sentence: what passed, and what is still to come."""
        passed = sum(outcome.passed for outcome in self.outcomes)
        if self.unread:
            return f"{self.exercise}: the cell with your answer did not run."
        if self.missing:
            return f"{self.exercise}: not finished yet."
        if len(self.outcomes) > self.visible:
            return (f"{self.exercise}: {float(self):g} of {self.points:g} points, "
                    f"{passed} of {len(self.outcomes)} checks pass.")
        here = "all" if passed == len(self.outcomes) else f"{passed} of"
        checks = "check" if len(self.outcomes) == 1 else "checks"
        verb = "passes" if len(self.outcomes) == 1 and passed else "pass"
        more = f"; {self.hidden} more run{'s' * (self.hidden == 1)} when you submit"
        return f"{self.exercise}: {here} {len(self.outcomes)} {checks} here {verb}" + (
            more if self.hidden else "") + "."

    def __repr__(self) -> str:
        return float.__repr__(self)

    def __str__(self) -> str:
        lines = [self.headline, *self._notes()]
        for outcome in self.outcomes:
            lines.append(f"  {'passed' if outcome.passed else 'FAILED'}  {outcome.label}"
                         + (f": {outcome.message}" if outcome.message else ""))
        lines += [f"  {line}" for line in self._likeness()]
        if self.printed:
            lines.append("  Your code printed:")
            lines += [f"    {line}" for line in self.printed.splitlines()]
        return "\n".join(lines)

    def _notes(self) -> list[str]:
        return [f"{self.unread}. What follows is about your answer as it was before."
                ] if self.unread and not self.missing else []

    def _likeness(self) -> list[str]:
        known = self.misconception
        return [f"It behaves like: {known.name.replace('_', ' ')}.", known.hint] if known else []

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {"text/html": self._html(), MIME: self.as_json()}

    def as_json(self) -> dict[str, Any]:
        """Plain data: the exercise, its points, the outcomes and what was printed."""
        return {"exercise": self.exercise, "score": float(self), "points": self.points,
                "outcomes": [vars(outcome) | {"sides": outcome.sides and vars(outcome.sides)}
                             for outcome in self.outcomes],
                "printed": self.printed}

    def _html(self) -> str:
        passed = all(outcome.passed for outcome in self.outcomes) and not self.unread
        edge = _OK if passed else "#8c8c8c" if self.missing and not self.unread else _BAD
        rows = "".join(_line(escape(note)) for note in self._notes())
        if self.missing:
            rows = _line(escape(self.outcomes[0].message)) if self.outcomes else ""
        else:
            rows += "".join(_row(outcome) for outcome in self.outcomes)
        rows += "".join(_line(hint_card.inline_html(line)) for line in self._likeness())
        if self.printed:
            rows += ("<details style='margin-top:.4em'><summary>What your code printed</summary>"
                     f"<pre style='margin:.3em 0'>{escape(self.printed)}</pre></details>")
        return (
            f"<div class='check-card' data-passed='{str(passed).lower()}' role='group' "
            f"aria-label='{escape(self.headline, quote=True)}' "
            f"style='border-left:5px solid {edge};padding:.4em .9em;margin:.3em 0;"
            f"--check-ok:{_readable(_OK)};--check-bad:{_readable(_BAD)};color:{_INK};"
            "background:rgba(128,128,128,.08);max-width:60em'>"
            f"<div style='font-weight:600'>{escape(self.headline)}</div>{rows}"
            f"{hint_card.folded(self.hints)}</div>")


def _readable(color: str) -> str:
    """The color, darker on a light page and lighter on a dark one."""
    return f"color-mix(in srgb,{color} 65%,{_INK})"


def _row(outcome: Outcome) -> str:
    mark, color, word = ("✓", "ok", "passed") if outcome.passed else ("✗", "bad", "failed")
    label = escape(outcome.label) + (" <em>(hidden check)</em>" if outcome.hidden else "")
    message = f"<div style='margin-left:1.5em'>{escape(outcome.message)}</div>" * bool(
        outcome.message)
    sides = comparison_card.html(outcome.sides) if outcome.sides else ""
    return _line(f"<span role='img' aria-label='{word}' style='color:var(--check-{color});"
                 f"font-weight:700;display:inline-block;width:1.5em'>{mark}</span>{label}{message}"
                 f"{sides}")


def _line(inside: str) -> str:
    return f"<div style='margin-top:.25em;overflow-wrap:anywhere'>{inside}</div>"
