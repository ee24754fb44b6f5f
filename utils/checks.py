"""What a test cell is made of: named checks, partial credit, and a card that teaches.

    def tests():
        check = Checks("step", points=2, visible=1, hidden=1)
        with check("is 1 at 0 and above, 0 below"):
            check.close(check.call(step, np.array([-2.0, 0.0, 3.0])), [0.0, 1.0, 1.0])
        return check.result()

Every check runs, whatever happened to those before it, and none for ever. What a failed one has
to say is a sentence for the student. Warnings and prints during a check cost nothing.
`result()` is a float (stock nbgrader reads a test cell's last expression as its score) that shows
itself as a card in JupyterLab and as text elsewhere.

The module is long because `Checks` is one class: everything that a test cell may ask of an answer.
"""

import contextlib
import copy
import io
import os
import re
import sys
import textwrap
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from utils import progress
from utils._cards import comparison, hint_card
from utils._cards.card import Outcome, Score
from utils._checks import (
    answer_cell,
    causes,
    compare,
    exposing,
    oracles,
    returned,
    student_line,
    time_limit,
)
from utils._checks.time_limit import SECONDS, SECONDS_AFTER_TIMEOUT
from utils._checks.tips import tip
from utils._checks.unfinished import unfinished
from utils._diagnosis import lookup
from utils._diagnosis.misconception import Misconception
from utils._review import record

__all__ = ["CheckFailed", "Checks", "unfinished"]

PRINTED = 2000  # characters of what the student's code printed that are kept


class CheckFailed(AssertionError):
    """A comparison that did not hold; its message is written for the student.

    fault: what of the message is the same wherever one mistake fails several checks.
    """

    def __init__(self, message: str, fault: str = "") -> None:
        super().__init__(message)
        self.fault = fault


def _wrapped(text: str) -> str:
    """A failed exercise's report for `nbgrader validate`, which cuts lines at 87 characters.

    Of any exercise without full points it says by itself that some tests passed. What stands on
    standard error it shows in place of that.
    """
    return "\n".join(textwrap.fill(line, 82, subsequent_indent="    ", drop_whitespace=True)
                     for line in text.splitlines())


