"""The student's own copies of the lessons in work/: fetched, and brought up to date when asked.

Nothing here writes over what a student wrote. Lessons travel through nbgrader's exchange, so a
copy fetched here and one fetched in JupyterLab's Assignment List are the same. A copy says by
itself which version it came from: a cell that nobody touched still fits its own checksum or id.
"""

import os
import tempfile
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory
from traitlets.config import Config, PyFileConfigLoader

from autograder.course import ROOT, lessons
from autograder.lesson import free_id
from autograder.submission import Unreadable, grade_id, parse, rebuild, unaltered


class WorkError(Exception):
    """Why it can't be done, in one line. The student's files are as they were."""


@dataclass(frozen=True)
class Fetched:
    """What `fetch` did, and what it saw in the copies that were there before."""

    released: tuple[str, ...]  # lessons put into the exchange, new or changed
    fetched: tuple[str, ...]  # lessons that work/ did not have
    outdated: tuple[str, ...]  # copies for which `update` would bring something
    unreadable: dict[Path, str]  # copies that are no notebooks, and why; left alone


@dataclass(frozen=True)
class Updated:
    """A copy, now in the lesson's newest version."""

    path: Path
    kept: Path | None  # what it was before; None when there was nothing to update


def settings(root: Path = ROOT) -> Config:
    """nbgrader's configuration of the course in `root`; makes its folders and finds `alembic`."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(root / "autograder")).load_config()


def fetch(root: Path = ROOT) -> Fetched:
    """Release what is new or changed, and fetch what work/ does not have.

    Only the clone's own exchange is released to: into a class's exchange a teacher releases.
    Raises WorkError.
    """
    config = settings(root)
    released = _release(root, config)
    fetched, outdated, unreadable = [], [], {}
    for name, release in _in_exchange(config).items():
        copy = _copy(name, config)
        if not copy.exists():
            _transfer("FetchAssignment", name, config, replace_missing_files=True)
            fetched.append(name)
            continue
        try:
            if _is_outdated(_read(copy), nbformat.read(release, as_version=4)):
                outdated.append(name)
        except Unreadable as error:
            unreadable[copy] = str(error)
    return Fetched(released, tuple(fetched), tuple(outdated), unreadable)


def update(name: str, root: Path = ROOT) -> Updated:
    """Put a copy into the newest version of its lesson, with the student's own cells.

    The file as it was stays beside it under a dated name. Raises WorkError.
    """
    config = settings(root)
    _release(root, config)
    available = _in_exchange(config)
    if name not in available:
        raise WorkError(f"There is no lesson {name}; there are: {', '.join(available) or 'none'}.")
    copy = _copy(name, config)
    if not copy.exists():
        raise WorkError(f"There is no {copy}. `python -m autograder fetch` brings it.")
    try:
        before = copy.read_bytes()
        student, release = parse(before), nbformat.read(available[name], as_version=4)
    except (Unreadable, OSError) as error:
        raise WorkError(f"{copy} was left as it is: {error}") from error
    if not _is_outdated(student, release):
        return Updated(copy, None)
    after = nbformat.writes(rebuild(student, release).notebook) + "\n"
    try:
        kept = _keep(copy, before)
        if copy.read_bytes() != before:
            kept.unlink()
            raise WorkError(f"{copy} was saved just now. Close it, and try again.")
        _replace(copy, after)
    except OSError as error:
        raise WorkError(f"{copy} was left as it is: {error.strerror}") from error
    return Updated(copy, kept)


def _release(root: Path, config: Config) -> tuple[str, ...]:
    if Path(config.Exchange.root) != Path(config.CourseDirectory.root) / "grading" / "exchange":
        return ()
    released = []
    for lesson in lessons(root):
        there = _outbound(config) / lesson.name
        if _content(there, config) != _content(lesson.release.parent, config):
            _transfer("ReleaseAssignment", lesson.name, config, force=True)
            released.append(lesson.name)
    return tuple(released)


def _transfer(action: str, name: str, config: Config, **options: bool) -> None:
    """One of nbgrader's exchange actions, as nbgrader's own pages call it."""
    coursedir = CourseDirectory(config=config, assignment_id=name)
    try:
        getattr(ExchangeFactory(config=config), action)(
            coursedir=coursedir,
            authenticator=Authenticator(config=config),
            config=config,
            **options,
        ).start()
    except (ExchangeError, OSError) as error:
        raise WorkError(f"nbgrader's exchange: {error}") from error


def _outbound(config: Config) -> Path:
    return Path(config.Exchange.root) / config.CourseDirectory.course_id / "outbound"


def _in_exchange(config: Config) -> dict[str, Path]:
    """The released lessons' notebooks by the lessons' names."""
    if not Path(config.Exchange.root).is_dir():
        raise WorkError(f"There is no exchange at {config.Exchange.root}.")
    return {
        folder.name: folder / f"{folder.name}.ipynb"
        for folder in sorted(_outbound(config).glob("*"))
        if (folder / f"{folder.name}.ipynb").is_file()
    }


def _copy(name: str, config: Config) -> Path:
    return Path(config.Exchange.assignment_dir) / name / f"{name}.ipynb"


def _content(folder: Path, config: Config) -> dict[Path, bytes]:
    """What nbgrader would copy of a folder."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and not any(
            fnmatch(part, pattern)
            for part in path.relative_to(folder).parts
            for pattern in config.CourseDirectory.ignore
        )
    }


def _read(path: Path) -> NotebookNode:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise Unreadable(f"The file can't be read: {error.strerror}.") from error


def _is_outdated(student: NotebookNode, release: NotebookNode) -> bool:
    """Has the copy an untouched cell that the lesson no longer has, or lacks one of its cells?"""
    texts = {_key(cell): cell.source for cell in release.cells}
    return bool(texts.keys() - {_key(cell) for cell in student.cells}) or any(
        _is_untouched(cell) and texts.get(_key(cell)) != cell.source for cell in student.cells
    )


def _key(cell: NotebookNode) -> str:
    return grade_id(cell) or str(cell.id)


def _is_untouched(cell: NotebookNode) -> bool:
    return unaltered(cell) or str(cell.id).startswith(free_id(cell.source))


def _keep(copy: Path, data: bytes) -> Path:
    """Write data beside the copy, to a dated name that no file has yet."""
    number, suffix = 1, ""
    while True:
        path = copy.with_name(f"{copy.stem}.before-{date.today()}{suffix}.ipynb")
        try:
            with path.open("xb") as file:
                file.write(data)
            return path
        except FileExistsError:
            number += 1
            suffix = f"-{number}"


def _replace(path: Path, text: str) -> None:
    """Write the whole file or nothing, also when the machine goes down meanwhile."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=".", delete=False
    ) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, path.stat().st_mode)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise
