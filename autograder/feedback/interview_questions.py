"""The mock interview's questions, and which of them a written answer takes up.

What `utils.interview` lets a student copy has a question as a heading above each answer; whoever
reads it gets the model answer and the points of a good one beside it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import lessons
from autograder.errors import disk_error

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True)
class InterviewQuestion:
    """A question. lesson: the title of its lesson. answer: a model answer. points: what a good
    answer says. All of it is Markdown."""

    lesson: str
    text: str
    answer: str
    points: tuple[str, ...]


def interview_questions(root: Path) -> dict[str, InterviewQuestion]:
    """All questions that have a model answer, by their text. Raises UserError."""
    found = dict[str, InterviewQuestion]()
    for lesson in lessons(root):
        try:
            place = lesson.interview
            if place is None or not place.is_file():
                continue
            data = json.loads(place.read_text(encoding="utf-8"))
        except OSError as error:
            raise disk_error(error, root) from error
        found |= {_plain(one["question"]): InterviewQuestion(
            data["title"], one["question"], one["answer"], tuple(one["points"]))
            for one in data["questions"] if one.get("answer")}
    return found


def taken_up(answer: str, questions: Mapping[str, InterviewQuestion]
             ) -> tuple[InterviewQuestion, ...]:
    """The questions that are headings in an answer, each once."""
    headings = dict.fromkeys(map(_plain, _HEADING.findall(answer)))
    return tuple(questions[one] for one in headings if one in questions)


def _plain(text: str) -> str:
    return " ".join(text.split())
