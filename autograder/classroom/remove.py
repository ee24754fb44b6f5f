"""Everything about one student is deleted from the class folder, the gradebook and the exchange.

A run that was killed can be repeated: the gradebook, which says who there is, comes last.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.classroom import regrades
from autograder.classroom.roster import unsafe
from autograder.course import ROOT, folder, home
from autograder.errors import UserError, disk_error
from autograder.files import GRADING, Busy, lock, write_atomically
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import class_rules, write_extensions
from autograder.gradebook.settings import settings

OWN = ("submitted", "autograded", "feedback", "replaced", "collected", "handed_back")
# What is made of the whole class's work, and can be made again.
OF_ALL = ("report", "written/*.html", "hand_back/*.zip", "grades-*.csv", "anonymous.csv")


@dataclass(frozen=True)
class Removed:
    """What was deleted: by path, what was the student's own, and what names everybody."""

    own: tuple[Path, ...]
    of_all: tuple[Path, ...]


def look(student: str, root: Path = ROOT) -> Removed:
    """What `remove` would delete. Raises UserError when there is nothing of this student."""
    if unsafe(student):  # such as "..", which leads to everybody
        raise UserError(f"There is no student {student!r}.")
    try:
        config = settings(root)
        with Book(config) as book:
            known = any(one.id == student for one in book.students())
        own = tuple(_own(student, root, config))
    except OSError as error:
        raise disk_error(error, root) from error
    if not known and not own:
        raise UserError(f"There is no student {student!r}.")
    place = folder("class", root)
    return Removed(own, tuple(path for pattern in OF_ALL for path in sorted(place.glob(pattern))))


def remove(student: str, root: Path = ROOT) -> Removed:
    """Delete it. Nobody grades meanwhile. Raises UserError."""
    found, place = look(student, root), folder("class", root)
    try:
        with ExitStack() as stack:
            for name in (GRADING, "collect.lock"):
                stack.enter_context(lock(place / name))
            for path in [*found.own, *found.of_all]:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
            regrades.forget(student, root)
            own = class_rules(root).extensions.get(student, {})
            if own:
                write_extensions(student, dict.fromkeys(own), root)
            _forget_events(student, place)
            with Book(settings(root)) as book:
                book.remove(student)
    except Busy as error:
        raise UserError("Somebody grades or collects in this class folder; let that finish "
                        "first.") from error
    except OSError as error:
        raise disk_error(error, place) from error
    return found


def _own(student: str, root: Path, config: Config) -> Iterator[Path]:
    place = folder("class", root)
    folders = CourseDirectory(config=config)
    named = {"submitted": folders.submitted_directory, "autograded": folders.autograded_directory,
             "feedback": folders.feedback_directory}
    for name in OWN:
        path = (home(root) / named[name] if name in named else place / name) / student
        if path.is_dir():
            yield path
    exchange = Path(config.Exchange.root, config.CourseDirectory.course_id)
    for inbox in (exchange / "inbound", Path(config.Exchange.cache,
                                             config.CourseDirectory.course_id)):
        if inbox.is_dir():
            yield from (path for path in sorted(inbox.iterdir())
                        if path.name.startswith(f"{student}+"))
    # A released page has a name that tells nobody whose it is; it begins with the id.
    signs = [f'<p class="about">{escape(student)}{end}' for end in (" · ", "</p>")]
    for page in sorted((exchange / "feedback").glob("*.html")):
        text = page.read_text(encoding="utf-8", errors="replace")
        if any(sign in text for sign in signs):
            yield page


def _forget_events(student: str, place: Path) -> None:
    """Take a student out of what `watch` logged, where teaching.md lets it write."""
    path = place / "watch.log"
    if not path.is_file():
        return
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    kept = [line for line in lines if not _is_about(line, student)]
    if kept != lines:
        write_atomically(path, "".join(kept))


def _is_about(line: str, student: str) -> bool:
    event = None
    with suppress(ValueError):
        event = json.loads(line)
    return isinstance(event, dict) and (event.get("student") == student or student in str(
        event.get("reason", "")).replace(",", " ").replace(":", " ").split())
