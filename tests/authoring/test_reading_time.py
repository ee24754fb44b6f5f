"""How long a lesson takes: words that everybody reads, and minutes by the rule."""

import shutil

import nbformat
import pytest

from autograder.authoring.check import check
from autograder.authoring.reading_time import ReadingTime, count_words, reading_time
from autograder.course import ROOT
from support.small_lesson import STEM, complete


@pytest.mark.parametrize(("text", "words"), [
    ("Two words.", 2),
    ("It doesn't count twice, nor does 3.5.", 7),
    ("<details><summary>Hint 1</summary>\n\nNot read by all.\n</details>\nRead.", 1),
    ("a\n\n```python\nx = 1\ny = 2\n```\n\nb", 2),
    ("The sum $a + b + c$ and `np.sum(x, axis=1)`", 5),
    ("$$ z = w \\cdot x + b $$", 1),
    ("| a | b |\n|---|---|\n| 1 | 2 |", 4),
    ("", 0),
])
def test_words_are_those_of_the_prose(text, words):
    assert count_words(text) == words


def cell(kind, name, source, points=None):
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}[kind]
    made = make(source, id=name)
    if points is not None:
        made.metadata["nbgrader"] = {"grade": True, "solution": kind == "markdown",
                                     "grade_id": name, "points": points}
    return made


def test_minutes_are_reading_exercises_and_questions():
    prose = cell("markdown", "text", "word " * 1000)
    question = cell("markdown", "asked", "word " * 500)  # stands over a quiz question: not read
    written = cell("markdown", "interview", "word " * 500, 3)
    lesson = nbformat.v4.new_notebook(cells=[
        prose, cell("code", "f-tests", "", 4), question, cell("code", "quiz_a", ""),
        cell("code", "quiz_a-tests", "", 1), written])
    # 1,000 words at 100 a minute, 4 points at 3 minutes, one question: 23, to the nearest 5.
    assert reading_time(lesson) == ReadingTime(1000, 25)


def test_a_time_that_is_not_the_rules_is_told(tmp_path, monkeypatch):
    shutil.copyfile(ROOT / "course.toml", tmp_path / "course.toml")  # which demands it
    lesson = complete(tmp_path)
    lesson.source.write_text(lesson.source.read_text(encoding="utf-8").replace(
        "**Time:** about 15 minutes", "**Time:** about 55 minutes"), encoding="utf-8")
    monkeypatch.setattr("autograder.authoring.check.autograded", lambda *_: {})
    found = next(one for one in check(STEM, lesson.root) if "minutes by the rule" in one.text)
    assert found.kind == "missing"
    assert "the lesson says 55" in found.text
