"""Types of a course's own in its exercises: how their values are written as plain data.

    # modules/weather.py, which course.toml names: [fence.register] Station = "weather"
    register(Station, to_plain=lambda station: (station.name, station.rain),
             from_plain=lambda plain: Station(*plain), example=Station("Oslo", np.ones(3)))

A student's code runs in a process of its own, and only plain data passes between it and the tests:
numbers, strings, booleans, None, arrays, and lists, tuples, dictionaries and sets of them. A value
of a registered type crosses as its plain form, and is made again from it at the other end. The
same form says what `check.equal`, `check.close` and `check.unchanged` compare.

Both functions are the course's. `to_plain` is called with values of exactly this type.
`from_plain` also runs on the grader's side, and what it gets there was sent by a student's process,
which may send any plain data whatever: it has to raise an error for what makes no value, and must
not do with it more than make one (no `eval`, no file of that name, no import). Nothing is
pickled. What `from_plain` makes is used only if it is of exactly this type and `to_plain` gives
back what came.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from utils._checks import compare, time_limit
from utils._checks.forms import Form, add, form_of

__all__ = ["PlainFormError", "made", "plain", "register"]

SECONDS = 5.0  # for making a value
_PLAIN = (type(None), bool, int, float, complex, str, bytes, np.ndarray, np.generic)


class PlainFormError(ValueError):
    """A value has no plain form, or the form lies; one line."""


def register(kind: type, *, to_plain: Callable[[Any], Any], from_plain: Callable[[Any], Any],
             example: Any) -> None:
    """Say how values of a type are written as plain data.

    kind: the class; values of its subclasses are not meant.
    to_plain: of a value, the plain data that says all there is to say about it.
    from_plain: of such data, a new value. example: a value to try both on.
    Raises PlainFormError where the example is not given back, and for a type that can't be
    registered.
    """
    form = Form(kind, to_plain, from_plain)
    if type(kind) is not type:
        raise PlainFormError(f"{form.name} can't be registered: its class has a metaclass.")
    if kind in (*_PLAIN, list, tuple, dict, set, frozenset):
        raise PlainFormError(f"{form.name} can't be registered: it is plain already.")
    if type(example) is not kind:
        raise PlainFormError(f"The example for {form.name} is of type {type(example).__name__}.")
    add(form)
    plain(example)


def plain(value: Any) -> Any:
    """The plain form of a value of a registered type.

    Raises PlainFormError where it has none, or where what is made of it has another one.
    """
    form = form_of(value)
    if form is None:
        raise PlainFormError(f"{type(value).__name__} is not registered.")
    try:
        written = form.to_plain(value)
    except Exception as error:
        raise PlainFormError(f"a {form.name} has no plain form: {_said(error)}") from error
    if (found := _not_plain(written)) is not None:
        raise PlainFormError(f"the plain form of {form.name} holds a value of type {found}")
    made(form, written)
    return written


def made(form: Form, written: Any) -> Any:
    """The value with this plain form.

    Raises PlainFormError where there is none, and where the form lies: what is made is of another
    type, or has another plain form.
    """
    try:
        with time_limit.seconds(SECONDS, even_when_off=True):
            value = form.from_plain(written)
            again = form.to_plain(value) if type(value) is form.kind else None
    except time_limit.TimeUp:
        raise PlainFormError(f"making a {form.name} takes longer than {SECONDS:g} s") from None
    except Exception as error:
        raise PlainFormError(f"no {form.name} can be made: {_said(error)}") from error
    if type(value) is not form.kind:
        raise PlainFormError(f"the plain form of {form.name} lies: it makes a "
                             f"{type(value).__name__}")
    if not compare.same(again, written):
        raise PlainFormError(f"the plain form of {form.name} lies: what is made of "
                             f"{compare.show(written)} has the plain form {compare.show(again)}")
    return value


def _not_plain(value: Any) -> str | None:
    """The name of a type in a plain form that is not plain; None when all is."""
    kind = type(value)
    if kind in (list, tuple, set, frozenset, dict):
        inside = [*value, *value.values()] if kind is dict else value
        return next(filter(None, map(_not_plain, inside)), None)
    if kind in _PLAIN or isinstance(value, np.generic):
        return None
    return kind.__name__


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
