"""What every lesson has to hold, whichever lessons there are."""

import re
import warnings

import numpy as np
import pytest

from autograder.authoring.answers import fresh_inputs
from autograder.authoring.build import built
from autograder.authoring.requirements import Author, missing
from autograder.course import ROOT
from support.answers import (
    built_lessons,
    cell,
    exercises,
    functions,
    mark,
    marked,
    misconceptions,
    notebook,
    reference,
    right_answers,
    wrong_answers,
)
from utils._course import course
from utils._diagnosis.misconceptions import alike

LESSONS = built_lessons()
by_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
by_exercise = pytest.mark.parametrize(
    ("lesson", "exercise"), [(lesson, name) for lesson in LESSONS for name in exercises(lesson)],
    ids=lambda value: getattr(value, "name", value))
by_function = pytest.mark.parametrize(
    ("lesson", "exercise"), [(lesson, name) for lesson in LESSONS for name in functions(lesson)],
    ids=lambda value: getattr(value, "name", value))
by_lesson_with_cases = pytest.mark.parametrize(
    "lesson", [lesson for lesson in LESSONS if "cases" in functions(lesson)],
    ids=lambda lesson: lesson.name)
by_wrong_answer = pytest.mark.parametrize(
    ("lesson", "exercise", "label"),
    [(lesson, name, label) for lesson in LESSONS for name in functions(lesson)
     for label in wrong_answers(lesson, name)], ids=lambda value: getattr(value, "name", value))
by_right_answer = pytest.mark.parametrize(
    ("lesson", "exercise", "label"),
    [(lesson, name, label) for lesson in LESSONS for name in functions(lesson)
     for label in right_answers(lesson, name)], ids=lambda value: getattr(value, "name", value))


def points(lesson, exercise):
    return cell(notebook(lesson.solution), f"{exercise}-tests").metadata.nbgrader.points


def test_committed_notebooks_are_what_their_sources_build():
    stale = [str(path.relative_to(ROOT)) for path, content in built().items()
             if not path.exists() or path.read_bytes() != content]
    assert not stale, "run `python -m autograder build`"


@by_exercise
def test_the_reference_gets_full_points(lesson, exercise):
    score = marked(lesson, exercise, reference(lesson)[exercise])
    assert score == points(lesson, exercise), str(score)


@by_exercise
def test_the_reference_passes_what_the_student_sees(lesson, exercise):
    tests = cell(notebook(lesson.release), f"{exercise}-tests").source
    score = mark(tests, exercise, reference(lesson)[exercise])
    assert all(outcome.passed for outcome in score.outcomes), str(score)
    assert len(score.outcomes) == score.visible


@by_exercise
def test_the_blank_stub_gets_nothing_and_is_called_unfinished(lesson, exercise):
    namespace = dict(reference(lesson))
    exec(cell(notebook(lesson.release), exercise).source, namespace)
    score = marked(lesson, exercise, namespace[exercise])
    assert score == 0
    assert {outcome.error for outcome in score.outcomes} == {"missing"}


@by_wrong_answer
def test_wrong_answers_lose_points(lesson, exercise, label):
    score = marked(lesson, exercise, wrong_answers(lesson, exercise)[label])
    assert score < points(lesson, exercise)


@by_wrong_answer
def test_wrong_answers_are_named(lesson, exercise, label):
    found = misconceptions(lesson).diagnose(exercise, wrong_answers(lesson, exercise)[label])
    assert found is not None
    assert found.name == label
    assert len(found.hint) > 30


@pytest.mark.parametrize(
    ("lesson", "exercise"), [(lesson, name) for lesson in LESSONS for name in functions(lesson)
                             if "global_generator" in wrong_answers(lesson, name)],
    ids=lambda value: getattr(value, "name", value))
def test_drawing_from_the_global_generator_is_named_whatever_comes_of_it(lesson, exercise):
    answer = wrong_answers(lesson, exercise)["global_generator"]
    state = np.random.get_state()  # noqa: NPY002
    try:
        for seed in range(15):
            np.random.seed(seed)  # noqa: NPY002
            found = misconceptions(lesson).diagnose(exercise, answer)
            assert found is not None, seed
            assert found.name == "global_generator", seed
    finally:
        np.random.set_state(state)  # noqa: NPY002


