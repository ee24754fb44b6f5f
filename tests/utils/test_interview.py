"""The mock interview without a browser: its questions, what it keeps, and what it refuses."""

import json
import re

import nbformat
import pytest

from autograder.course import lessons
from support.demo import LESSON, NAME
from utils import progress
from utils.interview import Interview
from utils.widgets.kit.explorer import VIEW

EVERY = 1000  # more questions than there are


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A student's folder in which nothing is noted."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts(interview):
    return [one.text for one in interview.questions]


def play(interview, *shares):
    """Judge each question: tick this share of its points."""
    for place, share in enumerate(shares):
        points = interview.questions[place].points
        interview.said = {**interview.said,
                          str(place): list(range(round(share * len(points))))}


def sent(interview, place):
    """What the browser gets of a question."""
    return interview.facts["questions"][place]


# ---- the bank


def asked_in(lesson):
    """The lesson's folded questions and its written one, by another reading than the build's."""
    found = []
    for cell in nbformat.read(lesson.release, as_version=4).cells:
        if cell.source.startswith("## Questions people ask you"):
            found += [line.partition("<summary>")[2].removesuffix("</summary>")
                      for line in cell.source.splitlines() if "<summary>" in line]
        elif cell.source.startswith("## In an interview"):
            found.append(cell.source.splitlines()[2].strip("*"))
    return found


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_every_question_of_a_lesson_is_there_once_with_points(lesson):
    number = int(lesson.name.partition("_")[0])
    interview = Interview(1, lessons=[number], questions=EVERY)
    assert sorted(texts(interview)) == sorted(asked_in(lesson))
    assert len(set(texts(interview))) == len(texts(interview)) > 0
    for question in interview.questions:
        assert 2 <= len(question.points) <= 4, question.text
        assert all(4 < len(point) < 130 and point == point.strip(" .") for point in question.points)
        assert question.minutes in (1, 2, 3)
        assert "A good answer says" not in question.answer
        assert "<" not in question.answer
        assert (len(question.answer) > 40) != bool(question.written)


def test_no_file_of_questions_is_left_of_a_lesson_that_is_gone():
    folder = lessons()[0].interview.parent
    assert {path.stem for path in folder.iterdir()} == {
        lesson.name for lesson in lessons() if asked_in(lesson)}


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_nothing_of_a_written_answer_or_its_mark_scheme_is_in_the_file(lesson):
    held = lesson.interview.read_text(encoding="utf-8")
    for cell in nbformat.read(lesson.solution, as_version=4).cells:
        if cell.id.startswith("interview_"):
            lines = [line for line in cell.source.splitlines() if len(line) > 60]
            assert lines
            for line in lines:
                assert line[:50] not in held
                assert line[-50:] not in held


# ---- drawing


def test_equal_seeds_draw_equal_questions_and_others_others():
    assert texts(Interview(4)) == texts(Interview(4))
    drawn = {tuple(texts(Interview(seed))) for seed in range(10)}
    assert len(drawn) == 10
    for lessons_asked, number in (([3], 1), (range(1, 8), 7)):  # of one deck, and of seven
        drawn = {tuple(one.lesson if number > 1 else one.text for one in Interview(
            seed, lessons_asked, questions=number).questions) for seed in range(30)}
        assert len(drawn) > 4


def test_the_next_interview_in_a_widget_is_that_of_the_next_seed():
    interview = Interview(4)
    first = interview.facts
    play(interview, *[1.0] * 8)
    interview.drawn += 1
    assert interview.said == {}
    assert texts(interview) == texts(Interview(5))
    assert [one["text"] for one in interview.facts["questions"]] == texts(interview)
    assert interview.facts != first


def test_eight_questions_come_from_eight_lessons():
    for seed in range(5):
        assert len({one.lesson for one in Interview(seed).questions}) == 8


def test_lessons_can_be_chosen():
    for seed in range(5):
        numbers = {one.number for one in Interview(seed, lessons=range(1, 8)).questions}
        assert numbers == set(range(1, 8))
    assert {one.number for one in Interview(1, lessons=[3, 5]).questions} == {3, 5}
    assert len(Interview(1, questions=2).questions) == 2


@pytest.mark.parametrize(("arguments", "words"), [
    ({"seed": "1"}, "seed has to be an int, as in Interview(1); it is '1'"),
    ({"seed": 1.5}, "seed has to be an int"),
    ({"seed": True}, "it is True"),
    ({"seed": 1, "lessons": []}, "lessons is empty; choose from 1 to"),
    ({"seed": 1, "lessons": [99]}, "There are no questions of lesson 99; choose from 1 to"),
    ({"seed": 1, "lessons": 3}, "lessons has to be a range or a list of numbers"),
    ({"seed": 1, "lessons": ["three"]}, "each of lessons has to be an int"),
    ({"seed": 1, "questions": 0}, "at least one question"),
])
def test_what_it_cannot_use_is_refused_in_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Interview(**arguments)


