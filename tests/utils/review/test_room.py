"""A review without a browser: what it asks, what it keeps, and a week of it."""

import json
import re
from datetime import date, timedelta

import nbformat
import pytest

from support.demo import LESSON, release
from utils import progress
from utils._review import record
from utils.review import Review
from utils.review.room import MOST
from utils.widgets.kit.explorer import VIEW

from .conftest import CASES, CHOICE, SQUARE, page

DAY = date(2026, 3, 1)


def later(days):
    return DAY + timedelta(days=days)


@pytest.fixture
def wrong(feedback):
    """A choice and a misconception in the first box since DAY."""
    feedback(CHOICE, SQUARE)
    Review(today=DAY)


def asked(review):
    return [one["exercise"] for one in review.facts["questions"]]


def answer(review, place, right):
    """Choose an option, or say whether it was known."""
    options = review.facts["questions"][place]["options"]
    which = next(k for k, option in enumerate(options) if option["right"] == right
                 ) if options else int(right)
    review.chosen = {**review.chosen, str(place): which}


def test_nothing_is_asked_before_its_day(folder, feedback):
    assert Review(today=DAY).facts == {"questions": [], "more": 0, "boxes": [0, 0, 0, 0],
                                       "days": [1, 3, 7, 21], "learned": 0, "next": ""}
    feedback(CHOICE, SQUARE)
    facts = Review(today=DAY).facts
    assert (facts["questions"], facts["boxes"], facts["next"]) == (
        [], [2, 0, 0, 0], "tomorrow, Monday, March 2")
    assert sorted(asked(Review(today=later(1)))) == ["double", "quiz_spam"]


def test_a_choice_is_asked_with_every_reason_in_another_order_each_time(wrong):
    orders = set()
    for days in (1, 4, 11, 32):
        review = Review(today=later(days))
        one = review.facts["questions"][asked(review).index("quiz_spam")]
        assert one["text"] == "Is it *spam*?"
        assert sorted((option["text"], option["right"], option["why"])
                      for option in one["options"]) == [
            ("text a", False, "why a"), ("text b", False, "why b"), ("text c", True, "why c")]
        orders.add("".join(option["text"][-1] for option in one["options"]))
        answer(review, asked(review).index("quiz_spam"), True)
    assert len(orders) > 1


def test_a_misconception_comes_with_fresh_numbers_each_time(wrong):
    calls = []
    for days in (1, 4, 11, 32):
        review = Review(today=later(days))
        place = asked(review).index("double")
        one = review.facts["questions"][place]
        calls.append(re.search(r"double\(.*\)", one["text"])[0])
        case = next(case for case in CASES if case["call"] == calls[-1])
        assert {option["text"]: option["right"] for option in one["options"]} == {
            f"`{case['right']}`": True, **{f"`{text}`": False for text in case["wrong"]}}
        assert [option["why"] for option in one["options"]
                if option["text"] == f"`{case['wrong'][0]}`"] == [
                    "That is what your answer returned then."]
        assert one["after"] == "Your answer once behaved like *it squares*. Is 3 doubled 9?"
        answer(review, place, True)
    assert len(set(calls)) == 4
    assert Review(today=later(100)).facts["learned"] == 1


def test_a_right_answer_moves_it_on_and_a_wrong_one_back(wrong):
    review = Review(today=later(1))
    one = review.facts["questions"][0]
    assert (one["right"], one["wrong"]) == (
        "in 3 days, on Thursday, March 5", "tomorrow, Tuesday, March 3")
    answer(review, 0, True)
    answer(review, 1, False)
    assert [entry.place.box for entry in record.entries().values()].count(2) == 1
    assert asked(Review(today=later(1))) == []
    assert asked(Review(today=later(2))) == [asked(review)[1]]
    assert len(asked(Review(today=later(4)))) == 2


def test_a_week_of_made_up_days(wrong):
    """Right on each day but for one slip: what is due, and where the boxes end."""
    shown = {}
    for days in range(9):
        review = Review(today=later(days))
        for place, name in enumerate(asked(review)):
            answer(review, place, not (days == 4 and name == "double"))
        shown[days] = sorted(asked(review))
    both = ["double", "quiz_spam"]
    assert shown == {0: [], 1: both, 2: [], 3: [], 4: both, 5: ["double"], 6: [], 7: [],
                     8: ["double"]}
    assert Review(today=later(8)).facts["boxes"] == [0, 0, 2, 0]


