"""JupyterLab's settings for the course, found through JUPYTER_CONFIG_PATH."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Last on the path: the course's folders hide no library.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from utils._course import is_elsewhere, read_course  # noqa: E402

COURSE = read_course(ROOT)
WORK = COURSE.folders["work"]

# The whole tree, since nbgrader's pages show a teacher the sources too; a student starts in work/.
# Where what is written is elsewhere, all that is there.
c.ServerApp.root_dir = str(COURSE.home)
if COURSE.folder("work").is_dir():  # JupyterLab would not start in a folder that isn't there
    c.ContentsManager.preferred_dir = WORK
c.LabApp.default_url = f"/lab/tree/{WORK}/start.ipynb"  # `fetch` brings it

# Its last word, under the address, would be that no language server is installed.
c.LanguageServerManager.autodetect = False

# The button that hands a lesson in saves the notebook first; this lets it ask JupyterLab to.
c.LabApp.expose_app_in_browser = True

# A container often has no other user. The server still listens on this machine only and wants
# its token.
c.ServerApp.allow_root = True

# Without a display a text browser would take over the terminal; the address is printed anyway.
if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & set(os.environ):
    c.ServerApp.open_browser = False

# As in nbgrader_config.py: a JupyterLab that is started for another course is that course's.
if is_elsewhere(Path.cwd(), ROOT):
    c.clear()
