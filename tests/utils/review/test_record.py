"""What goes into the boxes, from cards and from feedback pages, and what the file keeps of it."""

import json
from datetime import date, timedelta

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.demo import LESSON, NAME, release
from utils import progress
from utils._cards.card import Outcome, Score
from utils._diagnosis import lookup
from utils._diagnosis.misconception import Misconception
from utils._diagnosis.misconceptions import Misconceptions
from utils._review import boxes, record
from utils._review.boxes import LEARNED, Place
from utils.progress import Progress

from .conftest import CASES, CHOICE, SQUARE, page
from .test_cases import KNOWN, double

DAY = date(2026, 3, 1)
CHOSEN, SQUARED = "01_demo quiz_spam", "01_demo double: it_squares"


def later(days):
    return DAY + timedelta(days=days)


def places():
    return {key: entry.place for key, entry in record.entries().items()}


def right(key, today):
    return record.answered(record.entries()[key], True, today)


# ---- feedback pages


def test_a_page_fills_the_boxes_once(folder, feedback):
    feedback(CHOICE, SQUARE)
    record.collect(today=DAY)
    assert places() == {CHOSEN: boxes.first(DAY), SQUARED: boxes.first(DAY)}
    before = (folder / progress.FILE).read_bytes()
    record.collect(today=later(1))
    assert (folder / progress.FILE).read_bytes() == before
    kept = record.entries()[SQUARED].mistake
    assert (kept.hint, [case.call for case in kept.cases]) == (
        "Is 3 doubled 9?", [case["call"] for case in CASES])


def test_what_is_learned_comes_back_only_when_it_is_handed_in_wrong_again(feedback):
    feedback(CHOICE)
    record.collect(today=DAY)
    today = 0
    for days in boxes.DAYS:
        today += days
        right(CHOSEN, later(today))
    assert places() == {CHOSEN: Place(LEARNED, None)}
    record.collect(today=later(40))
    assert places() == {CHOSEN: Place(LEARNED, None)}
    feedback(CHOICE, submission="2026-04-01 10:00:00 UTC")
    record.collect(today=later(40))
    assert places() == {CHOSEN: boxes.first(later(40))}


def test_an_old_submissions_page_that_comes_late_moves_nothing(feedback):
    feedback(CHOICE)
    record.collect(today=DAY)
    moved = right(CHOSEN, later(1)).place
    feedback({**CHOICE, "chosen": "b"}, submission="2026-01-02 10:00:00 UTC")
    record.collect(today=later(2))
    assert places() == {CHOSEN: moved}


def test_a_page_that_says_more_after_the_deadline_brings_its_calls_along(feedback):
    feedback({**SQUARE, "cases": []})
    record.collect(today=DAY)
    assert record.entries()[SQUARED].mistake.cases == ()
    moved = right(SQUARED, later(1)).place
    feedback(SQUARE)
    record.collect(today=later(2))
    entry = record.entries()[SQUARED]
    assert (len(entry.mistake.cases), entry.place, entry.asked) == (len(CASES), moved, 1)


def test_pages_are_found_wherever_they_were_put(folder):
    for number, place in enumerate([
            "01_demo/feedback/2026-01-01 10:00:00 UTC/01_demo.html", "01_demo/feedback/mine.html",
            "feedback/from_moodle.html", "rainfall/feedback/any_name.html", "elsewhere.html",
            "01_demo/other.html"]):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(page({**CHOICE, "exercise": f"quiz_{number}"}))
    record.collect(today=DAY, more=[folder / "elsewhere.html"])
    assert [*places()] == [f"01_demo quiz_{number}" for number in (0, 1, 2, 3, 4)]


@pytest.mark.parametrize("content", [
    "", "<html><head></head></html>", "\0\xff", '<meta name="review" content="{">',
    '<meta name="review">', '<meta name="review" content="[]">',
    '<meta name="review" content=\'{"wrong": [{}, 3, null]}\'>', page(3, {}, None, []),
    page({**CHOICE, "right": "z"}), page({**CHOICE, "choices": 3}), page({**SQUARE, "hint": 3}),
    page({**SQUARE, "cases": [{"call": 3}]}), page(CHOICE, lesson=None)])
def test_what_is_no_such_page_tells_nothing_and_spoils_no_other(folder, feedback, content):
    path = feedback(CHOICE, submission="a")
    path.write_text(content)
    feedback(SQUARE, submission="b")
    record.collect(today=DAY)
    assert [*places()] == [SQUARED]


def test_a_page_that_the_student_cannot_read_is_passed_over(folder, feedback):
    feedback(SQUARE, submission="b")
    (folder / "01_demo" / "feedback" / "a" / "01_demo.html").mkdir(parents=True)
    record.collect(today=DAY)
    assert [*places()] == [SQUARED]


# ---- cards


@pytest.fixture
def lesson(folder, monkeypatch, tmp_path_factory):
    """A lesson's kernel, started by Jupyter for a person, with known wrong answers."""
    (folder / NAME).mkdir()
    nbformat.write(release(LESSON), folder / NAME / f"{NAME}.ipynb")
    monkeypatch.chdir(folder / NAME)
    monkeypatch.setenv("JPY_SESSION_NAME", NAME)
    path = tmp_path_factory.mktemp("known") / "known.py"
    path.write_text(KNOWN)
    monkeypatch.setattr(lookup, "_asked", lambda ask, without: ask(Misconceptions(path)))
    return folder


def score(passed, misconception=None):
    known = Misconception(misconception, "Is 3 doubled 9?") if misconception else None
    return Score("double", 1, 1, 0, [Outcome("doubles", 1.0, False, error=None if passed else
                                             "failed")], misconception=known)


