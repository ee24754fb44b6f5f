"""Grade on other machines: submissions travel to the workers of a dask.distributed scheduler.

A worker has a clone of the course and nothing of the class: it gets the bytes of a submission and
sends back what `grade` returns. Dask connects, schedules, runs and reports; what a failure means
is decided here, because dask's own answers do not fit:

- Allowed failures (KilledWorker) are the scheduler's setting, not a client's, and a worker's end
  counts against everything queued on it. Here a worker has one submission at a time, so no other
  pays for one that ends workers; a worker then waits some 0.04 s for the next.
- `retries=`, and moving a task when its worker ends, keep to the workers named when the task was
  submitted. A worker that a nanny restarts has a new address, and must be checked first.
- Dask has no time limit for a task.
- Subscriptions to events are not renewed after a connection is lost, and none of them notices a
  frozen scheduler. Asking for the workers twice a second notices both.
"""

import hashlib
import logging
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from nbformat import NotebookNode

from autograder.course import ROOT
from autograder.grading.engine import BUDGET
from autograder.grading.grade import grade, missing_fence
from autograder.grading.result import CantGrade, Result
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from autograder.notebooks.parse import Unreadable

TRIES = 3  # workers that a submission may end, or outlast, before it is left out
CONNECT = 5.0  # seconds to reach the scheduler, at first and when the connection is lost
PATIENCE = 30.0  # seconds without a worker, or an answer of the scheduler, before the run gives up
CHECK = 120.0  # seconds for the check of a worker, which loads the libraries first

Graded = tuple[Result, NotebookNode | None]
_engine_lock = Lock()  # a worker may have several threads, but its engine grades one at a time


