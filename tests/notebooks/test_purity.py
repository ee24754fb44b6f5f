"""Which functions can be called in the notebook's own process."""

import pytest
from nbformat.v4 import new_code_cell

from autograder.course import lessons
from autograder.notebooks import dependencies
from autograder.notebooks.cells import is_answer, is_tests
from autograder.notebooks.purity import pure
from support.answers import notebook

# Model answers that keep something from one call to the next, or stand beside one that does.
NOT_PURE = {"17_capstone": {"confusion", "calibration_error", "temperature",
                            "bootstrap_difference", "train_digits", "bugs"}}


def found(answer, *given, imports="import numpy as np\nimport math"):
    """The names that are pure where a student writes `answer` and the lesson gives the others."""
    own = [new_code_cell(answer)]
    return pure([*map(new_code_cell, (imports, *given)), *own], own)


@pytest.mark.parametrize("body", [
    "return x / 2",
    "x[0] = 1\n    x += 1\n    return x",
    "rng = np.random.default_rng(0)\n    return rng.normal(size=x)",
    "return np.linalg.norm(np.add.reduce(x)) + math.sqrt(2)",
    "with np.errstate(over='ignore'):\n        return np.exp(x)",
    "def inner(v):\n        return [v * k for k in range(3)]\n    return inner(x)",
    "try:\n        return {'W': x}['W']\n    except KeyError as e:\n        raise ValueError(e)",
    "from itertools import pairwise\n    return list(pairwise(x))",
    "return scale * helper(x) if callable(x) else print(x)",
    "global_ = []\n    global_.append(x)\n    return global_",
])
def test_a_function_that_leaves_no_trace_is_pure(body):
    helper = "def helper(x):\n    return -x"
    assert "f" in found(f"def f(x):\n    {body}", helper, "scale = 2.0\nshape = (1, 2)")


@pytest.mark.parametrize("answer", [
    "kept = []\ndef f(x):\n    kept.append(x)",
    "kept = {}\ndef f(x):\n    kept[0] = x",
    "kept = np.zeros(3)\ndef f(x):\n    return kept",
    "count = 0\ndef f(x):\n    global count\n    count += 1",
    "def f(x, kept=[]):\n    kept.append(x)",
    "def f(x, *, kept=np.random.default_rng(0)):\n    return kept.normal()",
    "def f(x):\n    f.kept = x",
    "def f(x):\n    f.__defaults__ = (x,)",
    "def f(x):\n    g = f\n    setattr(g, 'kept', x)",
    "def make():\n    kept = []\n    def inner(x):\n        kept.append(x)\n    return inner\n"
    "f = make()",
    "def make():\n    kept = 0\n    def inner(x):\n        nonlocal kept\n        kept += x\n"
    "    return inner\nf = make()",
    "from functools import cache\n@cache\ndef f(x):\n    return x",
    "@decorated\ndef f(x):\n    return x",
    "numbers = iter([1, 2])\ndef f(x):\n    return next(numbers)",
    "numbers = (k for k in [1, 2])\ndef f(x):\n    return next(numbers)",
    "def f(x):\n    np.random.seed(0)",
    "def f(x):\n    return np.random.normal(size=x)",
    "def f(x):\n    draw = np.random\n    return draw.rand()",
    "def f(x):\n    from numpy import random\n    return random.rand()",
    "from numpy.random import rand\ndef f(x):\n    return rand()",
    "import numpy.random as draw\ndef f(x):\n    return draw.rand()",
    "draw = np.random.rand\ndef f(x):\n    return draw()",
    "draw = np.random.default_rng(0)\ndef f(x):\n    return draw.normal()",
    "def f(x):\n    np.seterr(all='raise')",
    "def f(x):\n    np.set_string_function(print)",
    "from math import __spec__\ndef f(x):\n    return __spec__",
    "def f(x):\n    np.lib.stride_tricks.as_strided(x, (9,))[...] = 1",
    "def f(x):\n    np.exp = x",
    "def f(x):\n    exec('kept = 1')",
    "def f(x):\n    return open('kept', 'a')",
    "def f(x):\n    import os\n    os.environ['kept'] = '1'",
    "import warnings\ndef f(x):\n    warnings.simplefilter('ignore')",
    "def f(x):\n    class Kept:\n        pass\n    return Kept",
    "class Kept:\n    pass\ndef f(x):\n    return Kept",
    "f = lambda x, kept=[]: kept.append(x)",
    "def f(x):\n    return x\nf = f",
    "def f(x):\n    return x\nfor f in [print]:\n    pass",
    "def f(x):\n    return given(x)",
    "def f(x):\n    return data.load()",
    "def f(x):\n    return missing",
    "def sum(x):\n    kept.append(x)\nkept = []\ndef f(x):\n    return sum(x)",
    "def f(x):\n    return x\ndef f(x, kept=[]):\n    return kept",
    "def helper(x):\n    return kept\nkept = []\ndef f(x):\n    return helper(x)",
])
def test_a_function_that_may_leave_a_trace_is_not(answer):
    given = "from utils import data\nstore = []\ndef given(x):\n    store.append(x)"
    assert "f" not in found(answer, given)


