"""How soon an explorer answers: from a control's input to the last frame that it causes.

    make bench-latency, or python benchmarks/latency.py [--times 30] [LESSON...]

Opens each lesson in JupyterLab in a real Chromium, fills in the model answers, moves every slider
and chooses every option of its explorer, and listens to the canvases. Medians over the times, in
milliseconds. The last row is ipywidgets' `interact`, with a Matplotlib figure of the same curves.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Locator

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from autograder.course import Lesson, lessons  # noqa: E402
from browser.driver import Lab, Notebook, browser  # noqa: E402
from browser.server import jupyterlab  # noqa: E402
from support.answers import texts  # noqa: E402

QUIET = 400  # ms without a new frame after which the answer is there
# Sets one control to another value; the time from there to the last frame within QUIET.
MEASURE = """async ([control, root, quiet]) => {
    let last = null;
    const seen = () => (last = performance.now());
    root.addEventListener("nn-painted", seen);
    const began = performance.now();
    if (control.type === "range") {
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
    while (performance.now() - Math.max(began, last ?? 0) < quiet) {
        await new Promise((done) => setTimeout(done, 20));
    }
    root.removeEventListener("nn-painted", seen);
    return last === null ? null : last - began;
}"""
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
INTERACT_MEASURE = """async ([area, quiet]) => {
    let last = null;
    const watch = new MutationObserver(() => (last = performance.now()));
    watch.observe(area, { childList: true, subtree: true, attributeFilter: ["src"] });
    const handle = area.querySelector(".noUi-handle");
    handle.focus();
    const began = performance.now();
    const key = { key: "ArrowRight", keyCode: 39, bubbles: true };
    handle.dispatchEvent(new KeyboardEvent("keydown", key));
    while (performance.now() - Math.max(began, last ?? 0) < quiet) {
        await new Promise((done) => setTimeout(done, 20));
    }
    watch.disconnect();
    return last === null ? null : last - began;
}"""


def opened(lab: Lab, lesson: Lesson) -> Notebook:
    """The lesson with its model answers, run to its end."""
    notebook = lab.open_lesson(lesson.name)
    notebook.fill(texts(lesson))
    notebook.run_all()
    return notebook


def controls(root: Locator) -> list[str]:
    """The explorer's sliders and boxes by role; of options that exclude each other the first."""
    inputs = root.locator("input").evaluate_all(
        "inputs => inputs.map(one => [one.dataset.role, one.type === 'radio' && one.name])")
    groups = [group for _, group in inputs]
    return [role for place, (role, group) in enumerate(inputs)
            if not group or group not in groups[:place]]


def row(name: str, control: str, times: list[float]) -> str:
    """A line of the table."""
    if not times:
        return f"{name:<24} {control:<22} nothing is drawn"
    worst = sorted(times)[int(0.9 * (len(times) - 1))]
    return f"{name:<24} {control:<22} {statistics.median(times):7.1f} {worst:7.1f}   {len(times):3}"


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="LESSON")
    parser.add_argument("--times", type=int, default=30)
    arguments = parser.parse_args()
    chosen = [one for one in lessons() if not arguments.lessons or one.name in arguments.lessons]
    print(f"{'lesson':<24} {'control':<22} {'median':>7} {'9 in 10':>7}  times")
    with tempfile.TemporaryDirectory() as scratch, jupyterlab(Path(scratch)) as server, (
            browser()) as chromium:
        for lesson in chosen:
            server.new_student()
            with chromium.new_context(viewport={"width": 1400, "height": 1000}) as context:
                notebook = opened(Lab(context, server), lesson)
                root = notebook.view.locator(".nn-explorer").first
                root.scroll_into_view_if_needed()
                for name in controls(root):
                    control = root.locator(f'[data-role="{name}"]')
                    times = [control.evaluate(
                        f"(control, quiet) => ({MEASURE})([control, "
                        'control.closest(".nn-explorer"), quiet])', QUIET)
                        for _ in range(arguments.times)]
                    print(row(lesson.name, name, [t for t in times[1:] if t is not None]),
                          flush=True)
                if "leaky_relu" in notebook.sources:
                    print(row("interact, Matplotlib", "alpha", interact(notebook, arguments.times)),
                          flush=True)
            server.end_kernels()


def interact(notebook: Notebook, times: int) -> list[float]:
    """Milliseconds of ipywidgets' own slider with a new figure for each value."""
    name = notebook.cell_with("ActivationExplorer(")
    notebook.fill({name: INTERACT})
    notebook.run(name)
    area = notebook.cell(name).locator(".jp-Cell-outputArea")
    area.locator(".noUi-handle").wait_for()
    area.locator("img").wait_for()
    found = [area.evaluate(f"(area, quiet) => ({INTERACT_MEASURE})([area, quiet])", QUIET)
             for _ in range(times)]
    return [one for one in found[1:] if one is not None]


if __name__ == "__main__":
    main()
