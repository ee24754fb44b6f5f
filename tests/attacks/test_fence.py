"""Where there is no fence, or not all of it: the same marks, and the run says so."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from attacks.driver import MARKER, RIGHT, Attack, Battlefield, each
from autograder.__main__ import main
from autograder.course import ROOT, lessons
from autograder.grading import grade as grading
from support.answers import filled

COSTS = [
    Attack("loop", "def attacked(x):\n    while True: pass", "timeout"),
    Attack("exits", "import os\nos._exit(0)" + RIGHT, "crashed"),
    Attack("kills_its_group", "import os\ndef attacked(x): os.kill(0, 9)", "crashed"),
    Attack("memory", "def attacked(x):\n    raise MemoryError", "raised"),
    Attack("writes", "open('left', 'w').write('x')" + RIGHT, score=4.0),
    Attack("daemon", f"""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv('/bin/sleep', ['{MARKER}', '600'])
    os._exit(0)
time.sleep(0.2)
""" + RIGHT, score=4.0),
    Attack("wrong", "def attacked(x): return x"),
]


@pytest.fixture(scope="module")
def open_field(tmp_path_factory):
    """An engine without a fence."""
    field = Battlefield(tmp_path_factory.mktemp("open") / "course", fenced=False)
    yield field
    field.close()


@each(COSTS)
def test_without_a_fence_one_bad_cell_costs_one_exercise_too(open_field, attack):
    open_field.attack(attack)


def test_the_run_says_that_there_is_none(open_field, field):
    assert grading.missing_fence(open_field.settings) == ["fence"]
    assert grading.missing_fence(field.settings) == []


def test_fenced_and_open_give_the_same_marks(tmp_path):
    lesson = lessons()[0]
    path = tmp_path / f"{lesson.name}.ipynb"
    nbformat.write(filled(lesson, {"step": "def step(z): return z > 0"}), path)
    fenced, bare = (grading.grade(grading.Submission(path), grading.Settings(fenced=fenced))[0]
                    for fenced in (True, False))
    assert fenced.exercises == bare.exercises
    assert 0 < fenced.score < fenced.max_score


def test_a_machine_without_namespaces_is_named():
    script = ("import json, pathlib\nfrom autograder.sandbox import namespaces\n"
              "def refuse(*_): raise PermissionError(1, 'Operation not permitted')\n"
              "namespaces._enter = refuse\naround = namespaces.Fence(True)\n"
              "around.enter([], [pathlib.Path('/')])\nprint(json.dumps(around.missing))")
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    assert json.loads(done.stdout) == ["namespaces (Operation not permitted)"]


def test_require_fence_refuses_without_one(tmp_path, capsys):
    path = tmp_path / "x.ipynb"
    nbformat.write(filled(lessons()[0]), path)
    assert main(["grade", "--fence", "none", "--require-fence", str(path)]) == 2
    assert "fence" in capsys.readouterr().err


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="needs root")
def test_an_ordinary_user_has_the_same_fence(field, tmp_path):
    """The same walls, and nothing of the user's own is reached from inside."""
    shutil.copytree(field.root, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "mine.txt").write_text("mine")
    hostile = field.notebook(attacked=f"""
import os
for attempt in ("open({str(tmp_path / 'mine.txt')!r})", "os.listdir('/proc')",
                "os.kill(os.getppid(), 9) or 1/0", "open('/x', 'w')",
                "open({str(tmp_path / 'course/utils/checks.py')!r}, 'a')"):
    try:
        eval(attempt)
        print("ESCAPED", attempt)
    except BaseException as error:
        print("HELD", type(error).__name__)
""" + RIGHT, mapped="import os\nos.kill(0, 9)")
    nbformat.write(hostile, tmp_path / "01_demo.ipynb")
    script = f"""
import json, pathlib, sys
from autograder.grading.grade import grade, missing_fence
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
settings = Settings(20.0, root=pathlib.Path({str(tmp_path / 'course')!r}))
result, notebook = grade(Submission(pathlib.Path({str(tmp_path / '01_demo.ipynb')!r})), settings)
print(json.dumps([missing_fence(settings), result.score,
                  [e.error for e in result.exercises if e.error], str([c.get("outputs") for c in notebook.cells])]))
"""
    for folder in tmp_path.parents:
        if folder.is_relative_to("/tmp/pytest-of-root"):
            folder.chmod(0o755)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755)
    ordinary = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups",
                sys.executable, "-c"]
    reach = ("import subprocess, sys\n"
             "subprocess.run([sys.executable, '-c', 'import numpy, nbgrader'], check=True)")
    if subprocess.run([*ordinary, reach], check=False, cwd="/", capture_output=True).returncode:
        pytest.skip("this Python is root's own")
    done = subprocess.run(
        [*ordinary, script], cwd=tmp_path / "course", capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 0, done.stderr
    *came, outputs = json.loads(done.stdout)
    assert came == [[], 8.0, ["crashed"]]
    assert outputs.count("HELD") == 5
    assert "ESCAPED" not in outputs
