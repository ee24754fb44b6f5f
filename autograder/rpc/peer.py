"""Calls across a socket, both ways, that behave like local ones.

Both sides are a `Peer`. A message is a kind, a length and that many bytes: a call, or the answer
to one. While a peer waits for an answer it serves the calls that come in meanwhile, so that a
student's function can be handed the grader's functions and the other way round. What travels is
plain data (see `wire`); functions travel as numbers.
"""

import contextlib
import ctypes
import struct
import sys
import traceback
import warnings
from typing import Any

import numpy as np

from autograder.rpc import codec
from autograder.rpc.array_memory import Refused
from autograder.rpc.callables import Callables
from autograder.rpc.channel import Channel
from autograder.rpc.exceptions import Outcome
from autograder.rpc.message import Shared
from autograder.rpc.text_buffer import Bounded

PRINTED = 20_000  # characters that are kept of what one call prints
DEPTH = 50  # calls inside of calls
CALL, ANSWER = 1, 2
_NUMBER = struct.Struct("<I")


class Proxy:
    """A function that lives on the other side."""

    def __init__(self, peer: "Peer", number: int) -> None:
        self._peer, self._number = peer, number
        self.__name__ = "a function"

    def __call__(self, *arguments: Any) -> Any:
        """Call it there: arguments that it changes are changed here."""
        return self._peer.call(self._number, arguments)


class Peer:
    """One end of the conversation about one exercise.

    traces: whether the other side gets the tracebacks of errors. Not the student's: they show
        lines of tests.
    """

    def __init__(self, channel: Channel, traces: bool = False) -> None:
        self.channel, self._traces = channel, traces
        self.callables = Callables(lambda number: Proxy(self, number))
        self._depth = 0

    def call(self, number: int, arguments: tuple[Any, ...]) -> Any:
        """Call function `number` of the other side, and have done to us what it does.

        Raises what it raises, Refused, Gone, and Late.
        """
        data, sent = codec.pack(arguments, self.callables.export)
        self.channel.send(CALL, _NUMBER.pack(number) + data)
        while True:
            kind, data = self.channel.receive()
            if kind == ANSWER:
                break
            self.serve(data)
        try:
            outcome = codec.unpack_reply(data, sent, self.callables.resolve)
        except Refused as refused:
            raise _not_plain(refused) from None
        sys.stdout.write(outcome.printed)
        for category, text in outcome.warnings:
            warnings.warn(text, category, stacklevel=3)
        if outcome.drew:
            np.random.random()  # noqa: NPY002  # as it would have done here
        if isinstance(outcome.error, Refused):
            raise _not_plain(outcome.error) from None
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    def serve(self, data: bytes) -> None:
        """Answer one call of the other side."""
        printed = Bounded(PRINTED)
        received = Shared([], [])
        self._depth += 1
        drawn = _global_random_state()
        with (contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed),
              warnings.catch_warnings(record=True) as caught,
              np.errstate(all="warn", under="ignore")):
            warnings.simplefilter("always")
            try:
                if self._depth > DEPTH:
                    raise RecursionError("calls inside of calls went too deep")
                function = self.callables.own(_NUMBER.unpack(data[:_NUMBER.size])[0])
                arguments, received = codec.unpack(memoryview(data)[_NUMBER.size:],
                                                  self.callables.resolve)
                outcome = Outcome(function(*arguments))
            except (Exception, KeyboardInterrupt, SystemExit) as error:
                outcome = Outcome(
                    error=error, traceback=traceback.format_exc() if self._traces else "")
        self._depth -= 1
        outcome.printed = printed.getvalue()
        outcome.warnings = [(caught_one.category, str(caught_one.message))
                            for caught_one in caught]
        outcome.drew = _global_random_state() != drawn
        self.channel.send(ANSWER, codec.pack_reply(outcome, received, self.callables.export))


def _not_plain(refused: Refused) -> TypeError:
    error = TypeError(str(refused).rstrip("."))
    error.remote_traceback = ""  # type: ignore[attr-defined]  # as every error from there has one
    return error


def _global_random_state() -> bytes:
    """Where NumPy's global generator stands."""
    generator = np.random.get_bit_generator()  # type: ignore[attr-defined]
    if isinstance(generator, np.random.MT19937):
        # Its key and position, where they lie (numpy/random/src/mt19937/mt19937.h); the public
        # `state` would copy them number by number, which takes as long as all else of a call.
        return ctypes.string_at(generator.ctypes.state_address, 624 * 4 + 4)
    return repr(generator.state).encode()
