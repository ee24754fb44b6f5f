"""Puts what students and teachers see onto one sheet, light beside dark: `make sheet`."""

import base64
import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from autograder.course import ROOT, Lesson, lessons
from browser.driver import PATIENCE, Explorer, Lab, Notebook, browser
from browser.server import Server, jupyterlab
from camera import opened, piece
from explorer_scenes import SCENES
from support.answers import texts, typed

TO = ROOT / "sheet"
THEMES = ("light", "dark")
DENSITY = 1.5  # pixels of a picture for each of CSS
MOST = 1100  # CSS pixels of a page from its top, or of a part of it, that are shown
STUDENTS = 24  # of a made-up class, in which each kind of student is
# An answer whose card shows numbers side by side, two curves, or a map; by lesson.
WRONG = {"01_perceptron": ("step", "strictly_greater"),
         "03_forward_pass": ("mlp_forward", "no_biases"),
         "05_activations": ("gelu", "relu")}
LARGE = '''\
from utils.checks import Checks
check = Checks("gelu", points=1, visible=2)
z = np.linspace(-4, 4, 60)
with check("a longer vector is shown as two curves"):
    check.close(check.call(relu, z), gelu(z))
with check("a larger matrix is shown as a map"):
    check.close(np.outer(relu(z), z), np.outer(gelu(z), z))
check.result()'''
PARTS = ("marks", "misconceptions", "items", "time", "alike", "students")  # of the class report


@dataclass(frozen=True)
class Pair:
    """One thing as a PNG in each theme. group: the heading that it stands under."""

    group: str
    name: str
    caption: str
    pictures: dict[str, bytes]


def main() -> None:
    """Write sheet.html, a picture of each of its groups, and every picture at full size."""
    expect.set_options(timeout=PATIENCE)
    TO.mkdir(exist_ok=True)
    for old in TO.glob("*.*"):
        old.unlink()
    figures: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as scratch, browser() as chromium:
        with jupyterlab(Path(scratch)) as server:
            for pair in in_jupyterlab(chromium, server):
                figures.setdefault(pair.group, []).append(figure(pair))
        for pair in on_pages(chromium, Path(scratch) / "class"):
            figures.setdefault(pair.group, []).append(figure(pair))
        write(chromium, figures)
    print(TO / "sheet.html")


# ---- JupyterLab


def in_jupyterlab(chromium: Browser, server: Server) -> Iterator[Pair]:
    """Explorers, cards, handing in, and, with some lessons done, the start page."""
    for lesson in lessons():
        lab, notebook = opened(chromium, server, lesson, texts(lesson), 1180, 1500, DENSITY)
        if scene := SCENES.get(lesson.name):
            explorer = Explorer(notebook, notebook.cell_with(scene.cell))
            for k, caption in enumerate(scene.play(explorer), start=1):
                yield both("Explorers", f"{lesson.name}-{k}", caption, lab, explorer.root)
        if lesson.name in WRONG:
            yield from cards(lab, notebook, lesson)
        if lesson.name == "05_activations":
            yield large_card(lab, notebook)
        if lesson == lessons()[0]:
            yield hand_in(lab, notebook)
        lab.page.context.close()
        server.end_kernels()
        if lesson == lessons()[2]:
            yield start_page(chromium, server)


def cards(lab: Lab, notebook: Notebook, lesson: Lesson) -> Iterator[Pair]:
    """A card that passes, and the same one when a known wrong answer stands there."""
    exercise, label = WRONG[lesson.name]
    if lesson == lessons()[0]:
        yield both("Cards", "card-passes", "All that can be seen passes", lab,
                   notebook.card(exercise))
    notebook.fill({exercise: typed(lesson.misconceptions, exercise, label)})
    for cell in (exercise, f"{exercise}-tests"):
        notebook.run(cell)
    card = notebook.card(exercise)
    expect(card).to_have_attribute("data-passed", "false")
    for name in ("A hint", "One more"):
        card.locator("summary", has_text=name).click()
    yield both("Cards", f"card-{exercise}", f"{exercise} fails, two hints unfolded", lab, card)


def large_card(lab: Lab, notebook: Notebook) -> Pair:
    """What a card shows of arrays that are too large for their numbers."""
    notebook.fill({"gelu": texts(lessons()[4])["gelu"], "gelu-tests": LARGE})
    for cell in ("gelu", "gelu-tests"):
        notebook.run(cell)
    card = notebook.card("gelu")
    expect(card.locator("svg")).to_have_count(2)
    return both("Cards", "card-large", "Curves, and a map of what differs", lab, card)


def hand_in(lab: Lab, notebook: Notebook) -> Pair:
    """The button at a lesson's end, after it was pressed and the question answered."""
    root = notebook.cell(notebook.cell_with("HandIn(")).locator(".nn-hand-in")
    for role in ("check", "send", "open"):
        root.locator(f'[data-role="{role}"]').click()
    expect(root.locator('[data-role="page"]')).to_be_visible()
    return both("Handing in", "hand-in", "Handed in: receipt, marks, the feedback page", lab, root)


