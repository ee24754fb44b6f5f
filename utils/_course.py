"""What the course is, as course.toml in the folder above `utils` says.

    here = course()
    here.folder("work")     # the students' own copies

A student may have only `lessons/` and `utils/`: without the file `course()` is None, and whatever
asks for it does without.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

FILE = "course.toml"
FOLDERS = ("sources", "release", "work", "class", "misconceptions")
WRITTEN = ("work", "class")  # those that commands write to while a course is used
HOME = "AUTOGRADER_HOME"  # the variable that says where these are, instead of `home` in [folders]
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


class CourseError(ValueError):
    """The file can't be used: one line with its path, the key, and what is wrong."""


@dataclass(frozen=True)
class Course:
    """A course's identity.

    root: the folder that holds the file. id: nbgrader's course_id.
    folders: paths from the root, by purpose; FOLDERS are always there.
    hand_in: the arguments for Python that check a lesson and hand it in.
    palette: colors as "#RRGGBB" by their meaning, or a tuple of them.
    fence_types: names of the types that may pass between a student's code and the tests.
    """

    root: Path
    title: str
    id: str
    folders: Mapping[str, str]
    hand_in: tuple[str, ...]
    palette: Mapping[str, str | tuple[str, ...]]
    fence_types: tuple[str, ...]

    def folder(self, name: str) -> Path:
        """The absolute path of one of the folders. Raises KeyError, CourseError."""
        return (self.home if name in WRITTEN else self.root) / self.folders[name]

    @property
    def home(self) -> Path:
        """Where the folders are that commands write to, such as the students' own copies.

        This is the course's own folder unless AUTOGRADER_HOME or `home` in [folders] names
        another, in which each course has a folder called by its id: what many people share can be
        read-only. Raises CourseError.
        """
        named, said = os.environ.get(HOME), HOME
        if not named:
            named, said = self.folders.get("home"), f"{self.root / FILE}: [folders] home"
        if not named:
            return self.root
        try:
            place = Path(named).expanduser()
        except RuntimeError as error:
            raise CourseError(f"{said} is {named!r}, and {error}") from error
        if not place.is_absolute():
            raise CourseError(f"{said} must be a whole path, or begin with ~/, not {named!r}.")
        return place / self.id


def course(root: Path | None = None) -> Course | None:
    """The course in `root`, by default the one that this `utils` is part of.

    Returns None where there is no course.toml. Raises CourseError.
    """
    root = root or Path(__file__).resolve().parents[1]
    return read_course(root) if (root / FILE).exists() else None


@cache
def read_course(root: Path) -> Course:
    """The course in `root`, read once in each process. Raises CourseError, also without a file."""
    path = root / FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}.") from error
    except ValueError as error:  # no UTF-8, or no TOML
        raise CourseError(f"{path}: {error}.") from error

    def value(table: str, key: str, valid: Callable[[Any], bool], expected: str) -> Any:
        if not isinstance(data.get(table), dict):
            raise CourseError(f"{path}: The table [{table}] is missing.")
        if key not in data[table]:
            raise CourseError(f"{path}: [{table}] {key} is missing.")
        if not valid(data[table][key]):
            raise CourseError(f"{path}: [{table}] {key} must be {expected}, "
                              f"not {data[table][key]!r}.")
        return data[table][key]

    title = value("course", "title", _is_text, "some text")
    identity = value("course", "id", _is_folder_name, "the name of a folder")
    for key in FOLDERS:
        value("folders", key, _is_inside, "a folder inside the course")
    if "home" in data["folders"]:
        value("folders", "home", _is_text, "the path of a folder, such as ~")
    hand_in = value("notebook", "hand_in", _is_texts, "a list of texts")
    types = value("fence", "types", _is_texts, "a list of texts")
    colors = 'a color such as "#0072B2", or a list of them'
    palette = {key: value("palette", key, _is_colors, colors) for key in data.get("palette", {})}
    return Course(
        root, title, identity, MappingProxyType(dict(data["folders"])), tuple(hand_in),
        MappingProxyType({key: tuple(color) if isinstance(color, list) else color
                          for key, color in palette.items()}),
        tuple(types))


def is_elsewhere(here: Path, root: Path) -> bool:
    """Is this folder another course's, with a configuration of its own for nbgrader?"""
    return here.resolve() not in (root, root / "config") and any(
        (here / f"nbgrader_config{ending}").is_file() for ending in (".py", ".json"))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_folder_name(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\w[\w.-]*", value) is not None


def _is_inside(value: object) -> bool:
    return (isinstance(value, str) and _is_text(value) and "\\" not in value
            and not PurePosixPath(value).is_absolute()
            and all(_is_folder_name(part) for part in PurePosixPath(value).parts))


def _is_colors(value: object) -> bool:
    colors = value if isinstance(value, list) else [value]
    return bool(colors) and all(
        isinstance(color, str) and _COLOR.fullmatch(color) is not None for color in colors)
