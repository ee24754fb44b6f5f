"""What a class's pages keep back of hidden checks until the deadline, and what they don't."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autograder.course import Lesson
from autograder.feedback.publish import publish
from autograder.feedback.withhold import without_numbers
from autograder.gradebook.book import Book
from autograder.gradebook.settings import make_folders, settings
from autograder.grading.result import Check, Misconception, Smallest
from autograder.reports.write import write
from support import demo
from support.classes import RIGHT, by_looking, change, hand_in, opened
from support.demo import NAME

VISIBLE, HIDDEN = "doubles what is given", "leaves its input as it was"
SAID = "double([41.5]): expected 83.0, got 41.5"
KEPT_BACK = ["83.0", "41.5", "39.0", "double([19.5])", "exactly 7 times"]


def judged(submissions, root):
    """By looking, with a hidden check that fails, and all that can be said of it."""
    for result, notebook in by_looking(submissions, root):
        result.exercises[0] = replace(
            result.exercises[0], score=1.0,
            checks=[Check(VISIBLE, True, False), Check(HIDDEN, False, True, SAID)],
            misconception=Misconception("squares", "Twice x is x plus x."),
            patterns=["Every entry is exactly 7 times the expected one."],
            smallest=Smallest("double([19.5])", "39.0", "136.5"))
        yield result, notebook


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    lesson = demo.course(tmp_path_factory.mktemp("class") / "course")
    make_folders(lesson.root)
    Book(settings(lesson.root)).close()
    hand_in(lesson, "ann", RIGHT)
    hand_in(lesson, "bob", {"double": RIGHT["double"]})
    with opened(lesson.root) as room:
        list(room.autograde(room.waiting(), lambda found: judged(found, lesson.root)))
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def rules(lesson, level="labels", days=None, more=""):
    due = (f'"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%MZ}"' if days else '"none"')
    (lesson.root / "grading" / "class.toml").write_text(
        f'[feedback]\nhidden_checks = "{level}"\n{more}\n[deadlines]\n{NAME} = {due}\n')


def text(lesson, student="ann"):
    list(publish([NAME], lesson.root))
    html = (lesson.root / "grading" / "feedback" / student / NAME / f"{NAME}.html").read_text()
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def test_a_class_reads_labels_and_patterns_and_no_number_until_told_otherwise(lesson):
    page = text(lesson)
    for part in (HIDDEN, "exactly … times", "Twice x is x plus x.", "numbers are left out"):
        assert part in page, part
    for part in KEPT_BACK:
        assert part not in page, part
    rules(lesson, "everything", 2)
    page = text(lesson)
    for part in (SAID, *KEPT_BACK):
        assert part in page, part


@pytest.mark.parametrize("level", ["labels", "after-deadline"])
def test_after_the_deadline_a_page_says_everything(lesson, level):
    rules(lesson, level, days=1)
    assert f"until the deadline, {datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}" in text(lesson)
    rules(lesson, level, days=-1)
    for part in (SAID, *KEPT_BACK):
        assert part in text(lesson), part


def test_an_extension_keeps_back_from_that_student_longer(lesson):
    rules(lesson, days=-1)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    change(lesson.root, "update assignment set duedate = ?", f"{yesterday:%Y-%m-%d %H:%M:%S.%f}")
    change(lesson.root, "update submitted_assignment set extension = '1970-01-04 00:00:00.000000' "
                        "where student_id = 'ann'")
    assert SAID not in text(lesson)
    assert SAID in text(lesson, "bob")


def test_nothing_of_hidden_checks_is_said_where_a_teacher_says_so(lesson):
    rules(lesson, "after-deadline", days=1)
    page = text(lesson)
    for part in (*KEPT_BACK, HIDDEN, "hidden check)", "Twice x is x plus x.", "exactly"):
        assert part not in page, part
    assert "The visible check passes." in page
    assert VISIBLE in page


def test_a_students_page_of_the_report_keeps_it_back_too(lesson):
    rules(lesson, "after-deadline", days=1)
    [page] = (write(root=lesson.root).page.parent / "students").glob("ann-*.html")
    assert HIDDEN not in page.read_text()
    assert "Twice x is x plus x." not in page.read_text()
    rules(lesson, "everything")
    write(root=lesson.root)
    assert "Twice x is x plus x." in page.read_text()


def test_a_page_waits_for_a_teacher_if_a_teacher_wants(lesson):
    rules(lesson, more="wait_for_written = true")
    ann, bob = publish([NAME], lesson.root)
    assert (ann.held, ann.waiting, bob.held, bob.changed) == (True, ("why",), False, True)
    place = lesson.root / "grading" / "feedback"
    assert {path.parts[-3] for path in place.glob("*/*/*.html")} == {"bob"}
    change(lesson.root, "update grade set manual_score = 2, needs_manual_grade = 0 "
                        "where needs_manual_grade")
    assert not any(page.held for page in publish([NAME], lesson.root))


@pytest.mark.parametrize(("sentence", "without"), [
    ("Every entry is exactly −½ times the expected one.",
     "Every entry is exactly … times the expected one."),
    ("It is exactly 1/ln 2 times the expected one.", "It is exactly … times the expected one."),
    ("The expected one plus 1e-05.", "The expected one plus …."),
    ("The result holds nan when `|z|` > 709.", "The result holds nan when `|z|` > …."),
    ("It is half of `n` times the expected one.", "It is … times `n` times the expected one."),
    ("`W1` is right only when `W2` has 3 rows.", "`W1` is right only when `W2` has … rows."),
])
def test_a_patterns_numbers_are_left_out_and_names_stay(sentence, without):
    assert without_numbers(sentence) == without
