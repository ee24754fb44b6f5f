"""The boxes in the student's own progress file: what goes in, and what comes of an answer.

What was wrong comes from two places: the card below a test cell, when it names a misconception, and
feedback pages. What is learned stays on record, so that no page brings it back.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from utils import progress
from utils._cards.card import Score
from utils._diagnosis import lookup
from utils._review import boxes, pages
from utils._review.boxes import LEARNED, Place
from utils._review.mistakes import KnownMistake, Mistake, as_data, mistake

PART = "review"  # of the progress file


@dataclass(frozen=True)
class Entry:
    """Something that was wrong. asked: how often it has come back. pages: the submissions whose
    feedback told of it."""

    mistake: Mistake
    place: Place
    asked: int = 0
    pages: tuple[str, ...] = ()


def entries(folder: Path | None = None) -> dict[str, Entry]:
    """All that is on record, by key. folder: that of the lessons, by default the kernel's."""
    found = {key: _read(facts) for key, facts in progress.kept(PART, folder).items()}
    return {key: entry for key, entry in found.items() if entry and entry.mistake.key == key}


def due(found: Iterable[Entry], today: date) -> list[Entry]:
    """What comes back today, that of the first boxes first."""
    return sorted((entry for entry in found if boxes.is_due(entry.place, today)),
                  key=lambda entry: (entry.place.box, entry.place.due, entry.mistake.key))


def collect(folder: Path | None = None, today: date | None = None,
            more: Iterable[Path] = ()) -> None:
    """Put what feedback pages tell into the boxes: those in the folder of the lessons, and more.

    What is in a box already stays there. Raises OSError where the disk doesn't take it.
    """
    folder, today = folder or progress.folder(), today or date.today()
    found = entries(folder)
    for page in pages.mistakes([*pages.pages(folder), *more]):
        before = found.get(page.mistake.key)
        after = _told(before, page, today)
        if after != before:
            found[page.mistake.key] = after
            keep(after, folder)


def answered(entry: Entry, right: bool, today: date) -> Entry:
    """Keep what came of asking it today; what is kept. Raises OSError.

    Where it was answered elsewhere meanwhile, and so isn't due anymore, that stays.
    """
    entry = entries().get(entry.mistake.key, entry)
    if not boxes.is_due(entry.place, today):
        return entry
    after = replace(entry, place=boxes.moved(entry.place, right, today), asked=entry.asked + 1)
    keep(after)
    return after


def note(score: Score, answer: Any, today: date | None = None) -> None:
    """Note the misconception that a card names, and once the answer passes, calls to ask later.

    answer: the student's function. Only when a person runs it in Jupyter. Never fails.
    """
    passed = not score.unread and all(outcome.passed for outcome in score.outcomes)
    if not (score.misconception or passed) or not progress.attended():
        return
    lesson, found, place = Path.cwd().name, entries(), boxes.first(today or date.today())
    with contextlib.suppress(OSError):
        if known := score.misconception:
            made = KnownMistake(lesson, score.exercise, known.name, known.hint)
            keep(replace(found.get(made.key) or Entry(made, place), place=place))
            return
        for entry in found.values():
            one = entry.mistake
            if (isinstance(one, KnownMistake) and not one.cases
                    and (one.lesson, one.exercise) == (lesson, score.exercise)):
                cases = lookup.small_calls(score.exercise, one.misconception, answer)
                if cases:
                    keep(replace(entry, mistake=replace(one, cases=tuple(cases))))


def keep(entry: Entry, folder: Path | None = None) -> None:
    """Write it into the progress file. Raises OSError."""
    due_on = entry.place.due
    progress.keep(PART, entry.mistake.key, {
        "box": entry.place.box, "due": due_on.isoformat() if due_on else None,
        "asked": entry.asked, "pages": [*entry.pages], "mistake": as_data(entry.mistake)}, folder)


def _told(before: Entry | None, page: pages.Found, today: date) -> Entry:
    """The entry after a page has told of it; as it was where that is nothing new."""
    if before is None:
        return Entry(page.mistake, boxes.first(today), pages=(page.submission,))
    fuller = replace(before, mistake=page.mistake) if _says_more(page.mistake, before) else before
    if page.submission in before.pages:
        return fuller
    again = boxes.first(today) if before.place.box == LEARNED else before.place
    return replace(fuller, place=again, pages=(*before.pages, page.submission))


def _says_more(told: Mistake, before: Entry) -> bool:
    """Has a page what the record lacks? Calls of the model answer count more than one's own."""
    return bool(getattr(told, "cases", ())) and told != before.mistake


def _read(facts: dict[str, Any]) -> Entry | None:
    """An entry; None for what is none. With a damaged place it is due at once."""
    what = mistake(facts.get("mistake"))
    if what is None:
        return None
    box, asked, told = facts.get("box"), facts.get("asked"), facts.get("pages")
    place = Place(1, date.min)
    if box == LEARNED:
        place = Place(LEARNED, None)
    elif type(box) is int and 0 < box < LEARNED:
        with contextlib.suppress(TypeError, ValueError):
            place = Place(box, date.fromisoformat(facts["due"]))
    return Entry(what, place, asked if type(asked) is int and asked >= 0 else 0,
                 tuple(one for one in told if isinstance(one, str)
                       ) if isinstance(told, list) else ())
