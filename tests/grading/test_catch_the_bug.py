"""Both engines give a student's cases the same points."""

import nbformat
import pytest

from autograder.authoring.answers import fill
from autograder.authoring.stock_nbgrader import autograded, scores
from autograder.grading.pool import grade_all
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from support import catch_lesson
from support.catch_lesson import ALL, HALF, NOT_AGREED, RIGHT, WRONG
from support.demo import course

ANSWERS = {"all_of_them": (ALL, 3.0), "half": (HALF, 1.5), "not_agreed": (NOT_AGREED, 0.0),
           "nothing": ("[([0.0],)]", 0.0), "no_list": ("3", 0.0), "blank": (None, 0.0)}
POINTS = {name: points for name, (_, points) in ANSWERS.items()}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    return course(tmp_path_factory.mktemp("catch") / "course", catch_lesson.lesson(*ANSWERS),
                  WRONG, RIGHT)


def student(lesson):
    notebook = nbformat.read(lesson.release, as_version=4)
    fill(notebook, {name: catch_lesson.answer(name, cases)
                    for name, (cases, _) in ANSWERS.items() if cases})
    return notebook


def test_the_courses_engine_gives_the_share_that_is_exposed(lesson, tmp_path):
    path = tmp_path / "ann" / lesson.name / f"{lesson.name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(student(lesson), path)
    [(result, _)] = grade_all([Submission(path, "ann", lesson.name)],
                              settings=Settings(root=lesson.root))
    found = {exercise.name: exercise for exercise in result.exercises}
    assert {name: exercise.score for name, exercise in found.items()} == POINTS
    assert {check.message for check in found["not_agreed"].checks[1:]} == {
        "In case 0, right answers disagree with each other: `mean` promises nothing for such an "
        "input."}
    assert found["half"].checks[1].message.endswith("The mean is the sum over n.")


@pytest.mark.slow
def test_stock_nbgrader_gives_the_same(lesson):
    graded = autograded(lesson, {"ann": student(lesson)})
    assert scores(graded["ann"]) == POINTS
