"""Files to grade: where they are, whose they are, and their bytes.

Students make these files. A link may lead to another student's work, a device never ends, and a
pipe waits forever: only regular files are read, and no link is followed on the way to one.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from errno import ELOOP
from pathlib import Path

from autograder.course import ROOT, lessons
from autograder.notebooks.parse import MAX_BYTES, Unreadable, is_notebook

SUFFIX = ".ipynb"
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Submission:
    """A file to grade, and the student and lesson that its place names, if it does.

    other_name: what the file is called, where it does not have the lesson's name.
    """

    path: Path
    student: str | None = None
    assignment: str | None = None
    other_name: str | None = None

    @property
    def notebook_name(self) -> str:
        """What the notebook is called among what is graded."""
        return f"{self.assignment}{SUFFIX}" if self.assignment else self.path.name

    def read(self, limit: int = MAX_BYTES) -> bytes:
        """Read the file, at most one byte more than `limit`. Raises Unreadable, OSError.

        Neither the student's folder, nor the lesson's in it, nor the file may be a link.
        """
        lesson_folder = self.path.parent
        if (lesson_folder.parent.name, lesson_folder.name) != (self.student, self.assignment):
            return read_file(self.path, limit=limit)
        with ExitStack() as stack:
            place: int | None = None
            for folder in (lesson_folder.parent, lesson_folder):
                name = folder if place is None else folder.name
                try:
                    place = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=place)
                except OSError:
                    if folder.is_symlink():
                        raise Unreadable(f"The folder {folder} is a link, and those are not "
                                         "followed.") from None
                    raise
                stack.callback(os.close, place)
            return read_file(self.path.name, place, limit)


def find(path: Path, root: Path = ROOT) -> list[Submission]:
    """Find the submissions at a path: a notebook, or a folder of STUDENT/LESSON/LESSON.ipynb.

    In a folder that holds a notebook of its own name, that one is the submission; a student's
    folder of a lesson is one submission, whatever is in it; in any other folder each notebook is.
    What is no regular file is a submission, too, so that somebody hears of it.

    root: the course whose lessons the folders may be named by. Raises FileNotFoundError when
    there is none.
    """
    if path.is_file():
        return [Submission(path)]
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder")
    if not path.is_dir():
        raise FileNotFoundError(f"{path}: this is neither a file nor a folder")
    names = {lesson.name for lesson in lessons(root)}
    found: list[Submission] = []

    def unreadable(error: OSError) -> None:
        found.append(Submission(Path(error.filename)))

    for place, folders, files in os.walk(path, onerror=unreadable):
        folder = Path(place)
        inside = folder.relative_to(path).parts
        if ".ipynb_checkpoints" in inside:
            continue
        found += _in_folder(folder, inside, [*folders, *files], names)
        for name in folders:
            if (folder / name).is_symlink():
                found += _behind_link(folder / name, inside, names)
        folders[:] = [name for name in folders if not name.lower().endswith(SUFFIX)]
    if not found:
        raise FileNotFoundError(f"{path}: there are no notebooks in this folder")
    return sorted(found, key=lambda one: one.path)


def in_lesson_folder(folder: Path, student: str, lesson: str) -> Submission:
    """Return what a student handed in of a lesson: the notebook in this folder.

    If none has the lesson's name, it is the only notebook there is.
    """
    own = folder / f"{lesson}{SUFFIX}"
    if os.path.lexists(own) or folder.is_symlink():
        return Submission(own, student, lesson)
    others = list(_notebooks(folder))
    if len(others) != 1:
        return Submission(own, student, lesson)
    return Submission(others[0], student, lesson, others[0].name)


def read_file(path: str | Path, folder: int | None = None, limit: int = MAX_BYTES) -> bytes:
    """Read a regular file, at most one byte more than `limit`. Raises Unreadable, OSError.

    folder: a descriptor of the folder in which the path is.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_LINK, dir_fd=folder)
    except OSError as error:
        if error.errno == ELOOP:
            raise Unreadable("It is a link, and those are not followed.") from error
        raise
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        raise Unreadable("It is not a regular file.")
    with open(descriptor, "rb") as file:
        data = file.read(min(facts.st_size, limit) + 1)  # a large buffer takes longer than reading
        return data + file.read(limit + 1 - len(data)) if len(data) > facts.st_size else data


def _in_folder(folder: Path, inside: tuple[str, ...], entries: list[str],
               names: set[str]) -> list[Submission]:
    """The submissions in one folder. inside: its path in the folder that is graded."""
    student = inside[-2] if len(inside) >= 2 else None
    if f"{folder.name}{SUFFIX}" in entries:
        return [Submission(folder / f"{folder.name}{SUFFIX}", student, folder.name)]
    if student is not None and folder.name in names:
        return [in_lesson_folder(folder, student, folder.name)]
    return [Submission(folder / name) for name in entries if name.lower().endswith(SUFFIX)]


def _behind_link(link: Path, inside: tuple[str, ...], names: set[str]) -> list[Submission]:
    """What a link to a folder stands for; reading it says that links are not followed."""
    if link.name in names:
        return [Submission(link / f"{link.name}{SUFFIX}", inside[-1], link.name) if inside
                else Submission(link)]
    if inside:
        return []
    try:
        return [Submission(link / name / f"{name}{SUFFIX}", link.name, name)
                for name in os.listdir(link) if name in names]
    except OSError:
        return []


def _notebooks(folder: Path) -> Iterator[Path]:
    """The notebooks in a folder: by their names, and if there are none, by what is in them."""
    try:
        files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return
    named = [path for path in files if path.name.lower().endswith(SUFFIX)]
    yield from named or (path for path in files if _holds_notebook(path))


def _holds_notebook(path: Path) -> bool:
    try:
        return is_notebook(read_file(path))
    except (OSError, Unreadable):
        return False
