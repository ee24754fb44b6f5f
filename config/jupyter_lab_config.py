"""JupyterLab's settings for the course, found through JUPYTER_CONFIG_PATH."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# The whole tree, since nbgrader's pages show a teacher the sources too; a student starts in work/.
c.ServerApp.root_dir = str(ROOT)
(ROOT / "work").mkdir(exist_ok=True)
c.ContentsManager.preferred_dir = "work"
c.LabApp.default_url = "/lab/tree/work/start.ipynb"  # `fetch` brings it

# The button that hands a lesson in saves the notebook first; this lets it ask JupyterLab to.
c.LabApp.expose_app_in_browser = True

# A container often has no other user. The server still listens on this machine only and wants
# its token.
c.ServerApp.allow_root = True

# Without a display a text browser would take over the terminal; the address is printed anyway.
if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & set(os.environ):
    c.ServerApp.open_browser = False
