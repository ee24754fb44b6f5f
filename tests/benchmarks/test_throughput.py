"""`make bench-throughput`: the writing can be timed without grading a large class."""

import re
import subprocess
import sys

import pytest

from autograder.course import ROOT
from support.postgres import PROGRAMS


@pytest.mark.slow
def test_the_writing_has_a_row_for_each_gradebook():
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "throughput.py", "--submissions", "2", "--writer"],
        capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    rows = dict(re.findall(r"^writing, (\w+) +(.*)$", done.stdout, re.MULTILINE))
    assert re.fullmatch(r"[\d. ]+", rows["SQLite"])
    assert re.fullmatch(r"[\d. ]+" if PROGRAMS else "its server is not installed here",
                        rows["PostgreSQL"])
    assert " job" not in done.stdout
