"""The report's numbers as CSV tables. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from autograder.reports import attention, statistics
from autograder.reports.same_answers import Same
from autograder.reports.similarity import Pair
from autograder.reports.statistics import Chapter, HeldMisconception, Work

Cell = str | float | None
NONE: Mapping[str, Sequence[Same]] = MappingProxyType({})


def tables(chapters: Sequence[Chapter], works: Sequence[Work], students: Mapping[str, str],
           misconceptions: Sequence[HeldMisconception],
           pairs: Mapping[str, Sequence[Pair]],
           same: Mapping[str, Sequence[Same]] = NONE) -> dict[str, str]:
    """The tables by file name. Shares and correlations are numbers from 0, or -1, to 1.

    students: everybody's id, with the name.
    """
    of = {one.name: [work for work in works if work.lesson == one.name] for one in chapters}
    spreads = [(name, statistics.spread(ones), ones) for name, ones in of.items()]
    return {
        "lessons.csv": _table(
            ["lesson", "handed_in", "students", "mean", "standard_deviation", "lower_quartile",
             "median", "upper_quartile", "late", "to_read",
             *(f"from_{k * 100 // statistics.BINS}" for k in range(statistics.BINS))],
            ([name, len(ones), len(students), one.mean, one.deviation, *one.quartiles,
              sum(work.late for work in ones), sum(work.waiting for work in ones), *one.bins]
             for name, one, ones in spreads if one)),
        "items.csv": _table(
            ["lesson", "exercise", "points", "marked", "difficulty", "difficulty_low",
             "difficulty_high", "discrimination", "discrimination_low", "discrimination_high",
             "blank", "stopped", "to_read"],
            ([one.lesson, one.name, one.max_score, one.marked, one.difficulty,
              *(one.difficulty_interval or (None, None)), one.discrimination,
              *(one.discrimination_interval or (None, None)), one.blank, one.stopped, one.waiting]
             for ones in of.values() if ones for one in statistics.items(ones))),
        "checks.csv": _table(
            ["lesson", "exercise", "check", "hidden", "failed", "of"],
            ([one.lesson, one.exercise, one.label, int(one.hidden), one.failed, one.count]
             for one in statistics.failing(works))),
        "misconceptions.csv": _table(
            ["lesson", "exercise", "misconception", "students", "answered", "hint", "revisit"],
            ([one.lesson, one.exercise, one.name, one.students, one.answered, one.hint,
              " > ".join(one.headings)] for one in misconceptions)),
        "submissions.csv": _table(
            ["lesson", "student", "name", "handed_in_utc", "late", "points", "of", "penalty",
             "to_read"],
            ([work.lesson, work.student, students.get(work.student),
              work.time.isoformat() if work.time else None,
              int(work.late), work.score, work.most, work.penalty, work.waiting]
             for work in works)),
        "help.csv": _table(
            ["student", "name", "why"],
            ([one.student, students.get(one.student), "; ".join(one.reasons)]
             for one in attention.neediest(attention.attention(works, chapters, students),
                                            len(students)))),
        "alike.csv": _table(
            ["lesson", "one", "other", "share", "shared_fingerprints", "exercises"],
            ([name, pair.one, pair.other, pair.share, pair.shared,
              " ".join(both.one.name for both in pair.texts)]
             for name, ones in pairs.items() for pair in ones)),
        "same.csv": _table(
            ["lesson", "one", "other", "same_answers", "of", "same_file", "exercises"],
            ([name, one.one, one.other, len(one.names), one.compared, int(one.file),
              " ".join(one.names)] for name, ones in same.items() for one in ones)),
    }


def _table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(map(_cell, row) for row in rows)
    return written.getvalue()


def _cell(value: Cell) -> Cell:
    """What a spreadsheet does not take for a formula."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
