"""A place in which a process can do no harm, built from Linux namespaces.

A warm process calls `enter` once: from then on it sees a read-only file system that holds
Python, its libraries and the folders named, and no network. For each submission it calls
`start`, which forks a child into process and IPC namespaces of its own, with a scratch folder
that goes away, no capabilities, and limits. Where the kernel refuses a part, the rest is still
done, and `Fence.missing` names what is not.

Sources: namespaces(7), user_namespaces(7), pivot_root(2), capabilities(7), mount_setattr(2).
"""

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.sandbox import seccomp
from autograder.sandbox.libc import call, library
from autograder.sandbox.mounts import (
    INSIDE,
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    SCRATCH,
    SHARED_MEMORY,
    new_root,
)

NOBODY = 65534

_NEWNS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = (
    0x00020000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER = 1, 4, 24, 36
_PR_SET_NO_NEW_PRIVS = 38


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Memory is watched from outside, by pages; see `grade`."""

    address_space: int = 16 * 2**30  # bytes; ends single requests that no machine could serve
    processes: int = 128  # threads count as well
    file_size: int = 32 * 2**20  # bytes
    scratch: int = 64 * 2**20  # bytes
    open_files: int = 128
    cpu_seconds: int = 600


@dataclass
class Fence:
    """The fence of one warm process.

    asked: whether there is to be any; without, what is below is only cleared away.
    walls: whether the namespaces stand.
    missing: what the machine could not give, by name.
    """

    asked: bool
    walls: bool = False
    missing: list[str] = field(default_factory=list)
    _running: int = 0
    _folder: str = ""

    def enter(self, readable: list[Path], hidden: list[Path]) -> None:
        """Leave the machine's file system and network for good, as far as that goes.

        readable: files and folders that stay visible, read-only, at their own places.
        hidden: folders of which nothing is visible but what is readable inside them.
        """
        if not self.asked:
            self.missing = ["fence"]
        elif not sys.platform.startswith("linux"):
            self.missing = ["namespaces", "system call filter"]
        else:
            try:
                _enter(readable, hidden)
                self.walls = True
            except OSError as error:
                self.missing.append(f"namespaces ({error.strerror})")
            if not seccomp.can_filter():
                self.missing.append("system call filter")
        if sys.platform.startswith("linux"):
            # What loses its parent becomes a child of this process, which waits for its end.
            call("prctl", _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def start(self, main: Callable[[], None], limits: Limits) -> int:
        """Fork a child that runs `main`, behind the fence, in a scratch folder; its process id.

        Where the walls stand, all that it starts ends with it.
        """
        self.end()
        if not self.walls:
            self._folder = tempfile.mkdtemp(prefix="notebook-")
        self._running = os.fork()
        if self._running:
            return self._running
        status = 1
        try:
            if sys.platform.startswith("linux"):
                call("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if self.walls:
                call("unshare", _NEWNS | _NEWPID | _NEWIPC)
                for folder in (SCRATCH, SHARED_MEMORY):
                    call("mount", "tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV,
                         f"size={limits.scratch},nr_inodes=4096,mode=777")
                status = _run_first(main, limits, "system call filter" not in self.missing)
            else:
                os.setsid()
                os.chdir(self._folder)
                _limit(limits, fenced=False)
                if self.asked and "system call filter" not in self.missing:
                    seccomp.restrict()
                main()
                status = 0
        finally:
            os._exit(status)

    def end(self) -> None:
        """End what was started, and clear away what it left."""
        if self._running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._running, signal.SIGKILL)
            if not self.walls:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._running, signal.SIGKILL)
            os.waitpid(self._running, 0)
            self._running = 0
            if self.walls:
                _await_children()
        if self._folder:
            _end_children()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""


def _await_children(seconds: float = 10.0) -> None:
    """Wait for the first process of a namespace, which ends after all that is in it.

    Its parent's death kills it. What is still ending would count against the next one's limits.
    """
    until = time.monotonic() + seconds
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.0005)


def _end_children(seconds: float = 2.0) -> None:
    """Kill the children of this process, and theirs, which become its own by that."""
    until = time.monotonic() + seconds
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    while time.monotonic() < until:
        with contextlib.suppress(OSError):  # macOS has no such list
            for child in listed.read_text().split():
                os.kill(int(child), signal.SIGKILL)
        try:
            os.wait() if listed.exists() else os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return


def _enter(readable: list[Path], hidden: list[Path]) -> None:
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        # Real root mounts first, since nobody may not look into root's folders; then it becomes
        # a nobody that is root in its own namespace only.
        with _mapper(f"0 {NOBODY} 1") as release:
            call("unshare", _NEWNS)
            new_root(readable, hidden)
            call("unshare", _NEWUSER | _NEWNS | _NEWNET | _NEWIPC)
            release()
        os.setgroups([])
        os.setresgid(0, 0, 0)
        os.setresuid(0, 0, 0)
    else:
        call("unshare", _NEWUSER | _NEWNS | _NEWNET | _NEWIPC)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
        new_root(readable, hidden)
    call("mount", "none", "/", None, MS_REC | MS_PRIVATE, None)
    # Who lives in a changed root can't make user namespaces, in which it would be root again.
    os.chroot(INSIDE)
    os.chdir("/")
    # No program that is started in here can be given what this process may do.
    for capability in range(64):
        library().prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails above the last one


@contextlib.contextmanager
def _mapper(mapping: str) -> Iterator[Callable[[], None]]:
    """A child that stays outside and, when released, writes the ids' mapping of this process."""
    reader, writer = os.pipe()
    pid = os.getpid()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(writer)
            if os.read(reader, 1):
                Path(f"/proc/{pid}/uid_map").write_text(mapping)
                Path(f"/proc/{pid}/gid_map").write_text(mapping)
                status = 0
        finally:
            os._exit(status)
    os.close(reader)

    def release() -> None:
        os.write(writer, b"x")
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
            raise OSError(1, "the user namespace could not be mapped")

    try:
        yield release
    except BaseException:
        os.close(writer)
        raise
    os.close(writer)


def _run_first(main: Callable[[], None], limits: Limits, filtered: bool) -> int:
    """Fork the first process of the new namespace, and run `main` in it.

    As its namespace's first, no signal from inside ends it, and when it ends, so does all else.
    """
    first = os.fork()
    if first:
        return os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) & 0xFF
    call("prctl", _PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _drop_capabilities()
    call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)
    os.setsid()  # a signal to its group would reach the grader's, whatever the namespace
    _limit(limits, fenced=True)
    os.chdir(SCRATCH)
    if filtered:
        seccomp.restrict()
    main()
    os._exit(0)


def _drop_capabilities() -> None:
    call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this process
    data = (ctypes.c_uint32 * 6)()
    if library().capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _limit(limits: Limits, fenced: bool) -> None:
    wanted = {resource.RLIMIT_AS: limits.address_space, resource.RLIMIT_FSIZE: limits.file_size,
              resource.RLIMIT_NOFILE: limits.open_files, resource.RLIMIT_CORE: 0,
              resource.RLIMIT_CPU: limits.cpu_seconds}
    if fenced:
        # Counted within the user namespace; outside of one it would count the user's desktop.
        wanted[resource.RLIMIT_NPROC] = limits.processes
    for kind, value in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # macOS refuses some
            resource.setrlimit(kind, (value, value))
