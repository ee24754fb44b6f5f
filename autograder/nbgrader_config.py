"""Stock nbgrader's view of the course, found through JUPYTER_CONFIG_PATH.

All places are absolute and follow from this file's own, so a copy of the tree works in its
own place. NBGRADER_EXCHANGE names another exchange, as a department shares it.
"""

import os
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
c.CourseDirectory.db_url = f"sqlite:///{GRADING / 'gradebook.db'}"
# nbgrader's own list, and the copies that `update` keeps beside a lesson: not to be submitted.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "*.before-*.ipynb",
]

c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE") or str(OWN_EXCHANGE)
c.Exchange.assignment_dir = str(ROOT / "work")
c.Exchange.cache = str(GRADING / "cache")  # by default one for all clones of a user

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
