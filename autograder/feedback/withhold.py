"""What feedback keeps back about hidden checks as long as a class is still at work. Pure.

Whoever reads a hidden check's call and its expected value can answer by a table, and hands the
table on. So does the smallest input on which an answer is wrong, and the numbers of a pattern.
"""

import re
from dataclasses import replace

from autograder.feedback.quiz import PREFIX
from autograder.gradebook.class_rules import HiddenChecks
from autograder.grading.result import Check, Exercise, Result

_NUMBER = re.compile(r"(?<![\w.])[-−]?(?:(?:\d[\d,.]*\d|\d)(?:e[+-]?\d+)?(?:/ln \d+|/\d+)?|[½¼¾])"
                     r"(?!\w)|\bln \d+")
_WORDS = (("half of", "… times"), ("twice", "… times"))


def withheld(result: Result, level: HiddenChecks) -> Result:
    """The result without what this level keeps back until the deadline."""
    return replace(result, exercises=[of_exercise(one, level) for one in result.exercises])


def of_exercise(exercise: Exercise, level: HiddenChecks) -> Exercise:
    """An exercise without what this level keeps back until the deadline."""
    if level == "everything":
        return exercise
    return _labels(exercise) if level == "labels" else _visible(exercise)


def without_numbers(sentence: str) -> str:
    """A pattern with an ellipsis for every number; names such as `W1` keep theirs."""
    for word, instead in _WORDS:
        sentence = sentence.replace(word, instead)
    return _NUMBER.sub("…", sentence)


def _labels(exercise: Exercise) -> Exercise:
    """Labels, and patterns without their numbers. The reason of a quiz question tells no letter."""
    is_quiz = exercise.name.startswith(PREFIX)
    return replace(
        exercise, smallest=None, patterns=list(map(without_numbers, exercise.patterns)),
        checks=[replace(check, message="") if check.hidden and not is_quiz else check
                for check in exercise.checks])


def _visible(exercise: Exercise) -> Exercise:
    """What the visible checks say; a mistake has a name only where one of them found it."""
    visible: list[Check] = [check for check in exercise.checks if not check.hidden]
    seen = exercise.error not in (None, "raised") or not all(check.passed for check in visible)
    return replace(exercise, checks=visible, patterns=[], smallest=None,
                   misconception=exercise.misconception if seen else None,
                   error=None if exercise.error == "raised" and not seen else exercise.error,
                   earlier=exercise.earlier if seen else None)
