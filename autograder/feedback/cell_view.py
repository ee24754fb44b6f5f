"""A notebook's cells as a page shows them: source, printed text, errors, pictures. Pure.

Nothing of an output is believed. Of HTML only a figure is shown, of pictures only PNGs, and they
are encoded anew: what stands in the page is their bytes and nothing else.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nbformat import NotebookNode

from autograder.feedback.document import cut
from autograder.feedback.harmless import as_typed
from autograder.feedback.png import is_png
from utils._figures.markup import images

MAX_OUTPUT = 10_000  # characters of one output
MAX_OUTPUTS = 20  # outputs of one cell
MAX_PICTURES = 4 * 2**20  # bytes of all pictures of a page, in Base64
_COLOR = re.compile("\x1b\\[[0-9;]*m")  # a terminal's


@dataclass(frozen=True)
class Output:
    """One output. text: of a picture, its bytes in Base64. alt: a picture's alternative text."""

    kind: Literal["text", "error", "picture", "note"]
    text: str
    alt: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of code or of prose, and what running it gave."""

    is_code: bool
    source: str
    outputs: tuple[Output, ...]


class CellReader:
    """Reads the cells of one page, whose pictures together have a largest size."""

    def __init__(self) -> None:
        self._size = 0  # of the pictures so far

    def read(self, cell: NotebookNode) -> Cell:
        """The cell as the page shows it."""
        is_code = cell.cell_type == "code"
        source = cell.source if is_code else as_typed(cell.source)
        return Cell(is_code, _plain(source), tuple(self._outputs(cell)))

    def _outputs(self, cell: NotebookNode) -> Iterator[Output]:
        outputs = cell.get("outputs", [])
        for output in outputs[:MAX_OUTPUTS]:
            if output.output_type == "stream":
                yield Output("text", cut(_plain(output.get("text")), MAX_OUTPUT))
            elif output.output_type == "error":
                lines = _lines(output.get("traceback")) or [f"{output.get('ename')}: "
                                                            f"{output.get('evalue')}"]
                yield Output("error", cut(_plain("\n".join(lines)), MAX_OUTPUT))
            else:
                yield from self._displayed(output.get("data") or NotebookNode())
        if len(outputs) > MAX_OUTPUTS:
            yield Output("note", f"{len(outputs) - MAX_OUTPUTS} more outputs are not shown.")

    def _displayed(self, data: NotebookNode) -> Iterator[Output]:
        shown = images(_joined(data.get("text/html")).strip())
        if not shown and (encoded := _joined(data.get("image/png"))):
            shown = [(encoded, "A figure")]
        for encoded, alt in shown:
            yield self._picture(encoded, alt)
        if not shown and (text := _plain(data.get("text/plain"))):
            yield Output("text", cut(text, MAX_OUTPUT))

    def _picture(self, encoded: str, alt: str) -> Output:
        try:
            data = base64.b64decode("".join(encoded.split()), validate=True)
        except (binascii.Error, ValueError):
            data = b""
        text = base64.b64encode(data).decode()
        if not is_png(data):
            return Output("note", "A picture that can't be shown.")
        if self._size + len(text) > MAX_PICTURES:
            return Output("note", "A picture, left out because the page would become too large.")
        self._size += len(text)
        return Output("picture", text, alt)


def _lines(value: object) -> list[str]:
    return [line for line in value if isinstance(line, str)] if isinstance(value, list) else []


def _joined(value: object) -> str:
    return value if isinstance(value, str) else "".join(_lines(value))


def _plain(value: object) -> str:
    """A text, or a list of texts, without a terminal's colors."""
    return _COLOR.sub("", _joined(value))
