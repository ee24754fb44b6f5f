"""What a network is made of: its units as circles, its weights as lines, a matrix as cells."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from utils._figures.number_format import three_digits
from utils._figures.picture import HEAT, HEAT_POSITIVE, INK, NEGATIVE, POSITIVE

RADIUS = 0.27
MOST = 8  # of a layer with more units the first and the last ones are drawn
GAP = 2.6  # between layers, in units of the distance between two circles


def network(sizes: Sequence[int], *, title: str, ax: Axes,
            labels: Sequence[Sequence[str]] | None = None,
            weights: Sequence[ArrayLike] | None = None) -> Axes:
    """Layers of units from left to right, and what connects them.

    sizes: units in each layer, inputs first.
    labels: for each layer its units' names; up to three characters stand in the circle, longer
        ones beside it.
    weights: for each layer after the inputs W (out, in): width is size, blue positive, orange
        negative; where at most four units feed at most two, the numbers are written too.
    """
    width = GAP * (len(sizes) - 1) + 2.2
    # Few units are set further apart, until the drawing has about the shape of a figure.
    most = max(min(size, MOST) for size in sizes)
    spread = float(np.clip((0.6 * width - 1.6) / max(most - 1, 1), 1.0, 1.9))
    layers = [{i: spread * y for i, y in _heights(size).items()} for size in sizes]
    if weights is not None:
        shapes = [np.shape(W) for W in weights]
        expected = [(after, before) for before, after in itertools.pairwise(sizes)]
        if shapes != expected:
            raise ValueError(f"weights must have the shapes {expected} (out, in), got {shapes}.")
        largest = max((float(np.max(np.abs(W))) for W in weights), default=0.0) or 1.0
    for depth, (before, after) in enumerate(itertools.pairwise(layers)):
        for j, y1 in after.items():
            for i, y0 in before.items():
                start, end = (depth * GAP, y0), ((depth + 1) * GAP, y1)
                if weights is None:
                    _edge(ax, start, end, INK, 0.9, "")
                else:
                    weight = float(np.asarray(weights[depth])[j, i])
                    _edge(ax, start, end, POSITIVE if weight >= 0 else NEGATIVE,
                          0.4 + 4.2 * abs(weight) / largest,
                          three_digits(weight) if len(after) <= 2 and len(before) <= 4 else "")
    for depth, (size, heights) in enumerate(zip(sizes, layers, strict=True)):
        names = labels[depth] if labels else ()
        for i, y in heights.items():
            _unit(ax, depth * GAP, y, names[i] if i < len(names) else "", depth, len(sizes) - 1)
        if len(heights) < size:
            ax.text(depth * GAP, 0, "⋮", ha="center", va="center", fontsize=15)
        kind = "input" if depth == 0 else "output" if depth == len(sizes) - 1 else "hidden unit"
        ax.text(depth * GAP, min(heights.values()) - 0.55, f"{size} {kind}{'s' * (size != 1)}",
                ha="center", va="top", fontsize=9)
    tall = max(max(heights.values()) for heights in layers)
    # Data limits, not view limits, since these would have to give way to the equal aspect.
    ax.margins(0)
    ax.update_datalim([(-1.1, -tall - 1.0), (width - 1.1, tall + 0.4)])
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_axis_off()
    ax.set_title(title)
    return ax


def heat_map(M: ArrayLike, *, title: str, xlabel: str, ylabel: str, ax: Axes,
             values: bool | None = None, limit: float | None = None) -> Axes:
    """A matrix as colored cells: blue above 0, orange below, light at 0; nan in vermillion.

    values: write the numbers into the cells; None does so up to 100 of them. Otherwise a color
        bar stands beside the map.
    limit: the absolute value of the darkest color; None takes the largest entry's.
    A vector is drawn as one row.
    """
    M = np.atleast_2d(np.asarray(M, dtype=float))
    if M.ndim != 2 or not M.size:
        raise ValueError(f"heat_map needs a matrix, got shape {M.shape}.")
    limit = limit or float(np.max(np.abs(M), where=np.isfinite(M), initial=0.0)) or 1.0
    signed = bool((M < 0).any())
    cells = ax.imshow(M, cmap=HEAT if signed else HEAT_POSITIVE, vmin=-limit if signed else 0,
                      vmax=limit, aspect="equal" if max(M.shape) <= 12 * min(M.shape) else "auto")
    ax.set_anchor("W")
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    for axis, length in ((ax.xaxis, M.shape[1]), (ax.yaxis, M.shape[0])):
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100, length) if length <= 12 * s)
        axis.set_ticks(range(0, length, step) if length > 1 else ())
    if values or (values is None and M.size <= 100):
        many = M.shape[1] > 8
        for (row, column), value in np.ndenumerate(M):
            ink, paths = _readable_on(cells.cmap(cells.norm(value)))
            ax.text(column, row, _cell(value, limit, 2 if many else 3), ha="center", va="center",
                    fontsize=8 if many else 9, color=ink, path_effects=paths)
    else:
        bar = ax.figure.colorbar(cells, cax=ax.inset_axes((1.03, 0, 0.035, 1)))
        bar.outline.set_visible(False)
    return ax


def _heights(size: int) -> dict[int, float]:
    """Units that are drawn and their heights, the first on top, the column centered on 0."""
    if size <= MOST:
        return {i: (size - 1) / 2 - i for i in range(size)}
    half = MOST // 2 - 1
    top = {i: half - i + 0.1 for i in range(half)}
    return top | {size - 1 - i: -top[i] for i in reversed(range(half))}


def _unit(ax: Axes, x: float, y: float, name: str, depth: int, last: int) -> None:
    ax.add_patch(Circle((x, y), RADIUS, facecolor=INK + "22", edgecolor=INK, linewidth=1.4,
                        zorder=3))
    if len(name) <= 3:
        ax.text(x, y, name, ha="center", va="center", zorder=4)
    elif depth == 0:
        ax.text(x - RADIUS - 0.12, y, name, ha="right", va="center")
    elif depth == last:
        ax.text(x + RADIUS + 0.12, y, name, ha="left", va="center")
    else:
        ax.text(x, y + RADIUS + 0.08, name, ha="center", va="bottom", fontsize=9)


def _edge(ax: Axes, start: tuple[float, float], end: tuple[float, float], color: str,
          width: float, label: str) -> None:
    """A line from rim to rim; its number near the start, where the lines are furthest apart."""
    a, b = np.array(start), np.array(end)
    along = (b - a) / np.linalg.norm(b - a)
    a, b = a + RADIUS * along, b - RADIUS * along
    ax.plot(*np.stack([a, b]).T, color=color, linewidth=width, solid_capstyle="butt", zorder=2)
    if label:
        angle = float(np.degrees(np.arctan2(along[1], along[0])))
        normal = np.array([-along[1], along[0]])
        x, y = a + 0.13 * (b - a) + (0.04 + 0.012 * width) * normal
        ax.text(x, y, label, rotation=angle, fontsize=9,
                rotation_mode="anchor", ha="left", va="bottom")



def _cell(value: float, limit: float, digits: int) -> str:
    """A number in a heat map: as many decimals as give the largest entry `digits` digits."""
    if value == round(value, 0):
        return f"{value:.0f}".replace("-", "−")
    decimals = digits - 1 - int(np.floor(np.log10(limit))) if limit > 0 else 0
    if decimals > 4:
        return f"{value:.0e}".replace("-", "−")
    return f"{value:.{max(decimals, 0)}f}".replace("-", "−")


def _readable_on(color: Any) -> tuple[str, list[withStroke]]:
    """Black or white text that stands out on `color`, also where the figure is inverted.

    On colors of medium brightness neither does, and white text gets a black outline. That black
    needs 8.5 to 1 (WCAG's contrast) to keep 4.5 when inverted was measured on the colors of HEAT.
    """
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]
    bright = float(np.dot((0.2126, 0.7152, 0.0722), channels)) + 0.05
    if bright / 0.05 >= 8.5:
        return "black", []
    return "white", [withStroke(linewidth=1.5, foreground="black")] if 1.05 / bright < 4.5 else []
