"""nbgrader's gradebook: what goes in is what nbgrader would have put in, all of it or nothing."""

import os
import resource
import shutil
import sqlite3
from datetime import datetime, timedelta
from typing import ClassVar

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters.generate_assignment import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import BasePlugin

from autograder.authoring.build import build
from autograder.feedback.annotate import autograded
from autograder.gradebook import transaction
from autograder.gradebook.book import Book
from autograder.gradebook.records import Student, Total
from autograder.gradebook.settings import settings
from autograder.gradebook.transaction import GradebookError
from autograder.grading.submissions import Submission
from support import demo
from support.classes import RIGHT, by_looking, change, dump, gradebook, hand_in, marks
from support.demo import NAME

NOON = datetime(2030, 1, 1, 12)
FULL = {"double-tests": (2.0, False), "half-tests": (1.0, False), "why": (None, True)}
NONE = {"double-tests": (0.0, False), "half-tests": (0.0, False), "why": (0.0, False)}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course with a gradebook that has its lesson."""
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course")
    with Book(settings(lesson.root)) as book:
        enter(book, lesson)
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return type(made)(made.name, tmp_path / "course")


@pytest.fixture
def config(lesson):
    return settings(lesson.root)


@pytest.fixture
def book(config):
    with Book(config) as book:
        yield book


def enter(book, lesson):
    book.enter_lesson(lesson.name, nbformat.read(lesson.solution, as_version=4))


def record(book, lesson, answers, timestamp=NOON, student="ann"):
    path = hand_in(lesson, student, answers) / f"{lesson.name}.ipynb"
    [(result, ran)] = by_looking([Submission(path, student, lesson.name)], lesson.root)
    release = nbformat.read(lesson.release, as_version=4)
    book.record(student, timestamp, result, autograded(ran, release, result))


def penalty(lesson):
    return [row["late_submission_penalty"] for row in dump(lesson.root)["submitted_notebook"]]


class Half(BasePlugin):
    """Half of what is left at noon, nothing of it for a fail."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2 if total_seconds_late < 7200 else 1000.0


