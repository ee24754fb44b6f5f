"""The student's own mistakes, read off their feedback pages, wherever these came from.

nbgrader puts a page into `feedback/` inside the lesson's folder. One that was saved from a learning
management system is found in a folder `feedback` beside the lessons.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from utils._review.mistakes import Mistake, mistake

NAME = "review"  # of the page's <meta> that holds them
_PLACES = ("*/feedback/*/*.html", "*/feedback/*.html", "feedback/*.html")
_LONGEST = 2**21  # bytes of a page that are looked at: the rest is the page's text


@dataclass(frozen=True)
class Found:
    """A mistake on a page. submission: which one it was made in, as far as the page says it."""

    mistake: Mistake
    submission: str


def pages(folder: Path) -> list[Path]:
    """The feedback pages in a folder of lessons, those of the first submissions first."""
    return sorted({path for place in _PLACES for path in folder.glob(place)})


def mistakes(paths: Iterable[Path]) -> Iterator[Found]:
    """Yield what these pages hold. What can't be read, or is another page, holds nothing."""
    for path in paths:
        with suppress(OSError, ValueError), path.open("rb") as file:
            yield from read(file.read(_LONGEST).decode("utf-8", "replace"))


def read(page: str) -> Iterator[Found]:
    """Yield what a page holds. Raises ValueError where that is damaged."""
    head = _Head()
    head.feed(page.partition("</head>")[0])
    data = json.loads(head.content) if head.content else {}
    if not isinstance(data, dict) or not isinstance(data.get("wrong"), list):
        return
    for one in data["wrong"]:
        if isinstance(one, dict) and (found := mistake({**one, "lesson": data.get("lesson")})):
            which = getattr(found, "chosen", "")
            yield Found(found, f"{data.get('handed_in', '')} {which}".strip())


class _Head(HTMLParser):
    """The content of the first <meta> of our name."""

    content = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag."""
        named = dict(attrs)
        if tag == "meta" and named.get("name") == NAME and not self.content:
            self.content = named.get("content") or ""
