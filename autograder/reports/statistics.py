"""What a class's marks say: plain records in, numbers out. Pure.

Difficulty of an item is the mean share of its points. Discrimination is the corrected item-total
correlation, Pearson's r of an item's points with the points of the lesson's other items; for an
item that is right or wrong that is the point-biserial correlation (S. Henrysson, "Correction of
item-total correlations in item analysis", Psychometrika 28, 1963).

Around both stand intervals of 95 percent: E. B. Wilson's for a mean share (Journal of the American
Statistical Association 22, 1927), which is too wide rather than too narrow where points are given
in part, and R. A. Fisher's for a correlation, by its inverse hyperbolic tangent (Metron 1, 1921).

Answers that nobody has read and submissions in which nothing is answered tell nothing about an
exercise, and count in neither.
"""

import ast
import math
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from autograder.gradebook.records import Mark
from autograder.grading.result import Exercise

BINS = 10  # of a lesson's distribution
FEWEST = 10  # students, below which a correlation says nothing
SURE = statistics.NormalDist().inv_cdf(0.975)  # standard deviations to both sides: 95 percent
Interval = tuple[float, float]


@dataclass(frozen=True)
class Chapter:
    """A lesson. headings: by exercise, where in the lesson its matter stands. due: UTC."""

    name: str
    title: str
    due: datetime | None = None
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """An answer: what its tests said, the gradebook's mark, and what stands in its cell."""

    exercise: Exercise
    mark: Mark
    text: str = ""

    @property
    def marked(self) -> bool:
        """Does the mark count? One that a teacher gave does, though nbgrader asks again."""
        return self.mark.by_hand or not self.mark.waiting

    @property
    def share(self) -> float:
        """Of the points there are."""
        return self.mark.score / self.mark.max_score if self.mark.max_score else 1.0


@dataclass(frozen=True)
class Work:
    """What one student handed in of one lesson. time: UTC. penalty: points that being late cost."""

    student: str
    lesson: str
    answers: tuple[Answer, ...]
    time: datetime | None = None
    late: bool = False
    penalty: float = 0.0

    @property
    def score(self) -> float:
        """Points of what is marked."""
        return max(0.0, sum(one.mark.score for one in self.answers if one.marked) - self.penalty)

    @property
    def most(self) -> float:
        """The points there are for what is marked."""
        return sum(one.mark.max_score for one in self.answers if one.marked)

    @property
    def share(self) -> float:
        """The score's part of the points there are."""
        return self.score / self.most if self.most else 0.0

    @property
    def is_blank(self) -> bool:
        """Is nothing answered in it?"""
        return all(one.exercise.error == "missing" for one in self.answers)

    @property
    def waiting(self) -> int:
        """How many answers a teacher is still to read."""
        return sum(one.mark.waiting for one in self.answers)


@dataclass(frozen=True)
class Spread:
    """The shares of points in a lesson; bins: how many, from 0 to 1, a full mark in the last."""

    count: int
    mean: float
    deviation: float
    quartiles: tuple[float, float, float]
    bins: tuple[int, ...]


@dataclass(frozen=True)
class Item:
    """An exercise as a measure; see above. discrimination: None where it is not defined.

    marked: the answers that count. blank: of them, without an answer. stopped: that ended the run.
    Of each interval the ends are given; None where it is not defined.
    """

    lesson: str
    name: str
    max_score: float
    marked: int
    difficulty: float | None
    discrimination: float | None
    blank: int
    stopped: int
    waiting: int
    difficulty_interval: Interval | None = None
    discrimination_interval: Interval | None = None


@dataclass(frozen=True)
class Failing:
    """A check, and how many of the answers that it looked at failed it."""

    lesson: str
    exercise: str
    label: str
    hidden: bool
    failed: int
    count: int


@dataclass(frozen=True)
class HeldMisconception:
    """A misconception, how many hold it, and an example that tells nobody's name; "" if none."""

    lesson: str
    exercise: str
    name: str
    hint: str
    students: int
    answered: int
    example: str
    headings: tuple[str, ...]


def spread(works: Sequence[Work]) -> Spread | None:
    """The marks of a lesson; None when there are none."""
    shares = [work.share for work in works if work.most]
    if not shares:
        return None
    low, middle, high = (statistics.quantiles(shares, n=4, method="inclusive")
                         if len(shares) > 1 else shares * 3)
    counts = Counter(min(int(share * BINS + 1e-9), BINS - 1) for share in shares)
    return Spread(len(shares), statistics.fmean(shares),
                  statistics.stdev(shares) if len(shares) > 1 else 0.0, (low, middle, high),
                  tuple(counts[k] for k in range(BINS)))