class Checks:
    """The checks of one exercise.

    exercise: the name of the student's function.
    points: what all the checks together are worth; each counts by its weight.
    visible, hidden: how many checks stand in the student's copy, and how many more run when
        the work is submitted. Hidden checks come last.
    returns: the names of the parts of the result, as the exercise's docstring gives them.
    """

    def __init__(self, exercise: str, *, points: float, visible: int, hidden: int = 0,
                 returns: tuple[str, ...] = ()) -> None:
        self.exercise, self.points, self._returns = exercise, points, returns
        self.visible, self.hidden = visible, hidden
        self.outcomes: list[Outcome] = []
        tests = sys._getframe(1)
        self._names, self._tests = tests.f_globals, tests.f_code  # where the answer is looked up
        self._printed = io.StringIO()
        self._call: tuple[Any, ...] | None = None  # the arguments last handed to the answer
        self._called: Any = None  # the function that got them
        self._result: Any = None  # what it returned
        self._sides: comparison.Comparison | None = None  # what the last failure compared
        self._reason = ""  # why the last choice is right
        self._recorded = ""  # the letter chosen where only its form is checked
        self._cases: list[exposing.Case] | None = None  # of the answer, as `cases` read them
        self._expected: list[Any] | None = None  # what right answers say to them
        self._seconds = SECONDS
        self._unread = answer_cell.unreadable(exercise)

    @contextlib.contextmanager
    def __call__(self, label: str, weight: float = 1.0) -> Iterator[None]:
        """One check: the block under `with`. It passes when the block ends without an exception."""
        self._call = self._called = self._result = self._sides = None
        self._reason, message, error, fault = "", "", None, ""
        with (contextlib.redirect_stdout(self._printed), contextlib.redirect_stderr(self._printed),
              warnings.catch_warnings(), np.errstate(all="warn", under="ignore")):
            warnings.simplefilter("ignore")
            try:
                with time_limit.seconds(self._seconds):
                    yield
                message = self._reason
            except CheckFailed as failure:
                message, error, fault = str(failure), "failed", failure.fault
            except NotImplementedError as stub:
                message, error = self._unfinished(stub), "missing"
                fault = message
            except time_limit.TimeUp as ring:
                message, error, fault = self._too_long(ring), "timeout", "timeout"
            except (Exception, SystemExit) as problem:
                message, error, fault = self._explain(problem)
        hidden = len(self.outcomes) >= self.visible
        sides = self._sides if error == "failed" else None
        self.outcomes.append(Outcome(label, weight, hidden, message, error, sides, fault))

    def once(self, f: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator of a formula or loop that gives expected values: worked out once in a process.

        f: depends on its arguments alone, and never on the answer.
        """
        return oracles.once(self.exercise, f)

    def call(self, f: Callable[..., Any], *args: Any) -> Any:
        """f(*args), noted for the message; arguments that f changed are put back.

        Putting them back makes a function that works in place fail the check that looks for
        that (`unchanged`), and no other.
        """
        return self._run(f, args, lambda: f(*args))

    def each(self, f: Callable[..., Any], cases: Iterable[tuple[Any, ...]]) -> Iterator[
            tuple[tuple[Any, ...], Any]]:
        """`call` with the arguments of each case in turn: the case, and what f returned.

        The grader, for which f is far away, doesn't wait for one answer before it asks for the
        next. So the cases must not depend on what f returns.
        """
        ahead = getattr(type(f), "ahead", None)  # of the grader's stand-in for a function
        if ahead is None:
            for case in cases:
                yield case, self.call(f, *case)
        else:
            cases = list(cases)
            for case, run in zip(cases, ahead(f, cases), strict=True):
                yield case, self._run(f, case, run)

    def _run(self, f: Callable[..., Any], args: tuple[Any, ...], run: Callable[[], Any]) -> Any:
        self._call, self._called = args, f
        kept = [(one, compare.kept(one)) for one in compare.changeable(args)]
        result = run()
        if any(not compare.same(one, old) for one, old in kept):
            result = copy.deepcopy(result)  # it may be one of the arguments
            for one, old in kept:
                compare.put_back(one, old)
        self._result = result
        return result

    def close(self, got: Any, expected: Any, rtol: float = 1e-7, atol: float = 1e-9,
              names: tuple[str, ...] = ()) -> None:
        """The values agree up to rounding and the shapes exactly; a tuple part by part.

        names: what the parts of a tuple are called in the message.
        """
        own = names or self._names_of(got, expected)
        reason = compare.close(got, expected, rtol, atol, own)
        if reason:
            self._sides = comparison.compared(got, expected, rtol, atol, own)
        if names:
            self._judge(reason)
        self._judge_part(got, reason)

    def equal(self, got: Any, expected: Any) -> None:
        """Exactly the same int, bool, string, None, or list or tuple of these."""
        reason = compare.equal(got, expected, self._names_of(got, expected))
        if reason and isinstance(expected, (list, tuple)):
            self._sides = comparison.compared(got, list(expected))
        self._judge_part(got, reason)

    def floats(self, got: Any, shape: tuple[int, ...]) -> None:
        """`got` is float64 of this shape; for shape () a Python float will do."""
        self._judge_part(got, compare.floats(got, shape))

    def parts(self, got: Any, *names: str) -> Any:
        """`got` is a tuple with one value for each name; returns it."""
        self._judge(compare.parts(got, names))
        return got

    def true(self, condition: object, message: str) -> None:
        """Any other claim; `message` says what is wrong when it does not hold."""
        self._judge(None if condition else message)

    def unchanged(self, f: Callable[..., Any], *args: Any) -> None:
        """f(*args) leaves its arguments and NumPy's global random state as they were."""
        before = tuple(a if callable(a) else copy.deepcopy(a) for a in args)
        state = _global_random_state()
        self._call, self._called = before, f
        f(*args)
        names = _parameters(f)
        for k, (now, old) in enumerate(zip(args, before, strict=True)):
            if not compare.same(now, old):
                which = f"`{names[k]}`" if k < len(names) else f"argument {k + 1}"
                self._judge(f"{which} was {compare.change(old, now)}. Work on a copy.")
        if not compare.same(_global_random_state(), state):
            self._judge("it used NumPy's global random state. Draw from `rng` only.")

    def new(self, result: Any, *args: Any) -> None:
        """No array in `result` shares memory with an argument."""
        for array in compare.arrays(result):
            if any(np.shares_memory(array, other) for other in compare.arrays(args)):
                self._judge("the result is (part of) an argument. Return a new array.")

    def raises(self, error: type[Exception], f: Callable[..., Any], *args: Any) -> None:
        """f(*args) refuses its arguments with this exception."""
        self._call, self._called = args, f
        try:
            got = f(*args)
        except error:
            return
        self._judge(f"expected a {error.__name__}, but it returned {compare.show(got)}.")

    def no_warnings(self, f: Callable[..., Any], *args: Any) -> Any:
        """f(*args) without a RuntimeWarning (overflow, division by zero, …); returns the result."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = self.call(f, *args)
        for warning in caught:
            if issubclass(warning.category, RuntimeWarning):
                self._judge(f"it warned: {warning.message}.")
        return result

    def letter(self, got: Any, right: str = "", why: dict[str, str] | None = None) -> None:
        """The answer to a multiple-choice question: one of the letters in `why`.

        right: the letter expected; without it only the form is checked.
        why: for each letter what is to be said about it, the right one included.
        """
        letters = sorted(why or "abcd")
        chosen = got.strip().lower() if isinstance(got, str) else None
        if chosen not in letters:
            self._judge(f'return one letter of {", ".join(letters)}, for example "{letters[0]}".')
        elif right:
            reason = f"You chose {chosen}. {(why or {}).get(chosen, '')}".strip()
            self._judge(reason if chosen != right else None)
            self._reason = reason
        else:
            self._recorded = chosen or ""

    def cases(self, f: Callable[..., Any], fit: exposing.Fit) -> list[exposing.Case]:
        """The cases that f() returns: a few small inputs, each a tuple of arguments.

        fit: takes the arguments of a case; returns those that answers are to get, as a tuple, or
            a sentence that says why the case can't be used.
        f is called until it returned cases that can be used, and these stay the same.
        """
        if self._cases is None:
            cases, reason = exposing.read(self.call(f), fit)
            self._judge(reason)
            self._cases = cases
        return self._cases

    def exposes(self, cases: list[exposing.Case], wrong: Callable[..., Any],
                right: list[Callable[..., Any]]) -> None:
        """Some case shows that `wrong` is wrong, and on none do the right answers disagree.

        wrong: its docstring is the hint that whoever answers so gets.
        """
        self._call = None
        with time_limit.seconds(self._seconds, even_when_off=True):  # no channel has a deadline
            if self._expected is None:
                expected, reason = exposing.agreement(right, cases)
                self._judge(reason)
                self._expected = expected
            found = exposing.exposed(wrong, cases, self._expected)
        hint = " ".join((wrong.__doc__ or "").split())
        self._judge(None if found else
                    f"no case shows it. Whoever makes this mistake is told: {hint}")

    def result(self) -> Score:
        """The score, to stand last in the cell."""
        tried = any(outcome.error not in (None, "missing") for outcome in self.outcomes)
        cause = self._cause()
        score = Score(self.exercise, self.points, self.visible, self.hidden, self.outcomes,
                      self._printed.getvalue()[:PRINTED], unread=self._unread,
                      hints=hint_card.find(self.exercise) if tried and answer_cell.shell() else (),
                      misconception=None if cause else self._diagnosis(), cause=cause,
                      recorded=self._recorded if len(self.outcomes) <= self.visible else "")
        progress.note(score)
        record.note(score, self._names.get(self.exercise))
        if os.environ.get("NBGRADER_VALIDATING") and score < self.points:
            print(_wrapped(str(score)), file=sys.stderr)
        return score

    def _in_notebook(self) -> bool:
        """Do the student's own notebook's visible checks run, and not a grader's?"""
        names = getattr(answer_cell.shell(), "user_ns", None)
        return names is self._names and len(self.outcomes) <= self.visible

    def _cause(self) -> str:
        """What outside of the answer makes it fail, as far as the notebook knows."""
        if not self._in_notebook():
            return ""
        passed = not self._unread and all(outcome.passed for outcome in self.outcomes)
        causes.note(self.exercise, self._names.get(self.exercise), passed)
        if passed or self._unread or self.exercise not in self._names:
            return ""
        return causes.find(self.exercise, self._names, self._tests)

    def _diagnosis(self) -> Misconception | None:
        """What the answer behaves like, when a check in the student's own notebook says no.

        A grader, who runs the hidden checks too or other names than the notebook's, has a
        diagnosis of its own. In doubt: an answer that hangs, is missing, or could not be read.
        """
        errors = {outcome.error for outcome in self.outcomes}
        if (self._unread or not errors & {"failed", "raised"} or errors & {"missing", "timeout"}
                or not self._in_notebook()):
            return None
        return lookup.find(self.exercise)

    def _names_of(self, got: Any, expected: Any) -> tuple[str, ...]:
        """The names of the parts of a whole result."""
        whole = got is self._result and isinstance(expected, tuple)
        return self._returns if whole and len(expected) == len(self._returns) else ()

    def _judge_part(self, got: Any, reason: str | None) -> None:
        """The same for a value that may be a part of the result: then it is said which."""
        place = returned.place(got, self._result, self._returns) if reason else ""
        self._judge(f"{place}{compare.of_part(reason)}" if reason and place else reason)

    def _judge(self, reason: str | None) -> None:
        if reason:
            raise CheckFailed(f"{self._call_text()}: {reason}" if self._call is not None
                              else _sentence(reason), _fault(reason))

    def _call_text(self) -> str:
        """The call as the student would write it, `f([1., 2.], act=a function)`."""
        names = _parameters(self._called)
        parts = []
        for k, value in enumerate(self._call or ()):
            text = compare.show(value)
            parts.append(f"{names[k]}={text}" if text == compare.FUNCTION and k < len(names)
                         else text)
        return f"{self.exercise}({', '.join(parts)})"

    def _unfinished(self, stub: BaseException) -> str:
        names = [frame.name for frame in traceback.extract_tb(stub.__traceback__)]
        names += re.findall(r"^  File .*, in (\w+)$", getattr(stub, "remote_traceback", ""),
                            flags=re.MULTILINE)
        if self.exercise in names[:-1] and names[-1].isidentifier() and names[-1] != self.exercise:
            return f"`{self.exercise}` calls `{names[-1]}`, which is not finished yet."
        left = answer_cell.beside_stub(self.exercise)
        return f"`{self.exercise}` is not finished yet. {left}".strip()

    def _too_long(self, ring: BaseException) -> str:
        said = time_limit.message(self.exercise, self._seconds,
                                  student_line.quoted(ring, from_tests=True))
        self._seconds = min(SECONDS_AFTER_TIMEOUT, self._seconds)
        return said

    def _explain(self, problem: BaseException) -> tuple[str, str, str]:
        if isinstance(problem, NameError) and problem.name == self.exercise:
            if reason := answer_cell.failed(self.exercise):
                self._unread = reason
                return f"Your answer's cell did not run: {reason}.", "missing", reason
            return (f"`{self.exercise}` is not defined. Run the cell with your answer first, and "
                    "see that its function has this name."), "missing", "not defined"
        if isinstance(problem, NameError) and (name := _imported_by_tests(problem)):
            return (f"`{name}` is imported by the tests' cell, not by yours: import it in your "
                    "answer's cell."), "raised", name
        called = self._call_text() if self._call is not None else self.exercise
        text = str(problem).splitlines()[0][:300] if str(problem) else ""
        what = f"{type(problem).__name__}{': ' if text else ''}{text}"
        line, advice = student_line.quoted(problem, from_tests=True), tip(problem)
        return (f"{called} raised {what}{line}.{' ' if advice else ''}{advice}", "raised",
                f"{type(problem).__name__}{line or text}")


def _imported_by_tests(problem: NameError) -> str:
    """The name that an answer misses and the running test cell imports, "" if there is none."""
    missing = re.match(r"name '(\w+)' is not defined", str(problem))
    ours = {__file__, time_limit.__file__, contextlib.__file__}
    for frame, _ in traceback.walk_tb(problem.__traceback__):
        if missing and frame.f_code.co_filename not in ours:  # the test cell's
            value = frame.f_locals.get(missing[1])
            of_tests = getattr(value, "__module__", None) == frame.f_globals.get("__name__")
            imported = isinstance(value, ModuleType) or (callable(value) and not of_tests)
            return missing[1] if imported and frame.f_locals is not frame.f_globals else ""
    return ""


def _global_random_state() -> Any:
    return np.random.get_state(legacy=False)  # noqa: NPY002  # the point is who used it


def _parameters(function: Any) -> tuple[str, ...]:
    """What a function calls its arguments, as far as that is known; a grader's stand-in says it."""
    if not isinstance(function, FunctionType):
        return tuple(getattr(function, "parameters", ()))
    return function.__code__.co_varnames[:function.__code__.co_argcount]


def _fault(reason: str) -> str:
    """A failed comparison's reason, without the sizes where it is about a shape or a dtype."""
    return re.sub(r"\d+", "#", reason) if re.search(r"expected (shape|dtype)", reason) else reason


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
