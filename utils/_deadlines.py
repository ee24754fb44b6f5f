"""When the lessons in a student's folder are due, as `fetch` found it in the class's exchange."""

import json
from datetime import UTC, datetime
from pathlib import Path

FILE = ".deadlines.json"  # beside the lessons: a time in UTC for each that is due


def deadlines(folder: Path) -> dict[str, datetime]:
    """The deadlines by lesson, with a zone; a file that is damaged or missing has none."""
    try:
        return parsed((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def parsed(text: str) -> dict[str, datetime]:
    """The deadlines in such a file's text. Raises ValueError."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not a table of lessons")
    times = {str(name): datetime.fromisoformat(str(when)) for name, when in found.items()}
    return {name: when.astimezone(UTC) for name, when in times.items() if when.tzinfo}


def written(times: dict[str, datetime]) -> str:
    """The text of such a file."""
    return json.dumps({name: when.astimezone(UTC).isoformat(timespec="seconds")
                       for name, when in sorted(times.items())}, indent=1)


def in_words(when: datetime) -> str:
    """A time as people read it, in this machine's zone, which is named."""
    here = when.astimezone()
    zone = f"UTC{here.isoformat()[-6:]}" if here.utcoffset() else "UTC"
    return f"{here:%a}, {here:%b} {here.day}, {here:%Y, %H:%M} ({zone})"
