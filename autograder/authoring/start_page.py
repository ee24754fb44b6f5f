"""The page that JupyterLab opens first: each lesson, how far one is, a review, and a
mock interview.

What it says of a lesson is what the lesson says of itself in its first cell, so nothing is
written twice.
"""

import re
from collections.abc import Mapping

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.authoring.introduction import introduction
from autograder.authoring.setup_cell import SETUP
from autograder.notebooks.cells import free_id

NAME = "start.ipynb"
PROGRESS, MILESTONES = "progress", "milestones"  # the ids of the cells that show them

YOUR_PROGRESS = """\
## Your progress

Run this cell to see which of your exercises pass their checks.
It is kept in a file beside your lessons; nobody else reads it, and `progress.reset()` clears it."""
YOUR_MILESTONES = """\
## Your milestones

It took the field sixty years to get from a single neuron to attention.
Run this cell to see which of these steps your own functions have taken."""
REVIEW = """\
## What you got wrong comes back

A mistake that a card named, or a wrong choice in a quiz, comes back after 1, 3, 7 and 21 days.
A right answer moves it on, and a wrong one back to the start.
Wrong choices come with your feedback, once it is in the lesson's folder.
For pages that you saved elsewhere, write `Review(feedback="~/Downloads")`."""
INTERVIEW = """\
## A mock interview

Eight questions of the lessons, with a clock, model answers, and points to judge your own by.
What went badly comes first next time.
For the lessons 1 to 7 only, write `Interview(1, lessons=range(1, 8))`."""

MAP = """\
## What builds on what

Follow the arrows back to see what a lesson needs.
Where there is a choice, take the lesson that you are curious about."""


def lesson_map(notebooks: Mapping[str, NotebookNode]) -> str:
    """Which lessons build on which, as a Mermaid diagram, which JupyterLab and GitHub draw.

    An arrow that others make needless is left out. "" where no lesson says what it builds on.
    """
    below, lines = dict[int, set[int]](), list[str]()
    for notebook in notebooks.values():
        about = introduction(notebook)
        number, _, title = about.title.partition(" · ")
        if not number.isdecimal():
            continue
        short = re.split(r"[:?`\"]", title)[0].strip()
        lines.append(f'  L{number}["{number} · {short}"]')
        known = [one for one in about.builds_on if one in below]
        reached = set().union(*(below[one] for one in known))
        below[int(number)] = reached.union(known)
        lines += [f"  L{one} --> L{number}" for one in known if one not in reached]
    return "\n".join(["```mermaid", "graph TD", *lines, "```"]) if any(below.values()) else ""


def start_page(notebooks: Mapping[str, NotebookNode], title: str, welcome: str,
               interview: bool) -> NotebookNode:
    """The page for these lessons, by name.

    title, welcome: what it says first. interview: whether there are questions for one.
    """
    parts = ["## The lessons"]
    for name, notebook in notebooks.items():
        about = introduction(notebook)
        parts.append(f"### [{about.title}]({name}/{name}.ipynb)")
        if about.question:
            parts.append(about.question)
        if about.builds:
            parts.append(f"**You build** {about.builds}")
        if about.minutes:
            needs = about.needs.replace("](../", "](")
            parts.append(f"**About {about.minutes} minutes. You need** {needs}")
    cells = [new_markdown_cell(f"# {title}\n\n{welcome}".strip()), new_code_cell(SETUP, id="setup"),
             new_markdown_cell(YOUR_PROGRESS),
             new_code_cell("from utils import progress\n\nprogress.show()", id=PROGRESS),
             new_markdown_cell("\n\n".join(parts))]
    if drawn := lesson_map(notebooks):
        cells.append(new_markdown_cell(f"{MAP}\n\n{drawn}"))
    if any("milestones.reach(" in cell.source
           for notebook in notebooks.values() for cell in notebook.cells):
        cells += [new_markdown_cell(YOUR_MILESTONES), new_code_cell(
            "from utils import milestones\n\nmilestones.show()", id=MILESTONES)]
    cells += [new_markdown_cell(REVIEW), new_code_cell(
        "from utils.review import Review\n\nReview()", id="review")]
    if interview:
        cells += [new_markdown_cell(INTERVIEW), new_code_cell(
            "from utils.interview import Interview\n\nInterview(1)", id="interview")]
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.id = free_id(cell.source)
    return new_notebook(cells=cells, metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}})
