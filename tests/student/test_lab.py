"""JupyterLab opens without make, also where the system has nothing of POSIX."""

import os
import shutil
import subprocess
import sys

import pytest

from autograder.cli import parser
from autograder.course import ROOT
from autograder.student import lab
from support import demo
from support.demo import NAME

# Stands for JupyterLab in a folder that comes first on the path.
JUPYTERLAB = """
import os, pathlib, sys
print("JUPYTERLAB", *sys.argv[1:])
print("SETTINGS", os.environ["JUPYTER_CONFIG_PATH"])
"""
# What Windows has not, as far as the course's own code asks for it.
ON_WINDOWS = """
import os, sys
from importlib.abc import MetaPathFinder

class Windows(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        frame = sys._getframe(1)
        while frame.f_globals["__name__"].startswith("importlib"):
            frame = frame.f_back
        if name in MISSING and frame.f_globals["__name__"].split(".")[0] in ("autograder", "utils"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

MISSING = {"fcntl", "grp", "pwd", "resource", "termios"}
sys.meta_path.insert(0, Windows())
for name in MISSING:
    sys.modules.pop(name, None)
here, sys.platform = sys.platform, "win32"
from autograder import files
sys.platform = here
assert files.WINDOWS
from nbgrader.exchange.default import Exchange
Exchange.start = lambda self: self.fail("Sorry, the exchange is not available on Windows.")
os.execvpe = None  # where others ask for what is missing, they know of Windows
from autograder.cli.parser import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def root(tmp_path):
    lesson = demo.course(tmp_path / "course")
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "jupyterlab.py").write_text(JUPYTERLAB)
    return lesson.root


def command(root, *words):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("JUPYTER", "NBGRADER", "AUTOGRADER"))}
    return subprocess.run(
        [sys.executable, *words], cwd=root, capture_output=True, text=True, timeout=300,
        check=False, env=environment | {"PYTHONPATH": f"{root.parent / 'first'}{os.pathsep}{root}",
                                        "JUPYTER_CONFIG_PATH": "/hub"})


def test_lab_builds_fetches_and_opens_with_the_courses_settings(root):
    (root / "lessons" / NAME / f"{NAME}.ipynb").unlink()
    done = command(root, "-m", "autograder", "lab", "--port", "9000", "--no-browser")
    assert done.returncode == 0, done.stderr
    *said, lab, settings = done.stdout.splitlines()
    assert said == [f"lessons/{NAME}/{NAME}.ipynb", f"{NAME} is in work/"]
    assert lab == "JUPYTERLAB --port 9000 --no-browser"
    assert settings == f"SETTINGS {root}/config/student{os.pathsep}{root}/config{os.pathsep}/hub"
    assert (root / "work" / NAME / f"{NAME}.ipynb").is_file()


def test_a_hub_starts_its_own_program_also_where_nothing_can_be_fetched(root, monkeypatch):
    monkeypatch.setenv("PATH", f"{root.parent / 'first'}{os.pathsep}{os.environ['PATH']}")
    program = root.parent / "first" / "singleuser"
    program.write_text('#!/bin/sh\necho "HUB $* $JUPYTER_CONFIG_PATH"\n')
    program.chmod(0o755)
    (root / "work").write_text("in the way")
    done = command(root, "-m", "autograder", "lab", "--program", "singleuser", "--port=1")
    assert done.stdout == f"HUB --port=1 {root}/config/student:{root}/config:/hub\n"
    assert done.stderr == f"autograder: {root / 'work'}: File exists.\n"
    done = command(root, "-m", "autograder", "lab", "--program", "no-such-program")
    assert done.returncode == 2
    assert done.stderr.endswith("no-such-program could not start: No such file or directory.\n")


def test_a_teacher_sees_all_of_nbgraders_menu():
    assert lab.environment(True, {"HOME": "/h"}) == {
        "HOME": "/h", "JUPYTER_CONFIG_PATH": str(ROOT / "config")}


def test_without_posix_lessons_are_copied_and_brought_up_to_date(root):
    shutil.rmtree(root / "lessons" / NAME)
    (root / "Makefile").touch()  # and no make
    done = command(root, "-c", ON_WINDOWS, "lab", "--teacher")
    assert done.returncode == 0, done.stderr
    assert f"{NAME} is in work/" in done.stdout
    assert "JUPYTERLAB\n" in done.stdout
    copy = root / "work" / NAME / f"{NAME}.ipynb"
    copy.write_text(copy.read_text().replace("print(\\\"play\\\")", "print(\\\"mine\\\")"))
    source = root / "solutions" / f"{NAME}.py"
    source.write_text(source.read_text().replace("# # A lesson", "# # A newer lesson"))
    for words, said in (
            (["lab"], f"run: python -m autograder update {NAME}"),
            (["update", NAME], f"{NAME} is in its newest version, with your answers.")):
        done = command(root, "-c", ON_WINDOWS, *words)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
    assert "mine" in copy.read_text()
    assert "A newer lesson" in copy.read_text()
    done = command(root, "-c", ON_WINDOWS, "submit", NAME)
    assert done.returncode == 2
    assert done.stderr == ("autograder: This needs Linux or macOS: on Windows a process can't be "
                           "copied, and nbgrader has no exchange. Run it in WSL.\n")


def test_only_lab_hands_on_what_it_does_not_know(capsys):
    with pytest.raises(SystemExit):
        parser.main(["fetch", "--port", "9000"])
    assert "unrecognized arguments: --port 9000" in capsys.readouterr().err
