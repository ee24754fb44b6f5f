"""A score as a card: HTML for JupyterLab, in the colors of the page around it, light or dark."""

import re
from html import escape
from typing import TYPE_CHECKING

from utils._cards import comparison_card, hint_card

if TYPE_CHECKING:
    from utils._cards.card import Outcome, Score

_OK, _BAD = "#009E73", "#D55E00"  # green and vermillion of the course's colorblind-safe palette
_NEUTRAL = "#8c8c8c"
_INK = "var(--jp-ui-font-color1,currentColor)"  # JupyterLab's, dark on light and light on dark
_TO_DO = "Write your answer in the cell above, run it, and run this cell again."


def html(score: "Score") -> str:
    """The card of a score."""
    state = _state(score)
    edge = {"true": _OK, "false": _BAD}.get(state if not score.missing or score.unread else "",
                                            _NEUTRAL)
    rows = "".join(_line(_text(note)) for note in score.notes())
    if score.missing:
        rows += "" if score.cause or not score.outcomes else _line(_text(_missing(score)))
    elif not score.recorded:
        rows += "".join(_rows(group) for group in score.groups())
    rows += "".join(_line(hint_card.inline_html(line)) for line in score.likeness())
    if score.printed:
        rows += ("<details style='margin-top:.4em'><summary>What your code printed</summary>"
                 f"<pre style='margin:.3em 0'>{escape(score.printed)}</pre></details>")
    return (
        f"<div class='check-card' data-passed='{state}' role='group' "
        f"aria-label='{escape(score.headline, quote=True)}' "
        f"style='border-left:5px solid {edge};padding:.4em .9em;margin:.3em 0;"
        f"--check-ok:{_readable(_OK)};--check-bad:{_readable(_BAD)};color:{_INK};"
        "background:rgba(128,128,128,.08);max-width:60em'>"
        f"<div style='font-weight:600'>{escape(score.headline)}</div>{rows}"
        f"{hint_card.folded(score.hints)}</div>")


def _state(score: "Score") -> str:
    """What the card says to programs: did all checks pass? A choice is only recorded."""
    if score.recorded:
        return "recorded"
    passed = all(outcome.passed for outcome in score.outcomes) and not score.unread
    return str(passed).lower()


def _missing(score: "Score") -> str:
    """What to do; nothing is said a second time below the headline."""
    message = score.outcomes[0].message
    known = f"`{score.exercise}` is not finished yet."
    return (message.removeprefix(known).strip() or _TO_DO) if message.startswith(
        known) else message


def _readable(color: str) -> str:
    """The color, darker on a light page and lighter on a dark one."""
    return f"color-mix(in srgb,{color} 65%,{_INK})"


def same_way(count: int) -> str:
    """How many more checks fail by one mistake, in words."""
    return ("and 1 more check fails the same way" if count == 1 else
            f"and {count} more checks fail the same way")


def _rows(group: "list[Outcome]") -> str:
    first, *others = group
    more = ("<details style='margin-left:1.5em'><summary style='cursor:pointer'>"
            f"{same_way(len(others))}</summary>{''.join(_line(_marked(one)) for one in others)}"
            "</details>") if others else ""
    message = f"<div style='margin-left:1.5em'>{_text(first.message)}</div>" * bool(first.message)
    sides = comparison_card.html(first.sides) if first.sides else ""
    return _line(f"{_marked(first)}{message}{sides}{more}")


def _marked(outcome: "Outcome") -> str:
    mark, color, word = ("✓", "ok", "passed") if outcome.passed else ("✗", "bad", "failed")
    label = escape(outcome.label) + (" <em>(hidden check)</em>" if outcome.hidden else "")
    return (f"<span role='img' aria-label='{word}' style='color:var(--check-{color});"
            f"font-weight:700;display:inline-block;width:1.5em'>{mark}</span>{label}")


def _text(message: str) -> str:
    """A message as HTML: what stands between backticks is code, everything else is text."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(message))


def _line(inside: str) -> str:
    return f"<div style='margin-top:.25em;overflow-wrap:anywhere'>{inside}</div>"
