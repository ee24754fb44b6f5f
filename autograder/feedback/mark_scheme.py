"""A lesson's written questions as its solution holds them: what is asked, the model answer, and
the mark scheme with its items. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token
from markupsafe import Markup
from nbformat import NotebookNode

from autograder.feedback.prose import inline, parsed, rendered
from autograder.notebooks.cells import is_answer

_BEGIN, _END = "### BEGIN MARK SCHEME", "### END MARK SCHEME"


@dataclass(frozen=True)
class Item:
    """An item of a mark scheme, worth a point.

    label: its first words, in bold in the scheme. text: plain. html: the same with its markup.
    """

    label: str
    text: str
    html: Markup = field(default=Markup(), compare=False)


@dataclass(frozen=True)
class WrittenQuestion:
    """A question that is answered in prose, as teachers have it.

    asked, model, scheme: Markdown. points: the most there are.
    """

    name: str
    asked: str
    model: str
    scheme: str
    points: float

    @property
    def items(self) -> list[Item]:
        """What is worth a point each, where the scheme has an item for each point."""
        found = items(self.scheme)
        return found if len(found) == self.points else []

    @property
    def remarks(self) -> tuple[Markup, Markup]:
        """What the scheme says before its items and after them; all of it is before, without."""
        tokens = list(_numbered(parsed(self.scheme)))
        first = next((place for place, (_, numbered) in enumerate(tokens) if numbered), 0)
        if not self.items:
            return rendered([token for token, _ in tokens]), Markup()
        return (rendered([token for token, _ in tokens[:first]]),
                rendered([token for token, numbered in tokens[first:] if not numbered]))


def written_questions(solution: NotebookNode) -> Iterator[WrittenQuestion]:
    """Yield the written questions of a lesson in its order. solution: as teachers have it."""
    before = NotebookNode(cell_type="raw")
    for cell in solution.cells:
        if is_answer(cell) and cell.metadata.nbgrader.grade:
            model, _, rest = cell.source.partition(_BEGIN)
            yield WrittenQuestion(
                cell.id, before.source if before.cell_type == "markdown" else "", model.strip(),
                rest.partition(_END)[0].strip(), float(cell.metadata.nbgrader.points))
        before = cell


def items(scheme: str) -> list[Item]:
    """The items of the numbered lists in a mark scheme, which is Markdown."""
    return list(_items(parsed(scheme)))


def _items(tokens: Sequence[Token]) -> Iterator[Item]:
    for place, (token, numbered) in enumerate(_numbered(tokens)):
        if (numbered and token.type == "list_item_open" and token.level == 1
                and tokens[place + 1].type == "paragraph_open"):
            words = tokens[place + 2].children or []
            text = _text(words)
            yield Item(_label(words) or text[:30], text, inline(words))


def _numbered(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield the tokens, each with whether it belongs to a numbered list."""
    numbered = False
    for token in tokens:
        if token.level == 0 and token.nesting >= 0:
            numbered = token.type == "ordered_list_open"
        yield token, numbered


def _label(words: Sequence[Token]) -> str:
    """The bold text with which an item begins, without its colon; "" if there is none."""
    words = [word for word in words if word.content or word.type != "text"]
    if not words or words[0].type != "strong_open":
        return ""
    end = next(place for place, word in enumerate(words) if word.type == "strong_close")
    return _text(words[1:end]).removesuffix(":")


def _text(words: Sequence[Token]) -> str:
    return "".join(" " if word.type == "softbreak" else word.content for word in words)
