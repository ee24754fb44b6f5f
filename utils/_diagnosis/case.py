"""A small call on which a misconception shows. It imports nothing, so commands start quickly."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A call, the result, and wrong results, that of the misconception first; each as typed."""

    call: str
    right: str
    wrong: tuple[str, ...]
