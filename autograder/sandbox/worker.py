"""What runs inside the fence: a notebook's cells, and calls from the grader.

One such process is started for each grader: the template. It loads what notebooks load, and forks
a warm process for each job. That one enters the fence, and from then on forks a child for each
submission, and in it one for each exercise whose calls may leave something behind. None of them
ever holds a test or a solution, so none can be found in its memory.
"""

import builtins
import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

import utils.checks
from autograder.rpc.channel import Channel, Gone
from autograder.rpc.peer import Peer
from autograder.rpc.plain_types import ALL
from autograder.rpc.rng_state import GlobalGenerator
from autograder.rpc.text_buffer import Bounded
from autograder.sandbox import later, namespaces
from utils._checks.answer_cell import syntax_message
from utils._checks.forms import by_name
from utils._figures import drawing

OUTPUT = 400_000  # characters of one cell's outputs that are kept
THREADS, SPARE = 64, 8  # that a cell may leave running, and open files that it must leave
WARM, SUBMISSION, CELL, EXERCISE, END, BUSY_CELL, FILES = 20, 21, 22, 23, 24, 25, 26


def main(descriptor: int, readable: list[str], hidden: list[str], fenced: bool,
         draw: bool, registering: list[str]) -> None:
    """Load what notebooks load, and fork a warm process for each socket that comes, until none can.

    readable: what stays visible inside the fence; nothing else of the working folder does.
    hidden: folders inside what is readable of which nothing stays visible.
    draw: whether the course's figures are drawn.
    registering: the course's folder of modules and those in it that register types; or nothing.
    """
    shell = _new_shell()
    load(draw)
    if registering:
        sys.path.append(registering[0])
        for name in registering[1:]:
            importlib.import_module(name)
    os.environ.clear()
    _settle()
    requests = socket.socket(fileno=descriptor)
    while True:
        asked, sockets, _, _ = socket.recv_fds(requests, 1, 1)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG if asked else 0)[0]:
                pass  # those that have ended; when nobody can ask any more, all of them
        if not asked:
            os._exit(0)
        with contextlib.suppress(OSError):  # then who asked sees that its socket is closed
            if os.fork() == 0:
                try:
                    requests.close()
                    around = namespaces.Fence(fenced)
                    around.enter([*map(Path, readable)], [Path.cwd(), *map(Path, hidden)])
                    _warm(shell, sockets[0], around)
                finally:
                    os._exit(1)
        os.close(sockets[0])


def _warm(shell: Any, descriptor: int, around: namespaces.Fence) -> None:
    """Serve a grader on a socket until it closes it."""
    control = Channel(socket.socket(fileno=descriptor))
    _settle()
    control.send(WARM, json.dumps([os.getpid(), around.missing]).encode())
    while True:
        try:
            _, data, theirs = control.receive_with_descriptor()
        except Gone:
            around.end()
            os._exit(0)
        if theirs is None:
            around.end()
        else:
            _import(json.loads(data))
            pid = around.start(partial(_serve, shell, theirs, descriptor, around.walls),
                               namespaces.Limits())
            os.close(theirs)
            control.send(SUBMISSION, str(pid).encode())


def load(draw: bool) -> None:
    """Import what lessons import, so that a fork finds it ready.

    What only shows things is left for later where nothing is drawn: starting takes a third of
    the time, and a fork copies the page tables of all that is loaded, one for each exercise.
    """
    for name in ("numpy", "utils.checks", "utils.data", "utils.gradcheck"):
        importlib.import_module(name)
    if draw:
        for name in ("matplotlib.pyplot", "scipy.optimize", "scipy.special", "sklearn.datasets",
                     "utils.plots", "utils.widgets"):
            importlib.import_module(name)
    else:
        drawing.wanted = False
        later.module("utils.plots")
        later.members("utils.widgets")


def _import(statements: list[str]) -> None:
    """Load what a lesson imports; the cell itself shows what can't be."""
    before = len(sys.modules)
    for statement in statements:
        with contextlib.suppress(Exception):
            exec(statement, {})
    if len(sys.modules) > before:
        _settle()


def _settle() -> None:
    """Keep the collector from touching, and so copying, every page after a fork."""
    gc.collect()
    gc.freeze()


def _new_shell() -> Any:
    """IPython's shell as a kernel has it. Made before the fork: after it, it costs 240 ms."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Results(DisplayHook):
        """Keeps the value of a cell's last expression as an output."""

        def write_output_prompt(self) -> None:
            """There is none."""

        def write_format_data(self, format_dict: dict[str, Any],
                              md_dict: dict[str, Any] | None = None) -> None:
            """Put it among the cell's outputs."""
            outputs = self.shell.display_pub.outputs  # type: ignore[union-attr]
            outputs.append(
                {"output_type": "execute_result", "execution_count": None, "data": format_dict,
                 "metadata": md_dict or {}})

        def finish_displayhook(self) -> None:
            """Nothing was written that has to be flushed."""

    class Shell(InteractiveShell):
        """No terminal, no history, no GUI; an error is kept as a cell's output."""

        last_error: dict[str, Any] | None = None

        def system(self, cmd: str) -> None:
            """Run a shell command; there is no terminal for it."""
            self.system_raw(cmd)

        def enable_gui(self, gui: str | None = None) -> None:
            """There is none."""

        def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
            text = str(evalue)
            if isinstance(evalue, SyntaxError):
                text = f"{syntax_message(evalue)} (line {evalue.lineno} of the cell)"
            self.last_error = {"output_type": "error", "ename": etype.__name__[:100],
                               "evalue": text[:2000],
                               "traceback": [line[:2000] for line in stb[-20:]]}

    def refuse(*_: object) -> str:
        raise EOFError("nobody answers input() while a notebook is graded")

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.autocall = 0
    shell = Shell.instance(config=config, display_pub_class=CapturingDisplayPublisher,
                           displayhook_class=Results)
    builtins.input = refuse
    # What the first cells of a life load and compile is there before the fork.
    for source in ("1", "def f(x):\n    return x", "1 / 0", "("):
        _run_cell(shell, source)
    shell.reset(new_session=True)
    return shell


