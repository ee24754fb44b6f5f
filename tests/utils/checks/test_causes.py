"""What outside of an answer makes its checks fail, as a running notebook knows it."""

import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from support.markup import Page
from utils._checks import causes
from utils._diagnosis import lookup
from utils._diagnosis.misconception import Misconception

WRONG = "def layer(x):\n    return x + 1"
RIGHT = "def layer(x):\n    return 2 * x"
BLANK = "def layer(x):\n    raise NotImplementedError()"
NETWORK = "def network(x):\n    return layer(layer(x))"
HELPED = "def twice(x):\n    return layer(layer(x))\ndef network(x):\n    return twice(x)"
FIX = "`layer`, which your answer calls, fails its own checks: fix that one first."


def checks_of(name, expected):
    """A test cell as the build frames it; its score is kept as `score`."""
    return f"""
def _tests():
    from utils.checks import Checks
    check = Checks("{name}", points=1, visible=2, hidden=1)
    for x in (3.0, 4.0):
        with check("is right"):
            check.close(check.call({name}, x), float({expected} * x))
    return check.result()
score = globals().pop("_tests")()
"""


LAYER, NETWORKS = checks_of("layer", 2), checks_of("network", 4)


@pytest.fixture
def run(capsys, monkeypatch):
    """Runs cells as a kernel does and returns the last score."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # IPython brings its own
    monkeypatch.delattr(sys, "last_value", raising=False)
    monkeypatch.setattr(causes, "_passed", {})
    monkeypatch.setattr(lookup, "find", lambda name: Misconception("a_guess", "A hint."))
    config = Config({"HistoryManager": {"enabled": False}})
    shell = InteractiveShell.instance(config=config)

    def run(*cells):
        for source in cells:
            shell.run_cell(source, store_history=True)
        return shell.user_ns["score"]

    yield run
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("network", [NETWORK, HELPED, (
    "ways = {'plain': [layer]}\ndef network(x):\n    return ways['plain'][0](layer(x))"), (
    "class Network:\n    def run(self, x):\n        return layer(layer(x))\n"
    "def network(x):\n    return Network().run(x)")])
def test_an_earlier_answer_that_fails_is_said_first_and_the_caller_is_not_accused(run, network):
    score = run(WRONG, LAYER, network, NETWORKS)
    assert score.cause == FIX
    assert score.misconception is None
    assert str(score).splitlines()[1] == FIX
    page = Page(score._repr_mimebundle_()["text/html"])
    assert page.text.startswith("network: 0 of 2 checks here pass; 1 more runs when you submit."
                                + FIX.replace("`", ""))
    assert "behaves like" not in page.text


@pytest.mark.parametrize("cells", [
    (WRONG, LAYER, RIGHT, LAYER),  # mended
    (WRONG, LAYER, RIGHT),  # mended, and not checked since
    (WRONG, LAYER, WRONG.replace("1", "2")),  # nobody knows
    (WRONG,),
    (RIGHT, LAYER)])
def test_an_answer_that_is_not_known_to_fail_is_not_accused(run, cells):
    score = run(*cells, "def network(x):\n    return 5 * layer(x)", NETWORKS)
    assert score.cause == ""
    assert score.misconception is not None


@pytest.mark.parametrize("network", [
    "def network(x):\n    return 5 * x",
    "def network(x):\n    return 5 * x if x else x.layer",  # somebody else's
    "def network(x):\n    layer = 5\n    return layer * x"])
def test_an_answer_that_calls_no_other_is_on_its_own(run, network):
    score = run(WRONG, LAYER, network, NETWORKS)
    assert (score.cause, score.misconception.name) == ("", "a_guess")


def test_a_right_answer_is_told_nothing(run):
    network = "def network(x):\n    layer(x)\n    return 4 * x"
    assert run(WRONG, LAYER, network, NETWORKS).cause == ""


@pytest.mark.parametrize("cells", [(BLANK, LAYER), (BLANK,)])
def test_a_blank_answer_counts_as_failed(run, cells):
    score = run(*cells, NETWORK, NETWORKS)
    said = "`layer`, which your answer calls, is not finished yet: finish that one first."
    assert score.cause == said
    assert score.headline == "network: can't be checked yet."
    page = Page(score._repr_mimebundle_()["text/html"])
    assert page.text == score.headline + said.replace("`", "")


def test_what_may_return_is_not_blank(run):
    answer = ("def layer(x):\n    if isinstance(x, str):\n        raise NotImplementedError()\n"
              "    return 2 * x")
    assert run(answer, LAYER, "def network(x):\n    return 5 * layer(x)", NETWORKS).cause == ""


def test_of_answers_that_call_each_other_the_one_at_the_bottom_is_named(run):
    middle = "def middle(x):\n    return layer(x)"
    score = run(WRONG, LAYER, middle, checks_of("middle", 2),
                "def network(x):\n    return middle(layer(x))", NETWORKS)
    assert score.cause == FIX


def test_several_are_named_together(run):
    score = run(WRONG, LAYER, "def other(x):\n    return x", checks_of("other", 2),
                "def network(x):\n    return other(layer(x))", NETWORKS)
    assert score.cause == ("`layer` and `other`, which your answer calls, fail their own checks: "
                           "fix those first.")


@pytest.mark.parametrize(("cell", "said"), [
    ("float = 2.0", "`float` is a number in this notebook, no longer Python's"),
    ("float = 'x'", "`float` is a string in this notebook, no longer Python's"),
    ("import numpy\nsum = numpy.ones(2)", "`sum` is an array in this notebook, no longer Python's"),
    ("np = [1]", "`np` is a list in this notebook, no longer NumPy")])
def test_a_name_of_python_that_a_cell_has_taken_is_named(run, cell, said):
    score = run(cell, "def layer(x):\n    return np.add(sum([x]), x)", LAYER)
    assert score.cause == (f"{said}: a cell assigns to it. Use another name there, restart the "
                           "kernel, and run the cells again from the top.")


@pytest.mark.parametrize("cell", [
    "def sum(values):\n    return 0", "import numpy as np", "max = 3", "total = 3"])
def test_a_name_that_is_not_used_or_still_a_function_is_no_cause(run, cell):
    score = run(cell, "total = 1\ndef layer(x):\n    return sum([x]) + total", LAYER)
    assert score.cause == ""


def test_a_card_that_is_not_the_notebooks_own_knows_of_no_cause(run):
    run(WRONG, LAYER, NETWORK)
    hidden = NETWORKS.replace("(3.0, 4.0)", "(3.0, 4.0, 5.0)")
    assert run(hidden).cause == ""


@pytest.mark.parametrize(("answer", "said"), [
    ("def layer(x):\n    raise NotImplementedError()\n    return 2 * x",
     " There is code below `raise NotImplementedError()`: delete that line."),
    ("def layer(x):\n    '''Doubles.'''\n    y = 2 * x\n    raise NotImplementedError",
     " There is code above `raise NotImplementedError()`: delete that line."),
    ("def layer(x):\n    '''Doubles.'''\n    # later\n    raise NotImplementedError()", "")])
def test_code_beside_the_stubs_line_is_named(run, answer, said):
    score = run(answer, LAYER)
    assert score.outcomes[0].message == f"`layer` is not finished yet.{said}"
