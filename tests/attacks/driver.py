"""A course to attack, and what must hold after every attack, whatever it was.

An attack is an answer to one exercise of an otherwise right notebook. Its code says `HELD` when
the fence stopped it and `ESCAPED` when not.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.course import Lesson
from autograder.feedback.text import as_json, as_report
from autograder.grading import grade as grading
from autograder.grading.result import Exercise, Result
from support.answers import cell, filled
from support.demo import course

MARKER = "marker-of-the-attacks"  # in the command line of what an attack starts
SECRET = "secret-of-the-tests"
SECONDS = 1.5
LESSON = f'''\
# %% [markdown]
# # A lesson under attack

# %% given: imports
import numpy as np

# %% exercise: before
def before(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * np.asarray(x, dtype=float)
    ### END SOLUTION

# %% tests: before, 1 point
import numpy as np

with check("doubles"):
    check.close(check.call(before, np.array([1.0, -2.0])), [2.0, -4.0])

# %% exercise: attacked
def attacked(x):
    """Three times x."""
    ### BEGIN SOLUTION
    return 3 * np.asarray(x, dtype=float)  # {SECRET}
    ### END SOLUTION

# %% tests: attacked, 4 points
import numpy as np

with check("triples"):
    check.close(check.call(attacked, np.array([1.0, -2.0])), [3.0, -6.0])
### BEGIN HIDDEN TESTS
with check("triples a table ({SECRET})"):
    x = np.random.default_rng(5).normal(size=(4, 5))
    check.close(check.call(attacked, x), 3 * x)
with check("returns float64"):
    check.floats(check.call(attacked, np.array([1, 2, 4])), (3,))
    check.close(check.call(attacked, np.array([1, 2, 4])), [3, 6, 12])
with check("triples in place of nothing"):
    x = np.array([1.0, 7.0])
    check.unchanged(attacked, x)
    check.new(check.call(attacked, x), x)
    check.close(check.call(attacked, x), [3.0, 21.0])
### END HIDDEN TESTS

# %% exercise: mapped
def mapped(f, x):
    """One more than f of x."""
    ### BEGIN SOLUTION
    return f(x) + 1
    ### END SOLUTION

# %% tests: mapped, 1 point
def _cube(x):
    if isinstance(x, str):
        raise ValueError("{SECRET}")
    return x ** 3

with check("adds one"):
    check.close(check.call(mapped, _cube, 2.0), 9.0)

# %% exercise: letter
def letter():
    """The right letter."""
    ### BEGIN SOLUTION
    return "b"
    ### END SOLUTION

# %% tests: letter, 1 point
with check("is right"):
    check.letter(letter(), right="b", why={{"a": "No.", "b": "Yes.", "c": "No."}})

# %% exercise: listed
def listed(n):
    """The numbers below n."""
    ### BEGIN SOLUTION
    return list(range(n))
    ### END SOLUTION

# %% tests: listed, 1 point
with check("lists"):
    check.equal(check.call(listed, 3), [0, 1, 2])

# %% [markdown]
# Play with it.

# %%
played = attacked(2.0)

# %% exercise: after
def after(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION

# %% tests: after, 1 point
with check("halves"):
    check.close(check.call(after, 3.0), 1.5)
'''
POINTS = {"before": 1.0, "attacked": 4.0, "mapped": 1.0, "letter": 1.0, "listed": 1.0,
          "after": 1.0}
MISCONCEPTIONS = '''\
import numpy as np


def inputs_attacked(rng):
    yield (rng.normal(size=4),)
    yield (2.0,)


def attacked__twice(x):
    """Twice is not three times."""
    return 2 * np.asarray(x)
'''
RIGHT = "\n\ndef attacked(x):\n    return 3 * np.asarray(x, dtype=float)\n"


@dataclass(frozen=True)
class Attack:
    """One answer, and what must come of it.

    exercise: which one it answers.
    error: what the result calls it.
    score: the points that it earns, no more and no less.
    held: it reports on itself, and must say HELD.
    before: it is a cell of the student's own before the answer `RIGHT`.
    """

    name: str
    source: str
    error: str | None = None
    score: float = 0.0
    exercise: str = "attacked"
    held: bool = False
    before: bool = False


def right(name: str, source: str, held: bool = False) -> Attack:
    """Mischief beside a right answer, which keeps its points."""
    return Attack(name, source + RIGHT, score=4.0, held=held)


def held(name: str, source: str) -> Attack:
    """Mischief that reports on itself: it escaped when its last line is reached."""
    body = "\n".join("    " + line for line in source.strip().splitlines())
    return right(name, f"try:\n{body}\n    print('ESCAPED')\nexcept BaseException as error:\n"
                       "    print('HELD', type(error).__name__, error)", held=True)


def each(attacks: list[Attack]) -> pytest.MarkDecorator:
    """One test for each attack."""
    assert len({attack.name for attack in attacks}) == len(attacks)
    return pytest.mark.parametrize("attack", attacks, ids=lambda attack: attack.name)


class Battlefield:
    """A course with things worth stealing, and a warm engine that serves all attacks."""

    def __init__(self, root: Path, fenced: bool = True) -> None:
        self.lesson: Lesson = course(root, LESSON)
        self.lesson.misconceptions.write_text(MISCONCEPTIONS)
        self.root = root
        for name in ("gradebook.db", "submitted/bob/01_demo/01_demo.ipynb", "secret.txt"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(SECRET)
        self.settings = grading.Settings(SECONDS, fenced=fenced, root=root)
        self.patient = grading.Settings(60.0, fenced=fenced, root=root)
        self.honest()
        self.before = self._hashes()
        self.pid = self._warm()

    def close(self) -> None:
        """End the engine."""
        grading._engine(self.settings).close()

    def notebook(self, **answers: str) -> NotebookNode:
        """A right notebook with these answers in place of some."""
        return filled(self.lesson, answers)

    def grade(self, notebook: NotebookNode | bytes,
              settings: grading.Settings | None = None) -> tuple[Result, NotebookNode]:
        """What a submission comes to."""
        path = self.root.parent / "01_demo.ipynb"
        data = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode()
        path.write_bytes(data)
        return grading.grade(grading.Submission(path), settings or self.settings)

    def attack(self, attack: Attack) -> tuple[Exercise, str]:
        """Run an attack, check what must hold for each; the exercise, and its cell's outputs."""
        if attack.before:
            notebook = self.notebook()
            at = [c.id for c in notebook.cells].index(attack.exercise)
            notebook.cells.insert(at, new_code_cell(attack.source, id="hostile"))
        else:
            notebook = self.notebook(**{attack.exercise: attack.source})
        # Only what is to be ended by the clock is watched closely: a busy machine is slow.
        hurried = attack.error == "timeout" or attack.before
        result, ran = self.grade(notebook, self.settings if hurried else self.patient)
        found = {exercise.name: exercise for exercise in result.exercises}
        exercise = found[attack.exercise]
        outputs = json.dumps(cell(ran, "hostile" if attack.before else attack.exercise).outputs)
        assert "ESCAPED" not in outputs
        assert not attack.held or "HELD" in outputs, outputs
        assert (exercise.score, exercise.error) == (attack.score, attack.error), (
            [check.message for check in exercise.checks], outputs[:2000])
        assert {name: e.score for name, e in found.items() if name != attack.exercise} == {
            name: points for name, points in POINTS.items() if name != attack.exercise}
        self.stands(result)
        return exercise, outputs

    def stands(self, *results: Result) -> None:
        """Nothing changed, nothing is left, feedback is clean, and the next student gets all."""
        for result in results:
            is_clean(result)
        assert self._hashes() == self.before
        left = self._left()
        until = time.monotonic() + 3
        while left and time.monotonic() < until:
            time.sleep(0.02)
            left = self._left()
        assert not left
        before, self.pid = self.pid, self._warm()
        assert self.pid == before, "the warm process was lost"
        self.honest()

    def honest(self) -> None:
        """An honest student gets full marks."""
        result, _ = self.grade(self.notebook(), self.patient)
        assert {e.name: e.score for e in result.exercises} == POINTS
        assert not result.repairs
        assert not result.flags

    def _warm(self) -> int:
        return grading._engine(self.settings).warm().pid

    def _left(self) -> list[str]:
        """The command lines of processes that should not be there any more."""
        left, ours = [], {self._warm(), grading._engine(self.settings).template._process.pid}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                line = (process / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if MARKER in line or (str(self.root) in line and "autograder.sandbox.worker" in line
                                  and int(process.name) not in ours):
                left.append(line)
        return left

    def _hashes(self) -> dict[str, str]:
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(self.root.rglob("*"))
                if path.is_file() and "__pycache__" not in path.parts}


def is_clean(result: Result) -> None:
    """The feedback can be shown and saved anywhere, is no book, and tells no secret."""
    text, document = as_report([result], []), as_json([result], [])
    assert len(text) < 20_000
    assert len(document) < 40_000
    for shown in (text, document):
        shown.encode()  # no half characters
        assert not [c for c in shown if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160]
    assert SECRET not in "".join(check.message for e in result.exercises for check in e.checks)
