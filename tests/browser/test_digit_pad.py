"""Lesson 17 in the browser: a digit drawn by mouse and by keys is read by the student's network,
and explained by the student's saliency map."""

import re

import pytest
from playwright.sync_api import Locator, expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, press
from support.answers import texts
from support.deadline import wait_until
from utils.widgets.kit.explorer import COLORS

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "17_capstone")
# A 1 as a stroke from the top to the bottom, in shares of the pad.
ONE = [(0.35, 0.25), (0.5, 0.06), (0.5, 0.5), (0.5, 0.94)]


def draw(pad: Locator, places: list[tuple[float, float]]) -> None:
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    mouse = pad.page.mouse
    for k, (x, y) in enumerate(places):
        mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=5)
        if k == 0:
            mouse.down()
    mouse.up()


def color(canvas: Locator, row: int, column: int) -> str:
    """The color of the middle of one of 8 × 8 cells."""
    return canvas.evaluate("""(canvas, [row, column]) => {
        const [x, y] = [column, row].map(k => Math.floor((k + 0.5) * canvas.width / 8));
        return "#" + [...canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)]
            .map(part => part.toString(16).padStart(2, "0")).join("");
    }""", [row, column])


def strongest(canvas: Locator) -> tuple[float, int, int]:
    """The slope of the largest size, as the map's description has it, and its row and column."""
    said = canvas.get_attribute("aria-label") or ""
    ends = re.findall(r"(\N{MINUS SIGN}?)([\d.]+) at row (\d), column (\d)", said)
    sign, size, row, column = max(ends, key=lambda end: float(end[1]))
    return (-1 if sign else 1) * float(size), int(row), int(column)


def marks_the_strongest(canvas: Locator) -> bool:
    slope, row, column = strongest(canvas)
    light = canvas.page.locator("body").get_attribute("data-jp-theme-light") == "true"
    ends = COLORS["heat" if light else "heatDark"]  # a test before may have chosen the theme
    return color(canvas, row, column) == ends[-1 if slope > 0 else 0].lower()


def test_a_drawn_digit_is_read_by_the_students_network(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    cell = notebook.cell_with("pad = DigitPad(")
    before = ("setup", "imports", "pieces", notebook.cell_with("def lesson_4_network("))
    for name in (*before, "train_digits", cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("waits for your train_digits")
    expect(explorer.part("message")).to_have_text("No answer yet.")

    notebook.fill({"train_digits": texts(LESSON)["train_digits"]})
    for name in ("train_digits", cell):
        notebook.run(name)
    message, pad, slopes = (explorer.part(name) for name in ("message", "pad", "map"))
    expect(explorer.part("note")).to_be_empty()
    expect(message).to_contain_text("Your network reads")
    expect(message).to_contain_text("It is")
    expect(explorer.part("how")).to_be_hidden()

    # The map: its strongest place has the strongest color, and another scan has another map. The
    # outline is of the new scan at once; what says whose the map is comes with the answer.
    for scan in ("scan-5", "scan-2"):
        before = slopes.get_attribute("aria-label") or ""
        with explorer.another_picture("map"):
            explorer.part(scan).click()
        expect(slopes).not_to_have_attribute("aria-label", before)
        expect(slopes).to_have_attribute("aria-label", re.compile(
            f"score of {explorer.part('label').text_content()}, 8 by 8"))
        wait_until(lambda: marks_the_strongest(slopes))  # described at once, painted a moment later

    # By mouse: soft edges, and a reading.
    explorer.part("clear").click()
    expect(message).to_have_text("No answer yet.")
    expect(slopes).to_have_attribute("aria-label", "No saliency map yet.")
    expect(explorer.part("advice")).to_contain_text("The pad is empty")
    draw(pad, ONE)
    expect(explorer.part("label")).to_have_text("1")
    expect(explorer.part("caption")).to_contain_text("Saliency for 1")
    expect(explorer.part("advice")).to_be_empty()

    # By keys: the pixel at the upper left, and half its ink.
    explorer.part("clear").click()
    press(pad, "Space")
    expect(pad).to_have_attribute("aria-label", "Pad of 8 by 8 pixels, 1 of them inked. Row 0, "
                                  "column 0: 16 of 16. Arrows move, space inks or clears, plus "
                                  "and minus change.")
    press(pad, "-", 2)
    press(pad, "ArrowRight", 2)
    press(pad, "ArrowDown")
    press(pad, "Space")
    press(pad, "ArrowUp")
    press(pad, "ArrowLeft", 2)
    expect(pad).to_have_attribute("aria-label", "Pad of 8 by 8 pixels, 2 of them inked. Row 0, "
                                  "column 0: 8 of 16. Arrows move, space inks or clears, plus and "
                                  "minus change.")
    expect(explorer.part("advice")).to_contain_text("2 pixels tall")

    # A small stroke, stretched to the whole pad.
    explorer.part("clear").click()
    draw(pad, [(0.2, 0.2), (0.2, 0.5)])
    expect(explorer.part("advice")).to_contain_text("pixels tall; the scans fill all 8 rows")
    explorer.part("fill").click()
    expect(explorer.part("advice")).to_be_empty()

    # A scan, by its button.
    explorer.part("scan-3").click()
    expect(message).to_contain_text("It is")

    # A network that predict doesn't show has no map, and the explorer says how to get one.
    silent = re.sub(r"\n.*predict\.networks = .*", "", texts(LESSON)["train_digits"])
    notebook.fill({"train_digits": silent})
    for name in ("train_digits", cell):
        notebook.run(name)
    expect(explorer.part("how")).to_contain_text("predict.networks = [(weights, biases)]")
    expect(slopes).to_have_count(0)
    expect(message).to_contain_text("Your network reads")

    # A function that forgets to return one label.
    broken = texts(LESSON)["train_digits"].replace(".argmax(axis=1)\n\n", "\n\n")
    notebook.fill({"train_digits": broken})
    for name in ("train_digits", cell):
        notebook.run(name)
    expect(explorer.part("note")).to_contain_text("an array of shape (1, 10)")
    assert all(failure.endswith("did not run") for failure in notebook.failures())
