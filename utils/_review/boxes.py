"""When something comes back: after 1, 3, 7 and 21 days, each time it was right. Pure.

A Leitner system: what was wrong goes into the first box and comes back from each box after that
box's days. Right moves it to the next box, wrong to the first; out of the last one it is learned.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS = (1, 3, 7, 21)
LEARNED = len(DAYS) + 1


@dataclass(frozen=True)
class Place:
    """Where something is. box: 1 to 4, or LEARNED. due: when it comes back, if it does."""

    box: int
    due: date | None


def first(today: date) -> Place:
    """The place of what was wrong today."""
    return _into(1, today)


def moved(place: Place, right: bool, today: date) -> Place:
    """The place after an answer. What isn't due stays where it is."""
    if not is_due(place, today):
        return place
    return _into(place.box + 1, today) if right else first(today)


def is_due(place: Place, today: date) -> bool:
    """Does it come back today?

    It is also due where its day is further away than its box allows: the clock was wrong when it
    was put there. A day more is left for somebody who travels west.
    """
    if place.due is None:
        return False
    return place.due <= today or (place.due - today).days > DAYS[place.box - 1] + 1


def _into(box: int, today: date) -> Place:
    return Place(box, None) if box == LEARNED else Place(
        box, today + timedelta(days=DAYS[box - 1]))
