"""nbgrader's configuration of a course, as nbgrader itself reads it, and the folders it names."""

import errno
import os
import traceback
from collections.abc import Iterator
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config, JSONFileConfigLoader, PyFileConfigLoader
from traitlets.config.loader import ConfigFileNotFound, FileConfigLoader

from autograder.course import ROOT, code
from autograder.errors import UserError, disk_error
from utils._course import HOME, CourseError, read_course
from utils._nbgrader_config import configure

NAMES = ("jupyter_config", "nbgrader_config")  # of configuration files, the strongest last
LOADERS: dict[str, type[FileConfigLoader]] = {".py": PyFileConfigLoader,
                                              ".json": JSONFileConfigLoader}


def settings(root: Path = ROOT) -> Config:
    """Read nbgrader's configuration of the course in `root`, which also finds `alembic`.

    It is what nbgrader's own commands find there: the course's file, what JUPYTER_CONFIG_PATH, the
    user's and the machine's Jupyter folders add to it, and, strongest of all, a teacher's own
    nbgrader_config.py beside course.toml. Raises UserError.
    """
    found = Config()
    for name in NAMES:
        for folder in _folders(root):
            for ending, loader in LOADERS.items():
                found.merge(_load(loader, folder / f"{name}{ending}"))
    found.merge(_without_file(root))
    for ending, loader in LOADERS.items():
        found.merge(_load(loader, root / f"{NAMES[-1]}{ending}"))
    return found


def _without_file(root: Path) -> Config:
    """What follows from course.toml where the course has no `config` of its own.

    Raises UserError.
    """
    found = Config()
    if not (root / "config").is_dir():
        try:
            configure(found, root)
        except CourseError as error:
            raise UserError(str(error)) from error
    return found


def _folders(root: Path) -> Iterator[Path]:
    """Where nbgrader looks, the strongest last; the course's own is there in any case."""
    own = root / "config"
    paths = [Path(path) for path in jupyter_config_path()]
    if own not in paths and own.resolve() not in [path.resolve() for path in paths]:
        paths.insert(0, own)
    return reversed(paths)


def _load(loader: type[FileConfigLoader], path: Path) -> Config:
    """What a file says, nothing where there is none. Raises UserError."""
    if not path.is_file():
        return Config()
    try:
        return loader(path.name, path=str(path.parent)).load_config()
    except ConfigFileNotFound:
        return Config()
    except CourseError as error:
        raise UserError(str(error)) from error
    except Exception as error:  # the file is somebody's program
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)
                 if os.path.abspath(frame.filename) == os.path.abspath(path)]
        if isinstance(error, SyntaxError) and error.filename == str(path):
            lines.append(error.lineno)
        place = f"{path}, line {lines[-1]}" if lines else str(path)
        reason = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
        raise UserError(f"{place}: {type(error).__name__}: {reason}") from error


def make_folders(root: Path = ROOT) -> None:
    """Make the folders that nbgrader expects: for copies, for the class, and for an exchange.

    The class's folder, with submissions and marks, is for nobody else's eyes; nbgrader wants an
    exchange that everyone may write to. Where all this is outside the course's folder, a link to
    `utils` is beside it, since notebooks look for `utils` in the folders above them.
    Raises UserError.
    """
    place = root
    try:
        course = read_course(root)
        place = course.home
        exchange = course.folder("class") / "exchange"
        if place != root:
            place.mkdir(parents=True, exist_ok=True)
            _link(place / "utils", code(root) / "utils")
        course.folder("work").mkdir(exist_ok=True)
        course.folder("class").mkdir(mode=0o700, exist_ok=True)
        if not exchange.exists():
            exchange.mkdir()
            exchange.chmod(0o777)
    except CourseError as error:
        raise UserError(str(error)) from error
    except OSError as error:
        if place == root and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise UserError(
                f"The course's folder is read-only: {root}. Let {HOME} name a folder of your own, "
                "such as ~, or copy the course to one and run the command there.") from error
        raise disk_error(error, place) from error


def _link(link: Path, target: Path) -> None:
    """Let a link lead to the target; what is no link is somebody's, and stays."""
    if link.is_symlink() and link.readlink() != target:
        link.unlink()
    if not link.exists():
        link.symlink_to(target, target_is_directory=True)
