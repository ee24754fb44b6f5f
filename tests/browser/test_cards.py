"""What a student is told under a test cell: hangs, syntax errors, blanks, differences, hints."""

import pytest
from playwright.sync_api import Locator, expect

from autograder.course import lessons
from browser.driver import CURRENT, Lab, Notebook

pytestmark = pytest.mark.browser
PERCEPTRON = lessons()[0].name
RIGHT = "import numpy as np\ndef step(z):\n    return np.where(np.asarray(z) >= 0, 1.0, 0.0)"
WRONG = RIGHT.replace(">=", ">")
OPEN = "def step(z):\n    return (1.0 * z"
HANG = "def step(z):\n    while True:\n        try:\n            z = z + 1\n        except:\n" \
       "            pass"


def opened(lab: Lab) -> Notebook:
    """The lesson, ready for an answer."""
    notebook = lab.open_lesson(PERCEPTRON)
    notebook.run("setup")
    return notebook


def answered(notebook: Notebook, source: str, exercise: str = "step") -> Locator:
    """The card of an exercise after this answer."""
    notebook.fill({exercise: source})
    notebook.run(exercise)
    notebook.run(f"{exercise}-tests")
    return notebook.card(exercise)


def test_an_endless_answer_is_told_and_the_kernel_lives(lab: Lab) -> None:
    notebook = opened(lab)
    card = answered(notebook, HANG)
    expect(card).to_contain_text("step was still running after 10 s, at ")
    expect(card).to_contain_text("and 2 more checks fail the same way")
    expect(card).to_contain_text("Is there a loop that never ends?")
    expect(card.get_by_label("failed")).to_have_count(3)

    card = answered(notebook, RIGHT)
    expect(card).to_contain_text("step: all 3 checks here pass")


def test_a_syntax_error_is_told_until_it_is_mended(lab: Lab) -> None:
    notebook = opened(lab)
    notebook.run("step-tests")
    card = notebook.card("step")
    expect(card).to_contain_text("step is not defined. Run the cell with your answer first,")

    card = answered(notebook, OPEN)
    expect(card).to_contain_text("step: the cell with your answer did not run.")
    expect(card).to_contain_text("SyntaxError: '(' was never closed (line 2)")
    expect(card).to_have_attribute("data-passed", "false")

    card = answered(notebook, RIGHT)
    expect(card).to_have_attribute("data-passed", "true")

    card = answered(notebook, OPEN)  # the kernel still has the right one
    expect(card).to_contain_text("step: the cell with your answer did not run.")
    expect(card).to_contain_text("What follows is about your answer as it was before.")
    expect(card).to_have_attribute("data-passed", "false")


def test_the_exercise_that_is_still_blank_is_named(lab: Lab) -> None:
    notebook = opened(lab)
    notebook.run("step")
    card = answered(notebook, "def perceptron_predict(X, w, b):\n    return step(X @ w + b)",
                    "perceptron_predict")
    expect(card).to_contain_text("step, which your answer calls, is not finished yet")


def test_expected_stands_over_got_and_pictures_are_readable_on_both_themes(lab: Lab) -> None:
    notebook = opened(lab)
    card = answered(notebook, WRONG)
    table = card.locator("table")
    expect(table.first.locator("tr").nth(1)).to_have_text("expected00111")
    expect(table.first.locator("tr").nth(2)).to_have_text("got00≠ 011")
    for theme in ("light", "dark"):
        lab.choose_theme(theme)
        assert contrast(table.get_by_text("≠ 0").first) > 4.5
        assert contrast(card.get_by_label("failed").first) > 4.5
        assert contrast(card) > 4.5


def contrast(part: Locator) -> float:
    """Of a text with what is behind it, by the formula of WCAG 2; as it is painted."""
    return float(part.evaluate("""part => {
        const context = document.createElement("canvas").getContext("2d");
        const behind = [];
        for (let one = part; one; one = one.parentElement)
            behind.unshift(getComputedStyle(one).backgroundColor);
        const paint = colors => {
            for (const color of colors) {
                context.fillStyle = color;
                context.fillRect(0, 0, 1, 1);
            }
            const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map(value => {
                const share = value / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const page = paint(behind);
        const ink = paint([...behind, getComputedStyle(part).color]);
        return (Math.max(page, ink) + 0.05) / (Math.min(page, ink) + 0.05);
    }"""))


def test_hints_unfold_one_after_the_other_without_the_kernel(lab: Lab) -> None:
    notebook = opened(lab)
    card = answered(notebook, WRONG)
    lab.page.evaluate(f"() => {CURRENT}.sessionContext.shutdown()")
    first, second, third = (card.locator("summary", has_text=name) for name in (
        "A hint", "One more", "Nearly everything"))
    expect(second).to_be_hidden()
    first.click()
    expect(card.locator("code", has_text="z >= 0").first).to_be_visible()
    second.press("Enter")  # which JupyterLab would take for "edit this cell"
    expect(card.get_by_text("You need numbers rather than")).to_be_visible()
    expect(third).to_be_visible()
    third.press("Space")
    expect(card.locator("code", has_text="np.asarray")).to_be_visible()


def test_a_known_wrong_answer_is_named_with_its_hint(lab: Lab) -> None:
    notebook = opened(lab)
    card = answered(notebook, WRONG)
    expect(card).to_contain_text("It behaves like: strictly greater.")
    expect(card).to_contain_text("Your step is 0 at exactly z = 0.")
    card = answered(notebook, RIGHT)
    expect(card).to_have_attribute("data-passed", "true")
    expect(card).not_to_contain_text("It behaves like")


def test_a_passing_card_offers_no_hints(lab: Lab) -> None:
    notebook = opened(lab)
    card = answered(notebook, RIGHT)
    expect(card).to_have_attribute("data-passed", "true")
    expect(card.locator("details")).to_have_count(0)
