"""Where handed-in notebooks come from: a folder, a zip, nbgrader's exchange. Nothing is changed.

Students write there, and in the exchange while we look: links are not followed, and a file is
opened once, where it was found.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import ELOOP
from fnmatch import fnmatch
from functools import partial
from pathlib import Path, PurePath

from nbgrader.utils import parse_utc

from autograder.classroom import zip_reader
from autograder.classroom.submitted import STAMP
from autograder.errors import UserError
from autograder.grading.submissions import SUFFIX, read_file
from autograder.notebooks.parse import (
    MAX_BYTES,
    Unreadable,
    is_notebook,
    may_be_notebook,
    too_large,
)

Files = dict[PurePath, bytes]
Tell = Callable[[str], None]
MAX_FILES = 1000  # of one submission in the exchange
MAX_DEPTH = 16  # of folders in folders
# STUDENT+LESSON+TIME, and nbgrader's random letters; a student's name may hold a plus, too.
INBOUND = re.compile(
    r"(?P<student>.+)\+(?P<lesson>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d [^+]+)(\+[^+]*)?", re.DOTALL)


class SourceError(UserError):
    """Why there is nothing to be had from a source, in one line."""


@dataclass(frozen=True)
class Found:
    """Something that was handed in.

    place: where, for a teacher. parts: the path in its source.
    time: when it was handed in (UTC), which only the exchange knows; None elsewhere.
    written: when the file was written (UTC), None when that is not known. In what a learning
        management system packs, that is often the time of the download: it tells which of two
        files is newer, and nothing else.
    read: its files by path. Raises Unreadable.
    stamp: what a timestamp file beside it holds, if there is one. Raises Unreadable.
    student, lesson: where the exchange tells them.
    is_notebook: whether it is one, by its name or by what is in it.
    """

    place: str
    parts: tuple[str, ...]
    written: datetime | None
    read: Callable[[], Files]
    stamp: Callable[[], bytes | None] = lambda: None
    student: str | None = None
    lesson: str | None = None
    time: datetime | None = None
    is_notebook: bool = True


def folder(top: Path, tell: Tell) -> Iterator[Found]:
    """The files under a folder; of a zip or a link to a folder, a line to the teacher."""
    for place, files, _ in _walk(top, [".*", "__MACOSX"], tell):
        for name in files:
            path = place / name
            if name.endswith(zip_reader.ZIPS):
                tell(f"{path}: It is compressed. Unpack it, or pass it to `collect` by name.")
            elif name != STAMP:
                yield Found(str(path), path.relative_to(top).parts, _written(path),
                            _reader(path), _stamp(path.with_name(STAMP)),
                            is_notebook=_is_notebook(name, partial(_start, path), _reader(path)))


@contextmanager
def archive(path: Path, tell: Tell) -> Iterator[list[Found]]:
    """The files in a zip, which is open meanwhile. Raises SourceError."""
    with ExitStack() as stack:
        try:
            packed = stack.enter_context(zip_reader.Zip(path, MAX_BYTES))
        except zip_reader.ZipError as error:
            raise SourceError(f"{path}: {error}") from error
        files: dict[tuple[str, ...], zip_reader.ZipInfo] = {}
        for info in packed.files():
            place = f"{path.name}: {info.filename}"
            try:
                parts = zip_reader.parts(info)
            except zip_reader.ZipError as error:
                tell(f"{place}: {error}")
                continue
            if parts[0] == "__MACOSX" or any(part.startswith(".") for part in parts):
                continue
            if parts in files:
                tell(f"{place}: There are two files of this name; the first was taken.")
            elif parts[-1].endswith(zip_reader.ZIPS):
                tell(f"{place}: A zip in a zip is not opened. Unpack it, and collect from it.")
            files.setdefault(parts, info)
        yield [Found(f"{path.name}: {info.filename}", parts, zip_reader.time(info),
                     (read := _unpacker(packed, info, parts[-1])),
                     _unpacked_stamp(packed, files.get((*parts[:-1], STAMP))),
                     is_notebook=_is_notebook(parts[-1], partial(packed.start, info), read))
               for parts, info in files.items()
               if parts[-1] != STAMP and not parts[-1].endswith(zip_reader.ZIPS)]


def exchange(inbound: Path, lessons: list[str], ignored: list[str], tell: Tell) -> Iterator[Found]:
    """The newest of what each student submitted of each lesson, as `nbgrader collect` takes it.

    One name that nobody can read would end nbgrader's own for everybody. Raises SourceError.
    """
    newest: dict[tuple[str, str], tuple[datetime, str]] = {}
    try:
        entries = sorted(os.scandir(inbound), key=lambda entry: entry.name)
    except OSError as error:
        raise SourceError(f"The exchange at {inbound} can't be read: {error.strerror}. "
                          "`nbgrader release_assignment` makes it.") from error
    for entry in entries:
        name = entry.name
        match = INBOUND.fullmatch(name) if entry.is_dir(follow_symlinks=False) else None
        try:
            time = parse_utc(match["time"]) if match else None
        except (ValueError, OverflowError, TypeError):
            time = None
        if match is None or time is None or match["lesson"] not in lessons:
            tell(f"{inbound / name}: Its name is not one that the exchange gives to a submission.")
            continue
        key = match["student"], match["lesson"]
        newest[key] = max(newest.get(key, (time, name)), (time, name))
    for (student, lesson), (time, name) in sorted(newest.items()):
        yield Found(str(inbound / name), (name,), time, _submission(inbound / name, ignored, tell),
                    student=student, lesson=lesson, time=time)


def _walk(top: Path, ignored: list[str], tell: Tell) -> Iterator[tuple[Path, list[str], int]]:
    """The folders under one, each with its files and a descriptor, by name."""

    def trouble(error: OSError) -> None:
        tell(f"{error.filename or top}: {error.strerror}.")

    for place, folders, files, descriptor in os.fwalk(top, onerror=trouble):
        for name in sorted(folders):
            if os.path.islink(Path(place, name)) and not _matches(name, ignored):
                tell(f"{Path(place, name)}: It is a link, and those are not followed.")
        folders[:] = sorted(name for name in folders if not _matches(name, ignored))
        path = Path(place)
        if folders and len(path.relative_to(top).parts) >= MAX_DEPTH:
            tell(f"{path}: Folders nested this deeply were left out.")
            folders.clear()
        yield path, sorted(name for name in files if not _matches(name, ignored)), descriptor


def _written(path: Path) -> datetime | None:
    """When a file was last written (UTC)."""
    try:
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC).replace(tzinfo=None)
    except (OSError, ValueError, OverflowError):
        return None


def _bytes(name: str | Path, folder: int | None = None) -> bytes:
    try:
        data = read_file(name, folder)
        size = os.stat(name, dir_fd=folder).st_size if len(data) > MAX_BYTES else 0
    except OSError as error:
        raise Unreadable("It is a link, and those are not followed." if error.errno == ELOOP
                         else f"It can't be read: {error.strerror}.") from error
    if size:
        raise Unreadable(too_large(size))
    return data


def _is_notebook(name: str, start: Callable[[], bytes], read: Callable[[], Files]) -> bool:
    """Tell whether a file is a notebook: whole files are read only where they may be one."""
    if name.lower().endswith(SUFFIX):
        return True
    try:
        return may_be_notebook(start()) and all(map(is_notebook, read().values()))
    except (Unreadable, OSError, zip_reader.ZipError):
        return False


def _start(path: Path) -> bytes:
    return read_file(path, limit=zip_reader.START)


def _reader(path: Path) -> Callable[[], Files]:
    return lambda: {PurePath(path.name): _bytes(path)}


def _stamp(path: Path) -> Callable[[], bytes | None]:
    return lambda: _bytes(path)[:1000] if path.exists() else None


def _unpack(packed: zip_reader.Zip, info: zip_reader.ZipInfo) -> bytes:
    try:
        return packed.read(info)
    except zip_reader.ZipError as error:
        raise Unreadable(str(error)) from error


def _unpacker(packed: zip_reader.Zip, info: zip_reader.ZipInfo, name: str) -> Callable[[], Files]:
    return lambda: {PurePath(name): _unpack(packed, info)}


def _unpacked_stamp(packed: zip_reader.Zip,
                    info: zip_reader.ZipInfo | None) -> Callable[[], bytes | None]:
    return lambda: None if info is None else _unpack(packed, info)[:1000]


def _submission(top: Path, ignored: list[str], tell: Tell) -> Callable[[], Files]:
    """The files of a folder in the exchange, without links and what is too large."""

    def read() -> Files:
        found: Files = {}
        left = 4 * MAX_BYTES
        for place, files, descriptor in _walk(top, ignored, tell):
            for name in files:
                if len(found) == MAX_FILES:
                    raise Unreadable(f"It has more than {MAX_FILES} files.")
                try:
                    data = _bytes(name, descriptor)
                    if len(data) > left:
                        raise Unreadable("All files together are too large.")
                except Unreadable as error:
                    tell(f"{place / name}: It was left out. {error}")
                    continue
                left -= len(data)
                found[(place / name).relative_to(top)] = data
        return found

    return read


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
