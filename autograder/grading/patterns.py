"""What holds of a wrong answer on all fresh inputs: patterns, one true sentence each. Pure.

The finders in `facts` look at the trials of two seeds apart; a sentence is stated when it is found
on both. Of a result with several parts it is first said which part is wrong.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from autograder.grading import facts
from autograder.grading.facts import FEWEST, Sentences
from autograder.grading.trials import Trial, Value, is_numbers, same

MOST = 3  # sentences


def patterns(first: Sequence[Trial], second: Sequence[Trial],
             parts: Sequence[str] = ()) -> list[str]:
    """The sentences that hold on the trials of both seeds, the most telling first.

    parts: the names of the parts of a result that has several.
    """
    found = list(_found(first, parts))
    if not found:
        return []
    again = set(_found(second, parts))
    return [sentence for sentence in dict.fromkeys(found) if sentence in again][:MOST]


def changing(once: Sequence[Trial], again: Sequence[Trial]) -> list[str]:
    """Whether the same calls, made again after others, come to something else each time."""
    pairs = list(zip(once, again, strict=True))
    if pairs and all(not a.raised and not b.raised and not same(a.got, b.got) for a, b in pairs):
        return ["Called again with the same arguments, it returns something else: it keeps "
                "something from one call to the next."]
    return []


def slips(first: Sequence[Trial], second: Sequence[Trial]) -> list[str]:
    """Of these, the ones that can stand beside another fault: how, not what, is computed."""
    found, again = ([*facts.raises(each, ""), *facts.not_finite(each, "the result", beside=True),
                     *facts.changes(each, "")] for each in (first, second))
    return [sentence for sentence in dict.fromkeys(found) if sentence in again]


def _found(trials: Sequence[Trial], parts: Sequence[str]) -> Sentences:
    if sum(not trial.right for trial in trials) < 1 and not any(
            trial.changed for trial in trials):
        return
    yield from facts.nothing(trials)
    yield from _of_subject(trials, "the result", parts)
    yield from facts.raises(trials, "")
    yield from facts.changes(trials, "")


def _of_subject(trials: Sequence[Trial], subject: str, parts: Sequence[str]) -> Sentences:
    """What holds of a result, or of one part of it."""
    several = list(_parts(trials, subject, parts))
    if several:
        yield from several
        return
    for finder in facts.OF_A_VALUE:
        if sentences := list(finder(trials, subject)):
            yield from sentences
            if finder in (facts.factor, facts.offset, facts.power):  # which see finite numbers
                yield from facts.not_finite(trials, subject)
            elif finder is facts.not_finite:
                yield from facts.close(trials, subject)
            return


def _parts(trials: Sequence[Trial], subject: str, names: Sequence[str]) -> Sentences:
    """Of a result with several parts: which are right, and what holds of the others."""
    returned = [_in_parts(trial, len(names)) for trial in trials if not trial.raised]
    if len(returned) < FEWEST or not all(
            isinstance(trial.expected, tuple) and _is_sequence(trial.got)
            and len(trial.expected) == len(trial.got) and trial.expected for trial in returned):
        return
    sizes = {len(trial.expected) for trial in returned}
    if names and sizes == {len(names)}:
        yield from _named_parts(returned, names)
    else:
        yield from _listed_parts(returned, subject)


def _in_parts(trial: Trial, count: int) -> Trial:
    """The same trial, with numbers that have names of their own taken apart."""
    if count and isinstance(trial.expected, np.ndarray) and trial.expected.shape == (count,):
        return replace(trial, expected=tuple(map(np.asarray, trial.expected)))
    return trial


def _named_parts(trials: Sequence[Trial], names: Sequence[str]) -> Sentences:
    split = [[replace(trial, expected=trial.expected[k], got=_part(trial.got, k))
              for trial in trials] for k in range(len(names))]
    right = [name for name, part in zip(names, split, strict=True)
             if all(trial.right for trial in part)]
    wrong = [(name, part) for name, part in zip(names, split, strict=True) if name not in right]
    swapped = len(names) == 2 and all(
        same(trial.expected[0], _part(trial.got, 1)) and same(
            trial.expected[1], _part(trial.got, 0)) for trial in trials)
    if swapped and wrong:
        yield f"`{names[0]}` and `{names[1]}` have changed places."
        return
    if right and wrong:
        listed, others = _listed(right), _listed([name for name, _ in wrong])
        yield (f"{listed} {'is' if len(right) == 1 else 'are'} right on every input tried; "
               f"{others} {'is' if len(wrong) == 1 else 'are'} not.")
    for name, part in wrong:
        yield from _of_subject(part, f"`{name}`", ())


def _listed_parts(trials: Sequence[Trial], subject: str) -> Sentences:
    """Of a list whose length varies, such as one array for each layer."""
    if all(same(trial.expected[::-1], tuple(trial.got)) for trial in trials) and not all(
            trial.right for trial in trials):
        yield f"{facts.capital(subject)} has the right parts in reverse order."
        return
    long = [[replace(trial, expected=a, got=_part(trial.got, k)).right
             for k, a in enumerate(trial.expected)] for trial in trials if len(trial.expected) > 1]
    if len(long) < FEWEST or all(map(all, long)):
        return
    for text, places in (
            ("the first part is wrong, and all others are right",
             lambda n: [False] + [True] * (n - 1)),
            ("the last part is wrong, and all others are right",
             lambda n: [True] * (n - 1) + [False]),
            ("the last part is right, and all others are wrong",
             lambda n: [False] * (n - 1) + [True]),
            ("the first part is right, and all others are wrong",
             lambda n: [True] + [False] * (n - 1))):
        if any(len(one) > 2 for one in long) and all(one == places(len(one)) for one in long):
            yield f"In {subject}, {text}."
            return
    flat = [replace(trial, expected=a, got=_part(trial.got, k)) for trial in trials
            for k, a in enumerate(trial.expected) if is_numbers(a)]
    if len(flat) >= sum(len(trial.expected) for trial in trials):
        each = f"each part of {subject}" if subject != "the result" else "each part of the result"
        for finder in (facts.kind_of_numbers, facts.form, facts.factor):
            yield from finder(flat, each)


def _part(value: Value, k: int) -> Value:
    return np.asarray(value[k]) if isinstance(value, np.ndarray) else value[k]


def _is_sequence(value: Value) -> bool:
    return isinstance(value, tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
