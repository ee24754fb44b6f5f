"""The process of which warm processes are forks: it loads what notebooks load, and runs nothing.

Few imports are needed here, so a command can start it before it imports the grader itself.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

from autograder.course import code, folder
from utils._course import course

# What students handed in; in nbgrader's own place it is below /usr, which is visible.
EXCHANGE = Path(os.environ.get("NBGRADER_EXCHANGE") or "/usr/local/share/nbgrader/exchange")
ENDING = 5.0  # seconds that it gets to end with its forks


class Template:
    """A process that forks a warm process for whoever asks.

    A fork of the process that started it may ask as well: a request is one byte and a socket.
    """

    def __init__(self, root: Path, fenced: bool = True, draw: bool = False) -> None:
        modules = folder("modules", root)
        registering = modules_of(root)
        visible = [*readable(root), *([modules] if registering else [])]
        self._requests, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.worker", str(theirs.fileno()),
             json.dumps([list(map(str, visible)), [hidden()]]),
             "fenced" if fenced else "plain", "draw" if draw else "blind",
             json.dumps([str(modules), *registering] if registering else [])],
            cwd=root, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is the grader's, which decides when this ends
            env=_ENVIRONMENT | {"PYTHONPATH": str(code(root))})
        theirs.close()
        self._owner = os.getpid()

    def fork(self) -> socket.socket:
        """A socket with a new warm process at its other end. Raises OSError if this one ended."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._requests, [b"+"], [theirs.fileno()])
        return ours

    def close(self) -> None:
        """End the process, if it is one of this process, and with it all of its forks."""
        self._requests.close()
        if self._owner != os.getpid():
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=ENDING)
        self._process.kill()
        self._process.wait()


# Nothing else of the grader's environment: the start of a process keeps a copy in its memory.
_ENVIRONMENT = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH", "SYSTEMROOT")
                if name in os.environ} | {
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def start_early(root: Path, fenced: bool = True, draw: bool = False) -> None:
    """Start what `template` will give, before the grader is imported.

    Not in a course that has modules loaded: whether they can be is said by whoever grades.
    """
    if not modules_of(root):
        _early[root, fenced, draw] = Template(root, fenced, draw)


def template(root: Path, fenced: bool = True, draw: bool = False) -> Template:
    """The one that was started early, or a new one. The caller closes it."""
    return _early.pop((root, fenced, draw), None) or Template(root, fenced, draw)


_early: dict[tuple[Path, bool, bool], Template] = {}


def modules_of(root: Path) -> list[str]:
    """The names of a course's modules that register types."""
    described = course(root)
    return list(dict.fromkeys(described.register.values())) if described else []


def hidden() -> str:
    """The folder of which a notebook sees nothing, wherever it is."""
    # Resolved: below a link, the place itself would be covered and not what is seen of it.
    return os.path.realpath(EXCHANGE)


def readable(root: Path) -> list[Path]:
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
