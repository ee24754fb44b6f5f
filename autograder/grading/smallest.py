"""The smallest input on which an answer is wrong, shown in full: to check by hand."""

import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from autograder.grading.result import Smallest
from autograder.grading.trials import (
    Answer,
    Question,
    Subject,
    is_numbers,
    kind,
    numbers_in,
    plain,
    quiet,
    same,
)
from utils._diagnosis.draw import Earlier, Function, Plan

LENGTH = 600  # characters of a call, or a value, that still fits on paper
_TRIES = 8  # draws for each plan
_MOST = 40  # that are asked, of each sort
_PLANS = [Plan("small", "small", layers=layers, largest=largest)
          for largest in (1, 2, 3) for layers in (1, 2, 3)]
_OTHERS = [plan for largest in (1, 2, 3) for plan in (
    Plan("small", "ints", largest=largest), Plan("small", "small", "list", largest=largest),
    Plan("small", "large", largest=largest), Plan("small", "ordinary", largest=largest),
    Plan("small", "small", "fortran", largest=largest))]


def smallest(subject: Subject, name: str, answer: Answer, seconds: float) -> Smallest | None:
    """The smallest of many small inputs on which the answer and the model answer disagree."""
    candidates = [*questions(subject)]
    end = time.monotonic() + seconds
    for question in candidates:
        if time.monotonic() > end:
            return None
        with quiet():
            trial = subject.trial(answer, question)
        if trial.right or trial.raised == "NotImplementedError":
            continue
        call = show_call(name, subject.names, question.arguments)
        right, wrong = trial.returned
        expected = show(right)
        got = f"{trial.raised} raised" if trial.raised else show(wrong)
        if not trial.raised and same(trial.expected, trial.got):
            expected, got = f"{expected}{_kind(right)}", f"{got}{_kind(wrong)}"
        if max(map(len, (call, expected, got))) <= LENGTH and "…" not in call + expected:
            return Smallest(call, expected, got)
    return None


@cache
def questions(subject: Subject) -> list[Question]:
    """Small questions, those with the fewest numbers first."""
    found = list[Question]()
    for plans in (_PLANS, _OTHERS):
        different: dict[str, Question] = {}
        for number, plan in enumerate(plans):
            for seed in range(_TRIES):
                question = subject.question(seed + _TRIES * number, plan)
                text = repr([show(one) for one in question.arguments]) + plan.container
                if not question.raised:
                    different.setdefault(text, question)
        found += sorted(different.values(), key=lambda one: _size(one.arguments))[:_MOST]
    return found


def _size(arguments: tuple[Any, ...]) -> tuple[int, float]:
    arrays = [one for value in arguments for one in numbers_in(value)]
    return sum(one.size for one in arrays), float(sum(np.sum(np.abs(one)) for one in arrays))


def show_call(name: str, names: Sequence[str], arguments: Sequence[Any]) -> str:
    """A call as it is typed: each argument by its name where there are several."""
    shown = [show(value) for value in arguments]
    if len(shown) > 1:
        shown = [f"{key}={text}" for key, text in zip(names, shown, strict=False)]
    return f"{name}({', '.join(shown)})"


def show(value: Any) -> str:
    """A value in full, with numbers as short as they can be written; "…" for what can't be."""
    if isinstance(value, Function):
        known = {key: show(one) for key, one in value.names.items()}
        return value.text + (f" with {', '.join(f'{a} = {b}' for a, b in known.items())}"
                             if known else "")
    if isinstance(value, np.random.Generator):
        seed = getattr(value.bit_generator.seed_seq, "entropy", "…")
        return f"np.random.default_rng({seed})"
    if isinstance(value, Earlier):
        return "…"
    if isinstance(value, np.ndarray):
        value = value.tolist() if value.ndim else value.item()
    if isinstance(value, list):
        return f"[{', '.join(map(show, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(show, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {show(one)}' for key, one in value.items())}}}"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(show, value)))}}}" if value else "set()"
    if isinstance(value, float | np.floating):
        text = f"{float(value) + 0.0:.6g}"  # without the sign of a zero
        return text if not text.lstrip("-").isdigit() else f"{text}.0"
    if isinstance(value, bool | np.bool_ | int | np.integer | str | type(None)):
        return repr(value.item() if isinstance(value, np.generic) else value)
    return "…"


def _kind(value: Any) -> str:
    value = plain(value)
    return f" ({kind(value)})" if is_numbers(value) else ""