# ---- the record


def test_what_went_badly_comes_first_worst_first():
    interview = Interview(1)
    before = texts(interview)
    play(interview, 1.0, 1.0, 0.34, 1.0, 0.0, 1.0, 1.0, 1.0)
    after = texts(Interview(1))
    assert after[:2] == [before[4], before[2]]
    assert sorted(after) == sorted(before)
    assert texts(Interview(2))[:2] == [before[4], before[2]]


def test_what_went_well_the_second_time_is_in_its_place_again():
    first = Interview(1)
    before = texts(first)
    play(first, *[1.0] * 7, 0.0)
    again = Interview(1)
    assert texts(again) == [before[7], *before[:7]]
    play(again, 1.0)
    assert texts(Interview(1)) == before


def test_the_record_is_in_the_progress_file_without_answers_and_beside_the_rest(folder):
    (folder / NAME).mkdir()
    (folder / progress.FILE).write_text(json.dumps({NAME: {"half": {"passed": True}}}))
    interview = Interview(1)
    play(interview, *[1.0] * 7, 0.0)
    noted = json.loads((folder / progress.FILE).read_text())
    assert noted[NAME] == {"half": {"passed": True}}
    sizes = [len(one.points) for one in interview.questions]
    assert len(set(sizes)) > 1
    assert [(facts["said"], facts["of"]) for facts in noted["interview"].values()] == [
        *((size, size) for size in sizes[:7]), (0, sizes[7])]
    assert all(set(facts) == {"said", "of", "time"} for facts in noted["interview"].values())
    assert [path.name for path in folder.glob(".*")] == [progress.FILE]
    progress.reset()
    assert texts(Interview(1)) == texts(interview)


def test_from_within_a_lesson_the_same_record_is_used(folder, monkeypatch):
    interview = Interview(1)
    before = texts(interview)
    play(interview, 1.0, 0.0)
    lesson = folder / NAME
    lesson.mkdir()
    (lesson / f"{NAME}.ipynb").write_text(LESSON)
    monkeypatch.chdir(lesson)
    assert texts(Interview(1))[0] == before[1]


@pytest.mark.parametrize("damage", [
    "", "{", "[]", '{"interview": 3}', '{"interview": {"a": 3, "b": {}}}', "KEY: null",
    'KEY: {"said": "two", "of": 3}', 'KEY: {"said": 0, "of": 0}', 'KEY: {"of": 3}'])
def test_a_damaged_file_costs_the_record_and_nothing_else(folder, damage):
    interview = Interview(1)
    before = texts(interview)
    if damage.startswith("KEY"):
        key = json.dumps(interview.questions[3].key)
        damage = damage.replace("KEY", f'{{"interview": {{{key}') + "}}"
        assert json.loads(damage)
    (folder / progress.FILE).write_text(damage)
    assert texts(Interview(1)) == before
    play(interview, 1.0, 0.0)
    assert texts(Interview(1))[0] == before[1]


def test_a_disk_that_takes_nothing_costs_a_sentence(folder):
    interview = Interview(1)
    play(interview, 1.0)
    assert interview.answer["note"] == ""
    (folder / progress.FILE).unlink()
    (folder / progress.FILE).mkdir()
    play(interview, 1.0, 1.0)
    assert interview.answer["note"].startswith("How it went could not be kept: ")


# ---- what the browser gets


def test_a_written_question_comes_with_what_the_student_wrote_in_the_lesson(folder):
    interview = Interview(1, lessons=[1])
    assert "not answered it there" in sent(interview, 0)["answer"]
    assert sent(interview, 0)["title"] == "Model answer"
    release = nbformat.read(lessons()[0].release, as_version=4)
    path = folder / lessons()[0].name / f"{lessons()[0].name}.ipynb"
    path.parent.mkdir()
    nbformat.write(release, path)
    assert "not answered it there" in sent(Interview(1, lessons=[1]), 0)["answer"]
    next(cell for cell in release.cells if cell.id == "interview_perceptron").source = "It *adds*."
    nbformat.write(release, path)
    found = sent(Interview(1, lessons=[1]), 0)
    assert (found["answer"], found["title"]) == ("It *adds*.", "What you wrote in the lesson")


def test_it_leaves_a_sentence_where_nothing_is_live():
    data, _ = Interview(1)._repr_mimebundle_()
    assert VIEW in data
    assert "a mock interview stands here: 8 questions" in data["text/html"]
