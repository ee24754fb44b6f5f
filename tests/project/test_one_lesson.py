"""`--lesson NAME` leaves the tests of a lesson, of what it says, and of its explorer."""

import re
import subprocess
import sys

import pytest

from autograder.course import ROOT


def collected(*arguments):
    return subprocess.run([sys.executable, "-m", "pytest", "--collect-only", "-q", "-p",
                           "no:cacheprovider", *arguments], cwd=ROOT, capture_output=True,
                          text=True, timeout=120, check=False)


@pytest.mark.slow
def test_the_tests_of_one_lesson_are_chosen():
    done = collected("--lesson", "05_activations", "tests/lessons", "tests/truth",
                     "tests/utils/widgets")
    files = set(re.findall(r"^(\S+\.py):", done.stdout, re.MULTILINE)) or {
        line.partition("::")[0] for line in done.stdout.splitlines() if "::" in line}
    assert files == {"tests/lessons/test_lessons.py", "tests/lessons/test_mutants.py",
                     "tests/lessons/test_nbgrader.py", "tests/truth/test_05_activations.py",
                     "tests/utils/widgets/test_activation_explorer_widget.py"}
    assert "05_activations" in done.stdout
    assert not re.search(r"\[(?!05_)\d\d_", done.stdout)


@pytest.mark.slow
def test_an_unknown_lesson_is_an_error_that_names_those_that_exist():
    done = collected("--lesson", "99_none", "tests/truth")
    assert done.returncode == 4
    assert "ERROR: There is no lesson 99_none; there are: 01_perceptron," in done.stderr


def test_every_long_test_is_where_make_test_long_looks():
    """It names its folders: reading all tests to choose these few takes long, too."""
    [rule] = re.findall(r"-m long (.+?) \$\(ARGS\)", (ROOT / "Makefile").read_text("utf-8"))
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.long" in text or re.search(r"\n    by_lesson,\n|import .*\bby_lesson\b", text):
            name = str(path.relative_to(ROOT))
            assert name == "tests/project/test_one_lesson.py" or any(
                name == place or name.startswith(f"{place}/") for place in rule.split()), name
