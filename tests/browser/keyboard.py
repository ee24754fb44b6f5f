"""What of an explorer is there for a person without a mouse, or without a picture."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import CDPSession, Locator

CONTROLS = "button, input"
PATIENCE = 10  # seconds
# What they are called in Chromium's accessibility tree.
KINDS = {"range": ["slider"], "radio": ["radio"], "checkbox": ["checkbox"], "text": ["textbox"],
         "number": ["spinbutton"], "submit": ["button"], "button": ["button"], "a": ["link"],
         "textarea": ["textbox"], "summary": ["DisclosureTriangle"], "picture": ["image", "img"]}
# Where Tab stops, in order: of radio buttons that exclude each other only one.
STOPS = """root => {
    const shown = [...root.querySelectorAll("button, input")].filter(
        (one) => one.checkVisibility() && !one.disabled);
    const group = (one) => shown.filter(
        (other) => other.type === "radio" && other.name === one.name);
    const chosen = (radios) => radios.find((one) => one.checked) ?? radios[0];
    const stop = (one) => one.type !== "radio" || one === chosen(group(one));
    return shown.filter(stop).map((one) => one.dataset.role);
}"""
# The control that has the focus: its role, and whether a ring is seen around it.
FOCUSED = """root => {
    const one = document.activeElement;
    if (!root.contains(one)) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return [one.dataset.role, one.matches(":focus-visible") && outlineStyle !== "none"
        && parseFloat(outlineWidth) >= 2];
}"""
# What stands for the pictures, and what is announced.
HEARD = """root => [...root.querySelectorAll("[role=img], [role=status], [role=alert]")].map(
    (one) => one.getAttribute("aria-label") ?? one.textContent).join("\\n")"""


def stops(root: Locator) -> list[str]:
    """The controls at which Tab should stop, by their data-role."""
    return list(root.evaluate(STOPS))


def tabbed(root: Locator) -> list[tuple[str, bool]]:
    """Where Tab stops, from the first control until it leaves: its data-role, and whether one
    sees that it has the focus."""
    found: list[tuple[str, bool]] = []
    root.locator(f'[data-role="{stops(root)[0]}"]').focus()
    keys = root.page.keyboard
    keys.press("Tab")
    keys.press("Shift+Tab")  # from here on the focus came by keys
    while (now := root.evaluate(FOCUSED)) and len(found) < 100:
        found.append((now[0], now[1]))
        keys.press("Tab")
    return found


def unheard(root: Locator, controls: str = CONTROLS) -> list[str]:
    """What a person who can't see lacks: controls without role, name or number in the
    accessibility tree, sliders that don't say what their number means, and pictures without a
    text. The tree follows the page after a moment."""
    until = time.monotonic() + PATIENCE
    while (missing := _missing(root, controls)) and time.monotonic() < until:
        root.page.wait_for_timeout(100)
    return missing


def _missing(root: Locator, controls: str) -> list[str]:
    missing = []
    cdp = root.page.context.new_cdp_session(root.page)
    for one in root.locator(f"{controls}, [role=img]").locator("visible=true").all():
        kind, at, number, spoken = one.evaluate("""one => [
            one.matches("[role=img]") ? "picture" : one.type || one.localName,
            one.dataset.role ?? one.textContent, one.valueAsNumber,
            one.getAttribute("aria-valuetext")]""")
        node = _node(cdp, one)
        name, heard = (node.get(part, {}).get("value", "") for part in ("name", "role"))
        if heard not in KINDS[kind] or len(name.strip()) < (20 if kind == "picture" else 1):
            missing.append(f"{at} is a {heard} {name!r}")
        if kind == "range":
            # What is spoken instead of the number, since Chromium 156 not in its tree.
            read = node["value"]["value"]
            if not spoken or not math.isclose(read, number, rel_tol=1e-6, abs_tol=1e-6):
                missing.append(f"{at} reads {read}, says {spoken!r} and is {number}")
    cdp.detach()
    return missing


def _node(cdp: CDPSession, target: Locator) -> dict[str, Any]:
    """The element's node in the accessibility tree."""
    target.evaluate("one => { globalThis.lookedAt = one; }")
    found = cdp.send("Runtime.evaluate", {"expression": "globalThis.lookedAt"})
    tree = cdp.send("Accessibility.getPartialAXTree", {
        "objectId": found["result"]["objectId"], "fetchRelatives": False})
    return dict(tree["nodes"][0])


@contextmanager
def another_text(root: Locator) -> Iterator[None]:
    """What is done inside changes what stands for the pictures, or what is announced."""
    before = root.evaluate(HEARD)
    yield
    root.page.wait_for_function(f"([root, before]) => ({HEARD})(root) !== before",
                                arg=[root.element_handle(), before])


def pressed(button: Locator) -> bool:
    """Whether Enter presses a button."""
    button.evaluate("""one => { one.dataset.presses = 0;
        one.addEventListener("click", () => { one.dataset.presses = 1; }, { once: true }); }""")
    button.focus()
    button.page.keyboard.press("Enter")
    return button.get_attribute("data-presses") == "1"
