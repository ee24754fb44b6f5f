"""The skeleton of a new lesson: a source that builds, and the two files of known answers."""

import re
from pathlib import Path

from autograder.course import ROOT, Lesson, lessons
from autograder.errors import UserError
from autograder.files import write_atomically
from utils._course import is_lesson_name

TEMPLATES = Path(__file__).parent / "templates"
_NUMBERED = re.compile(r"(?P<number>\d\d)_(?P<name>[a-z][a-z0-9_]*)")


def new_lesson(stem: str, root: Path = ROOT) -> list[Path]:
    """Write the skeleton of a lesson; returns its files, the lesson's source first.

    stem: like 08_optimizers, or any lesson's name in a course whose lessons are called otherwise.
    Raises UserError for a name that can't be used, or a file that exists: nothing is written then.
    """
    match, others = _NUMBERED.fullmatch(stem), [lesson.name for lesson in lessons(root)]
    numbered = all(map(_NUMBERED.fullmatch, others))
    if match is None and (numbered or not is_lesson_name(stem)):
        raise UserError(f"{stem!r} can't be a lesson's name. Use " + (
            "two digits, an underscore and lowercase letters, for example 08_optimizers."
            if numbered else "letters, digits, - and _."))
    lesson = Lesson(stem, root)
    places = {lesson.source: "lesson", lesson.misconceptions: "misconceptions",
              lesson.right_answers: "right_answers"}
    taken = [*places, *(lesson.source.parent.glob(f"{match['number']}_*.py") if match else ())]
    for path in filter(Path.exists, taken):
        raise UserError(f"{path.relative_to(root)} exists already; nothing was written.")
    name = match["name"] if match else re.sub(r"\W", "_", stem)
    words = {"NUMBER · ": f"{int(match['number'])} · " if match else "",
             "NUMBER": str(int(match["number"])) if match else stem, "STEM": stem, "NAME": name,
             "TITLE": name.replace("_", " ").capitalize()}
    for path, template in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, _filled(template, words))
    return list(places)


def _filled(template: str, words: dict[str, str]) -> str:
    text = (TEMPLATES / f"{template}.py.txt").read_text(encoding="utf-8")
    return re.sub(r"NUMBER · |NUMBER|STEM|NAME|TITLE", lambda match: words[match[0]], text)
