"""Which submissions have the same answers, and whose are the model's: a place to look. Pure.

`similarity` leaves out what is short, what is given and what many have, so it can't see a whole
lesson that was copied cell for cell where every answer is short. Here whole answers are compared
as they are, names included, and what counts is how unlikely it is that so many agree: each answer
by the share of the class that has it, so that one that half of the class has says little.
"""

import ast
import io
import math
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.reports.similarity import SHARE, TEXTS, Text, words

CHANCE = 0.01  # how many such cases a class may be expected to have by chance
LONG = 40  # tokens of a model answer, its signature included: what is shorter, many write by nature
MODEL = "the model answers"

_IGNORED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
            tokenize.ENCODING, tokenize.ENDMARKER}


@dataclass(frozen=True)
class Same:
    """Two submissions with the same answers, or one with the model's.

    other: a student, or MODEL. names: the exercises. compared: how many answers both have.
    file: whether the two files are the same byte for byte.
    """

    one: str
    other: str
    names: tuple[str, ...]
    compared: int
    file: bool = False


def same_answers(works: Mapping[str, Sequence[Text]], given: Iterable[Text],
                 files: Mapping[str, str]) -> list[Same]:
    """The pairs with the same answers, those with most in common first.

    works: each student's own texts of one lesson. given: what nobody has to invent; it does not
    count. files: by student, a hash of the file that was handed in.
    """
    nobodys = {form for text in given for form in _forms(text)}
    own = {student: {name: form for name, form in _answers(texts).items() if form not in nobodys}
           for student, texts in works.items()}
    holders, answered = _counts(own.values())
    least = _least(math.comb(len(own), 2))
    found = []
    for one, other in combinations(sorted(own), 2):
        names = tuple(name for name in own[one] if own[one][name] == own[other].get(name))
        compared = min(len(own[one]), len(own[other]))
        same_file = bool(works[one]) and one in files and files[one] == files.get(other)
        weight = _weight([holders[name, own[one][name]] / answered[name] for name in names],
                         compared)
        if (same_file and len(works[one]) >= TEXTS) or (
                len(names) >= TEXTS and len(names) >= SHARE * compared and weight >= least):
            found.append(Same(one, other, names, compared, same_file))
    return sorted(found, key=lambda one: (not one.file, -len(one.names), one.one, one.other))


def like_the_model(works: Mapping[str, Sequence[Text]], model: Iterable[Text]) -> list[Same]:
    """Whose long answers are the model's, more of them than chance and the class explain."""
    wanted = {name: form for name, form in _answers(model).items() if len(form) >= LONG}
    own = {student: {name: form for name, form in _answers(texts).items() if name in wanted}
           for student, texts in works.items()}
    holders, answered = _counts(own.values())
    least = _least(len(own))
    found = []
    for student, forms in own.items():
        names = tuple(name for name, form in forms.items() if form == wanted[name])
        weight = _weight([holders[name, wanted[name]] / answered[name] for name in names],
                         len(forms))
        if len(names) >= TEXTS and weight >= least:
            found.append(Same(student, MODEL, names, len(forms)))
    return sorted(found, key=lambda one: (-len(one.names), one.one))


def _weight(shares: Sequence[float], compared: int) -> float:
    """How unlikely it is, in powers of ten, to agree in so many answers of those compared.

    shares: of the class, by answer. It counts that any others might have been the same ones.
    """
    return -sum(map(math.log10, shares)) - math.log10(math.comb(compared, len(shares)))


def _least(cases: int) -> float:
    """How unlikely, in powers of ten, one case has to be where there are so many."""
    return math.log10(max(1, cases) / CHANCE)


Form = tuple[str, ...]


def _answers(texts: Iterable[Text]) -> dict[str, Form]:
    return {text.name: form for text in texts if (form := _form(text.text, text.prose))}


def _counts(works: Iterable[Mapping[str, Form]]) -> tuple[Counter[tuple[str, Form]], Counter[str]]:
    """How many have each answer, and how many have any, by exercise."""
    holders: Counter[tuple[str, Form]] = Counter()
    answered: Counter[str] = Counter()
    for work in works:
        holders.update(work.items())
        answered.update(list(work))  # of a mapping it would add up the values
    return holders, answered


def _forms(text: Text) -> Iterator[Form]:
    """A given text, and each function in it by itself."""
    yield _form(text.text, text.prose)
    if not text.prose:
        try:
            parts = ast.parse(text.text).body
        except (SyntaxError, ValueError):
            return
        for part in parts:
            if isinstance(part, ast.FunctionDef):
                # A known wrong answer is called exercise__label there.
                form = _form(ast.get_source_segment(text.text, part) or "", False)
                yield tuple(word.partition("__")[0] or word for word in form)


def _form(text: str, prose: bool) -> Form:
    """What counts of a text: its words, or its tokens without comments, docstrings and layout."""
    if prose:
        return tuple(word for word, _ in words(text))
    found: list[str] = []
    begins = True  # of a statement, where a string stands for itself
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in _IGNORED:
                begins = begins or token.type != tokenize.COMMENT
            elif not (token.type == tokenize.STRING and begins):
                found.append(token.string)
                begins = False
    except (tokenize.TokenError, SyntaxError):
        found.append(text)  # what is no Python is compared as it stands
    return tuple(found)
