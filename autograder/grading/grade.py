"""A submission to a result: read, parse, find the lesson, rebuild, run, mark."""

import atexit
import time
from pathlib import Path

from nbformat import NotebookNode

from autograder.course import Lesson
from autograder.grading import warm_process
from autograder.grading.engine import Engine
from autograder.grading.marking import mark
from autograder.grading.recognize import lesson_of, read_built
from autograder.grading.result import Result
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from autograder.notebooks.parse import Unreadable, parse
from autograder.notebooks.rebuild import Rebuilt, rebuild
from autograder.notebooks.repairs import Repair


def grade(submission: Submission,
          settings: Settings | None = None) -> tuple[Result, NotebookNode | None]:
    """Grade one submission: its result, and the notebook as it ran, with outputs.

    What can't be graded is returned as quarantined, with the reason, and without a notebook.
    Raises CantGrade when nothing can be graded at all.
    """
    settings, began = settings or Settings(), time.perf_counter()
    result = Result(str(submission.path), submission.student, submission.assignment)
    try:
        student = parse(submission.read())
        lesson = lesson_of(submission, student, settings.root)
    except (Unreadable, OSError) as error:
        reason = f"The file can't be read: {error.strerror}." if isinstance(
            error, OSError) else str(error)
        result.status, result.reason = "quarantined", reason
        return result, None
    result.assignment = lesson.name
    if lost := [name for name in lesson.beside if not (lesson.release.parent / name).is_file()]:
        result.status, result.reason = "quarantined", (
            f"The lesson's file {lost[0]} is not in {lesson.release.parent}; `python -m autograder "
            "build` puts it there.")
        return result, None
    release, solution = read_built(lesson.release), read_built(lesson.solution)
    _engine(settings).begin(release)
    rebuilt = rebuild(student, release, onto=solution)
    if submission.other_name:
        rebuilt.repairs.insert(0, Repair("renamed", detail=submission.other_name))
    _run_and_mark(result, rebuilt, release, lesson, settings)
    result.seconds = round(time.perf_counter() - began, 3)
    return result, rebuilt.notebook


def run_visible_checks(submission: Submission, rebuilt: Rebuilt, release: NotebookNode,
                       settings: Settings, released: Path) -> Result:
    """What the checks in the student's own copy say; it needs no solution and gives no mark.

    rebuilt: the notebook on the release's frame; its outputs are filled in.
    released: where the release is, with the lesson's files beside it.
    """
    began = time.perf_counter()
    result = Result(str(submission.path), submission.student, submission.assignment)
    lesson = Lesson(str(submission.assignment), settings.root)
    _run_and_mark(result, rebuilt, release, lesson, settings, released)
    result.repairs = [repair.for_student for repair in rebuilt.repairs]
    result.seconds = round(time.perf_counter() - began, 3)
    return result


def missing_fence(settings: Settings | None = None) -> list[str]:
    """What of the fence this machine can't give; empty when it is whole."""
    settings = settings or Settings()
    if warm_process.can_fork():  # without a whole process of its own, which may never be used
        return warm_process.missing_fence(settings.root, settings.fenced)
    return _engine(settings).missing()


def _run_and_mark(result: Result, rebuilt: Rebuilt, release: NotebookNode, lesson: Lesson,
                  settings: Settings, released: Path | None = None) -> None:
    result.repairs = [repair.for_teacher for repair in rebuilt.repairs]
    result.flags = rebuilt.flags
    outcomes = _engine(settings).run(rebuilt.notebook, release, lesson, settings.timeout,
                                     settings.explain, released)
    result.exercises = mark(rebuilt.notebook, outcomes, release)
    result.score = round(sum(exercise.score for exercise in result.exercises), 2)
    result.max_score = sum(exercise.max_score for exercise in result.exercises)


def start(settings: Settings) -> None:
    """Let the process that notebooks run in get ready while the caller does something else."""
    _engine(settings).start()


def forget_engines() -> None:
    """Let go of what a fork has from its parent, whose processes they are."""
    _engines.update({which: engine.forked() for which, engine in _engines.items()})


def _engine(settings: Settings) -> Engine:
    """The engine of this process for a way of grading; it ends with the process."""
    which = settings.root, settings.fenced, settings.full
    if which not in _engines:
        _engines[which] = Engine(*which)
    return _engines[which]


_engines: dict[tuple[Path, bool, bool], Engine] = {}


@atexit.register
def _close_engines() -> None:
    for engine in _engines.values():
        engine.close()
