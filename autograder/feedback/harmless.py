"""Markdown that a student wrote, for the pages of nbconvert and formgrader. Pure.

These pages show the HTML inside Markdown as it is. Of nbconvert's own ways to sanitize, the
preprocessor cleans Markdown as if it were HTML, which breaks code and formulas and lets links run
scripts, and the exporter's option is not heeded by formgrader. So the text is looked at with the
renderer that those pages use: where it comes to anything but plain formatting, all of it is shown
as it was typed.
"""

import re
from html.parser import HTMLParser

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# HTML that formats text, with no attributes.
_TAGS = ("b", "blockquote", "br", "code", "dd", "del", "details", "dl", "dt", "em", "h[1-6]", "hr",
         "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "s", "small", "strong", "sub",
         "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul")
_PLAIN = re.compile(rf"</?(?:{'|'.join(_TAGS)})\s*/?>", re.IGNORECASE)
_SCHEME = re.compile(r"[^/?#:]*:")  # of an address, once it is without white space
_SCHEMES = ("http:", "https:", "mailto:", "attachment:")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]*")
_BLOCK = re.compile(r"(`{3,})text\n(.*)\n\1", re.DOTALL)
_IGNORED = re.compile("[\x00-\x20\x7f-\xa0]")  # by browsers, in an address


def harmless(markdown: str) -> str:
    """The text; as a block of plain text where rendering it would do more than format it."""
    return markdown if _is_harmless(markdown) else plain(markdown)


def plain(text: str) -> str:
    """Markdown that shows the text as it is."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"  # the word tells it from a student's own block


def as_typed(markdown: str) -> str:
    """What was typed, of a text that `plain` may have put into a block."""
    block = _BLOCK.fullmatch(markdown)
    return block[2] if block and plain(block[2]) == markdown else markdown


def _is_harmless(markdown: str) -> bool:
    renderer = _Renderer()
    try:
        rendered = MarkdownWithMath(renderer=renderer).render(markdown)
    except Exception:  # a renderer that gives up would end the page of the whole notebook
        return False
    addresses = _Addresses()
    addresses.feed(rendered)
    return renderer.is_plain and all(map(_is_known, addresses.found))


def _is_known(address: str) -> bool:
    address = _IGNORED.sub("", address).lower()
    scheme = _SCHEME.match(address)
    return not scheme or scheme[0] in _SCHEMES or bool(_PICTURE.fullmatch(address))


class _Renderer(IPythonRenderer):
    """nbconvert's own, which takes note of the HTML inside Markdown and leaves it out."""

    def __init__(self) -> None:
        super().__init__(escape=False)
        self.is_plain = True

    def block_html(self, html: str) -> str:
        self.is_plain = self.is_plain and "<" not in _PLAIN.sub("", html)
        return ""

    inline_html = block_html

    def _embed_image_or_attachment(self, src: str) -> str:
        return src  # what is attached is checked when the notebook is read

    def block_mermaidjs(self, code: str) -> str:
        """A script draws these on the page, from what the student wrote."""
        self.is_plain = False
        return ""


class _Addresses(HTMLParser):
    """The addresses in HTML that links lead to and pictures come from."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attributes if name in ("href", "src")]
