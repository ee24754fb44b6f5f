"""How a class fares at this moment: exercise, check and diagnosis, counted. Pure.

It is made to be shown in a lecture: it has no name and no answer in it, and no number of fewer than
`FEWEST` students, neither of those who fail a check nor of the few who pass it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.feedback.document import templates
from autograder.feedback.text import ERRORS
from autograder.grading.result import Exercise
from autograder.reports.statistics import Chapter, Work

FEWEST = 5  # students that a number is about

_TEMPLATES = templates("autograder.reports", "autograder.feedback")


@dataclass(frozen=True)
class CheckRow:
    """A check that enough students fail: how many, in words, and what is known of their answers."""

    label: str
    hidden: bool
    failed: str
    share: float
    diagnoses: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class ExerciseRow:
    """An exercise that enough students answered; right: how many pass all checks, in words."""

    name: str
    answered: int
    right: str
    checks: Sequence[CheckRow]


def live_page(chapters: Sequence[Chapter], works: Sequence[Work], made: datetime,
              refresh: int) -> str:
    """The whole document. works: without what must not be shown yet. refresh: seconds."""
    shown = [(chapter.title, len(own), rows) for chapter in chapters
             if (own := [one for one in works if one.lesson == chapter.name])
             and (rows := exercises(own))]
    return _TEMPLATES.get_template("live.html").render(
        chapters=shown, made=f"{made:%H:%M:%S}", refresh=refresh, fewest=FEWEST)


def exercises(works: Sequence[Work]) -> list[ExerciseRow]:
    """The exercises of one lesson with checks, in its order, that enough students answered."""
    answers: dict[str, list[Exercise]] = {}
    for work in works:
        for one in work.answers:
            if one.exercise.error != "missing" and one.exercise.checks:
                answers.setdefault(one.exercise.name, []).append(one.exercise)
    return [_row(name, found) for name, found in answers.items() if len(found) >= FEWEST]


def _row(name: str, answers: Sequence[Exercise]) -> ExerciseRow:
    failed = Counter[tuple[str, bool]]()
    diagnoses: dict[tuple[str, bool], Counter[str]] = {}
    for one in answers:
        for check in one.checks:
            if not check.passed:
                key = check.label, check.hidden
                failed[key] += 1
                diagnoses.setdefault(key, Counter())[_diagnosis(one)] += 1
    right = sum(all(check.passed for check in one.checks) for one in answers)
    return ExerciseRow(name, len(answers), _count(right, len(answers)), [
        CheckRow(*key, _count(count, len(answers)), count / len(answers),
                 _named(diagnoses[key]))
        for key, count in failed.most_common() if count >= FEWEST])


def _diagnosis(exercise: Exercise) -> str:
    """What is known of a wrong answer, in a few words."""
    if exercise.earlier:
        return f"{exercise.earlier.name} has to be fixed first"
    if exercise.misconception:
        return exercise.misconception.name.replace("_", " ")
    if exercise.error:
        return ERRORS[exercise.error]
    return exercise.patterns[0] if exercise.patterns else "not recognized"


def _named(diagnoses: Counter[str]) -> list[tuple[str, int]]:
    """Those of enough students, without the last if the difference told of a few others."""
    found = [(text, of) for text, of in diagnoses.most_common() if of >= FEWEST]
    if 0 < diagnoses.total() - sum(of for _, of in found) < FEWEST:
        del found[-1:]
    return found


def _count(count: int, of: int) -> str:
    """A number of students that says nothing about a few of them."""
    if 0 < count < FEWEST:
        return f"fewer than {FEWEST}"
    if 0 < of - count < FEWEST:
        return f"more than {of - FEWEST}"
    return str(count)
