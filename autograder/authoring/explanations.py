"""Proves what feedback says of wrong answers: nothing of right ones, and enough of the others."""

import runpy
from collections.abc import Iterator, Mapping, Sequence

from autograder.authoring.finding import Finding
from autograder.authoring.slips import SLIPS
from autograder.course import Lesson
from autograder.grading.diagnosis import explained, recognized, subject

DIAGNOSED = 0.85  # of the known wrong answers with a second slip should be recognized


def judged(lesson: Lesson, exercises: Sequence[str],
           right: Mapping[str, list[str]], demanded: bool = True) -> Iterator[Finding]:
    """Try every right answer on fresh inputs, and every wrong one with each of five slips.

    demanded: most of the wrong ones should be recognized then.
    """
    answers = runpy.run_path(str(lesson.right_answers)) if lesson.right_answers.is_file() else {}
    faults, tried = list[Finding](), 0
    for name in exercises:
        if subject(lesson, name) is None:
            continue
        for label in right.get(name, []):
            tried += 1
            found = explained(lesson, name, answers[f"{name}__{label}"])
            said = found.patterns or ([found.smallest.call] if found.smallest else [])
            if said:
                faults.append(Finding("wrong", f"on fresh inputs the right answer `{name}__{label}`"
                                      f" differs from the model answer: {said[0]}"))
    yield from faults
    if tried and not faults:
        yield Finding("fine", f"{tried} right answers agree with the model answers on fresh "
                      "inputs, and no pattern is seen in them.")
    yield _beside_slips(lesson, exercises, demanded)


def _beside_slips(lesson: Lesson, exercises: Sequence[str], demanded: bool) -> Finding:
    """Say how many known wrong answers are recognized when a second slip is made, too."""
    named = total = 0
    for name in exercises:
        for label, wrong in recognized(lesson, name, SLIPS):
            total += len(SLIPS)
            named += sum(found == label for found in wrong)
    share = named / total if total else 1.0
    return Finding("missing" if demanded and share < DIAGNOSED else "fine",
                   f"{named} of {total} wrong answers with a second slip ({share:.0%}) are "
                   "recognized: no stability, ints, no lists, another epsilon, in place.")
