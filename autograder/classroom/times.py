"""Times as a teacher writes and reads them, in the zone of the teacher's own machine."""

from datetime import UTC, datetime

from autograder.errors import UserError
from autograder.gradebook.class_rules import EXAMPLE


def utc(text: str) -> datetime:
    """The time in UTC, without a zone; one that names no zone is the teacher's.

    Raises UserError.
    """
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError) as error:
        raise UserError(f"{text!r} is not a time such as {EXAMPLE}") from error


def local(when: datetime) -> str:
    """A time in UTC, in words, in the teacher's zone."""
    try:
        return f"{when.replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M %Z}"
    except (OverflowError, OSError, ValueError):
        return f"{when:%Y-%m-%d %H:%M} UTC"
