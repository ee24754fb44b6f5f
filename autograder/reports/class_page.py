"""The report as HTML pages: one for the teacher of a class, one for each student. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from autograder.feedback.document import hint, section, sheet, table, tag, text
from autograder.reports import statistics, svg_chart
from autograder.reports.similarity import Alike, Pair
from autograder.reports.statistics import Chapter, Failing, Held, Item, Work

HELD, CHECKS, PAIRS = 25, 15, 20  # shown; the tables have all
WEAK = 0.2  # discrimination below which an item tells little (Ebel and Frisbie)

_PARTS = {"marks": "Marks", "misconceptions": "Misconceptions", "checks": "Checks that fail",
          "items": "Exercises as measures", "time": "When it was handed in",
          "help": "Students who may need help", "alike": "Submissions that are alike",
          "students": "Students"}


class ClassPage:
    """The page for the teacher.

    works: what was handed in. students: everybody's id. pages: by student, the file name of the
    student's own page. pairs: by lesson. made: when, UTC.
    """

    def __init__(self, chapters: Sequence[Chapter], works: Sequence[Work],
                 students: Sequence[str], held: Sequence[Held], pages: Mapping[str, str],
                 pairs: Mapping[str, Sequence[Pair]], made: datetime) -> None:
        self.works, self.students, self.misconceptions = works, students, held
        self.pages, self.pairs, self.made = pages, pairs, made
        self.of = {one.name: [work for work in works if work.lesson == one.name]
                   for one in chapters}
        self.chapters = {one.name: one for one in chapters if self.of[one.name]}

    def html(self) -> str:
        """The whole document."""
        links = "".join(f'<li><a href="#{key}">{name}</a></li>' for key, name in _PARTS.items())
        head = tag("header", "".join([
            tag("h1", "Class report"),
            tag("p", f"{len(self.students)} students, {len(self.works)} submissions of "
                     f"{len(self.chapters)} lessons. Made {_time(self.made)} UTC from the "
                     "gradebook and the autograded notebooks.", "about"),
            tag("p", "It names students and shows their work: for teachers only. Points that a "
                     "teacher is still to give are left out of every number.", "about"),
            f"<nav><ul>{links}</ul></nav>"]))
        parts = {"marks": self._marks, "misconceptions": self._held, "checks": self._checks,
                 "items": self._items, "time": self._time, "help": self._help,
                 "alike": self._alike, "students": self._all}
        return sheet("Class report", "\n".join(
            [head, *(section(key, _PARTS[key], *part()) for key, part in parts.items())]))

    def _marks(self) -> list[str]:
        rows, figures = [], []
        for name, chapter in self.chapters.items():
            works = self.of[name]
            found = statistics.spread(works)
            if found is None:
                continue
            waiting = sum(work.waiting for work in works)
            low, middle, high = found.quartiles
            rows.append([text(chapter.title), str(found.count),
                         str(len(self.students) - len(works)), *map(_percent, (
                             found.mean, low, middle, high)), _percent(found.deviation),
                         str(sum(work.late for work in works)), str(waiting)])
            figures.append(_figure(chapter.title, f"the middle half between {low:.0%} and "
                                   f"{high:.0%}", svg_chart.bars(
                found.bins, ["0", *[""] * 4, "50%", *[""] * 4, "100%"],
                f"{chapter.title}: how many students have which share of the points. In ten steps "
                f"from 0 to 100 per cent: {', '.join(map(str, found.bins))}.")))
        return [tag("div", "".join(figures), "charts"), table(
            "Shares of the points, by lesson; late penalties are taken off.",
            ["lesson", "handed in", "not handed in", "mean", "lower quartile", "median",
             "upper quartile", "standard deviation", "late", "answers to read"], rows,
            range(1, 10))]

    def _held(self) -> list[str]:
        if not self.misconceptions:
            return [tag("p", "No answer was recognised as a known wrong one.")]
        several = [one for one in self.misconceptions if one.students > 1][:HELD]
        rest = len(self.misconceptions) - len(several)
        return [tag("p", "Wrong answers that behave like a known misconception, the most frequent "
                         "first. Each example is one student's code without comments, picked for "
                         "being short and laid out anew."),
                *map(self._one_held, several),
                tag("p", f"{rest} more, of fewer students, are in misconceptions.csv.")
                if rest else ""]

    def _one_held(self, one: Held) -> str:
        title = self.chapters[one.lesson].title
        where = " › ".join(map(text, (title, *one.headings)))
        parts = [
            f'<h3><span class="count">{one.students} students</span> · '
            f"{text(one.name.replace('_', ' '))} (<code>{text(one.exercise)}</code>)</h3>",
            tag("p", f"{one.students / max(1, one.answered):.0%} of the {one.answered} who "
                     "answered. "
                     f"To revisit: {where}", "about"),
            tag("p", f"Hint that they read: {hint(one.hint)}")]
        if one.example:
            parts.append(tag("pre", text(one.example)))
        return tag("article", "".join(parts))

    def _checks(self) -> list[str]:
        found = statistics.failing(self.works)
        if not found:
            return [tag("p", "Every check passed in every answer.")]
        first: dict[tuple[str, str], Failing] = {}
        for one in found:
            first.setdefault((one.lesson, one.exercise), one)
        return [table(
            "Of each exercise the check that fails most; blank answers are not counted. All "
            f"{len(found)} that failed are in checks.csv.",
            ["check", "exercise", "lesson", "failed", "of"],
            map(self._check, list(first.values())[:CHECKS]), (3, 4))]

    def _check(self, one: Failing) -> list[str]:
        hidden = " <em>(hidden check)</em>" if one.hidden else ""
        return [text(one.label) + hidden, tag("code", text(one.exercise)),
                text(self.chapters[one.lesson].title), str(one.failed), str(one.ran)]

    def _items(self) -> list[str]:
        parts = [tag("p", "Difficulty is the mean share of an exercise's points, so high is easy. "
                          "Discrimination is the corrected item-total correlation: Pearson's r of "
                          "an exercise's points x with the points of the lesson's other exercises, "
                          "r = cov(x, T − x) / (s(x) s(T − x)), T being the total. For right or "
                          "wrong it is the point-biserial correlation (Henrysson 1963, "
                          "Psychometrika 28). Near 0 an exercise says nothing about who can do the "
                          f"rest; below {WEAK:g} it is worth a look (Ebel and Frisbie 1991, "
                          "Essentials of Educational Measurement), and below 0 its "
                          "checks are. With n students chance alone moves it by about 2/√n.")]
        for name, chapter in self.chapters.items():
            found = statistics.items(self.of[name])
            n = len(self.of[name])
            parts.append(table(
                f"{chapter.title}: {n} students, so chance moves the correlation by about "
                f"{2 / n ** 0.5:.2f}.",
                ["exercise", "points", "difficulty", "discrimination", "no answer", "stopped", ""],
                [self._item(one) for one in found], range(1, 6), [bool(_remark(one))
                                                                  for one in found]))
        return parts

    @staticmethod
    def _item(one: Item) -> list[str]:
        return [tag("code", text(one.name)), f"{one.max_score:g}", _number(one.difficulty),
                _number(one.discrimination), str(one.blank), str(one.stopped), _remark(one)]

    def _time(self) -> list[str]:
        lines = [(chapter.name[:2], statistics.course_of_time(self.of[name]))
                 for name, chapter in self.chapters.items()]
        dues = [(one.name, one.due) for one in self.chapters.values() if one.due]
        rows = []
        for name, chapter in self.chapters.items():
            times = sorted(work.time for work in self.of[name] if work.time)
            rows.append([text(chapter.title), _time(chapter.due), *(
                [_time(times[0]), _time(times[len(times) // 2]), _time(times[-1])]
                if times else ["–"] * 3), str(sum(work.late for work in self.of[name])),
                str(len(self.of[name]) - len(times))])
        alt = ("How many students had handed in, by time, a line for each lesson, deadlines "
               "dashed: the table below has first, middle and last times.")
        drawn = svg_chart.steps(lines, dues, alt)
        return [_figure("Handed in so far", "a line for each lesson, named by its number; dashed: "
                        "deadlines", drawn) if drawn else "", table(
            "Times are UTC. Of a student who handed in twice the last time counts, since no other "
            "is kept; extensions count for what is late.",
            ["lesson", "due", "first", "middle", "last", "late", "without a time"], rows, (5, 6))]

    def _help(self) -> list[str]:
        found = statistics.attention(self.works, list(self.chapters.values()), self.students)
        rules = tag("ul", "".join(tag("li", text(rule)) for rule in statistics.RULES))
        if not found:
            return [tag("p", "By these rules, nobody:"), rules]
        return [tag("p", "Whom at least one of these rules names. They see marks and nothing else; "
                         "a conversation sees more."), rules, table(
            f"{len(found)} of {len(self.students)} students, those with most reasons first.",
            ["student", "why"], [[self._link(one.student), "; ".join(map(text, one.reasons))]
                                 for one in found])]

    def _alike(self) -> list[str]:
        pairs = [(name, pair) for name in self.chapters for pair in self.pairs.get(name, ())]
        parts = [tag("p", "<strong>A place to look, never a verdict.</strong> Working together, a "
                          "common source and chance make answers alike, too. Read both texts, and "
                          "ask, before you think anything of anybody.", "warn"),
                 tag("p", "Compared are fingerprints of tokens (winnowing: Schleimer, Wilkerson "
                          "and Aiken 2003), so other names, numbers, comments and another order "
                          "make no difference. What the lesson gives, its solution, known wrong "
                          "answers, and what many of the class wrote do not count; and a pair is "
                          "told only when it shares enough, in three exercises or more. Nobody "
                          "being named here does not mean that nobody copied.")]
        if not pairs:
            return [*parts, tag("p", "No pair of submissions is that much alike.")]
        parts.append(table(
            f"{len(pairs)} pairs; lines that are alike are marked in the texts below"
            + (f", which show the first {PAIRS}." if len(pairs) > PAIRS else "."),
            ["lesson", "students", "alike", "shared fingerprints"],
            [[text(self.chapters[name].title),
              f"{self._link(pair.one)} and {self._link(pair.other)}", _percent(pair.share),
              str(pair.shared)] for name, pair in pairs], (2, 3)))
        return [*parts, *(self._pair(name, pair) for name, pair in pairs[:PAIRS])]

    def _pair(self, name: str, pair: Pair) -> str:
        title = f"{self.chapters[name].title}: {pair.one} and {pair.other}"
        return tag("article", tag("h3", text(title)) + "".join(
            tag("div", _sides(both), "sides") for both in pair.texts))

    def _all(self) -> list[str]:
        of = {(work.student, work.lesson): work for work in self.works}
        rows = [[self._link(student), *(
            _share(of.get((student, name))) for name in self.chapters)]
            for student in self.students]
        return [table("Share of the points in each lesson; – is not handed in, * is late. A name "
                      "leads to a page for that student alone.",
                      ["student", *(one.title for one in self.chapters.values())], rows,
                      range(1, len(self.chapters) + 1))]

    def _link(self, student: str) -> str:
        page = self.pages.get(student)
        return f'<a href="students/{quote(page)}">{text(student)}</a>' if page else text(student)


def student_page(student: str, chapters: Sequence[Chapter], works: Sequence[Work],
                 made: datetime) -> str:
    """A student's way through the course; nothing in it is of anybody else.

    works: the student's own.
    """
    of = {work.lesson: work for work in works if work.student == student}
    done = [one for one in chapters if one.name in of]
    parts = [tag("header", tag("h1", "Your way through the course") + tag(
        "p", f"{text(student)} · {_time(made)}", "about"))]
    if done:
        shares = [of[one.name].share for one in done]
        parts.append(_figure("Points", "the share you have, by lesson", svg_chart.bars(
            [round(100 * share, 1) for share in shares], [one.name[:2] for one in done],
            "Share of the points by lesson, in per cent: " + ", ".join(
                f"{one.title} {share:.0%}" for one, share in zip(done, shares, strict=True)) + ".",
            most=100)))
    parts.append(table(
        "Points of what is marked.",
        ["lesson", "points", "exercises with all points", "handed in", ""],
        [_own_row(one, of.get(one.name)) for one in chapters], (1, 2)))
    open_ones = [part for one in done if (part := _to_revisit(one, of[one.name]))]
    parts.append(section("next", "Where to look again", *(open_ones or [
        tag("p", "Every exercise that you handed in has all its points. Well done!" if done
            else "Nothing of yours is marked yet.")])))
    return sheet("Your way through the course", "\n".join(parts))


def _own_row(chapter: Chapter, work: Work | None) -> list[str]:
    if work is None:
        return [text(chapter.title), "–", "–", "–", ""]
    whole = sum(one.marked and one.share >= 1 for one in work.answers)
    words = ["late" if work.late else "", f"{work.penalty:g} points off" if work.penalty else "",
             f"{work.waiting} still to be read by a teacher" if work.waiting else ""]
    return [text(chapter.title), f"{work.score:g} / {work.most:g}",
            f"{whole} of {len(work.answers)}", _time(work.time), ", ".join(filter(None, words))]


def _to_revisit(chapter: Chapter, work: Work) -> str:
    rows = []
    for one in work.answers:
        if not one.marked or one.share >= 1:
            continue
        exercise = one.exercise
        said = (hint(exercise.misconception.hint) if exercise.misconception
                else "No answer yet." if exercise.error == "missing"
                else _first_failed(one))
        rows.append([tag("code", text(exercise.name)),
                     f"{one.mark.score:g} / {one.mark.max_score:g}", said,
                     " › ".join(map(text, chapter.headings.get(exercise.name, ())))])
    return table(chapter.title, ["exercise", "points", "hint", "in the lesson"], rows,
                 (1,)) if rows else ""


def _first_failed(one: statistics.Answer) -> str:
    failed = [check.label for check in one.exercise.checks if not check.passed]
    return f"Does not hold yet: {text(failed[0])}." if failed else ""


def _sides(both: Alike) -> str:
    names = dict.fromkeys(one.name for one in (both.one, both.other))
    return tag("h4", text(" and ".join(names))) + _marked(both.one.text, both.one_lines) + _marked(
        both.other.text, both.other_lines)


def _marked(whole: str, lines: frozenset[int]) -> str:
    shown = []
    for number, line in enumerate(whole.splitlines(), start=1):
        shown.append(tag("mark", text(line)) if number in lines and line.strip()
                     else text(line) + "\n")
    return tag("pre", "".join(shown))


def _figure(title: str, caption: str, drawn: str) -> str:
    return tag("figure", f"<figcaption><strong>{text(title)}</strong>: {text(caption)}"
                         f"</figcaption>{drawn}")


def _remark(one: Item) -> str:
    if one.discrimination is not None and one.discrimination < 0:
        return "the better do worse: look at its checks"
    if one.discrimination is not None and one.discrimination < WEAK:
        return "tells little about the rest"
    if one.stopped:
        return "some answers did not end by themselves"
    return ""


def _share(work: Work | None) -> str:
    return "–" if work is None else f"{work.share:.0%}{' *' * work.late}"


def _percent(value: float) -> str:
    return f"{value:.0%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def _time(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else "–"
