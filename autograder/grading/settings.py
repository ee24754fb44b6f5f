"""How to grade."""

from dataclasses import dataclass
from pathlib import Path

from autograder.course import ROOT

TIMEOUT = 30.0  # seconds for a cell


@dataclass(frozen=True)
class Settings:
    """How to grade.

    timeout: seconds for each cell, and for each exercise's tests.
    fenced: build the fence, as far as the machine can.
    full: run every cell and draw every figure, also those that don't affect the marks.
    root: the course's folder.
    explain: try wrong answers out on fresh inputs, to say what holds of them.
    """

    timeout: float = TIMEOUT
    fenced: bool = True
    full: bool = False
    root: Path = ROOT
    explain: bool = True
