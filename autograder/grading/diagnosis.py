"""What can be said of a wrong answer: a known misconception, patterns, the smallest input."""

import contextlib
import inspect
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from autograder.course import Lesson
from autograder.grading.patterns import MOST, changing, patterns, slips
from autograder.grading.recognize import read_built
from autograder.grading.result import Smallest
from autograder.grading.smallest import questions, smallest
from autograder.grading.trials import Answer, Subject, draws, quiet, trials
from autograder.grading.variation import one_sided, pairs, unused
from autograder.notebooks import dependencies
from autograder.notebooks.docstring import declared
from autograder.rpc.peer import Peer
from utils._checks import time_limit
from utils._diagnosis.case import Case
from utils._diagnosis.cases import small_cases
from utils._diagnosis.misconception import Misconception
from utils._diagnosis.misconceptions import Misconceptions

SECONDS = 5.0  # for the answer on all inputs it is compared on
# Seconds for its trials, and for the search of the smallest input. Both ask a fixed number of
# questions, so that the same is said on any machine; this ends them for an answer that is slow.
TRYING = 2.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Explanation:
    """What holds of a wrong answer on fresh inputs; nothing when in doubt."""

    patterns: list[str] = field(default_factory=list)
    smallest: Smallest | None = None


def diagnose(lesson: Lesson, name: str, function: Any, peer: Peer) -> Misconception | None:
    """The misconception that an answer shares; None when in doubt.

    function: the student's, behind `peer`. Raises Gone, Late.
    """
    known = _known(lesson.misconceptions)
    known.of(name)  # reading them, and the right answers, is not the student's time
    right = _model_answers(lesson).get(name)
    peer.channel.deadline = time.monotonic() + SECONDS
    try:
        return known.diagnose(name, function, right)
    except Exception:  # whatever an answer hands back, naming it costs no mark
        _log.exception("What %s in %s behaves like can't be told.", name, lesson.name)
        return None


def explain(lesson: Lesson, name: str, function: Any, misconception: Misconception | None,
            peer: Peer) -> Explanation:
    """What holds of an answer on fresh inputs, beside the misconception that it shares.

    Raises Gone, Late.
    """
    try:
        _prepare(lesson, name, misconception)
        peer.channel.deadline = time.monotonic() + SECONDS
        return explained(lesson, name, function, misconception)
    except Exception:  # whatever an answer hands back, explaining it costs no mark
        _log.exception("What %s in %s does can't be explained.", name, lesson.name)
        return Explanation()


def _prepare(lesson: Lesson, name: str, misconception: Misconception | None) -> None:
    """Work out what is asked of any answer, and what the right one says: not the student's time."""
    found = subject(lesson, name)
    if found is None:
        return
    with quiet():
        if misconception is not None:
            _own_slips(lesson, name, misconception.name)
        if not draws([value for one in found.questions[0][:1] for value in one.arguments]):
            questions(found)
            if misconception is None:
                pairs(found)


def explained(lesson: Lesson, name: str, answer: Answer,
              misconception: Misconception | None = None) -> Explanation:
    """The same for any function, here or behind a pipe."""
    with quiet():
        return _explained(lesson, name, answer, misconception)


def _explained(lesson: Lesson, name: str, answer: Answer,
               misconception: Misconception | None) -> Explanation:
    found = subject(lesson, name)
    if found is None or not callable(answer):
        return Explanation()
    first, second = trials(found, answer, TRYING)
    if not first or not second:
        return Explanation()
    random = draws(list(first[0].arguments.values()))
    if misconception is not None:
        own = _own_slips(lesson, name, misconception.name)
        stated = [text for text in slips(first, second) if text not in own]
    elif random:
        stated = slips(first, second)
    else:
        again = [found.trial(answer, trial[0].asked[trial[0].place]) for trial in (first, second)]
        stated = (changing([first[0], second[0]], again)
                  or [*(unused(found, answer) or one_sided(found, answer)),
                      *patterns(first, second, declared(found.right.__doc__ or ""))][:MOST])
    return Explanation(stated, None if random else smallest(
        found, name, answer, TRYING))


def recognized(lesson: Lesson, name: str, slips: Sequence[Callable[[Answer], Answer]]
               ) -> Iterator[tuple[str, list[str]]]:
    """Each known wrong answer's name, and what it is taken for with each of these slips."""
    known, right = _known(lesson.misconceptions), _model_answers(lesson).get(name)
    for label, wrong in known.of(name).items():
        found = [known.diagnose(name, slip(wrong), right) for slip in slips]
        yield label, [one.name if one else "" for one in found]


@cache
def cases(lesson: Lesson, name: str, misconception: str) -> list[Case]:
    """Small calls on which a misconception of an exercise shows; none when in doubt."""
    try:
        with quiet():
            right = _model_answers(lesson).get(name)
            with time_limit.seconds(SECONDS):
                return small_cases(_known(lesson.misconceptions), name, misconception,
                                   right) if right else []
    except (Exception, time_limit.TimeUp):
        _log.exception("No small calls of %s in %s can be made.", name, lesson.name)
        return []


@cache
def _own_slips(lesson: Lesson, name: str, label: str) -> list[str]:
    """What holds of a misconception itself, and so needs not be said beside it."""
    found = subject(lesson, name)
    wrong = _known(lesson.misconceptions).of(name)[label]
    return slips(*trials(found, wrong, SECONDS)) if found else []


@cache
def subject(lesson: Lesson, name: str) -> Subject | None:
    """An exercise as answers to it are tried out; None without a generator, or arguments."""
    known = _known(lesson.misconceptions)
    fresh, right = known.fresh(name), _model_answers(lesson).get(name)
    if fresh is None or right is None:
        return None
    names = tuple(inspect.signature(right).parameters)
    return Subject(names, right, fresh, known.view(name)) if names else None


@cache
def _known(path: Path) -> Misconceptions:
    return Misconceptions(path)


@cache
def _model_answers(lesson: Lesson) -> dict[str, Any]:
    """The lesson's own answers, by name; none where there are no solutions, as at a student's.

    They are called on the course's own inputs only, never by a student's code.
    """
    namespace: dict[str, Any] = {}
    if not lesson.solution.exists():
        return namespace
    released = {cell.id: cell.source for cell in read_built(lesson.release).cells}
    with contextlib.chdir(lesson.solution.parent):  # where the files are that they may read
        for name, tree in dependencies.needed(read_built(lesson.solution), released):
            exec(compile(tree, f"<{name}>", "exec"), namespace)
    return namespace
