"""nbgrader's configuration of a course, as nbgrader itself reads it."""

from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.course import ROOT


def settings(root: Path = ROOT) -> Config:
    """nbgrader's configuration of the course in `root`; makes its folders and finds `alembic`."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(root / "config")).load_config()
