"""Known answers inside a hidden test, which a student's cases are tried on: "catch the bug". Pure.

The hidden part of the test cell names them, and the build puts their text in its place:

    # right answers to softmax: loop, scipy
    # wrong answers to softmax: no_maximum, over_columns, ...

Each wrong answer becomes a check of its own, which passes when a case exposes it. A student's copy
has no hidden part, and so none of this; whoever grades needs only the notebook.
"""

import re
from collections.abc import Mapping

from autograder.authoring.answers import typed_in
from autograder.authoring.test_frame import HIDDEN, FrameError, indented

_BEGINS = re.compile(r"# *(wrong|right) answers\b")
_LINE = re.compile(r"# (?P<kind>wrong|right) answers to (?P<exercise>\w+): "
                   r"(?P<labels>\w+(?:, \w+)*)")
_COUNTS = {"wrong": (range(6, 11), "six to ten"), "right": (range(2, 3), "two")}


def with_answers(source: str, exercise: str, modules: Mapping[str, str]) -> str:
    """Return a test cell's source with the answers that it names, each with its check.

    exercise: the one that is tested, whose answers return cases.
    modules: the texts of the lesson's modules of "wrong" and of "right" answers.
    Raises FrameError for a line that can't be read, and for answers that there are not.
    """
    lines = source.splitlines()
    places = [number for number, line in enumerate(lines) if _BEGINS.match(line)]
    if not places:
        return source
    found: dict[str, re.Match[str]] = {}
    for number in places:
        match = _LINE.fullmatch(lines[number])
        if match is None:
            raise FrameError("write `# wrong answers to name: one_label, another`", number + 1)
        if HIDDEN[0] not in lines[:number]:
            raise FrameError("known answers belong in the hidden tests", number + 1)
        _check_named(match, modules, number + 1)
        found[match["kind"]] = match
    if len(places) != 2 or len(found) != 2 or (
            found["wrong"]["exercise"] != found["right"]["exercise"]):
        raise FrameError("one line names wrong answers, another right answers to the same exercise",
                         places[0] + 1)
    lines[places[1]] = _embedded(found["wrong"], found["right"], exercise, modules)
    del lines[places[0]]
    return "\n".join(lines)


def _check_named(match: re.Match[str], modules: Mapping[str, str], line: int) -> None:
    kind, exercise, labels = match["kind"], match["exercise"], match["labels"].split(", ")
    counts, words = _COUNTS[kind]
    if len(set(labels)) not in counts:
        raise FrameError(f"name {words} {kind} answers, each once", line)
    for label in labels:
        try:
            typed_in(modules.get(kind, ""), exercise, label)
        except KeyError:
            raise FrameError(f"there is no {kind} answer `{exercise}__{label}`", line) from None


def _embedded(wrong: re.Match[str], right: re.Match[str], exercise: str,
              modules: Mapping[str, str]) -> str:
    """Return the definitions of all answers, and a check for each wrong one."""
    parts, name = list[str](), wrong["exercise"]
    for match in (right, wrong):
        for label in match["labels"].split(", "):
            text = typed_in(modules[match["kind"]], name, label)
            parts.append("\n".join([f"def _{match['kind']}_{label}():",
                                    *(line for _, line in indented(text)),
                                    f"    return {name}\n\n"]))
    answers = ", ".join(f"_right_{label}()" for label in right["labels"].split(", "))
    for label in wrong["labels"].split(", "):
        parts.append(f'with check("exposes the mistake: {label.replace("_", " ")}"):\n'
                     f"    check.exposes(check.cases({exercise}, _fit), _wrong_{label}(),\n"
                     f"                  [{answers}])")
    return "\n".join(parts)
