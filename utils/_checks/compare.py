"""Expected against got, said in words: each function returns None when they agree, else why not.

Pure functions of their arguments. `utils.checks` turns their sentences into failed checks.
Only plain data is looked at (numbers, strings, arrays, lists, tuples, None): an object that
answers `True` to every comparison is refused for its type before it is compared. Values of a type
that the course has registered (`utils.plain`) are compared by their plain forms. The module is
long because its comparisons call each other.
"""

import copy
from collections.abc import Callable
from functools import partial
from itertools import combinations
from types import BuiltinFunctionType
from typing import Any

import numpy as np

from utils._checks import forms

SMALL = 8  # arrays up to this many entries are printed in full
NOTHING = "it returned None. Is a `return` missing?"
DICTIONARY = 200  # characters up to which a dictionary is printed in full
NESTED = 150  # characters up to which a list of arrays or lists is printed in full
FUNCTION = "a function"  # what a function without a name worth telling is called


def show(value: Any) -> str:
    """Say `value` in at most a line: small arrays by their entries, larger ones by their shape."""
    if isinstance(value, np.ndarray) and value.ndim:
        if value.size > SMALL or (value.size == 0 and value.ndim > 1):
            return f"array of shape {value.shape}"
        value = value + 0.0 if value.dtype.kind == "f" else value  # no -0.
        return np.array2string(value, precision=6, separator=", ").replace("\n", "")
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.item()
    if type(value) is float:
        return _number(value)
    if type(value) in (list, tuple) and len(value) <= SMALL:
        inside = ", ".join(show(entry) for entry in value)
        if len(inside) > NESTED:
            return _long(value)
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if type(value) in (list, tuple):
        return _long(value)
    if type(value) is dict:
        inside = ", ".join(f"{show(key)}: {show(entry)}" for key, entry in value.items())
        return f"{{{inside}}}" if len(inside) <= DICTIONARY else f"a dict of {len(value)}"
    if isinstance(value, np.random.Generator):
        return "rng"
    if form := forms.form_of(value):
        inside = show(form.to_plain(value))
        return f"{form.name}{inside if inside.startswith('(') else f'({inside})'}"
    if callable(value):
        return _function(value)
    text = repr(value) if isinstance(value, (bool, int, str, type(None))) else type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."


def _number(value: float) -> str:
    return f"{value + 0.0:.9g}"  # -0.0 is 0


def _long(values: list[Any] | tuple[Any, ...]) -> str:
    """A long list by its ends, `[0, 1, 2, …, 19]`; one of arrays or lists by its length."""
    if not all(isinstance(value, (bool, int, float, np.generic)) for value in values):
        return f"a {type(values).__name__} of {len(values)}"
    inside = ", ".join([*map(show, values[:3]), "…", show(values[-1])])
    return f"[{inside}]" if isinstance(values, list) else f"({inside})"


def _function(value: Any) -> str:
    """A function by its name where a student can know it: NumPy's and Python's own."""
    name = getattr(value, "__name__", "")
    if isinstance(value, np.ufunc) or value is getattr(np, name or "array", None):
        return f"np.{name}"
    return name if isinstance(value, (type, BuiltinFunctionType)) else FUNCTION


def not_numeric(got: Any) -> str | None:
    """Why `got` can't be read as numbers, or None when it can."""
    if got is None:
        return NOTHING
    if type(got) is np.ndarray or isinstance(got, np.generic):
        if got.dtype.kind in "fiub":
            return None
        return f"expected real numbers, got dtype {got.dtype}."
    if isinstance(got, np.ndarray):
        return f"expected a plain NumPy array, got {type(got).__name__}."
    if type(got) in (bool, int, float):
        return None
    if type(got) in (list, tuple):
        try:
            array = np.array(got)
        except (ValueError, TypeError, OverflowError):
            return "expected numbers in a regular array, got rows of different lengths."
        return not_numeric(array)
    return f"expected numbers, got {article(type(got).__name__)}."


