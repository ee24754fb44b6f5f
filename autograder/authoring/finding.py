"""What checking a lesson comes to, one thing at a time."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: it is fine, something is missing, or something is wrong."""

    kind: Literal["fine", "missing", "wrong"]
    text: str
