"""What the course needs, where its settings are found, and what make does with them."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from autograder.course import ROOT
from autograder.gradebook.settings import settings

REQUIREMENTS = [Requirement(line) for line in (ROOT / "requirements.txt").read_text().splitlines()
                if not line.startswith("#")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of what make and Jupyter read, in its own place."""
    for name in ("Makefile", "course.toml", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "config" / "labconfig").mkdir(parents=True)
    for path in ("nbgrader_config.py", "jupyter_lab_config.py",
                 "labconfig/default_setting_overrides.json"):
        shutil.copy(ROOT / "config" / path, tmp_path / "config" / path)
    return tmp_path


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.name)
def test_a_requirement_has_a_lower_bound_and_a_cap_and_is_met(requirement: Requirement) -> None:
    bounds = {bound.operator: bound.version for bound in requirement.specifier}
    assert bounds.keys() == {">=", "<"}
    assert int(bounds["<"].split(".")[0]) <= int(bounds[">="].split(".")[0]) + 1
    assert version(requirement.name) in requirement.specifier


def test_conda_gets_the_same_requirements_and_python() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, *rest = environment["dependencies"]
    assert rest == ["pip", {"pip": ["-r requirements.txt"]}]
    assert SpecifierSet(python.removeprefix("python")) == SpecifierSet(
        PROJECT["project"]["requires-python"])


def test_make_agrees_about_the_oldest_python() -> None:
    oldest = re.search(r">=(\d+)\.(\d+)", PROJECT["project"]["requires-python"])
    assert oldest is not None
    assert f"sys.version_info < ({oldest[1]}, {oldest[2]})" in (ROOT / "Makefile").read_text()


def test_nbgrader_finds_a_copy_of_the_tree_in_its_own_place(
        clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBGRADER_EXCHANGE", raising=False)
    config = settings(clone)
    assert Path(config.CourseDirectory.root) == clone
    for place in (config.Exchange.root, config.Exchange.assignment_dir):
        assert Path(place).is_relative_to(clone)
        assert Path(place).is_dir()
    assert Path(config.Exchange.cache).is_relative_to(clone)
    assert config.CourseDirectory.db_url == f"sqlite:///{clone}/grading/gradebook.db"
    assert (clone / "grading").stat().st_mode & 0o077 == 0


def test_a_department_names_its_own_exchange(
        clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXCHANGE", "/srv/exchange")
    assert settings(clone).Exchange.root == "/srv/exchange"


def test_alembic_is_found_where_the_environment_is_not_activated(
        clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    settings(clone)
    settings(clone)
    places = os.environ["PATH"].split(":")
    assert shutil.which("alembic") == str(Path(places[0]) / "alembic")
    assert places[1:] == ["/usr/bin", "/bin"]


def make(clone: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *words], cwd=clone, capture_output=True, text=True,
        timeout=60, env={"PATH": os.environ["PATH"], "HOME": str(clone)} | environment)


def test_make_lists_its_doors(clone: Path) -> None:
    listed = re.findall(r"^make (\S+)", make(clone).stdout, re.M)
    phony = re.search(r"^\.PHONY: (.*)", (clone / "Makefile").read_text(), re.M)
    assert phony is not None
    assert listed == phony[1].split()


@pytest.mark.parametrize(("sitecustomize", "message"), [
    ("import sys\nsys.version_info = (3, 10, 9)", "Python 3.11 or newer is needed, and python3 is"),
    ("import sys\nsys.modules['ensurepip'] = None", "sudo apt install python3-venv"),
])
def test_make_says_in_one_line_why_it_makes_no_environment(
        clone: Path, sitecustomize: str, message: str) -> None:
    (clone / "sitecustomize.py").write_text(sitecustomize)
    ran = make(clone, "lab", f"PYTHON={sys.executable}", PYTHONPATH=str(clone))
    line, end = ran.stderr.splitlines()
    assert message.replace("python3 is", f"{sys.executable} is") in line
    assert end.startswith("make: ***")
    assert ran.returncode
    assert not (clone / ".venv").exists()


def test_make_says_that_there_is_no_python(clone: Path) -> None:
    assert "there is no python9" in make(clone, "lab", "PYTHON=python9").stderr


def test_make_does_nothing_twice(clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    for stamp in ("course", "dev"):
        (clone / ".venv" / f"{stamp}.stamp").touch()
    later = time.time() + 10

    def installs(door: str) -> bool:
        return "pip install" in make(clone, "-n", door).stdout

    assert not installs("lab")
    assert not installs("test")
    os.utime(clone / "pyproject.toml", (later, later))
    assert not installs("lab")
    assert installs("test")
    os.utime(clone / "requirements.txt", (later, later))
    assert installs("lab")


def test_an_environment_whose_python_is_gone_is_made_anew(clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(clone / "gone")
    (clone / ".venv" / "course.stamp").touch()
    assert "-m venv" in make(clone, "-n", "lab").stdout


@contextmanager
def lab(clone: Path, port: int) -> Iterator[str]:
    """JupyterLab as `make lab` starts it; gives what it prints up to its address."""
    environment = os.environ | {
        "JUPYTER_CONFIG_PATH": str(clone / "config"), "HOME": str(clone / "home"),
        "JUPYTER_CONFIG_DIR": str(clone / "home"), "JUPYTER_DATA_DIR": str(clone / "home"),
        "JUPYTER_RUNTIME_DIR": str(clone / "home"), "IPYTHONDIR": str(clone / "home")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "NBGRADER_EXCHANGE"):
        environment.pop(name, None)
    (clone / "home").mkdir(exist_ok=True)
    log = clone / "home" / "log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", f"--port={port}"],
            cwd=clone / "home", env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    try:
        until(lambda: "copy and paste" in log.read_text() or server.poll() is not None)
        yield log.read_text()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def until(ready: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not ready() and time.monotonic() < end:
        time.sleep(0.1)
    assert ready()


@pytest.mark.slow
def test_lab_prints_its_address_takes_the_next_port_and_has_nbgrader(clone: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with lab(clone, port) as printed:
            chosen, token = re.findall(
                r"http://127\.0\.0\.1:(\d+)/lab/tree/work/start\.ipynb\?token=(\w+)", printed)[0]
            assert int(chosen) != port

            def get(path: str) -> str:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{chosen}{path}", headers={"Authorization": f"token {token}"})
                with urllib.request.urlopen(request, timeout=20) as answer:
                    return str(answer.read().decode())

            page = get("/lab")
            plugins = {one["id"]: one for one in json.loads(get("/lab/api/settings"))["settings"]}
            courses = json.loads(get("/assignments?course_id=neural-networks"))
            formgrader = get("/formgrader")
    found = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S)
    assert found is not None
    config = json.loads(found[1])
    assert config["preferredPath"].strip("/") == "work"
    assert Path(config["serverRoot"]) == clone
    assert "@jupyter/nbgrader" in [one["name"] for one in config["federated_extensions"]]
    assert courses == {"success": True, "value": []}
    assert "<title>nbgrader formgrade<" in formgrader
    documents = plugins["@jupyterlab/docmanager-extension:plugin"]["schema"]["properties"]
    assert documents["autosaveInterval"]["default"] == 15