def start_page(chromium: Browser, server: Server) -> Pair:
    """What `make lab` opens, as it is there, after its cells have run."""
    lab = Lab(chromium.new_context(viewport={"width": 1280, "height": 1300},
                                   device_scale_factor=DENSITY), server)
    lab.page.goto(f"{server.url}lab/tree/work/start.ipynb?reset")
    notebook = Notebook(lab.page, "work/start.ipynb")
    for cell in ("setup", "progress", "milestones"):
        notebook.run(cell)
    notebook.view.locator(".jp-Cell").first.evaluate("cell => cell.scrollIntoView()")
    pair = both("Start", "start", "What JupyterLab opens first", lab, lab.page.locator("#main"), 0)
    lab.page.context.close()
    server.end_kernels()
    return pair


def both(group: str, name: str, caption: str, lab: Lab, shown: Locator, edge: int = 6) -> Pair:
    """A part of JupyterLab in its two themes."""
    pictures = {}
    for theme in THEMES:
        lab.choose_theme(theme)
        if edge:
            shown.evaluate("one => one.scrollIntoView({block: 'center'})")
        lab.page.evaluate("document.activeElement.blur()")
        lab.page.wait_for_timeout(400)  # JupyterLab fades, canvases wait for their frame
        pictures[theme] = piece(shown, shown, edge)
    return Pair(group, name, caption, pictures)


# ---- pages


def on_pages(chromium: Browser, folder: Path) -> Iterator[Pair]:
    """Feedback and reports of a made-up class, for which the project's own commands run."""
    subprocess.run([sys.executable, ROOT / "benchmarks" / "class_demo.py", "--students",
                    str(STUDENTS), "--to", folder], check=True, stdout=subprocess.DEVNULL)
    with (folder / "planted.csv").open(encoding="utf-8", newline="") as file:
        one = next(row for row in csv.DictReader(file) if row["misconceptions"])
    student, lesson = one["student"], one["lesson"]
    grading = folder / "grading"
    feedback = grading / "feedback" / student / lesson / f"{lesson}.html"
    yield on_page(chromium, feedback, "feedback", "A student's feedback", "main")
    report = grading / "report"
    for part in PARTS:
        yield on_page(chromium, report / "report.html", f"report-{part}",
                      f"The class report: {part}", f"#{part}")
    own, = (report / "students").glob(f"{student}-*.html")
    yield on_page(chromium, own, "report-student", "A student's own report", "main")


def on_page(chromium: Browser, path: Path, name: str, caption: str, part: str) -> Pair:
    """A part of a page, by its CSS selector, for readers who like it light and dark."""
    pictures = {}
    for theme in THEMES:
        with chromium.new_context(viewport={"width": 1180, "height": 1000},
                                  device_scale_factor=DENSITY, color_scheme=theme) as context:
            page = context.new_page()
            page.goto(path.as_uri())
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": 1180, "height": height})
            shown = page.locator(part)
            pictures[theme] = piece(shown, shown, 0, MOST)
    return Pair("Pages of feedback and reports", name, caption, pictures)


# ---- the sheet


STYLE = """
body { margin: 0; background: #777; color: #fff; font: 15px/1.4 system-ui, sans-serif; }
section { padding: 20px; }
h1 { margin: 0 0 10px; font-size: 22px; }
figure { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; align-items: start; }
figure { margin: 0 0 26px; }
figcaption { grid-column: 1 / -1; }
img { width: 100%; }
"""


def figure(pair: Pair) -> str:
    """Write both pictures to files; an element that holds them."""
    print(pair.name, flush=True)
    images = ""
    for theme, data in pair.pictures.items():
        (TO / f"{pair.name}-{theme}.png").write_bytes(data)
        images += (f'<img alt="{escape(pair.caption)}, {theme}" src="data:image/png;base64,'
                   f'{base64.b64encode(data).decode()}">')
    return f"<figure><figcaption>{escape(pair.caption)}</figcaption>{images}</figure>"


def write(chromium: Browser, figures: dict[str, list[str]]) -> None:
    """The sheet, and a picture of each of its groups."""
    body = "".join(f"<section><h1>{group}</h1>{''.join(ones)}</section>"
                   for group, ones in figures.items())
    page = TO / "sheet.html"
    page.write_text(f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>The sheet</title>'
                    f"<style>{STYLE}</style>{body}</html>", encoding="utf-8")
    with chromium.new_context(viewport={"width": 1900, "height": 1000}) as context:
        one = context.new_page()
        one.goto(page.as_uri())
        for k, section in enumerate(one.locator("section").all(), start=1):
            section.screenshot(path=TO / f"sheet-{k}.png")


if __name__ == "__main__":
    main()
