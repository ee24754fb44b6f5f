"""The files in a zip that people made, read without unpacking it: a zip can't be trusted.

Nothing is written, so no name in it leads anywhere. Sizes are checked before a file is read, as
the zip tells them, and while it is read, as they are.
"""

import os
import stat
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedReader, FileIO
from pathlib import Path
from types import TracebackType
from unicodedata import category
from zipfile import BadZipFile, ZipFile, ZipInfo

from autograder.errors import UserError

MAX_FILES = 100_000
MAX_INDEX = 64 * 2**20  # bytes of the list of files, which is read as a whole
MAX_TOTAL = 8 * 2**30  # bytes of all that is read of one zip
MAX_RATIO = 200  # times that a file may be larger than what it takes in the zip
SMALL = 2**20  # bytes below which the ratio does not matter
ZIPS = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz")
START = 100  # bytes by which it is seen whether a file may be a notebook
_NO_DATE = (1980, 1, 1)
_DAMAGED = (BadZipFile, OSError, EOFError, ValueError, zlib.error, RuntimeError,
            NotImplementedError)


class ZipError(UserError):
    """Why a zip, or a file in it, can't be read, in one line."""


class Zip:
    """An open zip. Raises ZipError when it is none, half of one, or too large a one."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        """max_bytes: of one file in it."""
        self._limit, self._read = max_bytes, 0
        try:
            self._file = _Bounded(FileIO(path))
        except OSError as error:
            raise ZipError(f"{path} can't be read: {error.strerror}.") from error
        try:
            self._zip = ZipFile(self._file)
            if len(self._zip.infolist()) > MAX_FILES:
                raise ZipError(f"It holds {len(self._zip.infolist())} files; the limit is "
                               f"{MAX_FILES}.")
        except ZipError:
            self._file.close()
            raise
        except (BadZipFile, OSError, ValueError, EOFError, struct.error,
                NotImplementedError) as error:
            self._file.close()
            raise ZipError("It is not a zip, or not a complete one; download it again. "
                           f"({' '.join(str(error).split())})") from error

    def __enter__(self) -> "Zip":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._zip.close()
        self._file.close()

    def files(self) -> Iterator[ZipInfo]:
        """What is in it, without folders."""
        return (info for info in self._zip.infolist() if not info.is_dir())

    def read(self, info: ZipInfo) -> bytes:
        """A file's bytes. Raises ZipError."""
        if trouble := self._trouble(info):
            raise ZipError(trouble)
        try:
            with self._zip.open(info) as file:
                data = file.read(self._limit + 1)
        except _DAMAGED as error:
            raise ZipError(f"It is damaged; download the zip again. "
                           f"({' '.join(str(error).split())})") from error
        self._read += len(data)
        if len(data) > self._limit or self._read > MAX_TOTAL:
            raise ZipError(self._too_large(max(len(data), info.file_size)))
        return data

    def start(self, info: ZipInfo) -> bytes:
        """A file's first bytes, which tell what it can be. Raises ZipError."""
        if info.flag_bits & 1 or stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            return b""
        try:
            with self._zip.open(info) as file:
                return file.read(START)
        except _DAMAGED as error:
            raise ZipError(f"It is damaged. ({' '.join(str(error).split())})") from error

    def _trouble(self, info: ZipInfo) -> str | None:
        if info.flag_bits & 1:
            return "It is encrypted. Ask for it without a password."
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            return "It is a link or a device, not a file."
        if info.file_size > self._limit or self._read + info.file_size > MAX_TOTAL:
            return self._too_large(info.file_size)
        if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
            return (f"It unpacks to {info.file_size // 2**20} MiB from {info.compress_size} bytes, "
                    "as a zip bomb does.")
        return None

    def _too_large(self, size: int) -> str:
        return (f"It has {-(-size // 2**20)} MiB; the limit is {self._limit // 2**20}, and "
                f"{MAX_TOTAL // 2**20} for all that a zip holds.")


def parts(info: ZipInfo) -> tuple[str, ...]:
    """A file's path in the zip, part by part. Raises ZipError for one that leads out of it."""
    name = info.orig_filename.replace("\\", "/")
    found = tuple(name.split("/"))
    if (name.startswith("/") or ".." in found or "" in found or ":" in found[0]
            or any(category(letter) in ("Cc", "Cs") for letter in name)):
        raise ZipError("Its name is not a plain path.")
    return found


def time(info: ZipInfo) -> datetime | None:
    """When a file was last written (UTC), None where the zip tells none.

    Most zips tell local time only, to two seconds; it is taken for this machine's. A zip's first
    moment, 1980, is what programs write that know no time.
    """
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            seconds: int = struct.unpack_from("<i", extra, 5)[0]
            return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
        extra = extra[4 + size:]
    if info.date_time[:3] == _NO_DATE:
        return None
    try:
        return datetime(*info.date_time).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None


class _Bounded(BufferedReader):
    """A file of which nobody reads as much at once as a list of millions of files has."""

    def read(self, size: int | None = -1, /) -> bytes:
        left = os.fstat(self.fileno()).st_size - self.tell()
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > MAX_INDEX:
            raise ZipError(f"Its list of files has more than {MAX_INDEX // 2**20} MiB.")
        return super().read(wanted)
