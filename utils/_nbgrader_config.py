"""Stock nbgrader's view of a course: the settings that follow from its course.toml.

AUTOGRADER_HOME names another place for what is written, NBGRADER_EXCHANGE another exchange, as a
department shares it, and NBGRADER_DB_URL another gradebook, for graders on several machines:
postgresql+psycopg://user@host/name. Nothing on the disk is changed.
"""

import os
import sysconfig
from pathlib import Path
from typing import Any

from utils._course import read_course


def configure(c: Any, root: Path) -> None:
    """Put the settings of the course in `root` into nbgrader's configuration `c`.

    All places are absolute, so that it makes no difference where a command is started.
    Raises CourseError.
    """
    here = read_course(root)
    grading = here.folder("class")

    c.CourseDirectory.course_id = here.id
    # nbgrader's pages open what is below the root, so it is where the class is.
    c.CourseDirectory.root = str(here.home)
    is_shared = here.home != root
    for step, name in (("source", "sources"), ("release", "release")):
        c.CourseDirectory[f"{step}_directory"] = (
            str(here.folder(name)) if is_shared else here.folders[name])
    for step in ("submitted", "autograded", "feedback", "solution", "source_with_tests"):
        c.CourseDirectory[f"{step}_directory"] = f"{here.folders['class']}/{step}"
    c.CourseDirectory.db_url = (os.environ.get("NBGRADER_DB_URL")
                                or f"sqlite:///{grading / 'gradebook.db'}")
    # nbgrader's own list; the copies that `update` and the receipts that `submit` keep beside a
    # lesson, not to be submitted; the date of a collected file, and the mark of what was graded.
    c.CourseDirectory.ignore = [
        ".ipynb_checkpoints",
        "*.pyc",
        "__pycache__",
        "feedback",
        "*.before-*.ipynb",
        "*.receipt-*.txt",
        ".file_date.txt",
        ".submitted.sha256",
    ]

    c.CourseDirectory.max_file_size = 100_000  # kilobytes, nbgrader's own limit

    c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE") or str(grading / "exchange")
    c.Exchange.assignment_dir = str(here.folder("work"))
    c.Exchange.cache = str(grading / "cache")  # by default one for all clones of a user

    # Autograding, feedback and the table of marks, from the command line and in formgrader, are
    # the course's own. The lists are nbgrader's with three steps replaced.
    if os.environ.get("NBGRADER_ENGINE") != "stock":  # "stock": nbgrader as it comes
        c.ExportApp.plugin_class = "autograder.classroom.nbgrader_table.Table"
        c.Autograde.pre_convert_hook = "autograder.nbgrader_hooks.enter_lesson"
        c.GenerateFeedback.exporter_class = "autograder.nbgrader_hooks.Page"
        c.Autograde.sanitize_preprocessors = ["autograder.nbgrader_hooks.Sanitize"]
        c.Autograde.autograde_preprocessors = [
            "autograder.nbgrader_hooks.Grade",
            "nbgrader.preprocessors.IgnorePattern",
            "nbconvert.preprocessors.ClearMetadataPreprocessor",
            "nbgrader.preprocessors.LimitOutput",
            "autograder.nbgrader_hooks.SaveMarks",
            "nbgrader.preprocessors.AssignLatePenalties",
            "nbgrader.preprocessors.CheckCellMetadata",
        ]

    # nbgrader starts `alembic` by name, also where the environment isn't activated.
    if sysconfig.get_path("scripts") not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(
            [sysconfig.get_path("scripts"), os.environ.get("PATH", "")]
        )
