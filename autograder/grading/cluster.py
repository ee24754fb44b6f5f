"""Grade on other machines: submissions to the workers of a dask.distributed scheduler, and back.

A worker has the course's clone and nothing of the class: the bytes of a submission travel, and
what `grade` returns comes back. Who has what is decided here and not by dask, so that a worker's
death costs nothing but time: what it had is tried again, each on a worker that has nothing else,
so that the one that ends workers is found and no other pays for it.

Dask's own means don't fit: its allowed failures are the scheduler's setting, not a client's, and
count against everything queued on a worker that ends; `retries=` keeps to the workers named when a
task was submitted, though a worker that its nanny restarts has a new address; it has no time limit
for a task; and its subscriptions are not renewed after a lost connection. The bookkeeping that
this takes is one state machine, which is easier to follow in one file.
"""

import hashlib
import logging
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from nbformat import NotebookNode

from autograder.course import ROOT, code, files_beside, folder, lessons
from autograder.grading.engine import BUDGET
from autograder.grading.grade import grade, missing_fence
from autograder.grading.result import CantGrade, Result
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from autograder.notebooks.parse import Unreadable

AHEAD = 3  # submissions that a worker has at a time, one of them running: it never waits for us
TRIES = 3  # workers that a submission may end, or outlast, before it is left out
CONNECT = 5.0  # seconds to reach the scheduler, at first and when it is lost
PATIENCE = 30.0  # seconds without a worker, or an answer of the scheduler, before the run gives up
ANSWER = 120.0  # seconds for a worker to say what it is: it loads the libraries first

Examined = tuple[Result, NotebookNode | None]
_one_at_a_time = Lock()  # whatever number of threads a worker has: the engine is one