def test_the_last_right_answer_says_that_it_does_not_come_back(wrong):
    for days in (1, 4, 11):
        review = Review(today=later(days))
        for place in range(2):
            answer(review, place, True)
    one = Review(today=later(32)).facts["questions"][0]
    assert (one["right"], one["wrong"]) == ("", "tomorrow, Friday, April 3")


def test_without_calls_the_student_judges_by_what_the_lesson_asks(folder, feedback):
    feedback({**SQUARE, "cases": []})
    Review(today=DAY)
    (one,) = Review(today=later(1)).facts["questions"]
    assert one["text"] == ("Your `double` once behaved like *it squares*. Is 3 doubled 9?\n\n"
                           "What does a right answer do instead? Say it in a sentence.")
    assert (one["options"], one["contract"]) == (
        [], "Compare with what the lesson says about `double`.")
    nbformat.write(release(LESSON), folder / "01_demo" / "01_demo.ipynb")
    review = Review(today=later(1))
    (one,) = review.facts["questions"]
    assert one["contract"].startswith("```text\nTwice")
    assert one["lesson"] == "A lesson"
    answer(review, 0, False)
    assert record.entries()["01_demo double: it_squares"].place.due == later(2)


def test_many_are_asked_in_rounds(feedback):
    feedback(*({**CHOICE, "exercise": f"quiz_{k:02}"} for k in range(MOST + 3)))
    Review(today=DAY)
    review = Review(today=later(1))
    assert (len(asked(review)), review.facts["more"]) == (MOST, 3)
    first = asked(review)
    for place in range(MOST):
        answer(review, place, True)
    review.chosen = {}
    review.drawn += 1
    assert (len(asked(review)), review.facts["more"]) == (3, 0)
    assert not {*asked(review)} & {*first}


def test_pages_elsewhere_are_read_when_they_are_named(folder):
    saved = folder / "Downloads"
    saved.mkdir()
    (saved / "a.html").write_text(page(CHOICE))
    (saved / "b.html").write_text(page(SQUARE))
    assert Review(today=DAY).facts["boxes"] == [0, 0, 0, 0]
    assert Review(today=DAY, feedback=saved / "a.html").facts["boxes"] == [1, 0, 0, 0]
    assert Review(today=DAY, feedback=str(saved)).facts["boxes"] == [2, 0, 0, 0]


@pytest.mark.parametrize(("feedback", "words"), [
    ("nowhere.html", "There is no page or folder nowhere.html"),
    (3, "feedback has to be a path")])
def test_what_it_cannot_use_is_refused_in_a_sentence(folder, feedback, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        Review(feedback=feedback)


def test_the_record_is_in_the_progress_file_and_nowhere_else(folder, wrong):
    before = {path for path in folder.rglob("*") if path.is_file()}
    review = Review(today=later(1))
    answer(review, 0, True)
    answer(review, 1, False)
    assert {path for path in folder.rglob("*") if path.is_file()} == before
    noted = json.loads((folder / progress.FILE).read_text())
    assert [*noted] == ["review"]
    assert [*noted["review"]] == ["01_demo quiz_spam", "01_demo double: it_squares"]
    assert all(set(facts) == {"box", "due", "asked", "pages", "mistake", "time"}
               for facts in noted["review"].values())


def test_a_disk_that_takes_nothing_costs_a_sentence(folder, wrong, feedback):
    review = Review(today=later(1))
    (folder / progress.FILE).unlink()
    (folder / progress.FILE).mkdir()
    answer(review, 0, True)
    assert review.answer["note"].startswith("What came of it could not be kept: ")
    review = Review(today=later(1))
    assert review.answer["note"].startswith("What your feedback tells could not be kept: ")


def test_it_leaves_a_sentence_where_nothing_is_live(folder):
    data, _ = Review()._repr_mimebundle_()
    assert VIEW in data
    assert "what you got wrong comes back here after 1, 3, 7 and 21 days" in data["text/html"]
