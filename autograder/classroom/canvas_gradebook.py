"""Canvas's own gradebook export, with our points in the columns of its assignments. Pure.

Canvas knows an assignment by the number in its column's title, "Title (12345)", and a student by
the columns before "Section" (lib/gradebook_importer.rb). Whatever else differs from what it has is
a change, a blank cell too: so only the columns of our lessons are written, and a cell that we have
no points for keeps what stands there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.errors import UserError
from autograder.gradebook.records import Student

FACTS = ("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID",
         "Root Account", "Section")
_TITLE = re.compile(r"(?P<title>.*?) \((?P<id>\d+)\)", re.DOTALL)


@dataclass(frozen=True)
class Filled:
    """The table to import, and what a teacher should know, a line each."""

    rows: list[list[object]]
    notices: tuple[str, ...]


def fill(rows: Sequence[Sequence[str]], titles: Mapping[str, str],
         columns: Mapping[str, str], students: Sequence[Student],
         scores: Mapping[tuple[str, str], float], most: Mapping[str, float]) -> Filled:
    """Put points into a gradebook of Canvas's.

    titles: by lesson, its own title. columns: what a teacher says an assignment is called there.
    scores: by lesson and student. most: by lesson, the points there are. Raises UserError.
    """
    header = [title.strip() for title in rows[0]] if rows else []
    if not {"Student", "ID", "Section"}.issubset(header):
        raise UserError("It is not a gradebook that Canvas exported: the columns Student, ID and "
                        "Section are not all there.")
    facts = [k for k, title in enumerate(header) if title in FACTS]
    places, notices = _places(header, titles, columns)
    by_id = {one.id: one for one in students}
    by_lms = {one.lms: one for one in students if one.lms}
    made: list[list[object]] = [[header[k] for k in [*facts, *places.values()]]]
    found = set()
    for row in rows[1:]:
        cells = [*row, *[""] * (len(header) - len(row))]
        own = dict(zip(header, cells, strict=False))
        student = by_lms.get(own["ID"].strip()) or next(
            (by_id[own[name].strip()] for name in ("SIS Login ID", "SIS User ID", "ID")
             if own.get(name, "").strip() in by_id), None)
        if own["Student"].strip() == "Points Possible":
            notices += _other_points(cells, places, most)
        if student:
            found.add(student.id)
        made.append([*(cells[k] for k in facts), *(
            scores.get((lesson, student.id), cells[k]) if student else cells[k]
            for lesson, k in places.items())])
    lost = [one.label for one in students if one.id not in found
            and any((lesson, one.id) in scores for lesson in places)]
    if lost:
        notices.append(f"Not in Canvas's gradebook, so their marks are left out: "
                       f"{', '.join(lost)}.")
    return Filled(made, tuple(notices))


def _places(header: Sequence[str], titles: Mapping[str, str],
            columns: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """Where each lesson's column is, and a line for each lesson that has none."""
    found, notices = dict[str, int](), []
    for lesson, title in titles.items():
        wanted = {_letters(columns[lesson])} if lesson in columns else {
            _letters(lesson), _letters(title)}
        matches = []
        for k, text in enumerate(header):
            if match := _TITLE.fullmatch(text):
                names = {_letters(match["title"]), match["id"], _letters(text)}
                matches += [k] if wanted & names else []
        if len(matches) == 1:
            found[lesson] = matches[0]
            continue
        why = (f"{len(matches)} assignments could be it: "
               f"{', '.join(header[k] for k in matches)}" if matches
               else "no assignment there is called so")
        notices.append(f"{lesson} is left out: {why}. --column {lesson}=NUMBER says which, by the "
                       "number in parentheses behind its title.")
    return found, notices


def _other_points(cells: Sequence[str], places: Mapping[str, int],
                  most: Mapping[str, float]) -> list[str]:
    lines = []
    for lesson, k in places.items():
        try:
            there = float(cells[k].replace(",", "."))
        except ValueError:
            continue
        if there != most[lesson]:
            lines.append(f"{lesson} has {most[lesson]:g} points here and {there:g} in Canvas.")
    return lines


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
