"""A student hands in by the button at a lesson's end: from the click to the receipt."""

import re

import nbformat
import pytest
from playwright.sync_api import Locator, expect

from autograder.course import lessons
from browser.driver import CURRENT, Lab, Notebook
from browser.server import Server
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = lessons()[0]
BUTTON = f'from utils.hand_in import HandIn\n\nHandIn("{LESSON.name}")'


class Button:
    """The widget in the output of its cell. A part is told by its data-role."""

    def __init__(self, notebook: Notebook) -> None:
        if not any("HandIn(" in text for text in notebook.sources.values()):
            notebook.page.evaluate(f"""source => {{
                const model = {CURRENT}.content.model;
                model.sharedModel.insertCell(model.cells.length, {{cell_type: "code", source}});
            }}""", BUTTON)
        self.cell = notebook.cell_with("HandIn(")
        for name in ("setup", self.cell):
            notebook.run(name)
        self.root = notebook.cell(self.cell).locator(".nn-hand-in")

    def part(self, role: str) -> Locator:
        return self.root.locator(f'[data-role="{role}"]')

    def send(self) -> None:
        self.part("send").click()
        expect(self.part("mark")).to_be_visible()


def sent(server: Server, name: str) -> str:
    """The text of a cell as it arrived."""
    (path,) = server.exchange.glob(f"inbound/*+{LESSON.name}+*/{LESSON.name}.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    (found,) = (cell.source for cell in cells
                if cell.metadata.get("nbgrader", {}).get("grade_id") == name)
    return found


@pytest.fixture(autouse=True)
def empty(server: Server) -> None:
    """Nothing is handed in yet."""
    for path in server.exchange.glob("inbound/*"):
        path.rename(server.root / f"away-{path.name}")


def test_from_the_click_to_receipt_mark_and_feedback(lab: Lab, server: Server) -> None:
    notebook = lab.open_lesson(LESSON.name)
    answers = texts(LESSON)
    del answers["perceptron_fit"]  # not answered
    notebook.fill(answers)  # and not saved
    button = Button(notebook)
    button.part("check").click()
    expect(button.part("question")).to_have_text(re.compile(
        r"^1 of \d+ exercises has no answer yet: perceptron_fit\. Send it all the same\?$"))
    assert list(server.exchange.glob("inbound/*")) == []
    button.send()
    assert sent(server, "step") == answers["step"]

    (kept,) = (server.work / LESSON.name).glob("*.receipt-*.txt")
    receipt = button.part("receipt")
    expect(receipt).to_contain_text(f"{LESSON.name} is handed in")
    expect(receipt).to_contain_text(kept.name)
    (sha256,) = re.findall(r"SHA-256 +([0-9a-f]{64})", kept.read_text())
    expect(receipt).to_contain_text(sha256)
    expect(button.part("mark")).to_contain_text("points, hidden checks included")
    expect(button.part("mark").locator("tr", has_text="perceptron_fit")).to_contain_text(
        "no answer yet")

    button.part("open").click()
    page = button.part("page")
    expect(page).to_be_visible()
    expect(page).to_have_attribute("sandbox", "")  # nothing runs in it, so it is read from outside
    expect(page).to_have_attribute("srcdoc", re.compile("<h1>1 · The perceptron</h1>"))
    for theme in ("dark", "light"):
        lab.choose_theme(theme)
        expect(page).to_have_attribute("srcdoc", re.compile(f'<html [^>]*"{theme}">'))
    button.part("open").click()
    expect(page).to_be_hidden()

    # The kernel is free, and the stock list knows of both.
    listed = lab.open_assignments().locator("#submitted_assignments_list")
    expect(listed).to_contain_text(LESSON.name)


def test_a_doubled_cell_is_mended_in_what_is_sent(lab: Lab, server: Server) -> None:
    notebook = lab.open_lesson(LESSON.name)
    answers = texts(LESSON)
    notebook.fill(answers)
    notebook.cell("step").locator(".cm-line").first.click()
    notebook.page.keyboard.press("Escape")
    for command in ("notebook:copy-cell", "notebook:paste-cell-below"):
        notebook.command(command)
    button = Button(notebook)
    button.part("check").click()
    expect(button.part("looked")).to_contain_text("`step` was duplicated")
    button.send()
    expect(button.part("receipt")).to_contain_text("`step` was duplicated")
    assert sent(server, "step") == answers["step"]


def test_what_is_edited_while_it_asks_is_checked_again(lab: Lab, server: Server) -> None:
    notebook = lab.open_lesson(LESSON.name)
    answers = texts(LESSON)
    notebook.fill({name: text for name, text in answers.items() if name != "margin"})
    button = Button(notebook)
    button.part("check").click()
    expect(button.part("question")).to_contain_text("no answer yet: margin.")
    notebook.fill({"margin": answers["margin"]})
    button.part("send").click()
    expect(button.part("note")).to_contain_text("You have changed the notebook since")
    expect(button.part("question")).to_contain_text("exercises are answered. Send it?")
    assert list(server.exchange.glob("inbound/*")) == []
    button.send()
    assert sent(server, "margin") == answers["margin"]


def test_not_yet_sends_nothing(lab: Lab, server: Server) -> None:
    button = Button(lab.open_lesson(LESSON.name))
    button.part("check").click()
    button.part("not-yet").click()
    expect(button.part("note")).to_have_text("Nothing was sent.")
    expect(button.part("check")).to_be_enabled()
    assert list(server.exchange.glob("inbound/*")) == []


def test_where_the_page_can_not_save_it_says_so(lab: Lab, server: Server) -> None:
    notebook = lab.open_lesson(LESSON.name)
    button = Button(notebook)
    notebook.save()
    notebook.fill({"step": texts(LESSON)["step"]})
    # As where JupyterLab does not show itself: keys are all there is, and here they are caught.
    lab.page.evaluate("""() => {
        window.kept = window.jupyterapp;
        window.jupyterapp = window.jupyterlab = undefined;
        window.deaf = event => event.key === "s" && event.stopImmediatePropagation();
        window.addEventListener("keydown", window.deaf, true);
    }""")
    button.part("check").click()
    expect(button.part("note")).to_contain_text("could not be saved from here. Press Ctrl+S")
    # With the keys it works.
    lab.page.evaluate("() => window.removeEventListener('keydown', window.deaf, true)")
    button.part("check").click()
    expect(button.part("question")).to_be_visible()
    lab.page.evaluate("() => { window.jupyterapp = window.kept; }")
    saved = (server.work / LESSON.name / f"{LESSON.name}.ipynb").read_text()
    assert "np.where(" in saved


def test_an_exchange_that_is_gone_is_told(lab: Lab, server: Server) -> None:
    button = Button(lab.open_lesson(LESSON.name))
    exchange = server.exchange.parent
    exchange.rename(exchange.with_name("away"))
    try:
        exchange.write_text("")  # else the course's own settings make it anew
        button.part("check").click()
        expect(button.part("note")).to_contain_text("There is no exchange at")
    finally:
        exchange.unlink()
        exchange.with_name("away").rename(exchange)
