"""The engine's processes: what they may hand over, and what happens when they can't start."""

import logging
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.course import ROOT, Lesson
from autograder.grading import grade as grading
from autograder.grading import warm_process
from autograder.grading.result import CantGrade
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from autograder.grading.template import Template
from autograder.grading.warm_process import WarmProcess
from support import demo

pytestmark = pytest.mark.slow
# A start-up file of Python's: what it does happens in the process behind the fence.
CANT_FORK = """\
import os, sys

if any("autograder.sandbox.worker" in word for word in sys.orig_argv):
    def fork():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    os.fork = fork
"""


@pytest.fixture
def lesson(tmp_path):
    return demo.course(tmp_path / "course")


def graded(lesson: Lesson, tmp_path, **answers):
    notebook = nbformat.read(lesson.solution, as_version=4)
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    path = tmp_path / f"{lesson.name}.ipynb"
    nbformat.write(notebook, path)
    result, _ = grading.grade(Submission(path), Settings(3.0, root=lesson.root))
    return {exercise.name: exercise for exercise in result.exercises}


def test_a_machine_that_can_not_fork_ends_the_run_after_two_restarts(lesson, tmp_path):
    (lesson.root / "sitecustomize.py").write_text(CANT_FORK)
    began = time.monotonic()
    with pytest.raises(CantGrade, match="can't start a process for a notebook"):
        graded(lesson, tmp_path)
    assert time.monotonic() - began < 60  # it took four minutes, a restart for each cell


def test_a_machine_that_can_not_fork_says_so_when_it_is_asked_for_its_fence(lesson, monkeypatch):
    (lesson.root / "sitecustomize.py").write_text(CANT_FORK)
    monkeypatch.setattr(warm_process, "can_fork", lambda: False)  # as where there are threads
    with pytest.raises(CantGrade, match="can't start a process for a notebook"):
        grading.missing_fence(Settings(root=lesson.root))


# An answer to `double` that keeps something from its tests' calls, and what holds where it is not
# there.
TWICE = "    return 2 * np.asarray(x, float)"
KEPT = {
    "a list": (f"kept = []\ndef double(x):\n    kept.append(x)\n{TWICE}", "not kept"),
    "a count": (f"kept = 0\ndef double(x):\n    global kept\n    kept += 1\n{TWICE}", "kept == 0"),
    "a default": (f"def double(x, kept=[]):\n    kept.append(x)\n{TWICE}",
                  "not double.__defaults__[0]"),
    "an attribute": (f"def double(x):\n    double.kept = x\n{TWICE}",
                     "not hasattr(double, 'kept')"),
    "a closure": ("def make():\n    kept = []\n    def counted(x):\n        kept.append(x)\n"
                  "        return len(kept)\n    return counted\ncounted = make()\n"
                  f"def double(x):\n    counted(x)\n{TWICE}", "counted(1) == 1"),
    "NumPy's global generator": (
        f"np.random.seed(0)\ndef double(x):\n    np.random.random()\n{TWICE}",
        "np.random.random() < 0.55"),
    "a setting": (f"def double(x):\n    np.set_printoptions(precision=3)\n{TWICE}",
                  "np.get_printoptions()['precision'] == 8"),
    "a function of NumPy's": (f"def double(x):\n    np.sqrt = np.exp\n{TWICE}",
                              "np.sqrt(4.0) == 2"),
}


@pytest.mark.parametrize("kept", KEPT)
def test_what_an_exercises_tests_leave_behind_does_not_reach_the_next(kept, lesson, tmp_path):
    double, nothing_kept = KEPT[kept]
    half = f"def half(x):\n    return x / 2 if {nothing_kept} else 0"
    exercises = graded(lesson, tmp_path, double=double, half=half)
    assert exercises["half"].score == 1


def test_a_pure_answer_is_called_without_a_fork(lesson, tmp_path):
    (lesson.root / "sitecustomize.py").write_text(CANT_FORK.replace(
        "def fork():\n", "fork_as_ever = os.fork\n\n    def fork():\n"
        "        if sys._getframe(1).f_code.co_name not in ('_serve', '_fork_alone'):\n"
        "            return fork_as_ever()\n"))
    exercises = graded(lesson, tmp_path)
    assert [exercises[name].score for name in ("double", "half")] == [2, 1]
    exercises = graded(lesson, tmp_path, double=KEPT["a list"][0])
    assert exercises["double"].error == "crashed"
    assert exercises["half"].score == 1


LOOP = """\
with check("doubles one after the other"):
    for (x,), got in check.each(double, [(float(k),) for k in range(6)]):
        check.close(got, 2 * x)
"""


