"""The receipt for a lesson that was handed in, as a text to keep and as plain data."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from autograder.notebooks.outputs import visible


@dataclass(frozen=True)
class Sent:
    """One file as it was sent."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Receipt:
    """What was handed in, when, and what it looked like.

    timestamp: as nbgrader has written it down.
    time: the same, with the zone of this machine.
    files: the lesson's notebook first.
    repairs: what was put right in the copy that was sent, one sentence each.
    left_out: what lies in the lesson's folder and was not sent, one sentence each.
    """

    lesson: str
    student: str
    course: str
    timestamp: str
    time: datetime
    files: tuple[Sent, ...]
    answered: tuple[str, ...]
    unanswered: tuple[str, ...]
    repairs: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Of the notebook that was sent."""
        return self.files[0].sha256


def as_text(receipt: Receipt) -> str:
    """A page of plain text."""
    local = receipt.time.strftime("%Y-%m-%d %H:%M:%S, UTC%z")
    lines = [
        f"Receipt: {receipt.lesson} was handed in.", "",
        f"  time      {receipt.timestamp}",
        f"  here      {local}",
        f"  by        {receipt.student}",
        f"  course    {receipt.course}",
        f"  SHA-256   {receipt.sha256}", "",
        "What was sent (bytes, SHA-256):"]
    lines += [f"  {one.name}  {one.bytes}  {one.sha256}" for one in receipt.files]
    for title, names in (("Answered", receipt.answered), ("Without an answer", receipt.unanswered)):
        lines += ["", f"{title}: {len(names)}", *(f"  {name}" for name in names)]
    for title, sentences in (
            ("Repaired in the copy that was sent; your own file is unchanged:", receipt.repairs),
            ("Not sent:", receipt.left_out)):
        if sentences:
            lines += ["", title, *(f"  {sentence}" for sentence in sentences)]
    lines += ["", "The notebook as it was sent has the SHA-256 above; to compare it with the one "
                  "that arrived:", f"  sha256sum {receipt.lesson}.ipynb"]
    return visible("\n".join(lines)) + "\n"


def as_data(receipt: Receipt) -> dict[str, Any]:
    """What JSON can hold."""
    return asdict(receipt) | {"time": receipt.time.isoformat(), "sha256": receipt.sha256}
