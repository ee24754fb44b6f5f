"""Stock nbgrader's view of the course, found through JUPYTER_CONFIG_PATH.

All places are absolute and follow from this file's own, so a copy of the tree works in its
own place. NBGRADER_EXCHANGE names another exchange, as a department shares it, and NBGRADER_DB_URL
another gradebook, for graders on several machines: postgresql+psycopg://user@host/name.
"""

import os
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GRADING = ROOT / "grading"
OWN_EXCHANGE = GRADING / "exchange"

c.CourseDirectory.course_id = "neural-networks"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "lessons"
for step in ("submitted", "autograded", "feedback", "solution", "source_with_tests"):
    c.CourseDirectory[f"{step}_directory"] = f"grading/{step}"
c.CourseDirectory.db_url = (os.environ.get("NBGRADER_DB_URL")
                            or f"sqlite:///{GRADING / 'gradebook.db'}")
# nbgrader's own list; the copies that `update` and the receipts that `submit` keep beside a
# lesson, not to be submitted; and the mark of what was graded, not to be handed back.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "*.before-*.ipynb",
    "*.receipt-*.txt",
    ".submitted.sha256",
]

c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE") or str(OWN_EXCHANGE)
c.Exchange.assignment_dir = str(ROOT / "work")
c.Exchange.cache = str(GRADING / "cache")  # by default one for all clones of a user

# Autograding and feedback, from the command line and in formgrader, are the course's own. The lists
# are nbgrader's with two steps replaced. Last on the path: the course's folders hide no library.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))
if os.environ.get("NBGRADER_ENGINE") != "stock":  # "stock": nbgrader as it comes
    c.Autograde.pre_convert_hook = "autograder.nbgrader_hooks.enter_lesson"
    c.GenerateFeedback.exporter_class = "autograder.nbgrader_hooks.Page"
    c.Autograde.sanitize_preprocessors = ["autograder.nbgrader_hooks.Sanitize"]
    c.Autograde.autograde_preprocessors = [
        "autograder.nbgrader_hooks.Grade",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]

# nbgrader asks for folders that exist, and for an exchange that everyone may write to; what
# holds submissions and marks is for nobody else's eyes.
if os.access(ROOT, os.W_OK):
    (ROOT / "work").mkdir(exist_ok=True)
    GRADING.mkdir(mode=0o700, exist_ok=True)
    if not OWN_EXCHANGE.exists():
        OWN_EXCHANGE.mkdir()
        OWN_EXCHANGE.chmod(0o777)

# nbgrader starts `alembic` by name, also where the environment isn't activated.
if sysconfig.get_path("scripts") not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join(
        [sysconfig.get_path("scripts"), os.environ.get("PATH", "")]
    )
