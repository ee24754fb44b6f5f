"""The folder of what is handed in: submissions go in whole, and what they replace is kept."""

import os
import shutil
from datetime import datetime
from pathlib import Path, PurePath

from autograder.classroom.sources import Files
from autograder.classroom.submitted import FILE_DATE, OURS, STAMP, Unfit, others, time_of
from autograder.feedback.publish import SECRET
from autograder.files import write_atomically
from autograder.grading.submissions import Submission


class SubmittedFolder:
    """STUDENT/LESSON/LESSON.ipynb in a folder, with what nbgrader and the next collect need."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._staging = folder / ".staging"  # no pattern of nbgrader's sees a dot name
        shutil.rmtree(self._staging, ignore_errors=True)  # what a killed run left half made

    def there(self, student: str, lesson: str) -> Files:
        """What is collected of it already."""
        one = Submission(self._folder / student / lesson / f"{lesson}.ipynb", student, lesson)
        return {PurePath(path): (one.path.parent / path).read_bytes() for path in others(one)
                if str(path) not in OURS}

    def is_older(self, student: str, lesson: str, date: datetime | None,
                 files: Files | None = None) -> bool:
        """Is what has this date not newer than what is collected?

        files: what it is; where there is no date, what has been replaced before is older.
        """
        place, then = self._folder / student / lesson, None
        for name in (FILE_DATE, STAMP):
            try:
                then = then or time_of((place / name).read_bytes())
            except (OSError, Unfit):
                continue
        if date is None and files:
            notebook = files[PurePath(f"{lesson}.ipynb")]
            return any(path.read_bytes() == notebook for path in self._replaced(
                student, lesson).glob(f"*/{lesson}.ipynb"))
        return then is not None and (date is None or date <= then)

    def _replaced(self, student: str, lesson: str) -> Path:
        return self._folder.with_name("replaced") / student / lesson

    def file(self, student: str, lesson: str, files: Files,
             times: dict[str, datetime | None]) -> None:
        """Put files in place of what is there, which is kept, all at once. Raises OSError.

        times: what to write beside them, by file name; None for no file.
        """
        place, new = self._folder / student / lesson, self._staging / lesson
        shutil.rmtree(self._staging, ignore_errors=True)
        new.mkdir(parents=True)
        for path, data in files.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_bytes(data)
        for name, time in times.items():
            if time:
                (new / name).write_text(_as_stamp(time), encoding="utf-8")
        place.parent.mkdir(exist_ok=True)
        if place.exists():
            aside = self._replaced(student, lesson)
            aside.mkdir(parents=True, exist_ok=True)
            os.rename(place, _free(aside))
        os.rename(new, place)
        shutil.rmtree(self._staging, ignore_errors=True)

    def retime(self, student: str, lesson: str, time: datetime | None, given: bool) -> bool:
        """Give what is collected already another time; whether it has one now. Raises OSError.

        time: in UTC. given: by a teacher, else by a file's name that says it was late, which
        counts only where there is no time. What came through the exchange keeps its own.
        """
        place = self._folder / student / lesson
        stamp = place / STAMP
        there = stamp.read_bytes().decode("utf-8", "replace") if stamp.is_file() else ""
        given = given or (time is not None and not there)
        if not given or there == _as_stamp(time) or (place / SECRET).is_file():
            return False
        if time:
            write_atomically(stamp, _as_stamp(time))
        else:
            stamp.unlink()
        return True


def _as_stamp(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S.%f} UTC\n" if time else ""


def _free(folder: Path) -> Path:
    """A place in the folder that nothing has yet: a number."""
    taken = {int(path.name) for path in folder.iterdir() if path.name.isdigit()}
    return folder / str(max(taken, default=0) + 1)
