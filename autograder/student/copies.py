"""The student's own copies of the lessons in work/: fetched, and brought up to date when asked.

Nothing here writes over what a student wrote. Lessons travel through nbgrader's exchange, so a
copy fetched here and one fetched in JupyterLab's Assignment List are the same. A copy says by
itself which version it came from: a cell that nobody touched still fits its own checksum or id.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.authoring import start_page
from autograder.course import ROOT, folder
from autograder.errors import UserError, disk_error
from autograder.files import write_atomically, write_beside, write_if_changed
from autograder.gradebook.announce import announced
from autograder.gradebook.exchange import bring, release_lessons, released
from autograder.gradebook.settings import make_folders, settings
from autograder.notebooks.align import Alignment, align, untouched
from autograder.notebooks.parse import Unreadable, parse
from autograder.notebooks.rebuild import rebuild
from autograder.student.kernel import note_kernel
from utils import _deadlines as deadlines
from utils._review import record
from utils.milestones import Milestones
from utils.progress import Progress


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


def fetch(root: Path = ROOT) -> Fetched:
    """Release what is new or changed, and fetch what work/ does not have.

    Only the clone's own exchange is released to: into a class's exchange a teacher releases.
    Raises UserError.
    """
    make_folders(root)
    config = settings(root)
    announced(root, config)  # says so where the exchange is another course's
    new = release_lessons(root, config)
    fetched, outdated, unreadable = [], [], {}
    for name, release in released(config, root).items():
        copy = copy_of(name, config)
        if not copy.exists():
            bring(name, config, root)
            _note_kernel(copy)
            fetched.append(name)
            continue
        try:
            newest = nbformat.read(release, as_version=4)
            if _is_outdated(align(_read(copy), newest), newest):
                outdated.append(name)
        except Unreadable as error:
            unreadable[copy] = str(error)
    work = Path(config.Exchange.assignment_dir)
    _note_deadlines(work, announced(root, config))
    _open_start_page(root, work)
    return Fetched(new, tuple(fetched), tuple(outdated), unreadable)


def update(name: str, root: Path = ROOT) -> Updated:
    """Put a copy into the newest version of its lesson, with the student's own cells.

    The file as it was stays beside it under a dated name. Raises UserError.
    """
    make_folders(root)
    config = settings(root)
    release_lessons(root, config)
    available = released(config, root)
    if name not in available:
        raise UserError(f"There is no lesson {name}; there are: {', '.join(available) or 'none'}.")
    copy = copy_of(name, config)
    if not copy.exists():
        raise UserError(f"There is no {copy}. `python -m autograder fetch` brings it.")
    try:
        before = copy.read_bytes()
        student, release = parse(before), nbformat.read(available[name], as_version=4)
    except (Unreadable, OSError) as error:
        raise UserError(f"{copy} was left as it is: {error}") from error
    rebuilt = rebuild(student, release)
    if not (_is_outdated(rebuilt.aligned, release) or rebuilt.aligned.recognized):
        return Updated(copy, None)
    after = nbformat.writes(rebuilt.notebook) + "\n"
    try:
        kept = _keep(copy, before)
        if copy.read_bytes() != before:
            kept.unlink()
            raise UserError(f"{copy} was saved just now. Close it, and try again.")
        write_atomically(copy, after)
    except OSError as error:
        raise UserError(f"{copy} was left as it is: {error.strerror}") from error
    return Updated(copy, kept)


def _note_deadlines(work: Path, times: dict[str, datetime]) -> None:
    """Keep the deadlines beside the lessons, where notebooks find them."""
    path = work / deadlines.FILE
    try:
        if times or path.exists():
            write_if_changed(path, deadlines.written(times))
    except OSError as error:
        raise disk_error(error, path) from error


def _open_start_page(root: Path, place: Path) -> None:
    """Bring the start page, with how far the student is; a page they wrote into is kept beside."""
    made = folder("release", root) / start_page.NAME
    if not made.exists():
        return  # a class's students may have nothing but `utils`
    try:
        page = nbformat.read(made, as_version=4)
        note_kernel(page)
        with suppress(OSError):  # then the review says so, where it is run
            record.collect(place)
        shown: dict[str, Progress | Milestones] = {
            start_page.PROGRESS: Progress(place, place),
            start_page.MILESTONES: Milestones(place, place)}
        for cell in page.cells:
            if done := shown.get(cell.id):
                cell.outputs = [nbformat.v4.new_output("execute_result", {
                    "text/plain": repr(done), "text/html": done._repr_html_()})]
        there, text = place / start_page.NAME, nbformat.writes(page) + "\n"
        if not there.exists():
            there.write_text(text, encoding="utf-8")
            return
        before = there.read_bytes()
        if before.decode("utf-8", "replace") == text:
            return
        if _sources(before) != [cell.source for cell in page.cells]:
            _keep(there, before)
        write_atomically(there, text)
    except OSError as error:
        raise UserError(f"The start page: {error.filename}: {error.strerror}.") from error


def _note_kernel(copy: Path) -> None:
    """Let JupyterLab find its own metadata in a copy that was just fetched."""
    try:
        notebook = nbformat.read(copy, as_version=4)
        note_kernel(notebook)
        write_atomically(copy, nbformat.writes(notebook) + "\n")
    except OSError as error:
        raise disk_error(error, copy) from error


def _sources(data: bytes) -> list[str]:
    try:
        return [cell.source for cell in parse(data).cells]
    except Unreadable:
        return []


def copy_of(name: str, config: Config) -> Path:
    """Where the student's copy of a lesson is, or would be."""
    return Path(config.Exchange.assignment_dir) / name / f"{name}.ipynb"


def _read(path: Path) -> NotebookNode:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise Unreadable(f"The file can't be read: {error.strerror}.") from error


def _is_outdated(copy: Alignment, release: NotebookNode) -> bool:
    """Has the copy an untouched cell that the lesson no longer has, or lacks one of its cells?"""
    texts = {cell.source for cell in release.cells}
    return len(copy.chosen) < len(release.cells) or any(
        untouched(cell) and cell.source not in texts for cell in copy.cells)


def _keep(copy: Path, data: bytes) -> Path:
    """Write what a copy was beside it, under a dated name."""
    return write_beside(copy, f"{copy.stem}.before-{date.today()}", ".ipynb", data)
