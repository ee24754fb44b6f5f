"""More time for one student, before or after handing in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.course import ROOT, find_lesson
from autograder.errors import UserError
from autograder.gradebook.book import Book
from autograder.gradebook.class_rules import class_rules, write_extensions
from autograder.gradebook.settings import settings


@dataclass(frozen=True)
class Extended:
    """A student's deadline of a lesson, as it is now.

    label: the student's id with the name. due: everybody's deadline (UTC).
    until: the student's own; None where it is everybody's.
    penalty: points that being late costs now; None where nothing is marked yet.
    """

    label: str
    lesson: str
    due: datetime
    until: datetime | None
    penalty: float | None


def extend(student: str, until: Mapping[str, datetime | None],
           root: Path = ROOT) -> tuple[Extended, ...]:
    """Give a student time until then (UTC), by lesson; None takes an extension away.

    It is kept in the class's settings, and counts for what is handed in already and for what
    will be. Raises UserError before anything is changed.
    """
    for name in until:
        find_lesson(name, root)
    class_rules(root)
    with Book(settings(root)) as book:
        labels = {one.id: one.label for one in book.students()}
        if student not in labels:
            raise UserError(f"The gradebook has no student {student!r}. `python -m autograder "
                            "class init --roster FILE` adds the students of a class.")
        dues = {name: due for name, (_, due) in book.lessons().items()}
        found = []
        for name, when in until.items():
            due = dues.get(name)
            if due is None:
                raise UserError(f"{name} has no deadline that could be extended. `python -m "
                                f"autograder class init --due {name}=TIME` sets one.")
            if when and when <= due:
                raise UserError(f"{name} is due {due:%Y-%m-%d %H:%M} UTC, and an extension ends "
                                "later.")
            found.append((name, due, when))
        write_extensions(student, until, root)
        costs = book.extend(student, until)
    return tuple(Extended(labels[student], name, due, when, costs.get(name))
                 for name, due, when in found)