def close(got: Any, expected: Any, rtol: float, atol: float, names: tuple[str, ...] = ()) -> (
        str | None):
    """Why `got` is not `expected` up to rounding, or None. A tuple is compared part by part.

    Entries agree when |got - expected| <= atol + rtol * |expected|; NaN agrees with NaN and
    an infinity with itself. The dtype is not looked at: see `floats`.
    """
    if form := forms.form_of(expected):
        return _registered(form, got, expected, partial(close, rtol=rtol, atol=atol))
    if isinstance(expected, tuple):
        return _parts(got, expected, rtol, atol, names)
    reason = not_numeric(got)
    if reason:
        return reason
    shown = np.asarray(got), np.asarray(expected)
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        return f"expected shape {expected.shape}, got {got.shape}{_shape_tip(got, expected)}"
    with np.errstate(all="ignore"):  # isclose, for finite numbers, in a fraction of its time
        off, allowed = np.abs(got - expected), atol + rtol * np.abs(expected)
        if ((off <= allowed) & (off < np.inf)).all():
            return None
    agrees = np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
    if agrees.all():
        return None
    first = tuple(int(i) for i in np.argwhere(~agrees)[0])
    with np.errstate(all="ignore"):
        errors = np.where(agrees, 0.0, np.abs(got - expected))
    worst = "" if np.isnan(errors).any() else f"; the largest error is {errors.max():.3g}"
    if got.size <= SMALL:
        if any(value.dtype.kind not in "iu" for value in shown):  # counts have no decimal points
            shown = got, expected
        gave, wanted = map(show, shown)
        return f"expected {wanted}, got {gave}{'' if gave != wanted else worst}."
    where = first[0] if len(first) == 1 else first
    return (f"{(~agrees).sum()} of {got.size} entries differ{worst}. The first is at index {where}:"
            f" expected {_number(expected[first])}, got {_number(got[first])}.")


def _parts(got: Any, expected: tuple, rtol: float, atol: float, names: tuple[str, ...]) -> (
        str | None):
    reason = parts(got, names) if names else _count(got, len(expected))
    if reason:
        return reason
    for k, (part, value) in enumerate(zip(got, expected, strict=True)):
        reason = close(part, value, rtol, atol)
        if reason:
            return f"{_where(k, names)}, {of_part(reason)}"
    return None


def of_part(reason: str) -> str:
    """What is wrong with a part of a result, where the result itself is there."""
    return "expected numbers, got None." if reason == NOTHING else reason


def _where(k: int, names: tuple[str, ...]) -> str:
    return f"in {names[k]}" if names else f"at index {k}"


def _count(got: Any, count: int) -> str | None:
    if got is None:
        return NOTHING
    if type(got) not in (tuple, list) and not _is_named_tuple(got):
        return f"expected a list of {count}, got {article(type(got).__name__)}."
    values = "value" if count == 1 else "values"
    return None if len(got) == count else f"expected {count} {values}, got {len(got)}."


def parts(got: Any, names: tuple[str, ...]) -> str | None:
    """Why `got` is not a tuple with one value for each of `names`, or None."""
    wanted = f"({', '.join(names)})"
    if got is None:
        return f"it returned None. Is `return {wanted[1:-1]}` missing?"
    if type(got) not in (tuple, list) and not _is_named_tuple(got):
        return f"expected the tuple {wanted}, got {article(type(got).__name__)}."
    if len(got) != len(names):
        return f"expected the {len(names)} values {wanted}, got {len(got)}."
    return None


def floats(got: Any, shape: tuple[int, ...]) -> str | None:
    """Why `got` is not float64 of this shape, or None.

    Shape () also accepts a Python float and a NumPy float64 scalar.
    """
    reason = not_numeric(got)
    if reason:
        return reason
    if shape == () and type(got) is float:
        return None
    if not isinstance(got, (np.ndarray, np.float64)):
        wanted = "a float" if shape == () else f"a float64 array of shape {shape}"
        return f"expected {wanted}, got {article(type(got).__name__)}."
    if got.dtype != np.float64:
        return f"expected dtype float64, got {got.dtype}."
    if got.shape != shape:
        return f"expected shape {shape}, got {got.shape}."
    return None


