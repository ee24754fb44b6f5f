"""The process of which warm processes are forks: one for all jobs, started early, and replaced."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.grading import grade as grading
from autograder.grading import template
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from support import demo
from utils._course import read_course

pytestmark = [pytest.mark.slow,
              pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes there")]


WORKER = "autograder.sandbox.worker"
# Says what is loaded of what takes long when the first process is started.
STARTED = """
import subprocess, sys

class Told(subprocess.Popen):
    def __init__(self, command, *rest, **options):
        if "autograder.sandbox.worker" in command:
            print("started, with", sorted({"IPython", "nbformat", "numpy"} & set(sys.modules)))
        super().__init__(command, *rest, **options)

subprocess.Popen = Told
from autograder.cli.parser import main
sys.exit(main(sys.argv[1:]))
"""

BY_TWO = """
import sys
from pathlib import Path
from autograder.grading.pool import grade_all
from autograder.grading.settings import Settings
from autograder.grading.submissions import find

for result, _ in grade_all(find(Path(sys.argv[1])), 2, Settings(root=Path.cwd())):
    print(result.score)
"""


@pytest.fixture
def lesson(tmp_path):
    return demo.course(tmp_path / "course")


@pytest.fixture
def settings(lesson):
    settings = Settings(30.0, root=lesson.root)
    yield settings
    grading._engine(settings).close()


def line(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    return ""


def parent(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def processes(root: Path) -> dict[int, int]:
    """The processes behind a course's fence, each with its parent."""
    found = [int(process.name) for process in Path("/proc").glob("[0-9]*")]
    return {pid: parent(pid) for pid in found if WORKER in line(pid) and str(root) in line(pid)}


def templates(root: Path, grader: int) -> set[int]:
    """Those of a course that were started by a process or by one of its forks."""
    return {pid for pid, starter in processes(root).items()
            if grader in (starter, parent(starter)) and WORKER not in line(starter)}


def ended(root: Path) -> bool:
    until = time.monotonic() + 10
    while processes(root) and time.monotonic() < until:
        time.sleep(0.02)
    return not processes(root)


def score(lesson, settings):
    result, _ = grading.grade(Submission(lesson.solution), settings)
    return result.score


def test_all_jobs_fork_from_one_template_and_nothing_is_left(lesson, tmp_path):
    # In a process of its own: one of a test run may have threads, and is then not forked.
    for number in range(8):
        (tmp_path / "class" / f"s{number}").mkdir(parents=True)
        shutil.copy(lesson.solution, tmp_path / "class" / f"s{number}")
    running = subprocess.Popen(
        [sys.executable, "-c", BY_TWO, str(tmp_path / "class")],
        cwd=lesson.root, stdout=subprocess.PIPE, text=True)
    ours, warm = set(), set()
    while running.poll() is None:
        ours |= templates(lesson.root, running.pid)
        warm |= {pid for pid, starter in processes(lesson.root).items() if starter in ours}
    assert running.stdout.read() == 8 * "3.0\n"
    assert running.returncode == 0
    assert len(ours) == 1
    assert len(warm) == 2
    assert ended(lesson.root)


@pytest.mark.parametrize("which", [("template",), ("warm process",), ("template", "warm process")],
                         ids=" and ".join)
def test_what_is_killed_is_replaced(lesson, settings, which):
    first = score(lesson, settings)
    ours = grading._engine(settings)
    pids = {"template": ours.template._process.pid, "warm process": ours.warm().pid}
    for name in which:
        os.kill(pids[name], signal.SIGKILL)
    assert score(lesson, settings) == first > 0
    ours._restart()  # as after a loss: what comes next is a fork again
    assert score(lesson, settings) == first
    assert (ours.template._process.pid == pids["template"]) == ("template" not in which)
    ours.close()
    assert ended(lesson.root)


def test_a_template_that_was_started_early_is_taken_once(lesson, settings):
    template.start_early(lesson.root)
    until = time.monotonic() + 10
    while not (early := templates(lesson.root, os.getpid())) and time.monotonic() < until:
        pass  # a program that has just been started has no command line yet
    assert len(early) == 1
    score(lesson, settings)
    assert templates(lesson.root, os.getpid()) == early
    other = Settings(30.0, root=lesson.root, full=True)
    score(lesson, other)
    assert len(templates(lesson.root, os.getpid())) == 2
    grading._engine(other).close()


def test_a_course_with_modules_of_its_own_is_not_started_early(lesson):
    with (lesson.root / "course.toml").open("a") as file:
        file.write('\n[fence.register]\nFrame = "frames"\n')
    read_course.cache_clear()
    template.start_early(lesson.root)
    assert not processes(lesson.root)


@pytest.mark.parametrize("command", [["grade", "nothing.ipynb"], ["submit", "01_demo"]])
def test_commands_start_it_before_they_import_the_grader(lesson, command):
    done = subprocess.run([sys.executable, "-c", STARTED, *command], cwd=lesson.root,
                          capture_output=True, text=True, input="no\n", check=False)
    assert done.stdout.splitlines()[0] == "started, with []"
    assert "Traceback" not in done.stderr
    assert ended(lesson.root)
