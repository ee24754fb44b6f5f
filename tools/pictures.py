"""Takes the README's pictures of JupyterLab: `make pictures`."""

import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from autograder.course import lessons
from browser.driver import PATIENCE, Explorer, browser, press
from browser.server import Server, jupyterlab
from camera import opened, piece
from support.answers import texts

HERE = Path(__file__).parent
LESSON = lessons()[0]
# A right idea that forgets the learning rate for the bias: the card points to b.
ALMOST = '''\
def perceptron_update(w, b, x, y, lr):
    error = y - step(w @ x + b)
    return w + lr * error * x, b + error'''


def main() -> None:
    """Write lesson.png and card.png beside this file."""
    expect.set_options(timeout=PATIENCE)
    with (tempfile.TemporaryDirectory() as scratch, jupyterlab(Path(scratch)) as server,
          browser() as chromium):
        answers = texts(LESSON)
        take_lesson(chromium, server, answers)
        server.end_kernels()
        server.new_student()
        take_card(chromium, server, answers | {"perceptron_update": ALMOST})


def take_lesson(chromium: Browser, server: Server, answers: dict[str, str]) -> None:
    """The explorer with a line set by hand that parts the flowers, and the text around it."""
    _, notebook = opened(chromium, server, LESSON, answers, width=1180, height=814)
    explorer = Explorer(notebook, notebook.cell_with("PerceptronExplorer(flowers"))
    press(explorer.part("w1"), "ArrowRight", 24)
    press(explorer.part("w2"), "ArrowRight", 30)
    press(explorer.part("b"), "ArrowLeft", 41)
    expect(explorer.part("mistakes")).to_have_text("0")
    heading = notebook.cell(notebook.cell_with("### Play: you against the promise"))
    heading.evaluate("cell => cell.scrollIntoView()")
    panel = notebook.page.locator("#jp-main-dock-panel")
    save("lesson.png", panel, panel, edge=0)


def take_card(chromium: Browser, server: Server, answers: dict[str, str]) -> None:
    """An exercise, its tests and the card below them, which says what is wrong."""
    _, notebook = opened(chromium, server, LESSON, answers, width=980, height=1200)
    card = notebook.card("perceptron_update")
    expect(card).to_have_attribute("data-passed", "false")
    exercise = notebook.cell("perceptron_update")
    exercise.evaluate("cell => cell.scrollIntoView({block: 'center'})")
    save("card.png", exercise.locator(".jp-InputArea-editor"), card, edge=8)


def save(name: str, first: Locator, last: Locator, edge: int) -> None:
    """From one element down to another, in 256 colours to keep the file small."""
    png = Image.open(BytesIO(piece(first, last, edge))).convert("RGB")
    png.quantize(256, dither=Image.Dither.NONE).save(HERE / name, optimize=True)
    first.page.context.close()


if __name__ == "__main__":
    main()
