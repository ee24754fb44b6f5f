"""What a feedback page tells a student's review, and what it keeps back until the deadline."""

import json
import re
import shutil
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from autograder.course import Lesson
from autograder.feedback.page import page
from autograder.feedback.publish import publish, review_key
from autograder.feedback.quiz import asked
from autograder.feedback.quiz_key import QuizKey, quiz_keys
from autograder.feedback.review import ReviewKey
from autograder.gradebook.book import Book
from autograder.gradebook.settings import make_folders, settings
from autograder.grading.result import Check, Exercise, Misconception, Result
from support import demo
from support.answers import built_lessons, exercises, notebook
from support.classes import RIGHT, by_looking, hand_in, opened
from support.demo import NAME
from support.markup import HOSTILE
from support.quiz_lesson import LESSON, QUESTION, quiz
from support.secrets import secrets
from utils import progress
from utils._review import record
from utils.checks import Checks
from utils.review import Review

from .test_withhold import rules

FRESH = "\n\ndef fresh_double(draw):\n    return (draw.elementwise(),)\n"
SQUARES = "import numpy as np\n\ndef double(x):\n    return np.asarray(x) ** 2"
WHY = {"a": "Twice is x plus x.", "b": "The square is x times x: try 3.",
       "c": "Half is the other way round."}
DAY = date(2026, 3, 1)


def judged(submissions, root):
    """By looking: whoever squares is recognized, whoever changes x only by the hidden check."""
    for result, notebook_ in by_looking(submissions, root):
        sources = {cell.id: cell.source for cell in notebook_.cells}
        double, chosen = (next(one for one in result.exercises if one.name == name)
                          for name in ("double", "quiz_twice"))
        wrong = next((name for name, part in (("square", "** 2"), ("in_place", "*="))
                      if part in sources["double"]), "")
        double.checks = [Check("doubles", wrong != "square", False),
                         Check("leaves its input", not wrong, True)]
        if wrong:
            double.misconception = Misconception(wrong, f"The hint of {wrong}.")
        checks = Checks("quiz_twice", points=1, visible=0, hidden=1)
        with checks("what twice means"):
            checks.letter(sources["quiz_twice"][-2], right="a", why=WHY)
        chosen.checks = [Check(one.label, one.passed, True, one.message)
                         for one in checks.outcomes]
        yield result, notebook_


def graded(lesson, **students):
    """Let these students hand in, and grade it."""
    for student, answers in students.items():
        hand_in(lesson, student, {**RIGHT, "quiz_twice": quiz("a"), **answers})
    with opened(lesson.root) as room:
        list(room.autograde(room.waiting(), lambda found: judged(found, lesson.root)))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class: ann squares and chose b, bob is right."""
    lesson = demo.course(tmp_path_factory.mktemp("class") / "course", LESSON)
    lesson.misconceptions.write_text(demo.MISCONCEPTIONS + FRESH)
    make_folders(lesson.root)
    Book(settings(lesson.root)).close()
    graded(lesson, ann={"double": SQUARES, "quiz_twice": quiz("b")}, bob={})
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


class Told(HTMLParser):
    """What a page's <meta> tells."""

    def __init__(self, html):
        super().__init__()
        self.content = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "meta" and dict(attrs).get("name") == "review":
            self.content.append(dict(attrs)["content"])


def path(lesson, student):
    list(publish([NAME], lesson.root))
    return lesson.root / "grading" / "feedback" / student / NAME / f"{NAME}.html"


def told(lesson, student="ann"):
    """What the page tells, None for nothing."""
    content = Told(path(lesson, student).read_text()).content
    return json.loads(content[0]) if content else None


def test_after_the_deadline_it_has_the_own_mistakes_and_what_is_right(lesson):
    rules(lesson, days=-1)
    found = told(lesson)
    assert (found["lesson"], found["handed_in"]) == (NAME, "2030-01-01 10:00:00 UTC")
    squares, choice = found["wrong"]
    assert (squares["exercise"], squares["misconception"]) == ("double", "square")
    assert squares["hint"] == "The hint of square."
    assert len(squares["cases"]) == 8
    for case in squares["cases"]:
        x = case["call"].removeprefix("double(").removesuffix(")")
        if "[" not in x:
            assert (float(case["right"]), float(case["wrong"][0])) == (2 * float(x), float(x) ** 2)
    assert choice == {
        "exercise": "quiz_twice", "chosen": "b", "right": "a",
        "question": "**Question 1.** What is *twice* $x$?", "choices": [
            {"letter": letter, "text": text, "why": WHY[letter]} for letter, text in (
                ("a", "`2 * x`"), ("b", "$x^2$, the square"), ("c", "Half of it."))]}


