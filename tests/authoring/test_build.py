"""Sources to files: all or nothing, and only what has changed."""

import subprocess
import sys

import nbformat
import pytest

from autograder.authoring.build import build, built
from autograder.authoring.source import LessonError
from autograder.course import Lesson, lessons
from autograder.errors import UserError
from support.demo import LESSON, NAME, course


@pytest.fixture
def lesson(tmp_path):
    return course(tmp_path)


def content(root):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in root.rglob("*") if path.is_file()}


def test_both_notebooks_are_written(lesson):
    for path in (lesson.solution, lesson.release):
        nbformat.validate(nbformat.read(path, as_version=4))
        text = path.read_text(encoding="utf-8")
        assert built(lesson.root)[path] == text.encode()
        assert text.endswith("}\n")
    assert "BEGIN SOLUTION" in lesson.solution.read_text()
    assert "BEGIN SOLUTION" not in lesson.release.read_text()


def test_what_is_fresh_is_left_alone(lesson):
    before = content(lesson.root)
    assert build(lesson.root) == []
    assert content(lesson.root) == before


def test_what_is_stale_or_gone_is_written(lesson):
    lesson.release.unlink()
    assert build(lesson.root) == [lesson.release]
    lesson.solution.write_text("{}")
    assert build(lesson.root) == [lesson.solution]
    lesson.source.write_text(LESSON.replace("Half of x.", "A half."))
    assert build(lesson.root) == [lesson.solution, lesson.release]


def test_built_twice_are_the_same_bytes(lesson, tmp_path_factory):
    again = course(tmp_path_factory.mktemp("again"))
    for place in ("solution", "release"):
        assert getattr(lesson, place).read_bytes() == getattr(again, place).read_bytes()


def test_a_broken_source_changes_no_file_of_any_lesson(lesson):
    lesson.source.write_text(LESSON.replace("A lesson", "Another lesson"))
    broken = lesson.root / "solutions" / "02_broken.py"
    broken.write_text(LESSON.replace("exercise: half", "task: half"))
    before = content(lesson.root)
    with pytest.raises(LessonError) as caught:
        build(lesson.root)
    assert str(caught.value).startswith(f"{broken}:{line_of('exercise: half')}: unknown role")
    assert content(lesson.root) == before


def test_lessons_are_found_in_the_order_of_their_numbers(tmp_path):
    (tmp_path / "solutions").mkdir()
    for name in ("10_ten.py", "02_two.py", "01_one.py", "_notes.py", "03_three.txt", "means.py",
                 "week10.py", "week2.py"):
        (tmp_path / "solutions" / name).write_text("")
    assert lessons(tmp_path) == [Lesson(name, tmp_path) for name in (
        "01_one", "02_two", "10_ten", "means", "week2", "week10")]
    (tmp_path / "course.toml").write_text(
        '[course]\ntitle = "T"\nid = "t"\norder = ["means", "10_ten"]\n')
    assert [one.name for one in lessons(tmp_path)] == [
        "means", "10_ten", "01_one", "02_two", "week2", "week10"]


@pytest.mark.parametrize(("name", "order", "message"), [
    ("week one", [], "week one.py: a lesson's name has letters, digits, - and _ only"),
    ("mean", ["means"], r"\[course\] order names means, and there is no .*solutions/means.py"),
])
def test_what_can_be_no_lesson_is_said_in_a_line(tmp_path, name, order, message):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / f"{name}.py").write_text(LESSON)
    (tmp_path / "course.toml").write_text(
        '[course]\ntitle = "T"\nid = "t"\n' + (f'order = {order}\n' if order else ''))
    with pytest.raises(UserError, match=message):
        build(tmp_path)
    assert not (tmp_path / "lessons").exists()


def line_of(text):
    return LESSON[:LESSON.index(text)].count("\n") + 1


def command(root, *arguments):
    return subprocess.run([sys.executable, "-m", "autograder", *arguments], cwd=root,
                          capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
def test_the_command_names_what_it_wrote(lesson):
    lesson.release.unlink()
    done = command(lesson.root, "build")
    assert (done.returncode, done.stdout, done.stderr) == (
        0, f"lessons/{NAME}/{NAME}.ipynb\n", "")
    assert command(lesson.root, "build").stdout == ""


@pytest.mark.slow
def test_the_command_refuses_a_broken_source_in_a_line(lesson):
    lesson.source.write_text(LESSON.replace("tests: half, 1 point", "tests: half"))
    done = command(lesson.root, "build")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f"{lesson.source}:{line_of('tests: half')}: write `# %% tests: name, N" in done.stderr
