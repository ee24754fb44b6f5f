"""An exercise's hints, found in the student's own notebook, folded for the card under its tests."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

NAMES = ("A hint", "One more", "Nearly everything")

_HINT = re.compile(r"<details>\s*<summary>\s*Hint \d[^<]*</summary>(.*?)</details>", re.DOTALL)
_VERBATIM = re.compile(r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)"
                       r"|(?P<maths>(?P<mark>\$\$?).+?(?P=mark))", re.DOTALL)
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
_EMPHASIS = re.compile(r"(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\1(?!\w)", re.DOTALL)


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
    """The paragraphs of a text as HTML, each `marked`."""
    parts = re.split(r"\n\s*\n", marked(text).strip())
    return "".join(f"<p style='margin:.3em 0'>{part}</p>" for part in parts)


def marked(text: str) -> str:
    """`code`, **strong** and *emphasised* words as HTML. All else is text.

    Mathematics between dollars stays as it is; JupyterLab typesets it.
    """
    html, end = "", 0
    for found in _VERBATIM.finditer(text):
        html += _words(text[end:found.start()])
        html += (f"<code>{escape(found['code'].strip())}</code>" if found["code"]
                 else escape(found["maths"]))
        end = found.end()
    return html + _words(text[end:])


def _words(text: str) -> str:
    text = _STRONG.sub(r"<strong>\1</strong>", escape(text))
    return _EMPHASIS.sub(r"<em>\2</em>", text)
