"""The same submissions through stock nbgrader's own commands and through ours."""

import csv
import json
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder.course import ROOT
from autograder.notebooks.cells import exercise_name, exercise_of, is_tests
from support import classes
from support.answers import built_lessons, filled, functions, notebook, typed, wrong_answers

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


FIRST = built_lessons()[:2]  # a run of stock nbgrader takes long: these see all of it


def students(lesson):
    """A right one, the blank, and wrong ones; of the later lessons one is right and wrong in turn.

    The right one of the first lessons warns and prints where it can, which must cost nothing.
    Wrong ones, and all of later lessons, have emptied the cells to play with: figures take long.
    """
    found = {"right": filled(lesson, NOISY.get(lesson.name, {})),
             "blank": nbformat.read(lesson.release, as_version=4)}
    for number in range(2 if lesson in FIRST else 1):
        found[f"wrong-{number}"] = filled(lesson, {
            name: typed(lesson.misconceptions, name, list(wrong_answers(lesson, name))[number])
            for name in wrong_in(lesson)})
    if lesson not in FIRST:
        del found["right"]
    for student, work in found.items():
        for cell in work.cells:
            if ((lesson not in FIRST or student.startswith("wrong"))
                    and cell.cell_type == "code" and "nbgrader" not in cell.metadata):
                cell.source = ""
    return found


def wrong_in(lesson):
    """The exercises that a wrong student has wrong: the others say that right ones count."""
    return functions(lesson) if lesson in FIRST else functions(lesson)[::2]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the tree, where nbgrader finds the configuration by our path alone."""
    root = tmp_path_factory.mktemp("clone") / "course"
    for name in ("autograder", "config", "lessons", "misconceptions", "solutions", "utils"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", root)
    return root


def nbgrader(clone, *arguments, cwd=None):
    return classes.nbgrader(clone, *arguments, cwd=cwd, engine="stock")


def grade(*arguments):
    done = subprocess.run([sys.executable, "-m", "autograder", "grade", "--json", *arguments],
                          cwd=ROOT, capture_output=True, text=True, timeout=900, check=True)
    return json.loads(done.stdout)["results"]


def points(lesson):
    """What each exercise is worth, written ones left out."""
    return {exercise_name(c): c.metadata.nbgrader.points
            for c in notebook(lesson.solution).cells if is_tests(c)}


@pytest.mark.parametrize("lesson", built_lessons(), ids=lambda lesson: lesson.name)
def test_a_class_gets_the_same_marks_from_both_engines(lesson, clone, tmp_path):
    for student, work in students(lesson).items():
        put(work, tmp_path / student, lesson)
    shutil.copytree(tmp_path, clone / "grading" / "submitted", dirs_exist_ok=True)
    nbgrader(clone, "generate_assignment", lesson.name, "--force")
    if lesson in FIRST:
        mine = hand_in(clone, lesson)
        put(filled(lesson), tmp_path / mine, lesson)
    nbgrader(clone, "autograde", lesson.name, "--create")

    theirs = _gradebook(clone, lesson)
    ours = {result["student"]: {e["name"]: e["score"] for e in result["exercises"]}
            for result in grade(str(tmp_path))}
    assert len(ours) == len(students(lesson)) + (lesson in FIRST)
    assert ours == theirs

    full = points(lesson)
    assert set(ours["blank"].values()) == {0.0}
    for student in ours.keys() - {"blank"}:
        wrong = wrong_in(lesson) if student.startswith("wrong") else []
        assert {name for name in full if ours[student][name] < full[name]} == set(wrong)
    if lesson in FIRST:
        publish(clone, lesson, mine)


def put(work, folder, lesson):
    place = folder / lesson.name
    place.mkdir(parents=True)
    nbformat.write(work, place / f"{lesson.name}.ipynb")


def hand_in(clone, lesson):
    """A student's way through nbgrader's own commands; the name that it goes by."""
    made = clone / "lessons" / lesson.name / f"{lesson.name}.ipynb"
    assert made.read_bytes() == lesson.release.read_bytes()
    nbgrader(clone, "release_assignment", lesson.name, "--force")
    nbgrader(clone, "fetch_assignment", lesson.name)
    mine = clone / "work" / lesson.name / f"{lesson.name}.ipynb"
    assert mine.read_bytes() == lesson.release.read_bytes()
    nbformat.write(filled(lesson), mine)
    nbgrader(clone, "submit", lesson.name, cwd=clone / "work")
    before = set((clone / "grading" / "submitted").glob(f"*/{lesson.name}"))
    nbgrader(clone, "collect", lesson.name)
    [collected] = set((clone / "grading" / "submitted").glob(f"*/{lesson.name}")) - before
    return collected.parent.name


def publish(clone, lesson, student):
    """The teacher's way from there."""
    nbgrader(clone, "generate_feedback", lesson.name, "--student", student)
    assert (clone / "grading" / "feedback" / student / lesson.name
            / f"{lesson.name}.html").stat().st_size > 10_000
    nbgrader(clone, "export", "--to", str(clone / "grades.csv"))
    with (clone / "grades.csv").open() as file:
        [row] = [row for row in csv.DictReader(file)
                 if (row["assignment"], row["student_id"]) == (lesson.name, student)]
    assert float(row["score"]) == sum(points(lesson).values())


def _gradebook(clone, lesson):
    """Scores by student and exercise as stock nbgrader has them in its gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{clone / 'grading' / 'gradebook.db'}", "neural-networks") as book:
        return {submission.student.id: {exercise_of(grade.name): grade.score
                                        for notebook in submission.notebooks
                                        for grade in notebook.grades}
                for submission in book.assignment_submissions(lesson.name)}
