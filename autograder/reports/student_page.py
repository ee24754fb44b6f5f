"""A student's own page of the report. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.feedback.document import templates
from autograder.reports import svg_chart
from autograder.reports.formats import minute, percent
from autograder.reports.statistics import Answer, Chapter, Work

_TEMPLATES = templates("autograder.reports", "autograder.feedback")


@dataclass(frozen=True)
class LessonRow:
    """A lesson's row in the table of points; solved: how many exercises have all their points."""

    title: str
    points: str
    solved: str
    handed_in: str
    remarks: str


@dataclass(frozen=True)
class OpenExercise:
    """An exercise with points to gain. hint: Markdown. failed: a check's label, "" for none."""

    name: str
    points: str
    hint: str
    is_missing: bool
    failed: str
    headings: Sequence[str]


def student_page(student: str, chapters: Sequence[Chapter], works: Sequence[Work],
                 made: datetime) -> str:
    """A student's way through the course; nothing in it is about anybody else.

    works: the student's own.
    """
    by_lesson = {work.lesson: work for work in works if work.student == student}
    handed_in = [(chapter, by_lesson[chapter.name]) for chapter in chapters
                 if chapter.name in by_lesson]
    to_revisit = [(chapter.title, found) for chapter, work in handed_in
                  if (found := _to_revisit(chapter, work))]
    return _TEMPLATES.get_template("student.html").render(
        student=student, made=minute(made), figure=_figure(handed_in) if handed_in else None,
        rows=[_row(chapter, by_lesson.get(chapter.name)) for chapter in chapters],
        to_revisit=to_revisit)


def _figure(handed_in: Sequence[tuple[Chapter, Work]]) -> svg_chart.Figure:
    alt = ", ".join(f"{chapter.title} {percent(work.share)}" for chapter, work in handed_in)
    return svg_chart.Figure("Points", "the share you have, by lesson", svg_chart.bars(
        [round(100 * work.share, 1) for _, work in handed_in],
        [chapter.name[:2] for chapter, _ in handed_in],
        f"Share of the points by lesson, in percent: {alt}.", most=100))


def _row(chapter: Chapter, work: Work | None) -> LessonRow:
    if work is None:
        return LessonRow(chapter.title, "–", "–", "–", "")
    solved = sum(answer.marked and answer.share >= 1 for answer in work.answers)
    remarks = ["late" if work.late else "",
               f"{work.penalty:g} points off" if work.penalty else "",
               f"{work.waiting} still to be read by a teacher" if work.waiting else ""]
    return LessonRow(chapter.title, f"{work.score:g} / {work.most:g}",
                     f"{solved} of {len(work.answers)}", minute(work.time),
                     ", ".join(filter(None, remarks)))


def _to_revisit(chapter: Chapter, work: Work) -> list[OpenExercise]:
    return [_exercise(chapter, answer) for answer in work.answers
            if answer.marked and answer.share < 1]


def _exercise(chapter: Chapter, answer: Answer) -> OpenExercise:
    exercise, mark = answer.exercise, answer.mark
    failed = [check.label for check in exercise.checks if not check.passed]
    return OpenExercise(
        exercise.name, f"{mark.score:g} / {mark.max_score:g}",
        exercise.misconception.hint if exercise.misconception else "",
        exercise.error == "missing", failed[0] if failed else "",
        chapter.headings.get(exercise.name, ()))
