"""The activation explorer in JupyterLab: ticked, zoomed and moved, by the student's functions."""

import re

import pytest
from playwright.sync_api import expect

from autograder.course import lessons
from browser.driver import Explorer, Lab, drag, press
from support.answers import texts

pytestmark = pytest.mark.browser
LESSON = next(lesson for lesson in lessons() if lesson.name == "05_activations")
ANSWERS = texts(LESSON)
NEEDED = ("sigmoid", "sigmoid_grad", "tanh_grad", "relu", "relu_grad", "leaky_relu",
          "leaky_relu_grad", "gelu", "gelu_grad", "silu", "silu_grad")


def test_the_activation_explorer_shows_the_students_functions(lab: Lab) -> None:
    notebook = lab.open_lesson(LESSON.name)
    notebook.fill({name: source for name, source in ANSWERS.items() if name != "gelu_grad"})
    cell = notebook.cell_with("ActivationExplorer(")
    for name in ("setup", "imports", "pieces", "training", *NEEDED,
                 notebook.cell_with("def mish(z)"), cell):
        notebook.run(name)
    explorer = Explorer(notebook, cell)
    expect(explorer.part("note")).to_be_empty()

    # A function without its slope costs a sentence, and only when it is ticked.
    explorer.part("function-GELU").check()
    expect(explorer.part("note")).to_contain_text("waits for your gelu_grad")
    explorer.part("function-GELU").uncheck()
    expect(explorer.part("note")).to_be_empty()

    # What only views moves at once: another function, another layer, another zoom.
    for role, picture in (("function-SiLU", "curve"), ("layer-3", "scores"), ("layer-2", "outputs"),
                          ("layer-3", "outputs"), ("zoom-12", "slope")):
        with explorer.another_picture(picture):
            explorer.part(role).click()
    expect(explorer.part("readings-SiLU")).to_be_visible()
    expect(explorer.part("outputs")).to_have_attribute("aria-label",
                                                       re.compile("^Outputs of layer 3"))

    # By keys, through the student's functions: a larger input flattens the sigmoid.
    explorer.part("layer-1").click()
    flat = explorer.part("readings-sigmoid").locator("td").nth(2)
    expect(flat).to_have_text("0%")
    assert edge_pixels(explorer) == 0
    with explorer.another_picture("outputs"):
        press(explorer.part("scale"), "ArrowRight", 50)
        expect(explorer.part("scale-value")).to_have_text("× 10.0")
        expect(flat).to_have_text(re.compile(r"^[5-9]\d%$"))
    # The scores that no longer fit into the window stand at its edges.
    explorer.part("zoom-3").click()
    expect(explorer.part("scores")).to_have_attribute("aria-label", re.compile(
        r"sigmoid: [2-4]\d% below -3, [2-4]\d% above 3"))
    assert edge_pixels(explorer) > 500
    explorer.part("zoom-6").click()

    expect(explorer.part("alpha")).to_be_disabled()
    expect(explorer.part("alpha-note")).to_contain_text("tick it")
    with explorer.another_picture("curve"):
        explorer.part("function-leaky ReLU").check()
    with explorer.another_picture("curve"):
        press(explorer.part("alpha"), "ArrowRight", 40)
        expect(explorer.part("alpha-value")).to_have_text("0.41")
    expect(explorer.part("alpha-note")).to_be_empty()

    # A score is dragged along the curves: tangents, slopes, outputs and the table move together.
    press(explorer.part("probe"), "Home")
    pictures = ("curve", "slope", "scores", "outputs")
    before = {role: pixels(explorer, role) for role in pictures}
    box = explorer.part("curve").bounding_box()
    assert box is not None
    middle = (48 + (box["width"] - 58) / 2) / box["width"]  # the score 0, between the margins
    drag(explorer.part("curve"), (0.3, 0.5), (middle, 0.4))
    for role in pictures:
        assert pixels(explorer, role) != before[role], role
    expect(explorer.part("probe-value")).to_have_text("0.00")
    expect(explorer.part("touch-sigmoid")).to_contain_text("0.500.25")
    press(explorer.part("probe"), "ArrowRight", 60)
    expect(explorer.part("touch-sigmoid")).to_contain_text("0.950.045")
    expect(explorer.part("probe")).to_have_attribute("aria-valuetext", re.compile(
        r"score 3\.00\. sigmoid: output 0\.95, slope 0\.045"))

    # The disaster: a few steps that are too large, with the student's own training loop.
    for _ in range(50):
        press(explorer.part("scale"), "ArrowLeft")
    dead = explorer.part("readings-ReLU").locator("td").nth(3)
    for network, share in (("trained", "8%"), ("damaged", "68%"), ("random", "0%")):
        with explorer.another_picture("outputs"):
            explorer.part(f"network-{network}").click()
            expect(dead).to_have_text(share)


def pixels(explorer: Explorer, role: str) -> str:
    """What a canvas shows once it has been painted."""
    return str(explorer.part(role).evaluate("""canvas => new Promise(done => requestAnimationFrame(
        () => requestAnimationFrame(() => done(canvas.toDataURL()))))"""))


def edge_pixels(explorer: Explorer) -> int:
    """How many strongly colored pixels there are at the right edge of the scores."""
    return int(explorer.part("scores").evaluate("""canvas => new Promise(done =>
        requestAnimationFrame(() => requestAnimationFrame(() => {
            const dense = canvas.width / canvas.clientWidth;
            const inside = canvas.clientWidth - 58, half = inside / 2.28;
            const from = Math.round((48 + inside / 2 + half * 1.05) * dense);
            const to = Math.round((48 + inside / 2 + half * 1.09) * dense);
            const { data } = canvas.getContext("2d").getImageData(
                from, 0, to - from, canvas.height);
            let found = 0;
            for (let k = 0; k < data.length; k += 4) {
                const rgb = data.slice(k, k + 3);
                if (data[k + 3] > 20 && Math.max(...rgb) - Math.min(...rgb) > 60) found++;
            }
            done(found);
        })))"""))
