"""Numbers as a person writes them."""

import pytest

from utils._figures.number_format import significant, three_digits


@pytest.mark.parametrize(("value", "text"), [
    (0.0, "0"), (0.0123, "0.012"), (-2.0, "\N{MINUS SIGN}2"), (1141.2, "1141"),
    (1.38e-6, "1.4·10⁻⁶"), (1e-9, "10⁻⁹"), (-2.5e8, "\N{MINUS SIGN}2.5·10⁸"), (9.99e-13, "10⁻¹²"),
    (1e6, "10⁶"), (float("inf"), "inf")])
def test_two_significant_digits(value, text):
    assert significant(value, 2) == text


def test_three_digits_keep_whole_numbers_below_a_million():
    assert [three_digits(value) for value in (0.07065, 12.345, 999_999.0, 1.5e-5)] == [
        "0.0707", "12.3", "999999", "1.5·10⁻⁵"]
