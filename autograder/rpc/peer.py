"""Calls across a socket, both ways, that behave like local ones.

Both sides are a `Peer`. A message is a kind, a length and that many bytes: a call, or the answer
to one. While a peer waits for an answer it serves the calls that come in meanwhile, so that a
student's function can be handed the grader's functions and the other way round. What travels is
plain data (see `wire`); functions travel as numbers.
"""

import contextlib
import ctypes
import select
import socket
import struct
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.rpc import codec
from autograder.rpc.text_buffer import Bounded

PRINTED = 20_000  # characters that are kept of what one call prints
DEPTH = 50  # calls inside of calls
CALL, ANSWER = 1, 2
_HEAD = struct.Struct("<BI")
_NUMBER = struct.Struct("<I")
_READ = 2**16  # bytes asked for at a time
_TICK = 0.05  # seconds between two looks at memory and clock while waiting


class Gone(BaseException):
    """The other side ended, or speaks no sense. No `except Exception` of a test cell stops it."""


class Late(BaseException):
    """The other side did not answer in time."""


class Channel:
    """Whole messages over a stream socket.

    watch: called about every 50 ms while waiting; may raise. Without it there is no deadline.
    """

    def __init__(self, sock: socket.socket, watch: Callable[[], None] | None = None) -> None:
        self._socket, self._watch = sock, watch
        self.deadline = float("inf")  # of time.monotonic()
        self._buffer = bytearray()
        self._looked = 0.0
        sock.setblocking(watch is None)

    def send(self, kind: int, data: bytes, descriptor: int | None = None) -> None:
        """Send one message, and an open file with it. Raises Gone, Late."""
        left = memoryview(_HEAD.pack(kind, len(data)) + data)
        while left:
            try:
                if descriptor is not None:
                    left = left[socket.send_fds(self._socket, [left], [descriptor]):]
                    descriptor = None
                else:
                    left = left[self._socket.send(left):]
            except BlockingIOError:
                self._wait(select.POLLOUT)
            except OSError as error:
                raise Gone from error

    def receive(self) -> tuple[int, bytes]:
        """The next message. Raises Gone, Late."""
        kind, size = _HEAD.unpack(self._exactly(_HEAD.size))
        if size > codec.MAX_BYTES:
            raise Gone
        return kind, self._exactly(size)

    def receive_with_descriptor(self) -> tuple[int, bytes, int | None]:
        """The next message, and the open file that came with it."""
        # Nothing is in the buffer: whoever sends a descriptor waits for an answer.
        head, descriptors, _, _ = socket.recv_fds(self._socket, _HEAD.size, 1)
        if len(head) != _HEAD.size:
            raise Gone
        kind, size = _HEAD.unpack(head)
        return kind, self._exactly(size), descriptors[0] if descriptors else None

    def close(self) -> None:
        """End the conversation."""
        self._socket.close()

    def _exactly(self, size: int) -> bytes:
        # What comes with a message's end is kept for the next one: mostly one read is enough.
        while len(self._buffer) < size:
            try:
                part = self._socket.recv(max(size - len(self._buffer), _READ))
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            except OSError as error:
                raise Gone from error
            if not part:
                raise Gone
            self._buffer += part
            self._look()
        taken = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return taken

    def _wait(self, event: int) -> None:
        """Until the socket is ready. Raises Late, and what `watch` raises."""
        assert self._watch is not None  # else the socket blocks by itself
        poll = select.poll()
        poll.register(self._socket, event)
        while not poll.poll(_TICK * 1000):
            self._look()

    def _look(self) -> None:
        """At the clock, and sometimes at the memory, also while the other side keeps talking."""
        now = time.monotonic()
        if now > self.deadline:
            raise Late
        if self._watch is not None and now - self._looked > _TICK:
            self._looked = now
            self._watch()


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
        self.callables = codec.Callables(lambda number: Proxy(self, number))
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
        except codec.Refused as refused:
            raise _not_plain(refused) from None
        sys.stdout.write(outcome.printed)
        for category, text in outcome.warnings:
            warnings.warn(text, category, stacklevel=3)
        if outcome.drew:
            np.random.random()  # noqa: NPY002  # as it would have done here
        if isinstance(outcome.error, codec.Refused):
            raise _not_plain(outcome.error) from None
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    def serve(self, data: bytes) -> None:
        """Answer one call of the other side."""
        printed = Bounded(PRINTED)
        received = codec.Shared([], [])
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
                outcome = codec.Outcome(function(*arguments))
            except (Exception, KeyboardInterrupt, SystemExit) as error:
                outcome = codec.Outcome(
                    error=error, traceback=traceback.format_exc() if self._traces else "")
        self._depth -= 1
        outcome.printed = printed.getvalue()
        outcome.warnings = [(caught_one.category, str(caught_one.message))
                            for caught_one in caught]
        outcome.drew = _global_random_state() != drawn
        self.channel.send(ANSWER, codec.pack_reply(outcome, received, self.callables.export))


def _not_plain(refused: codec.Refused) -> TypeError:
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
