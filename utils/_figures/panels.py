"""Where a figure of several panels can be cut, so that they can stand below one another."""

import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

Box = tuple[int, int, int, int]  # left, upper, right, lower, in pixels from the upper left corner


def panel_boxes(figure: Figure, panels: Sequence[Axes], size: tuple[int, int]) -> list[Box]:
    """The panels' boxes row by row, which together are the whole picture of `size` pixels.

    The whole is one box where a panel's labels reach into another panel's place.
    """
    whole = [(0, 0, *size)]
    grid = panels[0].get_gridspec() if panels else None
    if grid is None or len(panels) != grid.nrows * grid.ncols or len(panels) == 1:
        return whole
    extents = _extents(figure, panels).reshape(grid.nrows, grid.ncols, 4)
    columns = _cuts(extents[..., 0].min(axis=0), extents[..., 2].max(axis=0), size[0])
    rows = _cuts(extents[..., 1].min(axis=1), extents[..., 3].max(axis=1), size[1])
    if columns is None or rows is None:
        return whole
    return [(left, upper, right, lower) for upper, lower in itertools.pairwise(rows)
            for left, right in itertools.pairwise(columns)]


def _extents(figure: Figure, panels: Sequence[Axes]) -> NDArray[np.float64]:
    """What each panel covers with all its labels; a color bar belongs to the panel it is near."""
    height = figure.bbox.height
    found = np.array([_extent(ax, height) for ax in panels])
    middles = np.array([_middle(ax) for ax in panels])
    for ax in figure.axes:
        if ax not in panels:
            place = int(np.argmin(np.linalg.norm(middles - _middle(ax), axis=1)))
            own = _extent(ax, height)
            found[place] = [*np.minimum(found[place, :2], own[:2]),
                            *np.maximum(found[place, 2:], own[2:])]
    return found


def _extent(ax: Axes, height: float) -> list[float]:
    box = ax.get_tightbbox()
    assert box is not None
    return [box.x0, height - box.y1, box.x1, height - box.y0]


def _middle(ax: Axes) -> NDArray[np.float64]:
    box = ax.get_window_extent()
    return np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])


def _cuts(starts: NDArray[np.float64], ends: NDArray[np.float64], size: int) -> list[int] | None:
    """The edges of the strips between which nothing is drawn, even numbers; None without room."""
    if (starts[1:] < ends[:-1] + 2).any():
        return None
    return [0, *(2 * round((end + start) / 4)
                 for end, start in zip(ends[:-1], starts[1:], strict=True)), size]
