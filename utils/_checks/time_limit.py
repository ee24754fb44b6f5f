"""A time limit for a block of code, so that an endless loop ends and the kernel goes on.

An alarm of the operating system interrupts the main thread. Where that can't be had (on Windows,
in other threads, or when somebody else's alarm is set) the block runs without a limit.
"""

import contextlib
import signal
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from types import CodeType, FrameType

SECONDS = 10.0  # for a check, and for a call by an explorer
SECONDS_AFTER_TIMEOUT = 1.0  # for those of an answer that has used up its time before
REPEAT = 0.05  # seconds from the first ring to the second
SWEEP = 40  # microseconds: later rings come after 1, 2, … and so on
LONGEST = 8 * SWEEP  # of the sweeps, each twice as long as the one before, then SWEEP again

_enabled = ContextVar("enabled", default=True)


class TimeUp(BaseException):
    """The time is over. No Exception, so that `except Exception` in an answer lets it pass."""


class _Clock:
    armed = False
    rings = 0
    wait = 0  # microseconds, before the last of the later rings
    sweep = SWEEP
    early = False  # a ring came before the one before was raised


@contextlib.contextmanager
def off() -> Iterator[None]:
    """No limits inside: for a caller who has deadlines of its own."""
    before = _enabled.set(False)
    try:
        yield
    finally:
        _enabled.reset(before)


@contextlib.contextmanager
def seconds(limit: float, *, even_when_off: bool = False) -> Iterator[None]:
    """Raises TimeUp in the block when it runs for longer than `limit` seconds.

    even_when_off: for the deadlines of a caller of `off`.
    """
    if not (even_when_off or _enabled.get()) or not _available():
        yield
        return
    theirs = signal.signal(signal.SIGALRM, _on_alarm)
    _Clock.rings, _Clock.wait, _Clock.sweep = 0, 0, SWEEP
    try:
        _Clock.armed = True
        signal.setitimer(signal.ITIMER_REAL, limit, REPEAT)
        yield
    finally:
        _Clock.armed = False  # first: nothing is interrupted from here on
        if signal.getsignal(signal.SIGALRM) is _on_alarm:  # else the block has set its own
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, theirs)


def message(name: str, limit: float, line: str = "") -> str:
    """What to tell a student whose function `name` hit the limit.

    line: where it was then, as `student_line.quoted` puts it.
    """
    return f"`{name}` was still running after {limit:g} s{line}. Is there a loop that never ends?"


def _available() -> bool:
    return (hasattr(signal, "setitimer")
            and threading.current_thread() is threading.main_thread()
            and not signal.getitimer(signal.ITIMER_REAL)[0]
            # None: a handler that was not set from Python, and can't be put back from here.
            and signal.getsignal(signal.SIGALRM) is not None)


def _on_alarm(number: int, frame: FrameType | None) -> None:
    if not _Clock.armed or _is_inside(_LEAVE, frame):
        return
    if _is_inside(_on_alarm.__code__, frame):
        _Clock.early = True
        return
    _Clock.rings += 1
    if _Clock.rings > 1:
        _ring_again()
    raise TimeUp


def _ring_again() -> None:
    """Who has swallowed a ring is waiting for the next inside the same `try`.

    One that comes a microsecond later each time hits the moment outside of it before long.
    """
    _Clock.early = True
    while _Clock.early:
        _Clock.early = False
        _Clock.wait += 1
        if _Clock.wait > _Clock.sweep:
            _Clock.wait = 1
            _Clock.sweep = SWEEP if _Clock.sweep >= LONGEST else 2 * _Clock.sweep
        signal.setitimer(signal.ITIMER_REAL, 1e-6 * _Clock.wait, REPEAT)


def _is_inside(code: CodeType, frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code is code:
            return True
        frame = frame.f_back
    return False


# A block, or a block inside it, is just being left: a ring would cut short the tidying.
_LEAVE = contextlib._GeneratorContextManager.__exit__.__code__
