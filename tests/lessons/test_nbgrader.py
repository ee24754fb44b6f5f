"""The same submissions through stock nbgrader's own commands and through ours."""

import csv
import getpass
import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder.course import ROOT
from autograder.notebooks.cells import exercise_name, exercise_of, is_tests
from support import classes
from support.answers import (
    built_lessons,
    by_lesson,
    filled,
    functions,
    notebook,
    texts,
    typed,
    wrong_answers,
)
from utils._course import course

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


FIRST = built_lessons()[:2]  # of these all exercises are wrong, too, and twice
MODEL = "model"  # hands in through the exchange, and gets feedback


def students(lesson):
    """Students' notebooks by a name that says what is in them.

    The model answers and the blank are run with every figure and training run. In the others the
    cells to play with are empty: figures take long. In one each answer is right, and warns and
    prints where it can, which must cost nothing.
    """
    found = {MODEL: filled(lesson), "blank": nbformat.read(lesson.release, as_version=4)}
    others = {f"wrong-{number}": {
        name: typed(lesson.misconceptions, name, list(wrong_answers(lesson, name))[number])
        for name in wrong_in(lesson)} for number in range(2 if lesson in FIRST else 1)}
    if lesson.name in NOISY:
        others["noisy"] = NOISY[lesson.name]
    for student, answers in others.items():
        found[student] = filled(lesson, answers)
        for cell in found[student].cells:
            if cell.cell_type == "code" and "nbgrader" not in cell.metadata:
                cell.source = ""
    return found


def wrong_in(lesson):
    """The exercises that a wrong student has wrong: the others say that right ones count.

    None of them is called by a right one, which stock nbgrader can't give its points.
    """
    if lesson in FIRST:
        return functions(lesson)
    chosen, answers = functions(lesson)[::2], texts(lesson)
    right = "\n".join(answers[name] for name in functions(lesson) if name not in chosen)
    return [name for name in chosen if not re.search(rf"\b{name}\(", right)]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the tree, where nbgrader finds the configuration by our path alone."""
    root = tmp_path_factory.mktemp("clone") / "course"
    for name in ("autograder", "config", "lessons", "misconceptions", "solutions", "utils"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", root)
    (root / "grading").mkdir()
    return root


@pytest.fixture(scope="module")
def nbgrader(clone):
    """Stock nbgrader, warm: its commands take a folder and words."""
    warm = classes.WarmNbgrader(clone, engine="stock")
    yield warm.run
    warm.close()


def grade(*arguments):
    done = subprocess.run([sys.executable, "-m", "autograder", "grade", "--json", *arguments],
                          cwd=ROOT, capture_output=True, text=True, timeout=900, check=True)
    return json.loads(done.stdout)["results"]


def points(lesson):
    """What each exercise is worth, written ones left out."""
    return {exercise_name(c): c.metadata.nbgrader.points
            for c in notebook(lesson.solution).cells if is_tests(c)}


@by_lesson
def test_a_class_gets_the_same_marks_from_both_engines_and_every_cell_runs(
        lesson, clone, nbgrader, tmp_path):
    """The whole way of a lesson, by nbgrader's own commands; each notebook is run once."""
    class_ = students(lesson)
    for student, work in class_.items():
        put(work, tmp_path / "class" / student, lesson)
    model = getpass.getuser()  # as nbgrader calls who hands in here
    hand_in(lesson, clone, nbgrader, tmp_path / "class")
    nbgrader(clone, "autograde", lesson.name, "--create")
    nbgrader(clone, "generate_feedback", lesson.name, "--student", model)
    nbgrader(clone, "export", "--to", str(clone / "grades.csv"))
    grading = clone / "grading"

    theirs = _gradebook(clone, lesson)
    theirs[MODEL] = theirs.pop(model)
    ours = {result["student"]: {e["name"]: e["score"] for e in result["exercises"]}
            for result in grade(str(tmp_path / "class"))}
    assert ours.keys() == class_.keys()
    assert ours == theirs
    full = points(lesson)
    assert set(ours["blank"].values()) == {0.0}
    for student in ours.keys() - {"blank"}:
        wrong = wrong_in(lesson) if student.startswith("wrong") else []
        assert {name for name in full if ours[student][name] < full[name]} == set(wrong)

    for student, name in ((MODEL, model), ("blank", "blank")):
        ran = nbformat.read(notebook_in(grading / "autograded" / name, lesson), as_version=4)
        assert troubles(ran) == [], student
        pictures = [output["data"]["text/html"] for output in outputs(ran)
                    if "<img" in output.get("data", {}).get("text/html", "")]
        assert all(re.search(r'<img[^>]* alt="[^"]{20,}', html) for html in pictures), student
        assert len(pictures) >= course().check.figures or student == "blank"

    page = grading / "feedback" / model / lesson.name / f"{lesson.name}.html"
    assert page.stat().st_size > 10_000
    with (clone / "grades.csv").open() as file:
        [row] = [row for row in csv.DictReader(file)
                 if (row["assignment"], row["student_id"]) == (lesson.name, model)]
    assert float(row["score"]) == sum(full.values())


def hand_in(lesson, clone, nbgrader, class_):
    """The student who fetched the lesson hands it in through the exchange, the others by hand."""
    for command, *more in (("generate_assignment", "--force"), ("release_assignment", "--force"),
                           ("fetch_assignment",)):
        nbgrader(clone, command, lesson.name, *more)
    for root in (clone / "lessons", clone / "work"):
        assert notebook_in(root, lesson).read_bytes() == lesson.release.read_bytes()
    shutil.copy(notebook_in(class_ / MODEL, lesson), notebook_in(clone / "work", lesson))
    nbgrader(clone / "work", "submit", lesson.name)
    nbgrader(clone, "collect", lesson.name)
    for student in class_.iterdir():
        if student.name != MODEL:
            shutil.copytree(student, clone / "grading" / "submitted" / student.name,
                            dirs_exist_ok=True)


def put(work, folder, lesson):
    place = notebook_in(folder, lesson)
    place.parent.mkdir(parents=True)
    nbformat.write(work, place)


def notebook_in(folder, lesson):
    return folder / lesson.name / f"{lesson.name}.ipynb"


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def troubles(notebook):
    """The cells that raised or wrote to standard error, with what they said."""
    return [f"{cell.id}: {output.get('evalue') or output.get('text')}"
            for cell in notebook.cells for output in cell.get("outputs", [])
            if output.output_type == "error" or output.get("name") == "stderr"]


def _gradebook(clone, lesson):
    """Scores by student and exercise as stock nbgrader has them in its gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{clone / 'grading' / 'gradebook.db'}", "neural-networks") as book:
        return {submission.student.id: {exercise_of(grade.name): grade.score
                                        for notebook in submission.notebooks
                                        for grade in notebook.grades}
                for submission in book.assignment_submissions(lesson.name)}