def equal(got: Any, expected: Any, names: tuple[str, ...] = ()) -> str | None:
    """Why `got` is not exactly `expected`, or None: int, bool, str, None, lists and tuples.

    NumPy's ints and bools count as Python's; where a list is expected a tuple or an array will
    do. A bool is no int, and a float is none either. names: of the parts of a tuple.
    """
    if form := forms.form_of(expected):
        return _registered(form, got, expected, equal)
    if isinstance(expected, (list, tuple)):
        if type(got) is np.ndarray:
            got = list(got)
        if type(got) not in (list, tuple) and not _is_named_tuple(got):
            return f"expected {show(expected)}, got {article(type(got).__name__)}."
        if len(got) != len(expected):
            entries = "entry" if len(expected) == 1 else "entries"
            return (f"expected {len(expected)} {entries}, {show(expected)}, "
                    f"but got {len(got)}: {show(got)}.")
        for k, (part, value) in enumerate(zip(got, expected, strict=True)):
            reason = equal(part, value)
            if reason:
                return f"{_where(k, names)}, {reason}"
        return None
    if isinstance(got, np.generic) or (type(got) is np.ndarray and got.shape == ()):
        got = got.item()
    if type(got) is not type(expected):
        if got is None:
            return f"expected {show(expected)}, but it returned None. Is a `return` missing?"
        return (f"expected {show(expected)} ({type(expected).__name__}), "
                f"got {show(got)} ({type(got).__name__}).")
    return None if got == expected else f"expected {show(expected)}, got {show(got)}."


def _registered(form: forms.Form, got: Any, expected: Any,
                compared: Callable[[Any, Any], str | None]) -> str | None:
    """Why `got` is not `expected`, a value of a registered type, or None.

    compared: says it of two numbers, arrays of them, or strings.
    """
    if got is None:
        return NOTHING
    if type(got) is not form.kind:
        return f"expected {article(form.name)}, got {article(type(got).__name__)}."
    names = getattr(form.kind, "_fields", ())
    reason = _of_plain(form.to_plain(got), form.to_plain(expected), compared, names)
    return f"not the {form.name} expected: {reason}" if reason else None


def _of_plain(got: Any, expected: Any, compared: Callable[[Any, Any], str | None],
              names: tuple[str, ...] = ()) -> str | None:
    """The same for two plain forms, or parts of them. names: of the parts of a named tuple."""
    if type(got) is not type(expected):
        return f"expected {show(expected)}, got {show(got)}."
    if isinstance(expected, dict):
        if list(got) != list(expected):
            return f"expected the keys {show(list(expected))}, got {show(list(got))}."
        parts = [(f"at {show(key)}", got[key], expected[key]) for key in expected]
    elif isinstance(expected, (list, tuple)):
        if len(got) != len(expected):
            return _count(got, len(expected))
        parts = [(_where(k, names if len(names) == len(got) else ()), *pair)
                 for k, pair in enumerate(zip(got, expected, strict=True))]
    elif isinstance(expected, np.ndarray) and expected.dtype.kind in "fiub":
        return close(got, expected, 0.0, 0.0) if compared is equal else compared(got, expected)
    elif type(expected) is float or isinstance(expected, np.floating):
        return compared(got, expected)
    else:
        same_value = same(got, expected)
        return None if same_value else f"expected {show(expected)}, got {show(got)}."
    for where, part, value in parts:
        if reason := _of_plain(part, value, compared):
            return f"{where}, {reason}"
    return None


