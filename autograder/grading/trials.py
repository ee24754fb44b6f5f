"""An answer beside the model answer on fresh inputs: what went in, what came out of both.

Values are compared as the tests do, only more loosely: what is called wrong here is wrong beyond
float noise.
"""

import contextlib
import copy
import io
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from utils._checks.forms import form_of, plainly
from utils._diagnosis.draw import Draw, Earlier, Plan

Answer = Callable[..., Any]
Fresh = Callable[[Draw], tuple[Any, ...]]
Value = Any  # an array, a tuple of values, or anything else as it is

# What is found on the inputs of one seed has to be found on those of the other.
SEEDS = (20_08, 20_09)
_PLANS = (
    Plan(), Plan(layers=1), Plan(layers=3), Plan("some equal"), Plan("some equal", layers=3),
    Plan("some equal"), Plan("equal"), Plan("one first"), Plan("one last"), Plan("some equal"),
    Plan(values="ints"), Plan(container="list"), Plan(values="large"), Plan(values="negative"),
    Plan(values="whole"), Plan(values="zero"), Plan(values="tiny"), Plan(container="fortran"),
    Plan("one first", layers=1), Plan(layers=3), Plan("some equal"), Plan(values="large"),
    Plan(values="ints"), Plan(container="list"), Plan("some equal"), Plan(container="strided"))


@dataclass(frozen=True, eq=False)
class Trial:
    """One call of both. arguments: as they were before it. changed: those that are not now.

    returned: what both returned, as it came. asked, place: all the questions of its seed, and
    which of them this is.
    """

    arguments: dict[str, Any]
    expected: Value
    got: Value
    raised: str = ""
    changed: frozenset[str] = frozenset()
    returned: tuple[Any, Any] = (None, None)
    asked: tuple["Question", ...] = ()
    place: int = 0

    @cached_property
    def right(self) -> bool:
        """Whether the answer returned what is expected, in the kind of numbers expected."""
        return not self.raised and same(self.expected, self.got) and same_kind(
            self.expected, self.got)


@dataclass(frozen=True, eq=False)
class Subject:
    """An exercise as it is tried out.

    names: of its parameters. fresh: makes arguments. view: turns a result, and the arguments that
    it came of, into what matters.
    """

    names: tuple[str, ...]
    right: Answer
    fresh: Fresh
    view: Callable[..., Any]

    @cached_property
    def questions(self) -> list[tuple["Question", ...]]:
        """The same questions to every answer, for each of the two seeds."""
        return [tuple(question for number, plan in enumerate(_PLANS)
                      if not (question := self.question(seed + 10 * number, plan)).raised)
                for seed in SEEDS]

    def question(self, seed: int, plan: Plan) -> "Question":
        """The arguments of a call, and what the model answer makes of them."""
        return self.ask(np.random.default_rng(seed), plan)

    def arguments(self, rng: Any, plan: Plan) -> tuple[Any, ...]:
        """The arguments of a call. rng: a random generator, or something that draws like one."""
        return self.fresh(Draw(rng, plan))

    def ask(self, rng: Any, plan: Plan) -> "Question":
        """The same with what the model answer makes of them."""
        arguments = self.arguments(rng, plan)
        with quiet():
            result, raised, _ = self.call(self.right, arguments)
            expected = None if raised else plain(self.view(result, *arguments))
        return Question(arguments, dict(zip(self.names, arguments, strict=False)), result,
                        expected, raised)

    def call(self, answer: Answer, arguments: tuple[Any, ...]) -> tuple[Any, str, frozenset[str]]:
        """What came back, what was raised, and the names of the arguments that were changed."""
        given = copy.deepcopy(arguments)
        try:
            if any(isinstance(value, Earlier) for value in given):
                given = tuple(_state(answer, value) for value in given)
                arguments = copy.deepcopy(given)
            result = copy.deepcopy(answer(*given))
        except (Exception, SystemExit) as error:
            return None, type(error).__name__, frozenset()
        return result, "", frozenset(
            name for name, a, b in zip(self.names, arguments, given, strict=False)
            if not _unchanged(plainly(a), plainly(b)))

    def trial(self, answer: Answer, question: "Question",
              asked: tuple["Question", ...] = (), place: int = 0) -> Trial:
        """Ask an answer."""
        result, raised, changed = self.call(answer, question.arguments)
        got = None
        if not raised:
            try:
                got = plain(self.view(copy.deepcopy(result), *question.arguments))
            except (Exception, SystemExit) as error:
                raised = type(error).__name__
        return Trial(question.named, question.expected, got, raised, changed,
                     (question.result, result), asked, place)


