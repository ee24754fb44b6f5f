"""Files to grade: where they are, whose they are, and their bytes."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from autograder.notebooks.parse import MAX_BYTES, Unreadable


@dataclass(frozen=True)
class Submission:
    """A file to grade, and the student and lesson that its place names, if it does."""

    path: Path
    student: str | None = None
    assignment: str | None = None


def find(path: Path) -> list[Submission]:
    """The submissions at a path: a notebook, or a folder of STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb.

    In a folder that holds a notebook of its own name, that one is the submission; in any other
    folder each notebook is. Raises FileNotFoundError when there is none.
    """
    if path.is_file():
        return [Submission(path)]
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder")
    if not path.is_dir():
        raise FileNotFoundError(f"{path}: this is neither a file nor a folder")
    found = []
    for folder in sorted({file.parent for file in path.rglob("*.ipynb") if file.is_file()
                          and ".ipynb_checkpoints" not in file.parts}):
        own = folder / f"{folder.name}.ipynb"
        inside = folder.relative_to(path).parts
        if own.is_file():
            student = inside[-2] if len(inside) >= 2 else None
            found.append(Submission(own, student, folder.name))
        else:
            found += [Submission(file) for file in sorted(folder.glob("*.ipynb"))]
    if not found:
        raise FileNotFoundError(f"{path}: there are no notebooks in this folder")
    return found


def read_file(path: str | Path, folder: int | None = None, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file, at most one more than `limit`. Raises Unreadable, OSError.

    A link may lead to another student's work, a device never ends, and a pipe waits forever: only
    regular files are read.
    folder: a descriptor of the folder in which the path is.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
                         | getattr(os, "O_NONBLOCK", 0), dir_fd=folder)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unreadable("It is not a regular file.")
        return file.read(limit + 1)
