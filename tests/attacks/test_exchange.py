"""The exchange is out of sight also where it lies inside a folder that Python needs."""

import shutil
import sys
from pathlib import Path

import pytest

from attacks.driver import SECRET, Battlefield, held
from autograder.grading import template
from autograder.grading.grade import missing_fence


@pytest.fixture
def exchange(monkeypatch):
    """An exchange in the environment's own folder, which the fence shows."""
    place = Path(sys.prefix) / "share" / "exchange-of-a-test"
    other = place / "course" / "inbound" / "ann+01_demo+2030-01-01 00:00:00 UTC" / "01_demo.ipynb"
    other.parent.mkdir(parents=True)
    other.write_text(SECRET)
    monkeypatch.setattr(template, "EXCHANGE", place)
    yield other
    shutil.rmtree(place)


def test_an_exchange_among_what_is_visible_is_hidden(exchange, tmp_path):
    field = Battlefield(tmp_path / "course")
    try:
        if missing_fence(field.settings):
            pytest.skip("this machine can't build the whole fence")
        for name, source in {
                "read": f"open({str(exchange)!r}).read()",
                "write": f"open({str(exchange.with_name('mine'))!r}, 'w')",
                "look": f"import os\nassert os.listdir({str(exchange.parents[3])!r})"}.items():
            field.attack(held(name, source))
    finally:
        field.close()
