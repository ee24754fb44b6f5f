"""Which submissions of a lesson are alike beyond what the lesson gives: a place to look. Pure.

Fingerprints of tokens, chosen by winnowing: S. Schleimer, D. S. Wilkerson and A. Aiken,
"Winnowing: local algorithms for document fingerprinting", SIGMOD 2003. Names of the author's own,
numbers and strings count as alike; comments, docstrings, parentheses, commas and layout as
nothing; so a copy with other names has the same fingerprints. Every text is fingerprinted by
itself: their order is free.

What is given, and what many of the class have, is left out before fingerprints are chosen. Two
submissions are told only when enough is left: right answers of a line are alike by nature.
"""

import builtins
import hashlib
import io
import keyword
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

K = 9  # tokens of a k-gram: what is shorter is never found
WINDOW = 4  # k-grams of which one is chosen: alike runs of K + WINDOW - 1 tokens are always found
COMMON = 0.1  # the share of the class above which a k-gram is everybody's,
FEW = 5  # but not while it is no more than so many people's
# What two must share to be told. In 84 classes of 10 to 60, made of the tests' right answers and
# typed differently by each (tests/planted.py), these found all 84 renamed copies, and 3 of about
# 61,000 other pairs: people who had drawn the same answers.
LEAST = 12  # fingerprints, about 30 tokens or half a dozen lines,
TEXTS = 3  # in so many texts: two people may well solve one exercise alike,
SHARE = 0.75  # and so much of what the one has who has less

_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
           tokenize.ENCODING, tokenize.ENDMARKER}
_LOOSE = {"(", ")", ",", ";"}  # may stand or not, and the program is the same
_BUILTIN = frozenset(dir(builtins))
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Text:
    """An answer, or another cell: its exercise's name, and what stands in it.

    prose: words count, in place of Python's tokens.
    """

    name: str
    text: str
    prose: bool = False


@dataclass(frozen=True)
class Alike:
    """A text of one and the other's most similar one, with the lines that are alike (from 1)."""

    one: Text
    other: Text
    one_lines: frozenset[int]
    other_lines: frozenset[int]


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike.

    shared: the fingerprints that both have. share: of those of the one who has fewer.
    """

    one: str
    other: str
    shared: int
    share: float
    texts: tuple[Alike, ...]


Gram = tuple[int, int, int]  # hash, first line, last line


def tokens(text: str) -> list[tuple[str, int]]:
    """Python's tokens with their lines, names and literals unified; up to where it is no Python.

    Attributes and built-in functions keep their names, which no author chose.
    """
    found: list[tuple[str, int]] = []
    begins = True  # of a statement
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in _LAYOUT:
                begins = begins or token.type != tokenize.COMMENT
            elif token.string in _LOOSE:
                begins = begins and token.string == "("
            elif token.type == tokenize.STRING and begins:
                pass  # a docstring, or a string that stands for itself
            else:
                begins = False
                found.append((_unified(token, found), token.start[0]))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def _unified(token: tokenize.TokenInfo, before: list[tuple[str, int]]) -> str:
    if token.type == tokenize.NAME:
        fixed = keyword.iskeyword(token.string) or token.string in _BUILTIN or (
            bool(before) and before[-1][0] == ".")
        return token.string if fixed else "name"
    return token.string if token.type == tokenize.OP else "literal"


def words(text: str) -> list[tuple[str, int]]:
    """The words of a text with their lines."""
    return [(word.casefold(), number) for number, line in enumerate(text.splitlines(), start=1)
            for word in _WORD.findall(line)]


def grams(text: Text) -> list[Gram]:
    """Every run of K tokens."""
    found = words(text.text) if text.prose else tokens(text.text)
    return [(_hash(token for token, _ in found[at:at + K]), found[at][1], found[at + K - 1][1])
            for at in range(len(found) - K + 1)]


def _hash(run: Iterable[str]) -> int:
    # Python's own differs from run to run, and with it what is chosen.
    return int.from_bytes(hashlib.blake2b("\0".join(run).encode("utf-8", "replace"),
                                          digest_size=8).digest(), "big")


def winnow(hashes: Sequence[int], window: int = WINDOW) -> set[int]:
    """The places of the fingerprints: of every window the smallest hash, the last of equal ones."""
    return {min(range(start, min(start + window, len(hashes))), key=lambda at: (hashes[at], -at))
            for start in range(max(1, len(hashes) - window + 1))} if hashes else set()


def alike(works: Mapping[str, Sequence[Text]], given: Iterable[Text]) -> list[Pair]:
    """The pairs of a class that are alike, the most alike first.

    works: each student's own texts of one lesson. given: what nobody has to invent: the lesson's
    code and solution, known wrong answers.
    """
    cut = {name: [grams(text) for text in texts] for name, texts in works.items()}
    holders = Counter(one for texts in cut.values()
                      for one in {gram[0] for text in texts for gram in text})
    most = max(FEW, COMMON * len(works))
    out = {gram[0] for text in given for gram in grams(text)}
    out |= {one for one, count in holders.items() if count > most}
    prints = {name: [_chosen(text, out) for text in texts] for name, texts in cut.items()}
    own = {name: {gram[0] for text in texts for gram in text} for name, texts in prints.items()}
    return sorted(_pairs(works, prints, own),
                  key=lambda pair: (-pair.share, -pair.shared, pair.one, pair.other))


def _chosen(text: list[Gram], out: set[int]) -> list[Gram]:
    left = [gram for gram in text if gram[0] not in out]
    return [left[at] for at in sorted(winnow([gram[0] for gram in left]))]


def _pairs(works: Mapping[str, Sequence[Text]], prints: Mapping[str, list[list[Gram]]],
           own: Mapping[str, set[int]]) -> Iterator[Pair]:
    having: dict[int, list[str]] = {}
    for name in sorted(own):
        for one in own[name]:
            having.setdefault(one, []).append(name)
    counts = Counter(pair for names in having.values() for pair in combinations(names, 2))
    for (left, right), shared in counts.items():
        share = shared / min(len(own[left]), len(own[right]))
        if shared < LEAST or share < SHARE:
            continue
        both = own[left] & own[right]
        if max(_spread(prints[left], both), _spread(prints[right], both)) >= TEXTS:
            yield Pair(left, right, shared, share, tuple(_matched(
                works[left], prints[left], works[right], prints[right], both)))


def _spread(prints: list[list[Gram]], both: set[int]) -> int:
    """In how many texts something shared stands."""
    return sum(any(gram[0] in both for gram in text) for text in prints)


def _matched(ones: Sequence[Text], prints: list[list[Gram]], others: Sequence[Text],
             other_prints: list[list[Gram]], both: set[int]) -> Iterator[Alike]:
    for text, chosen in zip(ones, prints, strict=True):
        mine = {gram[0] for gram in chosen} & both
        if mine:
            found = [mine & {gram[0] for gram in grams_of} for grams_of in other_prints]
            at = max(range(len(others)), key=lambda k: (
                len(found[k]), others[k].name == text.name))
            yield Alike(text, others[at], _lines(chosen, found[at]),
                        _lines(other_prints[at], found[at]))


def _lines(chosen: list[Gram], shared: set[int]) -> frozenset[int]:
    return frozenset(line for one, first, last in chosen if one in shared
                     for line in range(first, last + 1))
