"""The states in which the contact sheet shows each lesson's explorer.

A lesson without a scene is shown without its explorer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import expect

from browser.driver import Explorer, press


@dataclass(frozen=True)
class Scene:
    """What to show of an explorer.

    cell: a text in its cell. play: moves the explorer, and yields a caption for each picture.
    """

    cell: str
    play: Callable[[Explorer], Iterator[str]]


def perceptron(explorer: Explorer) -> Iterator[str]:
    """A line set by hand."""
    press(explorer.part("w1"), "ArrowRight", 24)
    press(explorer.part("w2"), "ArrowRight", 30)
    press(explorer.part("b"), "ArrowLeft", 20)
    yield "1 · A line with mistakes"
    press(explorer.part("b"), "ArrowLeft", 21)
    expect(explorer.part("mistakes")).to_have_text("0")
    yield "1 · A line that separates the flowers"


def xor(explorer: Explorer) -> Iterator[str]:
    """The first view, then OR and NAND with AND on top of them."""
    yield "2 · The first view"
    press(explorer.part("hidden1-angle"), "ArrowRight", 9)
    press(explorer.part("hidden1-offset"), "ArrowLeft", 7)
    press(explorer.part("hidden2-angle"), "ArrowLeft", 45)
    press(explorer.part("hidden2-offset"), "ArrowLeft", 7)
    expect(explorer.part("message")).to_contain_text("All four corners are right")
    yield "2 · Two lines fold the square so that one line separates it"


def forward_pass(explorer: Explorer) -> Iterator[str]:
    """One unit's sum, and the last step."""
    explorer.part("forward").click()
    press(explorer.part("unit"), "ArrowRight", 3)
    expect(explorer.part("sum")).to_contain_text("unit 4")
    yield "3 · One unit's sum"
    press(explorer.part("position"), "End")
    expect(explorer.part("message")).to_contain_text("It says")
    yield "3 · The network's answer"


def backprop(explorer: Explorer) -> Iterator[str]:
    """In the backward pass, and with a bug that the check finds."""
    explorer.part("end").click()
    for _ in range(3):
        explorer.part("undo").click()
    yield "4 · In the backward pass"
    explorer.part("end").click()
    explorer.part("bug-overwritten").check()
    expect(explorer.part("row-x")).to_have_class("nn-red")
    yield "4 · A bug that the check finds"


def activations(explorer: Explorer) -> Iterator[str]:
    """As it opens, with everything ticked on a larger input, and with damaged weights."""
    yield "5 · The first view"
    for box in explorer.root.locator("input[type=checkbox]").all():
        box.check()
    press(explorer.part("scale"), "ArrowRight", 30)
    explorer.part("layer-3").click()
    yield "5 · All functions, a larger input, layer 3"
    press(explorer.part("scale"), "ArrowLeft", 30)
    explorer.part("layer-1").click()
    explorer.part("network-damaged").click()
    expect(explorer.part("readings-ReLU")).to_contain_text("68%")
    yield "5 · The same functions after three steps that were too large"


def vanishing_gradients(explorer: Explorer) -> Iterator[str]:
    """Three lines to compare."""
    message = explorer.part("message")
    explorer.part("activation-ReLU").click()
    expect(message).to_contain_text("about 0.7")
    explorer.part("keep").click()
    explorer.part("scheme-he").click()
    expect(message).to_contain_text("It comes through")
    explorer.part("keep").click()
    explorer.part("activation-tanh").click()
    press(explorer.part("depth"), "ArrowRight", 20)
    expect(explorer.part("depth-value")).to_have_text("40")
    press(explorer.part("gain"), "ArrowRight", 25)
    expect(explorer.part("key")).to_contain_text("× 1.50")
    yield "6 · Two lines kept, and one for a deeper network"


def regularization(explorer: Explorer) -> Iterator[str]:
    """A run to the end, then one with early stopping."""
    message = explorer.part("message")
    explorer.part("train").click()
    expect(message).to_contain_text("Epoch 2000")
    yield "7 · Trained to the end"
    explorer.part("restart").click()
    expect(message).to_contain_text("first random weights")
    press(explorer.part("lam"), "ArrowRight", 3)
    press(explorer.part("patience"), "Home")
    press(explorer.part("patience"), "ArrowRight", 2)
    explorer.part("train").click()
    expect(message).to_contain_text("go back to the best look")
    yield "7 · Stopped early, next to the previous run"


def optimizers(explorer: Explorer) -> Iterator[str]:
    """The first view, then a narrower valley that runs diagonally."""
    yield "8 · Four ways down a valley along an axis"
    press(explorer.part("kappa"), "ArrowRight", 30)
    press(explorer.part("turn"), "ArrowRight", 45)
    press(explorer.part("rate"), "ArrowLeft", 40)
    expect(explorer.part("message")).to_contain_text("momentum")
    yield "8 · The same four in a diagonal valley"


def tuning(explorer: Explorer) -> Iterator[str]:
    """A search with 9 trials, and the averages of three budgets."""
    yield "9 · Nine trials each"
    for trials in (4, 9, 25):
        explorer.part(f"trials-{trials}").click()
        explorer.part("many").click()
        expect(explorer.part("averages")).to_contain_text(f"{trials}, log")
    yield "9 · Averages for three budgets"


