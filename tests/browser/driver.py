"""A person at JupyterLab in Chromium: driven by mouse, keys and commands, read off the page."""

import io
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from browser.server import Server

PATIENCE = 90_000  # ms for whatever the page is waited for; the machine may be busy
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]
CURRENT = "window.jupyterapp.shell.currentWidget"
CELLS = f"{CURRENT}.content.widgets"


def chromium(own: str) -> str:
    """The path of a Chromium: $CHROMIUM, the system's, or `own`, which Playwright installs.

    Raises FileNotFoundError: a browser test without a browser fails, it is never skipped.
    """
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome", own]
    for name in names:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(
        f"CHROMIUM names {named}, which can't be run." if named else
        "There is no Chromium. Install one (on Debian: apt install chromium; anywhere: python -m "
        "playwright install chromium), or name yours: make test-browser CHROMIUM=/path/to/it")


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, started and ended."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium(playwright.chromium.executable_path), args=ARGUMENTS,
            timeout=PATIENCE)
        try:
            yield launched
        finally:
            launched.close()

# What JupyterLab says when a test ends the kernel while it asks it for breakpoints.
KERNEL_IS_GONE = "Could not restore the debugger state: Canceled future"


class Lab:
    """One person's JupyterLab. complaints: what the browser's console called an error."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        context.set_default_timeout(PATIENCE)
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: (
            said.type == "error" and not said.text.startswith(KERNEL_IS_GONE)
            and self.complaints.append(f"{said.text} ({said.location['url']})")))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{server.url}lab?token={server.token}&reset")
        self.page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")

    def open_lesson(self, name: str) -> "Notebook":
        """Click the way from work/, where JupyterLab starts, to the lesson."""
        files = self.page.locator(".jp-FileBrowser .jp-DirListing-itemName")
        files.get_by_text(name, exact=True).dblclick()
        files.get_by_text(f"{name}.ipynb", exact=True).dblclick()
        return Notebook(self.page, f"work/{name}/{name}.ipynb")

    def open_assignments(self) -> Locator:
        """Nbgrader's Assignment List, by its menu."""
        self.page.get_by_role("menuitem", name="Nbgrader").click()
        self.page.get_by_role("menuitem", name="Assignment List").click()
        return self.page.locator("#nbgrader-assignment-list")

    def choose_theme(self, theme: str) -> None:
        """JupyterLab's "light" or "dark", until it is there."""
        self.page.evaluate("""name => window.jupyterapp.commands.execute(
            "apputils:change-theme", {theme: name}).then(() => null)""",
                           f"JupyterLab {theme.title()}")
        light = str(theme == "light").lower()
        self.page.locator(f"body[data-jp-theme-light='{light}']").wait_for(
            state="attached")
        # JupyterLab takes its curtain away a moment later, and stumbles over a second one.
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")


