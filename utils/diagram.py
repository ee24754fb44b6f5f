"""A network as circles and lines, with its weights as width and colour."""

import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from numpy.typing import ArrayLike

from utils.picture import INK, NEGATIVE, POSITIVE

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
                          number(weight) if len(after) <= 2 and len(before) <= 4 else "")
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


def number(value: float) -> str:
    """Three digits, or a whole number below a million, with a true minus sign."""
    whole = 1000 <= abs(value) < 1e6
    return (f"{value:.0f}" if whole else f"{value:.3g}").replace("-", "−")


def _heights(size: int) -> dict[int, float]:
    """Units that are drawn and their heights, the first on top, the column centred on 0."""
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
