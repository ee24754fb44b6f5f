"""The skeleton of a new lesson: it builds, and nothing is overwritten."""

import pytest

from autograder.authoring.answers import known_answers
from autograder.authoring.build import build
from autograder.authoring.requirements import exercises
from autograder.authoring.scaffold import new_lesson
from autograder.course import Lesson
from autograder.errors import UserError
from support.answers import notebook


def test_a_skeleton_builds(tmp_path):
    assert [str(path.relative_to(tmp_path)) for path in new_lesson("08_batch_norm", tmp_path)] == [
        "solutions/08_batch_norm.py", "misconceptions/08_batch_norm.py",
        "tests/right_answers/08_batch_norm.py"]
    lesson = Lesson("08_batch_norm", tmp_path)
    assert lesson.solution in build(tmp_path)
    made = notebook(lesson.solution)
    assert made.cells[0].source.startswith("# 8 · Batch norm\n")
    assert exercises(made) == ["scale", "quiz_first"]
    assert made.cells[-1].source.endswith('HandIn("08_batch_norm")')
    assert [cell.id for cell in made.cells if cell.id.startswith("interview")] == [
        "interview_batch_norm"]
    for module in (lesson.misconceptions, lesson.right_answers):
        assert list(known_answers(module)) == ["scale"]
        assert module.read_text(encoding="utf-8").splitlines()[0].count("lesson 8") == 1


@pytest.mark.parametrize("stem", ["", "8_x", "08", "08_", "08_X", "08-x", "08_x/y", "../08_x",
                                  "08_x.py", "08_ü"])
def test_what_can_be_no_name_is_refused(stem, tmp_path):
    with pytest.raises(UserError, match="for example 08_optimizers"):
        new_lesson(stem, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", ["solutions/08_x.py", "misconceptions/08_x.py",
                                   "tests/right_answers/08_x.py", "solutions/08_other.py"])
def test_nothing_is_overwritten(taken, tmp_path):
    path = tmp_path / taken
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(UserError, match=rf"^{taken} exists already; nothing was written\.$"):
        new_lesson("08_x", tmp_path)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]
    assert path.read_text() == "mine"


def test_a_course_without_numbers_takes_other_names(tmp_path):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "means.py").write_text("# %% [markdown]\n# # Means\n")
    source, *_ = new_lesson("spread-2", tmp_path)
    assert source == tmp_path / "solutions" / "spread-2.py"
    build(tmp_path)
    made = notebook(Lesson("spread-2", tmp_path).solution)
    assert made.cells[0].source.startswith("# Spread 2\n")
    with pytest.raises(UserError, match=r"Use letters, digits, - and _\.$"):
        new_lesson("spread 3", tmp_path)
