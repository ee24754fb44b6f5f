"""A lesson's written answers as a sheet to read and mark: question and scheme beside the answers.

Nobody's name influences a mark: answers are in the order of their hashes, and names are hidden
until asked for. Whatever a student wrote is text here. Without its script it is a sheet to print.
Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from autograder.feedback.document import templates
from autograder.feedback.written_marks import digest
from autograder.gradebook.records import Mark
from autograder.notebooks.outputs import visible
from utils._cards.hint_card import keep_math


@dataclass(frozen=True)
class Answer:
    """What a student wrote, "" for nothing, and what the gradebook has for it."""

    student: str
    text: str
    mark: Mark

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
        """Was it graded again since a teacher gave points?"""
        return self.mark.by_hand and self.mark.waiting


@dataclass(frozen=True)
class Item:
    """An item of a mark scheme, worth a point. label: its first words, in bold in the scheme."""

    label: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question of a lesson as teachers have it, and its answers.

    asked, model, scheme: Markdown. points: the most there are.
    """

    name: str
    asked: str
    model: str
    scheme: str
    points: float
    answers: tuple[Answer, ...]

    @property
    def items(self) -> list[Item]:
        """What is worth a point each, where the scheme has an item for each point."""
        found = items(self.scheme)
        return found if len(found) == self.points else []

    @property
    def blank(self) -> list[Answer]:
        """The answers with nothing to read, by student."""
        return sorted((answer for answer in self.answers if answer.folded),
                      key=lambda answer: answer.student)

    def to_read(self, lesson: str) -> list[Answer]:
        """The others, by hash, then by a hash salted with the lesson: no name is always first."""
        return sorted((answer for answer in self.answers if not answer.folded),
                      key=lambda answer: (answer.digest, digest(f"{lesson} {answer.student}")))


def page(lesson: str, title: str, questions: Sequence[Question]) -> str:
    """The whole document. lesson: its name, title: its title, as plain text."""
    folded = [answer.folded for question in questions for answer in question.answers]
    return _TEMPLATES.get_template("written.html").render(
        lesson=lesson, title=title, questions=questions, to_read=folded.count(False),
        blank=folded.count(True))


def items(scheme: str) -> list[Item]:
    """The items of the numbered lists in a mark scheme, which is Markdown."""
    return list(_items(_MARKDOWN.parse(scheme)))


def _items(tokens: Sequence[Token]) -> Iterator[Item]:
    numbered = False
    for place, token in enumerate(tokens):
        if token.level == 0:
            numbered = token.type == "ordered_list_open"
        elif (numbered and token.type == "list_item_open" and token.level == 1
              and tokens[place + 1].type == "paragraph_open"):
            words = tokens[place + 2].children or []
            text = _text(words)
            yield Item(_label(words) or text[:30], text)


def _label(words: Sequence[Token]) -> str:
    """The bold text with which an item begins, without its colon; "" if there is none."""
    words = [word for word in words if word.content or word.type != "text"]
    if not words or words[0].type != "strong_open":
        return ""
    end = next(place for place, word in enumerate(words) if word.type == "strong_close")
    return _text(words[1:end]).removesuffix(":")


def _text(words: Sequence[Token]) -> str:
    return "".join(" " if word.type == "softbreak" else word.content for word in words)


def _markdown() -> MarkdownIt:
    """CommonMark without HTML, links or pictures, whose headings are all of one size."""
    markdown = MarkdownIt("commonmark", {"html": False}).use(keep_math).disable(
        ["link", "image", "autolink", "reference"])
    for rule in ("heading_open", "heading_close"):
        markdown.add_render_rule(rule, _heading)
    return markdown


def _heading(renderer: Any, tokens: Sequence[Token], place: int, *_: Any) -> str:
    return "<h4>" if tokens[place].nesting > 0 else "</h4>\n"


def _prose(markdown: str) -> Markup:
    return Markup(_MARKDOWN.render(visible(markdown)))


_MARKDOWN = _markdown()
_TEMPLATES = templates("autograder.feedback")
_TEMPLATES.filters["prose"] = _prose
