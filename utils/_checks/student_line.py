"""The line of a student's code in which an exception came up, as a message quotes it."""

import contextlib
import re
import sysconfig
import traceback
from pathlib import Path

# The course's own modules, Python's and installed ones: none of these lines is a student's.
_LIBRARIES = (f"{Path(__file__).resolve().parents[1]}/", sysconfig.get_paths()["stdlib"],
              contextlib.__file__)
_REMOTE_FRAME = re.compile(r'^  File "(.*)", line \d+, in (.*)$', re.MULTILINE)


def quoted(error: BaseException, *, from_tests: bool = False) -> str:
    """The line with its function, to stand in a sentence; "" where it isn't known.

    For example ", at `return 1 / x` in `helper`".
    from_tests: the call was made by a test cell, whose source stays out of messages.
    """
    frames = (_remote(error.remote_traceback) if hasattr(error, "remote_traceback")
              else _local(error, from_tests))
    if not frames or not frames[-1][1]:
        return ""
    names = [name for name, _ in frames]
    if names[-1] == "<lambda>":
        return f", at `{frames[-1][1]}` in a lambda"
    # A comprehension or a generator expression counts as the function around it.
    where = next((name for name in reversed(names) if name.isidentifier()), "")
    return f", at `{frames[-1][1]}`" + (f" in `{where}`" if where else "")


def _local(error: BaseException, from_tests: bool) -> list[tuple[str, str]]:
    """The student's frames, outermost first: the function's name and the line."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if not _is_library(frame.filename)]
    # The first is then the test cell's; its own functions may come up again further in.
    tests = {frames[0].filename} if from_tests and frames else set()
    return [(frame.name, (frame.line or "").strip()) for frame in frames
            if frame.filename not in tests]


def _is_library(filename: str) -> bool:
    return filename.startswith(_LIBRARIES) or "site-packages" in filename


def _remote(text: str) -> list[tuple[str, str]]:
    """The student's frames in the text of a traceback from another process."""
    parts = _REMOTE_FRAME.split(text)[1:]
    return [(name, source.strip().splitlines()[0])
            for filename, name, source in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
            if "ipython-input" in filename and source.startswith("\n    ") and source.strip()]
