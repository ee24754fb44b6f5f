"""A comparison as HTML: numbers side by side, two curves, or a map of the differences.

Plain strings and inline SVG, in the colors of the page around it, light or dark. What differs is
told by a sign and by weight, never by color alone.
"""

from html import escape
from typing import Any

from utils._cards.comparison import Comparison

WRONG = "#D55E00"  # vermillion of the course's colorblind-safe palette
WIDTH, HEIGHT, MARGIN = 420, 150, 18  # pixels of the two curves' picture, and of its rim
CELL = 12  # pixels of an entry in the map

_MONO = "font-family:var(--jp-code-font-family,monospace)"
_CELL = "padding:.1em .6em;text-align:right;border:0;background:none"
_STRONG = "font-weight:700;color:var(--check-bad)"


def html(one: Comparison) -> str:
    """A figure with everything of it; it stands under the check's message."""
    draw = {"table": _table, "curves": _curves, "map": _map}[one.kind]
    part = f"<div>{escape(one.part)}:</div>" if one.part else ""
    return f"<figure style='margin:.3em 0 .5em 1.5em'>{part}{draw(one)}</figure>"


def _table(one: Comparison) -> str:
    say = _numbers(one)
    if one.differs and len(one.shape) == 1:
        heads = "".join(f"<th scope='col' style='{_CELL};font-weight:400;opacity:.75'>{k}</th>"
                        for k in range(one.shape[0]))
        return ("<div style='overflow-x:auto'>"
                f"<table style='{_MONO};margin:0'><tr style='background:none'>"
                f"<th scope='row' style='{_CELL};font-weight:400;opacity:.75'>index</th>{heads}"
                f"</tr>{_row('expected', [(say(v), False) for v in one.expected])}"
                f"{_row('got', _marked(one.got, one.differs, say))}</table></div>")
    blocks = []
    for title, shape, values in (("expected", one.shape, one.expected),
                                 ("got", one.got_shape, one.got)):
        rows = values if len(shape) == 2 else [values]
        wrong = one.differs if one.differs and title == "got" else [[]] * len(rows)
        lines = "".join(_row("", _marked(row, flags, say))
                        for row, flags in zip(rows, wrong, strict=True))
        caption = title if one.differs else f"{title}, shape {_shape(shape)}"
        blocks.append(f"<table style='{_MONO};margin:0'><caption style='text-align:left;padding:"
                      f"0 .6em;color:inherit;white-space:nowrap'>{caption}</caption>{lines}"
                      "</table>")
    return f"<div style='display:flex;flex-wrap:wrap;gap:.3em 2em'>{''.join(blocks)}</div>"


def _row(title: str, cells: list[tuple[str, bool]]) -> str:
    head = (f"<th scope='row' style='{_CELL};text-align:left;font-weight:400'>{title}</th>"
            if title else "")
    return f"<tr style='background:none'>{head}" + "".join(
        f"<td style='{_CELL}{';' + _STRONG if wrong else ''}'>{'≠ ' if wrong else ''}{text}</td>"
        for text, wrong in cells) + "</tr>"


def _marked(values: list[Any], differs: list[bool], say: Any) -> list[tuple[str, bool]]:
    flags = differs or [False] * len(values)
    return [(say(value), wrong) for value, wrong in zip(values, flags, strict=True)]


def _numbers(one: Comparison) -> Any:
    """How numbers are written: shortly, unless two that differ would look the same."""
    def say(value: float | str, digits: int = 6) -> str:
        return escape(value) if isinstance(value, str) else f"{value:.{digits}g}"

    flat = [_flat(values) for values in (one.expected, one.got, one.differs)]
    alike = one.differs and any(
        wrong and say(a) == say(b) for a, b, wrong in zip(*flat, strict=True))
    return (lambda value: say(value, 12)) if alike else say


def _flat(values: list[Any]) -> list[Any]:
    return [entry for row in values for entry in (row if isinstance(row, list) else [row])]