def _serve(shell: Any, descriptor: int, control: int, walls: bool) -> None:
    """The life of one submission: run cells, and fork for exercises, as the grader says.

    walls: whether this process sees its own processes only.
    """
    os.close(control)
    # As in a student's clone: the notebook in a folder of its own, and `utils` above it.
    os.symlink(Path(utils.checks.__file__).parent, "utils")
    os.mkdir("notebook")
    os.chdir("notebook")
    here = os.getcwd()
    sys.path.insert(0, "")  # as in a kernel: a notebook imports what lies beside it
    os.environ.update(PATH="/usr/bin:/bin", HOME=here, LANG="C.UTF-8", MPLBACKEND="agg",
                      MPLCONFIGDIR=here, TMPDIR=here)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    channel = Channel(socket.socket(fileno=descriptor))
    while True:
        try:
            kind, data, theirs = channel.receive_with_descriptor()
        except Gone:
            os._exit(0)
        if theirs is None:
            continue
        if kind == CELL:
            outputs = _run_cell(shell, json.loads(data))
            _require_room(descriptor)
            reply = Channel(socket.socket(fileno=theirs))
            reply.send(BUSY_CELL if len(sys._current_frames()) > 1 else CELL, outputs)
            reply.close()
        elif kind == FILES:
            reply = Channel(socket.socket(fileno=theirs))
            for name in json.loads(data):
                place = Path(here, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(reply.receive()[1])
            reply.send(FILES, b"")
            reply.close()
        elif kind == EXERCISE:
            names, substitutes, in_place = json.loads(data)
            if in_place:
                _exercise(shell, names, substitutes, theirs, None)
            elif (_fork_alone() if walls else os.fork()) == 0:
                try:
                    channel.close()
                    _exercise(shell, names, substitutes, theirs, GlobalGenerator())
                finally:
                    os._exit(0)
            else:
                os.close(theirs)


def _fork_alone() -> int:
    """Fork, and leave nothing else running in the namespace: it would take time and processes."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    try:
        return os.fork()
    except OSError:  # those that were killed still take their places
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()
        return os.fork()


def _require_room(descriptor: int) -> None:
    """End this process where a cell left no room for what comes after it: it was that cell."""
    for spare in [os.dup(descriptor) for _ in range(SPARE)]:
        os.close(spare)
    if len(sys._current_frames()) > THREADS:
        os._exit(1)


def _exercise(shell: Any, names: list[str], substitutes: list[str], descriptor: int,
              watched: GlobalGenerator | None) -> None:
    """Answer the calls of one exercise's tests, until the other side has no more.

    names: the functions that can be called from outside, by their place in this list.
    substitutes: names that stand for functions of the other side from here on.
    watched: tells whether a call drew from NumPy's global generator; None where none can.
    """
    peer = Peer(Channel(socket.socket(fileno=descriptor)), is_student=True,
                types=ALL.union(by_name()), global_generator=watched)
    for number, name in enumerate(substitutes):
        shell.user_ns[name] = peer.callables.resolve(number)
    for name in names:
        # A new object each, so that two names of one function have two numbers.
        peer.callables.export(partial(_call, shell.user_ns.get(name)))
    try:
        peer.channel.send(EXERCISE, bytes(name in shell.user_ns for name in names))
        while True:
            _, data = peer.channel.receive()
            peer.serve(data)
    except Gone:
        peer.channel.close()


def _call(value: Any, /, *arguments: Any, **keywords: Any) -> Any:
    if not callable(value):
        raise TypeError(f"{type(value).__name__!r} object is not callable")
    return value(*arguments, **keywords)


def _run_cell(shell: Any, source: str) -> bytes:
    """Run one cell as a kernel would; its outputs as JSON."""
    stdout, stderr = Bounded(OUTPUT // 4), Bounded(OUTPUT // 4)
    shell.last_error = None
    shell.display_pub.outputs = []
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            shell.run_cell(source, store_history=False)
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            shell.last_error = {"output_type": "error", "ename": type(error).__name__,
                                "evalue": str(error)[:2000], "traceback": []}
    found: list[dict[str, Any]] = [
        {"output_type": "stream", "name": name, "text": stream.getvalue()}
        for name, stream in (("stdout", stdout), ("stderr", stderr)) if stream.getvalue()]
    found += [{"output_type": output.get("output_type", "display_data"), "data": output["data"],
               "metadata": output["metadata"]} for output in shell.display_pub.outputs]
    if shell.last_error:
        found.append(shell.last_error)
    return _cut(found)


def _cut(outputs: list[dict[str, Any]]) -> bytes:
    """Outputs as JSON, without those that would make it too long or are no JSON."""
    kept: list[dict[str, Any]] = []
    left = OUTPUT
    for output in outputs:
        try:
            size = len(json.dumps(output))
        except (TypeError, ValueError, RecursionError):
            continue
        if size <= left:
            kept.append(output)
            left -= size
    return json.dumps(kept).encode()


if __name__ == "__main__":
    shown, covered = json.loads(sys.argv[2])
    main(int(sys.argv[1]), shown, covered, sys.argv[3] == "fenced", sys.argv[4] == "draw",
         json.loads(sys.argv[5]))
