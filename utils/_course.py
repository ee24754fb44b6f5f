"""What the course is, as its course.toml says, and where that is.

    here = course()
    here.folder("work")     # the students' own copies

The course is the one that somebody is in: see `find`. A student may have only `lessons/` and
`utils/`: without the file `course()` is None, and whatever asks for it does without.
"""

import contextlib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

FILE = "course.toml"
VARIABLE = "AUTOGRADER_COURSE"  # names the folder of the course, wherever one is
# Where a course has them that doesn't say otherwise.
FOLDERS = {"sources": "solutions", "release": "lessons", "work": "work", "class": "grading",
           "misconceptions": "misconceptions", "modules": "modules",
           "right_answers": "tests/right_answers"}
WRITTEN = ("work", "class")  # those that commands write to while a course is used
HOME = "AUTOGRADER_HOME"  # the variable that says where these are, instead of `home` in [folders]
HAND_IN = ("-m", "autograder")
# Names of types that may pass between a student's code and the tests.
FENCE_TYPES = ("bool", "int", "float", "complex", "str", "bytes", "None", "list", "tuple", "dict",
               "set", "ndarray", "Generator", "callable")
_NOTHING = object()  # no default: the key has to be there
_LESSON = re.compile(r"[A-Za-z0-9][\w-]*", re.ASCII)
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


class CourseError(ValueError):
    """The file can't be used: one line with its path, the key, and what is wrong."""


@dataclass(frozen=True)
class Demands:
    """What `check` asks of a lesson beside right grading: how many of a thing at least, or whether.

    introduction: question, list, time and needs in the first cell; what to remember; handing in.
    figures, explorer, quiz, written: a lesson's own parts. hints: for each exercise; so are
    misconceptions and right_answers, and fresh_inputs where it takes arguments.
    coverage: the page that has to mention the lesson, "" for none.
    """

    introduction: bool = False
    figures: int = 0
    explorer: bool = False
    quiz: int = 0
    written: bool = False
    hints: int = 0
    misconceptions: int = 0
    right_answers: int = 0
    fresh_inputs: bool = False
    coverage: str = ""


_KEYS = {"course": {"title", "id", "welcome", "order"}, "folders": {*FOLDERS, "home"},
         "notebook": {"hand_in"}, "fence": {"types", "register"},
         "check": {one.name for one in fields(Demands)}}
_DEMANDS: dict[type, tuple[Callable[[Any], bool], str]] = {
    bool: (lambda value: isinstance(value, bool), "true or false"),
    int: (lambda value: type(value) is int and value >= 0, "a whole number"),
    str: (lambda value: _is_inside(value), "a file inside the course")}


@dataclass(frozen=True)
class Course:
    """A course's identity.

    root: the folder that holds the file. id: nbgrader's course_id.
    register: types of the course's own that may pass, too: by name, the module that registers it.
    check: what is asked of a lesson.
    welcome: what the start page says below the title, "" for nothing.
    order: the lessons that come first, in this order.
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
    welcome: str = ""
    order: tuple[str, ...] = ()
    register: Mapping[str, str] = field(default_factory=dict)
    check: Demands = Demands()

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
    """The course in `root`, by default the one that `find` finds.

    Returns None where there is no course.toml. Raises CourseError.
    """
    root = root or find()
    return read_course(root) if root and (root / FILE).exists() else None


def find() -> Path | None:
    """The folder of the course that somebody is in; None where there is none.

    It is the one that the variable AUTOGRADER_COURSE names, in which a course.toml may still be
    missing; else the working folder, or the nearest above it, that has a course.toml; else the one
    that this `utils` is part of.
    """
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser().resolve()
    places = [Path(__file__).resolve().parents[1]]
    with contextlib.suppress(OSError):  # the working folder may have been deleted
        here = Path.cwd().resolve()
        places = [here, *here.parents, *places]
    return next((place for place in places if (place / FILE).is_file()), None)


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

    def value(table: str, key: str, valid: Callable[[Any], bool], expected: str,
              default: Any = _NOTHING) -> Any:
        there = data.get(table, {})
        if not isinstance(there, dict) or (default is _NOTHING and table not in data):
            raise CourseError(f"{path}: The table [{table}] is missing.")
        if key not in there:
            if default is _NOTHING:
                raise CourseError(f"{path}: [{table}] {key} is missing.")
            return default
        if not valid(there[key]):
            raise CourseError(f"{path}: [{table}] {key} must be {expected}, not {there[key]!r}.")
        return there[key]

    for table, known in _KEYS.items():
        # A default would hide a key that is misspelled.
        there = data.get(table)
        for key in there if isinstance(there, dict) else ():
            if key not in known:
                raise CourseError(f"{path}: [{table}] {key} means nothing; the keys are "
                                  f"{', '.join(sorted(known))}.")

    title = value("course", "title", _is_text, "some text")
    identity = value("course", "id", _is_folder_name, "the name of a folder")
    folders = {key: value("folders", key, _is_inside, "a folder inside the course", usual)
               for key, usual in FOLDERS.items()}
    if home := value("folders", "home", _is_text, "the path of a folder, such as ~", ""):
        folders["home"] = home
    hand_in = value("notebook", "hand_in", _is_texts, "a list of texts", HAND_IN)
    types = value("fence", "types", _is_texts, "a list of texts", FENCE_TYPES)
    colors = 'a color such as "#0072B2", or a list of them'
    palette = {key: value("palette", key, _is_colors, colors) for key in data.get("palette", {})}
    return Course(
        root, title, identity, MappingProxyType(folders), tuple(hand_in),
        MappingProxyType({key: tuple(color) if isinstance(color, list) else color
                          for key, color in palette.items()}),
        tuple(types), value("course", "welcome", _is_text, "some text", "").strip(),
        tuple(value("course", "order", _is_texts, "a list of lessons' names", [])),
        MappingProxyType(dict(value("fence", "register", _is_register,
                                    'a table such as {Station = "weather"}', {}))),
        Demands(**{one.name: value("check", one.name, *_DEMANDS[type(one.default)], one.default)
                   for one in fields(Demands)}))


def is_lesson_name(name: str) -> bool:
    """Can a lesson be called this? Letters, digits, - and _; a file that begins with _ is none."""
    return _LESSON.fullmatch(name) is not None


def in_order(names: Iterable[str], first: Sequence[str] = ()) -> list[str]:
    """Lessons' names as people count them, `week2` before `week10`; those in `first` come first."""
    places = {name: place for place, name in enumerate(first)}
    return sorted(names, key=lambda name: (
        places.get(name, len(places)),
        [(not part.isdigit(), int(part) if part.isdigit() else 0, part)
         for part in re.split(r"(\d+)", name) if part], name))


def is_elsewhere(here: Path, root: Path) -> bool:
    """Is this folder another course's, with a course.toml or a configuration for nbgrader?"""
    return here.resolve() not in (root, root / "config") and any(
        (here / name).is_file() for name in (FILE, "nbgrader_config.py", "nbgrader_config.json"))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _is_register(value: object) -> bool:
    return isinstance(value, dict) and all(
        name.isidentifier() and isinstance(module, str) and module.isidentifier()
        for name, module in value.items())


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
