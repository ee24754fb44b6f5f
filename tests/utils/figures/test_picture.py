"""Pictures are drawn where somebody looks at them, and only there."""

import re
import subprocess
import sys

import pytest

from autograder.course import ROOT
from utils import plots
from utils._figures import drawing, markup, picture
from utils._figures.picture import Picture


@pytest.fixture
def undrawn(monkeypatch):
    monkeypatch.setattr(drawing, "wanted", False)


def test_a_picture_is_an_image():
    drawn = Picture("Loss falls.")
    with drawn as ax:
        plots.loss([2.0, 1.0], title="Two epochs", ax=ax)
    assert drawn.html.startswith('<img alt="Loss falls."')


def test_a_photograph_is_not_inverted_on_a_dark_page():
    drawn = Picture("A palace.", columns=2, photo=True)
    with drawn as axes:
        for ax in axes:
            plots.image([[0.0, 0.5, 1.0]], title="Gray", ax=ax)
    shown = drawn._repr_html_()
    assert "nn-figure\"" not in shown
    assert markup.is_figure(shown)
    assert len(markup.images(shown)) == 2


def test_a_grid_of_panels_is_as_wide_as_a_row():
    drawn = Picture("Eight.", columns=4, rows=2, size=(8.0, 4.0))
    with drawn as axes:
        for ax in axes:
            plots.image([[0.0, 1.0]], title="Two pixels", ax=ax)
    widths = [int(width) for width in re.findall(r'width="(\d+)"', drawn.html)]
    assert len(widths) == 8
    assert f"max-width:{sum(widths[:4])}px" in drawn.html
    assert sum(widths[:4]) == pytest.approx(800, abs=4)


@pytest.mark.usefixtures("undrawn")
def test_where_nothing_is_drawn_the_code_runs_all_the_same(monkeypatch):
    monkeypatch.setattr(picture.Figure, "savefig", None)
    drawn = Picture("Loss falls.")
    with drawn as ax:
        plots.loss([2.0, 1.0], title="Two epochs", ax=ax)
    assert drawn.html == ""
    assert ax.get_title("left") == "Two epochs"
    with pytest.raises(ZeroDivisionError), Picture("Nothing."):
        1 / 0  # noqa: B018


@pytest.mark.slow
@pytest.mark.parametrize("draw", [True, False])
def test_the_worker_draws_only_when_it_is_told_to(draw):
    code = ("from autograder.sandbox import worker\n"
            f"worker.load({draw})\n"
            "from utils._figures.picture import Picture\n"
            "drawn = Picture('Nothing.')\n"
            "with drawn: pass\n"
            f"assert bool(drawn.html) is {draw}\n")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
