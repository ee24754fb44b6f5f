"""What a student's process says of its cells' outputs, made into a notebook's.

Nothing of it is believed: what is not in order is left out, text shows its control characters,
and of HTML only the course's own figures stay: any other style could cover a page.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode

from utils._figures.markup import is_figure

MAX_BYTES = 2**20  # of all outputs of one cell
_TEXT = 20_000  # characters of an exception's text, and of a line of its traceback
_NAME = 100
_LINES = 50
# Control characters except tab and newline, halves of characters, changes of direction.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PNG = re.compile("[A-Za-z0-9+/=\n]*")


class Damaged(Exception):
    """These are no outputs."""


def visible(text: str) -> str:
    """The text with what a terminal or a file would trip over written as an escape."""
    return _INVISIBLE.sub(lambda match: match.group().encode("unicode_escape").decode(), text)


def new_output(kind: str, data: dict[str, Any] | None = None, **fields: Any) -> NotebookNode:
    """Make an output. nbformat's own function validates each one, which takes a millisecond.

    kind: "stream" with a `name` and a `text`; "error" with an `ename`, an `evalue` and a
        `traceback`; "display_data" or "execute_result" with `data`, by MIME type.
    """
    node = NotebookNode(output_type=kind, **fields)
    if data is not None:
        node.update(metadata=NotebookNode(), data=NotebookNode(data))
    if kind == "execute_result":
        node.execution_count = None
    return node


def read(data: bytes) -> list[NotebookNode]:
    """The outputs in a message from the fence. Raises Damaged."""
    if len(data) > MAX_BYTES:
        raise Damaged
    try:
        outputs = json.loads(data)
    except (ValueError, RecursionError):
        raise Damaged from None
    if not isinstance(outputs, list):
        raise Damaged
    made = (_output(output) for output in outputs if isinstance(output, dict))
    return [output for output in made if output is not None]


def _output(output: dict[str, Any]) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr"):
        return new_output("stream", name=output["name"], text=_text(output.get("text"), MAX_BYTES))
    if kind == "error":
        lines = output.get("traceback")
        return new_output("error", ename=_text(output.get("ename"), _NAME),
                          evalue=_text(output.get("evalue"), _TEXT),
                          traceback=[_text(line, _TEXT) for line in lines[-_LINES:]]
                          if isinstance(lines, list) else [])
    data = output.get("data")
    if kind in ("display_data", "execute_result") and isinstance(data, dict):
        shown = {mime: visible(data[mime]) for mime, fits in _SHOWN.items()
                 if isinstance(data.get(mime), str) and fits(data[mime])}
        return new_output(kind, shown)
    return None


_SHOWN: dict[str, Callable[[str], object]] = {
    "text/plain": lambda text: True, "image/png": _PNG.fullmatch, "text/html": is_figure}


def _text(value: Any, most: int) -> str:
    return visible(value[:most]) if isinstance(value, str) else ""
