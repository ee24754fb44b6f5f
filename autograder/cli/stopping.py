"""How a command that runs until it is stopped is stopped."""

import signal
import threading


def on_request() -> threading.Event:
    """An event that is set when somebody asks this process to stop: Ctrl+C, `kill`, a service.

    The second time a KeyboardInterrupt is raised. Signals count even where whoever started this
    process ignores them, as a shell does for what runs in the background.
    """
    stop = threading.Event()

    def end(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop
