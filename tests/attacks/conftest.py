import pytest

from attacks.driver import Battlefield
from autograder.grading.grade import missing_fence


@pytest.fixture(scope="session")
def field(tmp_path_factory):
    """One warm engine for all attacks, which is part of the test."""
    field = Battlefield(tmp_path_factory.mktemp("attacks") / "course")
    # Some attacks kill whatever they can see: without walls that is this machine.
    if missing_fence(field.settings):
        field.close()
        pytest.skip("this machine can't build the whole fence")
    yield field
    field.close()
