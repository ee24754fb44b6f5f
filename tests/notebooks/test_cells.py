"""The checksum of released cells is nbgrader's own, without importing nbgrader."""

import subprocess
import sys

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.utils import compute_checksum

from autograder.course import ROOT
from autograder.notebooks.align import fits_checksum
from autograder.notebooks.cells import checksum, defines, heading, title
from support.answers import built_lessons, cell, notebook
from support.demo import release


@pytest.mark.parametrize("lesson", built_lessons(), ids=lambda lesson: lesson.name)
@pytest.mark.parametrize("kind", ["solution", "release"])
def test_the_checksum_is_nbgraders_on_every_cell_of_the_course(lesson, kind):
    named = [c for c in notebook(getattr(lesson, kind)).cells if "nbgrader" in c.metadata]
    assert named
    assert list(map(checksum, named)) == list(map(compute_checksum, named))
    if kind == "release":
        assert all(map(fits_checksum, named))


@pytest.mark.parametrize(("key", "value"), [
    ("grade", True), ("grade", False), ("solution", True), ("solution", False), ("locked", True),
    ("locked", False), ("points", 7), ("points", "2.5"), ("grade_id", "ä"), ("task", True)])
@pytest.mark.parametrize("name", ["double", "double-tests", "imports", "why"])
def test_the_checksum_is_nbgraders_for_any_settings(name, key, value):
    changed = cell(release(), name)
    changed.metadata.nbgrader.setdefault("points", 1)
    changed.metadata.nbgrader[key] = value
    assert checksum(changed) == compute_checksum(changed)


@pytest.mark.slow
def test_grading_a_notebook_does_not_import_nbgrader():
    """It takes longer to import than a notebook to grade."""
    code = ("import sys, runpy\nsys.argv = ['autograder', 'grade', sys.argv[1]]\n"
            "try:\n    runpy.run_module('autograder', run_name='__main__')\n"
            "except SystemExit:\n    pass\n"
            "print([name for name in sys.modules if name.partition('.')[0] in "
            "('nbgrader', 'sqlalchemy', 'tornado')])")
    done = subprocess.run([sys.executable, "-c", code, str(built_lessons()[0].release)], cwd=ROOT,
                          capture_output=True, text=True, check=True, timeout=120)
    assert "quiz_" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("source", "expected"), [
    ("def f(x):\n    return x", True), ("async def f():\n    pass", True), ("f = abs", True),
    ("f: object = abs", True), ("%%time\ndef f(x:", True), ("x = 1\ndef f(", True),
    ("def f2(x):\n    pass", False), ("    def f(x):\n        pass", False), ("f == 2", False),
    ("f(2)", False), ("g = f", False), ("", False)])
def test_what_defines_a_name_is_seen_also_where_python_can_not_read_it(source, expected):
    assert defines(source, "f") is expected


def test_a_title_is_plain_text_and_a_heading_markdown():
    made = new_notebook(cells=[new_markdown_cell("# 3 · What does `f` do?\n\nMore.")])
    assert title(made) == "3 · What does f do?"
    assert heading(made) == "3 · What does `f` do?"
    assert title(new_notebook()) == heading(new_notebook()) == ""
