"""How far a student has come: kept beside their lessons, shown where they ask, theirs to clear.

    progress.show()     # a table of the lessons; also at the end of each
    progress.reset()    # forget it all

What a test cell finds in JupyterLab is noted in `.progress.json` in the folder of the lessons, and
how interviews and reviews went. It is never handed in, and nobody but the student reads it.
Of a file that is damaged a copy is kept beside it before it is written anew.
"""

import contextlib
import json
import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from utils._cards.card import Score
from utils._course import Course, CourseError, course, in_order
from utils._deadlines import deadlines, in_words

__all__ = ["FILE", "Lesson", "Progress", "attended", "failed", "folder", "keep", "kept", "note",
           "reset", "show"]

FILE = ".progress.json"


@dataclass(frozen=True)
class Lesson:
    """One lesson in the student's folder.

    exercises: its exercises in order; passed: those whose checks all passed when last run.
    questions: the multiple-choice questions, whose answers are only recorded; answered: those
        with an answer.
    due: when it has to be handed in, with the zone; None where nobody said.
    """

    name: str
    title: str
    exercises: tuple[str, ...]
    passed: frozenset[str]
    questions: tuple[str, ...] = ()
    answered: frozenset[str] = frozenset()
    due: datetime | None = None


class Progress:
    """All lessons of a folder with what was noted of them; shows itself as a table.

    here: the folder that links start from. today: the date by which a review is due.
    """

    def __init__(self, folder: Path, here: Path, today: date | None = None) -> None:
        from utils._review import record  # which needs this module

        noted = _read_notes(folder)
        self._due = len(record.due(record.entries(folder).values(), today or date.today()))
        self._here, self._folder = here, folder
        due, described = deadlines(folder), _course()
        names = in_order([path.name for path in folder.glob("*/")],
                         described.order if described else ())
        self.lessons = [replace(lesson, due=due.get(lesson.name)) for name in names
                        if (lesson := _lesson(folder / name, noted))]

    @property
    def next_step(self) -> str:
        """Where to go on."""
        for lesson in self.lessons:
            for name in lesson.exercises:
                if name not in lesson.passed:
                    return f"Next: {name} in {lesson.title}."
            for name in lesson.questions:
                if name not in lesson.answered:
                    return f"Next: {name} in {lesson.title}."
        return "Every exercise passes its checks. Well done!" if self.lessons else (
            "There are no lessons in this folder yet.")

    @property
    def review(self) -> str:
        """How much is due to be reviewed, "" for nothing."""
        if not self._due:
            return ""
        due = "1 question is" if self._due == 1 else f"{self._due} questions are"
        return f"{due} due in your review, on the start page."

    def __repr__(self) -> str:
        questions = {lesson.name: f"; questions answered: {_answered(lesson)}"
                     if lesson.questions else "" for lesson in self.lessons}
        due = {lesson.name: f"; due {in_words(lesson.due)}" if lesson.due else ""
               for lesson in self.lessons}
        return "\n".join([*(f"{lesson.title}: {_share(lesson)}{questions[lesson.name]}"
                            f"{due[lesson.name]}" for lesson in self.lessons), self.next_step,
                          *[self.review] * bool(self.review)])

    def _repr_html_(self) -> str:
        is_class = any(lesson.due for lesson in self.lessons)
        rows = "".join(
            f"<tr><td style='text-align:left'><a href='{escape(self._link(lesson), quote=True)}'>"
            f"{_titled(lesson)}</a></td><td style='text-align:left'>"
            f"<span aria-hidden='true'>{_bar(lesson)}</span> {_share(lesson)}</td>"
            f"<td style='text-align:left'>{_answered(lesson)}</td>"
            + (f"<td style='text-align:left'>{in_words(lesson.due) if lesson.due else '–'}</td>"
               if is_class else "") + "</tr>"
            for lesson in self.lessons)
        heads = "".join(f"<th style='text-align:left'>{head}</th>"
                        for head in (
                            "Lesson", "Exercises that pass their checks", "Questions answered",
                            *(["Due"] if is_class else [])))
        return (f"<table aria-label='Your progress'><thead><tr>{heads}</tr></thead>"
                f"<tbody>{rows}</tbody></table><p>{escape(self.next_step)}</p>"
                + (f"<p>{escape(self.review)}</p>" if self.review else ""))

    def _link(self, lesson: Lesson) -> str:
        up = os.path.relpath(self._folder, self._here)
        return Path(up, lesson.name, f"{lesson.name}.ipynb").as_posix()


def show() -> Progress:
    """The progress in all lessons, for the last line of a cell."""
    from utils._review import record

    here = Path.cwd().resolve()
    with contextlib.suppress(OSError):  # the next time will do
        record.collect(_folder(here))
    return Progress(_folder(here), here)


def reset() -> Progress:
    """Forget what was noted. The lessons themselves stay as they are."""
    (folder() / FILE).unlink(missing_ok=True)
    return show()


def note(score: Score) -> None:
    """Keep what a test cell found, when a person runs it in Jupyter. Never fails."""
    if not attended():
        return
    here = Path.cwd()
    with contextlib.suppress(OSError):
        _write_note(here.parent, here.name, score.exercise, {
            "passed": (not score.unread and not score.recorded
                       and all(outcome.passed for outcome in score.outcomes)),
            "recorded": bool(score.recorded)})


