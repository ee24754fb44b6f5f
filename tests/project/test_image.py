"""The image holds what students may have, and what the course requires."""

import re
import tomllib
from fnmatch import fnmatch

from packaging.specifiers import SpecifierSet

from autograder.authoring.student_tree import FILES, FOLDERS
from autograder.course import ROOT

LINES = [line for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
         if line and not line.startswith("#")]
IGNORED = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
           if line and not line.startswith("#")]


def test_it_lets_in_what_a_copy_for_students_has_and_nothing_else():
    everything, *rest = IGNORED
    assert everything == "*"
    allowed = [line[1:] for line in rest if line.startswith("!")]
    assert sorted(allowed) == sorted(["lessons", *FOLDERS, *FILES])
    # What comes later counts: caches and hidden files stay outside.
    assert rest[len(allowed):] == ["**/.*", "**/__pycache__", "**/*.pyc"]
    for name in ("solutions", "misconceptions", "grading", "tests", ".git"):
        assert not any(fnmatch(name, one) for one in allowed)


def test_it_has_a_python_of_the_course_and_its_requirements():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    python = re.fullmatch(r"FROM python:(\d+\.\d+)-slim-\w+", LINES[0])
    assert python[1] in SpecifierSet(project["project"]["requires-python"])
    assert "COPY requirements.txt ./" in LINES
    assert any("--requirement requirements.txt" in line for line in LINES)


def test_it_runs_as_the_user_whose_name_nbgrader_takes_from_the_hub():
    text = "\n".join(LINES)
    assert "useradd --create-home --uid 1000 jovyan" in text
    assert "\nUSER 1000\n" in text
    assert "AUTOGRADER_HOME=/home/jovyan" in text
    assert LINES[-1].startswith('CMD ["python", "-m", "autograder", "lab",')