def test_a_named_misconception_goes_into_the_first_box_and_back_when_it_is_named_again(lesson):
    record.note(score(False, "square"), None, DAY)
    key = f"{NAME} double: square"
    assert places() == {key: boxes.first(DAY)}
    right(key, later(1))
    record.note(score(False), None, later(2))  # no misconception, no change
    assert places() == {key: Place(2, later(4))}
    record.note(score(False, "square"), None, later(2))
    assert places() == {key: boxes.first(later(2))}
    assert record.entries()[key].asked == 1


def test_once_the_answer_passes_its_own_results_become_what_is_asked(lesson):
    record.note(score(False, "square"), None, DAY)
    record.note(score(False, "half"), None, DAY)
    record.note(score(True), double, later(0))
    found = {entry.mistake.misconception: entry for entry in record.entries().values()}
    for name, calculate in (("square", lambda x: x ** 2), ("half", lambda x: x / 2)):
        case = next(case for case in found[name].mistake.cases
                    if "[" not in case.call)
        x = float(case.call.removeprefix("double(").removesuffix(")"))
        assert (float(case.right), float(case.wrong[0])) == (2 * x, calculate(x))
        assert found[name].place == boxes.first(DAY)


def test_only_a_persons_kernel_is_noted(lesson, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME")
    record.note(score(False, "square"), None, DAY)
    assert not (lesson / progress.FILE).exists()


def test_an_answer_that_passes_at_once_writes_nothing(lesson):
    record.note(score(True), double, DAY)
    assert not (lesson / progress.FILE).exists()


def test_a_disk_that_takes_nothing_costs_a_test_cell_nothing(lesson):
    (lesson / progress.FILE).mkdir()
    record.note(score(False, "square"), None, DAY)


# ---- the file


def test_the_progress_says_what_is_due(folder, feedback):
    feedback(CHOICE, SQUARE)
    record.collect(today=DAY)
    assert "review" not in repr(Progress(folder, folder, DAY))
    assert "2 questions are due in your review" in repr(Progress(folder, folder, later(1)))
    right(CHOSEN, later(1))
    shown = Progress(folder, folder, later(1))
    assert "1 question is due in your review, on the start page." in repr(shown)
    assert "1 question is due in your review, on the start page.</p>" in shown._repr_html_()
    assert "review" not in Progress(folder, folder, DAY)._repr_html_()


def test_showing_the_progress_reads_the_pages(folder, feedback):
    feedback(CHOICE)
    progress.show()
    assert places() == {CHOSEN: boxes.first(date.today())}


@pytest.mark.parametrize("damage", [
    {"box": 9}, {"box": "two"}, {"box": True}, {"box": 0}, {"box": None}, {"due": None},
    {"due": "soon"}, {"due": 3}, {"box": 2, "due": "2026-13-13"}])
def test_a_damaged_place_makes_it_due_and_loses_nothing(folder, feedback, damage):
    feedback(SQUARE)
    record.collect(today=DAY)
    noted = json.loads((folder / progress.FILE).read_text())
    noted["review"][SQUARED] |= damage
    (folder / progress.FILE).write_text(json.dumps(noted))
    entry = record.entries()[SQUARED]
    assert record.due([entry], date(2000, 1, 1)) == [entry]
    assert right(SQUARED, DAY).place.box == 2


@pytest.mark.parametrize("damage", [
    {"mistake": None}, {"mistake": {}}, {"mistake": {"lesson": "x"}}, {"mistake": 3}])
def test_what_cannot_be_asked_stays_in_the_file_beside_the_rest(folder, feedback, damage):
    feedback(CHOICE, SQUARE)
    record.collect(today=DAY)
    noted = json.loads((folder / progress.FILE).read_text())
    noted["review"]["from a later version"] = damage | {"box": 1}
    (folder / progress.FILE).write_text(json.dumps(noted))
    right(CHOSEN, later(1))
    after = json.loads((folder / progress.FILE).read_text())["review"]
    assert [*after] == [CHOSEN, SQUARED, "from a later version"]
    assert after["from a later version"] == damage | {"box": 1}
    assert [*places()] == [CHOSEN, SQUARED]


def test_answered_in_another_window_it_is_not_moved_twice(feedback):
    feedback(CHOICE)
    record.collect(today=DAY)
    stale = record.entries()[CHOSEN]
    first = record.answered(stale, True, later(1))
    assert record.answered(stale, False, later(1)) == first
    assert places() == {CHOSEN: Place(2, later(4))}


@settings(max_examples=30, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["ask", "page"]),
                          st.integers(0, 5), st.booleans()), max_size=25))
def test_whatever_happens_in_whatever_order_nothing_is_lost(folder, steps):
    """Pages and answers: all that was wrong is in a box, learned only by four in a row."""
    (folder / progress.FILE).unlink(missing_ok=True)
    today, wrong, row = DAY, set(), {}
    for days, what, number, was_right in steps:
        today += timedelta(days=days)
        if what == "page":
            path = folder / "page.html"
            path.write_text(page({**CHOICE, "exercise": f"quiz_{number}"},
                                 handed_in=today.isoformat()))
            key = f"01_demo quiz_{number}"
            if row.get(key) == 4 or key not in wrong:
                row[key] = 0
            wrong.add(key)
            record.collect(today=today, more=[path])
        elif what == "ask":
            for entry in record.due(record.entries().values(), today):
                record.answered(entry, was_right, today)
                row[entry.mistake.key] = row[entry.mistake.key] + 1 if was_right else 0
        found = record.entries()
        assert {*found} == wrong
        assert all(entry.place.box == row[key] + 1 for key, entry in found.items())
