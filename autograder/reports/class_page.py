"""The report's page for the teacher of a class. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from autograder.feedback.document import templates
from autograder.reports import attention, statistics, svg_chart
from autograder.reports.formats import between, decimal, minute, percent
from autograder.reports.same_answers import MODEL, Same
from autograder.reports.similarity import Alike, Pair
from autograder.reports.statistics import Chapter, Failing, HeldMisconception, Item, Work

MAX_MISCONCEPTIONS, MAX_CHECKS, MAX_PAIRS = 25, 15, 20  # shown; the tables have all
NONE: Mapping[str, Sequence[Same]] = MappingProxyType({})
WEAK = 0.2  # discrimination below which an item tells little (Ebel and Frisbie)

_TEMPLATES = templates("autograder.reports", "autograder.feedback")


@dataclass(frozen=True)
class Misconception:
    """A misconception that several students hold. headings: where to revisit its matter."""

    name: str
    exercise: str
    students: int
    answered: int
    share: str
    headings: Sequence[str]
    hint: str
    example: str


@dataclass(frozen=True)
class Check:
    """The check of an exercise that failed most often."""

    label: str
    hidden: bool
    exercise: str
    lesson: str
    failed: int
    answers: int


@dataclass(frozen=True)
class Measure:
    """A row on an exercise as a measure. remark: why to look at it, "" for no reason."""

    exercise: str
    cells: Sequence[object]
    remark: str


@dataclass(frozen=True)
class AlikePair:
    """Two submissions that are alike, with the texts in which they are."""

    lesson: str
    students: tuple[str, str]
    share: str
    shared: int
    texts: Sequence["AlikeText"]


@dataclass(frozen=True)
class AlikeText:
    """A text of both students. sides: each one's lines, and whether a line is marked."""

    name: str
    sides: tuple[Sequence[tuple[str, bool]], Sequence[tuple[str, bool]]]


@dataclass(frozen=True)
class SameAnswers(Same):
    """Two submissions of a lesson with the same answers, or one with the model's."""

    lesson: str = ""


