"""Answers that look for what they may not see, or talk to whom they may not."""

import os
import socket
import threading

import pytest

from attacks.driver import SECRET, Attack, each, held, right

PLACES = ["gradebook.db", "secret.txt", "submitted/bob/01_demo/01_demo.ipynb",
          "solutions/01_demo.py", "solutions/01_demo/01_demo.ipynb",
          "lessons/01_demo/01_demo.ipynb",
          "autograder/grading/runner.py", "misconceptions/01_demo.py"]
LOOKING = [held(name, source) for name, source in {
    "shadow": "open('/etc/shadow').read()",
    "process_table": "import os\nos.listdir('/proc')",
    "own_environment": "open('/proc/self/environ').read()",
    "first_process": "open('/proc/1/cmdline').read()",
    "home": "import os, sys\nassert set(os.listdir('/root')) - {*sys.prefix.split('/'), "
            "*sys.base_prefix.split('/')}",
    "link_out": "import os\nos.symlink('/etc/shadow', 'link')\nopen('link').read()",
    "hard_link": "import os\nos.link('/usr/bin/env', 'link')",
    "above_the_root": "import os\nassert os.stat('/..').st_ino != os.stat('/').st_ino",
    "path_trick": "open('/usr/../../../../etc/shadow').read()",
    "disk": "open('/dev/sda', 'rb').read(1)",
    "memory_of_the_machine": "open('/dev/mem', 'rb').read(1)",
    "terminal": "open('/dev/tty', 'w').write('ESCAPED')",
    "tests_in_memory": """
import gc
secret = 'tests-'.join(['secret-of-the-', '']).rstrip('-')
assert [t for t in gc.get_objects() if type(t) is dict
        for v in t.values() if type(v) is str and secret in v and v is not secret
        and 'secret-of-the-' + 'tests' != v and 'gc.get_objects' not in v]
""",
    "tests_on_the_stack": """
import sys
frame, names = sys._getframe(), set()
while frame:
    names |= set(frame.f_globals) | set(frame.f_locals)
    frame = frame.f_back
assert names & {'solution', 'reference', 'misconceptions', 'expected', 'lesson'}
""",
    "grader_modules": "import autograder.grading.runner",
    "lesson_modules": "import autograder.authoring.source",
    "environment": "import os\nassert set(os.environ) - {'PATH', 'HOME', 'LANG', 'MPLBACKEND', "
                   "'MPLCONFIGDIR', 'TMPDIR', 'LC_CTYPE'}",
}.items()]
WRITING = [held(name, source) for name, source in {
    "root": "open('/x', 'w')",
    "python": "import os\nopen(os.__file__, 'a')",
    "utils": "import utils.checks\nopen(utils.checks.__file__, 'a')",
    "system": "open('/usr/bin/x', 'w')",
    "remount": "import subprocess\nsubprocess.run(['mount', '-o', 'remount,rw', '/'], check=True)",
    "change_mode": "import os, numpy\nos.chmod(numpy.__file__, 0o777)",
    "remove": "import os, numpy\nos.remove(numpy.__file__)",
}.items()]
NETWORK = [held(name, "import socket\n" + source) for name, source in {
    "local_port": "socket.create_connection(('127.0.0.1', PORT), 1)",
    "local_port_6": "socket.create_connection(('::1', PORT), 1)",
    "far_away": "socket.create_connection(('1.1.1.1', 53), 1)",
    "names": "socket.getaddrinfo('example.org', 80)",
    "datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('1.1.1.1', 53))",
    "broadcast": "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                 "s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)\n"
                 "s.sendto(b'x', ('255.255.255.255', 9))",
    "raw": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "packet": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "abstract_socket": "socket.socket(socket.AF_UNIX).connect('\\0ABSTRACT')",
    "file_socket": "socket.socket(socket.AF_UNIX).connect('FILE')",
}.items()]


@pytest.fixture(scope="module")
def listening(tmp_path_factory):
    """Sockets of the outside that count who comes."""
    came, sockets = [], []
    path = str(tmp_path_factory.mktemp("sockets") / "s")
    abstract = f"attacked-{os.getpid()}"
    for family, address in ((socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_UNIX, "\0" + abstract),
                            (socket.AF_UNIX, path)):
        one = socket.socket(family)
        one.bind(address)
        one.listen()
        sockets.append(one)

        def accept(one=one):
            while True:
                came.append(one.accept())

        threading.Thread(target=accept, daemon=True).start()
    with socket.create_connection(sockets[0].getsockname(), 1):
        pass  # they do listen
    while not came:
        pass
    came.clear()
    return {"PORT": str(sockets[0].getsockname()[1]), "ABSTRACT": abstract, "FILE": path}, came


@pytest.mark.parametrize("place", PLACES)
def test_nothing_of_the_course_can_be_read(field, place):
    assert (field.root / place).read_bytes()
    field.attack(held("reads", f"open({str(field.root / place)!r}, 'rb').read()"))


def test_the_course_folder_holds_utils_only(field):
    field.attack(held("lists", f"import os\nassert os.listdir({str(field.root)!r}) != ['utils']"))


@each(LOOKING)
def test_nothing_else_can_be_seen(field, attack):
    _, outputs = field.attack(attack)
    assert SECRET not in outputs


@each(WRITING)
def test_nothing_but_the_scratch_folder_can_be_written(field, attack):
    field.attack(attack)


@each(NETWORK)
def test_nobody_can_be_talked_to(field, attack, listening):
    words, came = listening
    source = attack.source
    for word, value in words.items():
        source = source.replace(word, value)
    field.attack(Attack(attack.name, source, score=4.0, held=True))
    assert not came


def test_the_scratch_folder_is_empty_for_the_next(field):
    field.attack(right("leaves", "open('left', 'w').write('x')"))
    field.attack(held("finds", "import os\nassert os.listdir('.')"))


def test_an_error_of_the_graders_shows_none_of_its_text(field):
    """The tests hand out a function of their own, and its error comes back without its place."""
    result, _ = field.grade(field.notebook(mapped="""
def mapped(f, x):
    try:
        f("no number")
    except Exception as error:
        raise ValueError(f"TOLD {vars(error)}")
"""))
    messages = [check.message for e in result.exercises if e.name == "mapped" for check in e.checks]
    assert any("TOLD" in message for message in messages)
    assert not any("File " in message or "line" in message for message in messages), messages