def items(works: Sequence[Work]) -> list[Item]:
    """The items of one lesson, in its order; submissions with no answer at all don't count.

    The points of other items are those of items that are marked for everybody.
    """
    works = [work for work in works if not work.is_blank]
    answers: dict[str, dict[str, Answer]] = defaultdict(dict)
    for work in works:
        for one in work.answers:
            answers[one.exercise.name][work.student] = one
    whole = [name for name, of in answers.items()
             if len(of) == len(works) and all(one.marked for one in of.values())]
    return [_item(works[0].lesson, name, of, {
        student: sum(answers[other][student].mark.score for other in whole if other != name)
        for student in of}) for name, of in answers.items()]


def _item(lesson: str, name: str, answers: Mapping[str, Answer],
          rests: Mapping[str, float]) -> Item:
    marked = {student: one for student, one in answers.items() if one.marked}
    errors = Counter(one.exercise.error for one in marked.values())
    difficulty = statistics.fmean(one.share for one in marked.values()) if marked else None
    r = correlation([one.share for one in marked.values()], [rests[one] for one in marked])
    return Item(
        lesson, name, max(one.mark.max_score for one in answers.values()), len(marked),
        difficulty, r, errors["missing"],
        sum(errors[one] for one in ("timeout", "crashed", "memory")), len(answers) - len(marked),
        None if difficulty is None else share_interval(difficulty, len(marked)),
        None if r is None else correlation_interval(r, len(marked)))


def share_interval(mean: float, count: int) -> Interval:
    """Wilson's interval of a mean share; see above."""
    mean = min(max(mean, 0.0), 1.0)  # extra credit can be more than all points
    spread = SURE * math.sqrt(mean * (1 - mean) / count + SURE**2 / (4 * count**2))
    middle, scale = mean + SURE**2 / (2 * count), 1 + SURE**2 / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def correlation_interval(r: float, count: int) -> Interval:
    """Fisher's interval of a correlation of more than 3 pairs; see above."""
    if abs(r) >= 1.0:
        return r, r
    z, spread = math.atanh(r), SURE / math.sqrt(count - 3)
    return math.tanh(z - spread), math.tanh(z + spread)


def correlation(x: Iterable[float], y: Iterable[float]) -> float | None:
    """Pearson's r; None for fewer than `FEWEST`, and where all of one are the same."""
    x, y = ([round(one, 9) for one in values] for values in (x, y))  # sums of the same are equal
    if len(x) < FEWEST or len(set(x)) < 2 or len(set(y)) < 2:
        return None
    return statistics.correlation(x, y)


def failing(works: Iterable[Work]) -> list[Failing]:
    """The checks that failed, the most frequent first; blank answers are not counted."""
    looked_at, failed = Counter[tuple[str, str, str, bool]](), Counter[tuple[str, str, str, bool]]()
    for work in works:
        for one in (answer.exercise for answer in work.answers):
            if one.error != "missing":
                for check in one.checks:
                    key = (work.lesson, one.name, check.label, check.hidden)
                    looked_at[key] += 1
                    failed[key] += not check.passed
    return sorted((Failing(*key, count, looked_at[key]) for key, count in failed.items() if count),
                  key=lambda one: (-one.failed, one.count, one.lesson))


def held_misconceptions(works: Sequence[Work], chapters: Mapping[str, Chapter],
                        names: Collection[str] = ()) -> list[HeldMisconception]:
    """The misconceptions that students hold, the most frequent first.

    names: ids and names of the class, which no example may have. `max` is not Max.
    """
    holders: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    answered = Counter[tuple[str, str]]()
    for work in works:
        for one in work.answers:
            exercise = one.exercise
            answered[work.lesson, exercise.name] += exercise.error != "missing"
            if exercise.misconception:
                holders[work.lesson, exercise.name, exercise.misconception.name,
                        exercise.misconception.hint].append(one.text)
    people = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names
                                 if len(name) > 1) or r"(?!)")
    return sorted((HeldMisconception(*key, len(texts), answered[key[:2]], _example(texts, people),
                        chapters[key[0]].headings.get(key[1], ()))
                   for key, texts in holders.items()),
                  key=lambda one: (-one.students, one.lesson, one.exercise, one.name))


def _example(texts: Iterable[str], people: re.Pattern[str]) -> str:
    """The shortest text that names nobody."""
    found = {anonymous(text) for text in texts}
    return min((text for text in found if text and not people.search(text)),
               key=lambda text: (len(text), text), default="")


def anonymous(text: str) -> str:
    """Code without comments and docstrings, laid out anew; "" when it is no Python."""
    try:
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
                node.body = [line for line in node.body if not (
                    isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
                    and isinstance(line.value.value, str))]
                if not node.body and not isinstance(node, ast.Module):
                    node.body = [ast.Pass()]
        return ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


def course_of_time(works: Iterable[Work]) -> list[tuple[datetime, int]]:
    """How many had handed in, at each time that somebody did."""
    times = sorted(work.time for work in works if work.time)
    counted = list(enumerate(times, start=1))
    return [(time, count) for (count, time), (_, after) in pairwise(counted) if time != after
            ] + [(time, count) for count, time in counted[-1:]]
