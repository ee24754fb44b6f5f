"""Markdown as pages show it: CommonMark without HTML, links or pictures. Pure.

A page can't typeset mathematics: simple formulas become plain symbols, others stay as they are.
"""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from markupsafe import Markup

from autograder.notebooks.outputs import visible
from utils._cards.hint_card import keep_math

_SYMBOLS = {"cdot": "·", "times": "×", "ge": "≥", "le": "≤", "ne": "≠", "approx": "≈",
            "pm": "±", "infty": "∞", "in": "∈", "to": "→", "sum": "∑", "partial": "∂",
            "lambda": "λ", "delta": "δ", "gamma": "γ", "beta": "β", "alpha": "α", "mu": "μ",
            "sigma": "σ", "epsilon": "ε", ",": "\u202f"}
_COMMAND = re.compile(r"\\([a-zA-Z]+|,)")
_ROMAN = re.compile(r"\\(?:mathrm|text|operatorname)\{([^{}\\]*)\}")
_RAISED = re.compile(r"([_^])(?:\{([^{}]*)\}|(\w))")


def parsed(markdown: str) -> list[Token]:
    """The tokens of a text; its control characters are visible."""
    return _MARKDOWN.parse(visible(markdown))


def rendered(tokens: Sequence[Token]) -> Markup:
    """The HTML of tokens that `parsed` returned."""
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def inline(tokens: Sequence[Token]) -> Markup:
    """The HTML of the tokens inside a paragraph."""
    return rendered([Token("inline", "", 0, children=[*tokens])])


def prose(markdown: str) -> Markup:
    """The HTML of a text."""
    return rendered(parsed(markdown))


def _markdown() -> MarkdownIt:
    """CommonMark whose headings are all of one size."""
    markdown = MarkdownIt("commonmark", {"html": False}).use(keep_math).disable(
        ["link", "image", "autolink", "reference"])
    for rule in ("heading_open", "heading_close"):
        markdown.add_render_rule(rule, _heading)
    for rule in ("math_inline", "math_inline_double"):
        markdown.add_render_rule(rule, _math)
    return markdown


def _heading(renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    return "<h4>" if tokens[place].nesting > 0 else "</h4>\n"


def _math(renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    token = tokens[place]
    plain = _ROMAN.sub(r"\1", token.content.replace(r"\sqrt ", "√"))
    plain = _COMMAND.sub(lambda found: _SYMBOLS.get(found[1], found[0]), plain).replace("-", "−")
    html = _RAISED.sub(_raised, str(escapeHtml(plain)))
    if any(mark in html for mark in "\\{}^_"):
        return str(escapeHtml(f"{token.markup}{token.content}{token.markup}"))
    return html


def _raised(found: re.Match[str]) -> str:
    tag = "sub" if found[1] == "_" else "sup"
    return f"<{tag}>{found[2] or found[3]}</{tag}>"


_MARKDOWN = _markdown()
