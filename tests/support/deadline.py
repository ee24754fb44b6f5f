"""Waiting for something to be so, in place of sleeping for as long as it may take."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Return as soon as a condition holds; fail when it doesn't in so many seconds."""
    last = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < last, f"it is not so after {seconds} s"
        time.sleep(0.02)
