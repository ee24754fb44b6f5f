"""A multiple-choice question as the feedback repeats it, with what was chosen and why. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markupsafe import Markup
from nbformat import NotebookNode

from autograder.feedback.prose import inline, parsed, rendered
from autograder.grading.result import Exercise

PREFIX = "quiz_"
_CHOSEN = re.compile(r"You chose ([a-z])\.\s*", re.IGNORECASE)  # as `Checks.letter` writes it
_LETTER = re.compile(r"[a-z]")


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from. text: "" where the question's text doesn't list it."""

    letter: str
    text: Markup
    chosen: bool


@dataclass(frozen=True)
class Quiz:
    """A question with its choices.

    chosen: the letter, "" where the answer was none. right: is it the right one?
    reason: why it is, or why not.
    """

    question: Markup
    choices: Sequence[Choice]
    chosen: str
    right: bool
    reason: str


def quiz(exercise: Exercise, release: NotebookNode) -> Quiz | None:
    """The question that an exercise answers, None where it isn't a multiple-choice question.

    release: the lesson as students get it; the question stands there, just above the answer.
    """
    if not exercise.name.startswith(PREFIX):
        return None
    check = next((check for check in exercise.checks if _CHOSEN.match(check.message)), None)
    said = _CHOSEN.match(check.message) if check else None
    chosen = said[1].lower() if said else ""
    question, choices = _read(_above(exercise.name, release))
    return Quiz(question, [Choice(letter, text, letter == chosen) for letter, text in choices],
                chosen, check is not None and check.passed,
                check.message[said.end():] if check and said else "")


def asked(name: str, release: NotebookNode) -> tuple[str, list[tuple[str, str]]]:
    """A question's text and its choices, letter and text, as Markdown.

    release: the lesson as students get it. Without lettered choices there are none.
    """
    markdown = _above(name, release)
    tokens, lines = parsed(markdown), markdown.splitlines()
    for start, end in _lists(tokens):
        choices = [(letter, token.content.partition(f"{letter}**")[2].strip())
                   for letter, token in _lettered(tokens[start:end])]
        if choices:
            first, last = tokens[start].map or (0, 0)
            return "\n".join([*lines[:first], *lines[last:]]).strip(), choices
    return markdown, []


def _above(name: str, release: NotebookNode) -> str:
    """The Markdown just above an answer; a list of choices alone takes the cell before it along."""
    place = next((place for place, cell in enumerate(release.cells) if cell.id == name), 0)
    text = ""
    for cell in reversed(release.cells[:place]):
        if cell.cell_type != "markdown" or (text and parsed(text)[0].type != "bullet_list_open"):
            break
        text = f"{cell.source}\n\n{text}".strip()
    return text


def _read(markdown: str) -> tuple[Markup, list[tuple[str, Markup]]]:
    """The question without its choices, and these: each an item that begins with a bold letter."""
    tokens = parsed(markdown)
    for start, end in _lists(tokens):
        choices = list(_choices(tokens[start:end]))
        if choices:
            return rendered([*tokens[:start], *tokens[end:]]), choices
    return rendered(tokens), []


def _lists(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield where each list begins and ends."""
    start = 0
    for place, token in enumerate(tokens):
        if token.level == 0 and token.type == "bullet_list_open":
            start = place
        elif token.level == 0 and token.type == "bullet_list_close":
            yield start, place + 1


def _choices(tokens: Sequence[Token]) -> Iterator[tuple[str, Markup]]:
    for letter, token in _lettered(tokens):
        words = [word for word in token.children or [] if word.content or word.type != "text"]
        yield letter, Markup(inline(words[3:]).strip())


def _lettered(tokens: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    """Yield the text of each item that begins with a bold letter."""
    for token in tokens:
        words = [word for word in token.children or [] if word.content or word.type != "text"]
        if (token.type == "inline" and token.level == 3 and len(words) > 2
                and words[0].type == "strong_open" and _LETTER.fullmatch(words[1].content)
                and words[2].type == "strong_close"):
            yield words[1].content, token
