"""Where things are, and which lessons there are: found by their files, registered nowhere."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError
from utils._course import FILE, FOLDERS, VARIABLE, course, find, in_order, is_lesson_name

# The course that the command was started in; where there is none, `require` says so.
ROOT = find() or Path()
PACKAGES = Path(__file__).resolve().parents[1]  # the folder that holds `autograder` and `utils`


def require(root: Path = ROOT) -> None:
    """Raise UserError where there is no course."""
    if (root / FILE).is_file():
        return
    where = (f"{root}, which the variable {VARIABLE} names" if VARIABLE in os.environ
             else "this folder or one above it")
    raise UserError(f"There is no {FILE} in {where}. Run the command in the folder of a course, or "
                    f"let {VARIABLE} name one.")


def code(root: Path = ROOT) -> Path:
    """The folder with the `autograder` and `utils` that grade a course: its own if it has them."""
    return root if (root / "autograder").is_dir() and (root / "utils").is_dir() else PACKAGES


def folder(name: str, root: Path = ROOT) -> Path:
    """One of the course's folders, by the name that course.toml has for it."""
    described = course(root)
    return described.folder(name) if described else root / FOLDERS[name]


def home(root: Path = ROOT) -> Path:
    """Where the folders are that commands write to: `root` itself, or what AUTOGRADER_HOME says."""
    described = course(root)
    return described.home if described else root


@dataclass(frozen=True)
class Lesson:
    """The places of one lesson. Stem, assignment name and notebook name are one."""

    name: str
    root: Path = ROOT

    @property
    def source(self) -> Path:
        """The lesson itself, a percent script: what people edit."""
        return folder("sources", self.root) / f"{self.name}.py"

    @property
    def solution(self) -> Path:
        """The built notebook with solutions and hidden tests: nbgrader's source."""
        return folder("sources", self.root) / self.name / f"{self.name}.ipynb"

    @property
    def release(self) -> Path:
        """The built notebook that a student opens."""
        return folder("release", self.root) / self.name / f"{self.name}.ipynb"

    @property
    def beside(self) -> dict[str, Path]:
        """The files beside the solution notebook, which travel with the lesson, by path there."""
        return files_beside(self.solution)

    @property
    def misconceptions(self) -> Path:
        """The wrong answers that students give, with the hint for each."""
        return folder("misconceptions", self.root) / f"{self.name}.py"

    @property
    def interview(self) -> Path | None:
        """The built file of the questions that `utils.interview` asks; not every lesson has any.

        None in a course without `utils` of its own, which is where they are.
        """
        if code(self.root) != self.root:
            return None
        return self.root / "utils" / "_data" / "interview" / f"{self.name}.json"

    @property
    def right_answers(self) -> Path:
        """Right answers, each written differently, which the tests must accept."""
        return folder("right_answers", self.root) / f"{self.name}.py"


def files_beside(notebook: Path) -> dict[str, Path]:
    """What is in a lesson's folder but its notebook, by path in it; caches and hidden files aside.
    """
    here = notebook.parent
    found = {path.relative_to(here): path for path in here.rglob("*") if path.is_file()}
    return {name.as_posix(): path for name, path in sorted(found.items())
            if path != notebook and path.suffix not in (".pyc", ".ipynb")
            and not any(part.startswith(".") or part == "__pycache__" for part in name.parts)}


def lessons(root: Path = ROOT) -> list[Lesson]:
    """Every lesson that has a source: as course.toml orders them, the others by their names.

    In a copy for students, which has no sources, every lesson that they can open.
    """
    described = course(root)
    if has_sources(root):
        names = [path.stem for path in folder("sources", root).glob("*.py")]
    else:
        names = [path.name for path in folder("release", root).glob("*")
                 if Lesson(path.name, root).release.is_file()]
    return [Lesson(name, root) for name in in_order(
        filter(is_lesson_name, names), described.order if described else ())]


def has_sources(root: Path = ROOT) -> bool:
    """Is this the whole course, and not a copy of it for students?"""
    return folder("sources", root).is_dir()


def find_lesson(name: str, root: Path = ROOT) -> Lesson:
    """The lesson of this name. Raises UserError, which lists those that exist."""
    known = {lesson.name: lesson for lesson in lessons(root)}
    if name not in known:
        raise no_lesson(name, known)
    return known[name]


def no_lesson(name: str, known: Iterable[str]) -> UserError:
    """What to say where there is no lesson of this name."""
    return UserError(f"There is no lesson {name}; there are: {', '.join(known) or 'none'}.")
