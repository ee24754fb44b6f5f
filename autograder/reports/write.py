"""The class folder's report: read from what grading left, written into a folder of its own."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory

from autograder.course import ROOT, Lesson, lessons
from autograder.errors import UserError, disk_error
from autograder.feedback.publish import discretion
from autograder.feedback.stored import stored_result
from autograder.feedback.withhold import of_exercise
from autograder.files import write_atomically
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import ClassRules, class_rules
from autograder.gradebook.records import Marks, Total
from autograder.gradebook.settings import settings
from autograder.grading.result import Exercise
from autograder.notebooks.cells import title
from autograder.reports import statistics
from autograder.reports.class_page import ClassPage
from autograder.reports.similarity import Text, alike
from autograder.reports.statistics import Answer, Chapter, Work
from autograder.reports.student_page import student_page
from autograder.reports.tables import tables

NAME = "report.html"
_HEADING = re.compile(r"(#{2,6}) +(.+)")


@dataclass(frozen=True)
class Reported:
    """The report's page, and what could not be read for it, one line each."""

    page: Path
    students: int
    submissions: int
    notices: tuple[str, ...]


@dataclass(frozen=True)
class _Read:
    """What was read of a lesson; texts: each student's own, for comparing."""

    chapter: Chapter
    works: list[Work]
    texts: dict[str, list[Text]]
    given: list[Text]
    notices: list[str]


def write(folder: Path | None = None, root: Path = ROOT) -> Reported:
    """Write the report of the course in `root`; into grading/report when no folder is named.

    A folder with anything but an older report in it is refused. Raises UserError.
    """
    try:
        config, rules = settings(root), class_rules(root)
        folders = CourseDirectory(config=config)
        autograded = root / folders.autograded_directory
        folder = folder or autograded.with_name("report")
        _refuse_a_folder_of_others(folder)
        with Book(config) as book:
            people, totals, facts = book.students(), book.totals(), book.lessons()
            marks = {name: book.all_marks(name) for name in facts}
        known = [lesson for lesson in lessons(root) if lesson.name in facts]
        read = [_lesson(lesson, facts[lesson.name][1], autograded, marks[lesson.name],
                        [one for one in totals if one.assignment == lesson.name])
                for lesson in known]
        works = [work for one in read for work in one.works]
        if not works:
            raise UserError("Nothing is graded yet. `python -m autograder autograde` grades "
                            "what was handed in.")
        chapters = [one.chapter for one in read]
        students = sorted({one.id for one in people} | {work.student for work in works})
        names = {*students, *(name for one in people for name in (one.first, one.last) if name)}
        misconceptions = statistics.held_misconceptions(
            works, {chapter.name: chapter for chapter in chapters}, names)
        pairs = {one.chapter.name: alike(one.texts, one.given) for one in read}
        pages = {student: _file_name(student) for student in students}
        made = datetime.now(UTC)
        (folder / "students").mkdir(parents=True, exist_ok=True)
        for name, text in tables(chapters, works, students, misconceptions, pairs).items():
            write_atomically(folder / name, text)
        for student, name in pages.items():
            own = [_with_discretion(work, marks[work.lesson].get(student), rules)
                   for work in works if work.student == student]
            write_atomically(folder / "students" / name,
                             student_page(student, chapters, own, made))
        page = ClassPage(chapters, works, students, misconceptions, pages, pairs, made)
        write_atomically(folder / NAME, page.html())
    except OSError as error:
        raise disk_error(error, folder) from error
    return Reported(folder / NAME, len(students), len(works),
                    tuple(line for one in read for line in one.notices))


def _with_discretion(work: Work, marks: Marks | None, rules: ClassRules) -> Work:
    """What the student may read of it now."""
    level = discretion(rules, work.lesson, marks.due if marks else None).hidden_checks
    return replace(work, answers=tuple(
        replace(one, exercise=of_exercise(one.exercise, level)) for one in work.answers))


def _refuse_a_folder_of_others(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is not a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / NAME).is_file():
        raise UserError(f"{folder} holds other files. Name a new folder, or an empty one.")


def _lesson(lesson: Lesson, due: datetime | None, autograded: Path, marks: dict[str, Marks],
            totals: list[Total]) -> _Read:
    release = nbformat.read(lesson.release, as_version=4)
    chapter = Chapter(lesson.name, title(release) or lesson.name, due, dict(_headings(release)))
    read = _Read(chapter, [], {}, list(_given(lesson, release)), [])
    for total in totals:
        path = autograded / total.student / lesson.name / f"{lesson.name}.ipynb"
        of = marks.get(total.student, Marks({}))
        try:
            # Without nbformat's validation, which costs more than all the rest.
            notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
            stored = stored_result(notebook, release, total.student, lesson.name)
            said = {exercise.name: exercise for exercise in stored.exercises}
            own = list(_own(notebook, release))
            texts, read.texts[total.student] = {one.name: one.text for one in own}, own
        except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration):
            said, texts = {}, {}
            read.notices.append(f"{total.student}, {lesson.name}: the autograded notebook can't be "
                             "read; only the marks count.")
        order = [*said, *(name for name in of.exercises if name not in said)]
        answers = tuple(
            Answer(said.get(name) or Exercise(name, of.exercises[name].score,
                                              of.exercises[name].max_score),
                   of.exercises[name], texts.get(name, ""))
            for name in order if name in of.exercises)
        read.works.append(Work(total.student, lesson.name, answers, total.timestamp, total.late,
                               of.penalty))
    return read


def _headings(release: NotebookNode) -> Iterator[tuple[str, tuple[str, ...]]]:
    """For every exercise the heading above it; where that is the exercise's own, with the one
    before, under which the matter stands."""
    matter, last = "", ""
    for cell in release.cells:
        facts = cell.metadata.get("nbgrader", {})
        if facts.get("solution"):
            yield cell.id, tuple(dict.fromkeys(filter(None, (matter, last))))
        elif cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if found := _HEADING.match(line):
                    last = found[2].strip()
                    matter = matter if last.startswith("Exercise") else last


def _own(notebook: NotebookNode, release: NotebookNode) -> Iterator[Text]:
    """A student's own texts: code, and what was written where a written answer was asked for."""
    released = {cell.id: cell.source for cell in release.cells}
    for cell in notebook.cells:
        if cell.source != released.get(cell.id):
            if cell.cell_type == "code":
                yield Text(str(cell.id), cell.source)
            elif cell.metadata.get("nbgrader", {}).get("solution"):
                yield Text(str(cell.id), cell.source, prose=True)


def _given(lesson: Lesson, release: NotebookNode) -> Iterator[Text]:
    """What nobody has to invent: the lesson, its solution, known wrong answers."""
    for notebook in (release, nbformat.read(lesson.solution, as_version=4)):
        for cell in notebook.cells:
            if cell.cell_type == "code" or cell.metadata.get("nbgrader", {}).get("solution"):
                yield Text(str(cell.id), cell.source, cell.cell_type != "code")
    if lesson.misconceptions.is_file():
        yield Text("misconceptions", lesson.misconceptions.read_text(encoding="utf-8"))


def _file_name(student: str) -> str:
    """A name for a student's page that any file system takes, and nobody else's page has."""
    readable = re.sub(r"[^\w-]", "_", student, flags=re.ASCII)[:40]
    return f"{readable}-{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8]}.html"
