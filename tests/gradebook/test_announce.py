"""Students read the deadlines in the exchange, and two courses of one id are told apart there."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from autograder.classroom.collect import collect
from autograder.classroom.setup import set_up_class
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.gradebook.announce import NAME as FILE
from autograder.gradebook.announce import announce, announced, place
from autograder.gradebook.book import Book
from autograder.gradebook.exchange import transfer
from autograder.gradebook.settings import settings
from autograder.student import copies
from support import demo
from support.demo import NAME
from utils._deadlines import deadlines

NOON = datetime(2030, 1, 31, 12)
KNOWN = {NAME: NOON.replace(tzinfo=UTC)}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return demo.course(tmp_path_factory.mktemp("made") / "course")


@pytest.fixture
def lesson(made, tmp_path, monkeypatch):
    """A teacher's course, in a department whose exchange is elsewhere."""
    shutil.copytree(made.root, tmp_path / "course")
    (tmp_path / "exchange").mkdir()
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(tmp_path / "exchange"))
    return Lesson(NAME, tmp_path / "course")


@pytest.fixture
def botany(lesson, tmp_path):
    """Another course, of the same id."""
    shutil.copytree(lesson.root, tmp_path / "botany")
    text = (tmp_path / "botany" / "course.toml").read_text()
    (tmp_path / "botany" / "course.toml").write_text(
        text.replace("Neural networks from scratch", "Botany"))
    return tmp_path / "botany"


def test_students_get_the_classs_deadlines_with_their_lessons(lesson):
    assert set_up_class(None, {NAME: NOON}, lesson.root).notices == ()
    config = settings(lesson.root)
    transfer("ReleaseAssignment", NAME, config)  # nbgrader accepts the folder that is there
    assert place(config).parent.stat().st_mode & 0o777 == 0o755
    assert place(config).stat().st_mode & 0o777 == 0o644
    copies.fetch(lesson.root)
    assert deadlines(lesson.root / "work") == KNOWN
    page = (lesson.root / "work" / "start.ipynb").read_text()
    assert "Jan 31, 2030" in page
    set_up_class(None, {NAME: None}, lesson.root)
    copies.fetch(lesson.root)
    assert deadlines(lesson.root / "work") == {}
    assert "2030" not in (lesson.root / "work" / "start.ipynb").read_text()


def test_a_deadline_set_in_formgrader_is_told_at_the_next_collect(lesson):
    set_up_class(None, {}, lesson.root)
    transfer("ReleaseAssignment", NAME, settings(lesson.root))
    with Book(settings(lesson.root)) as book:
        book.set_due(NAME, NOON)
    list(collect(["exchange"], lesson.root))
    assert announced(lesson.root, settings(lesson.root)) == KNOWN


def test_two_courses_of_one_id_are_told_in_a_line(lesson, botany):
    set_up_class(None, {NAME: NOON}, lesson.root)
    transfer("ReleaseAssignment", NAME, settings(lesson.root))
    line = ("Two courses have the id neural-networks: “Botany”, and “Neural networks from "
            "scratch”, whose folder in the exchange")
    for action in (lambda: copies.fetch(botany), lambda: set_up_class(None, {}, botany),
                   lambda: announce({}, botany, settings(botany))):
        with pytest.raises(UserError) as error:
            action()
        assert str(error.value).startswith(line)
        assert "\n" not in str(error.value)
    [done] = collect(["exchange"], botany)
    assert done.unread
    assert done.notices[0].startswith(line)
    assert not (botany / "work" / NAME).exists()
    assert announced(lesson.root, settings(lesson.root)) == KNOWN


@pytest.mark.parametrize("text", [
    "", "{", "[]", '{"title": 1}', '{"title": "Botany"}', "\xff", '{"title": "x", "deadlines": 3}'])
def test_a_damaged_announcement_is_none(lesson, text):
    config = settings(lesson.root)
    place(config).parent.mkdir()
    place(config).write_bytes(text.encode("latin-1"))
    assert announced(lesson.root, config) == {}


def test_an_exchange_that_a_teacher_can_not_write_to_is_a_notice(lesson, tmp_path, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(tmp_path / "gone"))
    [notice] = set_up_class(None, {NAME: NOON}, lesson.root).notices
    assert notice.startswith("Students can't see the deadlines, which aren't in the exchange. ")
    assert f"{tmp_path / 'gone'}" in notice


def test_what_is_announced_names_no_student(lesson):
    assert FILE == "course.json"
    set_up_class(None, {NAME: NOON}, lesson.root)
    assert json.loads(place(settings(lesson.root)).read_text()) == {
        "title": "Neural networks from scratch",
        "deadlines": {NAME: "2030-01-31T12:00:00+00:00"}}
