"""A lesson's written answers as a sheet to read and mark: question and scheme beside the answers.

Nobody's name has a say: answers stand in the order of their hashes, and names are folded away.
Whatever a student wrote is text here. Without its script it is a sheet to print.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from autograder.feedback.document import sheet, tag, text
from autograder.feedback.written_marks import digest
from autograder.grading.result import Mark

STYLES = ("page.css", "written.css")
SCRIPT = "written.js"
CHOICES = (("0", "0"), ("½", "0.5"), ("1", "1"))
_ITEM = re.compile(r"(\d+)\. +(.+)")
_LABEL = re.compile(r"\*\*(.+?):?\*\*:?")
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*(\S(?:.*?\S)?)\*(?![\w*])")


@dataclass(frozen=True)
class Answer:
    """What a student wrote, "" for nothing, and what stands in the gradebook of it."""

    student: str
    text: str
    mark: Mark

    @property
    def folded(self) -> bool:
        """Is there nothing to read, and nothing that a teacher gave for it?"""
        return not self.text and not self.mark.by_hand


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


def page(lesson: str, title: str, questions: Sequence[Question]) -> str:
    """The whole document. lesson: its name, title: its title, as plain text."""
    read = sum(not one.folded for question in questions for one in question.answers)
    blank = sum(one.folded for question in questions for one in question.answers)
    about = f"{_count(read, 'answer')} to read" + f", {blank} blank" * bool(blank)
    parts = [tag("header", tag("h1", text(title)) + tag(
        "p", f"Written answers · {about} · {text(lesson)}", "about")), _BAR]
    parts += [_question(lesson, number, one) for number, one in enumerate(questions, start=1)]
    return sheet(f"{title}: written answers", "\n".join(parts), STYLES, SCRIPT)


def items(scheme: str) -> list[str]:
    """The numbered items of a mark scheme, each worth a point; Markdown."""
    found = (_ITEM.fullmatch(line.strip()) for line in scheme.splitlines())
    return [one[2] for one in found if one]


# Kept short, since it stays in sight while one reads.
_BAR = """\
<div class="bar">
<label class="names"><input type="checkbox" id="names"> names</label>
<output id="done" class="live"></output>
<p class="keys live"><kbd>J</kbd> <kbd>K</kbd> next, previous · <kbd>U</kbd> next unmarked · \
<kbd>1</kbd>–<kbd>9</kbd> item · <kbd>A</kbd> all items · <kbd>C</kbd> comment · \
<kbd>Esc</kbd> back</p>
<button type="button" id="save" class="live">Save marks.csv</button>
</div>"""


def _question(lesson: str, number: int, question: Question) -> str:
    scored = items(question.scheme)
    if len(scored) != question.points:
        scored = []
    key = "".join((
        tag("h2", f"{text(question.name)} <span class='points'>{question.points:g} points</span>"),
        _prose(question.asked),
        _folded("Mark scheme", _prose(question.scheme)),
        _folded("Model answer", _prose(question.model))))
    to_read = [one for one in question.answers if not one.folded]
    # By hash, then by a hash that the lesson salts: an order in which no name is first.
    to_read.sort(key=lambda one: (digest(one.text), digest(f"{lesson} {one.student}")))
    answers = "\n".join(_answer(f"q{number}a{place}", place, one, question, scored)
                        for place, one in enumerate(to_read, start=1))
    blank = sorted((one for one in question.answers if one.folded), key=lambda one: one.student)
    return (f'<section class="question" id="q{number}">\n<div class="key">{key}</div>\n'
            f'<div class="answers">\n{answers or tag("p", "Nothing to read.", "word")}\n'
            f"{_blank(blank, question)}</div>\n</section>")


def _answer(key: str, place: int, one: Answer, question: Question, scored: Sequence[str]) -> str:
    again = one.mark.by_hand and one.mark.waiting
    given = f"{one.mark.score:g}" if one.mark.by_hand else ""
    head = tag("h3", f"Answer {place}") + tag("span", text(one.student), "who") + tag(
        "code", digest(one.text), "hash")
    said = tag("pre", text(one.text), "prose") if one.text else tag(
        "p", "Nothing was written here.", "word")
    note = tag("p", f"{given} points were given before it was graded anew. <button type='button' "
                    f"class='keep live' data-points='{given}'>Keep {given}</button>",
               "note") if again else ""
    choices = "".join(_item(f"{key}i{number}", number, item)
                      for number, item in enumerate(scored, start=1))
    field = ("<label class='sum'>points <input type='text' inputmode='decimal' class='points' "
             f"autocomplete='off' value='{'' if again else given}'> of {question.points:g}</label>"
             "<output class='so-far'></output>")
    # A browser drops the first line break inside a textarea.
    comment = (f"<label class='comment'>comment <textarea rows='1'>\n{escape(one.mark.comment)}"
               "</textarea></label>")
    kind = "answer marked" if given and not again else "answer"
    return (f"<article class='{kind}' id='{key}' tabindex='-1' {_facts(one, question)} "
            f"data-most='{question.points:g}' data-given='{given}'>"
            f"<header>{head}</header>\n{said}\n{note}"
            f"<div class='marking'>{tag('div', choices, 'items') if choices else ''}"
            f"<div class='total'>{field}</div>{comment}</div></article>")


def _item(key: str, number: int, item: str) -> str:
    label = _LABEL.match(item)
    short = label[1] if label else item[:30]
    choices = "".join(f"<label><input type='radio' name='{key}' value='{value}'>"
                      f"<span>{shown}</span></label>" for shown, value in CHOICES)
    return (f"<fieldset class='item' title='{text(item)}'><legend><b>{number}</b> {text(short)}"
            f"</legend><div class='choices'>{choices}</div></fieldset>")


def _blank(blank: Sequence[Answer], question: Question) -> str:
    if not blank:
        return ""
    rows = "".join(f"<li class='blank' {_facts(one, question)}>{text(one.student)}</li>"
                   for one in blank)
    return (f"<details class='blanks'><summary>{_count(len(blank), 'blank answer')}: 0 points, "
            f"nothing to read</summary><ul>{rows}</ul></details>")


def _facts(one: Answer, question: Question) -> str:
    """What a row of marks.csv needs, exactly as it is."""
    return (f"data-student='{escape(one.student)}' data-exercise='{escape(question.name)}' "
            f"data-answer='{digest(one.text)}'")


def _folded(title: str, inside: str) -> str:
    return f"<details open><summary>{title}</summary>{inside}</details>" if inside else ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _prose(markdown: str) -> str:
    """The little Markdown that questions and mark schemes are written in."""
    return "".join(_block(block.splitlines()) for block in re.split(r"\n\s*\n", markdown.strip())
                   if block.strip())


def _block(lines: list[str]) -> str:
    listed = [_ITEM.fullmatch(line.strip()) for line in lines]
    if all(listed):
        return tag("ol", "".join(tag("li", _inline(one[2])) for one in listed if one))
    if lines[0].startswith("#"):
        return tag("h4", _inline(lines[0].lstrip("# "))) + (_block(lines[1:]) if lines[1:] else "")
    return tag("p", _inline("\n".join(lines)))


def _inline(markdown: str) -> str:
    return "".join(_spans(markdown))


def _spans(markdown: str) -> Iterator[str]:
    for place, part in enumerate(markdown.split("`")):
        if place % 2:
            yield tag("code", text(part))
        else:
            yield _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", text(part)))
