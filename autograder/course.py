"""Where things are, and which lessons there are: found by their files, registered nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError
from utils._course import course

ROOT = Path(__file__).resolve().parents[1]


# Where a course without course.toml has them.
_USUAL = {"sources": "solutions", "release": "lessons", "misconceptions": "misconceptions",
          "work": "work", "class": "grading"}


def folder(name: str, root: Path = ROOT) -> Path:
    """One of the course's folders, by the name that course.toml has for it."""
    described = course(root)
    return described.folder(name) if described else root / _USUAL[name]


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
    def misconceptions(self) -> Path:
        """The wrong answers that students give, with the hint for each."""
        return folder("misconceptions", self.root) / f"{self.name}.py"

    @property
    def interview(self) -> Path:
        """The built file of the questions that `utils.interview` asks; not every lesson has any."""
        return self.root / "utils" / "_data" / "interview" / f"{self.name}.json"

    @property
    def right_answers(self) -> Path:
        """Right answers, each written differently, which the tests must accept."""
        return self.root / "tests" / "right_answers" / f"{self.name}.py"


def lessons(root: Path = ROOT) -> list[Lesson]:
    """Every lesson that has a source, in the order of their numbers.

    In a copy for students, which has no sources, every lesson that they can open.
    """
    if has_sources(root):
        names = [path.stem for path in folder("sources", root).glob("[0-9]*_*.py")]
    else:
        names = [path.name for path in folder("release", root).glob("[0-9]*_*")
                 if Lesson(path.name, root).release.is_file()]
    return [Lesson(name, root) for name in sorted(names)]


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
