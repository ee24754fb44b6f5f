"""The misconception that an answer in a running notebook behaves like, for the card of its tests.

The known wrong answers are in the course's folder of misconceptions. A student who has downloaded
only `lessons` and `utils` has none, and then none is named.
"""

import contextlib
import io
from functools import lru_cache
from pathlib import Path

from utils._checks import answer_cell, time_limit
from utils._course import course
from utils._diagnosis.misconception import Misconception
from utils._diagnosis.misconceptions import Misconceptions

SECONDS = 2.0  # for the answer and all that it is compared with


def find(exercise: str) -> Misconception | None:
    """What the notebook's function of this name behaves like; None when in doubt. Never fails.

    The working folder has the name of the lesson.
    """
    running, quiet = answer_cell.shell(), io.StringIO()
    if running is None:
        return None
    try:
        here = course()
        path = here.folder("misconceptions") / f"{Path.cwd().name}.py" if here else None
        if path is None or not path.is_file():
            return None
        with (contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet),
              time_limit.seconds(SECONDS)):
            return _known(path).diagnose(exercise, running.user_ns.get(exercise))
    except (Exception, SystemExit, time_limit.TimeUp):
        return None


@lru_cache(maxsize=4)
def _known(path: Path) -> Misconceptions:
    return Misconceptions(path)
