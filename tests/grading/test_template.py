"""The process of which warm processes are forks: one for all jobs, started early, and replaced."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.grading import grade as grading
from autograder.grading import template
from autograder.grading.pool import grade_all
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


def processes(root: Path) -> dict[int, int]:
    """The processes behind a course's fence, each with its parent."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if WORKER in line(int(process.name)) and str(root) in line(int(process.name)):
                parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
                found[int(process.name)] = int(parent)
    return found


def templates(root: Path) -> set[int]:
    """Those of a course that no other of them has forked, as far as their parents still live."""
    return {pid for pid, parent in processes(root).items()
            if line(parent) and WORKER not in line(parent)}


def ended(root: Path) -> bool:
    until = time.monotonic() + 10
    while processes(root) and time.monotonic() < until:
        time.sleep(0.02)
    return not processes(root)


def score(lesson, settings):
    result, _ = grading.grade(Submission(lesson.solution), settings)
    return result.score


def test_all_jobs_fork_from_one_template_and_nothing_is_left(lesson, settings):
    seen = []
    for result, _ in grade_all([Submission(lesson.solution)] * 6, 2, settings):
        assert result.score > 0
        seen.append(templates(lesson.root))
        warm = set(processes(lesson.root).values())
        assert seen[-1] <= warm
    assert len(set.union(*seen)) == 1
    grading._engine(settings).close()
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
    early = templates(lesson.root)
    assert len(early) == 1
    score(lesson, settings)
    assert templates(lesson.root) == early
    other = Settings(30.0, root=lesson.root, full=True)
    score(lesson, other)
    assert len(templates(lesson.root)) == 2
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
