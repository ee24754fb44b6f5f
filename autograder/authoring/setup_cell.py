"""The cell that every notebook of a course begins with: it finds the course's `utils`."""

SETUP = '''\
# Finds the course's `utils` in a folder above this one, or installed. Run this cell first.
import sys
from pathlib import Path

for folder in Path.cwd().resolve().parents:
    if (folder / "utils" / "checks.py").is_file():
        sys.path.insert(0, str(folder))
        break
else:
    try:
        import utils.checks
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("Put the course's folder `utils` beside the folder of lessons, "
                                  "or install it.") from error
import utils.checks'''
