"""Outputs from behind the fence: figures of the course stay, anything else in HTML goes."""

import json

import nbformat.v4
import pytest

from autograder.notebooks import outputs
from utils._figures import markup

PNG = "iVBORw0KGgo="
SOURCE = f"data:image/png;base64,{PNG}"


def shown(html):
    [output] = outputs.read(json.dumps([{"output_type": "display_data", "metadata": {},
                                         "data": {"text/html": html}}]).encode())
    return output.data.get("text/html")


@pytest.mark.parametrize("images", [[(600, PNG)], [(300, PNG), (310, PNG)]])
def test_a_figure_of_the_course_stays(images):
    html = markup.themed(markup.html(images, 'Two "clouds"'))
    assert shown(html) == html
    assert shown(markup.still(html.removesuffix(markup.THEME), "0a1b")) is not None


@pytest.mark.parametrize("attribute", [
    'style="position:fixed;top:0;left:0;width:100%;height:100%"',
    'style="background:url(//evil.example/x)"', 'style="max-width:100%;position:fixed"',
    'width="100%"', 'height="1e9"', 'onerror="alert(1)"', 'style="MAX-WIDTH:100%"'])
def test_a_picture_with_anything_else_does_not(attribute):
    assert shown(f'<img alt="x" {attribute} src="{SOURCE}">') is None
    fine = markup.html([(600, PNG)], "x")
    assert shown(fine.replace('style="max-width:100%"', attribute) + markup.THEME) is None


@pytest.mark.parametrize("more", ["<style>body{display:none}</style>", "<b>x</b>",
                                  "<script>x</script>", "<iframe src='//evil.example'></iframe>",
                                  '<link rel="stylesheet" href="//evil.example/x">'])
def test_nothing_stands_around_or_inside_a_figure(more):
    fine = markup.html([(600, PNG)], "x")
    for html in (more + fine + markup.THEME, fine + more + markup.THEME, fine + markup.THEME + more,
                 markup.still(more + fine, "0a"), markup.still(fine + more, "0a"),
                 markup.still(fine, '0a"><script>x</script><p class="'),
                 markup.still(fine, "0a") + more, more):
        assert shown(html) is None


@pytest.mark.parametrize(("kind", "parts"), [
    ("stream", {"name": "stderr", "text": "x"}),
    ("error", {"ename": "E", "evalue": "x", "traceback": ["y"]}),
    ("display_data", {"data": {"text/plain": "x"}}),
    ("execute_result", {"data": {"text/plain": "x", "application/x+json": {"a": [{"b": 1}]}}})])
def test_an_output_is_what_nbformat_makes_and_finds_valid(kind, parts):
    assert outputs.new_output(kind, **parts) == nbformat.v4.new_output(kind, **parts)
