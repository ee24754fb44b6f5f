"""An answer is recognized by its values only where it returned something on most inputs."""

import pytest

from utils._diagnosis.misconception import Misconception
from utils._diagnosis.misconceptions import Misconceptions

KNOWN = '''\
def inputs_increase(rng):
    for x in (1.0, 2.0, 3.0, 4.0):
        yield x,


def increase__twice(x):
    """That adds 2."""
    return x + 2
'''


@pytest.fixture
def known(tmp_path):
    (tmp_path / "known.py").write_text(KNOWN)
    return Misconceptions(tmp_path / "known.py")


@pytest.mark.parametrize(("returns", "recognized"), [(4, True), (3, True), (2, False), (1, False)])
def test_values_count_only_where_most_inputs_have_some(known, returns, recognized):
    def answer(x):
        return x + 2 if x <= returns else 1 / 0

    found = known.diagnose("increase", answer, lambda x: x + 1)
    assert found == (Misconception("twice", "That adds 2.") if recognized else None)
