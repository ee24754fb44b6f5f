"""What IPython knows of the cell with an answer: a syntax error, an exception, an older answer."""

import sys
import warnings

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from utils._checks import answer_cell
from utils.checks import Checks

GOOD = "def f(x):\n    return x"
OPEN = "\ndef f(x):\n    return (x\n"
TESTS = """
from utils.checks import Checks
check = Checks("f", points=1, visible=1)
with check("is the same"):
    check.close(check.call(f, 1.0), 1.0)
score = check.result()
"""


@pytest.fixture
def shell(capsys, monkeypatch):
    """Runs cells as a kernel does; what it prints of errors is not of interest."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # IPython brings its own
    monkeypatch.delattr(sys, "last_value", raising=False)
    config = Config({"HistoryManager": {"enabled": False}})
    running = InteractiveShell.instance(config=config)
    yield running
    InteractiveShell.clear_instance()


def score(shell, *cells):
    """What the tests of f say after these cells."""
    for source in (*cells, TESTS):
        shell.run_cell(source, store_history=True)
    return shell.user_ns["score"]


def test_a_syntax_error_is_told_where_there_is_no_answer(shell):
    one = score(shell, OPEN)
    reason = "SyntaxError: '(' was never closed (line 2)"  # of the cell without its empty lines
    assert [o.message for o in one.outcomes] == [f"Your answer's cell did not run: {reason}."]
    assert one.headline == "f: the cell with your answer did not run."
    assert "data-passed='false'" in one._repr_mimebundle_()["text/html"]
    assert one == 0


@pytest.mark.parametrize("source", [
    "def f(x)\n    return x", "def f(x:\n    return x", "de f(x):\n    return x",
    "def f(x):\nreturn x", "    def f(x):\n  return x", "async def f(x):\n    return )",
    "def f(x):\n    return 'x", "f = lambda x: (", "%time\ndef f(x):\n    return x +"])
def test_every_kind_of_broken_answer_is_told(shell, source):
    (outcome,) = score(shell, source).outcomes
    assert outcome.error == "missing"
    assert "did not run: " in outcome.message
    assert "Error: " in outcome.message
    assert "(line " in outcome.message


def test_a_syntax_error_is_told_where_an_older_answer_is_still_there(shell):
    one = score(shell, GOOD, OPEN, "1 + 1")
    assert one == 1.0  # what the tests found is true of what there is
    assert one.headline == "f: the cell with your answer did not run."
    assert str(one).splitlines()[1].startswith(
        "SyntaxError: '(' was never closed (line 2). What follows is about your answer as it was")
    assert "data-passed='false'" in one._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize("cells", [
    (OPEN, GOOD), (OPEN, "f = abs"), (GOOD, "print(f(3"), (GOOD, "g(f = (3"),
    (GOOD, "def ff(x:\n    pass")])
def test_what_is_mended_or_of_another_cell_is_no_longer_told(shell, cells):
    one = score(shell, *cells)
    assert one.unread == ""
    assert one.headline == "f: the check here passes."


def test_an_exception_above_the_answer_is_told(shell):
    (outcome,) = score(shell, f"import math\nmath.tau()\n{GOOD}").outcomes
    assert outcome.message == ("Your answer's cell did not run: TypeError: 'float' object is not "
                               "callable (line 2).")


@pytest.mark.parametrize("cells", [(), ("1 / 0",), ("1 + 1",)])
def test_an_answer_that_was_never_run_is_told_as_such(shell, cells):
    (outcome,) = score(shell, *cells).outcomes
    assert outcome.message.startswith("`f` is not defined. Run the cell with your answer first")


def test_the_cells_warnings_are_not_told_again(shell):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shell.run_cell("def f(x):\n    return '\\d'", store_history=True)
        warnings.simplefilter("error")
        assert answer_cell.unreadable("f") == ""


def test_without_ipython_nothing_is_known(monkeypatch):
    assert answer_cell.shell() is None
    monkeypatch.delitem(sys.modules, "IPython")
    assert answer_cell.shell() is None
    assert answer_cell.unreadable("f") == answer_cell.failed("f") == ""
    assert Checks("f", points=1, visible=0).result().unread == ""
