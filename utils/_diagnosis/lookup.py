"""The misconception that an answer in a running notebook behaves like, for the card of its tests,
and small calls on which it shows, for `utils.review`.

The known wrong answers are in the course's folder of misconceptions. A student who has downloaded
only `lessons` and `utils` has none, and then none is named.
"""

import contextlib
import io
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from utils._checks import answer_cell, time_limit
from utils._course import course
from utils._diagnosis.case import Case
from utils._diagnosis.cases import small_cases
from utils._diagnosis.misconception import Misconception
from utils._diagnosis.misconceptions import Misconceptions

T = TypeVar("T")
SECONDS = 2.0  # for the answer and all that it is compared with


def find(exercise: str) -> Misconception | None:
    """What the notebook's function of this name behaves like; None when in doubt. Never fails.

    The working folder has the name of the lesson.
    """
    running = answer_cell.shell()
    if running is None:
        return None
    return _asked(lambda known: known.diagnose(exercise, running.user_ns.get(exercise)), None)


def small_calls(exercise: str, misconception: str, answer: Any) -> list[Case]:
    """Small calls on which a misconception shows, beside an answer that passed. Never fails.

    None where it can't be made sure that they show it. The working folder is the lesson's.
    """
    return _asked(lambda known: small_cases(known, exercise, misconception, answer), [])


def _asked(ask: Callable[[Misconceptions], T], without: T) -> T:
    """What the lesson's known wrong answers say, in silence; `without` where there are none."""
    quiet = io.StringIO()
    try:
        here = course()
        path = here.folder("misconceptions") / f"{Path.cwd().name}.py" if here else None
        if path is None or not path.is_file():
            return without
        with (contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet),
              time_limit.seconds(SECONDS)):
            return ask(_known(path))
    except (Exception, SystemExit, time_limit.TimeUp):
        return without


@lru_cache(maxsize=4)
def _known(path: Path) -> Misconceptions:
    return Misconceptions(path)
