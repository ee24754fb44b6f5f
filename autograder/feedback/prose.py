"""Markdown as pages show it: CommonMark without HTML, links or pictures. Pure."""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from autograder.notebooks.outputs import visible
from utils._cards.hint_card import keep_math


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
    return markdown


def _heading(renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    return "<h4>" if tokens[place].nesting > 0 else "</h4>\n"


_MARKDOWN = _markdown()