@pytest.mark.parametrize("place", ["### BEGIN HIDDEN TESTS\n{}", "{}### END HIDDEN TESTS\n"])
@pytest.mark.parametrize("wrong", [1, 9])
def test_what_a_call_does_that_no_check_asks_for_costs_nothing(wrong, place, tmp_path):
    """The call with 3 never ends; a check that fails at 1 would not have come to it."""
    lesson = demo.course(tmp_path / "course", demo.LESSON.replace(
        place.format(""), place.format(LOOP), 1))
    double = (f"def double(x):\n    while np.ndim(x) == 0 and x == 3:\n        pass\n"
              f"    return 2 * np.asarray(x, dtype=float) * (np.ndim(x) > 0 or x != {wrong})")
    found = graded(lesson, tmp_path, double=double)
    failed = [check.label for check in found["double"].checks if not check.passed]
    assert (failed, found["double"].error) == (
        (["doubles one after the other"], None) if wrong == 1 else ([], "timeout"))
    assert len(found["double"].checks) == (3 if wrong == 1 else 0)
    assert found["half"].score == 1


def test_an_answer_is_named_though_a_call_that_no_check_asks_for_never_ends(tmp_path):
    lesson = demo.course(tmp_path / "course", demo.LESSON.replace(
        "### END HIDDEN TESTS\n", f"{LOOP}### END HIDDEN TESTS\n", 1))
    double = ("def double(x):\n    while np.ndim(x) == 0 and x == 3:\n        pass\n"
              "    return np.asarray(x, dtype=float) ** 2")
    found = graded(lesson, tmp_path, double=double)
    assert found["double"].misconception.name == "square"


def test_a_course_can_keep_a_type_inside(lesson, tmp_path):
    answer = "def double(x):\n    return {1.0: 2.0}"
    message = graded(lesson, tmp_path, double=answer)["double"].checks[0].message
    assert message.endswith("expected numbers, got a dict.")
    path = lesson.root / "course.toml"
    path.write_text(path.read_text().replace('"dict", ', ""))
    from utils._course import read_course

    read_course.cache_clear()
    grading.forget_engines()
    message = graded(lesson, tmp_path, double=answer)["double"].checks[0].message
    assert "holds a value of type dict; use plain numbers" in message


def test_only_verbose_shows_the_traceback_of_a_test_cell(tmp_path):
    broken = demo.LESSON.replace('with check("doubles"):', 'len(5)\nwith check("doubles"):', 1)
    lesson = demo.course(tmp_path / "course", broken)
    for verbose in ([], ["--verbose"]):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", "grade", *verbose, str(lesson.solution)],
            cwd=lesson.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert "the tests of this exercise failed themselves" in done.stdout
        assert "Traceback" not in done.stdout
        assert ("object of type 'int' has no len()" in done.stderr) == bool(verbose)


def test_a_test_cell_that_fails_itself_is_the_lessons_fault(tmp_path, caplog):
    broken = demo.LESSON.replace('with check("doubles"):', 'len(5)\nwith check("doubles"):', 1)
    assert broken != demo.LESSON
    lesson = demo.course(tmp_path / "course", broken)
    with caplog.at_level(logging.ERROR, "autograder"):
        found = graded(lesson, tmp_path)
    assert (found["double"].error, found["double"].score) == ("lesson", 0.0)
    assert found["half"].error is None
    assert "TypeError: object of type 'int' has no len()" in caplog.text
    assert "The tests of double in 01_demo failed." in caplog.text


def test_what_a_lesson_imports_is_loaded_before_the_fork_for_those_that_follow():
    asks = "import sys; print('sched' in sys.modules, 'no_such_module' in sys.modules)"
    template = Template(ROOT)
    process = WarmProcess(template)
    try:
        said = []
        for statements in ([], ["import sched", "import no_such_module"], []):
            with process.submission(statements) as notebook:
                said.append(notebook.cell(asks, 10)[0].text)
    finally:
        process.close()
        template.close()
    assert said == ["False False\n", "True False\n", "True False\n"]


def test_what_any_given_cell_imports_is_loaded_before_the_fork(tmp_path):
    lesson = demo.course(tmp_path / "course", demo.LESSON.replace(
        "import numpy as np\n", "import numpy as np\nimport sched\n", 1))
    notebook = nbformat.read(lesson.solution, as_version=4)
    notebook.cells.insert(0, new_code_cell("import sys; print('sched' in sys.modules)"))
    path = tmp_path / f"{lesson.name}.ipynb"
    nbformat.write(notebook, path)
    _, ran = grading.grade(Submission(path), Settings(3.0, full=True, root=lesson.root))
    assert next(cell for cell in ran.cells if cell.source.startswith("import sys;")
                ).outputs[0].text == "True\n"
