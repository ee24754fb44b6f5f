"""The look that all figures of the course share, and a figure that carries its alt text.

Figures are drawn on white paper, and inverted on a dark page (see `markup`). Text has a contrast of
at least 4.5 to 1 and marks have one of 3 to 1, on the white paper and inverted. The colors of marks
keep 3 to 1 on JupyterLab's dark page too, where explorers draw with them as they are: for that the
orange and the light blue are darker than Okabe and Ito's.
"""

import base64
import io
import textwrap
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation
from PIL import Image

from utils._figures import drawing, markup
from utils._figures.panels import panel_boxes

INK = "#4D4D4D"
PAPER = "#FFFFFF"
FAINT = INK + "55"  # for what may be overlooked
CLASS_COLORS = ("#C77F00", "#0072B2", "#009E73")
CLASS_MARKERS = ("o", "s", "^")
LINE = "#CC79A7"
WRONG = "#D55E00"
NEGATIVE, POSITIVE = "#C77F00", "#0072B2"
SERIES_COLORS = ("#0072B2", "#C77F00", "#009E73", "#CC79A7", "#3A9BD9", "#D55E00", INK)
HEAT = LinearSegmentedColormap.from_list("heat", [
    "#7A4A00", NEGATIVE, "#F2C466", "#F1F1EF", "#7DBBE0", POSITIVE, "#003A5C",
]).with_extremes(bad=WRONG)
HEAT_POSITIVE = ListedColormap(HEAT(np.linspace(0.5, 1, 128))).with_extremes(bad=WRONG)

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
    "font.size": 10, "axes.titlesize": 11.5, "axes.titleweight": "bold", "axes.titlepad": 9,
    "axes.titlelocation": "left", "axes.labelsize": 10, "xtick.labelsize": 9, "ytick.labelsize": 9,
    "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK,
    "xtick.color": INK, "ytick.color": INK,
    "figure.facecolor": PAPER, "axes.facecolor": "none", "savefig.facecolor": PAPER,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8,
    "axes.grid": True, "grid.color": INK, "grid.alpha": 0.22, "grid.linewidth": 0.7,
    "axes.axisbelow": True, "xtick.major.size": 0, "ytick.major.size": 0,
    "xtick.minor.size": 0, "ytick.minor.size": 0, "xtick.major.pad": 5, "ytick.major.pad": 5,
    "lines.linewidth": 2.2, "lines.solid_capstyle": "round",
    "legend.frameon": False, "legend.fontsize": 9.5, "legend.labelcolor": INK,
    "axes.unicode_minus": True,
}

END_LABEL = "end label"  # gid of the texts at the right ends of curves
PIXELS_PER_INCH = 100  # CSS pixels; the PNG holds twice as many, for sharp screens
WIDTHS, HEIGHT = {1: 6.2, 2: 9.6}, {1: 4.0, 2: 4.0}  # inches by columns; one row's height


class Picture:
    """A figure that is drawn inside `with` and then is an image with an alt text.

        with Picture("Loss falls from 0.7 to 0.1 in 50 epochs.") as ax:
            plots.loss(losses, title="Fifty epochs are enough", ax=ax)

    alt: what a reader who can't see the figure must know. Empty is a ValueError.
    columns, rows: the grid of axes; `axes` is one Axes, or a tuple, row by row.
    size: (width, height) of the whole in inches of 100 CSS pixels.
    photo: it shows a photograph, so that a dark page must not invert it.
    `html` holds the image after the block; several panels are an image each, which stand below one
    another where the page is narrow. Nothing is registered with pyplot, so that nothing
    has to be closed and no front end shows the figure a second time.
    """

    def __init__(self, alt: str, columns: int = 1, rows: int = 1,
                 size: tuple[float, float] | None = None, photo: bool = False) -> None:
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError("A figure needs an alt text: one or two sentences that tell what it "
                             'shows to a reader who can\'t see it, e.g. figure("Two clouds of '
                             'points with a line between them.").')
        self.alt, self.html, self._photo = alt.strip(), "", photo
        width, height = size or (WIDTHS.get(columns, 11.5), HEIGHT.get(columns, 3.6) * rows)
        with rc_context(STYLE):
            self._figure = Figure(figsize=(width, height), dpi=2 * PIXELS_PER_INCH,
                                  layout="constrained")
            FigureCanvasAgg(self._figure)
            grid = self._figure.subplots(rows, columns, squeeze=False)
        self._panels: tuple[Axes, ...] = tuple(grid.flat)
        self.axes: Any = self._panels[0] if len(self._panels) == 1 else self._panels
        self._style = rc_context(STYLE)

    def __enter__(self) -> Any:
        self._style.__enter__()
        return self.axes

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self.html = (image(self._figure, self._panels, self.alt, self._photo)
                             if drawing.wanted else "")
        finally:
            self._style.__exit__(kind, error, trace)

    def _repr_html_(self) -> str:
        return markup.themed(self.html)

    def __repr__(self) -> str:
        return f"[figure: {self.alt}]"