def _curves(one: Comparison) -> str:
    expected, got = ([float(value) for value in values] for values in (one.expected, one.got))
    seen = [value for value in (*expected, *got) if abs(value) < float("inf")] or [0.0]
    low, high = min(seen), max(seen)
    step = (WIDTH - 2 * MARGIN) / (len(got) - 1)

    def y(value: float) -> float:
        share = (high / 2 - value / 2) / (high / 2 - low / 2) if high > low else 0.5
        return MARGIN + (HEIGHT - 2 * MARGIN) * share

    def path(values: list[float]) -> str:
        parts, pen = [], "M"
        for k, value in enumerate(values):
            if abs(value) < float("inf"):
                parts.append(f"{pen}{MARGIN + k * step:.1f} {y(value):.1f}")
                pen = "L"
            else:  # also nan, which is less than nothing
                pen = "M"
        return "".join(parts)

    off = [abs(a - b) if a == a and b == b else float("inf") if wrong else -1.0
           for a, b, wrong in zip(expected, got, one.differs, strict=True)]
    worst = off.index(max(off))
    ring = (f"<circle cx='{MARGIN + worst * step:.1f}' cy='{y(got[worst]):.1f}' r='6' fill='none' "
            "stroke='currentColor' stroke-width='1.5'/>" if abs(got[worst]) < float("inf") else "")
    last = max(one.shape) - 1
    texts = "".join(
        f"<text x='{x}' y='{at}' text-anchor='{anchor}'>{text}</text>" for x, at, anchor, text in (
            (MARGIN, 10, "start", f"{high:.4g}"), (MARGIN, HEIGHT - 3, "start", f"{low:.4g}"),
            (WIDTH - MARGIN, HEIGHT - 3, "end", f"index 0 to {last}")))
    label = f"Two curves, expected and got, from index 0 to {last}. {one.worst}"
    return (
        f"<svg role='img' aria-label='{escape(label, quote=True)}' viewBox='0 0 {WIDTH} {HEIGHT}' "
        f"width='{WIDTH}' style='max-width:100%;height:auto;display:block;color:inherit'>"
        f"<path d='{path(expected)}' fill='none' stroke='currentColor' stroke-width='1.8'/>"
        f"<path d='{path(got)}' fill='none' stroke-width='2.4' stroke-dasharray='5 3' "
        f"stroke='{WRONG}' style='stroke:var(--check-bad)'/>{ring}"
        f"<g font-size='11' fill='currentColor' opacity='.8'>{texts}</g></svg>"
        f"<figcaption>Solid: expected. <span style='{_STRONG}'>Dashed: got.</span> "
        f"{escape(one.worst)}</figcaption>")


def _map(one: Comparison) -> str:
    expected, got = ([[float(value) for value in row] for row in rows]
                     for rows in (one.expected, one.got))
    off = [[(abs(a - b) if abs(a - b) < float("inf") else float("inf")) if wrong else 0.0
            for a, b, wrong in zip(*rows, strict=True)]
           for rows in zip(expected, got, one.differs, strict=True)]
    finite = [value for row in off for value in row if value < float("inf")]
    most = max(finite, default=0.0) or 1.0
    squares: dict[int, str] = {}
    worst, at = 0.0, (0, 0)
    for i, row in enumerate(off):
        for j, value in enumerate(row):
            if value:
                level = min(4, 1 + int(4 * min(value / most, 1.0)))
                squares[level] = squares.get(level, "") + f"M{j} {i}h1v1h-1z"
            if value > worst:
                worst, at = value, (i, j)
    marks = "".join(f"<path d='{d}' fill='{WRONG}' style='fill:var(--check-bad)' "
                    f"fill-opacity='{level / 4}'/>" for level, d in sorted(squares.items()))
    rows, columns = len(off), len(off[0])
    label = f"Map of the differences in an array of shape {_shape(one.shape)}. {one.worst}"
    whole = one.shape == [rows, columns]
    unit = "" if whole else " Each square is a block of entries, and shows its worst."
    return (
        f"<svg role='img' aria-label='{escape(label, quote=True)}' "
        f"viewBox='-.1 -.1 {columns + .2} {rows + .2}' width='{CELL * columns}' "
        "style='max-width:100%;height:auto;display:block;color:inherit'>"
        f"<rect width='{columns}' height='{rows}' fill='none' stroke='currentColor' "
        f"stroke-opacity='.5' stroke-width='.08'/>{marks}"
        f"<rect x='{at[1]}' y='{at[0]}' width='1' height='1' fill='none' stroke='currentColor' "
        "stroke-width='.2'/></svg>"
        "<figcaption>Empty squares agree, fuller ones are further off, the framed one is worst. "
        f"Rows 0 to {one.shape[0] - 1} downward, columns 0 to {one.shape[1] - 1}.{unit} "
        f"{escape(one.worst)}</figcaption>")


def _shape(shape: list[int]) -> str:
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"
