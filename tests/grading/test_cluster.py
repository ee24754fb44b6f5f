"""Grading by the workers of a real dask scheduler: the same gradebook, whoever dies or is refused.

Everything listens on 127.0.0.1 only.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed import Client

from autograder.classroom.autograde import opened
from autograder.gradebook.book import Book
from autograder.gradebook.settings import settings
from autograder.grading.cluster import connected
from autograder.grading.result import CantGrade
from autograder.grading.settings import Settings
from support import demo
from support.classes import RIGHT, dump, gradebook, hand_in, marks, submitted

pytestmark = pytest.mark.slow

STUDENTS = 12
# A start-up file that the course's hash does not see. It leaves the process behind the fence alone.
HAUNTED = '''\
import os, pathlib, sys, time

if not any("autograder.sandbox.worker" in word for word in sys.orig_argv):
    from autograder.grading import cluster

    real = cluster.grade

    def grade(submission, settings):
        {what}
        return real(submission, settings)

    cluster.grade = grade
'''


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class that handed in, ungraded; and what its gradebook is after a run without workers."""
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course")
    Book(settings(lesson.root)).close()
    for number in range(STUDENTS):
        hand_in(lesson, f"s{number:02d}", [RIGHT, {"half": RIGHT["half"]}, {}][number % 3])
    shutil.copytree(lesson.root, lesson.root.parent / "alone")
    done = grade(lesson.root.parent / "alone")
    assert done.returncode == 0, done.stderr
    return lesson.root, dump(lesson.root.parent / "alone")


@pytest.fixture
def root(made, tmp_path):
    shutil.copytree(made[0], tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture(scope="module")
def elsewhere(made):
    return clone(made[0], made[0].parent / "elsewhere")


def clone(root: Path, to: Path) -> Path:
    """The course as another machine has it: without the class."""
    shutil.copytree(root, to, ignore=lambda folder, _: {"grading"} if Path(folder) == root else ())
    return to


def haunted(root: Path, to: Path, what: str) -> Path:
    """Such a clone, whose workers do something before they grade `submission`."""
    (clone(root, to) / "sitecustomize.py").write_text(HAUNTED.format(what=what))
    return to


def hanging(root: Path, folder: Path) -> tuple[Path, Path]:
    """Such a clone, whose workers wait while there is a file with the student's name; its folder.

    At first there is one for s03.
    """
    names = folder / "hanging"
    names.mkdir()
    (names / "s03").touch()
    return haunted(root, folder / "slow", f"while pathlib.Path({str(names)!r}, submission.student)"
                                          ".exists(): time.sleep(0.02)"), names


def begin(root, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "autograde", *arguments], cwd=root, text=True,
        env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)


def end(running):
    stdout, stderr = running.communicate(timeout=180)
    return subprocess.CompletedProcess(running.args, running.returncode, stdout, stderr)


def grade(root, *arguments):
    return end(begin(root, *arguments))


def until(condition):
    """Wait for a condition; what it then returns."""
    last = time.monotonic() + 90
    while not (value := condition()):
        assert time.monotonic() < last
        time.sleep(0.05)
    return value


class Dask:
    """A scheduler with workers in courses; `address` is where it listens."""

    def __init__(self, course, folder):
        self._folder, self._workers = folder, []
        self.scheduler, self._log = self._start(course, "scheduler", "--port", "0")
        self.address = until(lambda: re.search(r"tcp://127\.0\.0\.1:\d+", self._log.read_text()))[0]

    def _start(self, course, *words):
        log = self._folder / f"log{len(list(self._folder.iterdir()))}"
        with log.open("w") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"],
                cwd=course, stdout=file, stderr=file,
                env={**os.environ, "PYTHONPATH": str(course)}), log

    def workers(self, *courses, nanny="--no-nanny"):
        """Start one in each course, with a nanny that starts it anew or without; the processes."""
        started = [self._start(course, "worker", self.address, "--nthreads", "1", nanny,
                               "--local-directory", str(self._folder / "dask"))
                   for course in courses]
        self._workers += [process for process, _ in started]
        for _, log in started:
            until(lambda log=log: "Registered to" in log.read_text())
        return [process for process, _ in started]

    def end_workers(self):
        """The scheduler is then as it was."""
        for process in self._workers:
            process.kill()
            process.wait()
        self._workers.clear()

        def gone():
            log = self._log.read_text()
            return log.count("Register worker") == log.count("Remove worker")
        if self.scheduler.poll() is None:
            until(gone)

    def end(self):
        self.scheduler.kill()
        self.scheduler.wait()
        self.end_workers()


@pytest.fixture(scope="module")
def two_workers(elsewhere, tmp_path_factory):
    """The address of a scheduler with two workers to which no test does harm."""
    dask = Dask(elsewhere, tmp_path_factory.mktemp("two"))
    dask.workers(elsewhere, elsewhere)
    yield dask.address
    dask.end()