@dataclass(frozen=True, eq=False)
class Question:
    """Arguments, and the model answer's result.

    named: the arguments by name. raised: what the model answer raised, if it did.
    """

    arguments: tuple[Any, ...]
    named: dict[str, Any]
    result: Any
    expected: Value
    raised: str


def trials(subject: Subject, answer: Answer, seconds: float) -> list[list[Trial]]:
    """Trials for each of the two seeds, on as many inputs as there are plans.

    seconds: after so many no more are made, which only a slow answer needs.
    """
    found: list[list[Trial]] = [[] for _ in SEEDS]
    questions = subject.questions  # that is not the student's time
    end = time.monotonic() + seconds
    with quiet():
        for place in range(max(map(len, questions))):
            for tried, asked in zip(found, questions, strict=True):
                if place < len(asked):
                    tried.append(subject.trial(answer, asked[place], asked, place))
            if time.monotonic() > end:
                break
    return found


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what is printed, or warned of, from anybody's eyes."""
    with (contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()),
          warnings.catch_warnings(), np.errstate(all="ignore")):
        warnings.simplefilter("ignore")
        yield


def _state(answer: Answer, value: Any) -> Any:
    """A `state` argument as the answer itself returned it."""
    if not isinstance(value, Earlier):
        return value
    return answer(*(_state(answer, one) for one in copy.deepcopy(value.arguments)))[-1]


def plain(value: Any) -> Value:
    """A result in one form: numbers and lists of numbers as arrays, other sequences as tuples.

    A value of a type that the course has registered is its plain form.
    """
    if form := form_of(value):
        return plain(form.to_plain(value))
    if isinstance(value, bool | int | float | complex | np.generic | np.ndarray):
        return np.asarray(value)
    if isinstance(value, list | tuple):
        if value and all(isinstance(one, bool | int | float | np.generic) for one in value):
            return np.asarray(value)
        return tuple(plain(one) for one in value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value


def is_numbers(value: Value) -> bool:
    """Whether a value is an array of numbers or booleans."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiub"


def same(a: Value, b: Value) -> bool:
    """Whether two values have the same form and numbers, up to float noise."""
    if (isinstance(a, tuple | np.ndarray) and isinstance(b, tuple) and not is_numbers(a)) or (
            isinstance(a, tuple) and isinstance(b, np.ndarray)):
        return _sequences(a, b)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if is_numbers(a) and is_numbers(b):
        return a.shape == b.shape and bool(np.allclose(
            np.asarray(b, float), np.asarray(a, float), rtol=1e-5, atol=1e-8, equal_nan=True))
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return False
    if callable(a) or isinstance(a, np.random.Generator):
        return callable(b) or isinstance(b, np.random.Generator)
    return type(a) is type(b) and bool(a == b)


def same_kind(a: Value, b: Value) -> bool:
    """Whether numbers are floats, whole numbers or booleans in both."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return all(map(same_kind, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return all(same_kind(a[key], b[key]) for key in a.keys() & b.keys())
    if is_numbers(a) and is_numbers(b):
        return a.size == 0 or kind(a) == kind(b)
    return True


def kind(value: np.ndarray) -> str:
    """What sort of numbers an array holds, in words."""
    return {"f": "floats", "b": "booleans"}.get(value.dtype.kind, "whole numbers")


def _sequences(a: Value, b: Value) -> bool:
    """An array where a tuple of arrays is expected, or the other way round, holds the same."""
    return (np.ndim(a) > 0 if isinstance(a, np.ndarray) else True) and (
        np.ndim(b) > 0 if isinstance(b, np.ndarray) else True) and len(a) == len(b) and all(
        same(plain(x), plain(y)) for x, y in zip(a, b, strict=True))


def _unchanged(a: Any, b: Any) -> bool:
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_unchanged, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_unchanged(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
    if callable(a) or isinstance(a, np.random.Generator):
        return True
    return type(a) is type(b) and (bool(a == b) or a != a)


def numbers_in(value: Any) -> Iterator[np.ndarray]:
    """The arrays, lists of numbers and numbers in an argument that are not flags."""
    if isinstance(value, dict):
        value = tuple(value.values())
    value = plain(value)
    if is_numbers(value) and value.dtype.kind != "b":
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from numbers_in(one)


def draws(arguments: Sequence[Any]) -> bool:
    """Whether a generator of random numbers is among the arguments."""
    return any(isinstance(one, np.random.Generator) for one in arguments)
