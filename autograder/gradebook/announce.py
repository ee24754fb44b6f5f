"""What a class's teacher tells its students through the exchange: whose it is, and the deadlines.

It is a file in the exchange's folder of the course, which everybody can read and only the teacher
can write. Nothing in it is about one student.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from traitlets.config import Config

from autograder.errors import UserError, disk_error
from autograder.files import write_if_changed
from utils._course import read_course
from utils._deadlines import parsed

NAME = "course.json"
MOST = 2**20  # bytes that are read of it


def announced(root: Path, config: Config) -> dict[str, datetime]:
    """The deadlines by lesson, in UTC with the zone; none where nothing was announced.

    Raises UserError where the folder in the exchange is another course's, of the same id.
    """
    path = place(config)
    try:
        with path.open(encoding="utf-8") as file:
            found = json.loads(file.read(MOST))
        theirs = found["title"]
        deadlines = parsed(json.dumps(found["deadlines"]))
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    ours = read_course(root)
    if theirs != ours.title:
        raise UserError(
            f"Two courses have the id {ours.id}: “{ours.title}”, and “{theirs}”, whose folder "
            f"in the exchange {path.parent} is. Give one of them another id in its course.toml. "
            f"If it is one course with a new title, delete {path}.")
    return deadlines


def announce(deadlines: Mapping[str, datetime | None], root: Path, config: Config) -> bool:
    """Put the deadlines (UTC, without a zone) into the exchange; returns whether they are new.

    Raises UserError, also where the folder in the exchange is another course's.
    """
    announced(root, config)
    path = place(config)
    times = {name: f"{when.replace(tzinfo=UTC).isoformat(timespec='seconds')}"
             for name, when in sorted(deadlines.items()) if when}
    try:
        if not path.parent.is_dir():
            path.parent.mkdir()
            # As nbgrader makes it when the first lesson is released.
            path.parent.chmod(0o2775 if config.CourseDirectory.get("groupshared") is True
                              else 0o755)
        new = write_if_changed(path, json.dumps(
            {"title": read_course(root).title, "deadlines": times}, indent=1))
        if new:
            os.chmod(path, 0o644)
        return new
    except OSError as error:
        raise disk_error(error, path) from error


def place(config: Config) -> Path:
    """Where the file is, or would be."""
    return Path(config.Exchange.root, config.CourseDirectory.course_id, NAME)
