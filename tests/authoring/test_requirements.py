"""What a lesson lacks is said in words, one thing at a time."""

from pathlib import Path

import pytest

from autograder.authoring.answers import fresh_inputs, known_answers
from autograder.authoring.requirements import Author, missing
from autograder.authoring.scaffold import new_lesson
from autograder.authoring.source import solution_notebook
from autograder.course import ROOT
from support.small_lesson import STEM, complete
from utils._course import Demands, course


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    return complete(tmp_path_factory.mktemp("course"))


def lacking(lesson, text=None, **changes):
    known = {"misconceptions": known_answers(lesson.misconceptions),
             "right_answers": known_answers(lesson.right_answers),
             "fresh": fresh_inputs(lesson.misconceptions),
             "coverage": (lesson.root / "docs" / "coverage.md").read_text(encoding="utf-8")}
    text = lesson.source.read_text(encoding="utf-8") if text is None else text
    return list(missing(STEM, solution_notebook(text, Path("x.py")), Author(**known | changes),
                        course(ROOT).check))


def test_a_course_that_asks_for_nothing_gets_what_is_wrong_all_the_same(lesson):
    text = lesson.source.read_text(encoding="utf-8").replace("## The idea", "## TODO the idea")
    author = Author({"scael": ["a"]}, {}, "", frozenset())
    assert list(missing(STEM, solution_notebook(text, Path("x.py")), author, Demands())) == [
        "still to be written: ## TODO the idea",
        "misconceptions of `scael`, which is not an exercise of this lesson"]


def test_an_exercise_with_arguments_needs_fresh_inputs(lesson):
    assert lacking(lesson, fresh=frozenset()) == [
        "no fresh inputs for `scale`: write `fresh_scale(draw)`"]


def test_a_complete_lesson_lacks_nothing(lesson):
    assert lacking(lesson) == []


@pytest.mark.parametrize(("old", "new", "reason"), [
    ("plots.figure(", "plots.figures(", "figures (cells with `plots.figure`): 0 of at least 2"),
    ("from utils.widgets import ActivationExplorer\n", "", "no explorer: import one from"),
    ("quiz_second", "other", "quiz questions (exercises named `quiz_…`): 2 of at least 3"),
    ("Hint 2", "Hint 1", "hints below `scale`: 2 of at least 3"),
    ("# # 8 · Scaling\n#\n# ", "# # 8 · Scaling\n#\n# **Then:** ", "no motivating question"),
    ("**You will build**", "**You build**", "no `**You will build**` line"),
    ("**Time:**", "Time:", "no time and needs in the first cell"),
    ("## What to remember", "## Recap", "no `## What to remember`"),
    ("HandIn(", "Hand(", "no closing cells: progress and handing in"),
    ("# These cost the point", "# Wrong", "the mark scheme doesn't say what costs a point"),
    ("# ### BEGIN MARK SCHEME\n", "# These cost the point\n",
     "the written question has no mark scheme"),
    ("# %% answer: interview_scaling, 3 points [markdown]", "# %% [markdown]",
     "no written question"),
    ("## The idea", "## TODO the idea", "still to be written: ## TODO the idea"),
])
def test_each_thing_that_is_missing_is_named(lesson, old, new, reason):
    text = lesson.source.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new)
    if "MARK SCHEME" in old or "answer:" in old:
        text = text.replace("# ### END MARK SCHEME\n", "").replace("# ### BEGIN MARK SCHEME\n", "")
    found = lacking(lesson, text)
    assert any(one.startswith(reason) for one in found), found
    if old != "quiz_second":  # what it became needs hints and known answers
        assert len(found) == 1


@pytest.mark.parametrize(("changes", "reason"), [
    ({"misconceptions": {"scale": ["a"] * 5}}, "misconceptions of `scale`: 5 of at least 6"),
    ({"right_answers": {}}, "right answers to `scale`: 0 of at least 3"),
    ({"right_answers": {"scale": ["a"] * 3, "scael": ["b"]}},
     "right answers of `scael`, which is not an exercise of this lesson"),
    ({"coverage": "| [8](../lessons/08_other/08_other.ipynb): x |"},
     "docs/coverage.md doesn't mention the lesson: add a line for each topic it covers"),
])
def test_what_stands_elsewhere_is_named_too(lesson, changes, reason):
    assert lacking(lesson, **changes) == [reason]


def test_a_skeleton_says_what_is_still_to_be_written(tmp_path):
    lesson = complete(tmp_path)
    for path in (lesson.source, lesson.misconceptions, lesson.right_answers):
        path.unlink()
    new_lesson(STEM, tmp_path)
    found = lacking(lesson)
    assert {"figures (cells with `plots.figure`): 1 of at least 2",
            "misconceptions of `scale`: 1 of at least 6",
            "still to be written: TODO: a nudge."} <= set(found)