@pytest.fixture(scope="module")
def shared_scheduler(elsewhere, tmp_path_factory):
    dask = Dask(elsewhere, tmp_path_factory.mktemp("dask"))
    yield dask
    dask.end()


@pytest.fixture
def dask(shared_scheduler):
    """A scheduler without workers, which the test leaves alive."""
    yield shared_scheduler
    shared_scheduler.end_workers()


def test_two_workers_without_the_class_folder_make_the_same_gradebook(made, root, two_workers):
    done = grade(root, "--scheduler", two_workers)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{STUDENTS} of {STUDENTS} graded" in done.stdout
    assert dump(root) == made[1]


def test_two_classes_share_the_workers(made, root, two_workers, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(root, other)
    shutil.rmtree(submitted(other, "s00").parent)  # each place in line has another answer there
    runs = [begin(folder, "--scheduler", two_workers) for folder in (root, other)]
    for done, count in zip(map(end, runs), (STUDENTS, STUDENTS - 1), strict=True):
        assert (done.returncode, done.stderr) == (0, "")
        assert f"{count} of {count} graded" in done.stdout
    assert dump(root) == made[1]
    whole = marks(root)
    del whole["s00"]
    assert marks(other) == whole


def test_a_connection_that_breaks_is_taken_up_again(root, two_workers):
    notices = []
    with (opened(root) as room,
          connected(two_workers, Settings(root=root), notices.append, deadline=20) as cluster):
        results = cluster.grade_all(room.waiting())
        done = [next(results)]
        client, broken = cluster._client, cluster._client.scheduler_comm
        client.loop.add_callback(broken.comm.abort)
        until(lambda: client.status == "running" and client.scheduler_comm is not broken)
        done += results
    assert [result.status for result, _ in done] == ["graded"] * STUDENTS
    assert notices == []


def test_who_waits_for_workers_sleeps(root, two_workers, monkeypatch):
    looks = []
    real = Client.nthreads
    monkeypatch.setattr(Client, "nthreads",
                        lambda client, **given: looks.append(1) or real(client, **given))
    with opened(root) as room, connected(two_workers, Settings(root=root), print) as cluster:
        looks.clear()
        began = time.monotonic()
        assert len(list(cluster.grade_all(room.waiting()))) == STUDENTS
    # One for each that is done, and one each half second: a loop without a wait has thousands.
    assert len(looks) <= STUDENTS + 2 * (time.monotonic() - began) + 1


def test_a_worker_that_is_killed_loses_nothing(made, root, dask, elsewhere, tmp_path):
    slow, _ = hanging(root, tmp_path)
    [victim] = dask.workers(slow)
    running = begin(root, "--scheduler", dask.address)
    until(lambda: "s02" in marks(root))  # from there on it is at s03, and has others
    dask.workers(elsewhere)
    assert "s03" not in marks(root)
    victim.send_signal(signal.SIGKILL)
    done = end(running)
    assert done.returncode == 0, done.stderr
    assert "is gone; others take what it had" in done.stderr
    assert dump(root) == made[1]


@pytest.mark.long
def test_a_submission_that_ends_three_workers_is_left_out_until_the_next_run(
        made, root, dask, tmp_path):
    dask.workers(haunted(root, tmp_path / "weak", 'if submission.student == "s03": os._exit(1)'),
                 nanny="--nanny")
    done = grade(root, "--scheduler", dask.address)
    assert done.returncode == 0, done.stderr
    gone = done.stderr.splitlines()
    assert len(gone) == 3
    assert all("is gone; others take what it had" in line for line in gone)
    [line, summary] = done.stdout.splitlines()
    assert line.startswith("s03, 01_demo: not graded. It was given to 3 workers, and none graded ")
    assert line.endswith("at last its worker ended. The next run tries it again.")
    assert f"{STUDENTS - 1} of {STUDENTS} graded" in summary
    assert marks(root).keys() == {f"s{number:02d}" for number in range(STUDENTS)} - {"s03"}
    done = grade(root)
    assert done.stdout.startswith("1 of 1 graded"), done.stderr
    assert dump(root) == made[1]


@pytest.mark.long
def test_a_worker_that_fails_at_everything_gets_no_other(made, root, dask, elsewhere, tmp_path):
    full = haunted(root, tmp_path / "full", "raise OSError(28, 'No space left on device')")
    dask.workers(full)
    done = grade(root, "--scheduler", dask.address)
    assert done.returncode == 2
    notice, last = done.stderr.splitlines()
    assert ("raised OSError for one submission after another, and gets no other; others take"
            in notice)
    assert "no worker that can grade" in last
    assert not marks(root)
    dask.workers(elsewhere)
    done = grade(root, "--scheduler", dask.address)
    assert done.returncode == 0, done.stderr
    assert f"{STUDENTS} of {STUDENTS} graded" in done.stdout
    assert dump(root) == made[1]


@pytest.mark.long
def test_a_worker_that_takes_longer_than_the_deadline_gets_no_other(
        made, root, dask, elsewhere, tmp_path):
    slow, names = hanging(root, tmp_path)
    dask.workers(slow)
    done = grade(root, "--scheduler", dask.address, "--deadline", "3")
    assert done.returncode == 2
    notice, last = done.stderr.splitlines()
    assert "took over 3 s for s03, 01_demo, and gets no other" in notice
    assert "no worker that can grade" in last
    assert last.endswith("What is graded is kept; the next run goes on from here.")
    assert marks(root).keys() == {"s00", "s01", "s02"}
    # It wakes, and hangs again at s05, which it gets while the other worker still starts.
    (names / "s03").rename(names / "s05")
    dask.workers(elsewhere)
    done = grade(root, "--scheduler", dask.address, "--deadline", "3")
    assert done.returncode == 0, done.stderr
    [notice] = done.stderr.splitlines()
    assert "took over 3 s for s05, 01_demo, and gets no other" in notice
    assert dump(root) == made[1]


@pytest.mark.long
def test_a_scheduler_that_dies_is_one_line_and_the_next_run_goes_on(made, root, tmp_path):
    slow, _ = hanging(root, tmp_path)
    (tmp_path / "dask").mkdir()
    dask = Dask(slow, tmp_path / "dask")
    try:
        dask.workers(slow)
        running = begin(root, "--scheduler", dask.address)
        until(lambda: "s02" in marks(root))
        dask.scheduler.kill()
        done = end(running)
    finally:
        dask.end()
    assert done.returncode == 2
    assert done.stderr == ("autograder: the scheduler is gone. What is graded is kept; the next "
                           "run goes on from here.\n")
    assert marks(root).keys() == {"s00", "s01", "s02"}
    done = grade(root)
    assert done.stdout.startswith(f"{STUDENTS - 3} of {STUDENTS - 3} graded"), done.stderr
    assert dump(root) == made[1]


def test_a_scheduler_that_freezes_is_not_waited_for_for_ever(root, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.grading.cluster.CONNECT", 1.0)
    slow, _ = hanging(root, tmp_path)
    (tmp_path / "dask").mkdir()
    dask = Dask(slow, tmp_path / "dask")
    try:
        dask.workers(slow)
        with (opened(root) as room,
              connected(dask.address, Settings(root=root), print) as cluster):
            results = cluster.grade_all(room.waiting())
            assert [next(results)[0].status for _ in range(3)] == ["graded"] * 3
            monkeypatch.setattr("autograder.grading.cluster.PATIENCE", 2.0)
            dask.scheduler.send_signal(signal.SIGSTOP)
            with pytest.raises(CantGrade, match="does not answer"):
                next(results)
    finally:
        dask.end()


@pytest.mark.long
def test_workers_of_another_version_or_without_a_fence_are_refused(root, dask, tmp_path):
    other, open_ = clone(root, tmp_path / "other"), clone(root, tmp_path / "open")
    with next(other.glob("lessons/*/*.ipynb")).open("a") as file:
        file.write("\n")
    # A machine without namespaces: a start-up file that the course's hash does not see.
    (open_ / "sitecustomize.py").write_text(
        "import sys\nif any('autograder.sandbox.worker' in word for word in sys.orig_argv):\n"
        "    from autograder.sandbox import namespaces\n"
        "    def no(*_):\n        raise OSError(1, 'not permitted')\n"
        "    namespaces._enter = no\n")
    dask.workers(other, open_)
    done = grade(root, "--scheduler", dask.address)
    assert done.returncode == 2
    assert "is refused: it has another version of the course." in done.stderr
    assert "is refused: it can't build the whole fence: " in done.stderr
    assert "no worker that can grade" in done.stderr.splitlines()[-1]
    done = grade(root, "--scheduler", dask.address, "--any-fence")
    assert done.returncode == 0, done.stderr
    assert f"{STUDENTS} of {STUDENTS} graded" in done.stdout


def test_no_scheduler_is_one_line(root):
    before = gradebook(root).read_bytes()
    done = grade(root, "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.endswith("there is no dask scheduler at tcp://127.0.0.1:9")
    assert gradebook(root).read_bytes() == before


def test_without_dask_one_line_says_what_to_install(root):
    (root / "distributed.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'distributed'\", name='distributed')\n")
    before = gradebook(root).read_bytes()
    done = grade(root, "--scheduler", "tcp://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("autograder: --scheduler needs dask.distributed: "
                           "pip install distributed\n")
    assert gradebook(root).read_bytes() == before
