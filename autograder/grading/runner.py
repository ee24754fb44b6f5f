"""Runs a rebuilt notebook: the student's cells behind the fence, the test cells on this side.

The student's functions reach a test as proxies. What a test does, compares and counts happens
here, where no code of the student ever runs.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode

from autograder.course import Lesson
from autograder.grading import test_cell
from autograder.notebooks import dependencies, outputs
from autograder.notebooks.outputs import visible
from autograder.rpc.channel import Channel, Gone, Late
from autograder.rpc.peer import Peer
from autograder.sandbox import worker
from utils._checks import time_limit
from utils._diagnosis.misconception import Misconception
from utils._diagnosis.misconceptions import Misconceptions

BUDGET = 20  # times the limit for a cell is the limit for a whole submission
MEMORY = 2 * 2**30  # bytes that a submission may use beyond what was there before it
HINT_SECONDS = 5.0

Trouble = Literal["timeout", "crashed", "memory"]


class TooMuch(Gone):
    """The submission used more memory than it may."""


@dataclass
class Ran:
    """What running one exercise's tests came to.

    record: what the test cell says of itself (`utils.card.Score.as_json`), None if it said nothing.
    trouble: why it could say nothing.
    raised: how the student's answer cell itself failed ("SyntaxError: …"), "" if it did not.
    """

    record: dict[str, Any] | None = None
    trouble: Trouble | None = None
    raised: str = ""
    misconception: Misconception | None = None


class Warm:
    """A process inside the fence with everything loaded, from which submissions are forked.

    missing: what of the fence the machine could not give.
    """

    def __init__(self, root: Path, fenced: bool = True, draw: bool = False) -> None:
        ours, theirs = socket.socketpair()
        readable = [str(path) for path in _readable(root)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.worker", str(theirs.fileno()),
             json.dumps(readable), "fenced" if fenced else "plain", "draw" if draw else "blind"],
            cwd=root, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            env=_ENVIRONMENT | {"PYTHONPATH": str(root)})
        theirs.close()
        self._control = Channel(ours, watch=self._look)
        self._control.deadline = time.monotonic() + 120
        self.missing: list[str] = json.loads(self._control.receive()[1])

    def _look(self) -> None:
        if self._process.poll() is not None:
            raise Gone

    @contextlib.contextmanager
    def submission(self) -> Iterator["Submission"]:
        """A fork for one submission, of which nothing is left afterwards."""
        ours, theirs = socket.socketpair()
        self._control.deadline = time.monotonic() + 60
        self._control.send(worker.SUBMISSION, b"", theirs.fileno())
        theirs.close()
        pid = int(self._control.receive()[1])
        forked = Submission(ours, pid)
        try:
            yield forked
        finally:
            forked.end()
            self._control.send(worker.END, b"")

    def close(self) -> None:
        """End the process, which clears away what it left."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        self._process.kill()
        self._process.wait()


