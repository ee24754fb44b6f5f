"""Students who may need help, by rules that see marks and nothing else. Pure."""

import statistics
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from autograder.reports.statistics import Chapter, Work

HALF = 0.5  # of a lesson's points, below which a student may need help; of a class, see below
QUARTER = 4  # the part of a class that can be listed as needing help: one in so many
FALL = 0.25  # of the points, against the mean of the lessons before
RULES = (
    "nothing handed in of a lesson that at least half of the class handed in",
    "less than half of the points in the last lesson that they handed in",
    "a quarter of the points or more below the mean of their lessons before",
)


@dataclass(frozen=True)
class Attention:
    """A student who may need help, and why."""

    student: str
    reasons: tuple[str, ...]


def attention(works: Sequence[Work], chapters: Sequence[Chapter],
              students: Collection[str]) -> list[Attention]:
    """Who may need help, by `RULES`: those with the most reasons first, then those with least.

    For a list, see `neediest`.
    """
    of: dict[str, dict[str, Work]] = {student: {} for student in students}
    for work in works:
        of[work.student][work.lesson] = work
    handed_in = Counter(work.lesson for work in works)
    expected = [one for one in chapters if handed_in[one.name] >= HALF * len(students) > 0]
    found, least = [], {}
    for student, mine in of.items():
        reasons = [f"nothing handed in of {one.title}" for one in expected if one.name not in mine]
        done = [(one, mine[one.name].share) for one in chapters
                if one.name in mine and mine[one.name].most]
        if done:
            last, share = done[-1]
            before = [other for _, other in done[:-1]]
            if share < HALF:
                reasons.append(f"{share:.0%} of the points in {last.title}")
            if before and statistics.fmean(before) - share >= FALL:
                reasons.append(f"{share:.0%} in {last.title}, "
                               f"{statistics.fmean(before):.0%} before")
        least[student] = done[-1][1] if done else 0.0
        if reasons:
            found.append(Attention(student, tuple(reasons)))
    return sorted(found, key=lambda one: (-len(one.reasons), least[one.student], one.student))


def neediest(found: Sequence[Attention], students: int) -> Sequence[Attention]:
    """The first of them, a quarter of the class at most: a longer list is of no help to anybody."""
    return found[:max(1, students // QUARTER)]
