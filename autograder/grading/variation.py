"""What one argument does to an answer: the same call again, with another value of this one alone.

The draws of a generator are numbered, and one of them at a time is made anew. What the generator
computes from it, such as a cache, follows, so every input keeps the exercise's contract.
"""

import copy
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

from autograder.grading.facts import FEWEST
from autograder.grading.trials import SEEDS, Answer, Question, Subject, is_numbers, quiet, same
from utils._diagnosis.draw import Plan
from utils._diagnosis.typed import show

_PLANS = (Plan(layers=3), Plan("some equal"), Plan(values="whole"))
_EACH = 3  # pairs of each plan for an argument
_ROUNDS, _SCANS = 16, 2  # of each plan, and of these the ones in which every draw is tried
_PATIENCE = 5  # rounds without a pair after which the next plan is tried
_DRAWS = 40  # of a generator that are tried; the first ones are sizes and arguments
Pairs = dict[str, list[tuple[Question, Question]]]


class _Numbered:
    """Draws like NumPy's generator; each draw is independent of the others. One can be another.

    known: what was drawn already with this seed, since making a generator takes most of the time.
    """

    def __init__(self, seed: int, known: dict[Any, Any], other: int | None = None) -> None:
        self.drawn, self._seed, self._known, self._other = 0, seed, known, other

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def draw(*arguments: Any, **keywords: Any) -> Any:
            number, self.drawn = self.drawn, self.drawn + 1
            which = self._seed, number, int(number == self._other)
            key = which, method, repr((arguments, keywords))
            if key not in self._known:
                rng = np.random.default_rng(which)
                self._known[key] = getattr(rng, method)(*arguments, **keywords)
            return copy.copy(self._known[key])
        return draw


def unused(subject: Subject, answer: Answer) -> list[str]:
    """The arguments that make a difference to the right result, and none to the answer's."""
    with quiet():
        names = [name for name in subject.names
                 if all(len(group.get(name, [])) >= FEWEST for group in pairs(subject))
                 and all(_unmoved(subject, answer, *pair)
                         for group in pairs(subject) for pair in group[name])]
    if not names:
        return []
    *others, last = (f"`{name}`" for name in names)
    listed = " and ".join([", ".join(others), last]) if others else last
    make, are = ("makes", "is it") if len(names) == 1 else ("make", "are they")
    return [f"{listed} {make} no difference to the result in any of the calls tried. "
            f"{are.capitalize()} used?"]


def one_sided(subject: Subject, answer: Answer) -> list[str]:
    """Whether a numerical derivative is one of one side, by how its error depends on `eps`."""
    names = subject.names
    groups = [group.get("eps", []) for group in pairs(subject)] if "f" in names else []
    with quiet():
        if not groups or not all(
                len(group) >= FEWEST and all(_proportional(subject, answer, *pair)
                                             for pair in group) for group in groups):
            return []
    return ["The error is proportional to `eps`, as it is when you look to one side only. A "
            "difference taken on both sides has an error that shrinks with the square of `eps`."]


@cache
def pairs(subject: Subject) -> tuple[Pairs, ...]:
    """For each of the two seeds and each argument: questions that differ in this one alone.

    Only those to which the model answer gives different answers.
    """
    return tuple(_pairs_of(subject, seed) for seed in SEEDS)


def _pairs_of(subject: Subject, seed: int) -> Pairs:
    found: Pairs = {name: [] for name in subject.names}
    for k, plan in enumerate(_PLANS):
        wanted = {name: len(found[name]) + _EACH for name in found}
        telling = set[int]()  # the draws that were seen to change one argument alone
        for number in range(_ROUNDS):
            lacking = {name for name in found if len(found[name]) < wanted[name]}
            if not lacking or (number == _PATIENCE and all(
                    len(found[name]) == wanted[name] - _EACH for name in lacking)):
                break
            draws = range(_DRAWS) if number < _SCANS else sorted(telling)
            telling |= {*_vary(subject, 1000 * seed + 100 * k + number, plan, draws, lacking,
                               found)}
    return found


def _vary(subject: Subject, seed: int, plan: Plan, draws: Iterable[int], names: set[str],
          found: Pairs) -> list[int]:
    """Add a pair of questions for each of these arguments; the draws that change one of them."""
    known = dict[Any, Any]()
    rng, lacking, telling = _Numbered(seed, known), set(names), list[int]()
    first = subject.ask(rng, plan)
    texts = {name: _text(value) for name, value in first.named.items()}
    for draw in draws:
        if draw >= rng.drawn:
            break
        other = subject.arguments(_Numbered(seed, known, draw), plan)
        changed = [name for name, value in zip(subject.names, other, strict=False)
                   if _text(value) != texts[name]]
        if len(changed) != 1 or changed[0] not in names:
            continue
        telling.append(draw)
        if changed[0] in lacking:
            again = subject.ask(_Numbered(seed, known, draw), plan)
            if not first.raised and not again.raised and not same(first.expected, again.expected):
                lacking.discard(changed[0])
                found[changed[0]].append((first, again))
    return telling


def _text(value: Any) -> str:
    return f"{np.shape(value) if isinstance(value, np.ndarray) else ''}{show(value)}"


def _unmoved(subject: Subject, answer: Answer, first: Question, again: Question) -> bool:
    one, other = subject.trial(answer, first), subject.trial(answer, again)
    return not one.raised and not other.raised and one.got is not None and same(
        one.got, other.got)


def _proportional(subject: Subject, answer: Answer, first: Question, again: Question) -> bool:
    """Whether the errors in two calls are as their `eps`."""
    errors = []
    for question in (first, again):
        trial = subject.trial(answer, question)
        if trial.raised or not is_numbers(trial.got) or not is_numbers(trial.expected) or (
                np.shape(trial.got) != np.shape(trial.expected)):
            return False
        errors.append((trial.got - trial.expected) / question.named["eps"])
    return bool(np.all(np.isfinite(errors)) and np.max(np.abs(errors[0]), initial=0.0) > 1e-3
                and np.allclose(errors[0], errors[1], rtol=0.1, atol=1e-6))
