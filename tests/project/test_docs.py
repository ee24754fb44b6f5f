"""Pages that point into lessons and files point at something that is there."""

import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from autograder.course import ROOT, lessons

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md",
         *sorted((ROOT / "docs").glob("*.md"))]
PLACES = re.findall(r"\[(\d+)\]\(([^)]+)\): (.+?)(?=; \[\d+\]\(| \|$)",
                    (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8"), re.MULTILINE)


def homes(path: Path) -> set[str]:
    """What can be pointed at in a lesson: headings, folded questions, exercises."""
    found = set()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            found |= set(re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE))
            found |= set(re.findall(r"<summary>(.+?)</summary>", cell.source))
        found.add(f"`{cell.id}`")
    return found


@pytest.mark.parametrize(("number", "link", "place"), PLACES)
def test_every_row_of_the_sources_has_a_home(number, link, place):
    path = (ROOT / "docs" / link).resolve()
    assert path.name.startswith(f"{int(number):02}_")
    assert place in homes(path)


def test_the_pages_rows_are_read():
    assert len(PLACES) > 80
    assert {Path(link).stem for _, link, _ in PLACES} <= {lesson.name for lesson in lessons()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not link.startswith(("https://", "#")):
            assert (page.parent / unquote(link.partition("#")[0])).exists(), link
