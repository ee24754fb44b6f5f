"""A known wrong answer, as feedback shows it. Importing nothing, it lets commands start quickly."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Misconception:
    """A known wrong answer: its public name and the hint that a student reads."""

    name: str
    hint: str
