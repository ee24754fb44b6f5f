"""A process behind the fence with everything loaded, and the forks of it that run submissions."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.course import code, folder
from autograder.grading.registered import modules_of, types_of
from autograder.notebooks import outputs
from autograder.rpc.channel import Channel, Gone
from autograder.rpc.peer import Peer
from autograder.rpc.plain_types import ALL, Types
from autograder.sandbox import namespaces, worker

# What students handed in; in nbgrader's own place it is below /usr, which is visible.
EXCHANGE = Path(os.environ.get("NBGRADER_EXCHANGE") or "/usr/local/share/nbgrader/exchange")
MEMORY = 2 * 2**30  # bytes that a submission may use beyond what was there before it
BETWEEN_LOOKS = 0.05  # seconds between two looks at the memory, however many messages come


class TooMuchMemory(Gone):
    """The submission used more memory than it may."""


class WarmProcess:
    """A process inside the fence with everything loaded, from which submissions are forked.

    missing: what of the fence the machine could not give.
    """

    def __init__(self, root: Path, fenced: bool = True, draw: bool = False) -> None:
        self._types = types_of(root)
        modules = folder("modules", root)
        registering = [str(modules), *modules_of(root)] if self._types - ALL else []
        ours, theirs = socket.socketpair()
        readable = [*_readable(root), *([modules] if registering else [])]
        visible = [list(map(str, readable)), [_hidden()]]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.worker", str(theirs.fileno()),
             json.dumps(visible), "fenced" if fenced else "plain", "draw" if draw else "blind",
             json.dumps(registering)],
            cwd=root, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            env=_ENVIRONMENT | {"PYTHONPATH": str(code(root))})
        theirs.close()
        self._begun: socket.socket | None = None
        self._control = Channel(ours, watch=self._look)
        self._control.deadline = time.monotonic() + 120
        self.missing: list[str] = json.loads(self._control.receive()[1])

    def _look(self) -> None:
        if self._process.poll() is not None:
            raise Gone

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
        """End the process, which clears away what it left."""
        self._control.close()
        if self._begun is not None:
            self._begun.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self._process.kill()
        self._process.wait()


# Nothing else of the grader's environment: the start of a process keeps a copy in its memory.
_ENVIRONMENT = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH", "SYSTEMROOT")
                if name in os.environ} | {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


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
                around.enter(_readable(root), [root.resolve(), Path(_hidden())])
                said.write(json.dumps(around.missing).encode())
                said.flush()
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        said.seek(0)
        return [str(part) for part in json.loads(said.read() or '["fence"]')]


def _hidden() -> str:
    # Resolved: below a link, the place itself would be covered and not what is seen of it.
    return os.path.realpath(EXCHANGE)


def _readable(root: Path) -> list[Path]:
    """What a notebook needs to see: Python, its libraries, the system's, and `utils`."""
    # Not all of `sys.path`: it has the folder that the grader was started in.
    libraries = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
    system = [Path(place) for place in ("/usr", "/bin", "/lib", "/lib64", "/etc/localtime",
                                        "/etc/fonts", "/etc/passwd", "/etc/ld.so.cache")]
    named = [Path(sys.prefix), Path(sys.base_prefix), *libraries, *system, code(root) / "utils"]
    # A link, such as to an environment that lives elsewhere, leads nowhere without what it names.
    wanted = [*named, *(target for path in named for target in _targets(path))]
    return [path for path in dict.fromkeys(wanted)
            if not any(other in path.parents for other in wanted)]


def _targets(link: Path) -> list[Path]:
    """What a link names, each link on the way to it too; nothing for what is no link."""
    path, found = link, [link]
    while path.is_symlink():
        path = Path(os.path.normpath(path.parent / os.readlink(path)))
        if path in found:
            break  # links that lead in a circle
        found.append(path)
    # Differs from the last where a folder above is a link; libraries may ask for either.
    return [*found[1:], Path(os.path.realpath(path))] if found[1:] else []


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
