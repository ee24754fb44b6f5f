"""An explorer without its kernel: it says so, and a notebook opened again shows its picture."""

import re

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, Notebook, press
from browser.server import Server
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = lessons()[0]
NEEDED = ("step", "perceptron_predict", "perceptron_update", "margin")


@pytest.fixture
def explorer(lab: Lab) -> Explorer:
    """Lesson 1's explorer, alive."""
    notebook = lab.open_lesson(LESSON.name)
    notebook.fill(texts(LESSON))
    cell = notebook.cell_with("PerceptronExplorer(flowers")
    for name in ("setup", "imports", *NEEDED, notebook.cell_with("flowers = data"), cell):
        notebook.run(name)
    one = Explorer(notebook, cell)
    expect(one.part("mistakes")).to_have_text("50")
    return one


def test_a_live_explorer_hides_its_picture(explorer: Explorer) -> None:
    expect(explorer.root).to_have_count(1)
    picture = explorer.root.page.locator(".nn-still:has(img[alt*='explorer with sliders'])")
    expect(picture).to_have_count(1)
    expect(picture).to_be_hidden()
    expect(explorer.part("gone")).to_have_text("")


def test_an_explorer_says_that_its_kernel_is_gone(explorer: Explorer) -> None:
    page = explorer.root.page
    press(explorer.part("w1"), "ArrowRight", 3)
    expect(explorer.part("w1-value")).to_have_text("0.15")
    page.evaluate("""() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
        .restart().then(() => null)""")
    expect(explorer.part("gone")).to_contain_text("The kernel behind this has stopped")
    expect(explorer.part("w1")).to_be_disabled()
    expect(explorer.part("update")).to_be_disabled()


def test_a_notebook_opened_again_shows_the_saved_picture(lab: Lab, server: Server,
                                                         explorer: Explorer) -> None:
    Notebook(lab.page, f"work/{LESSON.name}/{LESSON.name}.ipynb").save()
    server.end_kernels()
    lab.page.goto(f"{server.url}lab/tree/work/{LESSON.name}/{LESSON.name}.ipynb?reset")
    notebook = Notebook(lab.page, f"work/{LESSON.name}/{LESSON.name}.ipynb")
    cell = notebook.cell(notebook.cell_with("PerceptronExplorer(flowers"))
    picture = cell.locator("img.nn-figure")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => picture.naturalWidth") > 600
    expect(cell.get_by_text(re.compile("Error displaying widget|Loading widget"))).to_be_hidden()
    # The widget manager says it on the console as well.
    lab.complaints[:] = [said for said in lab.complaints if "widget model" not in said]