@pytest.mark.parametrize("beside", [
    "np.exp = print", "np.exp.kept = 1", "del np.exp", "setattr(np, 'exp', print)",
    "vars(np)['exp'] = print", "np.__dict__['exp'] = print", "change(np)", "other = np",
    "from unittest import mock\nmock.patch('numpy.exp', print).start()", "import threading",
    "import builtins\nbuiltins.print = print", "%load_ext change", "get_ipython()", "1 +",
    "from numpy import *", "f.kept = []"])
def test_no_function_is_where_a_cell_may_have_changed_what_it_uses(beside):
    own = [new_code_cell("def f(x):\n    return x"), new_code_cell(beside)]
    imports = new_code_cell("import numpy as np")
    assert pure([imports, *own], own[:1]) == {"f"}
    assert pure([imports, *own], own) == frozenset()


@pytest.mark.parametrize("beside", [
    "print(f(2))", "x = np.linspace(0, 1)\nimport matplotlib.pyplot as plt\nplt.plot(x, f(x))",
    "rows = []\nfor k in range(3):\n    rows.append(f(k))", "np.random.seed(0)"])
def test_a_cell_that_tries_things_out_costs_no_other_its_purity(beside):
    own = [new_code_cell("def f(x):\n    return x"), new_code_cell(beside)]
    assert pure([new_code_cell("import numpy as np"), *own], own) == {"f"}


@pytest.mark.parametrize("inside", [
    f"{'lambda: ' * 80}{{}}", f"{'(' * 150}{{}}{')' * 150}", f"{'-' * 900}{{}}",
    f"{{}}{'[0]' * 900}", f"{{}}{'.T' * 900}"])
def test_nesting_is_no_trouble(inside):
    assert "f" in found(f"def f(x):\n    return {inside.format('x')}")
    assert "f" not in found(f"kept = []\ndef f(x):\n    return {inside.format('kept')}")


@pytest.mark.parametrize("text", [
    f"{'lambda: ' * 2000}x", f"{'lambda: ' * 9000}x", f"{'-' * 20_000}x",
    f"{'[' * 150}x{']' * 150}{'[0]' * 9000}"])
def test_nesting_without_end_is_survived(text):
    assert found(f"def f(x):\n    return {text}") <= {"f"}


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_the_answers_of_the_lessons_are_pure(lesson):
    release, solution = notebook(lesson.release), notebook(lesson.solution)
    released = {cell.id: cell.source for cell in release.cells}
    code = [cell for cell in solution.cells if cell.cell_type == "code" and not is_tests(cell)]
    own = [cell for cell in code if dependencies.is_own(cell, released)]
    answers = {cell.id for cell in release.cells if is_answer(cell) and cell.cell_type == "code"}
    assert {name for name in answers - pure(code, own)
            if not name.startswith("quiz")} == NOT_PURE.get(lesson.name, set())
