"""Copies are found whatever they are called and wherever they stand; honest answers are not."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.reports.similarity import TEXTS, WINDOW, K, Text, alike, grams, tokens, winnow
from support.answers import HERE, built_lessons, functions, notebook, right_answers, typed
from support.planted import planted, renamed, retyped

LESSONS = built_lessons()
BY_NAME = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
# Of a few short exercises nothing is said: two people may well write them alike.
BY_LONG_LESSON = pytest.mark.parametrize(
    "lesson", [lesson for lesson in LESSONS if len(functions(lesson)) > TEXTS + 1],
    ids=lambda lesson: lesson.name)


def given(lesson):
    return [*(Text(cell.id, cell.source, cell.cell_type != "code")
              for path in (lesson.release, lesson.solution) for cell in notebook(path).cells
              if cell.cell_type == "code" or "nbgrader" in cell.metadata),
            Text("wrong", lesson.misconceptions.read_text(encoding="utf-8"))]


def variant(lesson, number):
    """One right answer to each exercise, none of them another variant's."""
    made = []
    for name in functions(lesson):
        labels = list(right_answers(lesson, name))
        if number < len(labels):
            module = HERE / "right_answers" / f"{lesson.name}.py"
            made.append(Text(name, typed(module, name, labels[number])))
    return made


def pairs(lesson, **works):
    return [(pair.one, pair.other) for pair in alike(works, given(lesson))]


def test_names_literals_comments_docstrings_and_layout_are_nothing():
    plain = "def f(x, y):\n    s = x.sum(axis=0) + 3\n    return max(s, y)\n"
    other = ('def other(first, b):  # mine\n\n    """What it does."""\n    total = (\n'
             '        first.sum(axis=77) + 0.5)\n    return max(total, b)')
    assert [name for name, _ in tokens(other) if name not in "()"
            ] == [name for name, _ in tokens(plain) if name not in "()"]
    assert ("max", 3) in tokens(plain)
    assert ("sum", 2) in tokens(plain)
    assert tokens(plain) != tokens(plain.replace("sum", "mean"))


@pytest.mark.parametrize("text", ["def f(:\n  x = 'open", "x = (1,\n", "   a\n b\n  c", "\0",
                                  "é ¿"])
def test_what_is_no_python_is_read_as_far_as_it_goes(text):
    tokens(text)
    assert tokens(f"a = 1\n{text}")[:2] == [("name", 1), ("=", 1)]


def test_winnowing_is_the_papers():
    """The example of the paper's figure 2, and its guarantee for every run long enough."""
    hashes = [77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98]
    assert [hashes[at] for at in sorted(winnow(hashes, 4))] == [17, 17, 8, 39, 17]
    assert winnow([], 4) == set()
    assert winnow([5], 4) == {0}
    rng = np.random.default_rng(1)
    for _ in range(200):
        run = list(rng.integers(0, 50, size=WINDOW))
        one, other = ([*rng.integers(50, 99, size=rng.integers(9)), *run,
                       *rng.integers(50, 99, size=rng.integers(9))] for _ in range(2))
        assert {one[at] for at in winnow(one)} & {other[at] for at in winnow(other)}


def test_a_run_shorter_than_a_gram_has_none():
    assert len(grams(Text("x", " + ".join("a" * 3)))) == 0
    assert len(grams(Text("x", " ".join("+" * K)))) == 1


@BY_LONG_LESSON
def test_a_renamed_copy_is_found_and_nobody_else(lesson):
    ones = {f"honest{number}": variant(lesson, number) for number in range(3)}
    copy = [replace(text, text=renamed(text.text)) for text in ones["honest0"]]
    found = alike({**ones, "copy": copy}, given(lesson))
    assert [{pair.one, pair.other} for pair in found] == [{"honest0", "copy"}]
    assert found[0].share > 0.9


@BY_LONG_LESSON
def test_in_a_class_the_planted_copy_is_found_and_nobody_else(lesson):
    """But for people who had drawn the same right answers of those that the tests have."""
    for students in (12, 40):
        works = {one.student: [Text(name, text) for name, text in one.answers.items()]
                 for one in planted([lesson], students, seed=students)}
        first, *others = pairs(lesson, **works)
        assert first == ("s001", "s002")
        assert len(others) <= 1
        for one, other in others:
            written = [{tuple(token for token, _ in tokens(text.text)) for text in works[student]}
                       for student in (one, other)]
            assert len(set.intersection(*written)) >= TEXTS


