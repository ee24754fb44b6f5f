"""What became of what was handed in, told to a teacher."""

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.gradebook.records import Mark, Marks
from autograder.grading.result import Result
from autograder.notebooks.outputs import visible


def differences(before: Marks, after: Marks) -> str:
    """What changed in a submission's marks, in words; "" for nothing."""
    none = Mark(0.0, 0.0)
    pairs = [(name, before.exercises.get(name, none), after.exercises.get(name, none))
             for name in dict.fromkeys([*before.exercises, *after.exercises])]
    told = [f"{name} {one.score:g} of {one.max_score:g} became {other.score:g} of "
            f"{other.max_score:g}" for name, one, other in pairs
            if (one.score, one.max_score) != (other.score, other.max_score)]
    if before.penalty != after.penalty:
        told.append(f"the late penalty {before.penalty:g} became {after.penalty:g}")
    return f"{', '.join(told)}." if told else ""


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.

    unwritten: why its marks are not in the gradebook, though that is not for what was handed in;
        the next run takes it again.
    changed: how its marks differ from those that it had, where the same was handed in; "" if not.
    """

    result: Result
    unwritten: str | None = None
    changed: str = ""

    def notices(self, labels: Mapping[str, str]) -> list[str]:
        """What a teacher should know, in lines that a terminal takes as they are.

        labels: by id, the id with the student's name.
        """
        notices = [f"Look at this: {flag}" for flag in self.result.flags]
        notices += [f"Look at this: the tests of {exercise.name} failed themselves, which is the "
                 "lesson's fault; --verbose shows why" for exercise in self.result.exercises
                 if exercise.error == "lesson"]
        if self.changed:
            notices.append(f"The same submission has another mark now: {self.changed}")
        if self.unwritten:
            notices.append(f"not written, the next run tries again. {self.unwritten}")
        elif self.result.status == "quarantined":
            notices.append(f"not graded. {self.result.reason}")
        student = str(self.result.student)
        owner = ", ".join(filter(None, (self.result.student and labels.get(student, student),
                                        self.result.assignment)))
        return [visible(f"{owner}: {line}").replace("\n", "\\n") for line in notices]


def summary(outcomes: list[Outcome]) -> str:
    """A run in one line."""
    if not outcomes:
        return "Nothing new was handed in."
    unwritten = [one for one in outcomes if one.unwritten]
    unfit = [one for one in outcomes
             if one.result.status == "quarantined" and not one.unwritten]
    read = [one for one in outcomes if not one.unwritten
            and any(exercise.needs_manual_grade for exercise in one.result.exercises)]
    parts = [f"{len(outcomes) - len(unwritten) - len(unfit)} of {len(outcomes)} graded"]
    for group, what in ((read, "with answers for a teacher to read: see `written`"),
                        (unfit, "not graded"), (unwritten, "not written")):
        if group:
            parts.append(f"{len(group)} {what}")
    return ", ".join(parts) + "."
