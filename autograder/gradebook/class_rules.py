"""A class's deadlines, extensions and policies, as a teacher writes them into grading/class.toml.

`class init` makes the file and puts its deadlines into the gradebook. A file that can't be used is
refused as a whole, with a line for everything that is wrong in it, so that a slip of the pen hands
nothing back that a teacher meant to keep.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

# Until when one student has time; `class extend` writes it.
# [extensions.STUDENT]
# 01_perceptron = "{EXAMPLE}"
'''
_KEYS: dict[str, set[str]] = {
    "feedback": {"hidden_checks", "wait_for_written", "attempts_per_day"}, "deadlines": set(),
    "extensions": set()}


@dataclass(frozen=True)
class ClassRules:
    """What a class agreed on.

    deadlines: UTC, by lesson; None where there is none on purpose.
    extensions: by student and lesson, until when that student has time (UTC).
    """

    deadlines: Mapping[str, datetime | None] = field(default_factory=dict)
    extensions: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
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
    deadlines = _times(data.get("deadlines"), "deadlines", known, faults)
    extensions = {}
    students = data.get("extensions")
    for student, table in students.items() if isinstance(students, dict) else ():
        if not isinstance(table, dict):
            faults.append(f"the extensions of {student} are written as a table: "
                          f"[{_header(student)}]")
        extensions[student] = {name: when for name, when in _times(
            table, _header(student), known, faults).items() if when}
    if faults:
        raise UserError("\n".join(f"{path}: {fault}." for fault in faults))
    return ClassRules(deadlines, extensions, **(feedback or {}))


def _times(table: object, header: str, known: set[str],
           faults: list[str]) -> dict[str, datetime | None]:
    """The times in a table by lesson; what is wrong with it goes to the faults."""
    times: dict[str, datetime | None] = {}
    for name, value in table.items() if isinstance(table, dict) else ():
        if name not in known:
            faults.append(f"[{header}] names {name}, and there is no such lesson")
            continue
        try:
            times[name] = time_of(value)
        except ValueError as error:
            faults.append(f"[{header}] {name}: {error}")
    return times


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
    text = _text(root)
    text = TEMPLATE if text is None else text
    rules = parsed(text, class_file(root), {one.name for one in lessons(root)})
    before = rules.deadlines
    for name, when in deadlines.items():
        if name not in before or before[name] != when:
            text = _with(text, "deadlines", name, _written(when) if when else "none")
    _write(text, replace(rules, deadlines={**before, **deadlines}), root)


def write_extensions(student: str, until: Mapping[str, datetime | None],
                     root: Path = ROOT) -> None:
    """Write until when a student has time (UTC), by lesson; None takes an extension away.

    Raises UserError.
    """
    text = _text(root)
    text = TEMPLATE if text is None else text
    rules = parsed(text, class_file(root), {one.name for one in lessons(root)})
    header, own = _header(student), {**rules.extensions.get(student, {}), **until}
    for name, when in until.items():
        text = _with(text, header, name, _written(when) if when else None)
    kept = {name: when for name, when in own.items() if when}
    if not kept:
        text = _without(text, header)
    others = {one: table for one, table in rules.extensions.items() if one != student}
    _write(text, replace(rules, extensions=others | ({student: kept} if kept else {})), root)


def _write(text: str, rules: ClassRules, root: Path) -> None:
    """Write the file, if its text says just this. Raises UserError."""
    path = class_file(root)
    try:
        says = parsed(text, path, {one.name for one in lessons(root)})
    except UserError:
        says = None
    if says != rules:
        raise UserError(f"{path}: The times can't be written here; write them yourself.")
    try:
        if text != _text(root):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(path, text)
    except OSError as error:
        raise disk_error(error, path) from error


def _written(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S}Z".replace(":00Z", "Z")


def _header(student: str) -> str:
    """The name of the table with a student's extensions."""
    return "extensions." + (student if re.fullmatch(r"[A-Za-z0-9_-]+", student)
                            else json.dumps(student, ensure_ascii=False))


def _with(text: str, header: str, name: str, value: str | None) -> str:
    """The text with this value of a lesson in a table, or without any."""
    lines = text.splitlines()
    new = [] if value is None else [f'{name} = "{value}"']
    start, end = _table(lines, header)
    if start is None:
        return "\n".join([*lines, "", f"[{header}]", *new, ""]) if new else text
    own = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
    there = next((k for k in range(start + 1, end) if own.match(lines[k])), None)
    if there is None:
        while end > start + 1 and not lines[end - 1].strip():
            end -= 1
        lines[end:end] = new
    else:
        lines[there:there + 1] = new
    return "\n".join(lines) + "\n"


def _without(text: str, header: str) -> str:
    """The text without a table, whose comments go with it."""
    lines = text.splitlines()
    start, end = _table(lines, header)
    if start is None:
        return text
    while start > 0 and not lines[start - 1].strip():
        start -= 1
    return "\n".join([*lines[:start], *lines[end:]]) + "\n"


def _table(lines: list[str], header: str) -> tuple[int | None, int]:
    """Where a table starts, None where there is none, and where it ends."""
    heads = [k for k, one in enumerate(lines) if re.match(r"\s*\[", one)]
    start = next((k for k in heads if re.match(
        rf"\s*\[\s*{re.escape(header)}\s*\]", lines[k])), None)
    return start, next((k for k in heads if start is not None and k > start), len(lines))


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