def image(figure: Figure, panels: Sequence[Axes], alt: str, photo: bool = False) -> str:
    """The figure with its grid of axes, laid out and drawn, as HTML."""
    for ax in panels:
        _name_series(ax)
    _lay_out(figure)  # widths and positions are known only from here on
    for ax in panels:
        _fit_title(ax)
    _lay_out(figure)
    for ax in panels:
        _separate_end_labels(ax)
    figure.set_layout_engine("none")  # drawing would go through it once more
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    scale = round(figure.dpi / PIXELS_PER_INCH)
    boxes = panel_boxes(figure, panels, drawn.size)
    widths = [round((box[2] - box[0]) / scale) for box in boxes]
    columns = sum(box[1] == 0 for box in boxes)  # of which all rows have as many
    return markup.html([(width, _png(drawn.crop(box)))
                        for width, box in zip(widths, boxes, strict=True)], alt, photo, columns)


def _png(drawn: Image.Image) -> str:
    file = io.BytesIO()
    drawn.save(file, format="png")
    return base64.b64encode(file.getvalue()).decode()


def _lay_out(figure: Figure) -> None:
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.execute(figure)


def _name_series(ax: Axes) -> None:
    """Give labeled artists a legend between title and axes, unless the caller made one."""
    handles, labels = ax.get_legend_handles_labels()
    if handles and ax.get_legend() is None:
        for columns in range(len(handles), 0, -1):
            legend = ax.legend(handles, labels, ncols=columns, loc="lower left",
                               bbox_to_anchor=(0, 1), borderpad=0, borderaxespad=0.5,
                               handlelength=1.4, handletextpad=0.5, columnspacing=1.4)
            for handle in legend.legend_handles:
                if isinstance(handle, PathCollection):  # a large marker would leave its line
                    handle.set_sizes([min(80, float(handle.get_sizes()[0]))])
            if columns == 1 or _width(legend) <= _panel_width(ax):
                break


def _fit_title(ax: Axes) -> None:
    """Break a title that is wider than its panel, and lift it over a legend above the axes."""
    text, legend = ax.get_title("left"), ax.get_legend()
    if not text:
        return
    top = ax.get_window_extent().y1
    over = legend.get_window_extent().y1 - top if legend else 0
    points = max(over, 0) * 72 / ax.figure.dpi
    title = ax.set_title(text, pad=points + STYLE["axes.titlepad"])
    share = _panel_width(ax) / max(_width(title), 1)
    if share < 1:
        lines = (textwrap.fill(line, max(12, int(len(line) * share * 0.97)))
                 for line in text.split("\n"))
        title.set_text("\n".join(lines))


def _separate_end_labels(ax: Axes) -> None:
    """Push labels at the right ends of curves apart until none lies on another, and tie them."""
    labels = [text for text in ax.texts
              if text.get_gid() == END_LABEL and isinstance(text, Annotation)]
    if not labels:
        return
    box = ax.get_window_extent()
    ends = [ax.transAxes.inverted().transform(ax.transData.transform(label.xy)) for label in labels]
    gap = 1.15 * max(label.get_window_extent().height for label in labels) / box.height
    heights = _spread_apart(np.clip([y for _, y in ends], 0, 1), gap)
    for label, (x, y), height in zip(labels, ends, heights, strict=True):
        label.set_position((1.035, height))
        ax.add_artist(Line2D([x, 1.03], [y, height], transform=ax.transAxes, clip_on=False,
                             color=FAINT, linewidth=0.8, zorder=1))


def _spread_apart(heights: np.ndarray, gap: float) -> np.ndarray:
    """The nearest heights, in the same order, that are at least `gap` apart (least squares).

    Minus k gaps for the k-th from below, the wanted heights have to be in ascending order: that is
    isotonic regression, solved by pooling neighbors that are out of order.
    """
    order = np.argsort(heights, kind="stable")
    shifted = heights[order] - gap * np.arange(len(heights))
    pools: list[list[float]] = []
    for value in shifted:
        pools.append([float(value)])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    spread = np.concatenate([np.full(len(pool), np.mean(pool)) for pool in pools])
    result = np.empty_like(heights)
    result[order] = spread + gap * np.arange(len(heights))
    return result


def _width(artist: Any) -> float:
    return float(artist.get_window_extent().width)


def _panel_width(ax: Axes) -> float:
    """From the left edge of the axes to the right edge of the place it was given, in pixels."""
    right = ax.get_position(original=True).x1 * ax.figure.bbox.width
    return float(right - ax.get_window_extent().x0)
