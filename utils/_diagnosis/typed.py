"""Calls and values as they are typed, with numbers as short as they can be written."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from utils._diagnosis.draw import Earlier, Function


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
