"""Facts about a wrong answer, each found by looking at trials: what went in, what came out. Pure.

A finder yields sentences that hold on every trial that it is given. Where nothing is certain,
nothing is said. The file is long because it is a list: one finder after another, of one shape.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.grading import rules
from autograder.grading.trials import Trial, Value, is_numbers, kind, same, same_kind

FEWEST = 3  # wrong trials, and right ones where some are right, that are enough to say something
LARGE = 100.0  # beyond which float noise, or an overflow, is another matter
Sentences = Iterator[str]
Finder = Callable[[Sequence[Trial], str], Sentences]


# What comes back


def nothing(trials: Sequence[Trial]) -> Sentences:
    """None instead of a result."""
    returned = [trial for trial in trials if not trial.raised]
    if len(returned) >= FEWEST and all(
            trial.got is None and trial.expected is not None for trial in returned):
        yield "It returns None, whatever the input is."


def kind_of_numbers(trials: Sequence[Trial], subject: str) -> Sentences:
    """The right numbers as another sort of numbers, or cut to whole ones."""
    wrong = [trial for trial in trials if not trial.raised and not trial.right]
    numbers = [trial for trial in wrong if is_numbers(trial.expected) and is_numbers(trial.got)
               and trial.expected.size]
    if not wrong or len(numbers) < len(wrong):
        return
    kinds = {(kind(trial.expected), kind(trial.got)) for trial in numbers}
    if len(kinds) != 1:
        return
    expected, got = kinds.pop()
    if expected == got:
        return
    when = _when(trials, [trial in numbers for trial in trials])
    if when is None:
        return
    if all(same(trial.expected, trial.got) for trial in numbers):
        yield f"{capital(subject)} has the right numbers, but as {got}, not {expected}{when}."
    elif got == "whole numbers" and all(
            trial.expected.shape == trial.got.shape
            and np.array_equal(np.trunc(trial.expected), trial.got) for trial in numbers):
        yield f"{capital(subject)} has the right numbers, but cut to whole ones{when}."


_FORMS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "transposed": np.transpose,
    "flattened to one axis": np.ravel,
    "loses axes of length 1": np.squeeze,
    "in one column": lambda x: x.reshape(-1, 1),
    "in one row": lambda x: x.reshape(1, -1),
    "with its rows in reverse order": lambda x: x[::-1] if x.ndim > 1 else x,
    "in reverse order": lambda x: x[::-1] if x.ndim == 1 else x,
    "with its columns in reverse order": lambda x: x[:, ::-1] if x.ndim == 2 else x,
    "in an array with one entry": lambda x: x.reshape(1) if x.ndim == 0 else x,
}


def form(trials: Sequence[Trial], subject: str) -> Sentences:
    """The right numbers, arranged in another way."""
    pairs = _numbers(trials)
    if len(pairs) < FEWEST:
        return
    for text, arrange in _FORMS.items():
        shown = [(arrange(a), a) for a, _ in pairs]
        differs = sum(not same(a, b) for a, b in shown)
        if differs and all(same(a, got) for (a, _), (_, got) in zip(shown, pairs, strict=True)):
            yield f"{capital(subject)} has the right numbers, but {text}."
            return
    if all(a.size == b.size and np.allclose(np.sort(a, None), np.sort(b, None)) for a, b in pairs
           ) and all(a.shape == b.shape for a, b in pairs):
        yield f"{capital(subject)} has the right numbers, but not in their places."
    elif all(a.ndim and b.size == 1 and np.allclose(b, np.sum(a)) for a, b in pairs) and any(
            a.size > 1 for a, _ in pairs):
        yield f"{capital(subject)} is one number: the sum of the expected entries."
    elif all(a.ndim and b.size == 1 and np.allclose(b, np.mean(a)) for a, b in pairs) and any(
            a.size > 1 for a, _ in pairs):
        yield f"{capital(subject)} is one number: the mean of the expected entries."


_FACTORS = {"−1": -1.0, "2": 2.0, "−2": -2.0, "½": 0.5, "−½": -0.5, "4": 4.0, "¼": 0.25, "3": 3.0,
            "1/ln 2": 1 / np.log(2), "ln 2": np.log(2), "0": 0.0}


def factor(trials: Sequence[Trial], subject: str) -> Sentences:
    """A factor: the same on all inputs, or a size or a number among the arguments."""
    pairs = _numbers(trials, ordinary=True)
    if len(pairs) < FEWEST or any(a.shape != b.shape for a, b in pairs):
        return
    every = "It" if all(a.ndim == 0 for a, _ in pairs) else f"Every entry of {subject}"
    if subject != "the result" and every == "It":
        every = capital(subject)
    known = [trial for trial in trials if _usable(trial, ordinary=True)]

    def fits(factors: Sequence[float]) -> bool:
        telling = [(a, b, c) for (a, b), c in zip(pairs, factors, strict=True)
                   if np.any(np.abs(a) > 1e-6)]
        return len(telling) >= FEWEST and len({c for *_, c in telling}) >= 1 and any(
            c != 1 for *_, c in telling) and all(
            np.allclose(b, a * c, rtol=1e-6, atol=1e-9) for (a, b), c in zip(
                pairs, factors, strict=True))

    for text, factor in _FACTORS.items():
        if fits([factor] * len(pairs)):
            yield (f"{every} is 0." if factor == 0 else
                   f"{every} is exactly {text} times the expected one.")
            return
    for text, values in _measures(known):
        for form, part, power in (("{} times the expected one", 1.0, 1),
                                  ("the expected one divided by {}", 1.0, -1),
                                  ("half of {} times the expected one", 0.5, 1),
                                  ("twice the expected one divided by {}", 2.0, -1)):
            with np.errstate(all="ignore"):
                factors = [part * float(np.power(value, float(power))) for value in values]
            if len(set(values)) > 1 and np.isfinite(factors).all() and fits(factors):
                yield f"{every} is {form.format(text)}."
                return


def _measures(trials: Sequence[Trial]) -> Iterator[tuple[str, list[float]]]:
    """Sizes and numbers among the arguments, in words, with their values."""
    for name in trials[0].arguments if trials else ():
        values = [trial.arguments[name] for trial in trials]
        if all(isinstance(x, int | float) and not isinstance(x, bool) for x in values):
            yield f"`{name}`", [float(x) for x in values]
            yield f"(1 − `{name}`)", [1.0 - x for x in values]
            continue
        if not all(isinstance(x, list) or (isinstance(x, np.ndarray) and x.ndim) for x in values):
            continue
        shapes = [_shape(x) for x in values]
        if values:
            rows = "number of rows" if any(len(shape) > 1 for shape in shapes) else "length"
            yield f"the {rows} of `{name}`", [float(len(x)) for x in values]
        if all(len(shape) == 2 for shape in shapes):
            yield f"the number of columns of `{name}`", [float(shape[1]) for shape in shapes]
            yield f"the number of entries of `{name}`", [float(np.prod(x)) for x in shapes]


def _shape(value: Any) -> tuple[int, ...]:
    if isinstance(value, list) and any(isinstance(one, np.ndarray) for one in value):
        return ()
    try:
        return np.shape(value)
    except ValueError:
        return ()


def offset(trials: Sequence[Trial], subject: str) -> Sentences:
    """The same number too much or too little on all inputs."""
    pairs = _numbers(trials, ordinary=True)
    if len(pairs) < FEWEST or any(a.shape != b.shape for a, b in pairs):
        return
    differences = np.concatenate([np.ravel(b - a) for a, b in pairs])
    off = float(np.median(differences)) if differences.size else 0.0
    round_off = round(off, 6)
    if len(differences) >= FEWEST and abs(off) > 1e-5 and np.allclose(
            differences, off, rtol=1e-6, atol=1e-7):
        every = "It" if all(a.ndim == 0 for a, _ in pairs) and subject == "the result" else (
            f"Every entry of {subject}" if any(a.ndim for a, _ in pairs) else capital(subject))
        yield f"{every} is off by the same number: the expected one {_plus(round_off)}."


def _plus(number: float) -> str:
    return f"{'plus' if number > 0 else 'minus'} {abs(number):g}"


_POWERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "the square of the expected one": np.square,
    "the square root of the expected one": lambda x: np.sqrt(np.abs(x)),
    "the expected one without its sign": np.abs,
    "1 minus the expected one": lambda x: 1.0 - x,
    "1 divided by the expected one": lambda x: 1.0 / x,
    "the logarithm of the expected one": lambda x: np.log(np.abs(x)),
    "e to the power of the expected one": np.exp,
}


def power(trials: Sequence[Trial], subject: str) -> Sentences:
    """Another function of the right number."""
    pairs = [(a, b) for a, b in _numbers(trials, ordinary=True)
             if np.all(np.abs(a) < 30) and np.all(a != 0)]
    if len(pairs) < FEWEST or any(a.shape != b.shape for a, b in pairs) or (sum(
            a.size for a, _ in pairs) < 2 * FEWEST and len(pairs) < 2 * FEWEST):
        return
    every = "It" if all(a.ndim == 0 for a, _ in pairs) and subject == "the result" else (
        f"Every entry of {subject}" if any(a.ndim for a, _ in pairs) else capital(subject))
    for text, function in _POWERS.items():
        with np.errstate(all="ignore"):
            shown = [np.asarray(function(a)) for a, _ in pairs]
        if all(np.allclose(x, b, rtol=1e-6, atol=1e-9) for x, (_, b) in zip(
                shown, pairs, strict=True)) and not all(map(same, shown, [a for a, _ in pairs])):
            yield f"{every} is {text}."
            return


def not_finite(trials: Sequence[Trial], subject: str, beside: bool = False) -> Sentences:
    """Where nan or inf comes out though the right number is finite.

    beside: whether another fault is named. Else what is wrong with plain numbers comes first.
    """
    returned = [trial for trial in trials if not trial.raised]
    bad = [_is_not_finite(trial.got) and not _is_not_finite(trial.expected) for trial in returned]
    if not any(bad):
        return
    what = "nan" if any(_has_nan(trial.got) for trial, is_bad in zip(
        returned, bad, strict=True) if is_bad) else "inf"
    if all(bad):
        if len(bad) >= FEWEST:
            yield f"{capital(subject)} holds {what}, whatever the input is."
        return
    texts = rules.exception(bad, rules.of_calls(returned))
    if len(texts) == 1:
        rest = [trial for trial, is_bad in zip(returned, bad, strict=True) if not is_bad]
        right = all(trial.right for trial in rest)
        if right or beside or not rules.is_extreme(texts[0]):
            yield (f"{capital(subject)} holds {what} when {texts[0]}"
                   f"{', and is right otherwise' if right else ''}.")


def _has_nan(value: Value) -> bool:
    if isinstance(value, tuple | list):
        return any(map(_has_nan, value))
    return is_numbers(value) and bool(np.isnan(value).any())


def _is_not_finite(value: Value) -> bool:
    if isinstance(value, tuple | list):
        return any(map(_is_not_finite, value))
    if isinstance(value, dict):
        return any(map(_is_not_finite, value.values()))
    return is_numbers(value) and not bool(np.isfinite(value).all())


# Where it is right


def entries(trials: Sequence[Trial], subject: str) -> Sentences:
    """Numbers of one argument at which an elementwise answer is right, or wrong."""
    usable = [trial for trial in trials if _usable(trial)
              and trial.expected.shape == trial.got.shape and same_kind(
                  trial.expected, trial.got)]
    returned = [trial for trial in trials if not trial.raised]
    name = rules.elementwise_argument(trials)
    if name is None or len(usable) < len(returned) or len(usable) < FEWEST:
        return
    for rtol in (1e-5, 1e-7):  # as the tests do, where near 0 a wrong formula is nearly right
        wrong = [np.asarray(~np.isclose(trial.got, trial.expected, rtol=rtol, atol=rtol / 1000,
                                        equal_nan=True)) for trial in usable]
        if found := _split(subject, rules.of_entries(name, usable), wrong):
            yield found[0]
            yield from _there(usable, wrong, found[1])
            return


def _split(subject: str, found: Sequence[rules.Entries], wrong: Sequence[np.ndarray]
           ) -> tuple[str, str] | None:
    """A sentence with the rule that holds where, and only where, entries are wrong; the rule."""
    if not any(map(np.any, wrong)) or all(map(np.all, wrong)):
        return None
    for text, contrary, holds in found:
        if all(np.array_equal(a, b) for a, b in zip(holds, wrong, strict=True)):
            return (f"{capital(subject)} is right wherever {contrary}, and wrong wherever {text}.",
                    text)
        # Right at the extremes only is next to nowhere, and says nothing.
        if not rules.is_extreme(text) and all(
                np.array_equal(~a, b) for a, b in zip(holds, wrong, strict=True)):
            return (f"{capital(subject)} is right wherever {text}, and wrong wherever {contrary}.",
                    contrary)
    return None


def _there(trials: Sequence[Trial], wrong: Sequence[np.ndarray], where: str) -> Sentences:
    """How the wrong entries are off, where a factor or a simple function of the right ones says."""
    there = [replace(trial, expected=np.asarray(trial.expected, float)[places],
                     got=np.asarray(trial.got, float)[places])
             for trial, places in zip(trials, wrong, strict=True) if np.any(places)]
    for finder in (factor, offset, power):
        for sentence in finder(there, "the result"):
            yield f"Where {where}, {sentence[0].lower()}{sentence[1:]}"
            return


def calls(trials: Sequence[Trial], subject: str) -> Sentences:
    """Inputs on which the answer is right, or wrong."""
    returned = [trial for trial in trials if not trial.raised]
    wrong = [not trial.right for trial in returned]
    if sum(wrong) < 1 or len(wrong) - sum(wrong) < FEWEST - 1:
        return
    found = rules.of_calls(returned)
    it = capital(subject) if len(returned) == len(trials) else (
        f"Where it returns something, {subject}")
    texts = rules.exception(wrong, found)
    if len(texts) == 1:
        yield f"{it} is right on all inputs tried, except when {texts[0]}."
        return
    plain = [rule for rule in found if not rules.is_extreme(rule.text)]
    texts = rules.exception([not one for one in wrong], plain)
    if len(texts) == 1:
        yield f"{it} is right only when {texts[0]}."
        return
    # All zeros are right in many ways, and tell nothing.
    told = [trial for trial in returned if not _is_zero(trial.expected)]
    if 0 < len(told) < len(returned) and all(
            trial.right for trial in returned if _is_zero(trial.expected)):
        texts = rules.exception([trial.right for trial in told], [
            rule for rule in rules.of_calls(told) if not rules.is_extreme(rule.text)])
        if len(texts) == 1:
            yield f"{it} is right only when {texts[0]}, or when 0 is expected everywhere."


def _is_zero(value: Value) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_zero, value))
    return is_numbers(value) and not np.any(value)


def places(trials: Sequence[Trial], subject: str) -> Sentences:
    """Rows or columns of a result that are right, and others that are wrong."""
    usable = [trial for trial in trials if not trial.raised]
    pairs = _numbers(trials)
    if len(pairs) < FEWEST or len(pairs) < len(usable) or any(
            a.shape != b.shape or a.ndim == 0 for a, b in pairs):
        return
    wrong = [~np.isclose(b, a, rtol=1e-5, atol=1e-8, equal_nan=True) for a, b in pairs]
    for axis, word in ((0, "row" if all(a.ndim > 1 for a, _ in pairs) else "entry"), (1, "column")):
        if axis == 1 and any(a.ndim < 2 for a, _ in pairs):
            return
        lines = [np.any(np.moveaxis(one, axis, 0).reshape(one.shape[axis], -1), axis=1)
                 for one in wrong]
        long = [line for line in lines if len(line) > 1]
        if len(long) < FEWEST or not any(len(line) > 2 for line in long):
            continue
        for place, k in (("first", 0), ("last", -1)):
            others = [np.delete(line, k) for line in long]
            if all(line[k] for line in long) and not any(map(np.any, others)):
                yield f"In {subject}, the {place} {word} is wrong, and all others are right."
                return
            if not any(line[k] for line in long) and all(map(np.any, others)):
                yield f"In {subject}, the {place} {word} is right, and others are wrong."
                return


def close(trials: Sequence[Trial], subject: str) -> Sentences:
    """Numbers that are nearly right: rounded, or spoiled by a small constant."""
    pairs = [(a, b) for a, b in _numbers(trials, ordinary=True) if np.all(np.abs(a) < LARGE)]
    if len(pairs) < 2 * FEWEST or any(a.shape != b.shape for a, b in pairs):
        return
    size = float(np.median([np.max(np.abs(a)) for a, _ in pairs if a.size]))
    error = max(float(np.max(np.abs(a - b))) for a, b in pairs if a.size)
    off = sum(not np.allclose(a, b, rtol=1e-6, atol=1e-9) for a, b in pairs)
    bound = 10.0 ** np.ceil(np.log10(error)) if error else 0.0
    if off > FEWEST and 0.0 < bound <= 0.01 * size:
        yield (f"{capital(subject)} is nearly right: for numbers of ordinary size it is never off "
               f"by more than {bound:g}.")


def raises(trials: Sequence[Trial], _: str) -> Sentences:
    """When the answer raises, if it does not always; an exception at a time."""
    # What a blank raises is an earlier exercise's that this one calls.
    errors = sorted({trial.raised for trial in trials} - {"", "NotImplementedError"})
    for error in errors:
        kept = [trial for trial in trials if trial.raised in ("", error)]
        raised = [bool(trial.raised) for trial in kept]
        if all(raised):
            if len(raised) >= FEWEST and len(errors) == 1:
                yield f"It raises {error}, whatever the input is."
            continue
        found = rules.of_calls(kept)
        texts = rules.exception(raised, found)
        if len(texts) == 1:
            yield f"It raises {error} when {texts[0]}."
            continue
        texts = rules.exception([not one for one in raised], found)
        if len(texts) == 1:
            yield f"It raises {error} unless {texts[0]}."


def changes(trials: Sequence[Trial], _: str) -> Sentences:
    """Arguments that are changed."""
    names = [name for name in (trials[0].arguments if trials else ())
             if any(name in trial.changed for trial in trials)]
    if names:
        listed = " and ".join(f"`{name}`" for name in names)
        yield (f"It changes {listed}, which belong{'' if len(names) > 1 else 's'} to the caller: "
               "work on a copy.")


# Shared


def _usable(trial: Trial, ordinary: bool = False) -> bool:
    """Whether a trial has numbers on both sides; ordinary: finite ones, and an answer that did."""
    return not trial.raised and is_numbers(trial.expected) and is_numbers(trial.got) and (
        not ordinary or bool(np.isfinite(trial.expected).all() and np.isfinite(trial.got).all()))


def _numbers(trials: Sequence[Trial], ordinary: bool = False
             ) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pairs of numbers, expected and got; none at all where a result is no array of numbers."""
    returned = [trial for trial in trials if not trial.raised]
    if any(not _usable(trial) for trial in returned) or all(trial.right for trial in returned):
        return []
    return [(np.asarray(trial.expected, float), np.asarray(trial.got, float))
            for trial in returned if _usable(trial, ordinary)]


def _when(trials: Sequence[Trial], holds: Sequence[bool]) -> str | None:
    """When something holds: "" for always, a condition, or None when no single one fits."""
    returned = [not trial.raised for trial in trials]
    kept = [trial for trial, there in zip(trials, returned, strict=True) if there]
    flags = [flag for flag, there in zip(holds, returned, strict=True) if there]
    if all(flags):
        return ""
    texts = rules.exception(flags, rules.of_calls(kept))
    return f" when {texts[0]}" if len(texts) == 1 else None


def capital(text: str) -> str:
    """The text with a capital at its start, unless it starts with a name in backticks."""
    return text[0].upper() + text[1:] if text[0].isalpha() else text


# For one value, the most telling first: the first that finds something has the word.
OF_A_VALUE: tuple[Finder, ...] = (
    kind_of_numbers, form, factor, offset, power, entries, not_finite, places, close, calls)
