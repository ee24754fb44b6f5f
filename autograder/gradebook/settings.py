"""nbgrader's configuration of a course, as nbgrader itself reads it, and the folders it names."""

import errno
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.course import ROOT
from autograder.errors import UserError, disk_error
from utils._course import CourseError, read_course


def settings(root: Path = ROOT) -> Config:
    """Read nbgrader's configuration of the course in `root`, which also finds `alembic`.

    Raises UserError.
    """
    try:
        return PyFileConfigLoader("nbgrader_config.py", path=str(root / "config")).load_config()
    except CourseError as error:
        raise UserError(str(error)) from error


def make_folders(root: Path = ROOT) -> None:
    """Make the folders that nbgrader expects: for copies, for the class, and for an exchange.

    The class's folder, with submissions and marks, is for nobody else's eyes; nbgrader wants an
    exchange that everyone may write to. Raises UserError.
    """
    try:
        course = read_course(root)
        exchange = course.folder("class") / "exchange"
        course.folder("work").mkdir(exist_ok=True)
        course.folder("class").mkdir(mode=0o700, exist_ok=True)
        if not exchange.exists():
            exchange.mkdir()
            exchange.chmod(0o777)
    except CourseError as error:
        raise UserError(str(error)) from error
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise UserError(
                f"The course's folder is read-only: {root}. Copy it to a folder of your own, "
                "and run the command there.") from error
        raise disk_error(error, root) from error
