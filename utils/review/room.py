"""A review: what is due, one question at a time, and where each went."""

from datetime import date
from pathlib import Path
from typing import Any

import traitlets

from utils import progress
from utils._review import boxes, record
from utils._review.boxes import DAYS, LEARNED
from utils.review.questions import question
from utils.widgets.kit.explorer import Explorer, module

MOST = 10  # questions at a time


class Review(Explorer):
    """Ask what was wrong before and is due today; keep what came of it.

    feedback: a feedback page, or a folder of pages, that is not in the folder of the lessons.
    today: the date to go by, instead of the clock's.

    Raises ValueError where there is no such page or folder.
    """

    _esm = module(Path(__file__).with_name("review.js"))
    facts = traitlets.Dict().tag(sync=True)
    drawn = traitlets.Int(0, min=0).tag(sync=True)  # rounds after the first
    chosen = traitlets.Dict().tag(sync=True)  # by a question's place: the place of an option, or
    # whether it was known, where the student is the judge

    def __init__(self, *, feedback: str | Path | None = None, today: date | None = None) -> None:
        more, self._today = _pages(feedback), today
        self._folder, note = progress.folder(), ""
        try:
            record.collect(self._folder, self.today, more)
        except OSError as error:
            note = f"What your feedback tells could not be kept: {error.strerror}."
        super().__init__(answer={"note": note})
        self._draw()
        self.observe(self._draw, "drawn")
        self.observe(self._note, "chosen")

    @property
    def today(self) -> date:
        """The date that it goes by."""
        return self._today or date.today()

    def _draw(self, _: object = None) -> None:
        self.chosen = {}
        found = list(record.entries(self._folder).values())
        due = record.due(found, self.today)
        self.due = due[:MOST]
        boxed = [entry for entry in found if entry.place.due]
        titles = {lesson.name: lesson.title.replace("`", "")
                  for lesson in progress.Progress(self._folder, self._folder).lessons}
        self.facts = {
            "questions": [self._sent(entry, titles) for entry in self.due],
            "more": len(due) - len(self.due),
            "boxes": [sum(entry.place.box == box for entry in boxed)
                      for box in range(1, LEARNED)], "days": list(DAYS),
            "learned": len(found) - len(boxed),
            "next": "" if due or not boxed else self._when(
                min(entry.place.due for entry in boxed if entry.place.due))}

    def _sent(self, entry: record.Entry, titles: dict[str, str]) -> dict[str, Any]:
        lesson = entry.mistake.lesson
        return {"lesson": titles.get(lesson, lesson), **question(entry, self._folder),
                "right": self._when(boxes.moved(entry.place, True, self.today).due),
                "wrong": self._when(boxes.moved(entry.place, False, self.today).due)}

    def _when(self, day: date | None) -> str:
        """When it comes back, in words; "" for never."""
        if day is None:
            return ""
        days, words = (day - self.today).days, f"{day:%A, %B} {day.day}"
        return f"tomorrow, {words}" if days == 1 else f"in {days} days, on {words}"

    def _note(self, _: object) -> None:
        """Keep what came of the answers; one that was kept before isn't due anymore, and stays."""
        note = ""
        for place, answer in self.chosen.items():
            options = self.facts["questions"][int(place)]["options"]
            right = options[int(answer)]["right"] if options else bool(answer)
            try:
                record.answered(self.due[int(place)], right, self.today)
            except OSError as error:
                note = f"What came of it could not be kept: {error.strerror}."
        self.answer = {"note": note}

    def static_html(self) -> str:
        """What stands here where there is no kernel."""
        return ("<p>In JupyterLab, what you got wrong comes back here after 1, 3, 7 and 21 days, "
                "as a quiz question or with fresh numbers.</p>")


def _pages(feedback: str | Path | None) -> list[Path]:
    if feedback is None:
        return []
    if not isinstance(feedback, str | Path):
        raise ValueError('feedback has to be a path, as in Review(feedback="~/Downloads"); '
                         f"it is {feedback!r}.")
    path = Path(feedback).expanduser()
    if path.is_dir():
        return sorted(path.glob("*.html"))
    if not path.is_file():
        raise ValueError(f"There is no page or folder {path}.")
    return [path]