def attended() -> bool:
    """Whether a person runs this lesson in Jupyter, and no grader does."""
    here = Path.cwd()
    # Jupyter's server names the notebook to the kernels of people; graders have none of that.
    return "JPY_SESSION_NAME" in os.environ and (here / f"{here.name}.ipynb").is_file()


def keep(part: str, name: str, facts: dict[str, Any], place: Path | None = None) -> None:
    """Keep facts under a name, with the time; `part` is any name but a lesson's.

    place: the folder of the lessons, by default that of the kernel.
    Raises OSError where the disk doesn't take them.
    """
    _write_note(place or folder(), part, name, facts)


def kept(part: str, place: Path | None = None) -> dict[str, dict[str, Any]]:
    """What was kept in a part, by name; a damaged file counts as empty.

    place: the folder of the lessons, if it isn't the one that the kernel runs in.
    """
    return {name: facts for name, facts in _read_notes(place or folder()).get(part, {}).items()
            if isinstance(facts, dict)}


def failed(folder: Path, lesson: str) -> frozenset[str]:
    """The exercises of a lesson whose checks were run and did not all pass when last run."""
    return frozenset(name for name, facts in _read_notes(folder).get(lesson, {}).items()
                     if isinstance(facts, dict) and facts.get("passed") is False
                     and facts.get("recorded") is not True)


def folder() -> Path:
    """The folder of the lessons, where the notes are."""
    return _folder(Path.cwd().resolve())


def _course() -> Course | None:
    """The course that says in which order its lessons come; a broken one says nothing here."""
    with contextlib.suppress(CourseError):
        return course()
    return None


def _folder(here: Path) -> Path:
    return here.parent if (here / f"{here.name}.ipynb").is_file() else here


def _read_notes(folder: Path) -> dict[str, dict[str, Any]]:
    """What was noted, by lesson and exercise; what is no such file counts as empty."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: ones for name, ones in found.items() if isinstance(ones, dict)
            } if isinstance(found, dict) else {}


def _write_note(folder: Path, part: str, name: str, facts: dict[str, Any]) -> None:
    _keep_if_damaged(folder / FILE)
    noted = _read_notes(folder)
    noted.setdefault(part, {})[name] = {
        **facts, "time": datetime.now(UTC).isoformat(timespec="seconds")}
    new = folder / f"{FILE}.{os.getpid()}"
    try:
        new.write_text(json.dumps(noted, indent=1), encoding="utf-8")
        new.replace(folder / FILE)  # all of it or nothing, should the disk be full
    finally:
        new.unlink(missing_ok=True)


def _keep_if_damaged(path: Path) -> None:
    """Keep a copy of a file that can't be read whole: it is about to be written anew.

    Raises OSError where there is a file that can't be read at all.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    try:
        found = json.loads(data)
        damaged = not isinstance(found, dict) or not all(
            isinstance(ones, dict) for ones in found.values())
    except ValueError:
        damaged = bool(data.strip())
    if damaged:
        copies = (path.with_name(f"{FILE}.damaged-{number}") for number in count(1))
        next(copy for copy in copies if not copy.exists()).write_bytes(data)


def _lesson(folder: Path, noted: dict[str, dict[str, Any]]) -> Lesson | None:
    """A lesson by its notebook; None for a folder that holds none."""
    try:
        cells = json.loads((folder / f"{folder.name}.ipynb").read_text("utf-8"))["cells"]
        tests = {grade_id.removesuffix("-tests"): "".join(cell["source"]) for cell in cells
                 if (grade_id := str(cell.get("metadata", {}).get("nbgrader", {}).get(
                     "grade_id", ""))).endswith("-tests")}
        first = "".join(cells[0]["source"])
        if not any(cell.get("metadata", {}).get("nbgrader") for cell in cells):
            return None  # a notebook of the student's own
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    notes = {name: facts for name, facts in noted.get(folder.name, {}).items()
             if isinstance(facts, dict)}
    questions = tuple(name for name, source in tests.items() if "check.letter(" in source)
    exercises = tuple(name for name in tests if name not in questions)
    passed = frozenset(name for name in tests if notes.get(name, {}).get("passed") is True)
    recorded = frozenset(name for name in tests if notes.get(name, {}).get("recorded") is True)
    return Lesson(folder.name, first.partition("\n")[0].lstrip("# ") or folder.name, exercises,
                  passed.intersection(exercises), questions,
                  # Noted as passed before choices were only recorded.
                  (passed | recorded).intersection(questions))


def _titled(lesson: Lesson) -> str:
    """The title as HTML, with its code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(lesson.title))


def _share(lesson: Lesson) -> str:
    return f"{len(lesson.passed)} of {len(lesson.exercises)}"


def _answered(lesson: Lesson) -> str:
    return f"{len(lesson.answered)} of {len(lesson.questions)}" if lesson.questions else "–"


def _bar(lesson: Lesson) -> str:
    full = round(10 * len(lesson.passed) / max(1, len(lesson.exercises)))
    return "▰" * full + "▱" * (10 - full)
