"""`fetch` is skipped only when it would find nothing to do, and then costs almost nothing."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder.authoring.build import build
from autograder.student import copies
from autograder.student.freshness import fetch_if_stale
from support import demo
from support.demo import LESSON, NAME


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course without a class."""
    return demo.course(tmp_path_factory.mktemp("made") / "course")


@pytest.fixture
def root(made, tmp_path, monkeypatch):
    """A student's clone, in which everything was fetched."""
    monkeypatch.delenv("NBGRADER_EXCHANGE", raising=False)
    shutil.copytree(made.root, tmp_path / "course")
    assert fetch_if_stale(tmp_path / "course").fetched == (NAME,)
    return tmp_path / "course"


@pytest.fixture
def fetches(monkeypatch):
    """The roots that were fetched in."""
    roots, whole = [], copies.fetch
    monkeypatch.setattr(copies, "fetch", lambda root: (roots.append(root), whole(root))[1])
    return roots


def test_where_nothing_has_changed_nothing_is_fetched(root, fetches):
    assert fetch_if_stale(root) is None
    assert fetches == []


def delete_a_copy(root):
    shutil.rmtree(root / "work" / NAME)


def lose_the_exchange(root):
    shutil.rmtree(root / "grading")


def change_a_release(root):
    (root / "lessons" / NAME / "data.csv").write_text("1,2\n")


def write_in_the_copy(root):
    path = root / "work" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source = "Mine."
    nbformat.write(notebook, path)


def write_in_the_start_page(root):
    (root / "work" / "start.ipynb").write_text("{}")


def make_progress(root):
    (root / "work" / ".progress.json").write_text(json.dumps(
        {NAME: {"double": {"passed": True}}}))


def change_the_code(root):
    with (root / "autograder" / "student" / "copies.py").open("a") as file:
        file.write("#\n")


@pytest.mark.parametrize("change", [
    delete_a_copy, lose_the_exchange, change_a_release, write_in_the_copy, write_in_the_start_page,
    make_progress, change_the_code])
def test_after_a_change_it_is_fetched_once(root, fetches, change):
    change(root)
    assert fetch_if_stale(root) is not None
    assert fetch_if_stale(root) is None
    assert fetches == [root]


def test_another_exchange_is_looked_into(root, fetches, tmp_path, monkeypatch):
    shutil.copytree(root / "grading" / "exchange", tmp_path / "exchange")
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(tmp_path / "exchange"))
    assert fetch_if_stale(root) is not None
    assert fetches == [root]


def test_what_a_student_has_to_know_is_said_each_time(root, fetches):
    (root / "solutions" / f"{NAME}.py").write_text(
        LESSON.replace("# # A lesson", "# # A newer lesson"), encoding="utf-8")
    build(root)
    assert fetch_if_stale(root).outdated == fetch_if_stale(root).outdated == (NAME,)
    (root / "work" / NAME / f"{NAME}.ipynb").write_text("{")
    assert fetch_if_stale(root).unreadable.keys() == fetch_if_stale(root).unreadable.keys() != set()
    assert len(fetches) == 4


def test_skipping_loads_no_jupyter(root):
    code = ("import sys\nfrom autograder.__main__ import main\nassert main(['fetch']) == 0\n"
            "assert not {'jupytext', 'nbformat', 'nbgrader', 'numpy'} & set(sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
