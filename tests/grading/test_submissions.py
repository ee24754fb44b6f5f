"""Every submission in a folder gets a result, also what is no file; no link is followed."""

import os
import shutil
from pathlib import Path

import pytest

from autograder.grading.submissions import Submission, find
from autograder.notebooks.parse import Unreadable
from support.demo import NAME, course

NOTEBOOK = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    return course(tmp_path_factory.mktemp("course") / "course")


@pytest.fixture
def place(tmp_path):
    """A student's folder of the lesson, empty, beside that of another student."""
    folder = tmp_path / "class" / "ann" / NAME
    folder.mkdir(parents=True)
    other = tmp_path / "class" / "bob" / NAME
    other.mkdir(parents=True)
    (other / f"{NAME}.ipynb").write_text(NOTEBOOK)
    return folder


def found(lesson, place):
    return {(one.student, one.assignment, one.path.name, one.other_name)
            for one in find(place.parents[1], lesson.root)}


@pytest.mark.parametrize(("make", "reason"), [
    (lambda path: path.mkdir(), "It is not a regular file."),
    (os.mkfifo, "It is not a regular file."),
    (lambda path: path.symlink_to(path.name), "It is a link, and those are not followed."),
    (lambda path: path.symlink_to("/dev/zero"), "It is a link, and those are not followed."),
    (lambda path: path.symlink_to(f"../../bob/{NAME}/{NAME}.ipynb"),
     "It is a link, and those are not followed."),
    (lambda path: (shutil.rmtree(path.parent), path.parent.symlink_to(f"../bob/{NAME}")),
     "is a link, and those are not followed."),
    (lambda path: (shutil.rmtree(path.parents[1]), path.parents[1].symlink_to("bob")),
     "is a link, and those are not followed."),
])
def test_what_is_no_file_of_the_students_own_is_found_and_refused(lesson, place, make, reason):
    make(place / f"{NAME}.ipynb")
    assert found(lesson, place) == {("ann", NAME, f"{NAME}.ipynb", None),
                                    ("bob", NAME, f"{NAME}.ipynb", None)}
    with pytest.raises(Unreadable, match=reason):
        Submission(place / f"{NAME}.ipynb", "ann", NAME).read()
    assert Submission(place.parents[1] / "bob" / NAME / f"{NAME}.ipynb", "bob", NAME).read()


def test_a_folder_above_the_students_may_be_a_link(place, tmp_path):
    """That is the teacher's."""
    (tmp_path / "link").symlink_to("class")
    one = Submission(tmp_path / "link" / "bob" / NAME / f"{NAME}.ipynb", "bob", NAME)
    assert one.read() == NOTEBOOK.encode()


@pytest.mark.parametrize("name", ["final.ipynb", f"{NAME}.IPYNB", f"{NAME}.ipynb.txt",
                                  f"{NAME}.json", NAME])
def test_a_notebook_under_another_name_is_the_students(lesson, place, name):
    (place / name).write_text(NOTEBOOK)
    (place / "data.csv").write_text("1,2")
    assert ("ann", NAME, name, name) in found(lesson, place)


@pytest.mark.parametrize("files", [[], ["data.csv"], ["a.ipynb", "b.ipynb"]])
def test_without_one_notebook_the_missing_one_is_the_submission(lesson, place, files):
    for name in files:
        (place / name).write_text(NOTEBOOK if name.endswith(".ipynb") else "1")
    assert ("ann", NAME, f"{NAME}.ipynb", None) in found(lesson, place)
    with pytest.raises(FileNotFoundError):
        Submission(place / f"{NAME}.ipynb", "ann", NAME).read()


def test_what_is_no_file_among_loose_notebooks_is_found(lesson, tmp_path):
    (tmp_path / "a.ipynb").mkdir()
    (tmp_path / "b.ipynb").symlink_to("b.ipynb")
    os.mkfifo(tmp_path / "c.ipynb")
    for one in (found := find(tmp_path, lesson.root)):
        with pytest.raises(Unreadable):
            one.read()
    assert [one.path.name for one in found] == ["a.ipynb", "b.ipynb", "c.ipynb"]


@pytest.mark.parametrize(("limit", "read"), [(3, b"abcd"), (5, b"abcdef"), (6, b"abcdef"),
                                             (9, b"abcdef")])
def test_at_most_one_byte_more_than_the_limit_is_read(tmp_path, limit, read):
    (tmp_path / "one.ipynb").write_bytes(b"abcdef")
    assert Submission(tmp_path / "one.ipynb").read(limit) == read


def test_a_file_longer_than_its_size_says_is_read_whole(tmp_path):
    """As one that grows while it is read; Linux's own /proc has files that say 0."""
    table = Path("/proc/self/environ")
    if not table.exists():
        pytest.skip("this system has no /proc")
    assert Submission(table).read() == table.read_bytes() != b""
