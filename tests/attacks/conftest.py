import pytest

from attacks.driver import Battlefield


@pytest.fixture(scope="session")
def field(tmp_path_factory):
    """One warm engine for all attacks, which is part of the test."""
    field = Battlefield(tmp_path_factory.mktemp("attacks") / "course")
    yield field
    field.close()
