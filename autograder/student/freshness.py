"""Fetch the lessons only when something has changed since `fetch` last found nothing to do."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import freshness
from autograder.course import ROOT, code, folder, home
from autograder.errors import disk_error
from autograder.gradebook import announce
from autograder.gradebook.settings import settings
from utils._review.pages import pages

if TYPE_CHECKING:
    from autograder.student.copies import Fetched


def fetch_if_stale(root: Path = ROOT) -> "Fetched | None":
    """Fetch unless exchange, releases, copies and progress are as they were; None when they are.

    What a person has to be told of a copy is found anew each time. Raises UserError.
    """
    try:
        if freshness.kept(home(root), "fetch") == _state(root):
            return None
        from autograder.student.copies import fetch  # what it loads takes a second

        done = fetch(root)
        if not (done.outdated or done.unreadable):
            freshness.keep(home(root), "fetch", _state(root))
        return done
    except OSError as error:
        raise disk_error(error, root) from error


def _state(root: Path) -> str:
    """A fingerprint of all that `fetch` looks at and writes."""
    config = settings(root)
    exchange, work = Path(config.Exchange.root), Path(config.Exchange.assignment_dir)
    outbound = exchange / config.CourseDirectory.course_id / "outbound"
    return ":".join((
        freshness.fingerprint(root, _files(root / "config", folder("release", root)), str(config)),
        freshness.fingerprint(code(root), _files(*(code(root) / place
                                                   for place in ("autograder", "utils")))),
        freshness.fingerprint(exchange, [*outbound.rglob("*"), announce.place(config)]),
        freshness.fingerprint(work, [*work.glob("*.ipynb"), *work.glob("*/*.ipynb"),
                                     *pages(work), work / ".progress.json",
                                     work / ".deadlines.json"], str(work)),
        str(date.today())))  # the start page says what is due to be reviewed


def _files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*")
            if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)]