def test_functions_in_another_order_and_another_cell_are_found():
    texts = variant(LESSONS[0], 0)
    moved = [Text("mine", "\n\n".join(renamed(text.text) for text in reversed(texts)))]
    for works in ({"ann": texts, "bob": moved}, {"ann": moved, "bob": texts}):
        assert pairs(LESSONS[0], **works) == [("ann", "bob")]


def test_a_copy_that_is_edited_a_little_is_found():
    texts = variant(LESSONS[0], 0)
    edited = [Text(text.name, text.text.replace("return", "print()\n    return", 1))
              if number == 0 else text for number, text in enumerate(texts)]
    assert pairs(LESSONS[0], ann=texts, bob=edited) == [("ann", "bob")]


@BY_NAME
def test_what_is_given_does_not_count(lesson):
    """Neither what the lesson shows, nor the solution itself, nor known wrong answers."""
    texts = [text for text in given(lesson) if not text.prose]
    assert alike({"ann": texts, "bob": texts}, given(lesson)) == []
    own = variant(lesson, 0)[0]
    assert alike({"ann": [*texts, own], "bob": texts}, given(lesson)) == []


def test_what_many_have_does_not_count():
    texts = variant(LESSONS[0], 0)
    few = {f"s{number}": texts for number in range(5)}
    assert len(alike(few, given(LESSONS[0]))) == 10
    many = {f"s{number}": texts for number in range(6)}
    assert alike(many, given(LESSONS[0])) == []
    rng = np.random.default_rng(0)
    rest = {f"r{number}": [Text("x", f"x = [{', '.join(rng.choice(['a', '1+', '-b*2'], 9))}]")]
            for number in range(54)}
    assert len(alike({**many, **rest}, given(LESSONS[0]))) == 15  # six of sixty are a tenth


def test_short_answers_accuse_nobody():
    """Right answers of a line are the same letter for letter, in however many exercises."""
    short = [Text(f"f{number}", f"def f{number}(x):\n    return np.{name}(x, axis=0)")
             for number, name in enumerate(["sum", "mean", "max", "min", "std", "var"] * 3)]
    assert alike({"ann": short, "bob": short}, []) == []


def test_one_exercise_alike_accuses_nobody():
    long = [text for text in variant(LESSONS[0], 0) if text.name == "perceptron_fit"]
    long = [Text("perceptron_fit", f"{long[0].text}\n\n" * 3)]
    assert len(grams(long[0])) > 100
    assert alike({"ann": long, "bob": long}, []) == []


def test_written_answers_count_by_their_words():
    rng = np.random.default_rng(5)
    vocabulary = [f"word{number}" for number in range(300)]
    prose = [" ".join(rng.choice(vocabulary, 60)) for _ in range(6)]
    one = [Text(f"why{number}", text, prose=True) for number, text in enumerate(prose[:3])]
    copy = [replace(text, text=text.text.upper().replace(" ", ",\n")) for text in one]
    other = [Text(f"why{number}", text, prose=True) for number, text in enumerate(prose[3:])]
    assert [(pair.one, pair.other) for pair in alike({"a": one, "b": copy, "c": other}, [])
            ] == [("a", "b")]


def test_a_pair_shows_the_lines_that_are_alike():
    texts = variant(LESSONS[0], 0)
    first, *rest = texts
    lower = [Text(first.name, "def unlike():\n    yield {3: [4]}\n\n\n"), *(
        Text(text.name, "\n" * 5 + text.text) for text in rest)]
    (pair,) = alike({"ann": texts, "bob": lower}, given(LESSONS[0]))
    assert len(pair.texts) >= 3
    for both in pair.texts:
        assert both.one.name == both.other.name != first.name
        assert both.one_lines
        assert {line + 5 for line in both.one_lines} == both.other_lines


def test_the_same_class_gives_the_same_pairs_each_time():
    works = {one.student: [Text(name, text) for name, text in one.answers.items()]
             for one in planted(LESSONS[:1], 12, seed=3)}
    assert alike(works, given(LESSONS[0])) == alike(dict(reversed(works.items())),
                                                    given(LESSONS[0]))


def test_honest_students_who_type_the_same_idea_differently_are_not_told():
    rng = np.random.default_rng(11)
    for lesson in LESSONS:
        texts = variant(lesson, 0)
        other = [Text(text.name, retyped(text.text, rng)) if number % 2 else variant_of(
            lesson, text.name, 1) for number, text in enumerate(texts)]
        assert pairs(lesson, ann=texts, bob=other) == []


def variant_of(lesson, name, number):
    return next((text for text in variant(lesson, number) if text.name == name), Text(name, ""))
