"""A class's settings: a slip of the pen is told in a line each, and nothing that stands is lost."""

import subprocess
import sys
from datetime import datetime

import pytest

from autograder.classroom.setup import set_up_class
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import class_rules, write_deadlines
from autograder.gradebook.settings import settings
from support import demo
from support.classes import change
from support.demo import NAME

NOON, NIGHT = datetime(2030, 1, 31, 12), datetime(2030, 1, 31, 22, 59)


@pytest.fixture
def lesson(tmp_path):
    """A course of one lesson, which nobody built."""
    lesson = Lesson(NAME, tmp_path)
    lesson.source.parent.mkdir()
    lesson.source.write_text("")
    (tmp_path / "grading").mkdir()
    return lesson


def write(lesson, text):
    path = lesson.root / "grading" / "class.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_a_class_names_hidden_checks_and_holds_nothing_back(lesson):
    rules = class_rules(lesson.root)
    assert (rules.hidden_checks, rules.wait_for_written, rules.deadlines) == ("labels", False, {})


@pytest.mark.parametrize("time", ['"2030-01-31T23:59+01:00"', "2030-01-31T23:59:00+01:00",
                                  '"2030-01-31 22:59Z"'])
def test_what_the_file_says_counts(lesson, time):
    write(lesson, '[feedback]\nhidden_checks = "after-deadline"\nwait_for_written = true\n'
                  f"attempts_per_day = 2\n[deadlines]\n{NAME} = {time}\n")
    rules = class_rules(lesson.root)
    assert rules.deadlines == {NAME: NIGHT}
    assert (rules.hidden_checks, rules.wait_for_written, rules.attempts_per_day) == (
        "after-deadline", True, 2)


@pytest.mark.parametrize(("text", "faults"), [
    ("[feedback]\nhiden_checks = 'labels'", ["[feedback] has nothing called 'hiden_checks'"]),
    ("[feedbak]\n", ["nothing is called 'feedbak' here; there are: feedback, deadlines"]),
    ("feedback = 1\n", ["feedback is written as a table: [feedback]"]),
    ("[feedback]\nhidden_checks = 'never'\nwait_for_written = 'yes'\nattempts_per_day = 0",
     ["hidden_checks is 'never'; it can be everything, labels, after-deadline",
      "wait_for_written is 'yes'; it can be true or false",
      "attempts_per_day is 0; it can be a whole number from 1"]),
    (f"[deadlines]\n{NAME} = '2030-01-31T23:59'\n02_none = '2030-01-31T23:59Z'",
     [f"[deadlines] {NAME}: '2030-01-31T23:59' does not say in which time zone",
      "[deadlines] names 02_none, and there is no such lesson"]),
    (f"[deadlines]\n{NAME} = 'tomorrow'", [f"{NAME}: 'tomorrow' is not like 2030-01-31T23:59"]),
    (f"[deadlines]\n{NAME} = true", [f"{NAME}: 'True' is not like"]),
    (f"[deadlines]\n{NAME} = 2030-01-31T23:59+01:00", ["A time is written in quotation marks"]),
    (f"[deadlines]\n{NAME} = 'none'\n{NAME} = '2030-01-31T23:59Z'", ["Cannot overwrite a value"]),
])
def test_what_can_not_be_used_is_told_in_a_line_each(lesson, text, faults):
    path = write(lesson, text)
    with pytest.raises(UserError) as error:
        class_rules(lesson.root)
    lines = str(error.value).splitlines()
    assert len(lines) == len(faults)
    for line, fault in zip(lines, faults, strict=True):
        assert line.startswith(f"{path}: ")
        assert fault in line


def test_a_deadline_goes_into_its_place_and_the_rest_stays(lesson):
    text = ("# ours\n[deadlines]\n# the first one\n" f"{NAME} = 'none' # so far\n\n"
            "[feedback]\nwait_for_written = true  # please\n")
    path = write(lesson, text)
    write_deadlines({NAME: NOON}, lesson.root)
    assert path.read_text() == text.replace(f"{NAME} = 'none' # so far",
                                            f'{NAME} = "2030-01-31T12:00Z"')
    write_deadlines({NAME: None}, lesson.root)
    assert class_rules(lesson.root).deadlines == {NAME: None}
    path.write_text("[feedback]\nwait_for_written = true")
    write_deadlines({NAME: NOON}, lesson.root)
    assert class_rules(lesson.root).deadlines == {NAME: NOON}
    assert class_rules(lesson.root).wait_for_written


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return demo.course(tmp_path_factory.mktemp("built") / "course")


def test_class_init_writes_the_file_and_makes_the_gradebook_agree_with_it(built):
    root, path = built.root, built.root / "grading" / "class.toml"
    set_up_class(None, {NAME: NOON}, root)
    assert class_rules(root).deadlines == {NAME: NOON}
    assert "hidden_checks" in path.read_text()
    path.write_text(path.read_text().replace("2030-01-31T12:00Z", "2030-02-01T12:00Z"))
    done = set_up_class(None, {}, root)
    assert done.deadlines == {NAME: datetime(2030, 2, 1, 12)}
    [line] = done.notices
    assert line.startswith(f"{NAME} was due 2030-01-31 12:00 UTC in the gradebook; ")
    with Book(settings(root)) as book:
        assert book.lessons()[NAME][1] == datetime(2030, 2, 1, 12)
    path.unlink()  # as in a class that began before there was such a file
    change(root, "update assignment set duedate = '2030-03-01 09:00:00.000000'")
    assert set_up_class(None, {}, root).notices == ()
    assert class_rules(root).deadlines == {NAME: datetime(2030, 3, 1, 9)}


def test_hidden_checks_that_wait_for_a_deadline_that_is_none_are_told(built):
    path = built.root / "grading" / "class.toml"
    path.write_text(f'[feedback]\nhidden_checks = "after-deadline"\n[deadlines]\n{NAME} = "none"\n')
    [*_, line] = set_up_class(None, {}, built.root).notices
    assert f'hidden_checks is "after-deadline", and nothing is due in {NAME}' in line
    path.write_text(path.read_text().replace('"none"', '"2030-03-01T09:00Z"'))
    assert set_up_class(None, {}, built.root).notices == ()
    path.unlink()


def test_a_command_tells_each_fault_and_changes_nothing(built):
    path = built.root / "grading" / "class.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("[feedback]\nhiden = 1\nhidden_checks = 2\n")
    done = subprocess.run([sys.executable, "-m", "autograder", "class", "init", "--due",
                           f"{NAME}=2030-05-01T12:00Z"], cwd=built.root, capture_output=True,
                          text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert path.read_text() == "[feedback]\nhiden = 1\nhidden_checks = 2\n"
    path.unlink()
