"""A synthetic class of kinds, seeded: what each student hands in, and what is to come of it.

Right, wrong in a known way, blank, late, damaged, broken or hostile: where `planted` mixes, here
every exercise's points, error and misconception are known beforehand.
"""

import ast
import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

import nbformat
import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Lesson
from support.answers import (
    HERE,
    cell,
    exercises,
    filled,
    functions,
    marked,
    notebook,
    typed,
    wrong_answers,
)
from support.planted import WEEK, Planted, labels, retyped

FIRST_DUE = datetime(2024, 1, 15, 8, tzinfo=UTC)  # past: what is still to come counts as of now
BUSY = 0.7  # of the lessons, that a student hands in
EACH = 6  # lessons that a student hands in on average, at most
CALL = "def {name}(*given, **named):\n    "
PATCHED = ("allclose", "isclose", "array_equal")
# By name: a program, and what the grader calls what comes of it.
ATTACKS = {
    "endless loop": (CALL + "while True:\n        pass", "timeout"),
    "ends the process": ("import os\n\n\n" + CALL + "os._exit(0)", "crashed"),
    "equals everything": ("class Equal:\n    __eq__ = __le__ = __ge__ = lambda *two: True\n"
                          "    __hash__ = None\n\n\n" + CALL + "return Equal()", "raised"),
    "patched NumPy": (f"import numpy as np\n\n{' = '.join(f'np.{name}' for name in PATCHED)} = "
                      "lambda *given, **named: True\n\n\n" + CALL + "return 12345.0", None),
}


@dataclass
class HandedIn(Planted):
    """What a student of a kind hands in, and what the grader is to make of it.

    points: by exercise, where it is not the full mark. errors: by exercise, where there is one.
    damage: what happened to the notebook. aside: part of the reason why it is not graded.
    flagged: a teacher is to look at it.
    """

    kind: str = ""
    points: dict[str, float] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    damage: Callable[[NotebookNode], object] | None = None
    aside: str = ""
    flagged: bool = False
    late: bool = False

    def data(self) -> bytes:
        """The file."""
        made = filled(self.lesson, self.answers)
        if self.damage:
            self.damage(made)
        text = nbformat.v4.writes(made)
        return BROKEN[self.aside](text) if self.aside else text.encode()

    def leave(self, *names: str) -> None:
        """Leave exercises as they were released."""
        for name in names:
            self.answers[name] = cell(notebook(self.lesson.release), name).source
            self.points[name], self.errors[name] = 0.0, "missing"
            self.blank.append(name)

    def leave_what_builds_on(self, *names: str) -> None:
        """Leave exercises whose answers use these names: what they would earn is hard to tell."""
        spoilt, texts = set(names), {c.id: c.source for c in filled(self.lesson,
                                                                    self.answers).cells}
        while more := {name for name in exercises(self.lesson)
                       if name not in spoilt | self.points.keys()
                       and spoken(texts[name]) & spoilt}:
            self.leave(*sorted(more))
            spoilt |= more


