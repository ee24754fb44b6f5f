"""Students get a copy with which they can work and hand in, and in which no solution is."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.freshness import build_if_stale
from autograder.authoring.student_tree import write_student_tree
from autograder.course import ROOT, Lesson, lessons
from autograder.errors import UserError
from autograder.student import copies, submit
from autograder.student.look import look
from support import demo
from support.demo import NAME


def tree(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The course itself, as students get it."""
    to = tmp_path_factory.mktemp("made") / "students"
    write_student_tree(to)
    return to


@pytest.fixture
def lesson(tmp_path):
    return demo.course(tmp_path / "course")


def test_all_that_students_work_with_is_there_and_nothing_else(made):
    names = tree(made)
    assert {Path(name).parts[0] for name in names if "/" in name} == {
        "autograder", "config", "docs", "lessons", "utils"}
    for lesson in lessons():
        assert f"lessons/{lesson.name}/{lesson.name}.ipynb" in names
    assert {"course.toml", "Makefile", "requirements.txt", "lessons/start.ipynb"} <= names
    assert not [name for name in names if "__pycache__" in name]
    listed = set(subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True,
                                check=True).stdout.splitlines())
    assert names - listed == {".student-tree.json"}


def test_no_solution_and_no_hidden_test_is_in_it(made):
    for path in sorted(made.rglob("*")):
        if path.suffix in (".ipynb", ".json") and path.name != ".student-tree.json":
            text = path.read_text(encoding="utf-8")
            for secret in ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME"):
                assert secret not in text, path
    assert not (made / "solutions").exists()
    assert not (made / "misconceptions").exists()


def test_a_student_fetches_and_hands_in_from_a_copy(lesson, tmp_path, monkeypatch):
    monkeypatch.delenv("NBGRADER_EXCHANGE", raising=False)
    root = tmp_path / "students"
    write_student_tree(root, lesson.root)
    assert [one.name for one in lessons(root)] == [NAME]
    before = tree(root)
    assert build_if_stale(root) == []
    assert tree(root) == before
    assert copies.fetch(root).fetched == (NAME,)
    looked = look(NAME, root)
    sent = submit.send(looked, root)
    assert submit.mark(looked, sent, root) is None  # the mark comes from a teacher


def test_the_copy_is_brought_up_to_date_and_what_else_is_there_stays(lesson, tmp_path):
    to = tmp_path / "students"
    first = write_student_tree(to, lesson.root)
    assert first.files == first.written == len(tree(to)) - 1
    (to / ".git").mkdir()
    (to / ".git" / "HEAD").write_text("ref")
    (to / "syllabus.md").write_text("ours")
    shutil.rmtree(lesson.release.parent)
    (lesson.root / "course.toml").write_text((lesson.root / "course.toml").read_text() + "\n")
    again = write_student_tree(to, lesson.root)
    assert (again.written, again.removed) == (1, 1)
    assert not (to / "lessons" / NAME / f"{NAME}.ipynb").exists()
    assert {".git/HEAD", "syllabus.md"} <= tree(to)
    assert write_student_tree(to, lesson.root).written == 0


def test_a_folder_of_something_else_is_left_alone(lesson, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    for to, why in ((tmp_path / "mine", "is not empty, and holds no earlier copy"),
                    (lesson.root, "is not empty"),
                    (lesson.root / "solutions" / "new", "is in a folder that students don't get"),
                    (tmp_path / "mine" / "thesis.tex", "Not a directory|File exists")):
        with pytest.raises(UserError, match=why):
            write_student_tree(to, lesson.root)
    assert tree(tmp_path / "mine") == {"thesis.tex"}


@pytest.mark.parametrize("text", ["{", "3", json.dumps(["../../etc/passwd"]), '["/etc/passwd"]'])
def test_a_damaged_list_deletes_nothing(lesson, tmp_path, text):
    to = tmp_path / "students"
    to.mkdir()
    (to / ".student-tree.json").write_text(text)
    with pytest.raises(UserError, match="is damaged; make the copy in a new folder"):
        write_student_tree(to, lesson.root)


def test_a_copy_of_a_copy_is_refused(lesson, tmp_path):
    write_student_tree(tmp_path / "students", lesson.root)
    with pytest.raises(UserError, match="is a copy for students already"):
        write_student_tree(tmp_path / "again", tmp_path / "students")


def test_where_there_are_no_solutions_what_needs_them_says_so(lesson, tmp_path):
    root = tmp_path / "students"
    write_student_tree(root, lesson.root)
    copies.fetch(root)
    for words in (["grade", "work"], ["autograde"], ["class", "init"], ["check", NAME]):
        done = subprocess.run([sys.executable, "-m", "autograder", *words], cwd=root,
                              capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 2
        assert done.stderr == (
            f"autograder: There is no folder {root / 'solutions'}. This is a copy of the course "
            "for students, with which nothing can be graded.\n")


@pytest.mark.slow
def test_the_command_says_what_it_wrote(lesson, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "student-tree", tmp_path / "students"],
        cwd=lesson.root, capture_output=True, text=True, timeout=120, check=True)
    count = len(tree(tmp_path / "students")) - 1
    assert done.stdout == (f"{tmp_path / 'students'} has {count} files and no solution; {count} "
                           "are new or changed, 0 were removed.\n")
    assert Lesson(NAME, tmp_path / "students").release.is_file()
