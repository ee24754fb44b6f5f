"""A comparison as HTML: each entry is there, what differs is marked, and nothing is markup."""

import re

import numpy as np
import pytest

from support.markup import XSS, Page
from utils._cards import comparison, comparison_card
from utils._cards.comparison import ENTRIES


def page(got, expected, rtol=1e-7, **more):
    """The figure, read as a browser does, and its HTML."""
    html = comparison_card.html(comparison.compared(got, expected, rtol, 1e-9, **more))
    return Page(html), html


def cells(html):
    """The entries of its table, row by row."""
    return [re.findall(r"<t[dh][^>]*>([^<]*)<", row) for row in html.split("<tr")[1:]]


def test_a_vector_stands_over_the_other_entry_by_entry():
    _, html = page([0.0, 0.0, -1.5], [0.0, 1.0, -1.5])
    assert cells(html) == [["index", "0", "1", "2"], ["expected", "0", "1", "-1.5"],
                           ["got", "0", "≠ 0", "-1.5"]]


def test_a_matrix_stands_beside_the_other():
    shown, html = page(np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 2], [3, 5]]))
    assert cells(html) == [["1", "2"], ["3", "5"], ["1", "2"], ["3", "≠ 4"]]
    assert shown.tags.count("table") == 2
    assert re.findall(r"<caption[^>]*>([^<]*)<", html) == ["expected", "got"]


def test_what_differs_has_a_sign_and_weight_beside_its_color():
    _, html = page([1.0, 2.0], [1.0, 3.0])
    (marked,) = re.findall(r"<td style='([^']*)'>≠ 2<", html)
    assert "font-weight:700" in marked
    assert "color:" in marked
    (plain,) = re.findall(r"<td style='([^']*)'>3<", html)
    assert "font-weight" not in plain


def test_numbers_that_differ_never_look_the_same():
    _, html = page([1.0, 2.0], [1.0, 2.0000001], rtol=0)
    assert cells(html)[1:] == [["expected", "1", "2.0000001"], ["got", "1", "≠ 2"]]


def test_different_shapes_are_named():
    _, html = page(np.ones((2, 2)), np.ones(2))
    assert re.findall(r"<caption[^>]*>([^<]*)<", html) == ["expected, shape (2,)",
                                                          "got, shape (2, 2)"]
    assert "≠" not in html


def numbers(path):
    return [float(number) for number in re.findall(r"-?[\d.]+", path)]


def test_two_curves_are_drawn_and_told_apart():
    x = np.linspace(-1, 1, 50)
    shown, html = page(np.where(x > 0, x, 0.5 * x), np.where(x > 0, x, 0.0))
    expected, got = re.findall(r"<path d='([^']*)'", html)
    assert len(numbers(expected)) == len(numbers(got)) == 100
    assert html.count("stroke-dasharray") == 1
    assert "Solid: expected. Dashed: got." in shown.text
    assert "The largest difference is at index 0: expected 0, got -0.5." in shown.text
    left, top = numbers(re.search(r"<circle cx='([^']*)' cy='[^']*'", html)[0])[:2]
    assert [left, top] == numbers(got)[:2]  # the ring is around it


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_a_curve_has_a_hole_where_there_is_no_number(hole):
    got = np.arange(20.0)
    got[7] = hole
    shown, html = page(got, np.arange(20.0))
    _, drawn = re.findall(r"<path d='([^']*)'", html)
    assert drawn.count("M") == 2
    assert len(numbers(drawn)) == 2 * 19
    assert f"expected 7, got {hole}." in shown.text


@pytest.mark.parametrize("got", [np.full(20, np.nan), np.full((9, 9), np.nan), np.full(20, 3.0),
                                 np.full((9, 9), np.inf), np.full((9, 9), 1e308),
                                 np.full(20, 1e308)])
def test_no_result_is_too_odd_to_be_shown(got):
    expected = np.full(got.shape, -1e308)
    shown, html = page(got, expected)
    assert "svg" in shown.tags
    assert "nan" not in re.sub(r"got nan", "", html)
    assert "inf" not in re.sub(r"got inf", "", html)


def test_a_map_frames_the_worst_and_leaves_out_what_agrees():
    got = np.zeros((10, 12))
    got[2, 3], got[7, 8], got[7, 9] = 1.0, -4.0, 0.5
    shown, html = page(got, np.zeros((10, 12)))
    squares = dict(re.findall(r"<path d='([^']*)' .*?fill-opacity='([^']*)'", html))
    assert squares == {"M9 7h1v1h-1z": "0.25", "M3 2h1v1h-1z": "0.5", "M8 7h1v1h-1z": "1.0"}
    assert "<rect x='8' y='7' width='1' height='1'" in html
    assert "The largest difference is at index (7, 8): expected 0, got -4." in shown.text


@pytest.mark.parametrize("shape", [(ENTRIES + 1,), (20, 20)])
def test_a_picture_says_to_those_who_cant_see_it_what_is_worst(shape):
    shown, _ = page(np.ones(shape), np.zeros(shape))
    assert ("role", "img") in shown.attributes
    (label,) = (value for name, value in shown.attributes if name == "aria-label")
    assert "expected 0, got 1." in label


@pytest.mark.parametrize("size", [3, 30])
def test_the_name_of_a_part_is_text(size):
    plain, tricky = (page((np.ones(size),), (np.zeros(size),), names=(name,))[0]
                     for name in ("w", XSS))
    assert tricky.tags == plain.tags
    assert f"{XSS}:" in tricky.text
