"""Which cells run: all that can change a mark."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.cells import binds, must_run


def run(released, **changed):
    """The ids of the cells that run, of a lesson `released` with some texts changed or added."""
    texts = {**released, **changed}
    cells = [new_code_cell(text, id=name) for name, text in texts.items()]
    return must_run(new_notebook(cells=[new_markdown_cell("# Title", id="title"), *cells]),
                    {**released, "title": "# Title"})


LESSON = {"setup": "import sys", "imports": "import numpy as np", "data": "table = np.ones(3)",
          "scale": "table[0] = 5", "figure": "picture = table + 1", "answer": "raise ValueError"}


def test_an_untouched_lesson_runs_its_setup_only():
    assert run(LESSON) == {"setup"}


def test_an_answer_brings_what_it_reads_and_what_that_reads():
    assert run(LESSON, answer="def f(x):\n    return x + table.sum()") == {
        "setup", "imports", "data", "scale", "answer"}


def test_a_functions_own_names_are_not_the_notebooks():
    assert run(LESSON, answer="def f(table):\n    picture = table\n    return picture") == {
        "setup", "answer"}


def test_cells_that_change_an_object_in_place_count():
    for text in ("table[0] = 1", "table.flags = 1", "table += 1", "del table[0]", "table[0] += 1"):
        assert "scale" in run({**LESSON, "scale": text}, answer="x = table"), text


def test_what_a_student_added_or_edited_runs_and_is_followed():
    assert run(LESSON, helper="help_me = picture") == {
        "setup", "imports", "data", "scale", "figure", "helper"}
    assert "data" in run(LESSON, figure="picture = table + 2")


@pytest.mark.parametrize("text", [
    "globals()['picture']", "eval('picture')", "exec('picture')", "get_ipython()",
    "from numpy import *", "import inspect", "import gc", "f.__globals__", "vars()",
    "__import__('os')", "%store picture", "In[1]", "import sys"])
def test_code_that_can_reach_any_name_runs_everything(text):
    assert run(LESSON, answer=f"def f():\n    return 1\n{text}") == set(LESSON)


def test_text_that_is_no_python_is_run_all_the_same():
    assert run(LESSON, answer="def f(:") == {"setup", "answer"}


@pytest.mark.parametrize(("source", "names"), [
    ("import a.b, c as d", {"a", "d"}), ("def f(x): y = 1", {"f"}), ("class C:\n    z = 1", {"C"}),
    ("for i in []: pass", {"i"}), ("def f():\n    global g\n    g = 1", {"f", "g"}),
    ("with a as b: pass", {"b"}), ("x = y = 1; (z := 2)", {"x", "y", "z"}), ("f(:", set()),
    ("%matplotlib inline\nq = 1", {"q"})])
def test_what_a_cell_binds(source, names):
    assert binds(source) - {"get_ipython"} == names
