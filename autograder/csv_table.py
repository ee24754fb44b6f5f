"""A CSV table, as a spreadsheet saves one and as no spreadsheet computes with it. Pure."""

import csv
import io
import re

from autograder.errors import UserError

# A spreadsheet computes a cell that begins so, and a student chooses their own name.
FORMULA = re.compile("'*[=+\\-@\t\r]")

SEPARATOR = re.compile(r'"?sep=(.)"?\r?', re.IGNORECASE)


def rows(data: bytes) -> list[list[str]]:
    """The rows of a CSV file; none where it is empty.

    Commas, semicolons or tabs stand between the cells; Excel's first line `sep=;` says which, and
    is no row. Raises UserError.
    """
    text = _text(data)
    first, _, rest = text.partition("\n")
    if said := SEPARATOR.fullmatch(first):
        text, split = rest, said[1]
    else:
        split = max(",;\t", key=first.count)
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=split, strict=True))
    except csv.Error as error:
        raise UserError(
            f"It is not a CSV table: {error}. Is a quotation mark left open?") from error
    return found if any(map(any, found)) else []


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet computes."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text of which `guarded` made a cell."""
    return cell[1:] if cell[:1] == "'" and FORMULA.match(cell) else cell


def _text(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # as spreadsheets save "Unicode text"
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("It is not text in UTF-8. Spreadsheets save that as \"CSV UTF-8\"."
                         ) from None
    if "\0" in text:
        raise UserError("It is not text: it contains zero bytes.")
    return text
