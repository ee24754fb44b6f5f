"""Answers that play with processes and descriptors: each costs itself and no later exercise."""

from attacks.driver import RIGHT, Attack, each

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
