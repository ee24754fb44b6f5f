"""How soon an explorer answers: from a control's input to the last frame that it causes.

    make bench-latency, or python benchmarks/latency.py [--times 30] [LESSON...]

Opens each lesson in JupyterLab in a real Chromium, fills in the model answers, and moves every
slider and chooses every option of its explorer. A frame is one in which a canvas was painted, or,
in an explorer without a canvas, the one after its text or boxes changed. A knob of lesson 7 changes
the training that follows: it is turned at epoch 0, Step is pressed, and the first frame counts.
Lesson 17's pad has scans to press: the first frame shows the scan, the last one what is read in it.

The first row is ipywidgets' `interact`, with a Matplotlib figure of lesson 5's curves; the last
column says how many times as long that takes. Medians over the times, in milliseconds.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Locator

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from autograder.course import Lesson, find_lesson, lessons  # noqa: E402
from browser.driver import Lab, Notebook, browser  # noqa: E402
from browser.server import jupyterlab  # noqa: E402
from support.answers import texts  # noqa: E402

QUIET = 400  # ms without a new frame, and with an idle kernel, after which the answer is there
# Milliseconds from an act to the last frame, or the first one, in which `root` shows another thing;
# null if there is none.
MEASURE = """async (root, act, first, quiet) => {
    const frames = [];
    const seen = () => frames.push(performance.now());
    const changed = new MutationObserver(() => requestAnimationFrame(seen));
    if (root.querySelector("canvas")) root.addEventListener("nn-painted", seen);
    else changed.observe(root, { subtree: true, childList: true, attributes: true,
                                 characterData: true });
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const began = performance.now();
    act();
    let waits = began;
    while (performance.now() - waits < quiet && !(first && frames.length)) {
        await new Promise((done) => setTimeout(done, 5));
        waits = Math.max(waits, frames.at(-1) ?? 0);
        if (kernel.status !== "idle") waits = performance.now();
    }
    changed.disconnect();
    root.removeEventListener("nn-painted", seen);
    return frames.length ? frames.at(first ? 0 : -1) - began : null;
}"""
# Sets a control to another value.
SET = """(control, root) => {
    if (["range", "number"].includes(control.type)) {
        const step = Number(control.step) || (control.max - control.min) / 100;
        const up = Number(control.value) + step <= Number(control.max) && !control.dataset.down;
        if (!up) control.dataset.down = Number(control.value) - 3 * step > control.min ? "1" : "";
        control.value = Number(control.value) + (up ? step : -step);
        control.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (control.type === "radio") {
        root.querySelector(`input[name="${control.name}"]:not(:checked)`).click();
    } else {
        control.click();
    }
}"""
# Moves the slider of ipywidgets by a step.
ARROW = """(handle) => {
    handle.focus();
    handle.dispatchEvent(new KeyboardEvent("keydown",
                                           { key: "ArrowRight", keyCode: 39, bubbles: true }));
}"""
PRESSED_BEFORE = {"04_backprop": "end"}  # at the start its graph has next to nothing to show
TRAINING = {"07_regularization": ("lam", "p", "patience")}  # knobs of the training that follows
BUTTONS = {"17_capstone": ("scan-1", "scan-2")}  # pressed in turn
INTERACT = """
from ipywidgets import interact
import matplotlib.pyplot as plt
import numpy as np
z = np.linspace(-6, 6, 601)
@interact(alpha=(0.0, 2.0, 0.01))
def draw(alpha=0.1):
    fig, axes = plt.subplots(1, 2, figsize=(9.6, 4))
    axes[0].plot(z, leaky_relu(z, alpha)); axes[0].plot(z, gelu(z))
    axes[1].plot(z, leaky_relu_grad(z, alpha)); axes[1].plot(z, gelu_grad(z))
    plt.show()
"""


def controls(root: Locator) -> list[str]:
    """The explorer's sliders and boxes by role; of options that exclude each other the first."""
    inputs = root.locator("input").evaluate_all(
        "inputs => inputs.map(one => [one.dataset.role, one.type === 'radio' && one.name])")
    groups = [group for _, group in inputs]
    return [role for place, (role, group) in enumerate(inputs)
            if not group or group not in groups[:place]]


def after(control: Locator, act: str, root: str, first: bool = False) -> float | None:
    """Milliseconds until what an act on a control causes; root: its part of the page, in JS."""
    return control.evaluate(f"""(control, [first, quiet]) => {{
        const root = {root};
        return ({MEASURE})(root, () => ({act})(control, root), first, quiet);
    }}""", [first, QUIET])


EXPLORER = 'control.closest(".nn-explorer")'


def trained(knob: Locator, explorer: Locator) -> float | None:
    """Milliseconds from a knob's input, with Step right behind it, to the first frame."""
    restart = explorer.locator('[data-role="restart"]')
    after(restart, "(button) => button.click()", EXPLORER)
    step = f"""(control, root) => {{
        ({SET})(control, root);
        root.querySelector('[data-role="step"]').click();
    }}"""
    return after(knob, step, EXPLORER, first=True)


def interact(notebook: Notebook, times: int) -> list[float]:
    """Milliseconds of ipywidgets' own slider with a new figure for each value."""
    name = notebook.cell_with("ActivationExplorer(")
    notebook.fill({name: INTERACT})
    notebook.run(name)
    area = notebook.cell(name).locator(".jp-Cell-outputArea")
    area.locator("img").wait_for()
    handle = area.locator(".noUi-handle")
    figure = 'control.closest(".jp-Cell-outputArea").querySelector("img").closest(".jp-OutputArea")'
    return warm(lambda: after(handle, ARROW, figure), times)


def warm(measure: Callable[[], float | None], times: int) -> list[float]:
    """What is measured after the first time, where anything is drawn."""
    found = [measure() for _ in range(times)]
    return [one for one in found[1:] if one is not None]


def explored(notebook: Notebook, lesson: str, times: int) -> Iterator[tuple[str, list[float]]]:
    """For each control of the lesson's explorer its milliseconds."""
    root = notebook.view.locator(".nn-explorer").first
    root.scroll_into_view_if_needed()
    if lesson in PRESSED_BEFORE:
        root.locator(f'[data-role="{PRESSED_BEFORE[lesson]}"]').click()
    for name in controls(root):
        control = root.locator(f'[data-role="{name}"]')
        if name in TRAINING.get(lesson, ()):
            yield name, warm(partial(trained, control, root), times)
        else:
            yield name, warm(partial(after, control, SET, EXPLORER), times)
    if roles := BUTTONS.get(lesson):
        for name, first in (("scan, shown", True), ("scan, read", False)):
            yield name, warm(pressed(root, roles, first), times)


def pressed(explorer: Locator, roles: tuple[str, ...], first: bool) -> Callable[[], float | None]:
    """Presses the next of these buttons, and measures as `after` does."""
    turn = cycle([explorer.locator(f'[data-role="{role}"]') for role in roles])
    return lambda: after(next(turn), "(button) => button.click()", EXPLORER, first)


def row(name: str, control: str, times: list[float], interact: float) -> str:
    """A line of the table; interact: the median of ipywidgets'."""
    if not times:
        return f"{name:<24} {control:<22} nothing is drawn"
    median, worst = statistics.median(times), sorted(times)[int(0.9 * (len(times) - 1))]
    return (f"{name:<24} {control:<22} {median:7.1f} {worst:7.1f}   {len(times):3}"
            f" {interact / median:9.1f}")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="LESSON")
    parser.add_argument("--times", type=int, default=30)
    arguments = parser.parse_args()
    chosen = [find_lesson(name) for name in arguments.lessons] or lessons()
    print(f"{'lesson':<24} {'control':<22} {'median':>7} {'9 in 10':>7}  times  interact")
    with tempfile.TemporaryDirectory() as scratch, jupyterlab(Path(scratch)) as server, (
            browser()) as chromium:

        @contextmanager
        def opened(lesson: Lesson) -> Iterator[Notebook]:
            """The lesson with its model answers, run to its end."""
            server.new_student()
            with chromium.new_context(viewport={"width": 1400, "height": 1000}) as context:
                notebook = Lab(context, server).open_lesson(lesson.name)
                notebook.fill(texts(lesson))
                notebook.run_all()
                yield notebook
            server.end_kernels()

        with opened(find_lesson("05_activations")) as notebook:
            times = interact(notebook, arguments.times)
        base = statistics.median(times)
        print(row("interact, Matplotlib", "alpha", times, base), flush=True)
        for lesson in chosen:
            with opened(lesson) as notebook:
                for name, times in explored(notebook, lesson.name, arguments.times):
                    print(row(lesson.name, name, times, base), flush=True)


if __name__ == "__main__":
    main()
