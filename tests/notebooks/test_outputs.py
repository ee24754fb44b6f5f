"""Outputs from behind the fence: figures of the course stay, anything else in HTML goes."""

import json

import pytest

from autograder.notebooks import outputs

PNG = "data:image/png;base64,iVBORw0KGgo="


def shown(html):
    [output] = outputs.read(json.dumps([{"output_type": "display_data", "metadata": {},
                                         "data": {"text/html": html}}]).encode())
    return output.data.get("text/html")


def test_a_figure_of_the_course_stays():
    html = f'<img alt="Two &quot;clouds&quot;" style="max-width:100%" width="600" src="{PNG}">'
    assert shown(html) == html


@pytest.mark.parametrize("attribute", [
    'style="position:fixed;top:0;left:0;width:100%;height:100%"',
    'style="background:url(//evil.example/x)"', 'style="max-width:100%;position:fixed"',
    'width="100%"', 'height="1e9"', 'onerror="alert(1)"', 'style="MAX-WIDTH:100%"'])
def test_a_picture_with_anything_else_does_not(attribute):
    assert shown(f'<img alt="x" {attribute} src="{PNG}">') is None
