"""Is all as it was when a command last had nothing left to do? Then it need not load what it uses.

A fingerprint of the files that a command reads and writes is kept in `.cache/`, which git ignores.
"""

import sys
import sysconfig
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from autograder.files import write_if_changed

CACHE = ".cache"


def fingerprint(root: Path, paths: Iterable[Path], *words: str) -> str:
    """Of the files' names and content, the Python and its libraries, and `words`.

    Raises OSError.
    """
    libraries = Path(sysconfig.get_path("purelib"))
    # Installing or removing a package changes the time of the folder that holds them.
    total = sha256(repr((sys.version, str(libraries), libraries.stat().st_mtime_ns,
                         words)).encode())
    for path in sorted(set(paths)):
        content = path.read_bytes() if path.is_file() else None
        total.update(f"\n{path.relative_to(root)} {sha256(content or b'').hexdigest()} "
                     f"{content is None}".encode())
    return total.hexdigest()


def kept(root: Path, name: str) -> str:
    """The fingerprint that was kept under this name; "" when there is none."""
    try:
        return (root / CACHE / name).read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def keep(root: Path, name: str, value: str) -> None:
    """Keep a fingerprint, where the disk allows it: without it the work is done once more."""
    place = root / CACHE
    try:
        place.mkdir(exist_ok=True)
        write_if_changed(place / name, value)
    except OSError:
        return
