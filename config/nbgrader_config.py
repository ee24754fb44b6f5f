"""Stock nbgrader's view of the course, found through JUPYTER_CONFIG_PATH.

The course is the one that AUTOGRADER_COURSE names, else the one that this file is part of, so a
copy of the tree works in its own place. As `pip install` puts it into Jupyter's folder, it is the
one that a command is started in.
The settings follow from course.toml: see utils/_nbgrader_config.py. Nothing on the disk is
changed: `make lab` and `python -m autograder class init` make the folders.

A teacher's own settings don't belong here, where the next update would change them, but in an
nbgrader_config.py beside course.toml or in Jupyter's folder (`jupyter --paths`).
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Last on the path: the course's folders hide no library.
if (ROOT / "utils").is_dir() and str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from utils._course import FILE, VARIABLE, find, is_elsewhere  # noqa: E402
from utils._nbgrader_config import configure  # noqa: E402

COURSE = ROOT if (ROOT / FILE).is_file() and VARIABLE not in os.environ else find()
if COURSE and (COURSE / FILE).is_file():
    configure(c, COURSE)

# JUPYTER_CONFIG_PATH may be exported for all of a teacher's courses, and then nbgrader's commands
# read this file in the others, too. The course's own commands ask for it wherever they run.
if COURSE and "autograder.gradebook.settings" not in sys.modules and is_elsewhere(
        Path.cwd(), COURSE):
    c.clear()
