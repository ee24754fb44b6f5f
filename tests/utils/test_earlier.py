"""A student's own functions, taken from the lesson they did before."""

import json

import nbformat
import pytest

from autograder.authoring.release import release_notebook
from support.demo import NAME, solution
from utils import earlier, progress


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Writes the student's copy of the demo lesson beside the folder of the next one."""
    later = tmp_path / "02_later"
    later.mkdir()
    monkeypatch.chdir(later)

    def write(**answers):
        made = release_notebook(solution())
        for cell in made.cells:
            cell.source = answers.get(cell.id, cell.source)
        (tmp_path / NAME).mkdir(exist_ok=True)
        nbformat.write(made, tmp_path / NAME / f"{NAME}.ipynb")

    return write


def test_a_students_own_functions_come_back(notebook, capsys):
    notebook(half="print('hello')\nhalf = lambda x: x / 2", double="def double(x): return x + x")
    half, double = earlier.mine(NAME, "half", "double")
    assert (half(3), double(3)) == (1.5, 6)
    assert earlier.mine(NAME, "double")(4) == 8
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("passed", "said"), [
    ({"half": False}, "Your `half` from 01_demo did not pass its checks when you last ran them.\n"),
    ({"half": False, "double": False},
     "Your `half` and `double` from 01_demo did not pass their checks when you last ran them.\n"),
    ({"half": True, "other": False}, ""), ({}, "")])
def test_what_did_not_pass_its_own_checks_is_said_and_comes_all_the_same(
        notebook, tmp_path, capsys, passed, said):
    notebook(half="def half(x): return x / 3", double="def double(x): return x + x")
    (tmp_path / progress.FILE).write_text(json.dumps(
        {NAME: {name: {"passed": value} for name, value in passed.items()}}))
    half, double = earlier.mine(NAME, "half", "double")
    assert (half(3), double(3)) == (1, 6)
    assert capsys.readouterr().out == said


def test_a_piece_that_can_not_be_read_is_told_and_costs_no_other(notebook):
    notebook(half="def half(x) return", double="def double(x): return x + x")
    with pytest.raises(ValueError, match=r"^Your 01_demo has no function `half` that could be"):
        earlier.mine(NAME, "half")
    assert earlier.mine(NAME, "double")(4) == 8


def test_no_notebook_is_told(notebook, tmp_path):
    with pytest.raises(ValueError, match=r"^There is no notebook of yours at .*Go on with"):
        earlier.mine(NAME, "half")
    for text in ("", "{}", "[]", "\0"):
        (tmp_path / NAME).mkdir(exist_ok=True)
        (tmp_path / NAME / f"{NAME}.ipynb").write_text(text)
        with pytest.raises(ValueError, match=r"^There is no notebook of yours at \S+"):
            earlier.mine(NAME, "half")