def _is_named_tuple(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(type(value), "_fields")


def same(got: Any, before: Any) -> bool:
    """Is `got` bit for bit what it was `before`? Arrays, lists, tuples, dicts, numbers, strings."""
    if isinstance(before, np.ndarray):
        return (type(got) is np.ndarray and got.dtype == before.dtype
                and got.shape == before.shape and got.tobytes() == before.tobytes())
    if isinstance(before, (list, tuple)):
        return (type(got) is type(before) and len(got) == len(before)
                and all(same(g, b) for g, b in zip(got, before, strict=True)))
    if isinstance(before, dict):
        return (type(got) is dict and got.keys() == before.keys()
                and all(same(got[key], before[key]) for key in before))
    if form := forms.form_of(before):
        return type(got) is form.kind and same(form.to_plain(got), form.to_plain(before))
    if callable(before) or isinstance(before, np.random.Generator):
        return True
    return type(got) is type(before) and bool(got == before or (got != got and before != before))


def change(before: Any, now: Any) -> str:
    """What became of a value, to stand after "was": by the first part that differs, where the
    whole of it looks as it did.
    """
    path: list[str] = []
    while (isinstance(before, dict) or show(before) == show(now)) and (
            key := _first_change(before, now)) is not None:
        path.append(repr(key[0] if isinstance(key, tuple) and len(key) == 1 else key))
        before, now = before[key], now[key]
    where = f" at index {', '.join(path)}" if path else ""
    kinds = [getattr(value, "dtype", type(value).__name__) for value in (before, now)]
    was, became = (show(value) if show(before) != show(now) else
                   f"{show(value)} ({kind})" if kinds[0] != kinds[1] else f"{value}"
                   for value, kind in zip((before, now), kinds, strict=True))
    return f"{was}{where} before the call and is {became} after it"


def _first_change(before: Any, now: Any) -> Any:
    """The index or key of the first part that differs; None where the parts can't be paired."""
    if isinstance(before, np.ndarray) and before.ndim and before.shape == np.shape(now):
        keys: Any = map(tuple, np.argwhere(np.ones(before.shape, bool)).tolist())
    elif isinstance(before, dict) and before.keys() == now.keys():
        keys = before
    elif isinstance(before, (list, tuple)) and len(before) == len(now):
        keys = range(len(before))
    else:
        return None
    return next((key for key in keys if not same(now[key], before[key])), None)


def changeable(value: Any) -> list[Any]:
    """Every array, list, dict and value of a registered type in `value`, looked for in lists,
    tuples and dicts.
    """
    own = [value] if isinstance(value, (np.ndarray, list, dict)) or forms.form_of(value) else []
    inside = (value.values() if isinstance(value, dict) else
              value if isinstance(value, (list, tuple)) else ())
    return own + [one for entry in inside for one in changeable(entry)]


def kept(value: Any) -> Any:
    """A copy that `put_back` can put back: a shallow one of an array, a list or a dict."""
    return copy.deepcopy(value) if forms.form_of(value) else copy.copy(value)


def put_back(value: Any, old: Any) -> None:
    """Let a value hold again what `kept` has of it."""
    if isinstance(value, np.ndarray):
        value[...] = old
    elif isinstance(value, list):
        value[:] = old
    elif forms.form_of(value):
        forms.become(value, old)
    else:
        value.clear()
        value.update(old)


def arrays(value: Any) -> list[np.ndarray]:
    """Every array in `value`, looked for in lists, tuples and dicts."""
    return [one for one in changeable(value) if isinstance(one, np.ndarray)]


def _shape_tip(got: np.ndarray, expected: np.ndarray) -> str:
    if expected.ndim == 1 and got.shape == (expected.size, expected.size) != (1, 1):
        return ": a column combined with a row makes a square."
    if expected.ndim == 1 and got.shape in ((expected.size, 1), (1, expected.size)):
        return ": the same entries, with one axis too many."
    if got.ndim == 2 and got.shape == expected.shape[::-1]:
        return ": that is transposed."
    if got.ndim < expected.ndim and got.shape in combinations(expected.shape, got.ndim):
        return ": an axis was summed or dropped."
    return "."


def article(word: str) -> str:
    """Say the name of a type with its article: "an array"."""
    word = {"ndarray": "array", "str": "string"}.get(word, word)
    return f"{'an' if word[0].lower() in 'aeio' else 'a'} {word}"
