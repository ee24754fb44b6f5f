"""Stock nbgrader's view of the course, found through JUPYTER_CONFIG_PATH.

All places are absolute and follow from this file's own, so a copy of the tree works in its
own place. AUTOGRADER_HOME names another place for what is written, NBGRADER_EXCHANGE another
exchange, as a department shares it, and NBGRADER_DB_URL another gradebook, for graders on several
machines: postgresql+psycopg://user@host/name.
Nothing on the disk is changed: `make lab` and `python -m autograder class init` make the folders.

A teacher's own settings don't belong here, where the next update would change them, but in an
nbgrader_config.py beside course.toml or in Jupyter's folder (`jupyter --paths`).
"""

import os
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Last on the path: the course's folders hide no library.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from utils._course import is_elsewhere, read_course  # noqa: E402

COURSE = read_course(ROOT)
GRADING = COURSE.folder("class")

c.CourseDirectory.course_id = COURSE.id
# nbgrader's pages open what is below the root, so it is where the class is.
c.CourseDirectory.root = str(COURSE.home)
is_shared = COURSE.home != ROOT
for step, name in (("source", "sources"), ("release", "release")):
    c.CourseDirectory[f"{step}_directory"] = (
        str(COURSE.folder(name)) if is_shared else COURSE.folders[name])
for step in ("submitted", "autograded", "feedback", "solution", "source_with_tests"):
    c.CourseDirectory[f"{step}_directory"] = f"{COURSE.folders['class']}/{step}"
c.CourseDirectory.db_url = (os.environ.get("NBGRADER_DB_URL")
                            or f"sqlite:///{GRADING / 'gradebook.db'}")
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

c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE") or str(GRADING / "exchange")
c.Exchange.assignment_dir = str(COURSE.folder("work"))
c.Exchange.cache = str(GRADING / "cache")  # by default one for all clones of a user

# Autograding, feedback and the table of marks, from the command line and in formgrader, are the
# course's own. The lists are nbgrader's with three steps replaced.
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

# JUPYTER_CONFIG_PATH may be exported for all of a teacher's courses, and then nbgrader's commands
# read this file in the others, too. The course's own commands ask for it wherever they run.
if "autograder.gradebook.settings" not in sys.modules and is_elsewhere(Path.cwd(), ROOT):
    c.clear()
