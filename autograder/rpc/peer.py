"""Calls across a channel, both ways, that behave like local ones.

Both ends are a `Peer`. A message is a call or the answer to one. While a peer waits for an answer
it serves the calls that come in meanwhile, so that a student's function can be handed the grader's
functions and the other way round. What travels is plain data (see `codec`); functions travel as
numbers.
"""

import contextlib
import struct
import sys
import time
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import isinf
from typing import Any

import numpy as np

from autograder.rpc import codec
from autograder.rpc.array_memory import Refused
from autograder.rpc.callables import Callables
from autograder.rpc.channel import Channel, Late
from autograder.rpc.exceptions import Outcome
from autograder.rpc.message import Shared
from autograder.rpc.plain_types import ALL, Types
from autograder.rpc.rng_state import GlobalGenerator
from autograder.rpc.text_buffer import Bounded
from utils._checks import time_limit

PRINTED = 20_000  # characters that are kept of what one call prints
DEPTH = 50  # calls inside of calls
FRAMES = 400  # of Python's stack that a call needs for itself
AHEAD, SMALL = 8, 2**14  # calls that may be on their way at once, and the bytes of one
CALL, ANSWER = 1, 2
_NUMBER = struct.Struct("<I")


class Proxy:
    """A function that lives at the other end.

    parameters: what its arguments are called at this end, for messages.
    """

    parameters: tuple[str, ...] = ()

    def __init__(self, peer: "Peer", number: int) -> None:
        self._peer, self._number = peer, number
        self.__name__ = "a function"

    def __call__(self, /, *arguments: Any, **keywords: Any) -> Any:
        """Call it there: arguments that it changes are changed here."""
        return self._peer.call(self._number, *arguments, **keywords)

    def ahead(self, cases: Iterable[tuple[Any, ...]]) -> Iterator[Callable[[], Any]]:
        """What calls it there with each of these arguments: see `Peer.ahead`."""
        return self._peer.ahead(self._number, cases)

    def __deepcopy__(self, memo: object) -> "Proxy":
        """Itself, as with any function."""
        return self


@dataclass
class _Sent:
    """A call that is on its way, and its answer once it is here."""

    arguments: Shared
    answer: bytes | None = None


