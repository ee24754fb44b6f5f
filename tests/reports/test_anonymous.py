"""A class without names: all that was marked, of people who are numbers."""

import csv
import io

from autograder.gradebook.records import Mark
from autograder.grading.result import Check, Exercise, Misconception
from autograder.reports.anonymous import export, table
from autograder.reports.statistics import Answer, Work
from support import demo
from support.classes import RIGHT, hand_in, run
from support.demo import NAME

TEXT = "def f(x):\n    return x  # by ann"


def work(student, lesson, score):
    exercise = Exercise("f", score, 2.0, checks=[Check("one", True, False),
                                                 Check("two", False, True, "f(1): got ann")],
                        misconception=Misconception("wrong_sign", "Hint."))
    return Work(student, lesson, (Answer(exercise, Mark(score, 2.0, True, comment="Dear ann"),
                                         TEXT),), late=True)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_each_answer_is_a_row_and_a_person_has_one_number_in_all_lessons():
    works = [work(student, lesson, score) for score, student in enumerate(("ann", "bob"))
             for lesson in ("01_one", "02_two")]
    made = rows(table(works))
    assert {(row["person"], row["points"]) for row in made} in (
        {("p1", "0"), ("p2", "1")}, {("p1", "1"), ("p2", "0")})
    assert {key: made[0][key] for key in ("lesson", "exercise", "of", "by_hand", "blank", "late",
                                          "checks_passed", "checks", "misconception")} == {
        "lesson": "01_one", "exercise": "f", "of": "2.0", "by_hand": "1", "blank": "0",
        "late": "1", "checks_passed": "1", "checks": "2", "misconception": "wrong_sign"}
    for word in ("ann", "bob", "got", "Dear", "def"):
        assert word not in table(works)


def test_numbers_are_drawn_anew_each_time():
    works = [work(f"s{k}", "01_one", float(k)) for k in range(20)]
    assert len({table(works) for _ in range(5)}) > 1


def test_the_class_folders_table_names_nobody(tmp_path):
    lesson = demo.course(tmp_path / "course")
    hand_in(lesson, "quibbleton", RIGHT)
    run(lesson.root)
    path = export(root=lesson.root)
    assert path == lesson.root / "grading" / "anonymous.csv"
    assert [row["exercise"] for row in rows(path.read_text())] == ["double", "half", "why"]
    assert "quibbleton" not in path.read_text()
    assert export(tmp_path / "x.csv", [NAME], lesson.root) == tmp_path / "x.csv"
