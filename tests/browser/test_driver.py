"""Which browser is taken, and what is said when there is none."""

import sys
from pathlib import Path

import pytest

from browser.driver import chromium


def test_a_named_browser_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert chromium("/nowhere/chrome") == sys.executable


def test_then_the_systems_and_then_playwrights_own(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium(sys.executable) == sys.executable
    (tmp_path / "chromium-browser").symlink_to(sys.executable)
    assert chromium(sys.executable) == str(tmp_path / "chromium-browser")


@pytest.mark.parametrize(("named", "message"), [
    ("/nowhere/chrome", "CHROMIUM names /nowhere/chrome"),
    ("", "There is no Chromium. Install one"),
])
def test_none_is_a_failure_that_says_what_to_do(
        monkeypatch: pytest.MonkeyPatch, named: str, message: str) -> None:
    monkeypatch.setenv("CHROMIUM", named)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(FileNotFoundError, match=message):
        chromium("/nowhere/chrome")
