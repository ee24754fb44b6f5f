"""The card of a test cell names the misconception that the notebook's answer behaves like."""

import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.course import lessons
from support.markup import XSS, Page
from utils._cards.card import Outcome, Score
from utils._checks import answer_cell
from utils._course import course
from utils._diagnosis import lookup
from utils._diagnosis.misconception import Misconception


def right(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def strict(z):
    print("here")
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


def raises(z):
    raise ValueError(z)


def missing(z):
    raise NotImplementedError


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Makes a running notebook of lesson 1 with these names in it."""
    folder = tmp_path / lessons()[0].name
    folder.mkdir()
    monkeypatch.chdir(folder)

    def make(**names):
        shell = SimpleNamespace(user_ns=names,
                                history_manager=SimpleNamespace(input_hist_parsed=[]))
        monkeypatch.setattr(answer_cell, "shell", lambda: shell)
        return shell.user_ns
    return make


TESTS = """
def tests(hidden):
    import numpy as np
    from utils.checks import Checks

    check = Checks("step", points=2, visible=1, hidden=hidden)
    for _ in range(1 + hidden):
        with check("is 1 at 0 and above"):
            check.close(check.call(step, np.array([-1.0, 0.0])), [0.0, 1.0])
    return check.result()
"""


def score(names, hidden=0):
    exec(TESTS, names)
    return names["tests"](hidden)


def test_a_known_wrong_answer_is_named_with_its_hint(notebook, capfd):
    found = score(notebook(step=strict))
    assert found.misconception.name == "strictly_greater"
    for text in (str(found), Page(found._repr_mimebundle_()["text/html"]).text):
        assert "It behaves like: strictly greater." in text
        assert "Your step is 0 at exactly z = 0." in text
    assert repr(found) == "0.0"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("step", [right, raises, missing, lambda z: z + 7.0])
def test_without_a_likeness_nothing_is_said(notebook, step):
    found = score(notebook(step=step))
    assert found.misconception is None
    assert "behaves" not in str(found) + found._repr_mimebundle_()["text/html"]


def test_only_a_notebooks_own_checks_ask(notebook, monkeypatch):
    asked = []
    monkeypatch.setattr(lookup, "find", asked.append)
    names = notebook(step=strict)
    score(dict(names))  # a test cell that runs elsewhere in the same process
    score(names, hidden=1)  # a grader's
    assert asked == []
    score(names)
    assert asked == ["step"]
    notebook(step=missing)
    score(answer_cell.shell().user_ns)
    assert asked == ["step"]
    monkeypatch.setattr(answer_cell, "shell", lambda: None)
    score({"step": strict})
    assert asked == ["step"]


def test_where_there_is_no_file_of_wrong_answers_none_is_named(notebook, monkeypatch, tmp_path):
    names = notebook(step=strict)
    monkeypatch.setattr(lookup, "course", lambda: None)
    assert score(names).misconception is None
    elsewhere = replace(course(), root=tmp_path, folders={"misconceptions": "wrong"})
    monkeypatch.setattr(lookup, "course", lambda: elsewhere)
    assert score(names).misconception is None
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / f"{lessons()[0].name}.py").write_text(
        "def step__odd(z):\n    'Odd.'\n    return (z > 0) * 1.0\n\n\n"
        "def inputs_step(rng):\n    yield rng.normal(size=5),\n")
    assert score(names).misconception == Misconception("odd", "Odd.")
    lookup._known.cache_clear()
    (tmp_path / "wrong" / f"{lessons()[0].name}.py").write_text("this is no Python")
    assert score(names).misconception is None


def test_an_answer_that_hangs_on_other_inputs_ends_in_time(notebook, monkeypatch):
    def hangs(z):
        while np.size(z) != 2:
            pass
        return strict(z)

    monkeypatch.setattr(lookup, "SECONDS", 0.2)
    before = time.process_time()
    assert score(notebook(step=hangs)).misconception is None
    assert time.process_time() - before < 5


def test_nothing_in_a_name_or_a_hint_becomes_markup():
    outcome = Outcome("label", 1.0, False, "message", "failed")
    score = Score("f", 1, 1, 0, [outcome], misconception=Misconception(XSS, XSS))
    page = Page(score._repr_mimebundle_()["text/html"])
    assert set(page.tags) <= {"div", "span"}
