"""Which of a student's cells is which of the lesson's, also where their ids are lost or new.

Cells that say who they are come first. Of the rest, those with the lesson's text are certain;
then an answer is known by the name it defines, or by standing where the lesson asks for it; and
what is left between two cells that are known is compared word by word. In doubt a cell is the
student's own, which still runs where it stands.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from nbformat import NotebookNode

from autograder.notebooks.cells import (
    checksum,
    defines,
    free_id,
    grade_id,
    is_answer,
    name_in,
)
from autograder.notebooks.mend import mend
from autograder.notebooks.parse import new_cell
from autograder.notebooks.repairs import Repair, label

# Words in common, of all words, from which on a text is one of the lesson's that was edited. A
# locked cell is restored over it, so that it must be nearly the same.
EDITED, LOCKED = 0.5, 0.8
MANY = 3  # cells recognized by their text: the whole notebook has lost its ids


@dataclass
class Alignment:
    """A student's cells beside the lesson's.

    cells: the student's, merged ones split and split ones joined.
    chosen: by the lesson's cell id, the number of the student's cell that it is.
    copies: by the number of any other cell that says it is one of the lesson's: which.
    recognized: the lesson's cells whose ids were lost, known by text or place.
    """

    cells: list[NotebookNode]
    chosen: dict[str, int] = field(default_factory=dict)
    copies: dict[int, str] = field(default_factory=dict)
    recognized: set[str] = field(default_factory=set)
    repairs: list[Repair] = field(default_factory=list)

    @property
    def lost_ids(self) -> bool:
        """Whether the notebook as a whole was saved without the lesson's ids."""
        return len(self.recognized) >= MANY


def align(student: NotebookNode, release: NotebookNode) -> Alignment:
    """Find the lesson's cells in a student's notebook."""
    mended = mend(student, release)
    found = Alignment(mended.cells, repairs=mended.repairs)
    names = {cell.id: cell for cell in release.cells}
    claims: dict[str, list[int]] = {}
    for number, cell in enumerate(found.cells):
        name = name_in(cell, names)
        if name is not None:
            claims.setdefault(name, []).append(number)
    for name, numbers in claims.items():
        chosen = max(numbers, key=partial(_claim, found.cells, names[name]))
        found.chosen[name] = chosen
        found.copies.update((number, name) for number in numbers if number != chosen)
    _Search(found, release.cells).run()
    if found.lost_ids:
        found.repairs.insert(0, Repair("lost_ids"))
    else:
        found.repairs += [Repair("retyped", label(cell)) for cell in release.cells
                          if cell.id in found.recognized and "nbgrader" in cell.metadata]
    return found


def _claim(cells: list[NotebookNode], released: NotebookNode, number: int) -> tuple[bool, ...]:
    """How good a cell's claim to be one of the lesson's is; the first of equal ones counts.

    Where a stub was copied and the copy filled, the copy is the answer.
    """
    cell = cells[number]
    if is_answer(released):
        return (not fits_checksum(cell), defines(cell.source, released.id),
                cell.id == released.id)
    return cell.source == released.source, cell.id == released.id


def untouched(cell: NotebookNode) -> bool:
    """Tell whether a cell is as some release had it: its checksum or its id fits its text."""
    return fits_checksum(cell) or str(cell.id).startswith(free_id(cell.source))


def fits_checksum(cell: NotebookNode) -> bool:
    """Tell whether the cell's own checksum fits it. Then it is some release's."""
    try:
        return bool(cell.metadata["nbgrader"]["checksum"] == checksum(cell))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return False


