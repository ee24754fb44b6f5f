"""Answers that speak for the engine, or lay hands on it and on what it runs on."""

from attacks.driver import RIGHT, Attack, each, held, right

FIND_CHANNEL = """
import gc, json, os, socket, stat, struct  # 22 is worker.CELL
from autograder.rpc import codec
from autograder.rpc.channel import Channel
from autograder.rpc.exceptions import Outcome
from autograder.rpc.message import Shared
from autograder.rpc.peer import ANSWER, Peer
channels = lambda: [t for t in gc.get_objects() if type(t) is Channel]
def reply():  # on which the cell's outputs go
    asked, sockets = channels()[0]._socket.fileno(), []
    for fd in range(3, 128):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode) and fd != asked: sockets.append(fd)
        except OSError: pass
    return Channel(socket.socket(fileno=os.dup(sockets[-1])))
peer = lambda: next(t for t in gc.get_objects() if type(t) is Peer)
"""
EVERY = "for fd in range(3, 256):\n    try: {}\n    except OSError: pass\n"


def each_fd(do: str, indent: str = "") -> str:
    text = "import os\n" + EVERY.format(do)
    return "".join(indent + line + "\n" for line in text.splitlines())


GARBAGE = [
    Attack("garbage_on_every_descriptor",
           each_fd("os.write(fd, bytes(range(256)) * 8)") + RIGHT, "crashed"),
    Attack("zeros_on_every_descriptor", each_fd("os.write(fd, bytes(64))") + RIGHT, "crashed"),
    Attack("text_on_every_descriptor",
           each_fd("os.write(fd, b'{\"score\": 4}\\n' * 9)") + RIGHT, "crashed"),
    Attack("closes_every_descriptor", each_fd("os.close(fd)") + RIGHT, "crashed"),
    Attack("garbage_in_a_call", "def attacked(x):\n"
           + each_fd("os.write(fd, bytes(range(256)) * 8)", "    ") + "    return 3 * x",
           "timeout"),
    Attack("closes_every_descriptor_in_a_call",
           "def attacked(x):\n" + each_fd("os.close(fd)", "    ") + "    return 3 * x", "crashed"),
    Attack("half_a_message", FIND_CHANNEL + "reply()._socket.send(b'\\x16\\xff')\n"
           "os._exit(0)" + RIGHT, "crashed"),
    Attack("endless_message", FIND_CHANNEL +
           "reply()._socket.send(struct.pack('<BI', 22, 2**31))\n"
           "while True: reply()._socket.send(bytes(2**20))" + RIGHT, "crashed"),
    Attack("long_message_of_small_things", FIND_CHANNEL +
           "reply().send(22, b'[' + b'{},' * (2**25) + b'{}]')\n" + RIGHT,
           "crashed"),
    Attack("deep_message", FIND_CHANNEL +
           "reply().send(22, b'[' * 100_000 + b']' * 100_000)\n" + RIGHT,
           "crashed"),
    Attack("number_for_outputs", FIND_CHANNEL + "reply().send(22, b'5')\n" + RIGHT,
           "crashed"),
    Attack("huge_number_for_outputs",
           FIND_CHANNEL + "reply().send(22, b'1' * 10_000)\n" + RIGHT, "crashed"),
    Attack("not_utf8_for_outputs",
           FIND_CHANNEL + "reply().send(22, b'[\"\\xff\"]')\n" + RIGHT, "crashed"),
]
# Outputs that are none: what is not in order is left out, and nothing else happens.
FORGED_OUTPUTS = {
    "empty": "[{}]", "unknown": '[{"output_type": "evil"}]',
    "lists": '[{"output_type": ["error"]}]', "no_name": '[{"output_type": "error"}]',
    "error_of_lists": '[{"output_type": "error", "ename": [1], "evalue": {}, "traceback": 5}]',
    "stream_of_numbers": '[{"output_type": "stream", "name": "stdout", "text": 5}]',
    "stream_of_another_name": '[{"output_type": "stream", "name": "x", "text": "x"}]',
    "data_of_none": '[{"output_type": "display_data", "data": null, "metadata": null}]',
    "half_characters": '[{"output_type": "stream", "name": "stdout", "text": "\\\\ud800"}]',
    "not_a_number": '[{"output_type": "execute_result", "execution_count": NaN, '
                    '"data": {"text/plain": NaN}, "metadata": {}}]',
    "marked_as_score": '[{"output_type": "execute_result", "execution_count": 1, '
                       '"data": {"text/plain": "4.0"}, "metadata": {"nbgrader": {"points": 4}}}]',
}
ANSWERS = [
    Attack("true_for_every_answer", FIND_CHANNEL + """
def attacked(x):
    for _ in range(100):
        peer().channel.send(ANSWER, codec.pack(True, None)[0])
    return True
""", "raised"),
    Attack("answers_twice", FIND_CHANNEL + """
def attacked(x):
    answer = codec.pack_reply(Outcome(np.array([3.0, -6.0])), Shared([], []), None)
    peer().channel.send(ANSWER, answer)
    return np.array([3.0, -6.0])
""", score=1.0),
    Attack("answers_as_the_score", "def attacked(x): return {'score': 4.0, 'outcomes': []}"),
    Attack("another_peer", FIND_CHANNEL + """
def attacked(x):
    if np.ndim(x):  # not where a free cell tries it, in the notebook's own process
        Peer.serve = lambda self, data: self.channel.send(ANSWER, b'')
    return 3.0 * x
""", "raised", score=1.0),
    Attack("traceback_of_nothing", """
import traceback
traceback.format_exc = lambda *a: '  File "<ipython-input-1>", line 1, in attacked\\n    \\n'
def attacked(x): raise ValueError
""", "raised"),
    Attack("traceback_of_everything", """
import traceback
traceback.format_exc = lambda *a: '  File "' * 100_000
def attacked(x): raise ValueError
""", "raised"),
    Attack("calls_the_grader", FIND_CHANNEL + """
def attacked(x):
    for number in (0, 1, 2, 2**31):
        try: peer().call(number, 'x')
        except Exception as error: print(type(error))
    return 3.0 * x
""", score=4.0),
    Attack("changes_the_test's_argument", "def attacked(x):\n    x[...] = 0\n    return x * 3"),
    Attack("hands_back_the_argument_it_changed",
           "def attacked(x):\n    x *= 3\n    return x", score=2.0),
    Attack("reshapes_the_test's_argument", "def attacked(x):\n    x.shape = (1, -1)\n    return x",
           "raised"),
]
HANDS = [
    held("stops_the_first_process", "import os, signal\nos.kill(1, signal.SIGSTOP)\n"
         "os.kill(1, signal.SIGKILL)\nimport time; time.sleep(0.1)\n"
         "raise PermissionError('still there')"),
    held("kills_its_parent", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n"
         "import time; time.sleep(0.1)\nraise PermissionError('still there')"),
    held("traces_its_parent", "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
         "if libc.ptrace(16, os.getppid(), 0, 0): raise OSError(ctypes.get_errno())"),
    held("reads_its_parents_memory", """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(8)
here = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
there = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
if libc.process_vm_readv(os.getppid(), here, 1, there, 1, 0) < 0:
    raise OSError(ctypes.get_errno())
"""),
    right("kills_every_process", "import os\ntry: os.kill(-1, 9)\n"
          "except ProcessLookupError: pass"),
    right("kills_every_number", "import os\nfor pid in range(3, 40000):\n"
          "    try: os.kill(pid, 9)\n    except OSError: pass"),
    right("kills_its_group", "import os\nos.kill(0, 9)"),
    Attack("stops_its_group_in_a_call", "import os\ndef attacked(x): os.killpg(0, 19)", "timeout"),
    right("hangs_up_its_group", "import os, signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
          "os.kill(0, signal.SIGHUP)"),
    held("new_user_namespace", "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
         "if libc.unshare(0x10000000): raise OSError(ctypes.get_errno())"),
    held("new_user_namespace_by_clone", """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
pid = libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)
if pid == 0: os._exit(0)
if pid < 0: raise OSError(ctypes.get_errno())
"""),
    held("mounts", "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
         "if libc.mount(b'none', b'/scratch', b'tmpfs', 0, None):\n"
         "    raise OSError(ctypes.get_errno())"),
    held("unmounts", "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
         "if libc.umount2(b'/scratch', 2): raise OSError(ctypes.get_errno())"),
    held("becomes_another", "import os\nos.setuid(1)"),
    held("changes_root", "import os\nos.chroot('/scratch')"),
    held("makes_a_device", "import os, stat\n"
         "os.mknod('disk', stat.S_IFBLK | 0o666, os.makedev(8, 0))"),
    held("raises_its_limits", "import resource\n"
         "resource.setrlimit(resource.RLIMIT_NPROC, (10**6, 10**6))"),
    held("sets_the_host_name", "import socket\nsocket.sethostname('x')"),
    held("sets_the_clock", "import time\ntime.clock_settime(time.CLOCK_REALTIME, 0)"),
]


@each(GARBAGE)
def test_garbage_is_answered_by_the_loss_of_the_exercise(field, attack):
    field.attack(attack)


@each([right(name, FIND_CHANNEL + f"reply().send(22, b'''{outputs}''')\n")
       for name, outputs in FORGED_OUTPUTS.items()])
def test_forged_outputs_are_outputs_at_most(field, attack):
    result, ran = field.grade(field.notebook(attacked=attack.source))
    assert result.score <= 9.0
    for cell in ran.cells:
        for output in cell.get("outputs", ()):
            assert output.output_type in ("stream", "error", "display_data", "execute_result")
            assert "nbgrader" not in output.get("metadata", {})
    assert {e.name: e.score for e in result.exercises}["before"] == 1.0
    field.stands(result)


@each(ANSWERS)
def test_forged_answers_are_judged_as_answers(field, attack):
    field.attack(attack)


@each(HANDS)
def test_hands_are_kept_off(field, attack):
    field.attack(attack)
