"""A student's way through the lessons: run, answer, be told, play, validate, submit."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from autograder.course import Lesson, lessons
from browser.driver import Explorer, Lab, Notebook, drag, press
from browser.server import Server
from support.answers import exercises, texts

pytestmark = pytest.mark.browser
PERCEPTRON, XOR = lessons()[:2]
every_lesson = pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)


@every_lesson
def test_a_blank_lesson_runs_to_its_end(lab: Lab, lesson: Lesson) -> None:
    notebook = lab.open_lesson(lesson.name)
    notebook.run_all()
    assert notebook.failures() == []
    for exercise in exercises(lesson):
        expect(notebook.card(exercise)).to_contain_text(f"{exercise}: not finished yet.")


def test_a_typed_answer_turns_the_card(lab: Lab) -> None:
    notebook = lab.open_lesson(PERCEPTRON.name)
    notebook.run_all()
    card = notebook.card("step")
    expect(card).to_contain_text("step: not finished yet.")

    keys = lab.page.keyboard
    notebook.type_over("step", "# YOUR CODE HERE", 2, "return 1.0 * (np.asarray(z) > 0)")
    keys.press("Shift+Enter")  # the answer
    keys.press("Shift+Enter")  # its tests, to which the first has led
    expect(card).to_contain_text("step: 1 of 3 checks here pass")
    expect(card).to_contain_text("step([-2. , -0.5,  0. ,  0.5,  2. ]): "
                                 "expected [0., 0., 1., 1., 1.], got [0., 0., 0., 1., 1.]")
    expect(card).to_have_attribute("data-passed", "false")

    notebook.type_over("step", "return 1.0 *", 1, "return 1.0 * (np.asarray(z) >= 0)")
    keys.press("Shift+Enter")
    keys.press("Shift+Enter")
    expect(card).to_contain_text("step: all 3 checks here pass; 4 more run when you submit.")
    expect(card).to_have_attribute("data-passed", "true")
    assert notebook.failures() == []


def test_the_perceptron_explorer_moves_by_the_students_functions(lab: Lab) -> None:
    notebook = lab.open_lesson(PERCEPTRON.name)
    notebook.run_all()
    cell = notebook.cell_with("PerceptronExplorer(flowers")
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("perceptron_predict")  # has no answer yet
    expect(explorer.part("mistakes")).to_have_text("?")

    answers = texts(PERCEPTRON)
    needed = ("step", "perceptron_predict", "perceptron_update", "margin")
    notebook.fill({name: answers[name] for name in needed})
    for name in (*needed, cell):
        notebook.run(name)
    expect(explorer.part("mistakes")).to_have_text("50")
    expect(explorer.part("note")).to_be_empty()

    # By keys, to a line that parts the flowers: petals shorter or longer than 2.5 cm.
    with explorer.another_picture():
        press(explorer.part("w1"), "ArrowRight", 20)
        press(explorer.part("b"), "ArrowLeft", 25)
        expect(explorer.part("equation")).to_have_text("1.00 x₁ + 0.00 x₂ − 2.50 = 0")
        expect(explorer.part("mistakes")).to_have_text("0")
    expect(explorer.part("margin")).to_have_text("0.50")
    expect(explorer.part("bound")).to_contain_text("≤")
    expect(explorer.part("picture")).to_have_attribute("aria-label", re.compile("0 mistakes in"))

    # By mouse, from the middle of the slider to its right: all flowers fire.
    with explorer.another_picture():
        drag(explorer.part("w2"), (0.5, 0.5), (0.9, 0.5))
        expect(explorer.part("w2-value")).to_have_text(re.compile(r"^[34]\.\d\d$"))
        expect(explorer.part("mistakes")).not_to_have_text("0")
        expect(explorer.part("bound")).to_have_text("–")

    # And by the student's own learning rule, from zero to the line it ends with.
    explorer.part("reset").click()
    expect(explorer.part("equation")).to_contain_text("0.00 x₁ + 0.00 x₂ + 0.00 = 0")
    updates = 0
    while explorer.part("mistakes").inner_text() != "0":
        updates += 1
        assert updates < 50
        with explorer.another_picture():
            explorer.part("update").click()
            expect(explorer.part("updates")).to_have_text(str(updates))
    assert updates > 1
    assert notebook.failures() == []


def test_the_xor_explorer_folds_by_the_students_function(lab: Lab) -> None:
    notebook = lab.open_lesson(XOR.name)
    notebook.run_all()
    cell = notebook.cell_with("XorFold(")
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_contain_text("two_layer_forward")
    expect(explorer.part("corner-00")).to_contain_text("?")

    notebook.fill({"two_layer_forward": texts(XOR)["two_layer_forward"]})
    for name in ("two_layer_forward", cell):
        notebook.run(name)
    expect(explorer.part("note")).to_be_empty()
    expect(explorer.part("message")).to_contain_text("of 4 right")

    # By keys, to OR and NAND, with AND behind them.
    with explorer.another_picture("input"), explorer.another_picture("hidden"):
        press(explorer.part("hidden1-angle"), "ArrowRight", 9)
        press(explorer.part("hidden1-offset"), "ArrowLeft", 7)
        press(explorer.part("hidden2-angle"), "ArrowLeft", 45)
        press(explorer.part("hidden2-offset"), "ArrowLeft", 7)
        expect(explorer.part("hidden2-angle-value")).to_have_text("−135°")
        expect(explorer.part("message")).to_contain_text("All four corners are right")
    for corner, label in (("00", 0), ("01", 1), ("10", 1), ("11", 0)):
        expect(explorer.part(f"corner-{corner}")).to_contain_text(f"→ {label} ✓")

    # By mouse: drag the output line away, and choose another activation.
    with explorer.another_picture("hidden"):
        drag(explorer.part("output-offset"), (0.62, 0.5), (0.95, 0.5))
        expect(explorer.part("message")).to_contain_text("Move the output line")
    with explorer.another_picture("hidden"):
        explorer.part("activation-none").click()
        expect(explorer.part("message")).to_contain_text("parallelogram")
    assert notebook.failures() == []


def test_a_hidden_line_is_dragged_by_mouse(lab: Lab) -> None:
    notebook = lab.open_lesson(XOR.name)
    notebook.fill({"two_layer_forward": texts(XOR)["two_layer_forward"]})
    cell = notebook.cell_with("XorFold(")
    for name in ("setup", "imports", "step", "two_layer_forward", cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("hidden1-offset-value")).to_have_text("0.00")
    with explorer.another_picture("input"):
        # The first line stands upright in the middle of the picture's inside.
        drag(explorer.part("input"), (0.55, 0.85), (0.75, 0.85))
        expect(explorer.part("hidden1-offset-value")).to_have_text(re.compile(r"^0\.[345]\d$"))


def test_validate_says_what_fails_and_when_all_passes(lab: Lab) -> None:
    notebook = lab.open_lesson(PERCEPTRON.name)
    answers = texts(PERCEPTRON)
    notebook.fill(answers | {"margin": answers["margin"].replace("min(", "max(")})
    said = validate(notebook)
    assert 'Checks("margin"' in said
    assert said.count("The following cell failed") == 1

    notebook.fill(answers)
    assert "Success! Your notebook passes all the tests." in validate(notebook)


def test_a_lesson_is_submitted_as_it_was_saved(lab: Lab, server: Server) -> None:
    notebook = lab.open_lesson(PERCEPTRON.name)
    notebook.type_over("step", "# YOUR CODE HERE", 2, "return 1.0 * (np.asarray(z) >= 0)")
    notebook.save()
    row = lab.open_assignments().locator("#fetched_assignments_list .list_item").filter(
        has_text=PERCEPTRON.name).first
    row.get_by_role("button", name="Submit").click()
    submitted = lab.page.locator("#submitted_assignments_list")
    expect(submitted).to_contain_text(PERCEPTRON.name)

    (sent,) = server.exchange.glob(f"inbound/*+{PERCEPTRON.name}+*/{PERCEPTRON.name}.ipynb")
    cells = {cell.id: cell.source for cell in nbformat.read(sent, as_version=4).cells}
    assert "return 1.0 * (np.asarray(z) >= 0)" in cells["step"]
    assert "NotImplementedError" not in cells["step"]


def validate(notebook: Notebook) -> str:
    """What nbgrader's button says. It takes any save that ends for its own, also an older one's."""
    notebook.save()
    notebook.view.get_by_role("button", name="Validate").click()
    dialog = notebook.page.get_by_role("dialog")
    said = dialog.inner_text()
    dialog.get_by_role("button", name="Ok").click()
    expect(dialog).to_have_count(0)
    return said
