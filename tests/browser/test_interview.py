"""The mock interview on the start page: played by keys, judged, and remembered."""

import json
import re
import shutil

import pytest
from playwright.sync_api import expect

from autograder.course import ROOT
from browser.driver import Explorer, Lab, Notebook, share
from browser.keyboard import CONTROLS, stops, tabbed, unheard
from browser.server import Server
from utils import plots
from utils.interview.bank import bank, draw

pytestmark = pytest.mark.browser
# The first question's model answer has a formula; the questions themselves are plain text.
SEED = next(seed for seed in range(100) if "$" in draw(bank(), seed, 1, {})[0].answer
            and not any(set("*`$") & set(one.text) for one in draw(bank(), seed, 2, {})))
CELL = f"from utils.interview import Interview\n\nInterview({SEED}, questions=2)"


@pytest.fixture
def notebook(lab: Lab, server: Server) -> Notebook:
    shutil.copy(ROOT / "lessons" / "start.ipynb", server.work)
    lab.page.goto(f"{server.url}lab/tree/work/start.ipynb?reset")
    notebook = Notebook(lab.page, "work/start.ipynb")
    notebook.fill({"interview": CELL})
    for cell in ("setup", "interview"):
        notebook.run(cell)
    return notebook


def test_two_questions_are_answered_by_keys_and_remembered(
        notebook: Notebook, server: Server) -> None:
    first, second = draw(bank(), SEED, 2, {})
    room, keys = Explorer(notebook, "interview"), notebook.page.keyboard
    cells = len(notebook.sources)
    expect(room.root).to_contain_text("2 questions from 2 lessons, about")

    # Letters that are JupyterLab's commands, Enter, and Shift+Enter stay in the answer.
    room.part("start").focus()
    keys.press("Enter")
    expect(room.part("question")).to_contain_text(first.text)
    expect(room.part("answer")).to_be_focused()
    assert unheard(room.root, f"{CONTROLS}, textarea") == []
    keys.type("add a bias, dd")
    keys.press("Enter")
    keys.type("then x")
    keys.press("Shift+Enter")
    keys.press("ArrowUp")
    expect(room.part("answer")).to_have_value("add a bias, dd\nthen x\n")
    assert len(notebook.sources) == cells

    # The clock runs, says when time is up, and cuts nobody off.
    clock, bar = room.part("clock"), room.root.locator(".nn-time")
    expect(clock).to_contain_text(f"of {first.minutes}:00")
    expect(clock).not_to_contain_text("0:00 of")
    assert share(bar, plots.WRONG) == 0
    notebook.page.evaluate("Date.now = (now => () => now() + 200000)(Date.now)")
    expect(room.part("over")).to_contain_text("time would be up")
    expect(clock).to_contain_text(re.compile(r"^[3-9]:\d\d of"))
    assert share(bar, plots.WRONG) > 0.4
    expect(room.part("answer")).to_be_editable()

    # The model answer comes only now, with its formula, beside one's own.
    assert first.answer.split("$")[0].split("\n")[0] not in room.root.inner_text()
    keys.press("Tab")
    expect(room.part("show")).to_be_focused()
    keys.press("Enter")
    expect(room.part("model")).to_be_focused()
    expect(room.part("own")).to_contain_text("then x")
    expect(room.part("model").locator("mjx-container").first).to_be_visible()
    expect(room.part("model")).not_to_contain_text("$")
    assert tabbed(room.root) == [(role, True) for role in stops(room.root)] == [
        *((f"point-{k}", True) for k in range(len(first.points))), ("next", True)]
    assert unheard(room.root) == []
    room.part("point-0").focus()
    for _ in first.points:
        keys.press("Space")
        keys.press("Tab")
    expect(room.part("next")).to_be_focused()
    keys.press("Enter")

    # Nothing said of the second one.
    expect(room.part("question")).to_contain_text(second.text)
    expect(room.part("answer")).to_have_value("")
    keys.press("Tab")
    keys.press("Enter")
    expect(room.part("own")).to_contain_text("Nothing written")
    room.part("next").press("Enter")
    expect(room.part("record")).to_contain_text(
        f"You said {len(first.points)} of {len(first.points) + len(second.points)} points. "
        "1 question went badly")
    expect(room.part("table").locator(".nn-red")).to_contain_text(second.text)
    expect(room.part("note")).to_be_empty()

    # What was written can be copied for lesson 17, below its question; the empty one can't.
    room.root.locator("summary").click()
    expect(room.part("copied")).to_contain_text("1 of 4 are chosen.")
    assert room.root.locator("[data-role^=hand-in-]").count() == 1
    text = f"### {first.text}\n\nadd a bias, dd\nthen x"
    expect(room.part("handed-in")).to_have_value(text)
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    room.part("copy").press("Enter")
    expect(room.part("copied")).to_contain_text("Copied.")
    assert notebook.page.evaluate("navigator.clipboard.readText()") == text
    room.part("hand-in-0").press("Space")
    expect(room.part("handed-in")).to_have_value("")
    noted = json.loads((server.work / ".progress.json").read_text())["interview"]
    assert {key: facts["said"] for key, facts in noted.items()} == {
        first.key: len(first.points), second.key: 0}

    # The next interview begins with it, in this widget and when the cell is run again.
    room.part("again").press("Enter")
    expect(room.part("start")).to_be_focused()
    keys.press("Enter")
    expect(room.part("question")).to_contain_text(second.text)
    notebook.run("interview")
    room.part("start").press("Enter")
    expect(room.part("question")).to_contain_text(second.text)
    assert [said for said in notebook.failures() if "did not run" not in said] == []
