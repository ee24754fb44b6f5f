"""The result of a test cell: a number to nbgrader, a card in JupyterLab, text in a terminal."""

from dataclasses import asdict, dataclass
from html import escape
from typing import Any

MIME = "application/vnd.neural-networks.checks+json"

_OK, _BAD = "#009E73", "#D55E00"  # green and vermillion of the course's colour-blind-safe palette


@dataclass(frozen=True)
class Outcome:
    """What came of one check.

    error: None when it passed; "failed" when a comparison did not hold; "missing" when there is
    no answer yet; "raised" when the student's code raised.
    """

    label: str
    weight: float
    hidden: bool
    message: str = ""
    error: str | None = None

    @property
    def passed(self) -> bool:
        """Did the check hold?"""
        return self.error is None


class Score(float):
    """The points of one exercise, between 0 and what it is worth, with how they came about.

    Its `repr` is the bare number, since stock nbgrader reads a test cell's output as partial
    credit; `str` is the whole report. In the student's copy, where the hidden checks are not,
    it counts the checks that ran there.
    """

    def __new__(cls, exercise: str, points: float, visible: int, hidden: int,
                outcomes: list[Outcome], printed: str = "") -> "Score":
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
                 outcomes: list[Outcome], printed: str = "") -> None:
        self.exercise, self.points = exercise, points
        self.visible, self.hidden = visible, hidden
        self.outcomes, self.printed = list(outcomes), printed

    @property
    def headline(self) -> str:
        """One sentence: what passed, and what is still to come."""
        passed = sum(outcome.passed for outcome in self.outcomes)
        if all(outcome.error == "missing" for outcome in self.outcomes):
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
        lines = [self.headline]
        for outcome in self.outcomes:
            lines.append(f"  {'passed' if outcome.passed else 'FAILED'}  {outcome.label}"
                         + (f": {outcome.message}" if outcome.message else ""))
        if self.printed:
            lines.append("  Your code printed:")
            lines += [f"    {line}" for line in self.printed.splitlines()]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {"text/html": self._html(), MIME: self.as_json()}

    def as_json(self) -> dict[str, Any]:
        """Plain data: the exercise, its points, the outcomes and what was printed."""
        return {"exercise": self.exercise, "score": float(self), "points": self.points,
                "outcomes": [asdict(outcome) for outcome in self.outcomes],
                "printed": self.printed}

    def _html(self) -> str:
        missing = all(outcome.error == "missing" for outcome in self.outcomes)
        passed = all(outcome.passed for outcome in self.outcomes)
        edge = _OK if passed else "#8c8c8c" if missing else _BAD
        rows = "" if missing else "".join(_row(outcome) for outcome in self.outcomes)
        if missing:
            rows = _line(escape(self.outcomes[0].message)) if self.outcomes else ""
        if self.printed:
            rows += ("<details style='margin-top:.4em'><summary>What your code printed</summary>"
                     f"<pre style='margin:.3em 0'>{escape(self.printed)}</pre></details>")
        return (
            f"<div class='check-card' data-passed='{str(passed).lower()}' role='group' "
            f"aria-label='{escape(self.headline, quote=True)}' "
            f"style='border-left:5px solid {edge};padding:.4em .9em;margin:.3em 0;"
            "color:var(--jp-ui-font-color1,inherit);"
            "background:var(--jp-layout-color2,rgba(128,128,128,.08));max-width:60em'>"
            f"<div style='font-weight:600'>{escape(self.headline)}</div>{rows}</div>")


def _row(outcome: Outcome) -> str:
    mark, color, word = ("✓", _OK, "passed") if outcome.passed else ("✗", _BAD, "failed")
    label = escape(outcome.label) + (" <em>(hidden check)</em>" if outcome.hidden else "")
    message = f"<div style='margin-left:1.5em'>{escape(outcome.message)}</div>" * bool(
        outcome.message)
    return _line(f"<span aria-label='{word}' style='color:{color};font-weight:700;"
                 f"display:inline-block;width:1.5em'>{mark}</span>{label}{message}")


def _line(inside: str) -> str:
    return f"<div style='margin-top:.25em;overflow-wrap:anywhere'>{inside}</div>"