class Peer:
    """One end of the conversation about one exercise.

    is_student: whether this is the student's end. It sends the tracebacks of errors, which the
        grader's end must not, since they show lines of tests.
    types: which types of values may cross, in both directions. It is enough that one end, the
        grader's, knows.
    global_generator: at the student's end, reports when NumPy's global generator was used, which
        at the grader's end shows by itself.
    leaves_no_trace: what the other end's functions do is seen in their results alone, so that they
        may be called before their results are asked for, and if nobody ever does.
    waits_for_nothing: it waits, or was waiting when it broke off, for a result that nobody asked
        for.

    Code that is called from the other end may run until the channel's deadline, then the call
    ends with Late. The limit needs the main thread of a process on Unix; in other threads the
    channel's deadline only counts while this end waits for the other one.
    """

    def __init__(self, channel: Channel, is_student: bool = False, types: Types = ALL,
                 global_generator: GlobalGenerator | None = None,
                 leaves_no_trace: bool = False) -> None:
        self.channel, self._is_student, self._types = channel, is_student, types
        self.callables = Callables(lambda number: Proxy(self, number))
        self._depth = 0
        self._global_generator = global_generator
        self._leaves_no_trace = leaves_no_trace
        self._ahead: deque[_Sent] = deque()  # not answered yet, in the order of their answers
        self.waits_for_nothing = False

    def call(self, number: int, /, *arguments: Any, **keywords: Any) -> Any:
        """Call function `number` of the other end, and let happen here what happens there.

        Raises what it raises, Refused for an argument that can't be handed over, TypeError for
        such a result, Gone, and Late.
        """
        return self._result(lambda: self._ask(number, _values(arguments, keywords)))

    def ahead(self, number: int,
              cases: Iterable[tuple[Any, ...]]) -> Iterator[Callable[[], Any]]:
        """For each of these arguments what gives the result of `call`, to be asked in this order.

        While one result is looked at, the other end may already work on the next ones, so that
        neither waits for the other; the last ones may be called for nothing.
        """
        waiting: deque[tuple[tuple[Any, ...], _Sent | None]] = deque()
        for case in cases:
            waiting.append((case, self._send_ahead(number, case)))
            if len(waiting) == AHEAD:
                yield self._of(number, *waiting.popleft())
        while waiting:
            yield self._of(number, *waiting.popleft())

    def settle(self) -> None:
        """Wait for the answers to all that was sent ahead. Raises Gone, Late."""
        while self._ahead:
            self._take(None)

    def _of(self, number: int, case: tuple[Any, ...], sent: _Sent | None) -> Callable[[], Any]:
        if sent is None:
            return partial(self.call, number, *case)
        return lambda: self._result(lambda: self._await(sent))

    def _send_ahead(self, number: int, case: tuple[Any, ...]) -> _Sent | None:
        """Send a call; None where it has to wait until its result is asked for."""
        if not self._leaves_no_trace:
            return None
        try:
            data, arguments = codec.pack(_values(case, {}), _keep_here, self._types)
        except Refused:
            return None
        if len(data) > SMALL:  # all that is on its way has to fit into the socket
            return None
        self.channel.send(CALL, _NUMBER.pack(number) + data)
        self._ahead.append(_Sent(arguments))
        return self._ahead[-1]

    def _await(self, sent: _Sent) -> Outcome:
        while sent.answer is None:
            self._take(sent)
        return self._unpacked(sent.answer, sent.arguments)

    def _take(self, asked: _Sent | None) -> None:
        """Wait for the next answer to a call that was sent ahead."""
        self.waits_for_nothing = self._ahead[0] is not asked
        self._ahead[0].answer = self._answer()
        self._ahead.popleft()
        self.waits_for_nothing = False

    def _result(self, ask: Callable[[], Outcome]) -> Any:
        """What a call returns, after all that it did there was done here."""
        # A student's recursion may be close to its end: it ends before or after a message, not in
        # the middle of one.
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit + FRAMES)
        try:
            outcome = ask()
        finally:
            sys.setrecursionlimit(limit)
        sys.stdout.write(outcome.printed)
        for category, text in outcome.warnings:
            warnings.warn(text, category, stacklevel=4)
        if outcome.drew:
            np.random.random()  # noqa: NPY002  # as it would have done here
        if isinstance(outcome.error, Refused):
            raise _not_plain(outcome.error) from None
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    def _ask(self, number: int, values: tuple[Any, ...]) -> Outcome:
        self.settle()
        data, arguments = codec.pack(values, self.callables.export, self._types)
        self.channel.send(CALL, _NUMBER.pack(number) + data)
        return self._unpacked(self._answer(), arguments)

    def _answer(self) -> bytes:
        """The next answer; calls of the other end that come before it are served."""
        kind, data = self.channel.receive()
        if kind == CALL:
            with self._deadline():
                while kind == CALL:
                    self.serve(data)
                    kind, data = self.channel.receive()
        return data

    def _unpacked(self, data: bytes, arguments: Shared) -> Outcome:
        try:
            return codec.unpack_reply(data, arguments, self.callables.resolve, self._types)
        except Refused as refused:
            raise _not_plain(refused) from None

    def serve(self, data: bytes) -> None:
        """Answer one call of the other end."""
        printed = Bounded(PRINTED)
        received = Shared([], [])
        self._depth += 1
        with (contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed),
              warnings.catch_warnings(record=True) as caught,
              np.errstate(all="warn", under="ignore")):
            warnings.simplefilter("always")
            try:
                if self._depth > DEPTH:
                    raise RecursionError("calls were nested too deeply")
                function = self.callables.own(_NUMBER.unpack(data[:_NUMBER.size])[0])
                (names, *values), received = codec.unpack(
                    memoryview(data)[_NUMBER.size:], self.callables.resolve, self._types)
                count = len(values) - len(names or ())
                keywords = dict(zip(names or (), values[count:], strict=True))
                outcome = Outcome(function(*values[:count], **keywords))
            except (Exception, KeyboardInterrupt, SystemExit) as error:
                outcome = Outcome(
                    error=error, traceback=traceback.format_exc() if self._is_student else "")
        self._depth -= 1
        outcome.printed = printed.getvalue()
        outcome.warnings = [(warning.category, str(warning.message)) for warning in caught]
        outcome.drew = self._global_generator is not None and self._global_generator.was_used()
        self.channel.send(ANSWER, codec.pack_reply(outcome, received, self.callables.export,
                                                   self._types))

    @contextlib.contextmanager
    def _deadline(self) -> Iterator[None]:
        """What is called from the other end may run until the channel's deadline. Raises Late."""
        left = self.channel.deadline - time.monotonic()
        if left <= 0:
            raise Late
        try:
            with (contextlib.nullcontext() if isinf(left)
                  else time_limit.seconds(left, even_when_off=True)):
                yield
        except time_limit.TimeUp:
            raise Late from None


def _values(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
    """The names of the keywords, then all values: a dictionary, which may change, would come
    back, and every container costs some microseconds."""
    return tuple(keywords) or None, *arguments, *keywords.values()


def _keep_here(function: Callable[..., Any]) -> int:
    """A function that would be called back, between answers to other calls."""
    raise Refused("A function is not handed over ahead.")


def _not_plain(refused: Refused) -> TypeError:
    error = TypeError(str(refused).rstrip("."))
    error.remote_traceback = ""  # type: ignore[attr-defined]  # as every error from there has one
    return error
