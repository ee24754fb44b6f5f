"""A class's deadlines and policies, as a teacher writes them into grading/class.toml.

`class init` makes the file and puts its deadlines into the gradebook. A file that can't be used is
refused as a whole, with a line for everything that is wrong in it, so that a slip of the pen hands
nothing back that a teacher meant to keep.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from autograder.course import ROOT, folder, lessons
from autograder.errors import UserError, disk_error
from autograder.files import write_atomically

HiddenChecks = Literal["everything", "labels", "after-deadline"]
NAME = "class.toml"
EXAMPLE = "2030-01-31T23:59+01:00"
TEMPLATE = f'''\
# The deadlines and policies of this class. After a change, run `python -m autograder class init`.

[feedback]
# What students read about hidden checks before the deadline, however they hand in:
#   "everything"      what was called, what was expected and what came back
#   "labels"          what each check is about, and what is true of the answer, without numbers
#   "after-deadline"  nothing
# After the deadline they read everything.
hidden_checks = "labels"
# Keep a page back until its written answers are marked.
wait_for_written = false
# How often a day `watch` hands back feedback on a lesson; take the # away to set it.
# attempts_per_day = 3

[deadlines]
# 01_perceptron = "{EXAMPLE}"
'''
_KEYS: dict[str, set[str]] = {
    "feedback": {"hidden_checks", "wait_for_written", "attempts_per_day"}, "deadlines": set()}


@dataclass(frozen=True)
class ClassRules:
    """What a class agreed on. deadlines: UTC, by lesson; None where there is none on purpose."""

    deadlines: Mapping[str, datetime | None] = field(default_factory=dict)
    hidden_checks: HiddenChecks = "labels"
    wait_for_written: bool = False
    attempts_per_day: int | None = None


def class_file(root: Path = ROOT) -> Path:
    """Where the file is, or would be."""
    return folder("class", root) / NAME


def class_rules(root: Path = ROOT) -> ClassRules:
    """What the file says, and what counts where it says nothing. Raises UserError."""
    return parsed(_text(root) or "", class_file(root), {one.name for one in lessons(root)})


def parsed(text: str, path: Path, known: set[str]) -> ClassRules:
    """The rules in a text. known: the lessons. Raises UserError with a line for each fault."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: {error}. A time is written in quotation marks: "
                        f'"{EXAMPLE}".') from error
    faults = [*_unknown(data), *_not_of_its_kind(data)]
    feedback = data.get("feedback") if isinstance(data.get("feedback"), dict) else {}
    written = data.get("deadlines") if isinstance(data.get("deadlines"), dict) else {}
    deadlines: dict[str, datetime | None] = {}
    for name, value in (written or {}).items():
        if name not in known:
            faults.append(f"[deadlines] names {name}, and there is no such lesson")
            continue
        try:
            deadlines[name] = time_of(value)
        except ValueError as error:
            faults.append(f"[deadlines] {name}: {error}")
    if faults:
        raise UserError("\n".join(f"{path}: {fault}." for fault in faults))
    return ClassRules(deadlines, **(feedback or {}))


def time_of(value: object) -> datetime | None:
    """A deadline in UTC, None for "none". Raises ValueError with the reason."""
    if value == "none":
        return None
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{str(value)!r} is not like {EXAMPLE}") from None
    if when.tzinfo is None:
        raise ValueError(f"{str(value)!r} does not say in which time zone: end it with +01:00, or "
                         "with Z for UTC")
    try:
        return when.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise ValueError(f"{str(value)!r} is too far away") from None


def write_deadlines(deadlines: Mapping[str, datetime | None], root: Path = ROOT) -> None:
    """Write these deadlines (UTC) into the file, which is made where there is none.

    What else is in it stays, comments too. Raises UserError.
    """
    path, known = class_file(root), {one.name for one in lessons(root)}
    text = old = _text(root)
    if text is None:
        text = TEMPLATE
    before = parsed(text, path, known).deadlines
    for name, when in deadlines.items():
        if name not in before or before[name] != when:
            text = _with(text, name, f'{name} = "{when:%Y-%m-%dT%H:%M:%S}Z"'.replace(":00Z", "Z")
                         if when else f'{name} = "none"')
    try:
        if parsed(text, path, known).deadlines != {**before, **deadlines}:
            raise UserError(f"{path}: The deadlines can't be written here; write them yourself.")
        if text != old:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(path, text)
    except OSError as error:
        raise disk_error(error, path) from error


def _with(text: str, name: str, line: str) -> str:
    """The text with a line on this lesson in its table of deadlines."""
    lines = text.splitlines()
    heads = [k for k, one in enumerate(lines) if re.match(r"\s*\[", one)]
    start = next((k for k in heads if re.match(r"\s*\[\s*deadlines\s*\]", lines[k])), None)
    if start is None:
        return "\n".join([*lines, "", "[deadlines]", line, ""])
    end = next((k for k in heads if k > start), len(lines))
    own = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
    for k in range(start + 1, end):
        if own.match(lines[k]):
            lines[k] = line
            break
    else:
        while end > start + 1 and not lines[end - 1].strip():
            end -= 1
        lines.insert(end, line)
    return "\n".join(lines) + "\n"


def _unknown(data: Mapping[str, Any]) -> list[str]:
    found = [f"nothing is called {name!r} here; there are: {', '.join(_KEYS)}"
             for name in data if name not in _KEYS]
    feedback = data.get("feedback")
    if isinstance(feedback, dict):
        known = _KEYS["feedback"]
        found += [f"[feedback] has nothing called {name!r}; there are: {', '.join(sorted(known))}"
                  for name in feedback if name not in known]
    return found


def _not_of_its_kind(data: Mapping[str, Any]) -> list[str]:
    found = [f"{name} is written as a table: [{name}]"
             for name in _KEYS if not isinstance(data.get(name, {}), dict)]
    feedback = data.get("feedback")
    if not isinstance(feedback, dict):
        return found
    if (value := feedback.get("hidden_checks", "labels")) not in get_args(HiddenChecks):
        found.append(f"hidden_checks is {value!r}; it can be "
                     f"{', '.join(get_args(HiddenChecks))}")
    if not isinstance(value := feedback.get("wait_for_written", False), bool):
        found.append(f"wait_for_written is {value!r}; it can be true or false")
    value = feedback.get("attempts_per_day", 1)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        found.append(f"attempts_per_day is {value!r}; it can be a whole number from 1")
    return found


def _text(root: Path) -> str | None:
    try:
        return class_file(root).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise disk_error(error, class_file(root)) from error
    except ValueError as error:
        raise UserError(f"{class_file(root)}: It is not text in UTF-8.") from error
