"""Small charts as inline SVG, whose colors are the page's. Pure.

Drawn by hand, without a plotting library: these are columns and steps, a page has a dozen of them
and may load nothing, and they follow the page into dark mode and onto paper. Matplotlib's columns
take 9 kB in place of 1.6, with fixed colors. Every chart has an alternative text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from autograder.feedback.document import escaped

HEIGHT = 150
_LEFT, _TOP, _BELOW = 34, 12, 22  # room for the axes' numbers
_LINES = ("l0", "l1", "l2", "l3", "l4", "l5", "l6")  # the page's classes for lines
_DATES = 7  # numbers of days at a time axis, at most


@dataclass(frozen=True)
class Figure:
    """A chart with what stands above it: its title, and how to read it."""

    title: str
    caption: str
    chart: Markup


def bars(heights: Sequence[float], labels: Sequence[str], alt: str, most: float | None = None,
         width: int = 300) -> Markup:
    """Columns from 0 with their labels below. most: the top of the axis."""
    top = most or _even(max([*heights, 1]))
    right = width - 18  # room for half of the last label
    step = (right - _LEFT) / max(1, len(heights))
    parts = [_axis(top, right)]
    for k, height in enumerate(heights):
        tall = (HEIGHT - _TOP - _BELOW) * min(height / top, 1)
        parts.append(f'<rect class="bar" x="{_LEFT + k * step + 1:.1f}" '
                     f'y="{HEIGHT - _BELOW - tall:.1f}" width="{max(step - 2, 1):.1f}" '
                     f'height="{tall:.1f}"/>')
    for k, label in enumerate(labels):
        # One label more than columns: labels stand at the columns' edges.
        x = _LEFT + step * (k if len(labels) > len(heights) else k + 0.5)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="middle">'
                     f"{escaped(label)}</text>")
    return _svg("".join(parts), alt, width)


def steps(lines: Sequence[tuple[str, Sequence[tuple[datetime, int]]]],
          dues: Sequence[tuple[str, datetime]], alt: str, width: int = 900) -> Markup:
    """What grows with time, a line each with its name at the end, and deadlines as marks.

    Nothing where there is no time to show.
    """
    times = [time for _, points in lines for time, _ in points] + [time for _, time in dues]
    if not times:
        return Markup("")
    start, end = min(times), max(times)
    span = max(end - start, timedelta(hours=1))
    right = width - 130  # room for the names
    top = _even(max([count for _, points in lines for _, count in points] or [1]))

    def x(time: datetime) -> float:
        return _LEFT + (right - _LEFT) * ((time - start) / span)

    def y(count: float) -> float:
        return HEIGHT - _BELOW - (HEIGHT - _TOP - _BELOW) * count / top

    parts = [_axis(top, right), *_dates(start, span, x)]
    parts += [f'<line class="due" x1="{x(time):.1f}" x2="{x(time):.1f}" y1="{_TOP}" '
              f'y2="{HEIGHT - _BELOW}"/>' for _, time in dues]
    for k, (name, points) in enumerate(lines):
        if points:
            path = f"M{x(points[0][0]):.1f} {y(0):.1f}" + "".join(
                f"H{x(time):.1f}V{y(count):.1f}" for time, count in points)
            kind = _LINES[k % len(_LINES)]
            last = points[-1]
            parts.append(f'<path class="line {kind}" d="{path}"/><text class="{kind}" '
                         f'x="{x(last[0]) + 5:.1f}" y="{y(last[1]) + 4:.1f}">'
                         f"{escaped(name)}</text>")
    return _svg("".join(parts), alt, width)


def _dates(start: datetime, span: timedelta, x: Callable[[datetime], float]) -> list[str]:
    every = max(1, -(-span.days // _DATES))
    day = (start + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    while day <= start + span:
        found.append(f'<text x="{x(day):.1f}" y="{HEIGHT - 6}" text-anchor="middle">'
                     f"{day.day} {day:%b}</text>")
        day += timedelta(days=every)
    return found


def _even(top: float) -> float:
    """The next even number, so that its half is whole."""
    return 2 * -(-top // 2)


def _axis(top: float, width: float) -> str:
    """Lines at 0, half and the top, with their numbers."""
    found = []
    for value in (0, top / 2, top):
        y = HEIGHT - _BELOW - (HEIGHT - _TOP - _BELOW) * value / top
        found.append(f'<line class="grid" x1="{_LEFT}" x2="{width:.0f}" y1="{y:.1f}" '
                     f'y2="{y:.1f}"/><text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">'
                     f"{value:g}</text>")
    return "".join(found)


def _svg(inside: str, alt: str, width: int) -> Markup:
    return Markup(f'<svg role="img" aria-label="{escaped(alt)}" viewBox="0 0 {width} {HEIGHT}" '
                  f'width="{width}" height="{HEIGHT}">{inside}</svg>')
