"""Start `make lab` as a newcomer does, wait until the address that it prints answers, stop it."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

PATIENCE = 900  # seconds until the address is printed; the environment may have to be made first
ANSWER = 60  # seconds from then on
STOP = 30  # seconds to end in


def main() -> int:
    """Returns the exit status."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    process = subprocess.Popen(
        ["make", "lab", f"ARGS=--port {port} --no-browser"], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    late = threading.Timer(PATIENCE, end, [process, signal.SIGKILL])
    late.start()
    try:
        address = printed_address(process)
        if not address:
            print("`make lab` ended without an address.")
            return 1
        rest = threading.Thread(target=process.stdout.read, daemon=True)
        rest.start()  # a full pipe would stop it
        page = answered(address)
        if "jupyter-config-data" not in page:
            print(f"What answers at {address} is not JupyterLab.")
            return 1
        end(process, signal.SIGTERM)
        process.wait(STOP)
    except (OSError, urllib.error.URLError, subprocess.TimeoutExpired) as error:
        print(f"`make lab`: {error}")
        return 1
    finally:
        late.cancel()
        end(process, signal.SIGKILL)
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except OSError:
        print("`make lab` answered, and ended when it was stopped.")
        return 0
    print(f"{address} still answers after the stop.")
    return 1


def printed_address(process: subprocess.Popen[str]) -> str:
    """The address with its token, from what is printed, which is passed on; "" at the end."""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+", line):
            return found[0]
    return ""


def answered(address: str) -> str:
    """What answers there, a moment after the address was printed. Raises OSError."""
    give_up = time.monotonic() + ANSWER
    while True:
        try:
            with urllib.request.urlopen(address, timeout=ANSWER) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)


def end(process: subprocess.Popen[str], how: signal.Signals) -> None:
    """Send a signal to make and to all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)


if __name__ == "__main__":
    sys.exit(main())
