"""What is handed in, as it lies in the class folder: STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb.

Nothing here is changed.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unicodedata import category

from nbgrader.utils import parse_utc

from autograder.errors import UserError
from autograder.grading.submissions import Submission, in_lesson_folder, read_file
from autograder.notebooks.parse import Unreadable

STAMP = "timestamp.txt"
# Where nobody knows when it was handed in: the date of the file that it came from, by which the
# next collect sees what is newer. Among what nbgrader_config.py ignores.
FILE_DATE = ".file_date.txt"
OURS = (STAMP, FILE_DATE)  # what lies beside a submission and is not the student's


class Unfit(UserError):
    """Why a submission can't be graded as it lies there."""


@dataclass(frozen=True)
class Content:
    """What was handed in, and when (UTC; None when that is not known)."""

    sha256: str
    timestamp: datetime | None


def handed_in(folder: Path) -> Iterator[Submission]:
    """Every submission in a folder, students and assignments by name.

    As for nbgrader, a name that begins with a dot is nobody's. A student's folder that can't be
    read, or is a link, is a submission of no assignment.
    """
    for student in _folders(folder) if folder.is_dir() else ():
        try:
            assignments = _folders(student) if not student.is_symlink() else None
        except OSError:
            assignments = None
        if assignments is None:
            yield Submission(student, student.name)
            continue
        for assignment in assignments:
            yield in_lesson_folder(assignment, student.name, assignment.name)


def _folders(path: Path) -> list[Path]:
    """The folders in one, and the links, which may lead to one."""
    return sorted(entry for entry in path.iterdir()
                  if (entry.is_dir() or entry.is_symlink()) and not entry.name.startswith("."))


def content(one: Submission) -> Content:
    """What lies there now. Raises Unfit."""
    if one.assignment is None:
        raise Unfit(f"The folder {one.path} is a link, and those are not followed."
                    if one.path.is_symlink() else f"The folder {one.path} can't be read.")
    if any(category(letter) in ("Cc", "Cs") for letter in str(one.student)):
        raise Unfit("nbgrader can't handle a student whose name holds control characters, or bytes "
                    "that are not text.")
    stamp = one.path.with_name(STAMP)
    try:
        notebook = one.read()
        written = read_file(stamp, limit=1000) if os.path.lexists(stamp) else b""
    except Unreadable as error:
        raise Unfit(f"{one.path}: {error}") from error
    except FileNotFoundError as error:
        raise Unfit(f"There is no file {one.path.name} in {one.path.parent}.") from error
    except OSError as error:
        raise Unfit(f"{one.path} can't be read: {error.strerror}.") from error
    return Content(hashlib.sha256(notebook + b"\0" + written).hexdigest(), time_of(written))


def time_of(written: bytes) -> datetime | None:
    """The time in a timestamp file, as nbgrader reads it."""
    try:
        text = written.decode().strip()
        return parse_utc(text) if text else None
    except (ValueError, OverflowError, TypeError) as error:
        raise Unfit(f"{STAMP} doesn't hold a time but {written[:30]!r}. Write one into it, such as "
                    "2030-01-31 18:00:00 UTC, or delete the file if being late does not "
                    "matter.") from error


def others(one: Submission) -> Iterator[Path]:
    """The other files that were handed in with the notebook, relative to its folder.

    Links are left out: what they lead to need not be the student's.
    """
    folder = one.path.parent
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder)