class Broken(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        raise ZeroDivisionError("the plugin's own")


class Onlooker(BasePlugin):
    """Sees the gradebook as another program does."""

    places: ClassVar = []
    seen: ClassVar = []

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        database = sqlite3.connect(self.places[-1])
        self.seen += [database.execute(f"select count(*) from {table}").fetchone()[0]
                      for table in ("student", "submitted_assignment", "grade", "comment")]
        database.close()


def test_a_gradebook_that_is_missing_is_made_whole(config, lesson):
    before = dump(lesson.root)["alembic_version"]
    gradebook(lesson.root).unlink()
    Book(config).close()
    assert dump(lesson.root)["alembic_version"] == before
    assert dump(lesson.root)["course"] == [{"id": "neural-networks"}]
    assert not list(gradebook(lesson.root).parent.glob(".gradebook*"))


def test_a_lesson_is_recorded_as_nbgrader_records_it(config, lesson):
    ours = dump(lesson.root)
    gradebook(lesson.root).unlink()
    GenerateAssignment(coursedir=CourseDirectory(config=config, assignment_id=NAME),
                       config=config, force=True).start()
    theirs = dump(lesson.root)
    theirs["course"].remove({"id": "default_course"})
    assert ours == theirs
    assert len(ours["base_cell"]) == 6


def test_a_lesson_is_recorded_once(book, lesson):
    before = dump(lesson.root)
    enter(book, lesson)
    assert dump(lesson.root) == before


def test_a_due_date_stays_when_a_lesson_is_recorded_anew(book, lesson):
    change(lesson.root, "update assignment set duedate = '2030-01-01 00:00:00.000000'")
    lesson.source.write_text(demo.LESSON.replace("half, 1 point", "half, 5 points"))
    build(lesson.root)
    enter(book, lesson)
    assert dump(lesson.root)["assignment"][0]["duedate"].startswith("2030-01-01")
    assert 5.0 in [row["max_score"] for row in dump(lesson.root)["grade_cells"]]


def test_a_lesson_with_submissions_takes_new_texts_and_lets_no_cell_go(book, lesson):
    record(book, lesson, RIGHT)
    lesson.source.write_text(demo.LESSON.replace("3.0), 1.5", "4.0), 2.0"))
    build(lesson.root)
    enter(book, lesson)
    assert any("4.0" in row["source"] for row in dump(lesson.root)["source_cell"])
    before = dump(lesson.root)
    lesson.source.write_text(demo.LESSON.replace("half", "third"))
    build(lesson.root)
    with pytest.raises(GradebookError, match=r"01_demo has lost half, which .* Put it back with 0 "
                       "points, under the same name"):
        enter(book, lesson)
    assert dump(lesson.root) == before
    assert marks(lesson.root) == {"ann": FULL}
    lesson.source.write_text(demo.LESSON.replace("half, 1 point", "half, 0 points"))
    build(lesson.root)
    enter(book, lesson)  # as the error says
    assert book.lessons() == {NAME: (5.0, None)}


MORE = """
# %% exercise: third
def third(x):
    \"\"\"A third of x.\"\"\"
    ### BEGIN SOLUTION
    return x / 3
    ### END SOLUTION

# %% tests: third, 4 points
with check("thirds"):
    check.close(check.call(third, 3.0), 1.0)

# %% answer: what, 2 points [markdown]
# Write here what.
"""


def test_an_exercise_is_added_to_a_lesson_with_submissions_and_no_mark_is_lost(book, lesson):
    record(book, lesson, RIGHT)
    change(lesson.root, "update grade set manual_score = 2.5, needs_manual_grade = 0 "
                        "where auto_score is null")
    change(lesson.root, "update comment set manual_comment = 'Well said.' "
                        "where auto_comment is null")
    before = dump(lesson.root)
    lesson.source.write_text(demo.LESSON.replace("half, 1 point", "half, 5 points") + MORE)
    build(lesson.root)
    enter(book, lesson)
    after = dump(lesson.root)
    for table in ("grade", "comment"):
        assert [row for row in after[table] if row in before[table]] == before[table]
    assert marks(lesson.root)["ann"].keys() == FULL.keys() | {"third-tests", "what"}
    assert book.timestamps(NAME) == {}  # the next run grades it anew
    record(book, lesson, {**RIGHT, "third": "def third(x):\n    return x / 3"})
    assert marks(lesson.root)["ann"] == FULL | {
        "half-tests": (5.0, False), "third-tests": (4.0, False), "what": (0.0, False)}
    [why] = [row for row in dump(lesson.root)["grade"] if row["manual_score"] == 2.5]
    assert why["cell_id"].endswith("/why/GradeCell")
    assert book.lessons() == {NAME: (16.0, None)}
    before = dump(lesson.root)
    enter(book, lesson)
    assert dump(lesson.root) == before


def test_marks_comments_and_the_student_are_recorded(book, lesson):
    record(book, lesson, RIGHT)
    record(book, lesson, {"half": RIGHT["half"]}, None, "O'Brien, Søren [x] 名")
    found = dump(lesson.root)
    assert marks(lesson.root) == {
        "ann": FULL, "O'Brien, Søren [x] 名": NONE | {"half-tests": (1.0, False)}}
    assert {(row["notebook_id"].split("/")[1], row["cell_id"].split("/")[2]): row["auto_comment"]
            for row in found["comment"]} == {
        ("ann", "double"): None, ("ann", "half"): None, ("ann", "why"): None,
        ("O'Brien, Søren [x] 名", "double"): "No response.",
        ("O'Brien, Søren [x] 名", "half"): None,
        ("O'Brien, Søren [x] 名", "why"): "No response."}
    assert [row["timestamp"] for row in found["submitted_assignment"]
            ] == [None, "2030-01-01 12:00:00.000000"]


def test_what_a_teacher_gave_survives_a_regrade(book, lesson):
    record(book, lesson, RIGHT)
    change(lesson.root, "update grade set manual_score = 2.5, extra_credit = 0.5, "
                        "needs_manual_grade = 0 where auto_score is null")
    change(lesson.root, "update grade set manual_score = 0.0 where auto_score = 1.0")
    change(lesson.root, "update comment set manual_comment = 'Well said.'")
    change(lesson.root, "update student set first_name = 'Ann', email = 'ann@example.org'")
    change(lesson.root, "update submitted_notebook set flagged = 1")
    change(lesson.root, "update submitted_assignment set extension = '1970-01-03'")
    before = dump(lesson.root)
    record(book, lesson, {"why": "Something else."}, NOON + timedelta(1))
    after = dump(lesson.root)
    for table in ("student", "submitted_notebook"):
        assert after[table] == before[table]
    for table, columns in {"grade": ("manual_score", "extra_credit"),
                           "comment": ("manual_comment",),
                           "submitted_assignment": ("extension",)}.items():
        for column in columns:
            assert [row[column] for row in after[table]] == [row[column] for row in before[table]]
    # Where a teacher graded, a teacher is to look again: nbgrader's rule.
    assert marks(lesson.root)["ann"] == {
        "double-tests": (0.0, False), "half-tests": (0.0, True), "why": (None, True)}


@pytest.mark.parametrize(("plugin", "hours", "expected"), [
    (None, 1, None), (None, -1, None), ("none", 1, None), ("zero", 1, 3.0), ("zero", -1, None),
    (Half, 1, 1.5), (Half, 3, 3.0), (Half, -1, None)])
def test_late_submissions_are_nbgraders_plugins_business(lesson, config, plugin, hours, expected):
    change(lesson.root, "update assignment set duedate = '2030-01-01 12:00:00.000000'")
    if isinstance(plugin, str):
        config.LateSubmissionPlugin.penalty_method = plugin
    elif plugin:
        config.AssignLatePenalties.plugin_class = plugin
    with Book(config) as book:
        record(book, lesson, RIGHT, NOON + timedelta(hours=hours))
        assert penalty(lesson) == [expected]
        record(book, lesson, RIGHT, NOON)
        assert penalty(lesson) == [None]


def test_a_penalty_counts_what_a_teacher_gave(lesson, config):
    change(lesson.root, "update assignment set duedate = '2030-01-01 11:00:00.000000'")
    config.LateSubmissionPlugin.penalty_method = "zero"
    with Book(config) as book:
        record(book, lesson, RIGHT)
        change(lesson.root, "update grade set manual_score = 2.5 where auto_score is null")
        record(book, lesson, RIGHT)
    assert penalty(lesson) == [5.5]


def test_nobody_sees_half_a_submission(lesson, config):
    change(lesson.root, "update assignment set duedate = '2030-01-01 11:00:00.000000'")
    config.AssignLatePenalties.plugin_class = Onlooker
    Onlooker.places.append(gradebook(lesson.root))
    with Book(config) as book:
        record(book, lesson, RIGHT)
        record(book, lesson, RIGHT)
    assert Onlooker.seen == [0, 0, 0, 0, 1, 1, 3, 3]


def test_what_breaks_on_the_way_leaves_nothing(lesson, config):
    change(lesson.root, "update assignment set duedate = '2030-01-01 11:00:00.000000'")
    config.AssignLatePenalties.plugin_class = Broken
    before = dump(lesson.root)
    with Book(config) as book:
        with pytest.raises(ZeroDivisionError):
            record(book, lesson, RIGHT)
        assert dump(lesson.root) == before
        record(book, lesson, RIGHT, datetime(2030, 1, 1))
    assert marks(lesson.root) == {"ann": FULL}


def test_a_locked_gradebook_is_told_after_a_while(lesson, config, monkeypatch, capfd):
    monkeypatch.setattr(transaction, "PATIENCE", 0.2)
    before = dump(lesson.root)
    other = sqlite3.connect(gradebook(lesson.root), isolation_level=None)
    with Book(config) as book:
        other.execute("begin immediate")
        with pytest.raises(GradebookError, match=r"^The gradebook: another program .* locked"):
            record(book, lesson, RIGHT)
        assert book.timestamps(NAME) == {}
        other.execute("rollback")
        assert dump(lesson.root) == before
        record(book, lesson, RIGHT)
    assert marks(lesson.root) == {"ann": FULL}
    other.execute("begin exclusive")
    with pytest.raises(GradebookError, match="locked"):
        Book(config)
    other.close()
    assert capfd.readouterr() == ("", "")


def test_a_full_disk_costs_the_submission_that_no_longer_fits(lesson, config, capfd):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    tried = []

    def fill(book):
        while True:
            tried.append(f"s{len(tried)}")
            record(book, lesson, RIGHT, student=tried[-1])

    with Book(config) as book:
        # A limit stands for the disk; the file has some room left inside.
        resource.setrlimit(resource.RLIMIT_FSIZE, (gradebook(lesson.root).stat().st_size, hard))
        try:
            with pytest.raises(GradebookError, match=r"disk is full|disk I/O error") as notices:
                fill(book)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert tried[-1] not in marks(lesson.root)
        assert len(dump(lesson.root)["student"]) == len(tried) - 1
        record(book, lesson, RIGHT, student=tried[-1])
    assert "\n" not in str(notices.value)
    assert capfd.readouterr() == ("", "")
    assert set(map(str, marks(lesson.root).values())) == {str(FULL)}


@pytest.mark.parametrize(("spoil", "reason"), [
    (lambda path: path.write_bytes(b"marks " * 1000), "file is not a database"),
    (lambda path: (path.unlink(), path.mkdir()), "unable to open database file"),
    (lambda path: sqlite3.connect(path).execute("alter table comment drop column auto_comment"),
     "older nbgrader: `nbgrader db upgrade`"),
    (lambda path: (path.unlink(), path.symlink_to("/nowhere/gradebook.db")),
     "unable to open database file"),
])
def test_a_gradebook_that_is_none_is_told_in_a_line(lesson, config, spoil, reason):
    spoil(gradebook(lesson.root))
    with pytest.raises(GradebookError, match=reason) as notices, Book(config) as book:
        record(book, lesson, RIGHT)
    assert "\n" not in str(notices.value)


def test_the_times_of_submissions_that_have_all_their_marks(book, lesson):
    record(book, lesson, RIGHT)
    record(book, lesson, {}, None, "bob")
    record(book, lesson, RIGHT, student="cem")
    assert book.timestamps(NAME) == {"ann": NOON, "bob": None, "cem": NOON}
    assert book.timestamps("02_other") == {}
    # As nbgrader's own command leaves it when it is killed.
    change(lesson.root, "update grade set auto_score = null where auto_score = 1.0 and notebook_id"
           " = (select n.id from submitted_notebook n join submitted_assignment s"
           " on s.id = n.assignment_id where s.student_id = 'cem')")
    assert book.timestamps(NAME) == {"ann": NOON, "bob": None}


def test_a_time_that_is_not_known_any_more_is_forgotten(book, lesson):
    record(book, lesson, RIGHT)
    book.forget_time(NAME, "ann")
    assert book.timestamps(NAME) == {"ann": None}
    with pytest.raises(GradebookError):
        book.forget_time(NAME, "nobody")


def test_nbgrader_reads_what_was_written(book, lesson, config):
    record(book, lesson, RIGHT)
    with Gradebook(config.CourseDirectory.db_url, "neural-networks") as theirs:
        [submission] = theirs.assignment_submissions(NAME)
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (
            3.0, 6.0, True)
        assert theirs.average_assignment_score(NAME) == 3.0


def test_no_environment_is_needed_to_make_one(lesson, config, monkeypatch):
    gradebook(lesson.root).unlink()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GradebookError, match="alembic"):
        Book(config)
    assert not gradebook(lesson.root).exists()
    settings(lesson.root)  # puts it on the path
    Book(config).close()
    assert os.environ["PATH"].endswith("/nowhere")


