"""An exercise's hints, found in the student's own notebook, folded for the card under its tests.

Hints are Markdown, of which only paragraphs, `code`, and emphasis are read: nothing else can come
out, neither links nor pictures nor HTML, even where a student had a hand in the text.
"""

import json
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # imported when a hint is shown: grading shows none
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

NAMES = ("A hint", "One more", "Nearly everything")

_HINT = re.compile(r"<details>\s*<summary>\s*Hint \d[^<]*</summary>(.*?)</details>", re.DOTALL)


def find(exercise: str) -> tuple[str, ...]:
    """The hints of an exercise as Markdown, mildest first; none where they can't be found.

    They stand in the Markdown below the exercise's tests, in the notebook that has the name of
    the folder it lies in, which is the working folder.
    """
    here = Path.cwd()
    path = here / f"{here.name}.ipynb"
    try:
        return _read(path, path.stat().st_mtime_ns).get(exercise, ())
    except OSError:
        return ()


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> dict[str, tuple[str, ...]]:
    """All hints of a notebook, by exercise. What is no notebook has none. Raises OSError."""
    found: dict[str, tuple[str, ...]] = {}
    name = ""
    try:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "markdown" and name:
                texts = _HINT.findall("".join(cell["source"]))
                found[name] = (*found.get(name, ()), *(text.strip() for text in texts))
            elif cell["cell_type"] == "code":
                of_cell = str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))
                name = of_cell.removesuffix("-tests") if of_cell.endswith("-tests") else ""
    except (ValueError, LookupError, TypeError, AttributeError):
        pass
    return found


def folded(texts: Sequence[str]) -> str:
    """HTML of hints, each folded away inside the one before it; "" for none."""
    html = ""
    for number in reversed(range(len(texts))):
        name = NAMES[min(number, len(NAMES) - 1)]
        html = (f"<details style='margin:.4em 0 0 {'1em' if number else '0'}'>"
                f"<summary style='cursor:pointer'>{name}</summary>{as_html(texts[number])}{html}"
                "</details>")
    return html


def as_html(text: str) -> str:
    """A hint's paragraphs as HTML."""
    return str(_hint_markdown().render(text))


def inline_html(text: str) -> str:
    """A hint as HTML that can stand inside a paragraph."""
    return str(_hint_markdown().renderInline(text))


def keep_math(markdown: "MarkdownIt") -> None:
    """A markdown-it plugin that leaves mathematics between dollars as it is.

    JupyterLab typesets it. Without the plugin `$w_1 *x* w_2$` would have emphasis in it.
    """
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    dollarmath_plugin(markdown, double_inline=True)
    markdown.disable("math_block")  # the inline rule finds $$ as well, inside a paragraph
    for rule in ("math_inline", "math_inline_double"):
        markdown.add_render_rule(rule, _math)


def _math(renderer: Any, tokens: Sequence["Token"], place: int, *_: Any) -> str:
    from markdown_it.common.utils import escapeHtml

    token = tokens[place]
    return str(escapeHtml(f"{token.markup}{token.content}{token.markup}"))


@cache
def _hint_markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("zero").enable(["backticks", "emphasis"]).use(keep_math)
    markdown.add_render_rule("paragraph_open", lambda *_: "<p style='margin:.3em 0'>")
    markdown.add_render_rule("paragraph_close", lambda *_: "</p>")
    return markdown