@by_right_answer
def test_right_answers_get_full_points_however_they_are_written(lesson, exercise, label):
    score = marked(lesson, exercise, right_answers(lesson, exercise)[label])
    assert score == points(lesson, exercise), str(score)


@by_right_answer
def test_right_answers_are_never_taken_for_a_misconception(lesson, exercise, label):
    answer = right_answers(lesson, exercise)[label]
    assert misconceptions(lesson).diagnose(exercise, answer) is None


@by_function
def test_misconceptions_are_compared_on_other_inputs_than_the_tests(lesson, exercise):
    """No array that a test hands to the answer is among the inputs of its misconceptions."""
    seen = []

    def listening(*arguments):
        seen.extend(a for a in arguments if isinstance(a, np.ndarray) and a.size > 3)
        return reference(lesson)[exercise](*arguments)

    marked(lesson, exercise, listening)
    for outcome in misconceptions(lesson).outcomes(
            exercise, reference(lesson)[exercise]):
        fresh = [a for a in outcome.arguments if isinstance(a, np.ndarray) and a.size > 3]
        # Labels and truth tables are too few to differ; what is drawn at random must.
        assert not any(alike(a, b) for a in fresh for b in seen
                       if not np.array_equal(a, a.astype(int)))


@by_lesson_with_cases
def test_what_cases_lack_is_not_looked_for_in_large_ones(lesson):
    """A grader names mistakes on its own side of the fence, where these would take terabytes."""
    first, *_ = reference(lesson)["cases"]()
    large = np.zeros((10**6, 1))
    assert isinstance(misconceptions(lesson).view("cases")([(large,) * len(first)]), str)


@by_function
def test_warnings_and_prints_cost_nothing(lesson, exercise):
    answer = reference(lesson)[exercise]

    def noisy(*arguments):
        print("still here")
        warnings.warn("a warning of the answer's own", UserWarning, stacklevel=1)
        _ = np.array([1.0]) / np.array([0.0]), np.exp(np.array([1e4]))
        return answer(*arguments)

    assert marked(lesson, exercise, noisy) == points(lesson, exercise)


@by_exercise
def test_a_missing_or_crashing_answer_gets_nothing_and_a_sentence(lesson, exercise):
    def crashing(*arguments):
        raise ZeroDivisionError("oh no")

    for answer in (crashing, None, 7, lambda: None):
        score = marked(lesson, exercise, answer)
        assert score == 0
        assert all(outcome.message for outcome in score.outcomes)


@by_lesson
def test_every_choice_of_a_quiz_is_explained(lesson):
    for exercise in exercises(lesson):
        if exercise.startswith("quiz_"):
            right = reference(lesson)[exercise]()
            for letter in "abcd":
                score = marked(lesson, exercise, lambda letter=letter: letter)
                assert score == (score.points if letter == right else 0)
                assert score.outcomes[-1].message.startswith(f"You chose {letter}. ")
                assert len(score.outcomes[-1].message) > 30, f"{exercise}: {letter}"


@by_lesson
def test_links_in_the_prose_lead_somewhere(lesson):
    text = "\n".join(c.source for c in notebook(lesson.release).cells
                     if c.cell_type == "markdown")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert (lesson.release.parent / target).exists(), target


@by_lesson
def test_a_lesson_has_what_belongs_to_one(lesson):
    """The coverage page is not asked: a test should not fail for a topic that nobody listed."""
    author = Author({name: list(wrong_answers(lesson, name)) for name in functions(lesson)},
                    {name: list(right_answers(lesson, name)) for name in functions(lesson)},
                    coverage=f"lessons/{lesson.name}/",
                    fresh=fresh_inputs(lesson.misconceptions))
    assert list(missing(lesson.name, notebook(lesson.solution), author,
                        course().check)) == []
