"""A lesson looked through before it is handed in: what would be sent, and what its checks say.

What is sent is a copy in the lesson's frame, with doubled and damaged cells put right. The
student's own file is read and never written. nbgrader, whose import takes half a second, is not
needed before there is something to send.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from traitlets.config import Config

from autograder.course import ROOT
from autograder.errors import UserError
from autograder.feedback.text import ERRORS
from autograder.gradebook.announce import announced
from autograder.gradebook.exchange import content, reason, release_lessons, released
from autograder.gradebook.settings import make_folders, settings
from autograder.grading.grade import run_visible_checks
from autograder.grading.recognize import defined, overlap
from autograder.grading.result import Result
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from autograder.notebooks.outputs import visible
from autograder.notebooks.parse import Unreadable, parse
from autograder.notebooks.rebuild import rebuild
from autograder.student.copies import copy_of
from autograder.student.receipt import about_due


@dataclass(frozen=True)
class Looked:
    """A lesson that could be sent, and what there is to say of it before.

    path: the student's file. read: the SHA-256 of what was read of it.
    files: what would be sent, the lesson's notebook first.
    result: what the checks say that stand in the student's copy; it holds no mark.
    left_out: what would not be sent, one sentence each.
    due: the class's deadline, with the zone; None where there is none.
    """

    lesson: str
    path: Path
    read: str
    files: dict[str, bytes]
    result: Result
    left_out: tuple[str, ...]
    due: datetime | None = None

    @property
    def unanswered(self) -> list[str]:
        """The exercises without an answer."""
        return [one.name for one in self.result.exercises if one.error == "missing"]

    @property
    def answered(self) -> list[str]:
        """The others."""
        return [one.name for one in self.result.exercises if one.error != "missing"]

    @property
    def failing(self) -> list[str]:
        """Those with an answer that does not pass every check."""
        return [one.name for one in self.result.exercises if one.error != "missing" and (
            one.error or not all(check.passed for check in one.checks))]

    @property
    def question(self) -> str:
        """What to ask before it is sent."""
        count, failing = len(self.result.exercises), _listed(self.failing)
        said = f"All {count} exercises are answered."
        if self.unanswered:
            said = (f"{len(self.unanswered)} of {count} exercises "
                    f"{'have' if len(self.unanswered) > 1 else 'has'} no answer yet: "
                    f"{_listed(self.unanswered)}.")
        if failing:
            said += f" Not every check passes: {failing}."
        return said + (" Send it anyway?" if self.unanswered or failing else " Send it?")

    def told(self) -> list[str]:
        """What there is to say of it, in lines for a terminal."""
        return [visible(line) for line in [
            *([about_due(self.due, datetime.now(UTC))] if self.due else []),
            *(f"Repaired in the copy that is sent: {line}" for line in self.result.repairs),
            *(f"Not sent: {line}" for line in self.left_out),
            *(f"{one.name}: {check.label}: {check.message}" if check.message else
              f"{one.name}: {check.label}" for one in self.result.exercises
              if one.error != "missing" for check in one.checks if not check.passed),
            *(f"{one.name}: {ERRORS[one.error]}" for one in self.result.exercises
              if one.error and not one.checks and one.error != "missing")]]

    def as_data(self) -> dict[str, Any]:
        """What JSON can hold."""
        return {"lesson": self.lesson, "path": str(self.path), "read": self.read,
                "answered": self.answered, "unanswered": self.unanswered, "failing": self.failing,
                "repairs": self.result.repairs, "left_out": list(self.left_out),
                "due": self.due and self.due.isoformat(),
                "exercises": [asdict(one) for one in self.result.exercises],
                "question": self.question}


def look(name: str, root: Path = ROOT) -> Looked:
    """Read a student's copy, put it right in memory, and run the checks that they can see.

    Raises UserError.
    """
    make_folders(root)
    config = settings(root)
    path = copy_of(name, config)
    try:
        release_lessons(root, config)
        available = released(config, root)
        if name not in available:
            raise UserError(f"There is no lesson {name} to hand in; there are: "
                            f"{', '.join(available) or 'none'}.")
        if not path.is_file():
            raise UserError(f"There is no {path}. `python -m autograder fetch` brings it.")
        data = path.read_bytes()
        student, release = parse(data), nbformat.read(available[name], as_version=4)
        if not (overlap(student, release) or defined(student, release)):
            raise UserError(f"{path} holds none of the cells of {name}.")
        rebuilt = rebuild(student, release)
        text = nbformat.writes(rebuilt.notebook) + "\n"
        others, left_out = _others(path, config)
        due = announced(root, config).get(name)
    except Unreadable as error:
        raise UserError(f"{path} can't be handed in: {error}") from error
    except OSError as error:
        raise UserError(f"{name} can't be read: {reason(error)}") from error
    result = run_visible_checks(Submission(path, None, name), rebuilt, release, Settings(root=root),
                                available[name])
    return Looked(name, path, hashlib.sha256(data).hexdigest(),
                  {path.name: text.encode(), **others}, result, tuple(left_out), due)


def _others(path: Path, config: Config) -> tuple[dict[str, bytes], list[str]]:
    """The other files of the lesson's folder that nbgrader takes along, and what it would not."""
    limit = config.CourseDirectory.max_file_size * 1000
    files, left_out = {}, []
    for name, data in sorted(content(path.parent, config).items()):
        if len(data) > limit:
            left_out.append(f"{name} has {len(data) // 10**6} MB; the limit is {limit // 10**6}.")
        elif name != Path(path.name):
            files[name.as_posix()] = data
    return files, left_out


def _listed(names: list[str]) -> str:
    return ", ".join(names)
