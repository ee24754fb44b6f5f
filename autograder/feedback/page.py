"""A student's feedback as one HTML page that needs nothing else and runs nothing.

By exercise: points, checks, hint, the teacher's words, and the student's own cells with what they
gave. Whatever a student wrote, or made a program write, is text here. Of a test cell only what
its card says is shown, never its source.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path

from nbformat import NotebookNode

from autograder.feedback.png import is_png
from autograder.feedback.text import ERRORS
from autograder.grading.result import Exercise, Mark, Marks, Result
from autograder.notebooks.outputs import visible
from utils._cards.hint_card import inline_html

SOURCE = 50_000  # characters of a cell that are shown
OUTPUT = 10_000  # characters of one output
OUTPUTS = 20  # outputs of one cell
PICTURES = 4 * 2**20  # bytes of all pictures of a page, as text
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_FIGURE = re.compile(r'<img\b[^<>]*\bsrc="data:image/png;base64,([A-Za-z0-9+/=\s]*)"[^<>]*>')
_ALT = re.compile(r'\balt="([^"<>]*)"')
_COLOURED = re.compile("\x1b\\[[0-9;]*m")


def page(result: Result, notebook: NotebookNode, release: NotebookNode,
         marks: Marks | None = None, handed_in: str = "") -> str:
    """The page.

    result: what grading came to. notebook: the submission as `autograded` made it.
    release: the lesson as students get it, which tells the student's cells from the lesson's.
    marks: what the gradebook has, where there is one; it counts more than the result.
    handed_in: when, in words.
    """
    return _Page(result, notebook, release, marks, handed_in).html()


class _Page:
    """One page while it is made."""

    def __init__(self, result: Result, notebook: NotebookNode, release: NotebookNode,
                 marks: Marks | None, handed_in: str) -> None:
        self.result, self.handed_in = result, handed_in
        self.cells = {cell.id: cell for cell in notebook.cells}
        self.added = _added(notebook, release)
        self.title = _title(release) or str(result.assignment)
        given = marks.exercises if marks else {}
        self.penalty = marks.penalty if marks else 0.0
        self.marks = {one.name: given.get(one.name) or Mark(
            one.score, one.max_score, waiting=one.needs_manual_grade) for one in result.exercises}
        self.pictures = 0

    def html(self) -> str:
        """The whole document."""
        parts = [self._head(), self._table(), *self._repairs()]
        parts += [self._exercise(number, one)
                  for number, one in enumerate(self.result.exercises, start=1)]
        if cells := self.added.get(None):
            parts.append(_tag("section", _tag("h2", "Before the first exercise")
                              + "".join(map(self._own, cells))))
        style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
        return ('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
                f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
                '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
                '<meta name="referrer" content="no-referrer">\n'
                f"<title>{_text(self.title)}: feedback</title>\n<style>\n{style}</style>\n</head>\n"
                f"<body>\n<main>\n{chr(10).join(parts)}\n</main>\n</body>\n</html>\n")

    def _head(self) -> str:
        score = sum(mark.score for mark in self.marks.values()) - self.penalty
        most = sum(mark.max_score for mark in self.marks.values())
        waiting = sum(mark.waiting for mark in self.marks.values())
        about = [self.result.student or "", f"handed in {self.handed_in}" * bool(self.handed_in)]
        lines = [_tag("h1", _text(self.title)),
                 _tag("p", " · ".join(map(_text, filter(None, about))), "about"),
                 _tag("p", f"<strong>{score:g}</strong> of {most:g} points", "total")]
        if self.penalty:
            lines.append(_tag("p", f"It came late, which took {self.penalty:g} points off."))
        if waiting:
            lines.append(_tag("p", f"{waiting} answer{'s are' if waiting > 1 else ' is'} still to "
                                   "be read by a teacher; the points for that come on top."))
        return _tag("header", "".join(lines))

    def _table(self) -> str:
        rows = "".join(
            f'<tr class="{_state(one, self.marks[one.name])}">'
            f'<td><a href="#e{number}">{_text(one.name)}</a></td>'
            f"<td>{_points(self.marks[one.name])}</td>"
            f"<td>{_text(_word(one, self.marks[one.name]))}</td></tr>"
            for number, one in enumerate(self.result.exercises, start=1))
        return ("<table><thead><tr><th>exercise</th><th>points</th><th></th></tr></thead>"
                f"<tbody>{rows}</tbody></table>")

    def _repairs(self) -> list[str]:
        lines = "".join(_tag("li", _text(line)) for line in self.result.repairs)
        return [_tag("section", _tag("h2", "What was put right in the notebook")
                     + _tag("ul", lines))] if lines else []

    def _exercise(self, number: int, one: Exercise) -> str:
        mark = self.marks[one.name]
        parts = [f'<h2 id="e{number}">{_text(one.name)} '
                 f'<span class="points">{_points(mark)}</span></h2>',
                 _tag("p", _text(_sentence(_word(one, mark))), "word")]
        if mark.comment:
            parts.append(_tag("aside", _tag("h3", "Your teacher writes")
                              + _tag("p", _text(mark.comment, OUTPUT), "said"), "comment"))
        if one.misconception:
            parts.append(_tag("aside", _tag("h3", _text(one.misconception.name.replace("_", " ")))
                              + _tag("p", inline_html(visible(one.misconception.hint))), "hint"))
        if one.checks and one.error != "missing":
            parts.append(_checks(one))
        if one.name in self.cells:
            parts.append(self._cell(self.cells[one.name], "Your answer"))
        parts += map(self._own, self.added.get(one.name, ()))
        return _tag("section", "\n".join(parts), _state(one, mark))

    def _own(self, cell: NotebookNode) -> str:
        return self._cell(cell, "A cell of yours")

    def _cell(self, cell: NotebookNode, title: str) -> str:
        kind = "code" if cell.cell_type == "code" else "prose"
        source = _tag("pre", _text(cell.source, SOURCE), kind) if cell.source.strip() else _tag(
            "p", "Nothing was written here.", "word")
        shown = list(self._outputs(cell))
        return (_tag("h3", title) + source
                + (_tag("h3", "What it gave") + "".join(shown) if shown else ""))

    def _outputs(self, cell: NotebookNode) -> Iterator[str]:
        outputs = cell.get("outputs", [])
        for output in outputs[:OUTPUTS]:
            if output.output_type == "stream":
                yield _tag("pre", _text(output.get("text"), OUTPUT), "output")
            elif output.output_type == "error":
                lines = _lines(output.get("traceback")) or [f"{output.get('ename')}: "
                                                            f"{output.get('evalue')}"]
                yield _tag("pre", _text("\n".join(lines), OUTPUT), "output failed")
            else:
                yield self._shown(output.get("data") or NotebookNode())
        if len(outputs) > OUTPUTS:
            yield _tag("p", f"{len(outputs) - OUTPUTS} more outputs are not shown.", "word")

    def _shown(self, data: NotebookNode) -> str:
        figure = _FIGURE.fullmatch(_joined(data.get("text/html")).strip())
        encoded = figure[1] if figure else _joined(data.get("image/png"))
        alt = _ALT.search(figure[0]) if figure else None
        if encoded:
            return self._picture(encoded, unescape(alt[1]) if alt else "A figure")
        text = _joined(data.get("text/plain"))
        return _tag("pre", _text(text, OUTPUT), "output") if text else ""

    def _picture(self, encoded: str, alt: str) -> str:
        try:
            data = base64.b64decode("".join(encoded.split()), validate=True)
        except (binascii.Error, ValueError):
            data = b""
        # Encoded anew: what stands in the page is these bytes and nothing else.
        text = base64.b64encode(data).decode()
        if not is_png(data):
            return _tag("p", "A picture that can't be shown.", "word")
        if self.pictures + len(text) > PICTURES:
            return _tag("p", "A picture, left out since the page would become too large.", "word")
        self.pictures += len(text)
        return (f'<img alt="{_text(alt, 2000)}" '
                f'src="data:image/png;base64,{text}">')


def _checks(one: Exercise) -> str:
    rows, before = [], ""
    for check in one.checks:
        sign, word = ("✓", "passed") if check.passed else ("✗", "failed")
        hidden = ' <em>(hidden check)</em>' if check.hidden else ""
        message = check.message if check.message != before else ""
        before = check.message
        rows.append(f'<li class="{word}"><span class="sign" role="img" aria-label="{word}">{sign}'
                    f"</span>{_text(check.label)}{hidden}"
                    + (_tag("div", _text(message), "message") if message else "") + "</li>")
    return _tag("ul", "".join(rows), "checks")


def _state(one: Exercise, mark: Mark) -> str:
    if mark.waiting:
        return "waiting"
    if one.error == "missing" and not mark.score:
        return "missing"
    return "right" if mark.score >= mark.max_score else "wrong"


def _word(one: Exercise, mark: Mark) -> str:
    """What is to be said of an exercise in a few words."""
    if mark.waiting:
        return "to be read by a teacher"
    if mark.by_hand:
        return "marked by your teacher"
    if one.error:
        return ERRORS[one.error]
    if not one.checks:
        return "graded"
    passed = sum(check.passed for check in one.checks)
    if passed == len(one.checks):
        return "all checks pass" if passed > 1 else "the check passes"
    return f"{passed} of {len(one.checks)} checks pass"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _points(mark: Mark) -> str:
    return f"{'–' if mark.waiting and not mark.score else f'{mark.score:g}'} / {mark.max_score:g}"


def _added(notebook: NotebookNode, release: NotebookNode) -> dict[str | None, list[NotebookNode]]:
    """The cells that a student wrote or changed, by the exercise after which they stand."""
    released = {cell.id: cell.source for cell in release.cells}
    found: dict[str | None, list[NotebookNode]] = {}
    after: str | None = None
    for cell in notebook.cells:
        facts = cell.metadata.get("nbgrader") or {}
        if facts.get("grade") or facts.get("solution"):
            after = str(cell.id).removesuffix("-tests")
        elif not facts and cell.source.strip() and cell.source != released.get(cell.id):
            found.setdefault(after, []).append(cell)
    return found


def _title(release: NotebookNode) -> str:
    first = next((cell.source for cell in release.cells if cell.cell_type == "markdown"), "")
    return first.partition("\n")[0].lstrip("# ").strip()


def _lines(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _joined(value: object) -> str:
    return value if isinstance(value, str) else "".join(_lines(value))


def _text(value: object, most: int = 2000) -> str:
    """Text for an element or a quoted attribute, cut to size."""
    whole = _COLOURED.sub("", _joined(value))
    cut = f"\n[cut: {len(whole) - most} characters more]" if len(whole) > most else ""
    return escape(visible(whole[:most]) + cut, quote=True)


def _tag(name: str, inside: str, kind: str = "") -> str:
    return f'<{name}{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>{inside}</{name}>'
