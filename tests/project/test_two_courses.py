"""Two courses of one department: the same lesson names, one exchange, one home folder."""

import shutil

import nbformat
import pytest
from nbgrader.utils import get_username

from autograder.classroom.collect import collect
from autograder.classroom.setup import set_up_class
from autograder.course import Lesson
from autograder.feedback.publish import publish
from autograder.gradebook.exchange import transfer
from autograder.gradebook.settings import settings
from autograder.student import copies, submit
from autograder.student.look import look
from support import demo
from support.classes import RIGHT, answered, marks, run
from support.demo import NAME

IDS = ("neural-networks", "botany")
ANSWERS = {"neural-networks": RIGHT, "botany": {"half": RIGHT["half"]}}


@pytest.fixture
def courses(tmp_path, monkeypatch):
    """By id, the courses, with their lesson released into the exchange."""
    (tmp_path / "exchange").mkdir()
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(tmp_path / "exchange"))
    made = demo.course(tmp_path / IDS[0])
    shutil.copytree(made.root, tmp_path / IDS[1])
    path = tmp_path / IDS[1] / "course.toml"
    path.write_text(path.read_text().replace(f'id = "{IDS[0]}"', f'id = "{IDS[1]}"').replace(
        "Neural networks from scratch", "Botany"))
    for name in IDS:
        set_up_class(None, {}, tmp_path / name)
        transfer("ReleaseAssignment", NAME, settings(tmp_path / name))
    return {name: Lesson(NAME, tmp_path / name) for name in IDS}


def test_nothing_of_one_gets_into_the_other(courses, tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path / "home"))
    for name, lesson in courses.items():
        assert copies.fetch(lesson.root).fetched == (NAME,)
        copy = tmp_path / "home" / name / "work" / NAME / f"{NAME}.ipynb"
        nbformat.write(answered(lesson, ANSWERS[name]), copy)
        sent = submit.send(look(NAME, lesson.root), lesson.root)
        assert sent.course == name
    monkeypatch.delenv("AUTOGRADER_HOME")  # the teachers have clones of their own
    me, scores = get_username(), {}
    for name, lesson in courses.items():
        [done] = collect(["exchange"], lesson.root)
        assert done.became == [(me, NAME, "new")]
        run(lesson.root)
        scores[name] = marks(lesson.root)[me]["double-tests"][0]
        assert [page.reason for page in publish([NAME], lesson.root)] == [None]
        transfer("ReleaseFeedback", NAME, settings(lesson.root))
    assert scores == {"neural-networks": 2.0, "botany": 0.0}
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path / "home"))
    for name, lesson in courses.items():
        [page] = submit.fetch_feedback(NAME, lesson.root)
        assert page.is_relative_to(tmp_path / "home" / name)
