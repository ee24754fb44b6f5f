"""A button that hands a lesson in: saves it, checks it, asks once, and shows the receipt.

    from utils.hand_in import HandIn

    HandIn("01_perceptron")

The course's own command does the work (course.toml names it), in a separate process, so that the
kernel stays free. The browser asks now and then how far it has come.
"""

import contextlib
import hashlib
import json
import os
import queue
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import traitlets

from utils._course import Course, course
from utils._deadlines import deadlines
from utils.widgets.kit.explorer import Explorer, module

PRESS = "Press Ctrl+S (on a Mac Cmd+S), then press the button again."
MOST = 20 * 2**20  # bytes of a page that is shown
NO_GRADER = ("There is no grader here, only the lessons and `utils`. Submit from the menu instead: "
             "Nbgrader, Assignment List.")


class HandIn(Explorer):
    """Check and submit a lesson.

    lesson: its name, which is its notebook's, in the folder that this notebook is in.
    """

    _esm = module(Path(__file__).with_suffix(".js"))
    page = traitlets.Unicode().tag(sync=True)  # the feedback that is shown, as HTML

    def __init__(self, lesson: str) -> None:
        self._lesson, self._file = lesson, Path.cwd() / f"{lesson}.ipynb"
        self._command: _Command | None = None
        self._before: int | None = None  # when the file was written, before a save was asked for
        super().__init__()
        self._tell("idle")
        self.on_msg(self._received)

    def _received(self, _: object, asked: dict[str, Any], __: object) -> None:
        """What the browser asks for; whatever goes wrong becomes a sentence."""
        actions: dict[str, Callable[[dict[str, Any]], None]] = {
            "press": self._press, "check": self._check, "send": self._hand_over, "stop": self._stop,
            "feedback": self._feedback, "page": self._show, "look": self._look}
        try:
            actions[asked["do"]](asked)
        except Exception as error:
            self._fail(f"This broke off: {' '.join(str(error).split())[:300]}")

    def _press(self, _: dict[str, Any]) -> None:
        if self._before is None:
            self._before = self._written()

    def _check(self, asked: dict[str, Any], note: str = "") -> None:
        if trouble := self._unsaved(asked.get("sources")):
            self._fail(trouble)
        elif self._start("submit", self._lesson, "--json"):
            self._tell("checking", note=note)

    def _hand_over(self, asked: dict[str, Any]) -> None:
        if self._command is None or self.answer["phase"] != "asking":
            return
        trouble = self._unsaved(asked.get("sources"))
        if trouble:
            self._tell("asking", note=trouble)
        elif hashlib.sha256(self._file.read_bytes()).hexdigest() != self.answer["looked"]["read"]:
            self._check(asked, "You have changed the notebook since, so it is checked again.")
        else:
            self._command.say("yes")
            self._tell("sending")

    def _stop(self, _: dict[str, Any]) -> None:
        if self.answer["phase"] in ("checking", "asking", "fetching"):
            self._end()
            self._tell("idle", note="Nothing was sent." if self.answer["phase"] != "fetching"
                       else "")

    def _feedback(self, _: dict[str, Any]) -> None:
        if self._start("fetch_feedback", self._lesson, "--json"):
            self._tell("fetching")

    def _show(self, asked: dict[str, Any]) -> None:
        """Read the page at a place that the command named."""
        pages = self.answer.get("pages") or []
        if not asked.get("open") or not pages:
            self.page = ""
            return
        with open(pages[0], encoding="utf-8", errors="replace") as file:
            self.page = file.read(MOST)

    def _look(self, _: dict[str, Any]) -> None:
        """Take in what the command has said meanwhile."""
        while self._command is not None:
            try:
                line = self._command.lines.get_nowait()
            except queue.Empty:
                return
            if line is None:
                trouble = self._command.trouble()
                self._end()
                if self.answer["phase"] not in ("done", "idle"):
                    self._fail(trouble)
            else:
                self._take(json.loads(line))

    def _take(self, said: dict[str, Any]) -> None:
        step = said.pop("step", "fetched")
        if step == "looked":
            if not self._file.exists() or not self._file.samefile(said["path"]):
                self._fail(f"This notebook is {self._file}, but what is handed in is "
                           f"{said['path']}. Open that one.")
                return
            self._tell("asking", looked=said, note=self.answer["note"])
        elif step == "sent":
            self._tell("marking", receipt=said["receipt"], kept=said["kept"],
                       note=said["trouble"] or "")
        elif step == "marked":
            note = " ".join(filter(None, (self.answer["note"], said["trouble"])))
            self._tell("done", receipt=self.answer["receipt"], kept=self.answer["kept"],
                       note=note, mark=said["result"], pages=[said["page"]] * bool(said["page"]))
        else:
            self._tell("done", pages=said["pages"], note="" if said["pages"] else
                       "There is no feedback yet. Your teacher has not released any.")

    def _start(self, *arguments: str) -> bool:
        self._end()
        self.page = ""
        here = course()
        if here is None:
            self._fail(NO_GRADER)
            return False
        try:
            self._command = _Command(here, arguments)
        except OSError as error:
            self._fail(f"The check could not start: {error.strerror}.")
        return self._command is not None

    def _end(self) -> None:
        if self._command is not None:
            self._command.end()
            self._command = None

    def _unsaved(self, sources: list[str] | None) -> str:
        """Why the file may not be what is on the page; "" when it is.

        sources: the cells' texts as the browser has them; None where it can't tell, as outside
            JupyterLab: then the file has to be newer than the press of the button.
        """
        if not self._file.is_file():
            return (f"There is no {self._file.name} beside this notebook. Open your own copy, in "
                    "work/, and press the button there.")
        if sources is None:
            before, now = self._before, self._written()
            if before is None or before == now:
                return f"This notebook could not be saved from here. {PRESS}"
            self._before = None
            return ""
        try:
            cells = json.loads(self._file.read_text(encoding="utf-8"))["cells"]
            saved = ["".join(cell["source"]) for cell in cells]
        except (OSError, ValueError, LookupError, TypeError):
            return f"{self._file.name} on the disk can't be read. {PRESS}"
        return "" if saved == sources else f"The last changes are not saved. {PRESS}"

    def _written(self) -> int | None:
        with contextlib.suppress(OSError):
            return self._file.stat().st_mtime_ns
        return None

    def _fail(self, note: str) -> None:
        self._end()
        # What has been sent stays sent.
        self._tell("idle", note=note, receipt=self.answer.get("receipt"),
                   kept=self.answer.get("kept"))

    def _tell(self, phase: str, **more: Any) -> None:
        due = deadlines(self._file.parents[1]).get(self._lesson)
        self.answer = {"phase": phase, "lesson": self._lesson, "note": "", "looked": None,
                       "due": due and due.isoformat(),
                       "receipt": None, "kept": None, "mark": None, "pages": [], **more}

    def static_html(self) -> str:
        """What stands here where there is no kernel."""
        return "<p>In JupyterLab a button stands here that checks this lesson and hands it in.</p>"


