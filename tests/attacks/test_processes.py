"""Answers that play with processes and descriptors: each costs itself and no later exercise."""

from attacks.driver import RIGHT, Attack, each, held, right


def right_call(name, source):
    """A right answer, which keeps its points."""
    return Attack(name, source, score=4.0)


BLOCKING = """
import fcntl, os
def unblock():
    for number in range(256):
        try:
            fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) | os.O_NONBLOCK)
        except OSError:
            pass
"""
GARBAGE = """
import os, threading, time
def garbage():
    while True:
        for number in range(256):
            try:
                os.write(number, b"\\xff" * 4096)
            except OSError:
                pass
        time.sleep(0.001)
"""
# What it earns depends on who answers first; a wrong answer of a process earns nothing.
COSTS = [
    Attack("the_child_answers_wrongly", """
import os
def attacked(x):
    return None if os.fork() == 0 else [0.0]
"""),
    Attack("the_child_answers_and_the_parent_ends", """
import os
def attacked(x):
    if os.fork():
        os._exit(0)
    return [0.0]
"""),
    Attack("both_hang", """
import os
def attacked(x):
    os.fork()
    while True: pass
""", "timeout"),
    Attack("closes_everything", """
import os
def attacked(x):
    os.closerange(0, 256)
    return 3 * x
""", "crashed"),
    Attack("shuts_every_socket_down", """
import os, socket
def attacked(x):
    for number in range(256):
        try:
            socket.socket(fileno=os.dup(number)).shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    return 3 * x
""", "crashed"),
    Attack("stops_its_parent", """
import os, signal
def attacked(x):
    os.kill(os.getppid(), signal.SIGSTOP)
    os.kill(os.getppid(), signal.SIGKILL)
    return [0.0]
"""),
]
BESIDE = [
    Attack("everything_non_blocking", BLOCKING + """
def attacked(x):
    unblock()
    return 3 * np.asarray(x, dtype=float)
""", score=4.0),
    Attack("everything_non_blocking_in_the_cell", BLOCKING + "unblock()" + RIGHT, score=4.0),
    Attack("a_process_that_stays", """
import os, time
def attacked(x):
    if os.fork() == 0:
        os.setsid()
        time.sleep(600)
    return 3 * np.asarray(x, dtype=float)
""", score=4.0),
    Attack("a_process_that_forks_on", """
import os, time
def attacked(x):
    if os.fork() == 0:
        while True:
            if os.fork():
                os._exit(0)
            time.sleep(0.001)
    return 3 * np.asarray(x, dtype=float)
""", score=4.0),
    Attack("the_largest_descriptors_are_taken", """
import os
def attacked(x):
    try:
        while True:
            os.dup(0)
    except OSError:
        pass
    return 3 * np.asarray(x, dtype=float)
""", score=4.0),
    Attack("ignores_every_signal", """
import os, signal
def attacked(x):
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    if os.fork() == 0:
        while True: signal.pause()
    return 3 * np.asarray(x, dtype=float)
""", score=4.0),
]
# A thread that writes garbage where the answers go may cost this exercise, and no other.
ANY = [
    Attack("garbage_from_a_thread", GARBAGE + """
def attacked(x):
    threading.Thread(target=garbage, daemon=True).start()
    return 3 * np.asarray(x, dtype=float)
"""),
    Attack("garbage_from_a_thread_of_the_cell", GARBAGE + """
threading.Thread(target=garbage, daemon=True).start()
""" + RIGHT),
    Attack("garbage_from_a_process_of_the_cell", GARBAGE + """
if os.fork() == 0:
    os.setsid()
    garbage()
""" + RIGHT),
    Attack("both_answer", """
import os
def attacked(x):
    os.fork()
    return 3 * np.asarray(x, dtype=float)
"""),
]

# Right answers that use what Python has for working in parallel.
PARALLEL = [
    right_call("thread_pool", """
from multiprocessing.pool import ThreadPool
def attacked(x):
    with ThreadPool(2) as pool:
        return 3 * np.asarray(x, dtype=float) if pool.map(abs, [-1, 2]) == [1, 2] else None
"""),
    right_call("pool", """
from multiprocessing import Pool
def attacked(x):
    with Pool(2) as pool:
        return 3 * np.asarray(x, dtype=float) if pool.map(abs, [-1, 2]) == [1, 2] else None
"""),
    right_call("process_pool_executor", """
from concurrent.futures import ProcessPoolExecutor
def attacked(x):
    with ProcessPoolExecutor(2) as pool:
        return 3 * np.asarray(x, dtype=float) if list(pool.map(abs, [-1, 2])) == [1, 2] else None
"""),
    right_call("queue_and_lock", """
from multiprocessing import Lock, Process, Queue
def attacked(x):
    queue, lock = Queue(), Lock()
    with lock:
        process = Process(target=queue.put, args=(3.0,))
        process.start()
    factor = queue.get()
    process.join()
    return factor * np.asarray(x, dtype=float)
"""),
    right_call("several_blas_threads", """
from threadpoolctl import threadpool_limits
def attacked(x):
    with threadpool_limits(4):
        big = np.full((400, 400), 1 / 400) @ np.full((400, 400), 3.0)
    return big[0, 0].round(9) * np.asarray(x, dtype=float)
"""),
]
# Sockets whose memory counts for nobody, and those that reach past the network's namespace.
SOCKETS = [held(name, source) for name, source in {
    "vsock": "import socket\nsocket.socket(40, socket.SOCK_STREAM)",
    "internet": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_STREAM)",
    "netlink": "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "packet": "import socket\nsocket.socket(17, socket.SOCK_RAW)",
    "send_buffer": "import socket\na, b = socket.socketpair()\n"
                   "a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**23)",
    "receive_buffer": "import socket\na, b = socket.socketpair()\n"
                      "a.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**23)",
}.items()]
FILLED = """
import socket
kept, sent = [], 0
try:
    for _ in range(60):
        for end in socket.socketpair():
            end.setblocking(False)
            kept.append(end)
            try:
                while True:
                    sent += end.send(bytes(2**16))
            except BlockingIOError:
                pass
except OSError:
    pass
kept.clear()
print('HELD' if sent < 64 * 2**20 else 'ESCAPED', sent)
"""


@each(PARALLEL)
def test_right_answers_in_parallel_keep_their_points(field, attack):
    field.attack(attack)


@each([*SOCKETS, right("sixty_socket_pairs", FILLED, held=True)])
def test_sockets_are_few_small_and_local(field, attack):
    field.attack(attack)


@each(COSTS)
def test_a_process_that_spoils_its_answer_costs_its_exercise(field, attack):
    field.attack(attack)


@each(BESIDE)
def test_processes_and_descriptors_beside_a_right_answer_cost_nothing(field, attack):
    field.attack(attack)


@each(ANY)
def test_garbage_costs_no_other_exercise(field, attack):
    result, _ = field.grade(field.notebook(attacked=attack.source), field.patient)
    assert {e.name: e.score for e in result.exercises if e.name != "attacked"} == {
        "before": 1.0, "mapped": 1.0, "letter": 1.0, "listed": 1.0, "after": 1.0}
    field.stands(result)


def test_a_cell_that_leaves_a_thread_is_not_blamed_for_a_later_one(field):
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    result, _ = field.grade(field.notebook(
        attacked=thread + RIGHT, listed="import os\nos._exit(0)\ndef listed(n): return []"),
        field.patient)
    assert {e.name: e.score for e in result.exercises} == {
        "before": 1.0, "attacked": 4.0, "mapped": 1.0, "letter": 1.0, "listed": 0.0, "after": 1.0}
    field.stands(result)
