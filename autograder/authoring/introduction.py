"""What a lesson says of itself in its first cell: the start page and the README are made from it.

Nothing is written twice, and a lesson that leaves a part out has an empty text there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebooks import cells

BEGIN, END = "<!-- lessons -->", "<!-- /lessons -->"
_QUESTION = re.compile(r"# [^\n]*\n\n(?!\*\*)(.+?)\n\n", re.DOTALL)
_BUILDS = re.compile(r"\*\*You will build\*\*.*?:\n(.+)")
_TIME = re.compile(r"\*\*Time:\*\* about (\d+) minutes\. \*\*You need:\*\* (.+)")
_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
_LESSONS = re.compile(r"\blesson (\d+)|\blessons (\d+(?:(?:, and | and | to |, )\d+)*)")


@dataclass(frozen=True)
class Introduction:
    """A lesson's first cell, part by part.

    title: with its number, as in "1 · The perceptron". question: the paragraph below it.
    builds: what students write, in order. minutes: how long it takes. needs: what to know before.
    builds_on: the numbers of the lessons that `needs` names.
    """

    title: str
    question: str
    builds: str
    minutes: int
    needs: str
    builds_on: tuple[int, ...]


def introduction(notebook: NotebookNode) -> Introduction:
    """Read a lesson's first cell."""
    text = notebook.cells[0].source
    question, builds, time = _QUESTION.match(text), _BUILDS.search(text), _TIME.search(text)
    return Introduction(
        cells.heading(notebook), question[1] if question else "", builds[1] if builds else "",
        int(time[1]) if time else 0, time[2] if time else "", _lessons(time[2] if time else ""))


def _lessons(needs: str) -> tuple[int, ...]:
    """The numbers in "lesson 4", "lessons 3 to 5", or "lessons [11](…) and [12](…)"."""
    found = set[int]()
    for listed in _LESSONS.findall(_LINK.sub(r"\1", needs)):
        for first, last in re.findall(r"(\d+)(?: to (\d+))?", "".join(listed)):
            found.update(range(int(first), int(last or first) + 1))
    return tuple(sorted(found))


def with_table(page: str, notebooks: Mapping[str, NotebookNode], folder: str = "lessons") -> str:
    """Return a Markdown page with the table of lessons between its markers.

    page: the text as it is; without the markers it stays so. notebooks: the lessons by name.
    folder: where they are, seen from the page.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n\n{_table(notebooks, folder)}\n\n{end}{after}" if end else page


def _table(notebooks: Mapping[str, NotebookNode], folder: str) -> str:
    rows = ["| | lesson | you build | time |", "|---|---|---|---|"]
    for name, notebook in notebooks.items():
        about = introduction(notebook)
        number, _, title = about.title.rpartition(" · ")
        rows.append(f"| {number} | [{title}]({folder}/{name}/{name}.ipynb) "
                    f"| {about.builds.replace(' → ', ', ')} "
                    f"| {f'{about.minutes} min' if about.minutes else ''} |")
    return "\n".join(rows)
