"""nbgrader's exchange: what is in it, what goes in and out, and why something does not."""

import shutil
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from traitlets.config import Config

from autograder import files
from autograder.course import Lesson, folder, lessons
from autograder.errors import UserError, disk_error


def transfer(action: str, name: str, config: Config, **options: bool) -> Any:
    """One of nbgrader's exchange actions, as nbgrader's own pages call it; returns what did it.

    A submission of which only a part got there is taken back, since it would be collected.
    Raises UserError.
    """
    # Half a second that looking what is in an exchange, and what could be sent, does not take.
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeError, ExchangeFactory

    coursedir = CourseDirectory(config=config, assignment_id=name)
    deed = getattr(ExchangeFactory(config=config), action)(
        coursedir=coursedir, authenticator=Authenticator(config=config), config=config, **options)
    try:
        deed.start()
    except (ExchangeError, OSError, RuntimeError) as error:
        if action == "Submit" and hasattr(deed, "assignment_filename"):
            shutil.rmtree(Path(deed.inbound_path, deed.assignment_filename), ignore_errors=True)
        raise UserError(f"nbgrader's exchange: {reason(error)}") from error
    return deed


def reason(error: Exception) -> str:
    """What went wrong, of an error of nbgrader's or of the system's."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][-1])  # of each file: from, to, why
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return " ".join(str(error).split())


def is_available() -> bool:
    """Is there an exchange on this system? nbgrader has none on Windows."""
    return not files.WINDOWS


def bring(name: str, config: Config, root: Path) -> None:
    """Fetch a lesson that a student has no copy of, as nbgrader's own pages do.

    Where there is no exchange, it is copied from the course's folder. Raises UserError.
    """
    if is_available():
        transfer("FetchAssignment", name, config, replace_missing_files=True)
        return
    to = Path(config.Exchange.assignment_dir, name)
    try:
        for path, data in content(Lesson(name, root).release.parent, config).items():
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            if not (to / path).exists():
                (to / path).write_bytes(data)
    except OSError as error:
        raise disk_error(error, to) from error


def release_lessons(root: Path, config: Config) -> tuple[str, ...]:
    """Release the lessons that are new or changed; only into the clone's own exchange.

    Into a class's exchange a teacher releases. Raises UserError.
    """
    if not is_available():
        return ()
    if Path(config.Exchange.root) != folder("class", root) / "exchange":
        return ()
    _is_there(config)
    released = []
    for lesson in lessons(root):
        there = _outbound(config) / lesson.name
        if content(there, config) != content(lesson.release.parent, config):
            transfer("ReleaseAssignment", lesson.name, config, force=True)
            released.append(lesson.name)
    return tuple(released)


def released(config: Config, root: Path) -> dict[str, Path]:
    """The released lessons' notebooks by the lessons' names. Raises UserError."""
    if not is_available():
        return {lesson.name: lesson.release for lesson in lessons(root)}
    _is_there(config)
    return {
        folder.name: folder / f"{folder.name}.ipynb"
        for folder in sorted(_outbound(config).glob("*"))
        if (folder / f"{folder.name}.ipynb").is_file()
    }


def content(folder: Path, config: Config) -> dict[Path, bytes]:
    """What nbgrader would copy of a folder, by path inside it. Raises OSError."""
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


def _is_there(config: Config) -> None:
    if not Path(config.Exchange.root).is_dir():
        raise UserError(f"There is no exchange at {config.Exchange.root}. Set NBGRADER_EXCHANGE "
                        "to its folder; your teacher knows where it is.")


def _outbound(config: Config) -> Path:
    return Path(config.Exchange.root) / config.CourseDirectory.course_id / "outbound"
