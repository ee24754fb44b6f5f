"""One JupyterLab and one Chromium for all tests; each has its own profile and fresh lessons."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser.driver import PATIENCE, Lab
from browser.driver import browser as chromium
from browser.server import Server, jupyterlab


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with jupyterlab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium() as launched:
        yield launched


@pytest.fixture
def lab(server: Server, browser: Browser) -> Iterator[Lab]:
    """A student who has just opened JupyterLab on lessons nobody touched."""
    server.new_student()
    with browser.new_context(viewport={"width": 1400, "height": 1000}) as context:
        one = Lab(context, server)
        yield one
        server.end_kernels()
    assert one.complaints == []
