"""What grading left of a lesson, read for the reports."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Lesson
from autograder.feedback.stored import stored_result
from autograder.gradebook.records import Marks, Total
from autograder.grading.result import Exercise
from autograder.notebooks.cells import title
from autograder.reports.similarity import Text
from autograder.reports.statistics import Answer, Chapter, Work

_HEADING = re.compile(r"(#{2,6}) +(.+)")


@dataclass(frozen=True)
class LessonRead:
    """What was read of a lesson; texts: each student's own, for comparing."""

    chapter: Chapter
    works: list[Work]
    texts: dict[str, list[Text]]
    given: list[Text]
    notices: list[str]


def read_lesson(lesson: Lesson, due: datetime | None, autograded: Path, marks: dict[str, Marks],
            totals: list[Total]) -> LessonRead:
    """What grading left of a lesson. autograded: the folder of what is graded. Raises OSError."""
    release = nbformat.read(lesson.release, as_version=4)
    chapter = Chapter(lesson.name, title(release) or lesson.name, due, dict(_headings(release)))
    read = LessonRead(chapter, [], {}, list(_given(lesson, release)), [])
    for total in totals:
        path = autograded / total.student / lesson.name / f"{lesson.name}.ipynb"
        of = marks.get(total.student, Marks({}))
        try:
            # Without nbformat's validation, which costs more than all the rest.
            notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
            stored = stored_result(notebook, release, total.student, lesson.name)
            said = {exercise.name: exercise for exercise in stored.exercises}
            own = list(_own(notebook, release))
            texts, read.texts[total.student] = {one.name: one.text for one in own}, own
        except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration):
            said, texts = {}, {}
            read.notices.append(f"{total.student}, {lesson.name}: the autograded notebook can't be "
                             "read; only the marks count.")
        order = [*said, *(name for name in of.exercises if name not in said)]
        answers = tuple(
            Answer(said.get(name) or Exercise(name, of.exercises[name].score,
                                              of.exercises[name].max_score),
                   of.exercises[name], texts.get(name, ""))
            for name in order if name in of.exercises)
        read.works.append(Work(total.student, lesson.name, answers, total.timestamp, total.late,
                               of.penalty))
    return read


def _headings(release: NotebookNode) -> Iterator[tuple[str, tuple[str, ...]]]:
    """For every exercise the heading above it; where that is the exercise's own, with the one
    before, under which the matter stands."""
    matter, last = "", ""
    for cell in release.cells:
        facts = cell.metadata.get("nbgrader", {})
        if facts.get("solution"):
            yield cell.id, tuple(dict.fromkeys(filter(None, (matter, last))))
        elif cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if found := _HEADING.match(line):
                    last = found[2].strip()
                    matter = matter if last.startswith("Exercise") else last


def _own(notebook: NotebookNode, release: NotebookNode) -> Iterator[Text]:
    """A student's own texts: code, and what was written where a written answer was asked for."""
    released = {cell.id: cell.source for cell in release.cells}
    for cell in notebook.cells:
        if cell.source != released.get(cell.id):
            if cell.cell_type == "code":
                yield Text(str(cell.id), cell.source)
            elif cell.metadata.get("nbgrader", {}).get("solution"):
                yield Text(str(cell.id), cell.source, prose=True)


def _given(lesson: Lesson, release: NotebookNode) -> Iterator[Text]:
    """What nobody has to invent: the lesson, its solution, known wrong answers."""
    for notebook in (release, nbformat.read(lesson.solution, as_version=4)):
        for cell in notebook.cells:
            if cell.cell_type == "code" or cell.metadata.get("nbgrader", {}).get("solution"):
                yield Text(str(cell.id), cell.source, cell.cell_type != "code")
    if lesson.misconceptions.is_file():
        yield Text("misconceptions", lesson.misconceptions.read_text(encoding="utf-8"))
