"""When what was wrong comes back: nothing is lost, and no day is missed."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from utils._review.boxes import DAYS, LEARNED, Place, first, is_due, moved

DATES = st.dates(date(1990, 1, 1), date(2200, 1, 1))
PLACES = st.builds(lambda box, due: Place(box, due if box < LEARNED else None),
                   st.integers(1, LEARNED), DATES)


def later(day, days):
    return day + timedelta(days=days)


def test_it_comes_back_after_one_three_seven_and_twenty_one_days_and_then_no_more():
    assert DAYS == (1, 3, 7, 21)


@given(DATES)
def test_right_each_time_it_comes_back_after_each_boxs_days_exactly(today):
    place = first(today)
    for days in DAYS:
        waiting = [later(today, k) for k in range(days)]
        assert not any(is_due(place, day) for day in waiting)
        assert all(moved(place, right, day) == place for day in waiting for right in (True, False))
        today = later(today, days)
        assert is_due(place, today)
        place = moved(place, True, today)
    assert place == Place(LEARNED, None)
    assert not any(is_due(place, later(today, days)) for days in range(1000))


@given(PLACES, DATES)
def test_wrong_sends_it_to_the_first_box_from_wherever_it_is_due(place, today):
    if is_due(place, today):
        assert moved(place, False, today) == first(today) == Place(1, later(today, 1))


@given(DATES, st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=40))
def test_however_late_and_however_often_it_is_asked_it_stays_in_a_box_until_four_are_right(
        today, answers):
    """A model beside it: how many were right in a row, of those that counted."""
    place, row, since = first(today), 0, today
    for right, days in answers:
        today = later(today, days)
        counts = row < len(DAYS) and (today - since).days >= DAYS[row]
        assert is_due(place, today) == counts
        place = moved(place, right, today)
        if counts:
            row, since = (row + 1 if right else 0), today
        assert place == (Place(LEARNED, None) if row == len(DAYS) else
                         Place(row + 1, later(since, DAYS[row])))


@given(PLACES, DATES)
def test_a_clock_that_was_wrong_hides_nothing_longer_than_its_box_and_a_day(place, today):
    if place.box < LEARNED:
        assert any(is_due(place, later(today, days)) for days in range(DAYS[place.box - 1] + 2))
        asked = next(later(today, days) for days in range(30) if is_due(place, later(today, days)))
        assert moved(place, True, asked).box == place.box + 1


@given(DATES, st.sampled_from(range(1, LEARNED)))
def test_who_travels_west_is_not_asked_twice_a_day(today, box):
    place = Place(box, later(today, DAYS[box - 1]))
    assert not is_due(place, later(today, -1))
