"""Files written whole or not at all, never over somebody's work; and one process at a time."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from autograder.errors import UserError

WINDOWS = sys.platform == "win32"
if sys.platform != "win32":
    import fcntl

GRADING = "autograde.lock"  # beside the autograded folder: held by whoever changes it or its marks


class Busy(UserError):
    """Another process holds the lock."""


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock at a path; it ends with this process and no child inherits it.

    Raises Busy, OSError.
    """
    with path.open("a") as file:
        if sys.platform != "win32":
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(f"Another process holds {path}.") from None
        yield


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace a file's content, or create it: readers see all of the old or all of the new.

    A file that exists keeps its permissions; a new one gets the usual ones. The data is on the
    disk before the name changes, so a crash leaves one or the other. Raises OSError.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        with _scratch(path) as (file, name):
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(name, _mode(path))
            os.replace(name, path)
    except OSError as error:
        error.filename = str(path)  # a person knows this name, and not the scratch file's
        raise


def write_if_changed(path: Path, text: str) -> bool:
    """Let a file hold this text; returns whether it did not before. Raises OSError."""
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    write_atomically(path, text)
    return True


def write_beside(path: Path, name: str, ending: str, data: bytes) -> Path:
    """Write data next to a file, as `name` + `ending`, with a number in between if that exists.

    Returns where; nothing is ever overwritten. Raises OSError.
    """
    number, suffix = 1, ""
    while True:
        kept = path.with_name(f"{name}{suffix}{ending}")
        try:
            with kept.open("xb") as file:
                file.write(data)
            return kept
        except FileExistsError:
            number += 1
            suffix = f"-{number}"


@contextmanager
def _scratch(path: Path) -> Iterator[tuple[IO[bytes], str]]:
    """A new file beside `path`, with its name; removed if what is done with it fails."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with open(descriptor, "wb") as file:
            yield file, name
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _mode(path: Path) -> int:
    """The permissions to give: those of the file there is, else the usual ones of a new file."""
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