def test_who_made_no_mistake_is_told_nothing(lesson):
    rules(lesson, days=-1)
    assert told(lesson, "bob") is None


@pytest.mark.parametrize(("level", "days"), [
    ("labels", 2), ("labels", None), ("everything", 2), ("after-deadline", 2)])
def test_as_long_as_work_can_be_handed_in_it_has_no_letter_and_no_result(lesson, level, days):
    rules(lesson, level, days)
    found = told(lesson)
    assert found["wrong"] == [{"exercise": "double", "misconception": "square", "cases": [],
                               "hint": "The hint of square."}]
    html = path(lesson, "ann").read_text()
    for part in (WHY["a"], WHY["c"], "cases&#34;: [{"):
        assert part not in html
    rules(lesson, level, -1)
    assert len(told(lesson)["wrong"]) == 2


def test_what_only_hidden_checks_found_is_kept_back_with_them(lesson):
    """The visible check passes, so before the deadline nobody says that the answer squares."""
    graded(lesson, ann={"double": "def double(x):\n    x *= 2\n    return x"})
    rules(lesson, "labels", 2)
    assert [one["misconception"] for one in told(lesson)["wrong"]] == ["in_place"]
    rules(lesson, "after-deadline", 2)
    assert told(lesson) is None


def test_the_students_review_asks_it_and_notices_what_is_handed_in_again(
        lesson, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rules(lesson, days=2)
    Review(today=DAY, feedback=path(lesson, "ann"))
    assert [*record.entries()] == [f"{NAME} double: square"]
    rules(lesson, days=-1)
    Review(today=DAY, feedback=path(lesson, "ann"))
    review = Review(today=DAY + timedelta(days=1))
    assert [len(one["options"]) for one in review.facts["questions"]] == [2, 3]
    assert review.facts["questions"][1]["text"] == "What is *twice* $x$?"
    assert len(progress.kept("review")) == 2


def test_without_a_solution_to_read_only_names_and_hints_are_told(lesson):
    rules(lesson, days=-1)
    lesson.solution.write_text("{")
    assert [one.get("cases") for one in told(lesson)["wrong"]] == [[]]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_inside_its_attribute(text):
    chosen = Check("what twice means", False, True, f"You chose b. {text}")
    result = Result("x", "ada", NAME, exercises=[Exercise("quiz_twice", 0.0, 1.0, checks=[chosen])])
    release, key = demo.release(LESSON), QuizKey("a", {**WHY, "b": text})
    html = page(result, demo.release(LESSON), release, review_key=ReviewKey({"quiz_twice": key}))
    (content,) = Told(html).content
    assert json.loads(content)["wrong"][0]["choices"][1]["why"] == text
    assert set(re.findall(r"<(\w+)", html.partition("</head>")[0])) == {
        "html", "head", "meta", "title", "style"}


# ---- every lesson


@pytest.mark.parametrize("lesson", built_lessons(), ids=lambda lesson: lesson.name)
def test_every_question_has_its_key_and_its_choices_as_markdown(lesson):
    keys, release = quiz_keys(notebook(lesson.solution)), notebook(lesson.release)
    names = [name for name in exercises(lesson) if name.startswith("quiz_")]
    assert [*keys] == names
    for name in names:
        question, choices = asked(name, release)
        assert question.startswith("**Question")
        assert [letter for letter, _ in choices] == ["a", "b", "c", "d"]
        assert all(text and not text.startswith("**") for _, text in choices)
        assert "- **a**" not in question
        assert keys[name].right in "abcd"
        assert [*keys[name].why] == ["a", "b", "c", "d"]
        model = next(cell.source for cell in notebook(lesson.solution).cells if cell.id == name)
        assert f'return "{keys[name].right}"' in model


def test_a_key_that_is_not_written_out_is_none():
    computed = LESSON.replace('right="a"', "right=chr(97)")
    assert quiz_keys(demo.solution(computed)) == {}
    assert [*quiz_keys(demo.solution(LESSON))] == ["quiz_twice"]


def test_choices_of_more_than_a_line_keep_their_text():
    written = QUESTION.replace("$x^2$, the square", "$x^2$,\n#   the square")
    assert asked("quiz_twice", demo.release(LESSON.replace(QUESTION, written)))[1][1] == (
        "b", "$x^2$,\nthe square")


def test_nothing_of_a_lessons_solution_is_told_but_the_reasons():
    """The first lesson's whole key, as a student gets it who chose wrong everywhere."""
    lesson = built_lessons()[0]
    key = review_key(lesson)
    reasons = " ".join(why for one in key.letters.values() for why in one.why.values())
    shown = json.dumps([vars(one) for one in key.cases("step", "swapped_outputs")])
    for secret in secrets(lesson):
        assert secret not in shown
    assert "check." not in reasons + shown