def spoken(text: str) -> set[str]:
    """The names in a program."""
    nodes = list(ast.walk(ast.parse(text)))
    return ({node.id for node in nodes if isinstance(node, ast.Name)}
            | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


@cache
def worth(lesson: Lesson, name: str, label: str = "") -> float:
    """The points of a known wrong answer; without a label, of one that returns a wrong number."""
    answer = wrong_answers(lesson, name)[label] if label else lambda *given, **named: 12345.0
    return float(marked(lesson, name, answer))


@cache
def only_raises(lesson: Lesson, name: str) -> bool:
    """Whether an answer that raises fails no check for another reason."""
    def raises(*given: object, **named: object) -> None:
        raise TypeError

    score = marked(lesson, name, raises)
    return {check.error for check in score.outcomes} == {"raised"}


def right(one: HandedIn, rng: np.random.Generator) -> None:
    """The model answers."""


def otherwise(one: HandedIn, rng: np.random.Generator) -> None:
    """Right answers that are written differently."""
    for name in functions(one.lesson):
        if known := labels(one.lesson, name)[0]:
            one.answers[name] = retyped(typed(HERE / "right_answers" / f"{one.lesson.name}.py",
                                              name, str(rng.choice(known))), rng)


def wrong(one: HandedIn, rng: np.random.Generator) -> None:
    """Known wrong answers, one to three, the first ones of an exercise the most frequent."""
    names, lesson = functions(one.lesson), one.lesson
    for name in map(str, rng.permutation(names)[:rng.integers(1, 4)]):
        known = labels(lesson, name)[1]
        label = known[min(int(rng.exponential(3)), len(known) - 1)]
        text = typed(lesson.misconceptions, name, label)
        if not spoken(text) & set(names) - {name}:
            one.answers[name], one.wrong[name] = text, label
            one.points[name] = worth(lesson, name, label)
    one.leave_what_builds_on(*one.wrong)


def blank(one: HandedIn, rng: np.random.Generator) -> None:
    """As it was released."""
    one.leave(*exercises(one.lesson))
    one.answers |= {name: cell(notebook(one.lesson.release), name).source for name in one.answers}


def late(one: HandedIn, rng: np.random.Generator) -> None:
    """Right, after the deadline."""
    one.time, one.late = due(one.lesson) + timedelta(hours=rng.uniform(1, 48)), True


def damaged(one: HandedIn, rng: np.random.Generator) -> None:
    """Right answers in a notebook that is no more as it was."""
    one.damage = DAMAGE[rng.integers(len(DAMAGE))]
    one.flagged = one.damage is change_tests


def broken(one: HandedIn, rng: np.random.Generator) -> None:
    """A file that is no notebook of this course."""
    one.aside = str(rng.choice(list(BROKEN)))


def hostile(one: HandedIn, rng: np.random.Generator) -> None:
    """An attack in place of an answer."""
    source, error = ATTACKS[str(rng.choice(list(ATTACKS)))]
    name = str(rng.choice(functions(one.lesson)))
    one.answers[name] = source.format(name=name)
    one.points[name] = 0.0 if error else worth(one.lesson, name)
    if error and (error != "raised" or only_raises(one.lesson, name)):
        one.errors[name] = error
    one.leave_what_builds_on(name, *(() if error else PATCHED))


def double_cells(made: NotebookNode) -> None:
    """An answer and a test cell stand there twice."""
    for place in (next(k for k, c in enumerate(made.cells) if c.id.endswith("-tests")),) * 2:
        made.cells.insert(place + 1, copy.deepcopy(made.cells[place]))


def delete_tests(made: NotebookNode) -> None:
    """No test cell is left."""
    made.cells = [c for c in made.cells if not c.id.endswith("-tests")]


def reverse(made: NotebookNode) -> None:
    """The last cell comes first."""
    made.cells.reverse()


def change_tests(made: NotebookNode) -> None:
    """The first test cell says that all is well."""
    next(c for c in made.cells if c.id.endswith("-tests")).source = "1.0"


DAMAGE = (double_cells, delete_tests, reverse, change_tests)
# By part of the reason that the grader gives: what becomes of a notebook's text.
BROKEN: dict[str, Callable[[str], bytes]] = {
    "is not valid JSON": lambda text: text[:len(text) // 2].encode(),
    "is empty": lambda text: b"",
    "holds none of the cells": lambda text: nbformat.writes(
        new_notebook(cells=[new_code_cell("print('another course')")])).encode(),
}
Make = Callable[[HandedIn, np.random.Generator], None]
# By kind: the share of the class, how it answers, and what is to come of it.
KINDS: dict[str, tuple[float, Make | None, str]] = {
    "model answers": (0.20, right, "full marks"),
    "right, written otherwise": (0.20, otherwise, "full marks"),
    "misconceptions": (0.34, wrong, "each named, its points as the tests give them"),
    "blank": (0.05, blank, "no points"),
    "late": (0.06, late, "full marks, late"),
    "damaged cells": (0.05, damaged, "full marks, changed tests told"),
    "broken files": (0.03, broken, "set aside, with the reason"),
    "hostile": (0.05, hostile, "the attack named, the other answers marked"),
    "nothing handed in": (0.02, None, "in the table of marks, with none"),
}


def due(lesson: Lesson) -> datetime:
    """Lessons are due a week apart."""
    return FIRST_DUE + WEEK * int(lesson.name[:2])


def make_class(known: Sequence[Lesson], students: int, seed: int) -> dict[str, list[HandedIn]]:
    """By student what is handed in; as far as there are enough, each kind has one student."""
    rng = np.random.default_rng(seed)
    shares = [share for share, _, _ in KINDS.values()]
    kinds = [*KINDS, *rng.choice(list(KINDS), students, p=shares)][:students]
    share = min(BUSY, EACH / len(known))
    made: dict[str, list[HandedIn]] = {}
    for number, kind in enumerate(rng.permutation(kinds), start=1):
        make = KINDS[str(kind)][1]
        mine = made.setdefault(f"s{number:03}", [])
        for lesson in known:
            if make and rng.random() < share:
                early = timedelta(hours=1 + rng.gamma(2, 20))
                mine.append(HandedIn(f"s{number:03}", lesson, due(lesson) - early, kind=str(kind)))
                for c in notebook(lesson.release).cells:
                    if c.cell_type == "markdown" and c.metadata.get("nbgrader"):
                        mine[-1].answers[c.id] = f"It is so for reason {rng.integers(10**6)}."
                make(mine[-1], rng)
    return made