def autograd(explorer: Explorer) -> Iterator[str]:
    """In the backward pass on a long and a short path, and a program of one's own."""
    explorer.part("preset-short and long path").click()
    expect(explorer.part("value-t")).to_be_attached()
    for _ in range(7):
        explorer.part("step").click()
    yield "10 · In the backward pass"
    explorer.part("program").fill("L = (a*b + c*2)*(a - b)**2 + tanh(a*c)")
    explorer.part("program").press("Enter")
    expect(explorer.part("value-t8")).to_be_attached()
    explorer.part("end").click()
    yield "10 · A program of one's own"


def normalization(explorer: Explorer) -> Iterator[str]:
    """Batch norm, then group norm with three groups."""
    expect(explorer.part("message")).to_contain_text("16 outputs move")
    yield "11 · With batch norm, one cell moves its channel in all examples"
    explorer.part("norm-group").click()
    explorer.part("groups-3").click()
    expect(explorer.part("message")).to_contain_text("8 outputs move")
    yield "11 · With three groups, it moves two channels of its own example"


def residual(explorer: Explorer) -> Iterator[str]:
    """Everything in, one block out, and half of them."""
    yield "12 · All blocks are in"
    explorer.part("block-6").click()
    expect(explorer.part("message")).to_contain_text("Without block 6:")
    yield "12 · One block is out"
    explorer.part("preset-Take out the first half").click()
    expect(explorer.part("message")).to_contain_text("Without blocks 1, 2, 3, 4, 5, and 6")
    yield "12 · The first half is out"


def convolution(explorer: Explorer) -> Iterator[str]:
    """A digit with a window, and a photograph with another kernel."""
    expect(explorer.part("message")).to_contain_text("6 × 6")
    yield "13 · A window on a digit"
    explorer.part("picture-china").click()
    expect(explorer.part("credit")).to_contain_text("Photograph")
    explorer.part("preset-horizontal edges").click()
    box = explorer.part("picture").bounding_box()
    assert box
    explorer.part("picture").hover(position={"x": 0.4 * box["width"], "y": 0.35 * box["height"]})
    expect(explorer.part("sum")).to_contain_text("Your map has")
    yield "13 · Level edges of a photograph"


def recurrent(explorer: Explorer) -> Iterator[str]:
    """A name as it opens, and forty letters where the states saturate."""
    yield "14 · A name, letter by letter"
    explorer.part("preset-forty letters").click()
    press(explorer.part("radius"), "ArrowRight", 10)
    expect(explorer.part("message")).to_contain_text("0.086")
    yield "14 · Forty letters, radius 1.5"


def attention(explorer: Explorer) -> Iterator[str]:
    """The last row of a name, then an earlier one without mask and scale."""
    expect(explorer.part("head-3")).to_contain_text("o at 7: 0.95")
    yield "15 · What the last letter looks at"
    explorer.part("name-jennifer").click()
    press(explorer.part("row"), "ArrowLeft", 3)
    explorer.part("with-masked").uncheck()
    explorer.part("with-scaled").uncheck()
    expect(explorer.part("caption")).to_contain_text("place 5")
    yield "15 · Without mask and scale"


def interpretability(explorer: Explorer) -> Iterator[str]:
    """Saliency as trained, and occlusion by size for a network that has forgotten everything."""
    expect(explorer.part("message")).to_contain_text("The trained network says 3.")
    yield "16 · The slopes of a score"
    explorer.part("method-occlusion").click()
    explorer.part("show-size").click()
    press(explorer.part("layers"), "End")
    expect(explorer.part("message")).to_contain_text("With 3 layers shuffled")
    yield "16 · The outline is still there, and the network has forgotten everything"
def capstone(explorer: Explorer) -> Iterator[str]:
    """A scan as it opens, then a stroke of the mouse."""
    expect(explorer.part("message")).to_contain_text("Your network reads")
    yield "17 · A scan on the pad"
    explorer.part("clear").click()
    pad = explorer.part("pad")
    box = pad.bounding_box()
    assert box
    page = pad.page
    for k, (x, y) in enumerate([(0.35, 0.15), (0.55, 0.08), (0.62, 0.3), (0.45, 0.5), (0.64, 0.7),
                                (0.55, 0.93), (0.32, 0.85)]):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if k == 0:
            page.mouse.down()
    page.mouse.up()
    expect(explorer.part("message")).to_contain_text("Your network reads")
    yield "17 · A digit drawn by mouse"


SCENES = {
    "01_perceptron": Scene("PerceptronExplorer(flowers", perceptron),
    "02_xor": Scene("XorFold(", xor),
    "03_forward_pass": Scene("ForwardSteps(", forward_pass),
    "04_backprop": Scene("GradientGraph(", backprop),
    "05_activations": Scene("ActivationExplorer(", activations),
    "06_vanishing_gradients": Scene("GradientFlow(delta_norms", vanishing_gradients),
    "07_regularization": Scene("RegularizationPlayground(l2_grad", regularization),
    "08_optimizers": Scene("Valley(stable_lr", optimizers),
    "09_tuning": Scene("SearchBench(random_search", tuning),
    "10_autograd": Scene("TapeExplorer(topological_order", autograd),
    "11_normalization": Scene("WhoShares(layernorm_forward", normalization),
    "12_residual": Scene("LesionBench(block_forward", residual),
    "13_convolution": Scene("lens = Lens(", convolution),
    "14_recurrent": Scene("Unrolled(rnn_step", recurrent),
    "15_attention": Scene("AttentionExplorer(attention", attention),
    "16_interpretability": Scene("says_who = SaysWho(", interpretability),
    "17_capstone": Scene("pad = DigitPad(", capstone),
}
