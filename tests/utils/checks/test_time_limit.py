"""A block's time limit: loops end, other people's alarms go on, and off means off."""

import contextlib
import gc
import signal
import sys
import threading
import time

import pytest

from utils._checks import time_limit

SHORT = 0.02  # seconds


def loop():
    while True:
        pass


def loop_around_try():
    while True:
        try:
            int("no number")
        except:  # noqa: E722  # as students write it
            continue


def try_around_loop():
    while True:
        try:
            while True:
                len("a")
        except BaseException:
            pass


def try_around_try():
    while True:
        try:
            with contextlib.suppress(BaseException):
                loop()
        except BaseException:
            pass


def sleep_again():
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            continue


def wait_for_a_lock():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def no_limit():
    """Nothing will ring, so there is no need to wait and see."""
    return signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0) and (
        signal.SIGALRM not in signal.sigpending())


def nobody(*_):
    pytest.fail("nobody set this alarm off")


@pytest.fixture(autouse=True)
def _alarm_as_before():
    """Hypothesis watches the garbage collector: a ring there is lost, and pytest reports it."""
    watchers = gc.callbacks[:]
    gc.callbacks.clear()
    before = signal.getsignal(signal.SIGALRM)
    yield
    gc.callbacks.extend(watchers)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("endless", [
    loop, loop_around_try, try_around_loop, try_around_try, sleep_again, wait_for_a_lock])
def test_what_never_ends_is_ended(endless):
    with pytest.raises(time_limit.TimeUp), time_limit.seconds(SHORT):
        endless()


def test_a_machine_on_which_a_ring_takes_longer_than_the_time_to_the_next(monkeypatch):
    real = signal.setitimer

    def slow(*times):
        real(*times)
        until = time.perf_counter() + 100e-6
        while time.perf_counter() < until:
            pass

    def swallow_for_ten_seconds():
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with contextlib.suppress(BaseException):
                loop()

    monkeypatch.setattr(signal, "setitimer", slow)
    with pytest.raises(time_limit.TimeUp), time_limit.seconds(SHORT):
        swallow_for_ten_seconds()


def test_what_ends_in_time_is_left_alone():
    with time_limit.seconds(60):
        done = sum(range(1000))
    assert done == 499500


@pytest.mark.parametrize("block", [lambda: None, loop, lambda: 1 / 0])
def test_nothing_rings_afterward(block):
    signal.signal(signal.SIGALRM, nobody)
    try:
        with time_limit.seconds(SHORT):
            block()
    except (time_limit.TimeUp, ZeroDivisionError):
        pass
    assert no_limit()
    assert signal.getsignal(signal.SIGALRM) is nobody


def test_somebody_elses_alarm_goes_on():
    signal.signal(signal.SIGALRM, nobody)
    signal.setitimer(signal.ITIMER_REAL, 600)
    with time_limit.seconds(SHORT):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > SHORT
        assert signal.getsignal(signal.SIGALRM) is nobody
    assert SHORT < signal.getitimer(signal.ITIMER_REAL)[0] < 600
    assert signal.getsignal(signal.SIGALRM) is nobody


def test_an_alarm_set_inside_goes_on():
    with time_limit.seconds(60):
        signal.signal(signal.SIGALRM, nobody)
        signal.setitimer(signal.ITIMER_REAL, 600)
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 60
    assert signal.getsignal(signal.SIGALRM) is nobody


def test_off_means_off():
    with time_limit.off():
        with time_limit.seconds(SHORT):
            assert no_limit()
        with time_limit.off():
            pass
        with time_limit.seconds(SHORT):
            assert no_limit()
    with time_limit.seconds(60):
        assert not no_limit()


def test_another_thread_goes_without():
    went = []

    def work():
        with time_limit.seconds(SHORT):
            went.append(no_limit())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert went == [True]


def test_a_machine_without_alarms_goes_without(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")
    with time_limit.seconds(SHORT):
        assert no_limit()


def test_a_ring_on_the_way_out_cuts_nothing_short():
    def ring_at_the_exit(frame, event, argument):
        if event == "call" and frame.f_code.co_name == "__exit__":
            signal.raise_signal(signal.SIGALRM)

    before = sys.getprofile()
    try:
        with time_limit.seconds(60):
            sys.setprofile(ring_at_the_exit)
    finally:
        sys.setprofile(before)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
