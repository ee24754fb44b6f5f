"""Which cells run: all that can change a mark."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebooks.dependencies import (
    binds,
    constant,
    mentioned_once,
    must_run,
    overwritten,
)


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


@pytest.mark.parametrize("source", [
    'def quiz():\n    return "b"',
    '# mine\ndef quiz():\n    """Which?"""\n    # this\n    return "b"',
    "def quiz(): return 'b'"])
def test_an_answer_that_is_one_letter_is_read(source):
    assert constant(source, "quiz") == "b"


@pytest.mark.parametrize("source", [
    'def other():\n    return "b"', 'def quiz(x):\n    return "b"', 'def quiz(*x):\n    return "b"',
    'def quiz(**x):\n    return "b"', 'def quiz(*, x=1):\n    return "b"',
    '@f\ndef quiz():\n    return "b"', 'def quiz() -> f():\n    return "b"',
    'async def quiz():\n    return "b"', 'def quiz():\n    print()\n    return "b"',
    'def quiz():\n    yield\n    return "b"', 'def quiz():\n    return "b" + x',
    "def quiz():\n    return 1", "def quiz():\n    return b'b'",
    'def quiz():\n    return "b"\nquiz = 1',
    'quiz = lambda: "b"', "def quiz(", 'def quiz():\n    "a"\n    "c"\n    return f"b"'])
def test_an_answer_that_does_more_has_to_be_asked(source):
    assert constant(source, "quiz") is None


@pytest.mark.parametrize(("other", "found"), [
    ("x = 1", True), ("quiz = 1", False), ("quiz.__code__ = 1", False), ("x = quiz", False),
    ("globals()['quiz'] = 1", False), ("import __main__", False),
    ("def f():\n    global quiz\n    quiz = 1", False)])
def test_a_name_of_which_another_cell_speaks_is_not_told(other, found):
    cells = [new_code_cell('def quiz():\n    return "b"', id="quiz"),
             new_code_cell("quiz", id="figure"), new_code_cell(other, id="own")]
    assert ("quiz" in mentioned_once(new_notebook(cells=cells), {"figure": "quiz"})) == found


@pytest.mark.parametrize(("cell", "found"), [
    ("float = 2.0", "float"), ("sum = 0\nx = 1", "sum"), ("x = sum = None", "sum"),
    ("float = lambda x: x", None), ("def f():\n    float = 2.0", None), ("max = 3", None),
    ("def float(x):\n    return x", None), ("floats = 2.0", None)])
def test_a_constant_in_the_place_of_a_function_of_pythons_is_found(cell, found):
    answer = "def f(x):\n    return float(sum(x))"
    cells = [new_code_cell(answer), new_code_cell(cell)]
    assert overwritten(answer, cells) == found