# Nothing else of the grader's environment: the start of a process keeps a copy in its memory.
_ENVIRONMENT = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH", "SYSTEMROOT")
                if name in os.environ} | {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _readable(root: Path) -> list[Path]:
    """What a notebook needs to see: Python, its libraries, the system's, and `utils`."""
    # Not all of `sys.path`: it has the folder that the grader was started in.
    libraries = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
    system = [Path(place) for place in ("/usr", "/bin", "/lib", "/lib64", "/etc/localtime",
                                        "/etc/fonts", "/etc/passwd", "/etc/ld.so.cache")]
    named = [Path(sys.prefix), Path(sys.base_prefix), *libraries, *system, root / "utils"]
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


class Submission:
    """One submission's process, as the grader sees it."""

    def __init__(self, sock: socket.socket, pid: int) -> None:
        self._pid = pid
        self._channel = Channel(sock, self._watch)
        self._baseline: int | None = None

    def cell(self, source: str, timeout: float) -> list[NotebookNode]:
        """Run a cell; its outputs. Raises Late, Gone, TooMuch."""
        self._channel.deadline = time.monotonic() + timeout
        self._channel.send(worker.CELL, json.dumps(source).encode())
        try:
            return outputs.read(self._channel.receive()[1])
        except outputs.Damaged as error:
            raise Gone from error  # not what the worker writes: the student's code wrote it

    @contextlib.contextmanager
    def exercise(self, name: str, timeout: float) -> Iterator[tuple[Peer, bool]]:
        """A fork of the notebook's state that answers calls of `name`; and whether it is there."""
        ours, theirs = socket.socketpair()
        self._channel.deadline = time.monotonic() + timeout
        self._channel.send(worker.EXERCISE, name.encode(), theirs.fileno())
        theirs.close()
        peer = Peer(Channel(ours, self._watch))
        peer.channel.deadline = time.monotonic() + timeout
        try:
            _, data = peer.channel.receive()
            yield peer, data[:1] == b"\1"
        finally:
            peer.channel.close()

    def end(self) -> None:
        """Kill it and everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self._channel.close()

    def _watch(self) -> None:
        used = sum(_own_pages(pid) for pid in _descendants(self._pid))
        if self._baseline is None:
            self._baseline = used
        if used - self._baseline > MEMORY:
            raise TooMuch


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


@dataclass
class Engine:
    """Runs notebooks with a warm process of its own, which it makes anew when that dies.

    root: the course's folder.
    fenced: whether to build the fence; `missing` says what of it the machine could not give.
    full: run every cell and draw every figure, also those that can't change a mark.
    """

    root: Path
    fenced: bool = True
    full: bool = False
    _warm: Warm | None = None

    def warm(self) -> Warm:
        """The process that is ready to be forked."""
        if self._warm is None:
            self._warm = Warm(self.root, self.fenced, draw=self.full)
        return self._warm

    def close(self) -> None:
        """End it."""
        if self._warm is not None:
            self._warm.close()
            self._warm = None

    def run(self, notebook: NotebookNode, release: NotebookNode, lesson: Lesson,
            timeout: float) -> dict[str, Ran]:
        """Run the notebook; what came of each exercise, by name.

        notebook: on the solution's frame; its outputs are filled in.
        release: the lesson as students get it.
        timeout: seconds for each cell, and for each exercise's tests; for all, `BUDGET` times that.
        """
        run = _Run(notebook, release, lesson, timeout, self.full,
                   time.monotonic() + BUDGET * timeout)
        # When a cell ends the process, the notebook starts over without it: the state before it
        # is what the cells before it make. Every round leaves out one cell more.
        for _ in range(len(notebook.cells) + 1):
            try:
                with self.warm().submission() as submission:
                    run.go(submission)
                break
            except _Again:
                continue
            except Gone:
                self.close()  # the warm process itself: the next round gets a new one
        return run.ran


class _Again(Exception):
    """The submission's process is lost; what is left needs a new one."""


@dataclass
class _Run:
    """One notebook on its way through the engine."""

    notebook: NotebookNode
    release: NotebookNode
    lesson: Lesson
    timeout: float
    full: bool
    end: float  # of time.monotonic()
    ran: dict[str, Ran] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)  # by cell id: not run again

    def go(self, submission: Submission) -> None:
        """Run what is left. Raises _Again."""
        released = {cell.id: cell.source for cell in self.release.cells}
        code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        run = ({cell.id for cell in code} if self.full
               else dependencies.must_run(self.notebook, released))
        theirs = [cell for cell in code
                  if dependencies.is_own(cell, released) and not dependencies.is_tests(cell)]
        own = {cell.id for cell in theirs}.union(
            *(dependencies.binds(cell.source) for cell in theirs))
        # As `%%time` over an answer does, which is a text to it.
        anything = any(dependencies.reaches_anything(cell.source) for cell in theirs)
        told = set() if self.full else dependencies.told(self.notebook, released)
        for cell in code:
            if dependencies.is_tests(cell):
                name = cell.id.removesuffix("-tests")
                if name not in self.ran:
                    self.ran[name] = Ran()
                    self._test(submission, cell, name, anything or name in own, name in told)
            elif cell.id in run and cell.id not in self.troubles:
                self._run(submission, cell)

    def _seconds(self) -> float:
        """What the next step may take: nothing when the submission's time is used up."""
        return max(0.0, min(self.timeout, self.end - time.monotonic()))

    def _run(self, submission: Submission, cell: NotebookNode) -> None:
        try:
            cell.outputs = submission.cell(cell.source, self._seconds())
        except (Late, Gone) as trouble:
            self.troubles[cell.id] = _name(trouble)
            cell.outputs = [_told(self.troubles[cell.id])]
            raise _Again from None

    def _test(self, submission: Submission, cell: NotebookNode, name: str, own: bool,
              told: bool) -> None:
        """Run an exercise's tests; those of a blank or a constant answer without asking anybody.

        own: whether the student answered, as far as the texts tell.
        told: whether one cell alone speaks of the name.
        """
        ran = self.ran[name]
        answer = next(c for c in self.notebook.cells if c.id == name)
        ran.raised = next((f"{o.get('ename')}: {o.get('evalue')}" for o in answer.outputs
                           if o.output_type == "error"), "")
        if name in self.troubles:
            ran.trouble = self.troubles[name]
            return
        if not own and not self.full:
            self._record(cell, ran, {name: _unfinished})
            return
        said = dependencies.constant(answer.source, name) if told else None
        if said is not None and not ran.raised:
            self._record(cell, ran, {name: lambda: said})
            return
        try:
            with submission.exercise(name, self._seconds()) as (peer, there):
                function = peer.callables.resolve(0)
                self._record(cell, ran, {name: function} if there else {})
                self._diagnose(ran, name, function, peer)
        except Exception:
            # What a test cell raises outside of its checks; it may be an answer that tricked it.
            ran.record, ran.trouble = None, "crashed"
            cell.outputs = [_told("crashed")]
        except (Late, Gone) as trouble:
            if ran.record is None:
                ran.trouble = _name(trouble)
                cell.outputs = [_told(ran.trouble)]
            raise _Again from None

    def _record(self, cell: NotebookNode, ran: Ran, namespace: dict[str, Any]) -> None:
        with time_limit.off():  # the channel's deadline rules here
            score = test_cell.score(cell.source, cell.id, namespace)
        score.outcomes = [replace(one, message=visible(one.message)) for one in score.outcomes]
        score.printed = visible(score.printed)
        ran.record = score.as_json()
        cell.outputs = [nbformat.v4.new_output("execute_result", {
            "text/plain": repr(score), **score._repr_mimebundle_()})]

    def _diagnose(self, ran: Ran, name: str, function: Any, peer: Peer) -> None:
        if any(o["error"] in ("failed", "raised") for o in (ran.record or {})["outcomes"]):
            known = _known(self.lesson.misconceptions)
            known.of(name)  # reading them, and the right answers, is not the student's time
            right = _reference(self.lesson).get(name)
            peer.channel.deadline = time.monotonic() + HINT_SECONDS
            ran.misconception = known.diagnose(name, function, right)


def _unfinished(*arguments: Any) -> None:
    raise NotImplementedError


def _name(trouble: BaseException) -> Trouble:
    return "timeout" if isinstance(trouble, Late) else (
        "memory" if isinstance(trouble, TooMuch) else "crashed")


def _told(trouble: Trouble) -> NotebookNode:
    return nbformat.v4.new_output("stream", name="stderr", text={
        "timeout": "Stopped at the time limit.", "memory": "Stopped: it used too much memory.",
        "crashed": "It ended the program."}[trouble])


@cache
def _compiled(source: str, name: str) -> CodeType:
    return compile(source, f"<{name}>", "exec")


@cache
def _reference(lesson: Lesson) -> dict[str, Any]:
    """The lesson's own answers, by name; none where there are no solutions, as at a student's."""
    namespace: dict[str, Any] = {}
    if not lesson.solution.exists():
        return namespace
    for cell in nbformat.read(lesson.solution, as_version=4).cells:
        facts = cell.metadata.get("nbgrader")
        if cell.cell_type == "code" and facts and not facts.grade and cell.id != "setup":
            exec(_compiled(cell.source, cell.id), namespace)
    return namespace


@cache
def _known(path: Path) -> Misconceptions:
    return Misconceptions(path)
