"""The review on the start page: what feedback told comes back, answered by keys and remembered."""

import json
import shutil
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from autograder.course import ROOT
from browser.driver import Explorer, Lab, Notebook, share
from browser.keyboard import stops, tabbed, unheard
from browser.server import Server
from utils import plots
from utils._review import record

pytestmark = pytest.mark.browser
LESSON = "05_activations"
WRONG = {"lesson": LESSON, "handed_in": "2026-01-01 10:00:00 UTC", "wrong": [
    {"exercise": "quiz_spam", "chosen": "a", "right": "c",
     "question": "**Question 1.** Which output for $p \\in (0, 1)$?", "choices": [
         {"letter": "a", "text": "ReLU", "why": "ReLU has no *upper* limit."},
         {"letter": "b", "text": "tanh", "why": "It goes down to $-1$."},
         {"letter": "c", "text": "the sigmoid $\\sigma$", "why": "It lies between 0 and 1."}]},
    {"exercise": "relu", "misconception": "absolute_value", "hint": "What comes out for `-2`?",
     "cases": [{"call": "relu(-2.0)", "right": "0.0", "wrong": ["2.0", "-2.0"]}]},
    {"exercise": "silu", "misconception": "gate_alone", "hint": "What is multiplied?",
     "cases": []}]}


@pytest.fixture
def notebook(lab: Lab, server: Server) -> Notebook:
    """The start page of a student whose feedback told of three mistakes two days ago."""
    shutil.copy(ROOT / "lessons" / "start.ipynb", server.work)
    page = server.work / LESSON / "feedback" / "2026-01-01 10:00:00 UTC" / f"{LESSON}.html"
    page.parent.mkdir(parents=True)
    content = json.dumps(WRONG).replace("&", "&amp;").replace("'", "&#39;")
    page.write_text(f"<html><head><meta name='review' content='{content}'></head></html>")
    record.collect(server.work, date.today() - timedelta(days=2))
    lab.page.goto(f"{server.url}lab/tree/work/start.ipynb?reset")
    notebook = Notebook(lab.page, "work/start.ipynb")
    for cell in ("setup", "progress", "review"):
        notebook.run(cell)
    return notebook


def test_three_mistakes_come_back_by_keys_and_are_remembered(
        notebook: Notebook, server: Server) -> None:
    room, keys = Explorer(notebook, "review"), notebook.page.keyboard
    expect(notebook.cell("progress")).to_contain_text("3 questions are due in your review")
    expect(room.part("due")).to_contain_text("3 questions are due today.")
    room.part("start").focus()
    keys.press("Enter")

    # A question of the quiz, with formulas. Nothing says which is right before it is answered.
    question, verdict = room.part("question"), room.part("verdict")
    expect(question).to_be_focused()
    expect(question.locator("mjx-container").first).to_be_visible()
    expect(question).not_to_contain_text("Question 1.")
    assert "between 0 and 1" not in room.root.inner_text()
    assert share(room.root, plots.CLASS_COLORS[2]) == share(room.root, plots.WRONG) == 0
    assert unheard(room.root) == []
    room.part("check").press("Enter")
    expect(room.part("missing")).to_contain_text("Choose an answer first")
    room.root.locator("label", has_text="the sigmoid").click()
    assert tabbed(room.root) == [(role, True) for role in stops(room.root)]
    room.part("check").press("Enter")
    expect(verdict).to_be_focused()
    for said in ("Right", "It lies between 0 and 1.", "It comes back in 3 days"):
        expect(verdict).to_contain_text(said)
    assert share(verdict, plots.CLASS_COLORS[2]) > 0.002
    keys.press("Tab")
    expect(room.part("next")).to_be_focused()
    keys.press("Enter")

    # A call, whose wrong result is the one of then.
    expect(question).to_contain_text("relu(-2.0)")
    expect(question).to_be_focused()
    wrong = room.root.locator("label", has_text="2.0").filter(has_not_text="-").locator("input")
    wrong.focus()
    keys.press("Space")
    room.part("check").focus()
    keys.press("Enter")
    expect(verdict).to_be_focused()
    for said in ("Wrong", "That is what your answer returned then.", "absolute value",
                 "It comes back tomorrow"):
        expect(verdict).to_contain_text(said)
    assert share(verdict, plots.WRONG) > 0.002
    room.part("next").press("Enter")

    # Without numbers the student is the judge.
    expect(question).to_contain_text("gate alone")
    assert stops(room.root) == ["compare"]
    room.part("compare").press("Enter")
    expect(room.part("contract")).to_contain_text("What the lesson asks of silu")
    expect(room.part("contract")).to_contain_text("Returns")
    assert tabbed(room.root) == [(role, True) for role in stops(room.root)]
    room.part("knew").press("Enter")
    expect(verdict).to_contain_text("It comes back in 3 days")
    room.part("next").press("Enter")
    expect(room.part("record")).to_contain_text("2 of 3 right.")
    expect(room.part("table").locator(".nn-red")).to_contain_text("relu")
    expect(room.part("note")).to_be_empty()
    kept = json.loads((server.work / ".progress.json").read_text())["review"]
    assert {key.split()[1].strip(":"): facts["box"] for key, facts in kept.items()} == {
        "quiz_spam": 2, "relu": 1, "silu": 2}

    # Nothing is due anymore, in this widget and when the cell is run again.
    room.part("again").press("Enter")
    expect(room.part("due")).to_contain_text("Nothing is due today.")
    expect(room.part("due")).to_be_focused()
    notebook.run("review")
    expect(room.part("due")).to_contain_text("The next one comes back tomorrow")
    boxes = room.part("boxes").get_by_role("listitem")
    assert [text.split("\n") for text in boxes.all_inner_texts()] == [
        ["after 1 day", "1"], ["after 3 days", "2"], ["after 7 days", "0"],
        ["after 21 days", "0"], ["learned", "0"]]
    for box in boxes.all():  # each number is inside its own frame
        frame, number = box.bounding_box(), box.locator("strong").bounding_box()
        assert frame
        assert number
        assert frame["y"] < number["y"] < number["y"] + number["height"] < (
            frame["y"] + frame["height"])
    assert [said for said in notebook.failures() if "did not run" not in said] == []