class ClassPage:
    """The page for the teacher.

    works: what was handed in. students: everybody's id, with the name where it is known. pages:
    by student, the file name of the student's own page. pairs, same: by lesson. made: when,
    UTC.
    """

    def __init__(self, chapters: Sequence[Chapter], works: Sequence[Work],
                 students: Mapping[str, str], misconceptions: Sequence[HeldMisconception],
                 pages: Mapping[str, str], pairs: Mapping[str, Sequence[Pair]],
                 made: datetime, same: Mapping[str, Sequence[Same]] = NONE) -> None:
        self.works, self.students, self.misconceptions = works, list(students), misconceptions
        self.names = students
        self.pages, self.pairs, self.same, self.made = pages, pairs, same, made
        self.by_lesson = {chapter.name: [work for work in works if work.lesson == chapter.name]
                          for chapter in chapters}
        self.chapters = {chapter.name: chapter for chapter in chapters
                         if self.by_lesson[chapter.name]}

    def html(self) -> str:
        """The whole document."""
        found = attention.attention(self.works, list(self.chapters.values()), self.students)
        pairs = [self._pair(self.chapters[name].title, pair)
                 for name in self.chapters for pair in self.pairs.get(name, ())]
        return _TEMPLATES.get_template("class.html").render(
            students=self.students, names=self.names, submissions=len(self.works), pages=self.pages,
            lessons=[chapter.title for chapter in self.chapters.values()],
            made=minute(self.made), marks=list(self._marks()), mark_figures=list(self._figures()),
            misconceptions=self._misconceptions(), any_misconception=bool(self.misconceptions),
            fewer=sum(misconceptions.students < 2 for misconceptions in self.misconceptions)
            + len(self._several()[MAX_MISCONCEPTIONS:]),
            checks=self._checks(), failing=len(statistics.failing(self.works)), weak=f"{WEAK:g}",
            measures=[self._measures(name, chapter) for name, chapter in self.chapters.items()],
            progress=self._progress(), times=list(self._times()), rules=attention.RULES,
            attention=attention.neediest(found, len(self.students)), others=len(found),
            pairs=pairs, max_pairs=MAX_PAIRS, same=self._same(False), models=self._same(True),
            shares=self._shares())

    def _marks(self) -> Iterable[Sequence[object]]:
        for name, chapter in self.chapters.items():
            works = self.by_lesson[name]
            if found := statistics.spread(works):
                yield [chapter.title, found.count, len(self.students) - len(works),
                       percent(found.mean), *map(percent, found.quartiles),
                       percent(found.deviation), sum(work.late for work in works),
                       sum(work.waiting for work in works)]

    def _figures(self) -> Iterable[svg_chart.Figure]:
        for name, chapter in self.chapters.items():
            if found := statistics.spread(self.by_lesson[name]):
                low, _, high = map(percent, found.quartiles)
                yield svg_chart.Figure(
                    chapter.title, f"the middle half between {low} and {high}", svg_chart.bars(
                        found.bins, ["0", *[""] * 4, "50%", *[""] * 4, "100%"],
                        f"{chapter.title}: how many students have which share of the points. In "
                        "ten steps from 0 to 100 percent: "
                        f"{', '.join(map(str, found.bins))}."))

    def _several(self) -> list[HeldMisconception]:
        return [held for held in self.misconceptions if held.students > 1]

    def _misconceptions(self) -> list[Misconception]:
        return [Misconception(
            held.name, held.exercise, held.students, held.answered,
            percent(held.students / max(1, held.answered)),
            (self.chapters[held.lesson].title, *held.headings), held.hint, held.example)
            for held in self._several()[:MAX_MISCONCEPTIONS]]

    def _checks(self) -> list[Check]:
        first: dict[tuple[str, str], Failing] = {}
        for check in statistics.failing(self.works):
            first.setdefault((check.lesson, check.exercise), check)
        return [Check(check.label, check.hidden, check.exercise,
                      self.chapters[check.lesson].title, check.failed, check.count)
                for check in list(first.values())[:MAX_CHECKS]]

    def _measures(self, name: str, chapter: Chapter) -> tuple[str, list[Measure]]:
        works = self.by_lesson[name]
        blank = sum(work.is_blank for work in works)
        count = (f"{len(works) - blank} submissions" if not blank else
                 f"{len(works) - blank} submissions; {blank} with no answer at all "
                 f"{'are' if blank > 1 else 'is'} left out")
        return f"{chapter.title}: {count}.", [Measure(item.name, [
            f"{item.max_score:g}", decimal(item.difficulty), between(item.difficulty_interval),
            decimal(item.discrimination), between(item.discrimination_interval),
            item.blank, item.stopped, item.waiting], _remark(item))
            for item in statistics.items(works)]

    def _progress(self) -> svg_chart.Figure | None:
        chart = svg_chart.steps(
            [(name[:2], statistics.course_of_time(self.by_lesson[name]))
             for name in self.chapters],
            [(name, chapter.due) for name, chapter in self.chapters.items() if chapter.due],
            "How many students had handed in, by time, a line for each lesson, deadlines "
            "dashed: the table below has first, middle and last times.")
        return svg_chart.Figure("Handed in so far", "a line for each lesson, named by its number; "
                                "dashed: deadlines", chart) if chart else None

    def _times(self) -> Iterable[Sequence[object]]:
        for name, chapter in self.chapters.items():
            works = self.by_lesson[name]
            times = sorted(work.time for work in works if work.time)
            first, middle, last = (times[0], times[len(times) // 2], times[-1]) if times else (
                None, None, None)
            yield [chapter.title, *map(minute, (chapter.due, first, middle, last)),
                   sum(work.late for work in works), len(works) - len(times)]

    def _pair(self, lesson: str, pair: Pair) -> AlikePair:
        return AlikePair(lesson, (pair.one, pair.other), percent(pair.share), pair.shared,
                         [_alike_text(alike) for alike in pair.texts])

    def _same(self, model: bool) -> list[SameAnswers]:
        """Who has the same answers as another, or as the model."""
        return [SameAnswers(**vars(one), lesson=self.chapters[name].title)
                for name in self.chapters for one in self.same.get(name, ())
                if (one.other == MODEL) == model]

    def _shares(self) -> list[tuple[str, list[str]]]:
        """Every student with what they have of each lesson's points."""
        works = {(work.student, work.lesson): work for work in self.works}
        return [(student, [_share(works.get((student, name))) for name in self.chapters])
                for student in self.students]


def _remark(item: Item) -> str:
    """What holds beyond chance: where all of the interval says so."""
    most = item.discrimination_interval[1] if item.discrimination_interval else 1.0
    if most < 0:
        return "the better do worse: look at its checks"
    if most < WEAK:
        return "tells little about the rest"
    if item.stopped:
        return "some answers did not end by themselves"
    return ""


def _alike_text(alike: Alike) -> AlikeText:
    names = dict.fromkeys(text.name for text in (alike.one, alike.other))
    return AlikeText(" and ".join(names), (_lines(alike.one.text, alike.one_lines),
                                           _lines(alike.other.text, alike.other_lines)))


def _lines(text: str, marked: frozenset[int]) -> list[tuple[str, bool]]:
    return [(line, number in marked and bool(line.strip()))
            for number, line in enumerate(text.splitlines(), start=1)]


def _share(work: Work | None) -> str:
    return "–" if work is None else f"{percent(work.share)}{' *' * work.late}"
