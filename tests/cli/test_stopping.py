"""What a person sees who stops a command with Ctrl+C."""

import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from support import demo

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_grading_that_is_stopped_ends_with_a_line(jobs, tmp_path):
    lesson = demo.course(tmp_path / "course")
    for student in ("ann", "bob"):
        notebook = nbformat.read(lesson.solution, as_version=4)
        notebook.cells.append(new_code_cell("import time\ntime.sleep(25)"))
        path = tmp_path / "class" / student / lesson.name / f"{lesson.name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    running = subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", "--jobs", jobs, str(tmp_path / "class")],
        cwd=lesson.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
        # Whoever runs the tests in a shell's background has it ignored, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    time.sleep(5)  # it grades for half a minute
    os.killpg(running.pid, signal.SIGINT)
    said, error = running.communicate(timeout=60)
    assert (running.returncode, said, error) == (130, "", "\nStopped.\n")