def course_hash(root: Path = ROOT) -> str:
    """What of a clone decides a mark: the built notebooks, and the code that grades them."""
    digest, grader = hashlib.sha256(), code(root)
    built = [path for lesson in lessons(root) for notebook in (lesson.solution, lesson.release)
             for path in (notebook, *files_beside(notebook).values()) if path.is_file()]
    known = [path for name in ("misconceptions", "modules")
             for path in folder(name, root).glob("*.py")]
    for place, paths in ((root, [*built, *known, *root.glob("course.toml")]),
                         (grader, [*grader.glob("autograder/**/*.py"),
                                   *grader.glob("utils/**/*.py")])):
        for path in sorted(set(paths)):
            digest.update(str(path.relative_to(place)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def check_worker(settings: Settings) -> tuple[str, list[str]]:
    """On a worker: which course it has, and what of the fence it can't give."""
    with _one_at_a_time:
        return course_hash(), missing_fence(replace(settings, root=ROOT))


def grade_bytes(one: Submission, data: bytes, settings: Settings) -> Examined:
    """On a worker: grade a submission that lies on another machine."""
    with _one_at_a_time, tempfile.TemporaryDirectory() as folder:
        here = Path(folder) / "submission.ipynb"
        here.write_bytes(data)
        result, notebook = grade(replace(one, path=here), replace(settings, root=ROOT))
    result.path = str(one.path)
    return result, notebook


@dataclass
class _Task:
    """A submission on its way.

    tries: how often a worker that had it ended, took too long, or raised something.
    fetch: seconds to wait for its result, which never comes from a worker that just ended.
    """

    number: int
    one: Submission
    data: bytes
    tries: int = 0
    fetch: float = 1.0
    future: Any = None


@dataclass
class _Worker:
    """A worker as the command sees it.

    introduction: what it is asked first; None when it is answered.
    tasks: what it has, the first one running. since: when the first one became so.
    raised: the submissions for which it raised something since it last graded one.
    """

    introduction: Any
    since: float
    refused: bool = False
    tasks: deque[_Task] = field(default_factory=deque)
    raised: set[int] = field(default_factory=set)

    def able(self) -> bool:
        """Whether it grades."""
        return self.introduction is None and not self.refused

    def has_room(self) -> bool:
        """Whether it may have a submission more; what was tried before has a worker to itself."""
        return len(self.tasks) < AHEAD and not any(task.tries for task in self.tasks)

    def cut_off(self) -> bool:
        """Whether what it was asked is cancelled, as all is when the scheduler is lost."""
        asked = [self.introduction, *(task.future for task in self.tasks)]
        return any(future is not None and future.status == "cancelled" for future in asked)


@contextmanager
def connected(address: str, settings: Settings, tell: Callable[[str], None],
              any_fence: bool = False, deadline: float | None = None) -> Iterator["Cluster"]:
    """The workers of the scheduler at an address. Raises CantGrade.

    tell: is given a line for each worker that is refused, lost or too slow.
    any_fence: take also workers whose fence is not whole.
    deadline: seconds for a submission; what the engine itself gives it, and a minute, if None.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CantGrade("--scheduler needs dask.distributed: pip install distributed") from None
    for name in ("distributed", "distributed.client", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # its troubles are told as lines
    try:
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CantGrade(f"there is no dask scheduler at {address}") from error
    try:
        cluster = Cluster(client, settings, tell, any_fence,
                          BUDGET * settings.timeout + 60 if deadline is None else deadline)
        cluster.wait_for_a_worker()
        yield cluster
    finally:
        with suppress(OSError):
            client.close(timeout=2)


class Cluster:
    """Workers that grade; made by `connected`."""

    def __init__(self, client: Any, settings: Settings, tell: Callable[[str], None],
                 any_fence: bool, deadline: float) -> None:
        self._client, self._settings, self._tell = client, settings, tell
        self._any_fence, self._deadline = any_fence, deadline
        self._course = course_hash(settings.root)
        self._workers: dict[str, _Worker] = {}
        self._alone_since = self._heard = time.monotonic()
        self._lost = False  # whether a worker ended, which may be started anew

    def wait_for_a_worker(self) -> None:
        """Return when somebody can grade. Raises CantGrade."""
        self._look(deque(), {})
        while not self._able():
            time.sleep(0.05)
            self._look(deque(), {})

    def grade_all(self, submissions: list[Submission]) -> Iterator[Examined]:
        """Grade submissions; results and notebooks as `grade`, in this order.

        Raises CantGrade.
        """
        done: dict[int, Examined] = {}
        waiting: deque[_Task] = deque()
        fresh = iter(enumerate(submissions))
        try:
            for number in range(len(submissions)):
                while number not in done:
                    self._look(waiting, done)
                    self._hand_out(waiting, fresh, done)
                    self._wait()
                    self._collect(waiting, done)
                yield done.pop(number)
        finally:
            for worker in self._workers.values():
                self._take_back(worker)

    def _able(self) -> list[_Worker]:
        return [worker for worker in self._workers.values() if worker.able()]

    def _hand_out(self, waiting: deque[_Task], fresh: Iterator[tuple[int, Submission]],
                  done: dict[int, Examined]) -> None:
        """Give each worker as much as it may have at a time, the emptiest first."""
        while roomy := [worker for worker in self._able() if worker.has_room()]:
            worker = min(roomy, key=lambda worker: len(worker.tasks))
            if waiting and worker.tasks:
                return  # soon it has nothing else
            task = waiting.popleft() if waiting else self._next(fresh, done)
            if task is None:
                return
            address = next(key for key, value in self._workers.items() if value is worker)
            # Of what comes within 100 ms dask would take the last first.
            task.future = self._client.submit(grade_bytes, task.one, task.data, self._settings,
                                              workers=[address], pure=False,
                                              priority=-time.time())
            if not worker.tasks:
                worker.since = time.monotonic()
            worker.tasks.append(task)

    def _next(self, fresh: Iterator[tuple[int, Submission]],
              done: dict[int, Examined]) -> _Task | None:
        for number, one in fresh:
            try:
                return _Task(number, one, one.read())
            except (Unreadable, OSError):
                done[number] = grade(one, self._settings)  # it says why it can't be read
        return None

    def _wait(self) -> None:
        """Until something is done, or it is time to look again."""
        from distributed import wait

        futures = [worker.tasks[0].future for worker in self._workers.values() if worker.tasks]
        futures += [worker.introduction for worker in self._workers.values()
                    if worker.introduction is not None]
        if not futures:
            time.sleep(0.05)
            return
        try:
            with self._client.as_current():  # `wait` asks the current client and no other
                wait(futures, timeout=0.5, return_when="FIRST_COMPLETED")
        except TimeoutError:
            pass
        except Exception:  # as in `_there`: a loop that never waits would take a core
            time.sleep(0.05)

    def _collect(self, waiting: deque[_Task], done: dict[int, Examined]) -> None:
        """Take what is done from the workers."""
        for address, worker in self._workers.items():
            while worker.tasks and worker.tasks[0].future.status in ("finished", "error"):
                task, reason = worker.tasks[0], ""
                try:
                    done[task.number] = task.future.result(timeout=task.fetch)
                    worker.raised.clear()
                except (TimeoutError, CancelledError):
                    task.fetch *= 2  # it is long, or `_look` sees that nobody has it any more
                    break
                except Exception as error:
                    reason = f"raised {type(error).__name__}"
                    worker.raised.add(task.number)
                    self._try_again(task, f"it {reason}", waiting, done)
                worker.tasks.popleft()
                worker.since = time.monotonic()
                if len(worker.raised) > 1:  # it is the worker that ails: its disk may be full
                    self._refuse(address, worker, f"{reason} for one submission after another")
                    waiting.extend(self._take_back(worker))

    def _try_again(self, task: _Task, reason: str, waiting: deque[_Task],
                   done: dict[int, Examined]) -> None:
        task.tries += 1
        if task.tries < TRIES:
            waiting.append(task)
        else:
            done[task.number] = Result(
                str(task.one.path), task.one.student, task.one.assignment, "quarantined",
                f"It was given to {TRIES} workers, and none graded it; at last {reason}. "
                "The next run tries it again."), None

    def _look(self, waiting: deque[_Task], done: dict[int, Examined]) -> None:
        """See which workers came, went, answered, or take too long. Raises CantGrade."""
        for address in [key for key, value in self._workers.items() if value.cut_off()]:
            waiting.extend(self._take_back(self._workers.pop(address)))  # it is met anew
        there, now = self._there(), time.monotonic()
        for address in there - self._workers.keys():
            self._workers[address] = _Worker(self._client.submit(
                check_worker, self._settings, workers=[address], pure=False), now)
        for address in self._workers.keys() - there:
            self._lost = True
            self._give_up(self._workers.pop(address), "its worker ended", waiting, done)
            self._tell(f"The worker {address} is gone; others take what it had.")
        for address, worker in self._workers.items():
            if worker.introduction is not None:
                self._meet(address, worker, now)
            elif worker.tasks and now - worker.since > self._deadline:
                one, late = worker.tasks[0].one, f"took over {self._deadline:g} s"
                self._refuse(address, worker, f"{late} for {one.student}, {one.assignment}")
                self._give_up(worker, f"it {late}", waiting, done)
        if self._able():
            self._alone_since = now
        elif now - self._alone_since > self._patience():
            raise CantGrade("the scheduler has no worker that can grade; start one in the "
                            "course's folder: PYTHONPATH=$PWD dask worker ADDRESS --nthreads 1")

    def _there(self) -> set[str]:
        """The addresses of the workers; the known ones while the scheduler can't be asked.

        Raises CantGrade when it is gone, or has not answered for `PATIENCE`.
        """
        if self._client.status in ("closing", "closed"):  # it sought the scheduler for `CONNECT`
            raise CantGrade("the scheduler is gone")
        try:
            there = set(self._client.nthreads(callback_timeout=CONNECT))
        except Exception:  # a client that loses its scheduler raises whatever it comes upon
            if time.monotonic() - self._heard > PATIENCE:
                raise CantGrade("the scheduler does not answer") from None
            return set(self._workers)
        self._heard = time.monotonic()
        return there

    def _patience(self) -> float:
        """All refused: no use in waiting. Somebody still to answer: longer."""
        if any(worker.introduction is not None for worker in self._workers.values()):
            return ANSWER + 1
        return 1.0 if self._workers and not self._lost else PATIENCE

    def _meet(self, address: str, worker: _Worker, now: float) -> None:
        """Take or refuse a worker by what it says of itself."""
        reason = None
        if worker.introduction.status == "pending":
            if now - worker.since < ANSWER:
                return
            reason = "it does not answer"
        else:
            try:
                course, missing = worker.introduction.result(timeout=10)
                if course != self._course:
                    reason = "it has another version of the course"
                elif missing and self._settings.fenced and not self._any_fence:
                    reason = (f"it can't build the whole fence: {', '.join(missing)} "
                              "(--any-fence takes it)")
            except Exception as error:
                reason = ("it does not have this course, or another version of it "
                          f"({type(error).__name__})")
        worker.introduction, worker.refused = None, reason is not None
        if reason:
            self._tell(f"The worker {address} is refused: {reason}.")

    def _refuse(self, address: str, worker: _Worker, did: str) -> None:
        worker.refused = True
        self._tell(f"The worker {address} {did}, and gets no other; others take what it had.")

    def _give_up(self, worker: _Worker, reason: str, waiting: deque[_Task],
                 done: dict[int, Examined]) -> None:
        """All that a worker has goes to others: which of it the worker was at is not certain."""
        for task in self._take_back(worker):
            self._try_again(task, reason, waiting, done)

    def _take_back(self, worker: _Worker) -> list[_Task]:
        """What a worker had."""
        tasks = list(worker.tasks)
        with suppress(Exception):  # as in `_there`
            self._client.cancel([task.future for task in tasks])
        worker.tasks.clear()
        return tasks
