"""One configuration: what a teacher writes for nbgrader counts for the course's own commands."""

import json
import os
import subprocess
import sys

import pytest

from autograder.course import ROOT
from autograder.errors import UserError
from autograder.gradebook.settings import settings
from support import demo

LATE = "c.LateSubmissionPlugin.penalty_method = {!r}\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return demo.course(tmp_path_factory.mktemp("made") / "course").root


@pytest.fixture
def user(tmp_path, monkeypatch):
    """A teacher's own Jupyter folder; the machine's are out of the way."""
    folder = tmp_path / "jupyter"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folder))
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    return folder


@pytest.fixture
def own(course):
    """A teacher's own file beside course.toml."""
    path = course / "nbgrader_config.py"
    yield path
    path.unlink(missing_ok=True)


def method(course):
    return settings(course).LateSubmissionPlugin.get("penalty_method")


def test_without_a_teachers_file_it_is_the_courses(course, user):
    found = settings(course)
    assert found.CourseDirectory.root == str(course)
    assert "penalty_method" not in found.LateSubmissionPlugin


@pytest.mark.parametrize("name", ["nbgrader_config", "jupyter_config"])
def test_the_users_jupyter_folder_counts(course, user, name):
    (user / f"{name}.py").write_text(LATE.format("zero"))
    assert method(course) == "zero"


def test_a_json_file_counts(course, user):
    (user / "nbgrader_config.json").write_text(json.dumps(
        {"LateSubmissionPlugin": {"penalty_method": "zero"}}))
    assert method(course) == "zero"


def test_jupyter_config_path_counts_and_the_courses_root_is_strongest(course, user, own, tmp_path,
                                                                      monkeypatch):
    hub = tmp_path / "hub"
    hub.mkdir()
    (hub / "nbgrader_config.py").write_text(LATE.format("zero") + "c.CourseDirectory.root = '/x'\n")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(hub))
    assert method(course) == "zero"
    assert settings(course).CourseDirectory.root == str(course)  # its own file is before the hub's
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", f"{hub}{os.pathsep}{course / 'config'}")
    assert settings(course).CourseDirectory.root == "/x"  # the order is the teacher's
    own.write_text(LATE.format("none") + "c.CourseDirectory.root = '/y'\n")
    assert method(course) == "none"
    assert settings(course).CourseDirectory.root == "/y"


@pytest.mark.parametrize(("text", "why"), [
    ("c.A.b = 1\nc.A.c = nothing\n", ", line 2: NameError: name 'nothing' is not defined"),
    ("c.A.b = = 1\n", ", line 1: SyntaxError: invalid syntax"),
    ("raise SystemError('two\\nlines')\n", ", line 1: SystemError: two lines")])
def test_a_file_that_cannot_be_run_is_a_line(course, user, own, text, why):
    own.write_text(text)
    with pytest.raises(UserError) as error:
        settings(course)
    assert str(error.value) == f"{own}{why}"


SHOW = """
import sys
from traitlets.config import PyFileConfigLoader
print(len(PyFileConfigLoader(sys.argv[1], path=sys.argv[2]).load_config()))
"""


@pytest.mark.parametrize("name", ["nbgrader_config.py", "jupyter_lab_config.py"])
def test_an_exported_path_does_not_capture_another_course(tmp_path, name):
    """As nbgrader and JupyterLab read the file, in their own process."""
    def read(folder):
        return int(subprocess.run([sys.executable, "-c", SHOW, name, str(ROOT / "config")],
                                  cwd=folder, capture_output=True, text=True, check=True).stdout)

    assert read(ROOT) > 0
    assert read(tmp_path) > 0
    (tmp_path / "nbgrader_config.py").write_text("c.CourseDirectory.course_id = 'theirs'\n")
    assert read(tmp_path) == 0
