"""Pages that point into lessons and files point at something that is there."""

import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from autograder.course import ROOT, lessons

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md",
         *sorted((ROOT / "docs").glob("*.md"))]
PLACES = re.findall(r"\[(\d)\]\(([^)]+)\): (.+?)(?=; \[\d\]\(| \|$)",
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
    assert path.name.startswith(f"0{number}_")
    assert place in homes(path)


def test_every_lesson_is_some_rows_home():
    assert len(PLACES) > 80
    assert {Path(link).stem for _, link, _ in PLACES} == {lesson.name for lesson in lessons()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not link.startswith(("https://", "#")):
            assert (page.parent / unquote(link.partition("#")[0])).exists(), link


def test_the_readme_says_of_each_lesson_what_the_lesson_says():
    readme = PAGES[0].read_text(encoding="utf-8")
    for lesson in lessons():
        first = nbformat.read(lesson.release, as_version=4).cells[0].source
        link = f"({lesson.release.relative_to(ROOT)})"
        [row] = [line for line in readme.splitlines() if link in line]
        built = re.search(r"\*\*You will build\*\*.*?:\n(.+)", first)[1]
        assert re.findall("`.+?`", row) == re.findall("`.+?`", built)
        assert f"| {re.search('about ([0-9]+) minutes', first)[1]} min |" in row
