"""The same submissions through stock nbgrader's own commands and through ours."""

import ast
import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from answers import cell, filled, functions, notebook, wrong_answers
from autograder.course import ROOT, lessons

pytestmark = pytest.mark.slow

NOISY_STEP = '''\
import warnings
import numpy as np

def step(z):
    print("stepping")
    warnings.warn("deprecated, they say")
    np.exp(np.array([1e9])), np.array([1.0]) / 0
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)
'''
NOISY_FEATURES = '''\
import warnings
import numpy as np

def add_product_feature(X):
    warnings.warn("deprecated, they say")
    np.array([0.0]) / 0
    X = np.asarray(X, dtype=float)
    return np.column_stack([X, X[:, 0] * X[:, 1]])
'''
NOISY = {"01_perceptron": {"step": NOISY_STEP}, "02_xor": {"add_product_feature": NOISY_FEATURES}}


def source_of(lesson, exercise, label):
    """A wrong answer as a student would have typed it: its source under the exercise's name."""
    text = lesson.misconceptions.read_text(encoding="utf-8")
    tree = ast.parse(text)
    # Private helpers and imports go with it, since a student's cell is whole.
    needed = [node for node in tree.body
              if isinstance(node, ast.Import | ast.ImportFrom | ast.Assign)
              or (isinstance(node, ast.FunctionDef) and node.name.startswith("_"))]
    wrong = next(node for node in tree.body
                 if getattr(node, "name", "") == f"{exercise}__{label}")
    body = [ast.get_source_segment(text, node) for node in [*needed, wrong]]
    return "\n\n\n".join(body).replace(f"{exercise}__{label}", exercise)


def students(lesson):
    """The reference, the blank, a right one with warnings, and one wrong at each exercise."""
    found = {"reference": filled(lesson), "blank": nbformat.read(lesson.release, as_version=4)}
    if lesson.name in NOISY:
        found["noisy"] = filled(lesson, NOISY[lesson.name])
    for exercise in functions(lesson):
        label = next(iter(wrong_answers(lesson, exercise)))
        student = f"{exercise}-{label}".replace("_", "-")
        found[student] = filled(lesson, {exercise: source_of(lesson, exercise, label)})
    return found


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the tree, where nbgrader finds the configuration by our path alone."""
    root = tmp_path_factory.mktemp("clone") / "course"
    for name in ("autograder", "lessons", "solutions", "utils"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def nbgrader(clone, *arguments, cwd=None):
    home = clone.parent / "home"
    environment = {
        **os.environ, "JUPYTER_CONFIG_PATH": str(clone / "autograder"), "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "IPYTHONDIR": str(home / "ipython"), "MPLCONFIGDIR": str(home / "matplotlib"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([sys.executable, "-m", "nbgrader", *arguments], cwd=cwd or clone,
                          env=environment, capture_output=True, text=True, timeout=900,
                          check=False)
    assert done.returncode == 0, f"nbgrader {' '.join(arguments)}\n{done.stderr[-3000:]}"
    return done.stderr


def grade(*arguments):
    done = subprocess.run([sys.executable, "-m", "autograder", "grade", "--json", *arguments],
                          cwd=ROOT, capture_output=True, text=True, timeout=900, check=True)
    return json.loads(done.stdout)["results"]


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_generate_assignment_makes_the_released_bytes(lesson, clone):
    (clone / "lessons" / lesson.name / f"{lesson.name}.ipynb").unlink()
    nbgrader(clone, "generate_assignment", lesson.name, "--force")
    made = clone / "lessons" / lesson.name / f"{lesson.name}.ipynb"
    assert made.read_bytes() == lesson.release.read_bytes()


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_a_class_gets_the_same_marks_from_both_engines(lesson, clone):
    nbgrader(clone, "generate_assignment", lesson.name, "--force")
    nbgrader(clone, "release_assignment", lesson.name, "--force")
    nbgrader(clone, "fetch_assignment", lesson.name)
    mine = clone / "work" / lesson.name / f"{lesson.name}.ipynb"
    assert mine.read_bytes() == lesson.release.read_bytes()

    # One student goes through the exchange; the rest of the class is put where collect puts it.
    nbformat.write(filled(lesson), mine)
    nbgrader(clone, "submit", lesson.name, cwd=clone / "work")
    nbgrader(clone, "collect", lesson.name)
    submitted = clone / "grading" / "submitted"
    collected = list(submitted.glob(f"*/{lesson.name}/{lesson.name}.ipynb"))
    assert len(collected) == 1
    for student, work in students(lesson).items():
        place = submitted / student / lesson.name
        place.mkdir(parents=True)
        nbformat.write(work, place / f"{lesson.name}.ipynb")

    nbgrader(clone, "autograde", lesson.name, "--create")
    theirs = _gradebook(clone, lesson)
    ours = {result["student"]: {e["name"]: e["score"] for e in result["exercises"]}
            for result in grade(str(submitted), "--jobs", "2")
            if result["assignment"] == lesson.name}
    assert len(ours) == len(functions(lesson)) + 4
    assert ours == theirs

    full = {name: cell(notebook(lesson.solution), f"{name}-tests").metadata.nbgrader.points
            for name in theirs["reference"] if f"{name}-tests" in {
                c.id for c in notebook(lesson.solution).cells}}
    for student in ("reference", "noisy", collected[0].parts[-3]):
        assert {name: ours[student][name] for name in full} == full
    assert set(ours["blank"].values()) == {0.0}
    for exercise in functions(lesson):
        for student in ours:
            if student.startswith(exercise.replace("_", "-") + "-"):
                assert ours[student][exercise] < full[exercise]

    nbgrader(clone, "generate_feedback", lesson.name, "--student", "blank")
    assert (clone / "grading" / "feedback" / "blank" / lesson.name
            / f"{lesson.name}.html").stat().st_size > 10_000
    nbgrader(clone, "export", "--to", str(clone / "grades.csv"))
    with (clone / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)
                if row["assignment"] == lesson.name}
    assert float(rows["reference"]["score"]) == sum(full.values())
    assert float(rows["blank"]["score"]) == 0


def _gradebook(clone, lesson):
    """Scores by student and exercise as stock nbgrader has them in its gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{clone / 'grading' / 'gradebook.db'}", "neural-networks") as book:
        return {submission.student.id: {grade.name.removesuffix("-tests"): grade.score
                                        for notebook in submission.notebooks
                                        for grade in notebook.grades}
                for submission in book.assignment_submissions(lesson.name)}
