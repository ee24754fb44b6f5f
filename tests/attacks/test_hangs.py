"""Answers that never end, or end too much: each costs itself and nothing else."""

from attacks.driver import RIGHT, Attack, each, right
from autograder.grading import engine

TIMEOUT = [
    Attack("loop", "def attacked(x):\n    while True: pass", "timeout"),
    Attack("loop_in_the_cell", "while True: pass" + RIGHT, "timeout"),
    Attack("loop_that_swallows_everything", """
def attacked(x):
    while True:
        try:
            while True: pass
        except BaseException: pass
""", "timeout"),
    Attack("signals_blocked", """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
def attacked(x):
    while True: pass
""", "timeout"),
    Attack("sleep", "import time\ndef attacked(x): time.sleep(10**6)", "timeout"),
    Attack("sleep_in_the_cell", "import time; time.sleep(10**6)" + RIGHT, "timeout"),
    Attack("stops_itself", "import os, signal\n"
           "def attacked(x): os.kill(os.getpid(), signal.SIGSTOP)", "timeout"),
    right("stops_itself_in_the_cell", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"),
    Attack("deadlock", "import threading\nlock = threading.Lock()\n"
           "def attacked(x):\n    lock.acquire(); lock.acquire()", "timeout"),
    Attack("holds_the_interpreter_lock", "import re\n"
           "def attacked(x): re.match('(a+)+$', 'a' * 60 + 'b')", "timeout"),
    Attack("power_of_powers", "def attacked(x): return 7 ** 7 ** 12", "timeout"),
    Attack("endless_generator_in_the_cell", "import itertools\nsum(itertools.count())" + RIGHT,
           "timeout"),
    Attack("endless_top_level_await", "import asyncio\nawait asyncio.sleep(10**6)" + RIGHT,
           "timeout"),
    Attack("endless_repr", "class Endless:\n    def __repr__(self):\n        while True: pass\n"
           "attacked = Endless()\nattacked", "timeout"),
    Attack("endless_exception_text", """
class Endless(Exception):
    def __str__(self):
        while True: pass
def attacked(x): raise Endless
""", "timeout"),
    Attack("waits_for_a_child", "import os\ndef attacked(x):\n"
           "    if os.fork() == 0:\n        while True: pass\n    os.wait()", "timeout"),
    Attack("hangs_at_import", "import sys, os\nos.makedirs('deep')\n"
           "open('deep/hang.py', 'w').write('while True: pass')\nsys.path.insert(0, 'deep')\n"
           "import hang" + RIGHT, "timeout"),
    Attack("calls_the_test_forever", "def mapped(f, x):\n    while True: f(x)", "timeout",
           exercise="mapped"),
]
CRASH = [
    Attack("exits", "import os\ndef attacked(x): os._exit(0)", "crashed"),
    Attack("exits_in_the_cell", "import os\nos._exit(0)" + RIGHT, "crashed"),
    Attack("aborts", "import os\ndef attacked(x): os.abort()", "crashed"),
    Attack("segfault", "import ctypes\ndef attacked(x): ctypes.string_at(0)", "crashed"),
    Attack("segfault_in_the_cell", "import ctypes\nctypes.string_at(0)" + RIGHT, "crashed"),
    Attack("stack_overflow_in_c", "import ctypes\ncallback = None\n"
           "@ctypes.CFUNCTYPE(None)\ndef again(): again()\n"
           "import sys; sys.setrecursionlimit(10**9)\n"
           "def attacked(x):\n    return attacked(x)\n"
           "def attacked(x, f=[]):\n    again()", "crashed"),
    Attack("kills_itself", "import os\ndef attacked(x): os.kill(os.getpid(), 9)", "crashed"),
    Attack("replaces_itself", "import os\n"
           "def attacked(x): os.execv('/bin/true', ['/bin/true'])", "crashed"),
]
RAISE = [
    Attack("recursion", "def attacked(x): return attacked(x)", "raised"),
    Attack("leaves", "def attacked(x): raise SystemExit(0)", "raised"),
    Attack("interrupts", "def attacked(x): raise KeyboardInterrupt", "raised"),
    Attack("raises_past_exception", "class Base(BaseException): pass\n"
           "def attacked(x): raise Base", "crashed"),
    Attack("generator_exit", "def attacked(x): raise GeneratorExit", "crashed"),
    Attack("stop_iteration", "def attacked(x): raise StopIteration", "raised"),
    Attack("exception_group",
           "def attacked(x): raise BaseExceptionGroup('a', [KeyboardInterrupt()])", "crashed"),
    Attack("nested_exception_groups", """
def attacked(x):
    error = ValueError('x')
    for _ in range(5000): error = ExceptionGroup('g', [error])
    raise error
""", "raised"),
    Attack("assertion", "def attacked(x): raise AssertionError", "raised"),
    Attack("check_failed", "from utils.checks import CheckFailed\n"
           "def attacked(x): raise CheckFailed('passed')", "raised"),
]
BESIDE = [
    right("leaves_the_cell", "import atexit, os\natexit.register(os._exit, 1)"),
    right("exits_at_the_end_of_the_cell", "import atexit\natexit.register(print, 'ESCAPED')"),
    right("alarm_handler", "import signal\nsignal.signal(signal.SIGALRM, lambda *a: None)\n"
          "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)"),
    right("deep_recursion_limit", "import sys\nsys.setrecursionlimit(10**9)"),
    right("asks", "try: input('?')\nexcept Exception: pass"),
    right("reads_standard_input", "import sys\nsys.stdin.read()"),
    right("thread_that_never_ends", "import threading, time\n"
          "threading.Thread(target=time.sleep, args=(10**6,)).start()"),
]


@each(TIMEOUT)
def test_a_hang_costs_its_exercise(field, attack):
    field.attack(attack)


@each(CRASH)
def test_a_crash_costs_its_exercise(field, attack):
    field.attack(attack)


@each(RAISE)
def test_what_is_raised_costs_its_exercise(field, attack):
    field.attack(attack)


@each(BESIDE)
def test_mischief_beside_a_right_answer(field, attack):
    field.attack(attack)


def test_a_free_cell_that_hangs_costs_nothing(field):
    field.attack(Attack("free", "while True: pass", score=4.0, before=True))


def test_many_hangs_in_one_notebook_cost_their_exercises(field):
    hang = "    while True: pass"
    result, _ = field.grade(field.notebook(
        before=f"def before(x):\n{hang}", letter=f"def letter():\n{hang}",
        mapped=f"def mapped(f, x):\n{hang}"))
    assert {e.name: (e.score, e.error) for e in result.exercises} == {
        "before": (0, "timeout"), "attacked": (4, None), "mapped": (0, "timeout"),
        "letter": (0, "timeout"), "listed": (1, None), "after": (1, None)}
    field.stands(result)


def test_a_submission_has_a_time_for_all_of_it(field, monkeypatch):
    monkeypatch.setattr(engine, "BUDGET", 1)
    result, _ = field.grade(field.notebook(before="def before(x):\n    while True: pass"))
    assert {e.name: (e.score, e.error) for e in result.exercises} == dict.fromkeys(("before", "attacked", "mapped", "letter", "listed", "after"), (0, "timeout"))
    monkeypatch.undo()
    field.honest()
