"""A copy of the course that students may have: what they work with, and no solution.

The copy is brought up to date when it is made again: it keeps a list of its own files, so that
nothing else in the folder, such as a git repository, is ever touched.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.course import ROOT, folder, has_sources
from autograder.errors import UserError, disk_error
from autograder.files import write_if_changed
from utils._course import read_course

LIST = ".student-tree.json"  # the files of the copy, by path
FOLDERS = ("utils", "autograder", "config")  # and the released lessons, and modules
FILES = ("course.toml", "requirements.txt", "requirements.lock", "environment.yml",
         "pyproject.toml", "Makefile", "LICENSE", "LICENSE-CONTENT", "CITATION.cff",
         "docs/students.md", "docs/notation.md", "docs/self-check.md")
README = """\
# {title}

Your copies of the lessons open with `make lab`, or without make:

```sh
python -m pip install -r requirements.txt
python -m autograder lab
```

{more}"""


@dataclass(frozen=True)
class StudentTree:
    """What became of the copy: how many files it has, how many were written, how many removed."""

    files: int
    written: int
    removed: int


def write_student_tree(to: Path, root: Path = ROOT) -> StudentTree:
    """Write the copy, or bring it up to date. The lessons have to be built.

    to: a new or empty folder, or one with an earlier copy. Raises UserError before anything is
    written where the folder has something else in it, or the course has no solutions to leave out.
    """
    if not has_sources(root):
        raise UserError(f"{root} is a copy for students already.")
    to = to.resolve()
    try:
        before = _earlier(to)
        if before is None and to.is_dir() and any(to.iterdir()):
            raise UserError(f"{to} is not empty, and holds no earlier copy for students.")
        for name in ("sources", "misconceptions", "class", "work"):
            if to.is_relative_to(folder(name, root)):
                raise UserError(f"{to} is in a folder that students don't get.")
        wanted = dict(_wanted(root))
        written = 0
        for name, data in wanted.items():
            path = to / name
            if path.is_file() and path.read_bytes() == data:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            written += 1
            if (source := root / name).is_file():
                shutil.copymode(source, path)
        removed = sorted((before or set()) - wanted.keys())
        for name in removed:
            (to / name).unlink(missing_ok=True)
        write_if_changed(to / LIST, json.dumps(sorted(wanted), indent=0) + "\n")
    except OSError as error:
        raise disk_error(error, to) from error
    return StudentTree(len(wanted), written, len(removed))


def _earlier(to: Path) -> set[str] | None:
    """The files of an earlier copy; None where there is none. Raises UserError."""
    try:
        names = json.loads((to / LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(map(_is_inside, names)):
        raise UserError(f"{to / LIST} is damaged; make the copy in a new folder.")
    return set(names)


def _is_inside(name: object) -> bool:
    return isinstance(name, str) and not PurePosixPath(name).is_absolute() and not (
        {"..", ""} & set(PurePosixPath(name).parts))


def _wanted(root: Path) -> Iterator[tuple[str, bytes]]:
    for place in (folder("release", root), folder("modules", root),
                  *(root / name for name in FOLDERS)):
        for path in sorted(place.rglob("*")):
            parts = path.relative_to(root).parts
            if path.is_file() and path.suffix != ".pyc" and not any(
                    part.startswith(".") or part == "__pycache__" for part in parts):
                yield "/".join(parts), path.read_bytes()
    for name in FILES:
        if (root / name).is_file():
            yield name, (root / name).read_bytes()
    page = "docs/students.md"
    more = f"Everything else: [for students]({page}).\n" if (root / page).is_file() else ""
    yield "README.md", README.format(title=read_course(root).title, more=more).encode()
