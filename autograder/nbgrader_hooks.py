"""The course's engine inside nbgrader's own commands and pages; see `nbgrader_config.py`.

`nbgrader autograde` and formgrader's Autograde button run nbgrader's steps in nbgrader's order;
here are those that differ for the course's lessons. An assignment that is no lesson is graded as
nbgrader does it.
"""

import contextlib
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters.autograde import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades

from autograder.course import Lesson, lessons
from autograder.errors import UserError
from autograder.feedback.annotate import autograded
from autograder.feedback.marked_answers import settle
from autograder.feedback.publish import STAMP, page_of
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import class_rules
from autograder.gradebook.settings import settings
from autograder.grading.grade import grade
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from autograder.notebooks.cells import exercise_of

SETTLED = "settled"  # in nbgrader's resources: see `settle`
Both = tuple[NotebookNode, ResourcesDict]


class Sanitize(NbGraderPreprocessor):
    """In place of nbgrader's sanitizing: `Grade` takes a lesson from what was handed in."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> Both:
        """A lesson as it is; anything else by nbgrader's own steps."""
        if _lesson(resources) is None:
            for step in Autograde.sanitize_preprocessors.default_args[0]:
                notebook, resources = step(parent=self)(notebook, resources)
        return notebook, resources


class Grade(NbGraderPreprocessor):
    """In place of nbgrader's `Execute`."""

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> Both:
        """The autograded notebook, from which nbgrader then reads the marks.

        Raises NbGraderException with the reason when the submission can't be graded.
        """
        lesson = _lesson(resources)
        if lesson is None:
            return Execute(parent=self)(notebook, resources)
        student, folders = resources["nbgrader"]["student"], CourseDirectory(config=self.config)
        place = Path(folders.format_path(folders.submitted_directory, student, lesson.name))
        one = Submission(place / f"{lesson.name}.ipynb", student, lesson.name)
        result, executed = grade(one, Settings(root=lesson.root))
        if executed is None:
            raise NbGraderException(f"{student}, {lesson.name}: {result.reason}")
        for line in [*result.repairs, *(f"Look at this: {flag}" for flag in result.flags)]:
            self.log.warning("%s, %s: %s", student, lesson.name, line)
        release = nbformat.read(lesson.release, as_version=4)
        made = autograded(executed, release, result)
        with Book(self.config) as book:
            marks = book.marks(lesson.name, student)
            if not (place / STAMP).is_file():
                book.forget_time(lesson.name, student)
            if own := class_rules(lesson.root).extensions.get(student, {}).get(lesson.name):
                book.extend(student, {lesson.name: own})
        before = _before.pop((student, lesson.name), None)
        resources["nbgrader"][SETTLED] = (
            settle(before, made, release, marks.exercises) if marks else set())
        return made, resources


class SaveMarks(SaveAutoGrades):
    """In place of nbgrader's step, after which a teacher looks again at every mark by hand.

    One stays final while the answer that it was given for is the student's.
    """

    def preprocess(self, notebook: NotebookNode, resources: ResourcesDict) -> Both:
        """Save the marks, as nbgrader does."""
        self._settled = resources["nbgrader"].get(SETTLED, set())
        return super().preprocess(notebook, resources)

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        if exercise_of(name) in self._settled:
            self.gradebook.find_grade(
                name, self.notebook_id, self.assignment_id, self.student_id
            ).needs_manual_grade = False
            self.gradebook.db.commit()


_before: dict[tuple[str, str], NotebookNode] = {}  # by student and lesson: what was graded last
_init_destination = Autograde.init_destination


def _keeping(self: Autograde, assignment_id: str, student_id: str) -> bool:
    """What nbgrader does first with a submission: it deletes what it made before."""
    folders = self.coursedir
    place = Path(folders.format_path(folders.autograded_directory, student_id, assignment_id))
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        _before[student_id, assignment_id] = nbformat.v4.reads(
            (place / f"{assignment_id}.ipynb").read_text(encoding="utf-8"))
    if _init_destination(self, assignment_id, student_id):
        return True
    _before.pop((student_id, assignment_id), None)
    return False


# None of nbgrader's hooks is called before the deletion.
Autograde.init_destination = _keeping


class Page(HTMLExporter):
    """In place of nbgrader's feedback page: the course's own, for the course's lessons."""

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own types disagree here
            self, nb: NotebookNode, resources: dict[str, Any] | None = None,
            **more: Any) -> tuple[str, dict[str, Any]]:
        """The page. Raises NbGraderException with the reason when there is none."""
        lesson = _lesson(resources)
        if resources is None or lesson is None:
            return super().from_notebook_node(nb, resources, **more)
        student, folders = resources["nbgrader"]["student"], CourseDirectory(config=self.config)
        folder = Path(folders.format_path(folders.autograded_directory, student, lesson.name))
        try:
            with Book(self.config) as book:
                text = page_of(student, lesson, folder, book, class_rules(lesson.root))
        except UserError as error:
            raise NbGraderException(f"{student}, {lesson.name}: {error}") from error
        return text, self._init_resources(resources)


def enter_lesson(assignment: str, student: str, notebooks: list[str]) -> None:
    """Record a lesson before its first submission, as `nbgrader generate_assignment` would."""
    lesson = next((one for one in lessons() if one.name == assignment), None)
    if lesson is not None:
        with Book(settings()) as book:
            book.enter_lesson(assignment, nbformat.read(lesson.solution, as_version=4))


def _lesson(resources: dict[str, Any] | None) -> Lesson | None:
    if not resources or "nbgrader" not in resources:
        return None
    return next((lesson for lesson in lessons()
                 if lesson.name == resources["nbgrader"]["assignment"]), None)