class Notebook:
    """The notebook in front. A cell is told by its id: an exercise's name, and `-tests` to it."""

    def __init__(self, page: Page, path: str) -> None:
        self.page = page
        page.wait_for_function(f"path => {CURRENT}?.context?.path === path", arg=path)
        page.evaluate(f"""async () => {{
            await {CURRENT}.context.ready;
            await {CURRENT}.revealed;
            await {CURRENT}.sessionContext.ready;
        }}""")
        self.view = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    @property
    def sources(self) -> dict[str, str]:
        """Every cell's text by its id, in order."""
        return dict(self.page.evaluate(
            f"() => {CELLS}.map(c => [c.model.id, c.model.sharedModel.getSource()])"))

    def cell(self, name: str) -> Locator:
        """A cell on the page."""
        return self.view.locator(".jp-Notebook .jp-Cell").nth(list(self.sources).index(name))

    def cell_with(self, text: str) -> str:
        """The id of the one cell that has this text."""
        (found,) = (name for name, source in self.sources.items() if text in source)
        return found

    def card(self, exercise: str) -> Locator:
        """The card under an exercise's tests."""
        return self.cell(f"{exercise}-tests").locator(".check-card")

    def fill(self, answers: Mapping[str, str]) -> None:
        """Put texts into cells at once, for speed."""
        self.page.evaluate(f"""answers => {{
            for (const cell of {CELLS}) {{
                const answer = answers[cell.model.id];
                if (answer !== undefined) cell.model.sharedModel.setSource(answer);
            }}
        }}""", dict(answers))

    def type_over(self, name: str, first: str, lines: int, text: str) -> None:
        """Click into a cell on the line that holds `first`, select `lines` lines and type."""
        self.cell(name).locator(".cm-line", has_text=first).click()
        keys = self.page.keyboard
        keys.press("Home")
        for _ in range(lines - 1):
            keys.press("Shift+ArrowDown")
        keys.press("Shift+End")
        keys.type(text)

    def run(self, name: str) -> None:
        """Run one cell, until it is done."""
        self.page.evaluate(f"""async name => {{
            const notebook = {CURRENT}.content;
            notebook.activeCellIndex = notebook.widgets.findIndex(c => c.model.id === name);
            await window.jupyterapp.commands.execute("notebook:run-cell");
        }}""", name)

    def run_all(self) -> None:
        """Run every cell, until the last is done."""
        self.command("notebook:run-all-cells")

    def save(self) -> None:
        """Ctrl+S, until it is done."""
        self.command("docmanager:save")

    def outputs(self) -> dict[str, list[dict[str, Any]] | None]:
        """The outputs of code cells by their ids; None for a cell that did not run."""
        return dict(self.page.evaluate(
            f"""() => {CELLS}.filter(c => c.model.type === "code").map(c =>
                [c.model.id, c.model.executionCount ? c.model.outputs.toJSON() : null])"""))

    def failures(self) -> list[str]:
        """What went wrong: cells that did not run, raised, or wrote to stderr."""
        found = []
        for name, outputs in self.outputs().items():
            if outputs is None:
                found.append(f"{name} did not run")
            for output in outputs or []:
                if output["output_type"] == "error":
                    found.append(f"{name}: {output['ename']}: {output['evalue']}")
                elif output.get("name") == "stderr":
                    found.append(f"{name} on stderr: {output['text']}")
        return found

    def command(self, name: str) -> None:
        """A command of JupyterLab, until it is done."""
        self.page.evaluate("name => window.jupyterapp.commands.execute(name).then(() => null)",
                           name)


class Explorer:
    """An explorer in the output of a cell. A part is told by its data-role."""

    def __init__(self, notebook: Notebook, cell: str) -> None:
        self.root = notebook.cell(cell).locator(".nn-explorer")

    def part(self, role: str) -> Locator:
        """A canvas, a control, or a text."""
        return self.root.locator(f'[data-role="{role}"]')

    @contextmanager
    def another_picture(self, role: str = "picture") -> Iterator[None]:
        """What is done inside makes a canvas, which stays the same element, show something else."""
        canvas = self.part(role)
        # What is still to be painted belongs to what was done before.
        before = canvas.evaluate("""canvas => new Promise(done => requestAnimationFrame(
            () => requestAnimationFrame(() => done(canvas.toDataURL()))))""")
        handle = canvas.element_handle()
        yield
        canvas.page.wait_for_function(
            "([canvas, before]) => canvas.isConnected && canvas.toDataURL() !== before",
            arg=[handle, before])


def share(target: Locator, color: str) -> float:
    """The share of an element's pixels that have this color."""
    image = Image.open(io.BytesIO(target.screenshot())).convert("RGB")
    wanted = tuple(int(color[k:k + 2], 16) for k in (1, 3, 5))
    found = {pixel: n for n, pixel in image.getcolors(image.width * image.height) or []}
    return found.get(wanted, 0) / (image.width * image.height)


def press(control: Locator, key: str, times: int = 1) -> None:
    """Focus a control as Tab would, and press a key."""
    control.focus()
    for _ in range(times):
        control.page.keyboard.press(key)


def drag(target: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag by mouse, from one place to another; both as shares of the target's box."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    (x, y), (to_x, to_y) = ((box["x"] + u * box["width"], box["y"] + v * box["height"])
                            for u, v in (start, end))
    mouse = target.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(to_x, to_y, steps=8)
    mouse.up()
