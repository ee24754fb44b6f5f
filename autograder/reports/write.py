"""The class folder's report: read from what grading left, written into a folder of its own."""

import contextlib
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory

from autograder.course import ROOT, Lesson, home, lessons
from autograder.errors import UserError, disk_error
from autograder.feedback.publish import discretion
from autograder.feedback.withhold import of_exercise
from autograder.files import write_atomically
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import ClassRules, class_rules
from autograder.gradebook.records import Marks
from autograder.gradebook.settings import settings
from autograder.notebooks.cells import is_answer
from autograder.reports import statistics
from autograder.reports.class_page import ClassPage
from autograder.reports.read import LessonRead, read_lesson
from autograder.reports.same_answers import Same, like_the_model, same_answers
from autograder.reports.similarity import Text, alike
from autograder.reports.statistics import Work
from autograder.reports.student_page import student_page
from autograder.reports.tables import tables

NAME = "report.html"
SCHEME = "### BEGIN MARK SCHEME"


@dataclass(frozen=True)
class Reported:
    """The report's page, and what could not be read for it, one line each.

    waiting: lesson, student with the name, and which answers a teacher is still to read.
    """

    page: Path
    students: int
    submissions: int
    notices: tuple[str, ...]
    waiting: tuple[tuple[str, str, tuple[str, ...]], ...] = ()


def write(folder: Path | None = None, root: Path = ROOT) -> Reported:
    """Write the report of the course in `root`; into grading/report when no folder is named.

    A folder with anything but an older report in it is refused. Raises UserError.
    """
    try:
        config, rules = settings(root), class_rules(root)
        folders = CourseDirectory(config=config)
        autograded = home(root) / folders.autograded_directory
        folder = folder or autograded.with_name("report")
        _refuse_a_folder_of_others(folder)
        with Book(config) as book:
            people, totals, facts = book.students(), book.totals(), book.lessons()
            marks = {name: book.all_marks(name) for name in facts}
        known = [lesson for lesson in lessons(root) if lesson.name in facts]
        read = [read_lesson(lesson, facts[lesson.name][1], autograded, marks[lesson.name],
                            [one for one in totals if one.assignment == lesson.name])
                for lesson in known]
        works = [work for one in read for work in one.works]
        if not works:
            raise UserError("Nothing is graded yet. `python -m autograder autograde` grades "
                            "what was handed in.")
        chapters = [one.chapter for one in read]
        labels = {one.id: one.label for one in people}
        names_of = {one.id: one.name for one in people}
        students = {one: names_of.get(one, "") for one in sorted(
            names_of.keys() | {work.student for work in works})}
        names = {*students, *(name for one in people for name in (one.first, one.last) if name)}
        misconceptions = statistics.held_misconceptions(
            works, {chapter.name: chapter for chapter in chapters}, names)
        pairs = {one.chapter.name: alike(one.texts, one.given) for one in read}
        same = {one.chapter.name: _same(one, lesson, home(root) / folders.submitted_directory)
                for one, lesson in zip(read, known, strict=True)}
        pages = {student: _file_name(student) for student in students}
        made = datetime.now(UTC)
        (folder / "students").mkdir(parents=True, exist_ok=True)
        for name, text in tables(chapters, works, students, misconceptions, pairs,
                                 same).items():
            write_atomically(folder / name, text)
        for student, name in pages.items():
            own = [_with_discretion(work, marks[work.lesson].get(student), rules)
                   for work in works if work.student == student]
            write_atomically(folder / "students" / name,
                             student_page(student, chapters, own, made))
        page = ClassPage(chapters, works, students, misconceptions, pages, pairs, made, same)
        write_atomically(folder / NAME, page.html())
    except OSError as error:
        raise disk_error(error, folder) from error
    return Reported(folder / NAME, len(students), len(works),
                    tuple(line for one in read for line in one.notices),
                    tuple((work.lesson, labels.get(work.student, work.student), waiting)
                          for work in works
                          if (waiting := tuple(one.exercise.name for one in work.answers
                                               if one.mark.waiting))))


def _with_discretion(work: Work, marks: Marks | None, rules: ClassRules) -> Work:
    """What the student may read of it now."""
    level = discretion(rules, work.lesson, marks.due if marks else None).hidden_checks
    return replace(work, answers=tuple(
        replace(one, exercise=of_exercise(one.exercise, level)) for one in work.answers))


def _same(read: LessonRead, lesson: Lesson, submitted: Path) -> list[Same]:
    """Who has the same answers in a lesson as another student, or as the model."""
    files = {}
    for student in read.texts:
        with contextlib.suppress(OSError):
            files[student] = hashlib.sha256(
                (submitted / student / lesson.name / f"{lesson.name}.ipynb").read_bytes()
            ).hexdigest()
    model = [Text(str(cell.id), cell.source.partition(SCHEME)[0], cell.cell_type != "code")
             for cell in nbformat.read(lesson.solution, as_version=4).cells if is_answer(cell)]
    return [*same_answers(read.texts, read.given, files), *like_the_model(read.texts, model)]


def _refuse_a_folder_of_others(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is not a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / NAME).is_file():
        raise UserError(f"{folder} holds other files. Name a new folder, or an empty one.")


def _file_name(student: str) -> str:
    """A name for a student's page that any file system takes, and nobody else's page has."""
    readable = re.sub(r"[^\w-]", "_", student, flags=re.ASCII)[:40]
    return f"{readable}-{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8]}.html"