def course_hash(root: Path = ROOT) -> str:
    """Hash what decides a mark: the built notebooks, and the code that grades them."""
    digest = hashlib.sha256()
    for path in sorted([*root.glob("solutions/*/*.ipynb"), *root.glob("lessons/*/*.ipynb"),
                        *root.glob("autograder/**/*.py"), *root.glob("utils/**/*.py")]):
        digest.update(str(path.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def check_worker(course: str, settings: Settings, any_fence: bool = False) -> str:
    """Say, on a worker, why it must not grade; an empty text if it may.

    course: the hash that its course must have.
    any_fence: whether it may grade without the whole fence.
    """
    with _engine_lock:
        if course_hash() != course:
            return "it has another version of the course"
        missing = missing_fence(replace(settings, root=ROOT))
    if not missing or any_fence or not settings.fenced:
        return ""
    return f"it can't build the whole fence: {', '.join(missing)} (--any-fence takes it)"


def grade_bytes(submission: Submission, data: bytes, settings: Settings) -> Graded:
    """Grade, on a worker, a submission whose file is on another machine."""
    with _engine_lock, tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "submission.ipynb"
        copy.write_bytes(data)
        result, notebook = grade(replace(submission, path=copy), replace(settings, root=ROOT))
    result.path = str(submission.path)
    return result, notebook


@contextmanager
def connected(address: str, settings: Settings, notify: Callable[[str], None],
              any_fence: bool = False, deadline: float | None = None) -> Iterator["Cluster"]:
    """Connect to the scheduler at an address. Raises CantGrade.

    notify: is given a line for each worker that is refused, lost or too slow.
    any_fence: also accept workers that can't build the whole fence.
    deadline: seconds for a submission; the engine's own limit and a minute if None.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CantGrade("--scheduler needs dask.distributed: pip install distributed") from None
    for name in ("distributed", "distributed.client", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what they report becomes a notice
    try:
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CantGrade(f"there is no dask scheduler at {address}") from error
    try:
        yield Cluster(client, settings, notify, any_fence,
                      BUDGET * settings.timeout + 60 if deadline is None else deadline)
    finally:
        with suppress(OSError):
            client.close(timeout=2)


@dataclass
class _Worker:
    """A worker, and what it does.

    future: of its check or its submission, which began at `since`; None while it has neither.
    number: of its submission.
    failed: the submissions at which it failed since it last graded one.
    """

    accepted: bool = False
    future: Any = None
    since: float = 0.0
    number: int | None = None
    failed: set[int] = field(default_factory=set)


class Cluster:
    """Workers that grade; made by `connected`."""

    def __init__(self, client: Any, settings: Settings, notify: Callable[[str], None],
                 any_fence: bool, deadline: float) -> None:
        self._client, self._settings, self._notify = client, settings, notify
        self._any_fence, self._deadline = any_fence, deadline
        self._course = course_hash(settings.root)
        self._workers: dict[str, _Worker] = {}
        self._restarting = False  # whether a worker ended, which a nanny may restart

    def grade_all(self, submissions: list[Submission]) -> Iterator[Graded]:
        """Grade submissions; yields what `grade` returns, in this order. Raises CantGrade."""
        self._submissions, self._waiting = submissions, deque(range(len(submissions)))
        self._graded: dict[int, Graded] = {}
        self._tries: Counter[int] = Counter()
        self._answered = self._able = time.monotonic()  # when the scheduler was; when a worker was
        try:
            for number in range(len(submissions)):
                while number not in self._graded:
                    self._look()
                    self._wait()
                    self._collect()
                    self._hand_out()
                yield self._graded.pop(number)
        finally:
            for worker in self._workers.values():
                self._release(worker)
            self._workers.clear()

    def _look(self) -> None:
        """See which workers came, went or take too long. Raises CantGrade."""
        addresses, now = self._addresses(), time.monotonic()
        for address in addresses - self._workers.keys():
            self._workers[address] = _Worker()
            self._submit(address, check_worker, self._course, self._settings, self._any_fence)
        for address in self._workers.keys() - addresses:
            self._restarting = True
            self._notify(f"The worker {address} is gone; others take what it had.")
            self._try_again(self._release(self._workers.pop(address)), "its worker ended")
        for address, worker in self._workers.items():
            limit = CHECK if worker.number is None else self._deadline
            if worker.future and now - worker.since > limit:
                self._too_late(address, worker)
        if any(worker.accepted for worker in self._workers.values()):
            self._able = now
        checking = any(worker.future for worker in self._workers.values())
        hopeless = self._workers and not self._restarting  # all are refused
        if now - self._able > (CHECK + 1 if checking else 1.0 if hopeless else PATIENCE):
            raise CantGrade("the scheduler has no worker that can grade; start one in the "
                            "course's folder: PYTHONPATH=$PWD dask worker ADDRESS --nthreads 1")

    def _addresses(self) -> set[str]:
        """Ask for the workers' addresses; the known ones while the scheduler does not answer.

        Raises CantGrade when the scheduler is gone, or has not answered for `PATIENCE`.
        """
        try:
            addresses = set(self._client.nthreads(callback_timeout=CONNECT))
            self._answered = time.monotonic()
        except Exception:  # a client that loses its scheduler raises whatever it comes upon
            addresses = set(self._workers)
        if self._client.status in ("closing", "closed"):  # it tried to reconnect for `CONNECT`
            raise CantGrade("the scheduler is gone")
        if time.monotonic() - self._answered > PATIENCE:
            raise CantGrade("the scheduler does not answer")
        return addresses

    def _wait(self) -> None:
        """Wait until a worker is done, or it is time to look again."""
        from distributed import wait  # `as_completed` has no time limit for its next future

        futures, done = [w.future for w in self._workers.values() if w.future], None
        with suppress(Exception), self._client.as_current():  # `wait` asks the current client
            done = wait(futures, timeout=0.5, return_when="FIRST_COMPLETED").done
        if not done:
            time.sleep(0.05)  # without futures, or a connection, the loop would take a core

    def _collect(self) -> None:
        """Take from the workers what is done."""
        for address, worker in list(self._workers.items()):
            status = worker.future and worker.future.status
            if status == "finished":
                try:  # at most as long again: the result of a dead worker never comes
                    answer = worker.future.result(max(1.0, time.monotonic() - worker.since))
                except Exception:  # it is long, or the worker is soon seen to be gone
                    continue
                self._finished(address, worker, answer)
            elif status == "error":
                self._failed(address, worker, type(worker.future.exception()).__name__)
            elif status == "cancelled":  # the connection was lost: the worker is checked anew
                self._try_again(self._release(self._workers.pop(address)))

    def _finished(self, address: str, worker: _Worker, answer: Any) -> None:
        number = self._release(worker)
        if number is not None:
            self._graded[number] = answer
            worker.failed.clear()
        elif answer:
            self._notify(f"The worker {address} is refused: {answer}.")
        else:
            worker.accepted = True

    def _failed(self, address: str, worker: _Worker, error: str) -> None:
        number = self._release(worker)
        if number is None:
            self._notify(f"The worker {address} is refused: it does not have this course, or "
                         f"another version of it ({error}).")
            return
        self._try_again(number, f"it raised {error}")
        worker.failed.add(number)
        if len(worker.failed) > 1:  # the worker is at fault: its disk may be full
            self._drop(address, worker, f"raised {error} for one submission after another")

    def _too_late(self, address: str, worker: _Worker) -> None:
        number = self._release(worker)
        if number is None:
            self._notify(f"The worker {address} is refused: it does not answer.")
            return
        submission, did = self._submissions[number], f"took over {self._deadline:g} s"
        self._try_again(number, f"it {did}")
        self._drop(address, worker, f"{did} for {submission.student}, {submission.assignment}")

    def _drop(self, address: str, worker: _Worker, did: str) -> None:
        worker.accepted = False
        self._notify(f"The worker {address} {did}, and gets no other; others take what it had.")

    def _hand_out(self) -> None:
        """Give a submission to each worker that has nothing to do."""
        for address, worker in self._workers.items():
            if self._waiting and worker.accepted and not worker.future:
                number = self._waiting.popleft()
                submission = self._submissions[number]
                try:
                    data = submission.read()
                except (Unreadable, OSError):
                    self._graded[number] = grade(submission, self._settings)  # it says why
                    continue
                self._submit(address, grade_bytes, submission, data, self._settings)
                worker.number = number

    def _submit(self, address: str, function: Callable[..., Any], *arguments: Any) -> None:
        worker = self._workers[address]
        worker.future = self._client.submit(function, *arguments, workers=[address], pure=False)
        worker.since = time.monotonic()

    def _release(self, worker: _Worker) -> int | None:
        """Forget, and cancel if need be, what a worker does; the number of its submission."""
        if worker.future and not worker.future.done():
            with suppress(Exception):  # as in `_addresses`
                self._client.cancel([worker.future])
        number, worker.number, worker.future = worker.number, None, None
        return number

    def _try_again(self, number: int | None, blame: str | None = None) -> None:
        """Let another worker have a submission; with a blame it counts as a try."""
        if number is None:
            return
        self._tries[number] += blame is not None
        if self._tries[number] < TRIES:
            self._waiting.insert(1, number)  # second: a worker at fault fails at the next, too
            return
        submission = self._submissions[number]
        self._graded[number] = Result(
            str(submission.path), submission.student, submission.assignment, "quarantined",
            f"It was given to {TRIES} workers, and none graded it; at last {blame}. "
            "The next run tries it again."), None
