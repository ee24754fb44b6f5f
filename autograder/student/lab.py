"""JupyterLab with the course's settings: what `make lab` starts, also where there is no make."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder import files
from autograder.course import PACKAGES, ROOT
from autograder.errors import UserError
from utils._course import VARIABLE

FOR_STUDENTS = "student"  # in `config`: hides what only teachers need


def environment(teacher: bool, around: Mapping[str, str], root: Path = ROOT) -> dict[str, str]:
    """The variables that JupyterLab gets: those around, and where the course's settings are.

    Jupyter and nbgrader find these before the user's and the machine's. For a course without
    settings of its own they are the grader's.
    """
    config = root / "config"
    if not config.is_dir():
        config, around = PACKAGES / "config", {**around, VARIABLE: str(root)}
    places = [*([] if teacher else [str(config / FOR_STUDENTS)]), str(config),
              *filter(None, [around.get("JUPYTER_CONFIG_PATH")])]
    return {**around, "JUPYTER_CONFIG_PATH": os.pathsep.join(places)}


def open_lab(arguments: Sequence[str], teacher: bool, program: str | None = None,
             root: Path = ROOT) -> int:
    """Run JupyterLab until it ends; returns its exit status. Raises UserError.

    program: what to run in its place, such as jupyterhub-singleuser.
    Where the system can, it takes the place of this process, so that signals reach it.
    """
    command = [*([program] if program else [sys.executable, "-m", "jupyterlab"]), *arguments]
    around = environment(teacher, os.environ, root)
    try:
        if not files.WINDOWS:
            sys.stdout.flush()
            os.execvpe(command[0], command, around)
        with subprocess.Popen(command, env=around) as process:
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:  # the console tells JupyterLab too, which asks and ends
                    continue
    except OSError as error:
        raise UserError(f"{program or 'JupyterLab'} could not start: {error.strerror}.") from error
