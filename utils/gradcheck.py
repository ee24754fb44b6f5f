"""Is this gradient right? Every entry of it against a central difference of the function itself.

    report = gradient_check(lambda W: np.sum(np.tanh(W @ x)), W, my_gradient)
    report            # a card in JupyterLab
    report.passed     # True or False

A central difference (f(x + eps) - f(x - eps)) / (2 eps) is off by about eps² f'''/6, and by the
rounding of f divided by eps; with float64 the two balance near eps = 1e-5 (Nocedal and Wright,
"Numerical Optimization", section 8.1). It takes two calls of f for each entry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils._checks import compare

if TYPE_CHECKING:  # imported where a report is drawn: checking a gradient draws nothing
    from matplotlib.axes import Axes

__all__ = ["Report", "gradient_check", "numerical_gradient"]

Function = Callable[[NDArray[np.float64]], Any]

FLOOR = 1e-8  # smallest denominator of a relative error
ROUNDING = 32  # how many units in the last place of f are put down to rounding inside f


def numerical_gradient(f: Function, x: ArrayLike, eps: float = 1e-5) -> NDArray[np.float64]:
    """Central differences of f at x, float64 of x's shape.

    f takes a float64 array of x's shape (also where x is a list or ints) and returns one number.
    It gets a copy each time, so that x stays as it is whatever f does. eps is the step; 0 and
    below are a ValueError, and so is an f that returns anything but one real number.
    """
    if not eps > 0:
        raise ValueError(f"eps must be above 0, got {eps}.")
    x = np.array(x, dtype=np.float64)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[index] += eps
        below[index] -= eps
        gradient[index] = (_number(f(above)) - _number(f(below))) / (2 * eps)
    return gradient


@dataclass(frozen=True, eq=False)
class Report:
    """What came of a gradient check.

    analytic, numeric: the two gradients; `analytic` is None when it can't be compared at all.
    index: the entry of largest relative error, None when there is nothing to compare.
    error: the relative error |a - n| / max(1e-8, |a| + |n|) there, inf when there is none.
    tolerance: the error up to which the check passes.
    resolution: what rounding inside f alone may put into `numeric`. A smaller difference says
        nothing about the gradient: it fails no check, and is the worst only among its like.
    problem: why the two can't be compared, "" when they can.
    """

    analytic: NDArray[np.float64] | None
    numeric: NDArray[np.float64]
    index: tuple[int, ...] | None
    error: float
    tolerance: float
    resolution: float
    problem: str

    @property
    def passed(self) -> bool:
        """Can be compared, and no entry is off by more than the tolerance."""
        return self.error <= self.tolerance or self._rounding

    @property
    def _rounding(self) -> bool:
        return self.index is not None and bool(self.difference[self.index] <= self.resolution)

    @property
    def difference(self) -> NDArray[np.float64]:
        """|analytic - numeric| for each entry; nan everywhere when there is nothing to compare."""
        if self.analytic is None:
            return np.full_like(self.numeric, np.nan)
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(self.analytic - self.numeric))

    def __str__(self) -> str:
        headline = f"Gradient check {'passed' if self.passed else 'FAILED'}"
        if self.problem:
            return f"{headline}: {self.problem}"
        if self.analytic is None or self.index is None:
            return f"{headline}: there are no entries to compare."
        return (f"{headline}: the largest relative error is {self.error:.2g} (tolerance "
                f"{self.tolerance:.2g}), {_place(self.index)}: analytic "
                f"{self.analytic[self.index]:.9g}, numeric {self.numeric[self.index]:.9g}"
                + (". So small a difference rounding inside f explains."
                   if self.passed and self.error > self.tolerance else "."))

    def draw(self, ax: "Axes") -> "Axes":
        """Each entry's difference as a heat map, the worst one framed.

        A vector is a row; of more than two axes the first counts the rows, the others are laid
        side by side. Without anything to compare it says so in the title.
        """
        from matplotlib.patches import Rectangle

        from utils import plots
        from utils._figures.picture import INK

        if self.index is None:
            ax.set_axis_off()
            ax.set_title("There is nothing to compare")
            return ax
        rows = self.numeric.shape[0] if self.numeric.ndim > 1 else 1
        difference = self.difference.reshape(rows, -1)
        title = ("The two gradients agree" if self.passed else
                 "The first entry that is not finite is framed" if self.problem else
                 "The entry with the largest relative error is framed")
        plots.heat_map(difference, title=title, xlabel="column", ylabel="row", ax=ax,
                       values=difference.size <= 36, limit=self._darkest())
        row, column = divmod(int(np.ravel_multi_index(self.index, self.numeric.shape))
                             if self.index else 0, difference.shape[1])
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, linewidth=3,
                               edgecolor=INK if self.passed else plots.WRONG, clip_on=False,
                               zorder=5))
        return ax

    def _darkest(self) -> float:
        """The difference drawn darkest: never so small that rounding alone looks like a fault."""
        entries = np.abs(np.concatenate([self.difference.ravel(), 0.01 * self.numeric.ravel()]))
        return float(np.max(entries, where=np.isfinite(entries), initial=0.0))

    def _repr_html_(self) -> str:
        from utils import plots
        from utils._figures.picture import Picture

        picture = ""
        if self.index is not None:
            drawn = Picture(f"Heat map of the absolute difference between both gradients, worst "
                            f"entry framed. {self}", size=(6.2, 3.0))
            with drawn as ax:
                self.draw(ax)
            picture = drawn.html
        color = plots.CLASS_COLORS[2] if self.passed else plots.WRONG
        headline, rest = str(self).split(": ", 1)
        return (f"<div role='group' aria-label='{headline}' style='border-left:5px solid {color};"
                "padding:.4em .9em;margin:.3em 0;max-width:60em'>"
                f"<div style='font-weight:600'>{headline}</div>"
                f"<div style='overflow-wrap:anywhere'>{escape(_capital(rest))}</div>"
                f"<div style='margin-top:.5em'>{picture}</div></div>")


def gradient_check(f: Function, x: ArrayLike, analytic: ArrayLike, *, eps: float = 1e-5,
                   tolerance: float = 1e-6) -> Report:
    """Compare the gradient `analytic` of f at x, entry by entry, with central differences.

    f, x, eps: as in `numerical_gradient`. analytic: the gradient to check, of x's shape; one of
    another shape, with nan or inf, or that is no array of numbers makes a report that says so.
    It passes when the largest |a - n| / max(1e-8, |a| + |n|) is at most `tolerance`, entries that
    differ by no more than rounding in f explains set aside. What f raises comes through.
    """
    numeric = numerical_gradient(f, x, eps)
    value = _number(f(np.array(x, dtype=np.float64)))
    resolution = ROUNDING * float(np.spacing(abs(value))) / eps

    def report(problem: str, a: NDArray[np.float64] | None = None,
               index: tuple[int, ...] | None = None, error: float = np.inf) -> Report:
        return Report(a, numeric, index, error, tolerance, resolution, problem)

    refusal = compare.not_numeric(analytic)
    if refusal:
        return report(f"the analytic gradient can't be read: {refusal}")
    a = np.array(analytic, dtype=np.float64)
    if a.shape != numeric.shape:
        turned = " It looks transposed." if a.shape == numeric.shape[::-1] else ""
        return report(f"the analytic gradient must have the shape of x, {numeric.shape}, "
                      f"but has {a.shape}.{turned}")
    for name, entries, why in (
            ("analytic", a, "Look for a division by 0, a log of 0 or an overflow."),
            ("numeric", numeric, "f itself is not finite near x: try another x.")):
        bad = np.argwhere(~np.isfinite(entries))
        if len(bad):
            first = tuple(int(i) for i in bad[0])
            count = f"{len(bad)} of {a.size} entries are" if a.size > 1 else "the only entry is"
            return report(f"in the {name} gradient {count} not finite, first {_place(first)}: "
                          f"{entries[first]}. {why}", a, first)
    if not a.size:
        return report("", a, None, 0.0)
    relative = np.abs(a - numeric) / np.maximum(FLOOR, np.abs(a) + np.abs(numeric))
    resolved = np.abs(a - numeric) > resolution
    ranked = np.where(resolved, relative, -1.0) if resolved.any() else relative
    worst = tuple(int(i) for i in np.unravel_index(int(ranked.argmax()), a.shape))
    return report("", a, worst, float(relative[worst]))


def _number(value: Any) -> float:
    """What f returned as a float; a ValueError says what is wrong with it."""
    refusal = compare.not_numeric(value)
    if refusal:
        raise ValueError(f"f must return one real number: {refusal}")
    array = np.asarray(value, dtype=np.float64)
    if array.size != 1:
        raise ValueError(f"f must return one real number, got shape {array.shape}: "
                         "is a sum or a mean missing?")
    return float(array.item())


def _place(index: tuple[int, ...]) -> str:
    return f"at [{', '.join(map(str, index))}]" if index else "at the only entry"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
