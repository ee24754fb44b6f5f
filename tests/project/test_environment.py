"""What the course needs, where its settings are found, and what make does with them."""

import http.client
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
from autograder.errors import UserError
from autograder.gradebook.settings import make_folders, settings

REQUIREMENTS = [Requirement(line) for line in (ROOT / "requirements.txt").read_text().splitlines()
                if not line.startswith("#")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of what make and Jupyter read, in its own place."""
    for name in ("Makefile", "course.toml", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "config", tmp_path / "config",
                    ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("autograder", "utils"):
        (tmp_path / name).mkdir()
    for name in ("__init__.py", "_course.py", "_nbgrader_config.py"):
        shutil.copy(ROOT / "utils" / name, tmp_path / "utils")
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
    make_folders(clone)
    assert Path(config.CourseDirectory.root) == clone
    assert config.CourseDirectory.course_id == "neural-networks"
    for place in (config.Exchange.root, config.Exchange.assignment_dir):
        assert Path(place).is_relative_to(clone)
        assert Path(place).is_dir()
    assert Path(config.Exchange.cache).is_relative_to(clone)
    assert config.CourseDirectory.db_url == f"sqlite:///{clone}/grading/gradebook.db"
    assert (clone / "grading").stat().st_mode & 0o077 == 0
    assert Path(config.Exchange.root).stat().st_mode & 0o777 == 0o777


def test_the_course_names_its_id_and_folders(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBGRADER_EXCHANGE", raising=False)
    text = (clone / "course.toml").read_text()
    for old, new in (("neural-networks", "botany"), ('"solutions"', '"sources"'),
                     ('"grading"', '"marks"'), ('"work"', '"mine"')):
        text = text.replace(old, new)
    (clone / "course.toml").write_text(text)
    config = settings(clone)
    make_folders(clone)
    assert config.CourseDirectory.course_id == "botany"
    assert config.CourseDirectory.source_directory == "sources"
    assert Path(config.Exchange.root) == clone / "marks" / "exchange"
    assert (clone / "mine").is_dir()
    assert (clone / "marks" / "exchange").is_dir()


@pytest.mark.parametrize("by_variable", [False, True])
def test_what_is_written_can_be_outside_the_course(
        clone: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch,
        by_variable: bool) -> None:
    monkeypatch.delenv("NBGRADER_EXCHANGE", raising=False)
    mine = tmp_path_factory.mktemp("home") / "new"
    if by_variable:
        monkeypatch.setenv("AUTOGRADER_HOME", str(mine))
    else:
        text = (clone / "course.toml").read_text()
        (clone / "course.toml").write_text(text.replace('# home = "~"', f'home = "{mine}"'))
    before = tree(clone)
    config = settings(clone)
    make_folders(clone)
    make_folders(clone)
    assert tree(clone) == before
    own = mine / "neural-networks"
    assert sorted(path.name for path in own.iterdir()) == ["grading", "utils", "work"]
    assert (own / "utils").resolve() == clone / "utils"
    assert (own / "grading").stat().st_mode & 0o077 == 0
    assert Path(config.Exchange.assignment_dir) == own / "work"
    assert Path(config.Exchange.root) == own / "grading" / "exchange"
    assert config.CourseDirectory.root == str(own)  # else formgrader opens no notebook of a class
    assert config.CourseDirectory.release_directory == str(clone / "lessons")


def test_a_link_to_an_older_install_is_renewed_and_a_folder_of_ones_own_stays(
        clone: Path, tmp_path_factory: pytest.TempPathFactory,
        monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("AUTOGRADER_HOME", str(mine))
    link = mine / "neural-networks" / "utils"
    link.parent.mkdir()
    link.symlink_to("/srv/course-of-last-year/utils")
    make_folders(clone)
    assert link.resolve() == clone / "utils"
    link.unlink()
    link.mkdir()
    make_folders(clone)
    assert link.is_dir()
    assert not link.is_symlink()


def test_a_broken_course_file_is_reported_in_a_line(clone: Path) -> None:
    (clone / "course.toml").write_text("[course]")
    for action in (settings, make_folders):
        with pytest.raises(UserError, match=r"course\.toml: \[course\] title is missing\."):
            action(clone)


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and folder with its mode and content."""
    return {str(path.relative_to(root)): (path.stat().st_mode,
                                          path.read_bytes() if path.is_file() else b"")
            for path in [root, *root.rglob("*")]}


LOAD = """\
from traitlets.config import PyFileConfigLoader
for name in ("nbgrader_config.py", "jupyter_lab_config.py"):
    assert PyFileConfigLoader(name, path="config").load_config()
"""


@pytest.mark.parametrize("folders", [False, True])
def test_reading_the_configuration_leaves_the_tree_as_it_is(clone: Path, folders: bool) -> None:
    if folders:
        make_folders(clone)
        (clone / "grading" / "exchange").chmod(0o755)
    before = tree(clone)
    subprocess.run([sys.executable, "-B", "-c", LOAD], cwd=clone, check=True, timeout=60)
    assert tree(clone) == before


@contextmanager
def read_only(folder: Path) -> Iterator[list[str]]:
    """Nobody may write in the folder meanwhile; gives what a command has to start with."""
    places = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    modes = {path: path.stat().st_mode for path in places}
    for path in places:
        path.chmod(0o555)
    # root may write all the same, unless it gives up this right.
    command = ["setpriv", "--bounding-set=-dac_override", "--"] if os.geteuid() == 0 else []
    try:
        yield command
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.mark.slow
def test_a_read_only_clone_is_told_of_as_what_it_is(clone: Path) -> None:
    shutil.copytree(ROOT / "utils", clone / "utils", dirs_exist_ok=True)
    shutil.copytree(ROOT / "autograder", clone / "autograder", dirs_exist_ok=True)
    with read_only(clone) as command:
        subprocess.run([*command, sys.executable, "-c", LOAD], cwd=clone, check=True, timeout=60)
        ran = subprocess.run([*command, sys.executable, "-m", "autograder", "fetch"], cwd=clone,
                             capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert ran.stderr == (
        f"autograder: The course's folder is read-only: {clone}. Let AUTOGRADER_HOME name a folder "
        "of your own, such as ~, or copy the course to one and run the command there.\n")
    assert not (clone / "work").exists()


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


def test_the_list_of_doors_has_columns(clone: Path) -> None:
    lines = make(clone, "help").stdout.splitlines()
    parts = [re.fullmatch(r"(make \S+ +) (.+)", line) for line in lines]
    assert len({len(part[1]) for part in parts}) == 1


def test_every_door_is_one_that_make_can_go_through(clone: Path) -> None:
    for door in re.findall(r"^make (\S+)", make(clone).stdout, re.M):
        ran = make(clone, "-n", door)
        assert ran.returncode == 0, ran.stderr


def test_clean_removes_what_was_made_and_nothing_of_a_persons(clone: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout.split()
    code = {clone / Path(path).parts[0] / "deep" / "__pycache__" for path in listed
            if "/" in path and not path.startswith(".")}
    caches = [clone / name for name in (".venv", ".cache", ".hypothesis", ".mypy_cache",
                                        ".pytest_cache", ".ruff_cache")]
    own = [clone / name / "__pycache__" for name in ("work", "grading")]
    for place in (*code, *caches, *own):
        place.mkdir(parents=True)
    ran = make(clone, "clean")
    assert ran.returncode == 0, ran.stderr
    assert not [place for place in (*code, *caches) if place.exists()]
    assert all(place.is_dir() for place in own)


@pytest.mark.parametrize(("words", "passed_on"), [
    (["ARGS=--port 9000"], ["--port", "9000"]), (["TEACHER=1"], ["--teacher"])])
def test_make_lab_goes_through_the_same_door_as_without_make(
        clone: Path, words: list[str], passed_on: list[str]) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    python = clone / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    (clone / ".venv" / "course.stamp").touch()
    [line] = make(clone, "lab", *words).stdout.splitlines()
    assert line.split() == ["-m", "autograder", "lab", *passed_on]


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
def lab(clone: Path, port: int, *folders: str) -> Iterator[str]:
    """JupyterLab as `make lab` starts it, with the settings in these folders.

    Gives what it prints until it is up.
    """
    environment = os.environ | {
        "JUPYTER_CONFIG_PATH": ":".join(str(clone / name) for name in folders),
        "HOME": str(clone / "home"),
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
        make_folders(clone)
        with lab(clone, port, "config/student", "config") as printed:
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
    assert set(config["disabledExtensions"]) >= {
        "@jupyter/nbgrader:create-assignment", "@jupyter/nbgrader:formgrader"}


@pytest.mark.slow
def test_a_teachers_lab_has_all_of_nbgrader_and_its_address_comes_last(clone: Path) -> None:
    make_folders(clone)
    with lab(clone, free_port(), "config") as printed:
        address, = re.findall(r"http://127\.0\.0\.1:\S+", printed.splitlines()[-1])
        with urllib.request.urlopen(address, timeout=20) as answer:
            page = answer.read().decode()
        # Answers when the language servers have been looked for.
        urllib.request.urlopen(address.replace("/lab/tree/work/start.ipynb", "/lsp/status"),
                               timeout=60).close()
        later = (clone / "home" / "log").read_text()
    assert later.strip() == printed.strip()
    assert "disabledExtensions" not in page or "nbgrader:formgrader" not in page


@pytest.mark.slow
def test_a_dev_container_opens_kernels_behind_a_forwarded_port_and_nobody_else_does(
        clone: Path) -> None:
    make_folders(clone)
    shutil.copytree(ROOT / ".devcontainer", clone / ".devcontainer")
    container = json.loads((clone / ".devcontainer" / "devcontainer.json").read_text())
    assert container["remoteEnv"] == {
        "JUPYTER_CONFIG_PATH": "${containerWorkspaceFolder}/.devcontainer"}
    forwarded = "https://fuzzy-giggle-8888.app.github.dev"
    with lab(clone, free_port(), "config", ".devcontainer") as printed:
        assert opens_a_socket(printed, forwarded) == 101
        assert opens_a_socket(printed, f"{forwarded}.evil.example") == 403
    with lab(clone, free_port(), "config") as printed:
        assert opens_a_socket(printed, forwarded) == 403


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def opens_a_socket(printed: str, origin: str) -> int:
    """The status that a page from this origin gets when it asks for a web socket, logged in."""
    port, token = re.findall(r"http://127\.0\.0\.1:(\d+)/lab\S*token=(\w+)", printed)[0]
    server = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
    server.request("GET", f"/lab?token={token}")
    answer = server.getresponse()
    answer.read()
    cookies = "; ".join(one.split(";")[0] for one in answer.headers.get_all("Set-Cookie"))
    server.request("GET", "/api/events/subscribe", headers={
        "Cookie": cookies, "Origin": origin, "Connection": "Upgrade", "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
    status = server.getresponse().status
    server.close()
    return status
