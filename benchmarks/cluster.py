"""A dask scheduler with workers on this machine, for as long as something is timed.

Importing it lets a benchmark import the course and what the tests share.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


@contextmanager
def workers(count: int) -> Iterator[str]:
    """Start them; the scheduler's address. The workers may still be starting then."""
    started = []
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"

        def start(*words: str) -> None:
            with log.open("a") as file:
                started.append(subprocess.Popen(
                    [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1",
                     "--no-dashboard"],
                    cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=file,
                    stderr=file))

        try:
            start("scheduler", "--port", "0")
            while not (found := re.search(r"tcp://127\.0\.0\.1:\d+", log.read_text())):
                time.sleep(0.1)
            for _ in range(count):
                start("worker", found[0], "--nthreads", "1", "--no-nanny", "--local-directory",
                      scratch)
            yield found[0]
        finally:
            for process in started:
                process.kill()
                process.wait()