def test_a_roster_goes_in_and_what_it_does_not_say_stays(book, lesson):
    ann = Student("ann", "Ann", "Lee", "a@example.org", "7")
    assert book.enroll([ann, Student("bob", last="Ray")]) == (["ann", "bob"], [])
    assert book.students() == [ann, Student("bob", last="Ray")]
    record(book, lesson, RIGHT)
    before = dump(lesson.root)
    assert book.enroll([ann, Student("ann")]) == ([], [])
    assert dump(lesson.root) == before
    assert book.enroll([Student("ann", email="lee@example.org")]) == ([], ["ann"])
    assert book.students()[0] == Student("ann", "Ann", "Lee", "lee@example.org", "7")
    assert dump(lesson.root)["grade"] == before["grade"]


def test_a_roster_goes_in_whole_or_not_at_all(book, config):
    book.enroll([Student("ann")])
    broken = Student("bob", first=["no", "text"])  # type: ignore[arg-type]
    with pytest.raises(GradebookError):
        book.enroll([Student("cem"), broken])
    assert [one.id for one in book.students()] == ["ann"]


def test_a_deadline_is_set_and_taken_back(book, lesson):
    book.set_due(NAME, NOON)
    assert book.lessons() == {NAME: (6.0, NOON)}
    enter(book, lesson)
    assert book.lessons() == {NAME: (6.0, NOON)}
    book.set_due(NAME, None)
    assert book.lessons() == {NAME: (6.0, None)}


def test_totals_are_what_nbgrader_counts(config, lesson):
    config.AssignLatePenalties.plugin_class = Half
    with Book(config) as book:
        book.set_due(NAME, NOON)
        record(book, lesson, RIGHT, NOON + timedelta(hours=1), "bob")
        record(book, lesson, {}, NOON, "ann")
        assert book.totals() == [
            Total(NAME, "ann", NOON, 0.0, 0.0, False),
            Total(NAME, "bob", NOON + timedelta(hours=1), 3.0, 1.5, True, late=True)]
        change(lesson.root, "update submitted_assignment set extension = '1970-01-01 01:00:00' "
                            "where student_id = 'bob'")
        assert [total.late for total in book.totals()] == [False, False]


def test_the_marks_of_all_are_those_of_each(book, lesson):
    record(book, lesson, RIGHT, NOON, "ann")
    record(book, lesson, {}, NOON, "bob")
    assert book.all_marks(NAME) == {name: book.marks(NAME, name) for name in ("ann", "bob")}
    assert book.all_marks("02_other") == {}
