"""The same answers cell for cell, and the model's: what chance explains is not reported."""

import random

import pytest

from autograder.reports.same_answers import MODEL, like_the_model, same_answers
from autograder.reports.similarity import Text, alike
from support.answers import built_lessons, notebook
from support.planted import planted

NAMES = [f"e{number}" for number in range(8)]
SHORT = [["return x / 2", "return 0.5 * x", "return x * 0.5", "y = x / 2\n    return y",
          "return np.divide(x, 2)", "half = x / 2\n    return half", "return (x + 0) / 2"]] * 8


def answer(name, body):
    return Text(name, f"def {name}(x):\n    \"\"\"Half.\"\"\"\n    {body}")


def honest(students, seed=1):
    """A class in which everybody picks one of the usual short answers to each exercise."""
    rng = random.Random(seed)
    return {f"s{number:02}": [answer(name, rng.choice(bodies))
                              for name, bodies in zip(NAMES, SHORT, strict=True)]
            for number in range(students)}


def found(works, given=(), files=None):
    return [(one.one, one.other) for one in same_answers(works, given, files or {})]


@pytest.mark.parametrize("students", [5, 10, 30, 60])
@pytest.mark.parametrize("seed", range(20))
def test_chance_is_not_reported(students, seed):
    assert found(honest(students, seed)) == []


@pytest.mark.parametrize("students", [10, 30, 60])
def test_a_lesson_copied_cell_for_cell_is_found_however_short_its_answers(students):
    works = honest(students)
    copied = [Text(text.name, f"# mine\n{text.text}  # done") for text in works["s03"]]
    works["s07"] = copied
    assert alike(works, []) == []
    [one] = same_answers(works, [], {})
    assert (one.one, one.other, len(one.names), one.compared, one.file) == (
        "s03", "s07", 8, 8, False)


def test_what_is_given_and_what_many_have_do_not_count():
    works = honest(30)
    works["s03"] = works["s07"] = [answer(name, "return x - 7") for name in NAMES]
    assert found(works) == [("s03", "s07")]
    assert found(works, [answer(name, "return x - 7") for name in NAMES]) == []
    wrong = "\n\n".join(answer(f"{name}__takes_away", "return x - 7").text for name in NAMES)
    assert found(works, [Text("misconceptions", wrong)]) == []
    assert found(dict.fromkeys(works, works["s03"])) == []


def test_written_answers_count_by_their_words():
    works = honest(30)
    for student in ("s03", "s07"):
        works[student] = [Text(name, f"Because of {name}, *I* say.", prose=True) for name in NAMES]
    assert found(works) == [("s03", "s07")]


def test_files_that_are_the_same_to_the_byte_are_found_also_in_a_class_of_two():
    works = {"ann": [answer(name, "return x / 2") for name in NAMES], "cem": []}
    works["bob"], works["dan"] = works["ann"], []
    files = {"ann": "1", "bob": "1", "cem": "2", "dan": "2"}  # cem and dan wrote nothing
    [one] = same_answers(works, works["ann"], files)
    assert (one.one, one.other, one.file) == ("ann", "bob", True)


LONG = "total = 0.0\n    for value in x:\n        total = total + abs(value) * 2 - value / 3\n" \
       "    mean = total / max(len(x), 1)\n    return mean + 0.5"
MODEL_ANSWERS = [answer(name, f"### BEGIN SOLUTION\n    {LONG}\n    ### END SOLUTION")
                 for name in NAMES]


def test_more_of_the_models_long_answers_than_chance_explains_are_found():
    works = honest(30)
    works["s03"] = [answer(name, LONG) for name in NAMES[:5]] + works["s03"][5:]
    works["s07"] = [answer(name, LONG) for name in NAMES[:2]] + works["s07"][2:]
    [one] = like_the_model(works, MODEL_ANSWERS)
    assert (one.one, one.other, one.names, one.compared) == ("s03", MODEL, tuple(NAMES[:5]), 8)


def test_the_models_short_answers_are_many_peoples():
    works = honest(30)
    model = works["s03"]
    assert like_the_model(works, model) == []


def test_where_everybody_has_the_models_answers_nobody_stands_out():
    works = {student: [answer(name, LONG) for name in NAMES] for student in honest(30)}
    assert like_the_model(works, MODEL_ANSWERS) == []


@pytest.mark.parametrize("lesson", built_lessons()[:3], ids=lambda lesson: lesson.name)
def test_in_a_class_of_right_and_wrong_answers_nobody_is_named(lesson):
    """The copies in it have other names, which is for fingerprints to see."""
    works = {one.student: [Text(name, text) for name, text in one.answers.items()]
             for one in planted([lesson], 40)}
    given = [Text(cell.id, cell.source) for cell in notebook(lesson.solution).cells
             if cell.cell_type == "code"]
    wrong = Text("wrong", lesson.misconceptions.read_text(encoding="utf-8"))
    assert same_answers(works, [*given, wrong], {}) == []