class _Command:
    """The course's hand-in command in a separate process.

    lines: what it has printed so far, and None when it has ended.
    """

    def __init__(self, here: Course, arguments: tuple[str, ...]) -> None:
        self._program = here.hand_in[-1]
        # A session of its own: the kernel's Stop button is not meant for it.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed in `end`
        environment = {name: value for name, value in os.environ.items()
                       if name != "JPY_SESSION_NAME"}  # that names a person's notebook
        self._process = subprocess.Popen(
            [sys.executable, *here.hand_in, *arguments], cwd=here.root, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            encoding="utf-8", start_new_session=True)
        self.lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError, OSError):
            for line in self._process.stdout:
                self.lines.put(line)
        self._process.wait()
        self.lines.put(None)

    def say(self, line: str) -> None:
        """Write a line to it."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()

    def trouble(self) -> str:
        """Why it ended too early, in a sentence."""
        self._errors.seek(0)
        said = self._errors.read()[-4000:].decode("utf-8", "replace").strip()
        last = said.splitlines()[-1] if said else "it ended without a word"
        if last.startswith(f"{self._program}: "):
            return last.removeprefix(f"{self._program}: ")
        if last.endswith(f"No module named {self._program}"):
            return NO_GRADER
        if "No module named" in last:
            return (f"The check could not start: {last.split(': ', 1)[-1]}. Choose the course's "
                    "own kernel, or install requirements.txt.")
        return f"The check broke off: {last[:300]}"

    def end(self) -> None:
        """End it, unless it has ended."""
        if self._process.poll() is None:
            self._process.terminate()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._errors.close()
