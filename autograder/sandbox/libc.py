"""Calls of the C library that Python has no function for."""

import ctypes
import os


def library() -> ctypes.CDLL:
    """The C library, with errno kept for each call."""
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    """A libc call; OSError with its errno when it fails."""
    function = getattr(library(), name)
    converted = [ctypes.c_char_p(a.encode()) if isinstance(a, str) else
                 ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    if function(*converted) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
