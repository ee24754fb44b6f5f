"""How a path is shown to a person."""

from pathlib import Path

from autograder.course import ROOT


def shown(path: Path) -> str:
    """A path as short as it can be: from the course's folder, or from the home folder as ~."""
    if path.is_relative_to(ROOT):
        return str(path.relative_to(ROOT))
    try:
        return str(Path("~", path.relative_to(Path.home())))
    except (RuntimeError, ValueError):  # there is no home folder, or the path is outside it
        return str(path)
