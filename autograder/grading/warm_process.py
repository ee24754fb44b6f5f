"""A process behind the fence with everything loaded, and the forks of it that run submissions."""

import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.grading.template import ENDING, Template, hidden, readable
from autograder.notebooks import outputs
from autograder.rpc.channel import Channel, Gone, Late
from autograder.rpc.peer import Peer
from autograder.rpc.plain_types import ALL, Types
from autograder.sandbox import namespaces, worker

MEMORY = 2 * 2**30  # bytes that a submission may use beyond what was there before it
BETWEEN_LOOKS = 0.05  # seconds between two looks at the memory, however many messages come


class TooMuchMemory(Gone):
    """The submission used more memory than it may."""


class WarmProcess:
    """A process inside the fence with everything loaded, from which submissions are forked.

    types: what may cross the fence. missing: what of it the machine could not give.
    Raises OSError where the template has ended, Gone and Late where the process can't begin.
    """

    def __init__(self, template: Template, types: Types = ALL) -> None:
        self._types = types
        self._begun: socket.socket | None = None
        self._socket = template.fork()
        self._control = Channel(self._socket, watch=lambda: None)  # there is a deadline
        self._control.deadline = time.monotonic() + 120
        self.pid, self.missing = json.loads(self._control.receive()[1])
        if hasattr(os, "sched_setaffinity"):  # to the grader's cores, not to the template's
            with contextlib.suppress(OSError):
                os.sched_setaffinity(self.pid, os.sched_getaffinity(0))

    def begin(self, imports: Sequence[str] = ()) -> None:
        """Ask for the next submission's fork, which is then made while the caller does other work.

        Raises Gone, Late.
        """
        if self._begun is None:
            self._begun, theirs = socket.socketpair()
            self._control.deadline = time.monotonic() + 60
            self._control.send(worker.SUBMISSION, json.dumps(imports).encode(), theirs.fileno())
            theirs.close()

    @contextlib.contextmanager
    def submission(self, imports: Sequence[str] = ()) -> Iterator["NotebookProcess"]:
        """A fork for one submission, of which nothing is left afterwards.

        imports: statements of the lesson's own, whose modules are loaded before the fork, so that
            the next submission finds them ready.
        """
        self.begin(imports)
        assert self._begun is not None
        self._control.deadline = time.monotonic() + 60
        pid = int(self._control.receive()[1])
        forked, self._begun = NotebookProcess(self._begun, pid, self._types), None
        try:
            yield forked
        finally:
            forked.end()
            self._control.send(worker.END, b"")

    def close(self) -> None:
        """End the process, which clears away what it left, and wait for that."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self._control.deadline = time.monotonic() + ENDING
        try:
            while True:
                self._control.receive()
        except Gone:
            pass
        except Late:
            os.kill(self.pid, signal.SIGKILL)
        self._control.close()
        if self._begun is not None:
            self._begun.close()


def can_fork() -> bool:
    """Whether this process may be forked.

    A fork of a process with threads may hang, and one on macOS may crash in the system's libraries.
    """
    return sys.platform.startswith("linux") and threading.active_count() == 1


def missing_fence(root: Path, fenced: bool) -> list[str]:
    """What of the fence this machine can't give, tried out in a fork of this process."""
    with tempfile.TemporaryFile() as said:
        pid = os.fork()
        if pid == 0:
            try:
                around = namespaces.Fence(fenced)
                around.enter(readable(root), [root.resolve(), Path(hidden())])
                said.write(json.dumps(around.missing).encode())
                said.flush()
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        said.seek(0)
        return [str(part) for part in json.loads(said.read() or '["fence"]')]


class NotebookProcess:
    """The process in which one notebook runs, as the grader sees it."""

    def __init__(self, sock: socket.socket, pid: int, types: Types) -> None:
        self._pid, self._types = pid, types
        self._channel = Channel(sock, self._watch)
        self._baseline: int | None = None
        self._looked = 0.0
        self.busy = False

    def put(self, files: Mapping[str, Path], timeout: float) -> None:
        """Put copies of files beside the notebook, before any cell has run.

        files: by their paths seen from the notebook. Raises Late, Gone, OSError.
        """
        with self._asked(worker.FILES, list(files), timeout) as reply:
            for path in files.values():
                reply.send(worker.FILES, path.read_bytes())
            reply.receive()

    def cell(self, source: str, timeout: float) -> list[NotebookNode]:
        """Run a cell; its outputs. `busy` then says whether threads of a cell are still running.

        Raises Late, Gone, TooMuchMemory.
        """
        with self._asked(worker.CELL, source, timeout) as reply:
            try:
                kind, data = reply.receive()
                self.busy = kind == worker.BUSY_CELL
                return outputs.read(data)
            except outputs.Damaged as error:
                raise Gone from error  # not what the worker writes: the student's code wrote it

    @contextlib.contextmanager
    def exercise(self, names: Sequence[str], timeout: float,
                 substitutes: Mapping[str, Callable[..., Any]] | None = None,
                 in_place: bool = False) -> Iterator[tuple[Peer, list[bool]]]:
        """A fork of the notebook's state that answers calls of these functions.

        Yields its peer, by which function number k is `names[k]`, and whether each name exists.
        substitutes: functions of ours that take the place of the notebook's own of that name.
        in_place: the notebook's own process answers, not a fork; for functions that leave no trace.
        Raises Late, Gone, TooMuchMemory.
        """
        replaced = dict(substitutes or {})
        what = [list(names), list(replaced), in_place]
        with self._asked(worker.EXERCISE, what, timeout) as reply:
            peer = Peer(reply, types=self._types, leaves_no_trace=in_place)
            for function in replaced.values():
                peer.callables.export(function)
            _, data = reply.receive()
            if len(data) != len(names):
                raise Gone
            yield peer, [bool(flag) for flag in data]
            peer.settle()  # so that no cell that comes next has to wait for a call

    @contextlib.contextmanager
    def _asked(self, kind: int, what: Any, timeout: float) -> Iterator[Channel]:
        """Ask for something; yields the channel on which the answer comes, and nothing else.

        Each answer has a channel of its own, since a process or a thread that a cell left running
        writes to whatever it inherited. The channel of the questions is never read.
        """
        ours, theirs = socket.socketpair()
        self._channel.deadline = deadline = time.monotonic() + timeout
        self._channel.send(kind, json.dumps(what).encode(), theirs.fileno())
        theirs.close()
        reply = Channel(ours, self._watch)
        reply.deadline = deadline
        try:
            yield reply
        finally:
            reply.close()

    def end(self) -> None:
        """Kill it and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self._channel.close()

    def _watch(self) -> None:
        now = time.monotonic()
        if now - self._looked < BETWEEN_LOOKS:
            return
        self._looked = now
        used = sum(_own_pages(pid) for pid in _descendants(self._pid))
        if self._baseline is None:
            self._baseline = used
        if used - self._baseline > MEMORY:
            raise TooMuchMemory


def _descendants(pid: int) -> list[int]:
    """A process and all that it started, as far as the machine tells."""
    found = [pid]
    for process in found:
        with contextlib.suppress(OSError, ValueError):
            for thread in Path(f"/proc/{process}/task").iterdir():
                found += [int(child) for child in (thread / "children").read_text().split()]
    return found


def _own_pages(pid: int) -> int:
    """Bytes of memory in use that are no files': pages, not address space."""
    try:
        return sum(int(line.split()[1]) * 1024
                   for line in Path(f"/proc/{pid}/status").read_text().splitlines()
                   if line.startswith(("RssAnon:", "RssShmem:")))
    except (OSError, ValueError):
        return 0
