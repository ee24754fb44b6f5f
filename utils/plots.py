"""The course's figures: one palette, one look, an alt text for each.

    with plots.figure("Two clouds of points and the line between them.") as ax:
        plots.points(X, y, names=("x1", "x2"), labels=("no", "yes"), ax=ax)
        plots.line(w, b, ax=ax)

Colors (Okabe and Ito's colorblind-safe palette, jfly.uni-koeln.de/color) mean the same thing
in every lesson: classes 0, 1, 2 are orange, blue, green (and circle, square, triangle), a boundary
is purple, a mistake is vermillion; in weights and heat maps blue is positive and orange negative.
Titles state a message. Labeled artists get a legend under the title when the figure is shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import AxLine
from numpy.typing import ArrayLike, NDArray

from utils._figures.computation_graph import CHAIN, draw
from utils._figures.diagram import heat_map, network
from utils._figures.number_format import three_digits
from utils._figures.picture import (
    CLASS_COLORS,
    CLASS_MARKERS,
    END_LABEL,
    HEAT,
    LINE,
    SERIES_COLORS,
    WRONG,
    Picture,
)
from utils._figures.tape import draw as draw_tape
from utils._figures.tape import read
from utils.checks import unfinished

__all__ = ["CLASS_COLORS", "CLASS_MARKERS", "LINE", "SERIES_COLORS", "WRONG", "curves",
           "decision_boundary", "figure", "heat_map", "hidden_space", "image", "line", "loss",
           "network", "points", "tape", "unit_graph"]


@contextmanager
def figure(alt: str, columns: int = 1, rows: int = 1,
           size: tuple[float, float] | None = None, photo: bool = False) -> Iterator[Any]:
    """Draw in the block; at its end one image with an alt text is displayed.

    Yields one Axes, or a tuple of Axes row by row. The other arguments are `Picture`'s.
    While a function that the block calls is not written yet (NotImplementedError), a note stands
    in place of the figure.
    """
    picture = Picture(alt, columns, rows, size, photo)
    with unfinished():
        with picture as axes:
            yield axes
        display(picture)


def points(X: ArrayLike, y: ArrayLike, *, names: Sequence[str], labels: Sequence[str],
           mistakes: ArrayLike | None = None, ax: Axes) -> Axes:
    """Examples X (n, 2) as points, colored and shaped by their class y (n,), in 0, 1, 2.

    names: the two features, for the axes. labels: the classes' names, for the legend.
    mistakes: (n,) bools; where True the point is ringed.
    """
    X, y = _plane(X, "points"), np.asarray(y)
    if y.shape != (len(X),) or not np.isin(y, range(len(CLASS_COLORS))).all():
        raise ValueError(f"y must hold one class of 0, 1 or 2 for each of the {len(X)} points. "
                         "For other classes use Dataset.only(...) first.")
    size = 90 if len(X) <= 12 else 46 if len(X) <= 250 else 22
    for k, (color, marker) in enumerate(zip(CLASS_COLORS, CLASS_MARKERS, strict=True)):
        if (y == k).any():
            ax.scatter(X[y == k, 0], X[y == k, 1], s=size * (1.15 if marker == "^" else 1), c=color,
                       marker=marker, linewidths=0.8, edgecolors=_darker(color), alpha=0.9,
                       label=labels[k] if k < len(labels) else f"class {k}", zorder=3)
    if mistakes is not None:
        wrong = np.asarray(mistakes, dtype=bool)
        count = int(wrong.sum())
        if count:
            ax.scatter(X[wrong, 0], X[wrong, 1], s=3.2 * size, facecolors="none", edgecolors=WRONG,
                       linewidths=1.8, label="1 mistake" if count == 1 else f"{count} mistakes",
                       zorder=4)
    ax.margins(0.09)
    ax.set(xlabel=names[0], ylabel=names[1])
    return ax


def line(w: ArrayLike, b: float, *, label: str | None = None, ax: Axes) -> Axes:
    """The boundary w·x + b = 0 across the axes, whose limits stay; for w = 0 there is none."""
    w, b = np.asarray(w, dtype=float).ravel(), float(np.asarray(b).reshape(()))
    if w.shape != (2,):
        raise ValueError(f"line needs a w of 2 numbers, got {w.size}.")
    if w.any():
        foot = -b * w / (w @ w)
        # As an artist of its own it leaves the data limits alone, unlike ax.axline.
        ax.add_artist(AxLine(tuple(foot), tuple(foot + [-w[1], w[0]]), None, color=LINE,
                             linewidth=2.4, label=label, zorder=2.5))
    return ax


def decision_boundary(predict: Callable[[NDArray[np.float64]], ArrayLike], X: ArrayLike,
                      y: ArrayLike, *, title: str, xlabel: str, ylabel: str,
                      labels: Sequence[str] = (), ax: Axes) -> Axes:
    """Regions of equal predicted class with the examples on top.

    predict: maps (m, 2) to m class labels; it is called once, with a grid of 150 x 150 points.
    """
    X = _plane(X, "decision_boundary")
    low, high = X.min(axis=0), X.max(axis=0)
    pad = 0.1 * np.maximum(high - low, 1e-9)
    x1, x2 = (np.linspace(low[i] - pad[i], high[i] + pad[i], 150) for i in (0, 1))
    grid = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
    classes = np.asarray(predict(grid))
    if classes.size != len(grid):
        raise ValueError(f"predict must return one label for each row: expected {len(grid)}, "
                         f"got shape {classes.shape}.")
    classes = classes.reshape(len(x2), len(x1))
    for k, color in enumerate(CLASS_COLORS):
        # Blurred by two cells, the grid's stairs do not show in the edge.
        inside = _blur((classes == k).astype(float))
        if inside.max() > 0.5:
            ax.contourf(x1, x2, inside, levels=[0.5, 1.5], colors=[color], alpha=0.2, zorder=0.5)
        if inside.max() > 0.5 > inside.min():
            ax.contour(x1, x2, inside, levels=[0.5], colors=[LINE], linewidths=2.2, zorder=1)
    points(X, y, names=(xlabel, ylabel), labels=labels, ax=ax)
    ax.set(title=title, xlim=x1[[0, -1]], ylim=x2[[0, -1]])
    ax.grid(False)
    return ax


def hidden_space(H: ArrayLike, y: ArrayLike, *, title: str, ax: Axes, w: ArrayLike | None = None,
                 b: float | None = None, labels: Sequence[str] = ()) -> Axes:
    """What the output unit sees: activations H (n, 2) of two hidden units, and its line (w, b).

    Where several examples fall on one point, their number is written beside it.
    """
    H = _plane(H, "hidden_space")
    points(H, y, names=("hidden unit 1", "hidden unit 2"), labels=labels, ax=ax)
    places, counts = np.unique(H.round(9), axis=0, return_counts=True)
    if len(places) <= 12:
        for place, count in zip(places[counts > 1], counts[counts > 1], strict=True):
            ax.annotate(f"{count} points", place, (9, 7), textcoords="offset points")
    if w is not None:
        line(w, 0.0 if b is None else b, ax=ax)
    ax.set_title(title)
    return ax


def curves(x: ArrayLike, ys: Mapping[str, ArrayLike], *, title: str, xlabel: str, ylabel: str,
           ax: Axes, log: bool | str = False, colors: Mapping[str, str] | None = None) -> Axes:
    """One line for each label, named at its right end.

    log: True for a logarithmic y axis; or "x", "y", "xy".
    colors: a color for some labels, to keep a thing's color from figure to figure.
    """
    x = np.asarray(x, dtype=float)
    free = [c for c in SERIES_COLORS if c not in (colors or {}).values()]
    styles = iter([(c, dash) for dash in ("-", (0, (3, 1.6)), (0, (1, 1.6))) for c in free])
    for label, values in ys.items():
        y = np.asarray(values, dtype=float)
        if y.shape != x.shape:
            raise ValueError(f"the curve {label!r} has shape {y.shape}, x has {x.shape}.")
        color, dash = (colors[label], "-") if colors and label in colors else next(styles)
        ax.plot(x, y, color=color, linestyle=dash, zorder=2.5)
        if label and np.isfinite(y).any():
            last = np.argmax(np.where(np.isfinite(y), x, -np.inf))  # x may run downward
            end = (x[last], y[last])
            ax.plot(*end, "o", color=color, markersize=5, clip_on=False, zorder=3)
            ax.annotate(label, end, (1.035, 0.5), textcoords="axes fraction", va="center",
                        gid=END_LABEL, annotation_clip=False)
    scales = "y" if log is True else log or ""
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel, xscale="log" if "x" in scales else "linear",
           yscale="log" if "y" in scales else "linear")
    ax.margins(x=0.01)
    return ax


def image(pixels: ArrayLike, *, title: str, ax: Axes, strongest: float | None = None) -> Axes:
    """Pixels (h, w) in gray, from 0, black, to 1, white.

    strongest: draw a feature map in the colors of `heat_map` instead, darkest at ±strongest.
    """
    pixels = np.asarray(pixels, dtype=float)
    if pixels.ndim != 2 or not pixels.size:
        raise ValueError(f"image draws one channel (h, w), got shape {pixels.shape}.")
    if strongest is None:
        ax.imshow(pixels, cmap="gray", vmin=0, vmax=1)
    else:
        ax.imshow(pixels, cmap=HEAT, vmin=-strongest, vmax=strongest)
    ax.set(title=title, xticks=(), yticks=())
    ax.grid(False)
    ax.spines[:].set_visible(False)
    return ax


def loss(losses: Sequence[float], *, title: str, ax: Axes, ylabel: str = "mean loss") -> Axes:
    """The loss of each epoch, counted from 0, with its last value written at the end."""
    values = np.asarray(losses, dtype=float)
    if values.ndim != 1 or not len(values):
        raise ValueError(f"losses must be one number for each epoch, got shape {values.shape}.")
    finite = values[np.isfinite(values)]
    name = three_digits(finite[-1]) if len(finite) else ""
    if len(finite) < len(values):
        name += f"\n(not finite\nfrom epoch {int(np.argmin(np.isfinite(values)))})"
    return curves(np.arange(len(values)), {name: values}, title=title, xlabel="epoch",
                  ylabel=ylabel, ax=ax)


def unit_graph(*, x: float, w: float, b: float, y: float, ax: Axes) -> Axes:
    """The computation graph of one unit, L = (tanh(w·x + b) − y)².

    Each box holds a value of the forward pass and, below it, the gradient of L with respect to it.
    """
    values = CHAIN.forward({"x": x, "w": w, "b": b, "y": y})
    return draw(CHAIN, values, CHAIN.backward(values), ax=ax)


def tape(program: str, leaves: Mapping[str, float], *, ax: Axes) -> Axes:
    """A short program such as "u = a*b; L = u + c" as a graph, with values and gradients.

    leaves: the values of a, b and c, as far as they occur.
    """
    steps = read(program)
    values = steps.graph.forward({**leaves, **steps.constants})
    return draw_tape(steps, values, steps.gradients(values), ax=ax)


def _plane(X: ArrayLike, name: str) -> NDArray[np.float64]:
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"{name} draws two columns, got shape {X.shape}. "
                         "Choose two features first, e.g. with Dataset.take(...).")
    return X


def _blur(M: NDArray[np.float64]) -> NDArray[np.float64]:
    """Convolved with a normal density of standard deviation 2 cells, the edges repeated."""
    kernel = np.exp(-np.arange(-6, 7) ** 2 / 8)
    kernel /= kernel.sum()
    for axis in (0, 1):
        M = np.apply_along_axis(
            lambda row: np.convolve(np.pad(row, 6, mode="edge"), kernel, "valid"), axis, M)
    return M


def _darker(color: str) -> tuple[float, float, float]:
    """A darker edge in the same hue: light fills keep their outline on white."""
    red, green, blue = to_rgb(color)
    return (0.62 * red, 0.62 * green, 0.62 * blue)
