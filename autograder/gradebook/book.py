"""nbgrader's gradebook: lessons and marks go in, each in one transaction, and only from here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from nbformat import NotebookNode
from nbgrader import api
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.utils import is_solution
from traitlets.config import Config

from autograder.gradebook import cells, submission_rows
from autograder.gradebook.late import penalize
from autograder.gradebook.queries import of_class, with_cells
from autograder.gradebook.records import Mark, Marks, Student, Total
from autograder.gradebook.submission_rows import extension_of
from autograder.gradebook.transaction import GradebookError, open_gradebook, transaction, vacuum
from autograder.grading.result import Result
from autograder.notebooks.cells import checksum, exercise_of

DIGITS = 4  # of points, after the decimal point
# What nbgrader calls what a roster says of a student.
_COLUMN = {"first": "first_name", "last": "last_name", "email": "email", "lms": "lms_user_id"}


class Book:
    """The open gradebook of a course.

    config: nbgrader's configuration of the course; its late-submission plugin is used too.
    A gradebook that does not exist is made. Raises GradebookError.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._gradebook = open_gradebook(config.CourseDirectory.db_url,
                                         config.CourseDirectory.course_id)

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._gradebook.close()

    def enter_lesson(self, name: str, solution: NotebookNode) -> None:
        """Record a lesson and its cells, as `nbgrader generate_assignment` does.

        Points may change and cells be added; where submissions are recorded, the new cells have
        no mark in them yet. Raises GradebookError, also when submissions are recorded and a cell
        of theirs is gone: nbgrader's gradebook can't hold both.
        """
        notebook = cells.prepared(solution)
        with transaction(self._gradebook) as gradebook:
            try:
                cells.save(gradebook, name, notebook)
            except RuntimeError as error:
                gone = cells.removed(gradebook, name, notebook)
                raise GradebookError(
                    f"{name} has lost {', '.join(gone) or 'cells'}, which submissions have marks "
                    "for, and nbgrader's gradebook can't let that go. Put it back with 0 points, "
                    "under the same name: it then counts for nobody, and no mark is lost."
                ) from error

    def timestamps(self, assignment: str) -> dict[str, datetime | None]:
        """When the submissions that have all their marks were handed in (UTC), by student."""
        with transaction(self._gradebook, writes=False) as gradebook:
            submitted = gradebook.db.query(
                SubmittedAssignment.student_id, SubmittedAssignment.timestamp).join(
                Assignment).filter(Assignment.name == assignment)
            # Test cells get a number from any engine; without one the engine was interrupted.
            unfinished = gradebook.db.query(SubmittedAssignment.student_id).join(
                Assignment).join(SubmittedNotebook).join(Grade).join(BaseCell).filter(
                Assignment.name == assignment, Grade.auto_score.is_(None),
                BaseCell.name.endswith("-tests"))
            left_out = {student for student, in unfinished}
            return {student: timestamp for student, timestamp in submitted
                    if student not in left_out}

    def submitted(self, assignment: str) -> set[str]:
        """Who has a submission there, with all its marks or not. Raises GradebookError."""
        with transaction(self._gradebook, writes=False) as gradebook:
            return {student for student, in gradebook.db.query(
                SubmittedAssignment.student_id).join(Assignment).filter(
                Assignment.name == assignment)}

    def record(self, student: str, timestamp: datetime | None, result: Result,
               notebook: NotebookNode, settled: Collection[str] = (),
               until: datetime | None = None) -> None:
        """Write one submission's marks, automatic comments and late penalty, or nothing of it.

        Marks and comments that a teacher gave stay.
        timestamp: when it was handed in (UTC).
        notebook: the submission as `autograded` made it.
        settled: the exercises whose marks by hand were given for what this notebook has; at the
            others' a teacher looks again.
        until: the student's own deadline (UTC), where that is another than everybody's.
        Raises GradebookError.
        """
        lesson = str(result.assignment)
        scores = {exercise.name: None if exercise.needs_manual_grade else exercise.score
                  for exercise in result.exercises}
        answers = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells
                   if is_solution(cell)}

        def grade(cell: str, by_hand: float | None) -> dict[str, object]:
            name = exercise_of(cell)
            looks = scores[name] is None if by_hand is None else name not in settled
            return {"auto_score": scores[name], "needs_manual_grade": looks}

        def comment(cell: str) -> dict[str, object]:
            blank = answers[cell].metadata.nbgrader.checksum == checksum(answers[cell])
            return {"auto_comment": "No response." if blank else None}

        with transaction(self._gradebook) as gradebook:
            if submission_rows.write(gradebook, lesson, student, timestamp, grade, comment, until):
                penalize(gradebook, self._config, gradebook.find_submission(lesson, student),
                         gradebook.find_submission_notebook(lesson, lesson, student))

    def forget_time(self, assignment: str, student: str) -> None:
        """Take away when a submission was handed in: what is graded now has no time.

        nbgrader's own command leaves an earlier submission's there. Raises GradebookError.
        """
        with transaction(self._gradebook) as gradebook:
            gradebook.find_submission(assignment, student).timestamp = None

    def written(self, assignment: str) -> dict[str, dict[str, Mark]]:
        """By student, what stands there of each answer that a teacher reads.

        Extra credit is not in it: `give` leaves it as it is. Raises GradebookError.
        """
        with transaction(self._gradebook, writes=False) as gradebook:
            comments = of_class(gradebook, Comment, assignment)
            found: dict[str, dict[str, Mark]] = {}
            for (student, name), (grade, cell) in of_class(gradebook, Grade, assignment).items():
                if (student, name) in comments:  # a test cell has none
                    score = grade.auto_score if grade.manual_score is None else grade.manual_score
                    found.setdefault(student, {})[name] = replace(
                        _mark(grade, cell, comments[student, name][0].manual_comment or ""),
                        score=float(score or 0.0))
            return found

    def give(self, assignment: str, marks: Mapping[str, Mapping[str, tuple[float, str]]]) -> None:
        """Write a teacher's points and comments, all of them or none; lateness costs anew.

        marks: by student and answer; an empty comment takes away what stands there.
        Raises GradebookError.
        """
        with transaction(self._gradebook) as gradebook:
            for student, given in marks.items():
                submission = gradebook.find_submission(assignment, student)
                submitted = gradebook.find_submission_notebook(assignment, assignment, student)
                for grade, cell in with_cells(gradebook, Grade, submitted):
                    if cell.name in given:
                        grade.manual_score, grade.needs_manual_grade = given[cell.name][0], False
                for comment, cell in with_cells(gradebook, Comment, submitted):
                    if cell.name in given:
                        comment.manual_comment = given[cell.name][1] or None
                penalize(gradebook, self._config, submission, submitted)

    def marks(self, assignment: str, student: str) -> Marks | None:
        """What stands there of a submission, by exercise; None when it has no marks.

        Raises GradebookError.
        """
        with transaction(self._gradebook, writes=False) as gradebook:
            try:
                submitted = gradebook.find_submission_notebook(assignment, assignment, student)
            except MissingEntry:
                return None
            comments = {cell.name: comment.manual_comment or ""
                        for comment, cell in with_cells(gradebook, Comment, submitted)}
            marks = {}
            for grade, cell in with_cells(gradebook, Grade, submitted):
                name = exercise_of(cell.name)
                marks[name] = _mark(grade, cell, comments.get(name, ""))
            submission = submitted.assignment
            due = submission.assignment.duedate
            return Marks(marks, float(submitted.late_submission_penalty or 0.0),
                         due and due + (submission.extension or timedelta()))

    def enroll(self, students: Iterable[Student]) -> tuple[list[str], list[str]]:
        """Put students in, or what is new about them; the ids of the new and of the changed.

        What is None of a student stays as it is; nobody is taken out. Raises GradebookError.
        """
        new, changed = [], []
        with transaction(self._gradebook) as gradebook:
            there = {one.id: one for one in gradebook.students}
            for student in students:
                facts = {_COLUMN[name]: value for name, value in vars(student).items()
                         if name != "id" and value is not None}
                own = there.get(student.id)
                if own is None:
                    new.append(student.id)
                    gradebook.db.add(api.Student(id=student.id, **facts))
                elif any(getattr(own, name) != value for name, value in facts.items()):
                    changed.append(student.id)
                    for name, value in facts.items():
                        setattr(own, name, value)
        return new, changed

    def students(self) -> list[Student]:
        """Everybody, by last name. Raises GradebookError."""
        with transaction(self._gradebook, writes=False) as gradebook:
            found = [Student(one.id, **{name: getattr(one, column) or None
                                        for name, column in _COLUMN.items()})
                     for one in gradebook.students]
        # Databases disagree about letters and about what is missing.
        return sorted(found, key=lambda one: (one.last or "", one.first or "", one.id))

    def remove(self, student: str) -> None:
        """Delete a student with all submissions, marks and comments. Raises GradebookError."""
        with transaction(self._gradebook) as gradebook:
            if any(one.id == student for one in gradebook.students):
                gradebook.remove_student(student)
        vacuum(self._gradebook)

    def set_due(self, assignment: str, when: datetime | None) -> None:
        """Say when a lesson that is entered is due (UTC); None: never. Raises GradebookError."""
        with transaction(self._gradebook) as gradebook:
            gradebook.update_or_create_assignment(assignment, duedate=when)

    def extend(self, student: str, until: Mapping[str, datetime | None]) -> dict[str, float]:
        """Give a student's submissions other deadlines (UTC), None for everybody's, by lesson.

        What being late costs is computed again; returns it by lesson, for what is handed in.
        Raises GradebookError.
        """
        costs = {}
        with transaction(self._gradebook) as gradebook:
            for lesson, when in until.items():
                try:
                    submission = gradebook.find_submission(lesson, student)
                    submitted = gradebook.find_submission_notebook(lesson, lesson, student)
                except MissingEntry:
                    continue
                submission.extension = extension_of(submission.assignment.duedate, when)
                penalize(gradebook, self._config, submission, submitted)
                costs[lesson] = float(submitted.late_submission_penalty or 0.0)
        return costs

    def lessons(self) -> dict[str, tuple[float, datetime | None]]:
        """By lesson: the points there are, and when it is due (UTC). Raises GradebookError."""
        with transaction(self._gradebook, writes=False) as gradebook:
            return {name: (float(most), due) for name, most, due in gradebook.db.query(
                Assignment.name, Assignment.max_score, Assignment.duedate).order_by(
                Assignment.name)}

    def totals(self) -> list[Total]:
        """What every submission came to, by lesson and student. Raises GradebookError."""
        one = SubmittedAssignment
        with transaction(self._gradebook, writes=False) as gradebook:
            rows = gradebook.db.query(
                Assignment.name, one.student_id, one.timestamp, one.score,
                one.late_submission_penalty, one.needs_manual_grade, Assignment.duedate,
                one.extension).join(Assignment).order_by(Assignment.name, one.student_id)
            # A sum of floats has digits at its end that nobody gave.
            return [Total(name, student, when, round(float(score), DIGITS),
                          round(float(penalty or 0.0), DIGITS), bool(waiting),
                          bool(when and due and when > due + (extension or timedelta())))
                    for name, student, when, score, penalty, waiting, due, extension in rows]

    def all_marks(self, assignment: str) -> dict[str, Marks]:
        """As `marks`, of a whole class, by student; without comments. Raises GradebookError."""
        with transaction(self._gradebook, writes=False) as gradebook:
            due = gradebook.db.query(Assignment.duedate).filter(
                Assignment.name == assignment).scalar()
            rows = gradebook.db.query(Grade, BaseCell, SubmittedNotebook, SubmittedAssignment).join(
                BaseCell, Grade.cell_id == BaseCell.id).join(
                SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id).join(
                SubmittedAssignment).join(Assignment).filter(Assignment.name == assignment)
            found: dict[str, Marks] = {}
            for grade, cell, notebook, submitted in rows:
                of = found.setdefault(submitted.student_id, Marks(
                    {}, float(notebook.late_submission_penalty or 0.0),
                    due and due + (submitted.extension or timedelta())))
                of.exercises[exercise_of(cell.name)] = _mark(grade, cell)
            return found

def _mark(grade: Any, cell: Any, comment: str = "") -> Mark:
    return Mark(float(grade.score), float(cell.max_score), grade.manual_score is not None,
                bool(grade.needs_manual_grade), comment)
