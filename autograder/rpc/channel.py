"""Whole messages over a stream socket, with a deadline."""

import select
import socket
import struct
import time
from collections.abc import Callable

from autograder.rpc import limits

_HEAD = struct.Struct("<BI")
_READ = 2**16  # bytes asked for at a time
_TICK = 0.05  # seconds between two looks at the clock while waiting


class Gone(BaseException):
    """The other side ended, or speaks no sense. No `except Exception` of a test cell stops it."""


class Late(BaseException):
    """The other side did not answer in time."""


class Channel:
    """Whole messages over a stream socket.

    watch: called at every read, and about every 50 ms while waiting; may raise. Without it there
        is no deadline.
    """

    def __init__(self, sock: socket.socket, watch: Callable[[], None] | None = None) -> None:
        self._socket, self._watch = sock, watch
        self.deadline = float("inf")  # of time.monotonic()
        self._buffer = bytearray()
        sock.setblocking(True)
        if watch is not None:  # a call that waits comes back at each tick: one instead of three
            tick = struct.pack("ll", 0, int(_TICK * 1e6))
            for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                sock.setsockopt(socket.SOL_SOCKET, direction, tick)

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
        if size > limits.MAX_BYTES:
            raise Gone
        return kind, self._exactly(size)

    def receive_with_descriptor(self) -> tuple[int, bytes, int | None]:
        """The next message, and the open file that came with it."""
        # Nothing is in the buffer: whoever sends a descriptor waits for an answer.
        while True:
            try:
                head, descriptors, _, _ = socket.recv_fds(self._socket, _HEAD.size, 1)
                break
            except BlockingIOError:
                self._wait(select.POLLIN)
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
        """Until the socket is ready. Raises Late, and what `watch` raises.

        A blocking socket comes here after a tick, and at once where a student's code has changed
        what it inherited.
        """
        poll = select.poll()
        poll.register(self._socket, event)
        while not poll.poll(_TICK * 1000):
            self._look()

    def _look(self) -> None:
        """At the clock, also while the other side keeps talking."""
        if time.monotonic() > self.deadline:
            raise Late
        if self._watch is not None:
            self._watch()
