"""A test cell with its frame: it runs, says its score, and leaves nothing behind."""

import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.authoring.test_frame import FrameError, framed
from autograder.grading import test_cell

TESTS = '''\
import math

HALF = 0.5


def _twice(x):
    return 2 * x


with check("halves"):
    check.close(half(3.0), HALF * 3)
    check.close(half(_twice(2)), math.sqrt(4))
### BEGIN HIDDEN TESTS
with check("keeps \\
its lines"):
    x = """one
  two

three"""
    check.true(x == "one\\n  two\\n\\nthree", f"""it is
{x}""")
### END HIDDEN TESTS
'''


@pytest.fixture
def shell(monkeypatch):
    """Runs cells as a kernel does."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # IPython brings its own
    running = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    yield running
    InteractiveShell.clear_instance()


def names(shell):
    """What a student has, without what IPython keeps of outputs and inputs."""
    return {name: value for name, value in shell.user_ns.items() if not name.startswith("_")}


def test_a_test_cell_leaves_nothing_behind(shell):
    shell.run_cell("math, check, x, Checks = 'mine', 'my check', 'my x', 'my own'\n"
                   "def _twice(y):\n    return 7\ndef half(x):\n    return x / 2")
    before, twice = names(shell), shell.user_ns["_twice"]
    done = shell.run_cell(framed(TESTS, "half", 2))
    assert done.success
    assert repr(done.result) == "2.0"
    assert names(shell) == before
    assert shell.user_ns["_twice"] is twice
    assert not [name for name in shell.user_ns if "tests" in name]


def test_an_interrupted_test_cell_leaves_nothing_behind(shell):
    shell.run_cell("def half(x):\n    raise KeyboardInterrupt")
    before = names(shell)
    assert not shell.run_cell(framed(TESTS, "half", 2)).success
    assert names(shell) == before
    assert not [name for name in shell.user_ns if "tests" in name]


def test_what_tests_import_does_not_help_an_answer(shell):
    shell.run_cell("def half(x):\n    return math.sqrt(x * x) / 2")
    for _ in range(2):
        score = shell.run_cell(framed(TESTS, "half", 2)).result
        assert score == 1
        assert score.outcomes[0].message == (
            "`math` is imported by the tests' cell, not by yours: import it in your answer's cell.")


def test_an_answer_that_is_not_there_is_told_as_before(shell):
    score = shell.run_cell(framed(TESTS, "half", 2)).result
    assert score.outcomes[0].message.startswith("`half` is not defined. Run the cell with your")


def test_a_string_over_several_lines_keeps_its_text():
    assert test_cell.score(framed(TESTS, "half", 2), "half-tests", {"half": lambda x: x / 2}) == 2


def test_the_imports_at_the_top_stay_there():
    lines = framed(TESTS, "half", 2.5).splitlines()
    assert lines[:8] == ["def _tests_of_half():", "    import math",
                         "    from utils.checks import Checks", "",
                         '    check = Checks("half", points=2.5, visible=1, hidden=1)', "",
                         "    HALF = 0.5", ""]
    assert lines[8] == "    def _twice(x):"


def test_the_frame_names_the_parts_of_the_result():
    text = framed(TESTS, "half", 2, ("q", "rest"))
    assert 'visible=1, hidden=1,\n                   returns=("q", "rest"))\n' in text


def test_a_name_that_only_the_frame_binds_is_not_the_authors():
    with pytest.raises(FrameError, match="the tests use `Checks`"):
        framed('with check("a"):\n    half(Checks)', "half", 1)
