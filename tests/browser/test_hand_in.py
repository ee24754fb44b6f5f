"""A student hands in by the button at a lesson's end: from the click to the receipt."""

import io
import json
import re
import time
from pathlib import Path

import nbformat
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from autograder.authoring.answers import model_answers
from autograder.course import lessons
from autograder.feedback.annotate import autograded
from autograder.feedback.mark_scheme import written_questions
from autograder.feedback.page import Key, page
from autograder.grading.result import Exercise, Result
from autograder.notebooks.rebuild import rebuild
from browser.driver import CURRENT, Lab, Notebook, press
from browser.keyboard import unheard
from browser.server import Server
from support import demo, quiz_lesson
from support.answers import cell, texts

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


def is_painted(target: Locator, seconds: float = 10) -> bool:
    """Whether an element's picture soon holds more than its background; its text doesn't tell."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        image = Image.open(io.BytesIO(target.screenshot())).convert("RGB")
        pixels = image.width * image.height
        if max(count for count, _ in image.getcolors(pixels) or []) < 0.98 * pixels:
            return True
    return False


@pytest.fixture
def lab(lab: Lab, server: Server) -> Lab:
    """JupyterLab, where nothing is handed in yet."""
    for path in server.exchange.glob("inbound/*"):
        path.rename(server.root / f"away-{path.name}")
    return lab


def test_from_the_click_to_receipt_mark_and_feedback(lab: Lab, server: Server) -> None:
    due = {LESSON.name: "2020-01-31T12:00:00+00:00"}
    (server.work / ".deadlines.json").write_text(json.dumps(due))
    told = server.exchange / "course.json"
    told.write_text(json.dumps({"title": "Neural networks from scratch", "deadlines": due}))
    notebook = lab.open_lesson(LESSON.name)
    answers = texts(LESSON)
    del answers["perceptron_fit"]  # not answered
    notebook.fill(answers)  # and not saved
    button = Button(notebook)
    late = re.compile(r"^It was due .*2020.*, so it counts as late, unless your teacher gave you")
    expect(button.part("due")).to_have_text(late)
    button.part("check").click()
    expect(button.part("question")).to_have_text(re.compile(
        r"^1 of \d+ exercises has no answer yet: perceptron_fit\. Send it anyway\?$"))
    assert list(server.exchange.glob("inbound/*")) == []
    button.send()
    assert sent(server, "step") == answers["step"]

    (kept,) = (server.work / LESSON.name).glob("*.receipt-*.txt")
    receipt = button.part("receipt")
    expect(receipt).to_be_focused()
    expect(receipt).to_contain_text(f"{LESSON.name} is handed in")
    expect(receipt).to_contain_text(kept.name)
    expect(receipt).to_contain_text("so it counts as late")
    told.unlink()
    (sha256,) = re.findall(r"SHA-256 +([0-9a-f]{64})", kept.read_text())
    expect(receipt).to_contain_text(sha256)
    expect(button.part("mark")).to_contain_text("points, hidden checks included")
    expect(button.part("mark").locator("tr", has_text="perceptron_fit")).to_contain_text(
        "no answer yet")

    press(button.part("open"), "Enter")
    framed = button.part("page")
    expect(framed).to_be_visible()
    expect(button.part("open")).to_be_focused()
    expect(framed).to_have_attribute("sandbox", "allow-scripts")  # and its policy knows the script
    shown = framed.content_frame
    expect(shown.get_by_role("heading", name="1 · The perceptron")).to_be_visible()
    for theme in ("dark", "light"):
        lab.choose_theme(theme)
        expect(framed).to_have_attribute("srcdoc", re.compile(f'<html [^>]*"{theme}">'))
        expect(shown.locator("#self-marked")).to_be_visible()
        assert is_painted(framed)
    total = shown.locator(".total")
    before = float(shown.locator("#score").inner_text())
    shown.locator(".item").first.locator("label", has_text="½").click()
    expect(total).to_contain_text(f"{before + 0.5:g} of ")
    expect(total).to_contain_text("0.5 of them self-marked")
    button.part("open").click()
    expect(framed).to_be_hidden()
    button.part("open").click()
    expect(total).to_contain_text("0.5 of them self-marked")
    assert is_painted(framed)
    button.part("open").click()

    # The kernel is free, and the stock list knows of both.
    listed = lab.open_assignments().locator("#submitted_assignments_list")
    expect(listed).to_contain_text(LESSON.name)


def page_alone(root: Path) -> str:
    """The page of somebody alone with a clone, who has answered two written questions."""
    solution, release = demo.solution(quiz_lesson.LESSON), demo.release(quiz_lesson.LESSON)
    student = demo.release(quiz_lesson.LESSON)
    for name in ("why", "what"):
        cell(student, name).source = "Because."
    result = Result("x", None, demo.NAME, exercises=[
        Exercise("double", 1.5, 2.0), Exercise("half", 0.0, 1.0, error="missing"),
        Exercise("why", 0.0, 3.0, needs_manual_grade=True),
        Exercise("what", 0.0, 2.0, needs_manual_grade=True),
        Exercise("quiz_twice", 0.0, 1.0, error="missing")])
    notebook = autograded(rebuild(student, release, onto=solution).notebook, release, result)
    path = root / "page.html"
    path.write_text(page(result, notebook, release, key=Key(
        model_answers(solution), tuple(written_questions(solution)))), encoding="utf-8")
    return path.as_uri()


def test_points_that_one_gives_oneself_are_added_and_kept(browser: Browser, tmp_path: Path) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        complaints: list[str] = []
        tab.on("console", lambda said: complaints.append(said.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(page_alone(tmp_path))
        total, items = tab.locator(".total"), tab.locator(".item")
        expect(total).to_have_text("1.5 of 9 points, 0 of them self-marked "
                                   "(2 answers still to mark)")
        for item, points in zip(items.all(), ("1", "½", "0"), strict=True):
            item.get_by_label(points, exact=True).check()
        expect(total).to_have_text("3 of 9 points, 1.5 of them self-marked "
                                   "(1 answer still to mark)")
        expect(tab.locator("tr", has_text="why").locator("td").nth(1)).to_have_text("1.5 / 3")
        tab.get_by_label("Points").fill("7")  # of 2
        expect(total).to_have_text("5 of 9 points, 3.5 of them self-marked")
        tab.reload()
        expect(total).to_have_text("5 of 9 points, 3.5 of them self-marked")
        tab.locator("summary").first.click()
        expect(tab.get_by_text("return 2 * np.asarray(x, dtype=float)")).to_be_visible()
        assert complaints == []


def test_the_page_is_read_and_marked_by_keys_alone(browser: Browser, tmp_path: Path) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto(page_alone(tmp_path))
        assert unheard(tab.locator("body"), "a[href], summary, input") == []
        stops = tab.locator("a[href], summary, input[type=number], .item input[value='0']")
        for stop in stops.all():
            tab.keyboard.press("Tab")
            expect(stop).to_be_focused()
            assert stop.evaluate("""stop => [stop, stop.nextElementSibling].some((one) => {
                const { outlineStyle, opacity } = one ? getComputedStyle(one) : {};
                return one && outlineStyle !== "none" && opacity !== "0";
            })""")
        item = tab.locator(".item").first
        press(item.get_by_label("0", exact=True), "ArrowRight")
        expect(item.get_by_label("½", exact=True)).to_be_checked()
        expect(tab.locator(".total")).to_contain_text("0.5 of them self-marked")
        press(tab.get_by_label("Points"), "ArrowUp", 2)
        expect(tab.locator(".total")).not_to_contain_text("0.5 of them self-marked")
        press(tab.locator("summary").first, "Enter")
        expect(tab.get_by_text("return 2 * np.asarray(x, dtype=float)")).to_be_visible()


def test_without_its_script_the_page_is_a_checklist_to_print(browser: Browser,
                                                             tmp_path: Path) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(page_alone(tmp_path))
        tab.emulate_media(media="print")
        expect(tab.locator(".total")).to_have_text("1.5 of 9 points", use_inner_text=True)
        expect(tab.locator("header")).to_contain_text("add your points to the total")
        box = tab.locator(".item input").nth(1)
        assert box.evaluate("box => getComputedStyle(box).opacity") == "1"
        box.check()
        assert tab.pdf()[:5] == b"%PDF-"


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
