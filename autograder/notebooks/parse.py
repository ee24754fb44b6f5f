"""A notebook file's bytes, read into a notebook of known form, or refused with a reason.

What other tools add or change on the way is evened out here: byte order marks, line endings, old
formats, widgets' state, kernels' names, outputs. Only the images pasted into a text stay.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.errors import UserError

MAX_BYTES = 32 * 2**20  # a notebook full of outputs has a few MB
CONFLICT = re.compile(rb"^[ \t]*(?:<<<<<<< |>>>>>>> )", re.MULTILINE)  # as Git writes them
_TYPES = ("code", "markdown", "raw")
_IMAGES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_FILE_NAME = re.compile(r"[\w. -]+")


class Unreadable(UserError):
    """The file can't be graded; the message says why, in one sentence."""


def parse(data: bytes) -> NotebookNode:
    """Read a notebook from a file's bytes. Raises Unreadable.

    Its metadata holds nothing but `converted`, where the text of its cells had to be: the codes
    of repairs (see `repairs`).
    """
    if not data.strip():
        raise Unreadable("The file is empty.")
    if len(data) > MAX_BYTES:
        raise Unreadable(too_large(len(data)))
    raw = _json(data)
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise Unreadable("The file is JSON, but not a notebook.")
    converted = []
    if raw["nbformat"] < 4:
        converted.append("old_format")
        try:
            raw = nbformat.convert(nbformat.from_dict(raw), 4)
        except Exception:
            raise Unreadable("The notebook's format is too old to be read.") from None
    if not isinstance(raw.get("cells"), list):
        raise Unreadable("The notebook has no list of cells.")
    try:
        cells = [_cell(cell, number) for number, cell in enumerate(raw["cells"], start=1)]
    except RecursionError:
        raise Unreadable("The notebook is nested too deep.") from None
    if any("\r" in cell.source for cell in cells):
        converted.append("line_endings")
    for cell in cells:
        cell.source = _even(cell.source)
    metadata = NotebookNode(converted=converted) if converted else NotebookNode()
    return NotebookNode(cells=cells, metadata=metadata, nbformat=4, nbformat_minor=5)


def too_large(size: int) -> str:
    """Say why a file of so many bytes is not read."""
    return f"The file has {size // 2**20} MiB; the limit is {MAX_BYTES // 2**20}."


def is_notebook(data: bytes) -> bool:
    """Tell whether a file is a notebook, by what is in it and not by its name."""
    if not may_be_notebook(data) or b'"nbformat"' not in data or len(data) > MAX_BYTES:
        return False
    try:
        raw = _json(data)
    except Unreadable:
        return False
    return isinstance(raw, dict) and isinstance(raw.get("nbformat"), int)


def may_be_notebook(start: bytes) -> bool:
    """Tell whether a file that begins like this can be a notebook at all."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def new_cell(cell_type: str, source: str, cell_id: str) -> NotebookNode:
    """Make a cell. nbformat's own functions validate each one, which takes a millisecond."""
    node = NotebookNode(cell_type=cell_type, source=source, metadata=NotebookNode(), id=cell_id)
    if cell_type == "code":
        node.update(outputs=[], execution_count=None)
    return node


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("The file is not text in UTF-8.") from None
    except (ValueError, RecursionError) as error:  # a ValueError: an int of thousands of digits
        if conflict := CONFLICT.search(data):
            line = data.count(b"\n", 0, conflict.start()) + 1
            raise Unreadable("The file holds Git's conflict markers (<<<<<<<, =======, >>>>>>>) "
                             f"from a merge, the first in line {line}; they have to be resolved."
                             ) from None
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"The file is not valid JSON{where}.") from None


def _cell(cell: Any, number: int) -> NotebookNode:
    """A cell of known type, with a text, an id and plain metadata, and without its outputs."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in _TYPES:
        raise Unreadable(f"Cell {number} is not a notebook cell.")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Unreadable(f"Cell {number} holds no text.")
    cell_id = cell.get("id")
    if not isinstance(cell_id, str) or not _is_cell_id(cell_id):
        cell_id = f"cell-{number}"
    node = new_cell(cell["cell_type"], source.encode("utf-8", "replace").decode(), cell_id)
    if isinstance(cell.get("metadata"), dict):
        node.metadata = nbformat.from_dict(cell["metadata"])
    images = _images(cell.get("attachments")) if node.cell_type != "code" else {}
    if images:
        node.attachments = nbformat.from_dict(images)
    return node


def _even(source: str) -> str:
    """A cell's text with the line endings of the lesson's own, which never ends in one."""
    return source.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def _images(attachments: Any) -> dict[str, dict[str, str]]:
    """The images that were pasted into a text. What is not one would be shown all the same."""
    found = {}
    for name, formats in attachments.items() if isinstance(attachments, Mapping) else ():
        images = {kind: data for kind, data in formats.items()
                  if kind in _IMAGES and isinstance(data, str) and _BASE64.fullmatch(data)
                  } if isinstance(formats, Mapping) else {}
        if images and _FILE_NAME.fullmatch(name):
            found[name] = images
    return found


def _is_cell_id(cell_id: str) -> bool:
    return 0 < len(cell_id) <= 64 and all(
        c.isascii() and (c.isalnum() or c in "-_") for c in cell_id)
