"""Steps of the field's history that a student's own functions have taken, kept beside the lessons.

    with milestones.reach(1958) as reached:     # in the lesson that runs these functions
        ...
        reached(right == 1.0)

    milestones.show()                           # a table of them all

What is kept is in the student's progress file, so `progress.reset()` forgets it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from utils import earlier, progress

__all__ = ["HOME", "MILESTONES", "Milestone", "Milestones", "reach", "show"]

HOME = "17_capstone/17_capstone.ipynb#Milestones:-sixty-years-in-five-steps"  # where they run
PART = "milestones"  # of the progress file


@dataclass(frozen=True)
class Milestone:
    """One step: what it is called, the lesson whose functions take it, what it couldn't do."""

    year: int
    step: str
    lesson: str
    limit: str

    @property
    def number(self) -> int:
        """The lesson's number."""
        return int(self.lesson.partition("_")[0])


MILESTONES = (
    Milestone(1958, "the perceptron", "01_perceptron", "learn XOR: no line separates it"),
    Milestone(1986, "backpropagation", "04_backprop",
              "train ten layers: the gradient vanishes on the way"),
    Milestone(1998, "convolution", "13_convolution", "read digits that moved by a pixel"),
    Milestone(2015, "residual connections", "12_residual",
              "read sentences: every input has the same size"),
    Milestone(2017, "attention", "15_attention",
              "read a book at once: the work grows with the square of the length"),
)


class Milestones:
    """All milestones and the years of those that were reached; shows itself as a table.

    folder: the folder of the lessons, where the progress file is. here: where links start from.
    """

    def __init__(self, folder: Path, here: Path) -> None:
        self._up = Path(os.path.relpath(folder, here)).as_posix()
        noted = progress.kept(PART, folder)
        self.reached = frozenset(one.year for one in MILESTONES if str(one.year) in noted)

    def __repr__(self) -> str:
        return "\n".join([*(
            f"{one.year}, {one.step}: {self._state(one)} It couldn't {one.limit}."
            for one in MILESTONES), self._count])

    def _repr_html_(self) -> str:
        heads = "".join(f"<th style='text-align:left'>{head}</th>" for head in (
            "Milestone", "What it couldn't do", "Your functions"))
        rows = "".join(
            f"<tr><td style='text-align:left'><span aria-hidden='true'>"
            f"{'●' if one.year in self.reached else '○'}</span> <b>{one.year}</b> {one.step}</td>"
            f"<td style='text-align:left'>{escape(one.limit)}</td>"
            f"<td style='text-align:left'>{self._way(one)}</td></tr>" for one in MILESTONES)
        return (f"<table aria-label='Your milestones'><thead><tr>{heads}</tr></thead>"
                f"<tbody>{rows}</tbody></table><p>{self._count}</p>")

    @property
    def _count(self) -> str:
        count = f"{len(self.reached)} of {len(MILESTONES)} reached."
        return count if len(self.reached) == len(MILESTONES) else (
            f"{count} The cells are near the end of lesson {int(HOME[:2])}.")

    def _state(self, one: Milestone) -> str:
        return "reached." if one.year in self.reached else (
            f"finish lesson {one.number}, then run its cell in lesson {int(HOME[:2])}.")

    def _way(self, one: Milestone) -> str:
        if one.year in self.reached:
            return "reached"
        lesson, cell = (escape(f"{self._up}/{path}".removeprefix("./"), quote=True)
                        for path in (f"{one.lesson}/{one.lesson}.ipynb", HOME))
        return (f"finish <a href='{lesson}'>lesson {one.number}</a>, "
                f"then run its cell in <a href='{cell}'>lesson {int(HOME[:2])}</a>")


def show() -> Milestones:
    """The milestones, for the last line of a cell."""
    return Milestones(progress.folder(), Path.cwd())


@contextmanager
def reach(year: int) -> Iterator[Callable[[bool], None]]:
    """Print a milestone's title, and keep that it was reached where the block says so.

    Yields a function to call with whether the numbers came out as they should. A lesson that is
    missing, unfinished, or stops costs a sentence. Raises KeyError for a year without a milestone.
    """
    one = {one.year: one for one in MILESTONES}[year]
    results: list[bool] = []
    print(f"{year}, {one.step} (lesson {one.number})")
    try:
        yield results.append
    except NotImplementedError:
        print("  This one waits for a function that you haven't written yet. "
              "Come back when you have.")
    except earlier.Missing as missing:
        print(f"  Not today: {missing}")
    except Exception as trouble:
        print(f"  Your functions stopped with {type(trouble).__name__}: {trouble}. "
              "Run that lesson's checks again.")
    else:
        if results and all(results):
            print("  Reached." + _keep(year))
        else:
            print("  Not reached: your functions ran, but did worse than they should. "
                  "Run that lesson's checks again.")


def _keep(year: int) -> str:
    """Keep it where a person works; what to add to the message."""
    if not progress.attended():
        return ""
    try:
        progress.keep(PART, str(year), {})
    except OSError as error:
        return f" It could not be kept: {error.strerror}."
    return " Your start page shows it."
