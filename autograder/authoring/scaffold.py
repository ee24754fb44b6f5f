"""The skeleton of a new lesson: a source that builds, and the two files of known answers."""

import re
from pathlib import Path

from autograder.course import ROOT, Lesson
from autograder.errors import UserError
from autograder.files import write_atomically

TEMPLATES = Path(__file__).parent / "templates"
_NAME = re.compile(r"(?P<number>\d\d)_(?P<name>[a-z][a-z0-9_]*)")


def new_lesson(stem: str, root: Path = ROOT) -> list[Path]:
    """Write the skeleton of a lesson; returns its files, the lesson's source first.

    stem: like 08_optimizers. Raises UserError for a name that can't be used, or a file that
    exists: nothing is written then.
    """
    match = _NAME.fullmatch(stem)
    if match is None:
        raise UserError(f"{stem!r} can't be a lesson's name. Use two digits, an underscore and "
                        "lowercase letters, for example 08_optimizers.")
    lesson = Lesson(stem, root)
    places = {lesson.source: "lesson", lesson.misconceptions: "misconceptions",
              lesson.right_answers: "right_answers"}
    taken = [*places, *lesson.source.parent.glob(f"{match['number']}_*.py")]
    for path in filter(Path.exists, taken):
        raise UserError(f"{path.relative_to(root)} exists already; nothing was written.")
    words = {"NUMBER": str(int(match["number"])), "STEM": stem, "NAME": match["name"],
             "TITLE": match["name"].replace("_", " ").capitalize()}
    for path, template in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, _filled(template, words))
    return list(places)


def _filled(template: str, words: dict[str, str]) -> str:
    text = (TEMPLATES / f"{template}.py.txt").read_text(encoding="utf-8")
    return re.sub(r"NUMBER|STEM|NAME|TITLE", lambda match: words[match[0]], text)
