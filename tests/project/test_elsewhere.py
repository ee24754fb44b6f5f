"""Binder, Colab, dev containers and the book are true to the course's requirements and Python."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from autograder.course import ROOT, lessons
from support.answers import cell, notebook

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = SpecifierSet(PROJECT["project"]["requires-python"])
LINES = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
PAGE = (ROOT / "docs" / "elsewhere.md").read_text(encoding="utf-8")
COLAB = re.search(r"```text\n(.+?)```", PAGE, re.DOTALL)[1]


def test_binder_installs_what_the_course_needs():
    folder = ROOT / ".binder"
    [line] = [one for one in (folder / "requirements.txt").read_text().splitlines()
              if not one.startswith("#")]
    option, target = line.split()
    assert option == "-r"
    assert (folder / target).resolve() == ROOT / "requirements.txt"
    assert (folder / "runtime.txt").read_text().strip().removeprefix("python-") in PYTHONS
    # With any of these it would not look at requirements.txt.
    assert not [name for name in ("Dockerfile", "environment.yml") if (folder / name).exists()]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name in ("autograder", "config", "lessons", "misconceptions", "solutions", "utils",
                 "tests/right_answers", ".binder"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(
            "__pycache__", ".ipynb_checkpoints"))
    shutil.copy(ROOT / "course.toml", tmp_path)
    return tmp_path


@pytest.mark.slow
def test_binder_opens_on_fetched_lessons_with_the_courses_settings(clone: Path):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("JUPYTER", "NBGRADER"))}
    environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                    "HOME": str(clone)}

    def run(*command: str, **more: str) -> str:
        done = subprocess.run(command, cwd=clone, env=environment | more, capture_output=True,
                              text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(".binder/postBuild")
    for lesson in lessons():
        assert (clone / "work" / lesson.name / f"{lesson.name}.ipynb").exists()
    opened = re.search(r"urlpath=lab/tree/(\S+?)`", PAGE)[1]
    assert (clone / opened).exists()
    show = ("printenv", "JUPYTER_CONFIG_PATH")
    assert run(".binder/start", *show) == f"{clone}/config/student:{clone}/config\n"
    assert run(".binder/start", *show, JUPYTER_CONFIG_PATH="/hub") == (
        f"{clone}/config/student:{clone}/config:/hub\n")


def test_colab_gets_what_it_lacks_in_the_courses_versions():
    [wanted] = re.findall(r'^%pip install .*"(.+)"$', COLAB, re.MULTILINE)
    assert wanted in LINES
    assert Requirement(wanted).name == "anywidget"


def test_on_colab_the_setup_cell_finds_the_course(tmp_path, monkeypatch):
    clone, folder = re.search(r"^!git clone .* (/\S+)\n%cd \1/(\S+)$", COLAB, re.MULTILINE).groups()
    assert clone.startswith("/content/")
    lesson = lessons()[0]
    assert ROOT / folder == lesson.release.parent
    assert f"/blob/main/{lesson.release.relative_to(ROOT)}`" in PAGE
    course = tmp_path / "course"
    shutil.copytree(ROOT / folder, course / folder)
    (course / "utils").symlink_to(ROOT / "utils")
    monkeypatch.chdir(course / folder)
    monkeypatch.setattr(sys, "path", list(sys.path))
    exec(cell(notebook(lesson.release), "setup").source, {})
    assert sys.path[0] == str(course)


def test_a_dev_container_has_a_python_of_the_course_and_makes_its_environment():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    python = re.fullmatch(r"mcr\.microsoft\.com/devcontainers/python:(\d+\.\d+)-\w+",
                          container["image"])
    assert python[1] in PYTHONS
    make, door = container["postCreateCommand"].split()
    assert make == "make"
    assert re.search(rf"^{door}: \$\(ENV\)/course\.stamp", (ROOT / "Makefile").read_text(),
                     re.MULTILINE)


def test_the_books_maker_is_a_group_of_its_own_and_below_2():
    group = {one.name: one for one in map(Requirement, PROJECT["dependency-groups"]["book"])}
    assert "1.0.4.post1" in group["jupyter-book"].specifier
    assert "2.0.0" not in group["jupyter-book"].specifier
    others = [*(line for line in LINES if not line.startswith("#")),
              *PROJECT["dependency-groups"]["dev"]]
    assert not group.keys() & {Requirement(line).name for line in others}