class _Search:
    """Looks for the lesson's cells that no cell of the student says it is."""

    def __init__(self, found: Alignment, lesson: list[NotebookNode]) -> None:
        self._found, self._lesson = found, lesson
        self._taken = set(found.chosen.values())

    def run(self) -> None:
        """Look, from what is certain to what is likely."""
        if len(self._found.chosen) < len(self._lesson):
            self._by_text()
            self._by_name()
            self._by_place()
            self._by_words()
        self._written()

    def _missing(self) -> list[tuple[int, NotebookNode]]:
        return [(place, cell) for place, cell in enumerate(self._lesson)
                if cell.id not in self._found.chosen]

    def _free(self, numbers: Iterable[int] | None = None) -> list[int]:
        """The student's cells that are not blank and not yet any of the lesson's."""
        cells = self._found.cells
        return [number for number in (range(len(cells)) if numbers is None else numbers)
                if number not in self._taken and number not in self._found.copies
                and cells[number].source.strip()]

    def _take(self, released: NotebookNode, number: int) -> None:
        """Let a cell be one of the lesson's; what it said of itself before no longer counts."""
        cell = self._found.cells[number]
        if grade_id(cell) not in (None, released.id):
            self._found.cells[number] = NotebookNode(cell, metadata=released.metadata)
        self._found.chosen[released.id] = number
        self._found.copies.pop(number, None)
        self._found.recognized.add(released.id)
        self._taken.add(number)

    def _gap(self, place: int) -> list[int]:
        """The free cells beside the nearest cells of the lesson that are known.

        Those behind the one before and those in front of the one after: in order, the same.
        """
        found, known = self._found, [self._found.chosen.get(cell.id) for cell in self._lesson]
        before = next((number for number in reversed(known[:place]) if number is not None), -1)
        after = next((number for number in known[place + 1:] if number is not None),
                     len(found.cells))
        gap = set()
        for numbers in (range(before + 1, len(found.cells)), range(after - 1, -1, -1)):
            for number in numbers:
                if number in self._taken:
                    break
                gap.add(number)
        return self._free(sorted(gap))

    def _by_text(self) -> None:
        """Texts that are as the lesson has them; one that stands there twice, by its place."""
        for unique in (True, False):
            missing = self._missing()
            wanted = Counter(cell.source for _, cell in missing)
            numbers: dict[str, list[int]] = {}
            for number in self._free():
                numbers.setdefault(self._found.cells[number].source, []).append(number)
            for place, cell in missing:
                same = numbers.get(cell.source, [])
                if unique and len(same) == wanted[cell.source] == 1:
                    self._take(cell, same[0])
                elif not unique and (near := [one for one in self._gap(place) if one in same]):
                    self._take(cell, near[0])

    def _by_name(self) -> None:
        """A cell that defines an exercise's name, where no cell says it is the answer."""
        for place, cell in self._missing():
            if not (is_answer(cell) and cell.cell_type == "code"):
                continue
            gap = self._gap(place)
            defining = [number for number in [*self._free(), *self._found.copies]
                        if defines(self._found.cells[number].source, cell.id)]
            if defining:
                self._take(cell, max(defining, key=lambda number: (
                    self._found.cells[number].cell_type == "code", number in gap, number)))
            else:
                self._take_from_later(place, cell)

    def _take_from_later(self, place: int, released: NotebookNode) -> None:
        """Move a cell that answers a later exercise, too, to the earlier one.

        The tests of the earlier one run before the later cell.
        """
        for later in self._lesson[place + 1:]:
            number = self._found.chosen.get(later.id)
            if (number is not None and is_answer(later) and later.cell_type == "code"
                    and defines(self._found.cells[number].source, released.id)):
                del self._found.chosen[later.id]
                self._take(released, number)
                self._found.recognized.discard(released.id)  # its id was another's, not lost
                return

    def _by_place(self) -> None:
        """Code that stands where the lesson asks for an answer, and defines no other."""
        answers = [cell.id for cell in self._lesson if is_answer(cell)]
        for place, cell in self._missing():
            if not (is_answer(cell) and cell.cell_type == "code"):
                continue
            gap = [number for number in self._gap(place)
                   if self._found.cells[number].cell_type != "markdown"
                   and not untouched(self._found.cells[number])
                   and not any(defines(self._found.cells[number].source, name)
                               for name in answers)]
            if gap:
                self._take(cell, max(gap, key=lambda number: (
                    bool(re.search(rf"\b{cell.id}\b", self._found.cells[number].source)),
                    number)))

    def _by_words(self) -> None:
        """Texts of the lesson that were edited."""
        cells = self._found.cells
        for place, cell in self._missing():
            if is_answer(cell):
                continue
            alike = {number: _likeness(cell.source, cells[number].source)
                     for number in self._gap(place) if not untouched(cells[number])}
            best = max(alike, key=lambda number: alike[number], default=None)
            if best is not None and alike[best] >= (
                    LOCKED if "nbgrader" in cell.metadata else EDITED):
                self._take(cell, best)
                self._found.recognized.discard(cell.id)  # an edit, or an older version's cell

    def _written(self) -> None:
        """Texts below a question whose answer is missing or empty."""
        for place, cell in enumerate(self._lesson):
            if not (is_answer(cell) and cell.cell_type == "markdown"):
                continue
            own = self._found.chosen.get(cell.id)
            if own is not None and self._found.cells[own].source.strip() not in (
                    "", cell.source.strip()):
                continue
            texts = [number for number in self._gap(place)
                     if not untouched(self._found.cells[number])]
            prose = [number for number in texts
                     if self._found.cells[number].cell_type != "code"] or texts[:1]
            if own is not None:
                prose = [number for number in prose if number > own]
            if prose:
                self._join(prose)
                self._take(cell, prose[0])
                if own is not None:
                    self._found.cells[own] = new_cell("markdown", "", "emptied")
                    self._found.cells[prose[0]].metadata = cell.metadata
                    self._found.recognized.discard(cell.id)
                    self._found.repairs.append(Repair("moved_answer", label(cell)))

    def _join(self, numbers: list[int]) -> None:
        """Put the texts of several cells into the first of them."""
        first, *others = [self._found.cells[number] for number in numbers]
        joined = NotebookNode(first, source="\n\n".join(
            cell.source for cell in (first, *others)))
        for cell in others:
            if "attachments" in cell:
                joined.attachments = NotebookNode(joined.get("attachments", {})
                                                  | cell.attachments)
        self._found.cells[numbers[0]] = joined
        for number in numbers[1:]:
            self._found.cells[number] = NotebookNode(self._found.cells[number], source="")


def _likeness(one: str, other: str) -> float:
    """The share of words that two texts have in common."""
    words = [Counter(re.findall(r"\w+", text)) for text in (one, other)]
    return 2 * (words[0] & words[1]).total() / max(1, words[0].total() + words[1].total())
