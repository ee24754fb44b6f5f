"""A copy of the course in a scratch folder, and JupyterLab on it as `make lab` starts it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from autograder.course import ROOT

START = 120  # seconds for `make lab` to answer; a few on a machine at rest
STOP = 30  # seconds for the server to end its kernels and itself
# What a person's shell, or the `make` that started the tests, would bring along.
FOREIGN = ("JUPYTER", "NBGRADER", "MAKE", "MFLAGS", "IPYTHON", "DISPLAY", "WAYLAND", "BROWSER")


@dataclass(frozen=True)
class Server:
    """A running JupyterLab. root: the course's copy; url, with a slash; token: its key."""

    root: Path
    url: str
    token: str

    @property
    def work(self) -> Path:
        """The student's folder."""
        return self.root / "work"

    @property
    def exchange(self) -> Path:
        """The course's part of nbgrader's exchange: outbound/ for lessons, inbound/ for answers."""
        return self.root / "grading" / "exchange" / "neural-networks"

    def get(self, path: str) -> Any:
        """The server's answer to a GET of its API."""
        return json.loads(self._ask("GET", path) or b"null")

    def new_student(self) -> None:
        """Put the lessons into work/ as they were fetched, and nothing else."""
        shutil.rmtree(self.work)
        shutil.copytree(self.exchange / "outbound", self.work)

    def end_kernels(self) -> None:
        """Shut down whatever sessions a test has left."""
        for session in self.get("api/sessions"):
            self._ask("DELETE", f"api/sessions/{session['id']}")

    def _ask(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=STOP) as answer:
            return bytes(answer.read())


@contextmanager
def jupyterlab(scratch: Path, settings: dict[str, Any] | None = None) -> Iterator[Server]:
    """Copy the course into scratch/course, run `make lab` there, and end it with its kernels.

    settings: JupyterLab's settings by plugin, beside the course's own.
    Nothing is read from or written to the developer's own work/, grading/ and home.
    """
    root = _copy(scratch / "course", settings or {})
    runtime, log = scratch / "home" / "runtime", scratch / "jupyterlab.log"
    with log.open("w") as file:
        # -o: the environment is the one that runs the tests, and up to date.
        process = subprocess.Popen(
            ["make", "--no-print-directory", "lab", f"ENV={sys.prefix}",
             "-o", f"{sys.prefix}/course.stamp",
             f"ARGS=--port={_free_port()} --LabApp.expose_app_in_browser=True"],
            cwd=root, env=_environment(scratch / "home"), stdin=subprocess.DEVNULL,
            stdout=file, stderr=subprocess.STDOUT)
    try:
        yield _ready(root, runtime, process, log)
    finally:
        _end(process)


def _copy(root: Path, settings: dict[str, Any]) -> Path:
    root.mkdir(parents=True)
    for name in ("Makefile", "course.toml"):
        shutil.copy(ROOT / name, root)
    for name in ("autograder", "config", "lessons", "misconceptions", "solutions",
                 "tests/right_answers", "utils"):
        shutil.copytree(ROOT / name, root / name,
                        ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    overrides = root / "config" / "labconfig" / "default_setting_overrides.json"
    own = json.loads(overrides.read_text(encoding="utf-8"))
    for plugin, values in settings.items():
        own.setdefault(plugin, {}).update(values)
    overrides.write_text(json.dumps(own), encoding="utf-8")
    return root


def _environment(home: Path) -> dict[str, str]:
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    places = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data",
              "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_SETTINGS_DIR": "settings",
              "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "IPYTHONDIR": "ipython",
              "MPLCONFIGDIR": "matplotlib"}
    return kept | {"HOME": str(home)} | {
        name: str(home / place) for name, place in places.items()}


def _free_port() -> int:
    """A port that was free just now; JupyterLab takes the next when it no longer is."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _ready(root: Path, runtime: Path, process: subprocess.Popen[bytes], log: Path) -> Server:
    """The server, as soon as it answers; it leaves its address and token in a file."""
    end = time.monotonic() + START
    while process.poll() is None and time.monotonic() < end:
        for path in runtime.glob("jpserver-*.json"):
            try:
                said = json.loads(path.read_text(encoding="utf-8"))
                server = Server(root, said["url"], said["token"])
                server.get("api/status")
                return server
            except (ValueError, urllib.error.URLError, ConnectionError):
                pass  # half written, or not listening yet
        time.sleep(0.1)
    raise RuntimeError(f"`make lab` did not start within {START} s:\n{log.read_text()[-3000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """make hands SIGTERM on to JupyterLab, which ends its kernels. What doesn't end is killed.

    Raises RuntimeError then, since it would have been left running on a person's machine.
    """
    try:
        started = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        started = []
    process.terminate()
    _, left = psutil.wait_procs(started, timeout=STOP)
    for one in left:
        one.kill()
    process.wait(STOP)
    if left:
        raise RuntimeError(f"JupyterLab was ended and left running: {left}")
