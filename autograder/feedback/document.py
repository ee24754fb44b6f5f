"""The frame of a teacher's pages: one file that needs nothing else, and prints.

It runs nothing but the one script that it may be given, known by its hash.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from autograder.notebooks.outputs import visible
from utils._cards.hint_card import inline_html

MOST = 20_000  # characters of one text that are shown
_HERE = Path(__file__).parent


def sheet(title: str, body: str, styles: Sequence[str] = ("page.css", "report.css"),
          script: str = "") -> str:
    """A whole document.

    title: as plain text. body: as HTML. styles, script: names of files beside this one.
    """
    style = "\n" + "".join(map(_file, styles))
    policy = (f"default-src 'none'; style-src {_hash(style)}; base-uri 'none'; "
              "form-action 'none'")
    run = ""
    if script:
        code = "\n" + _file(script)
        policy += f"; script-src {_hash(code)}"
        run = f"<script>{code}</script>\n"
    return ('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="no-referrer">\n'
            '<meta name="robots" content="noindex">\n'
            f"<title>{text(title)}</title>\n<style>{style}</style>\n</head>\n"
            f"<body>\n<main>\n{body}\n</main>\n{run}</body>\n</html>\n")


def text(value: object) -> str:
    """For an element or a quoted attribute: escaped, visible, cut to size."""
    whole = str(value)
    cut = f" [cut: {len(whole) - MOST} characters more]" if len(whole) > MOST else ""
    return escape(visible(whole[:MOST]) + cut, quote=True)


def hint(value: str) -> str:
    """A hint with its `code` and *emphasised* words."""
    return inline_html(visible(value))


def tag(name: str, inside: str, kind: str = "") -> str:
    """An element. inside: as HTML."""
    return f'<{name}{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>{inside}</{name}>'


def section(key: str, title: str, *parts: str) -> str:
    """A part of the page to which one can link."""
    inside = "\n".join(filter(None, parts))
    return f'<section id="{key}"><h2>{text(title)}</h2>\n{inside}</section>'


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]],
          numbers: Sequence[int] = (), look: Iterable[bool] = ()) -> str:
    """A table. rows: cells as HTML. numbers: the columns of numbers. look: rows to look at."""
    rows = list(rows)
    marks = [*look, *[False] * len(rows)]
    head = "".join(f'<th scope="col"{_kind(k in numbers)}>{text(name)}</th>'
                   for k, name in enumerate(heads))
    body = "".join(
        f"<tr{' class=' + chr(34) + 'look' + chr(34) if marks[place] else ''}>" + "".join(
            f"<td{_kind(k in numbers)}>{cell}</td>" for k, cell in enumerate(row)) + "</tr>\n"
        for place, row in enumerate(rows))
    return (f"<table><caption>{text(caption)}</caption><thead><tr>{head}</tr></thead>\n"
            f"<tbody>{body}</tbody></table>")


def _kind(number: bool) -> str:
    return ' class="number"' if number else ""


def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _hash(inside: str) -> str:
    """What a policy calls a style or a script by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'"
