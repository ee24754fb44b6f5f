"""The receipt for a lesson that was handed in, as a text to keep and as plain data."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from autograder.notebooks.outputs import visible
from utils._deadlines import in_words


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
    due: the class's deadline, with the zone; None where there is none. A student who got more time
        knows of it from the teacher: what everybody can read in the exchange doesn't say so.
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
    due: datetime | None = None

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
        *([f"  due       {in_words(receipt.due)}"] if receipt.due else []),
        f"  by        {receipt.student}",
        f"  course    {receipt.course}",
        f"  SHA-256   {receipt.sha256}", "",
        "What was sent (bytes, SHA-256):"]
    if receipt.due and receipt.time > receipt.due:
        lines[-1:-1] = [about_due(receipt.due, receipt.time), ""]
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


def about_due(due: datetime, now: datetime) -> str:
    """When something is due, or that it was, in a sentence."""
    if now <= due:
        return f"Due {in_words(due)}."
    return (f"It was due {in_words(due)}, so it counts as late, unless your teacher gave you more "
            "time.")


def as_data(receipt: Receipt) -> dict[str, Any]:
    """What JSON can hold."""
    return asdict(receipt) | {"time": receipt.time.isoformat(), "sha256": receipt.sha256,
                              "due": receipt.due and receipt.due.isoformat()}
