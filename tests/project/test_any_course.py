"""The example course of another subject: nothing of the course around it is needed to grade it."""

import csv
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.answers import fill, model_answers
from autograder.authoring.build import build
from autograder.course import ROOT, Lesson
from autograder.errors import UserError
from autograder.grading.grade import grade
from autograder.grading.registered import types_of
from autograder.grading.result import Result
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from utils._course import read_course

EXAMPLE = ROOT / "docs" / "example"
BUILT = shutil.ignore_patterns("*.ipynb", "lessons", "work", "grading", ".cache", "__pycache__")
NAME = "rainfall"
ANSWERS = {
    "model": {},
    "changing": {
        "summarize": "def summarize(station):\n    station.rain[0] = 9.0\n    return [1.0, 2.0]",
        "without_dry_days": "def without_dry_days(station):\n"
                            "    station.rain = station.rain[station.rain >= 1.0]\n"
                            "    return station"},
    "lying": {
        "read_station": "def read_station(path):\n    station = Station('bergen', [1.0])\n"
                        "    station.rain = 'wet'\n    return station",
        "summarize": "def summarize(station):\n    return Summary('a', lambda: 1, {1})",
        "without_dry_days": "class Station:\n    pass\n\n"
                            "def without_dry_days(station):\n    return Station()"},
}


@pytest.fixture
def example(tmp_path):
    """The sources of the example, in a place of their own."""
    shutil.copytree(EXAMPLE, tmp_path / "example", ignore=BUILT)
    return Lesson(NAME, tmp_path / "example")


def hand_in(lesson: Lesson, answers: dict[str, str], path: Path) -> Path:
    notebook = nbformat.read(lesson.release, as_version=4)
    fill(notebook, model_answers(nbformat.read(lesson.solution, as_version=4)) | answers)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def graded(lesson: Lesson, answers: dict[str, str], folder: Path) -> Result:
    path = hand_in(lesson, answers, folder / f"{NAME}.ipynb")
    return grade(Submission(path), Settings(root=lesson.root))[0]


@pytest.mark.slow
def test_the_engine_grades_data_files_and_registered_types(example, tmp_path):
    build(example.root)
    found = {student: {one.name: one for one in graded(example, answers, tmp_path).exercises}
             for student, answers in ANSWERS.items()}
    assert {one.score for one in found["model"].values()} == {2.0}

    changing = found["changing"]
    assert changing["summarize"].checks[0].message == (
        "summarize(Station('there', [0., 4., 2.])): expected a Summary, got a list.")
    assert [check.passed for check in changing["without_dry_days"].checks] == [True, False]
    assert "`station` was Station('there', [0., 4.])" in (
        changing["without_dry_days"].checks[1].message)
    assert changing["without_dry_days"].misconception.name == "in_place"

    said = {name: one.checks[0].message for name, one in found["lying"].items()}
    assert {one.score for one in found["lying"].values()} == {0.0}
    assert "no Station can be made: ValueError: could not convert" in said["read_station"]
    assert "the plain form of Summary holds a value of type function" in said["summarize"]
    assert "that is not the lesson's own Station" in said["without_dry_days"]

    (example.release.parent / "bergen.csv").unlink()
    result = graded(example, {}, tmp_path)
    assert (result.status, result.reason) == (
        "quarantined", f"The lesson's file bergen.csv is not in {example.release.parent}; "
        "`python -m autograder build` puts it there.")


LIE = '''
class Summary(NamedTuple):
    mean: float

register(Summary, to_plain=tuple, from_plain=lambda plain: plain, example=Summary(1.0))
'''


