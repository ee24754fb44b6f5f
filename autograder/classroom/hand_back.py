"""Feedback for a whole assignment as a zip that Moodle or Canvas takes.

Both find the student by the name that they gave the submission's file, so that is kept at collect.

Moodle ("Upload multiple feedback files in a zip", mod/assign/feedback/file/importziplib.php) reads
`NAME_NUMBER_assignsubmission_file`, a folder or the beginning of a file's name; the number is the
participant's, and what follows is what the student sees.
Canvas ("Upload graded submissions", `infer_comment_context_from_filename` in assignment.rb) reads
the first two numbers between underscores: the student's, and the submitted file's. It attaches the
page to a comment, under the name of the file that the student submitted.
"""

import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nbgrader.coursedir import CourseDirectory

from autograder.classroom.lms_names import CANVAS, MOODLE
from autograder.course import ROOT, folder, home
from autograder.errors import disk_error
from autograder.feedback.publish import Page
from autograder.files import write_atomically, write_if_changed
from autograder.gradebook.settings import settings

System = Literal["moodle", "canvas"]
SYSTEMS: tuple[System, ...] = ("moodle", "canvas")
_TIME = (1980, 1, 1, 0, 0, 0)  # the same pages make the same file


@dataclass(frozen=True)
class Packed:
    """A zip, how many pages are in it, and whose page is not, for want of a name."""

    path: Path
    pages: int
    nameless: tuple[str, ...]


def remember(student: str, lesson: str, parts: tuple[str, ...], root: Path = ROOT) -> None:
    """Keep the path under which a system packed a submission. Raises OSError."""
    if any(MOODLE.fullmatch(part) for part in parts) or CANVAS.fullmatch(parts[-1]):
        path = _record(student, lesson, root)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_if_changed(path, json.dumps(parts))


def pack(system: System, lesson: str, pages: Iterable[Page], root: Path = ROOT) -> Packed:
    """Write the zip of a lesson into the class folder. pages: as `publish` wrote them.

    A page that is kept back is not in it. Raises UserError.
    """
    written = home(root) / CourseDirectory(config=settings(root)).feedback_directory
    path = folder("class", root) / "hand_back" / f"{lesson}-{system}.zip"
    data, count, nameless = io.BytesIO(), 0, []
    try:
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
            for page in pages:
                if page.lesson != lesson or page.held or page.reason:
                    continue
                name = _name(system, _remembered(page.student, lesson, root), lesson)
                if name is None:
                    nameless.append(page.label or page.student)
                    continue
                html = (written / page.student / lesson / f"{lesson}.html").read_bytes()
                entry = zipfile.ZipInfo(name, _TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, html)
                count += 1
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data.getvalue())
    except OSError as error:
        raise disk_error(error, path) from error
    return Packed(path, count, tuple(nameless))


def _name(system: System, parts: tuple[str, ...], lesson: str) -> str | None:
    """What the page is called in the zip; None where this system did not pack the submission."""
    if system == "canvas":
        match = CANVAS.fullmatch(parts[-1]) if parts else None
        return parts[-1][:match.end("file")] + f"_{lesson}.html" if match else None
    for k, part in enumerate(parts):
        if match := MOODLE.fullmatch(part):
            end = match.end("kind")
            own = k + 1 < len(parts)  # a folder of the student's own
            return f"{part}/{lesson}.html" if own else f"{part[:end]}_{lesson}.html"
    return None


def _remembered(student: str, lesson: str, root: Path) -> tuple[str, ...]:
    try:
        parts = json.loads(_record(student, lesson, root).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(map(str, parts)) if isinstance(parts, list) else ()


def _record(student: str, lesson: str, root: Path) -> Path:
    return folder("class", root) / "collected" / student / f"{lesson}.json"
