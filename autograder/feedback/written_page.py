"""A lesson's written answers as a sheet to read and mark: question and scheme beside the answers.

Nobody's name influences a mark: answers are in the order of their hashes, and names are hidden
until asked for. Whatever a student wrote is text here. Without its script it is a sheet to print.
Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.feedback.document import templates
from autograder.feedback.interview_questions import InterviewQuestion
from autograder.feedback.mark_scheme import WrittenQuestion
from autograder.feedback.marked_answers import Marked
from autograder.feedback.prose import prose
from autograder.feedback.written_marks import digest
from autograder.gradebook.records import Mark


@dataclass(frozen=True)
class Answer:
    """What a student wrote, "" for nothing, and what the gradebook has for it.

    marked: the answer that the mark was given for, where that is known and another.
    asked: the questions of the mock interview that it takes up.
    """

    student: str
    text: str
    mark: Mark
    marked: Marked | None = None
    asked: Sequence[InterviewQuestion] = ()

    @property
    def folded(self) -> bool:
        """Is there nothing to read, and nothing that a teacher gave for it?"""
        return not self.text and not self.mark.by_hand

    @property
    def digest(self) -> str:
        """The hash by which a row of marks.csv names the text that was read."""
        return digest(self.text)

    @property
    def given(self) -> str:
        """The points that a teacher gave, "" for none."""
        return f"{self.mark.score:g}" if self.mark.by_hand else ""

    @property
    def graded_anew(self) -> bool:
        """Has it changed since a teacher gave points?"""
        return self.mark.by_hand and self.mark.waiting


@dataclass(frozen=True)
class Question(WrittenQuestion):
    """A question of a lesson, and its answers."""

    answers: tuple[Answer, ...]

    @property
    def blank(self) -> list[Answer]:
        """The answers with nothing to read, by student."""
        return sorted((answer for answer in self.answers if answer.folded),
                      key=lambda answer: answer.student)

    def to_read(self, lesson: str) -> list[Answer]:
        """The others, by hash, then by a hash salted with the lesson: no name is always first."""
        return sorted((answer for answer in self.answers if not answer.folded),
                      key=lambda answer: (answer.digest, digest(f"{lesson} {answer.student}")))


def page(lesson: str, title: str, questions: Sequence[Question],
         names: Mapping[str, str] | None = None) -> str:
    """The whole document. lesson: its name, title: its title, as plain text.

    names: by id, what a teacher calls a student; the id where there is none.
    """
    folded = [answer.folded for question in questions for answer in question.answers]
    return _TEMPLATES.get_template("written.html").render(
        lesson=lesson, title=title, questions=questions, to_read=folded.count(False),
        blank=folded.count(True), names=names or {})


_TEMPLATES = templates("autograder.feedback")
_TEMPLATES.filters["prose"] = prose