@pytest.mark.parametrize(("module", "text", "message"), [
    ("lies", f"from typing import NamedTuple\nfrom utils.plain import register\n{LIE}",
     "modules/lies.py: the plain form of Summary lies: it makes a tuple"),
    ("fails", "1 / 0", "modules/fails.py: ZeroDivisionError: division by zero"),
    ("silent", "", "modules/silent.py registers no type Summary, as course.toml says it does"),
    ("gone", None, r"course.toml: \[fence.register\] Summary is in the module gone, and there is "
                   "no .*modules/gone.py"),
    ("statistics", "", "there is another module statistics, .*; call this one by another name"),
])
def test_a_type_that_can_not_be_registered_is_said_in_a_line(
        example, module, text, message, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    path = example.root / "course.toml"
    path.write_text(f'[course]\ntitle = "T"\nid = "t"\n[fence.register]\nSummary = "{module}"\n')
    if text is not None:
        (example.root / "modules" / f"{module}.py").write_text(text)
    read_course.cache_clear()
    monkeypatch.setattr("utils._checks.forms._forms", {})
    with pytest.raises(UserError, match=message) as raised:
        types_of(example.root)
    assert "\n" not in str(raised.value)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An environment in which the grader was installed, with the libraries of this one."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    libraries = Path(subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True).stdout.strip())
    (libraries / "others.pth").write_text(sysconfig.get_path("purelib"))
    source = tmp_path_factory.mktemp("source")
    for name in ("autograder", "config", "utils"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.txt", "README.md"):
        shutil.copy(ROOT / name, source)
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", source],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return place


@pytest.mark.long
def test_an_installed_grader_takes_a_course_from_its_sources_to_a_table_of_marks(
        installed, example, tmp_path):
    """In a folder that has nothing but course.toml, solutions, and what they need."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(
        ("JUPYTER", "NBGRADER", "PYTHON", "AUTOGRADER"))} | {
        "HOME": str(tmp_path),
        # `alembic`, which nbgrader starts, is in the environment of the libraries.
        "PATH": f"{installed / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def run(*command: str, folder: Path = example.root, said: str = "") -> str:
        done = subprocess.run(command, cwd=folder, env=environment, input=said, text=True,
                              capture_output=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "lessons/rainfall/bergen.csv" in run("autograder", "build").splitlines()
    run("autograder", "class", "init")
    assert "rainfall is in work/" in run("autograder", "fetch")
    assert {path.name for path in (example.root / "work" / NAME).iterdir()} == {
        "rainfall.ipynb", "bergen.csv", "rain.py"}

    copy = hand_in(example, ANSWERS["changing"], example.root / "work" / NAME / f"{NAME}.ipynb")
    # The notebook runs where it is: `utils` is installed, and `rain` beside it.
    run(str(installed / "bin" / "python"), "-m", "nbconvert", "--to", "notebook", "--execute",
        "--allow-errors", "--output", str(tmp_path / "ran.ipynb"), str(copy))
    ran = nbformat.read(tmp_path / "ran.ipynb", as_version=4)
    shown = next(cell for cell in ran.cells if "read_text" in cell.source).outputs[0].text
    assert shown.startswith("day,mm")
    assert "Receipt: rainfall was handed in" in run("autograder", "submit", NAME, "--yes")
    assert "1 new" in run("autograder", "collect", "exchange")
    assert "1 graded" in run("autograder", "autograde")
    assert "1 page, 1 new or changed" in run("autograder", "feedback")
    [folder] = (example.root / "grading" / "feedback").iterdir()
    page = folder / NAME / f"{NAME}.html"
    assert "expected a Summary, got a list" in page.read_text(encoding="utf-8")
    # It finds the course from the folder in which it runs.
    run(str(installed / "bin" / "python"), "-m", "nbgrader", "release_feedback", NAME)
    assert (example.root / "work" / NAME / "feedback") in Path(
        run("autograder", "fetch_feedback", NAME, folder=copy.parent).strip()).parents
    run("autograder", "export")
    with (example.root / "grading" / "grades-nbgrader.csv").open() as table:
        [row] = csv.DictReader(table)
    assert (row["student_id"], row["assignment"], float(row["score"])) == (folder.name, NAME, 3.0)


@pytest.mark.long
def test_both_engines_give_the_example_the_same_marks(example):
    done = subprocess.run([sys.executable, "-m", "autograder", "check", NAME], cwd=example.root,
                          env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Stock nbgrader gives the same points" in done.stdout
