"""Answers that use up memory, processes, disk or attention."""

import pytest

from attacks.driver import MARKER, RIGHT, Attack, each, held, right

MEMORY = [
    Attack("memory_in_a_call", "def attacked(x):\n    kept = []\n    while True:\n"
           "        kept.append(np.ones(2**24))", "memory"),
    Attack("memory_in_a_cell", "kept = []\nwhile True: kept.append(bytes(2**24) + b'x')" + RIGHT,
           "memory"),
    Attack("memory_in_children", """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = np.ones(2**26)
        time.sleep(60)
time.sleep(60)
""" + RIGHT, "memory"),
    Attack("memory_in_a_child_of_a_thread", """
import os, threading, time
def child():
    if os.fork() == 0:
        kept = np.ones(2**29)
        time.sleep(60)
    time.sleep(60)
threading.Thread(target=child).start()
time.sleep(60)
""" + RIGHT, "memory"),
    Attack("memory_behind_a_stream_of_messages", """
import threading
def attacked(x):
    import gc, socket, struct
    from autograder.rpc.channel import Channel
    channel = next(thing for thing in gc.get_objects() if type(thing) is Channel
                   and thing._socket.fileno() > 0)
    kept = []
    while True:
        channel.send(1, struct.pack('<I', 10**6))
        channel.receive()
        kept.append(np.ones(2**20))
""", "memory"),
    Attack("fork_bomb", """
import os, time
for _ in range(10**5):
    try:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
    except OSError: break
time.sleep(2)
""" + RIGHT, "memory"),
    Attack("fork_bomb_that_goes_on", """
import os, time
if os.fork() == 0:
    while True:
        try: os.fork()
        except OSError: pass
time.sleep(2)
""" + RIGHT, "memory"),
]
BESIDE = [
    held("one_huge_request", "kept = np.empty(2**50)"),
    held("files_in_memory", "import os\nos.write(os.memfd_create('x'), b'x')"),
    held("system_v_shared_memory", "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
         "if libc.shmget(0, ctypes.c_size_t(2**30), 0o1600) < 0:\n"
         "    raise OSError(ctypes.get_errno())"),
    held("shared_zeros", "import mmap, os\n"
         "mmap.mmap(os.open('/dev/zero', os.O_RDWR), 2**20)"),
    held("full_scratch", "for n in range(10**4):\n"
         "    with open(f'file{n}', 'wb') as file: file.write(bytes(2**20))"),
    held("huge_file", "with open('huge', 'wb') as file:\n"
         "    for _ in range(2**12): file.write(bytes(2**20))"),
    held("many_files", "for n in range(10**6): open(f'file{n}', 'w').close()"),
    held("shared_pages_of_no_file", "import mmap\nmmap.mmap(-1, 2**22)"),
    right("busy_processes", """
import os
for _ in range(20):
    if os.fork() == 0:
        while True: pass
"""),
    right("prints_much", "print('flood ' * 10**7)\nfor _ in range(1000): print('x' * 10**5)"),
    right("prints_to_standard_error", "import sys\nsys.stderr.write('flood' * 10**7)"),
    right("prints_past_python", "import os\nfor _ in range(100): os.write(1, b'x' * 10**6)"),
    right("prints_from_a_command", "!head -c 100000000 /dev/urandom"),
    right("huge_repr", "class Huge:\n    def __repr__(self): return 'x' * 10**8\nHuge()"),
    right("huge_display", "from IPython.display import HTML, display\n"
          "display(HTML('x' * 10**8))"),
    right("many_displays", "from IPython.display import display\n"
          "for _ in range(2000): display('flood' * 100)"),
    right("huge_output_of_nothing_sensible",
          "get_ipython().display_pub.outputs.append({'data': {1: {2}}, 'metadata': print})"),
]
OWN = [
    Attack("many_open_files", "import os\ntry:\n    while True: os.dup(0)\n"
           "except OSError: pass" + RIGHT, "crashed"),
    Attack("many_threads_that_stay", """
import threading, time
try:
    while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
except RuntimeError: pass
""" + RIGHT, "crashed"),
]
TEXT = [
    Attack("huge_exception_text", "def attacked(x): raise ValueError('flood' * 10**6)", "raised"),
    Attack("huge_exception_text_in_the_cell", "raise ValueError('flood' * 10**6)" + RIGHT,
           "raised"),
    Attack("huge_exception_name",
           "def attacked(x): raise type('Flood' * 10**6, (Exception,), {})", "raised"),
    Attack("huge_exception_name_in_the_cell",
           "raise type('Flood' * 10**6, (Exception,), {})" + RIGHT, "raised"),
    Attack("huge_line", "def attacked(x): raise ValueError(" + "+".join(["1"] * 20_000) + ")",
           "raised"),
    Attack("prints_forever", "def attacked(x):\n    while True: print('flood')", "timeout"),
    Attack("prints_forever_in_the_cell", "while True: print('flood' * 1000)" + RIGHT, "timeout"),
    Attack("many_warnings", "import warnings\ndef attacked(x):\n"
           "    for n in range(10**4): warnings.warn('flood' * 1000)\n    return x"),
]


@each(MEMORY)
def test_too_much_memory_costs_its_exercise(field, attack):
    result, _ = field.grade(field.notebook(attacked=attack.source), field.patient)
    found = {exercise.name: exercise for exercise in result.exercises}
    assert (found["attacked"].score, found["attacked"].error) == (0, "memory")
    assert result.score == 5.0
    field.stands(result)


@each(BESIDE)
def test_a_flood_beside_a_right_answer_costs_nothing(field, attack):
    _, outputs = field.attack(attack)
    assert len(outputs) < 500_000


@each(OWN)
def test_who_takes_what_others_need_is_found(field, attack):
    field.attack(attack)


@each(TEXT)
def test_what_fails_loudly_is_cut(field, attack):
    exercise, outputs = field.attack(attack)
    assert len(outputs) < 500_000
    assert all(len(check.message) < 2100 for check in exercise.checks)


@pytest.mark.parametrize("where", ["cell", "call"])
def test_no_process_outlives_its_submission(field, where):
    daemon = f"""
import os, subprocess, sys
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv('/bin/sleep', ['{MARKER}', '600'])
        os._exit(0)
"""
    if where == "cell":
        field.attack(right("daemon", daemon + "daemon()\nimport time; time.sleep(0.2)"))
    else:
        field.attack(Attack("daemon", daemon + "def attacked(x):\n    daemon()\n    return x"))
