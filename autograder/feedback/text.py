"""A result told to people (text) and to programs (JSON)."""

import json
import textwrap
from dataclasses import asdict

from autograder.grading.result import Error, Exercise, Result
from autograder.notebooks.outputs import visible

WIDTH = 96
ERRORS: dict[Error, str] = {
    "missing": "no answer yet",
    "raised": "the answer's code raised an exception",
    "timeout": "stopped at the time limit",
    "crashed": "the answer ended the program",
    "memory": "the answer used too much memory",
    "lesson": "the tests of this exercise failed themselves; the fault is not yours",
}


def as_json(results: list[Result], fence: list[str]) -> str:
    """One JSON document for a list of results.

    fence: what was missing of the fence while they were graded.
    """
    return json.dumps({"results": [asdict(result) for result in results],
                       "missing_fence": fence}, indent=2)


def as_report(results: list[Result], fence: list[str]) -> str:
    """All results for a terminal, and what was missing of the fence."""
    parts = [visible(as_text(result)) for result in results]
    if fence:
        parts.append(f"Graded without the whole fence; missing: {', '.join(fence)}.")
    return "\n\n".join(parts)


def as_text(result: Result) -> str:
    """A report for a terminal: points first, then what failed and why.

    A check that passed is only shown where it has a reason, as a multiple-choice question has.
    """
    title = " · ".join(part for part in (result.student, result.assignment) if part)
    lines = [f"{title or 'no lesson'}  ({result.path})"]
    if result.status == "quarantined":
        return "\n".join([*lines, _indent(f"not graded: {result.reason}", 2)])
    lines[0] += f"  {result.score:g} of {result.max_score:g} points"
    lines += [_indent(repair, 2) for repair in result.repairs]
    lines += [_indent(f"Look at this: {flag}", 2) for flag in result.flags]
    for exercise in result.exercises:
        lines += _exercise(exercise)
    return "\n".join(lines)


def _exercise(exercise: Exercise) -> list[str]:
    lines = [f"  {exercise.name:<24} {exercise.score:>5g} / {exercise.max_score:g}"]
    if exercise.needs_manual_grade:
        lines[0] += "   to be read by a teacher"
    if exercise.error:
        lines[0] += f"   {ERRORS[exercise.error]}"
    if exercise.earlier:
        lines.append(_indent(exercise.earlier.text, 6))
    if exercise.misconception:
        lines.append(_indent(f"{exercise.misconception.name.replace('_', ' ')}: "
                             f"{exercise.misconception.hint}", 6))
    lines += [_indent(text, 6) for text in exercise.patterns]
    if exercise.smallest:
        small = exercise.smallest
        lines += [_indent(text, 6) for text in (
            f"Smallest input found on which it is wrong: {small.call}",
            f"expected: {small.expected}", f"your answer: {small.got}")]
    if exercise.error != "missing":
        lines += [_indent(f"{'✓' if check.passed else '✗'} {check.label}"
                          f"{': ' if check.message else ''}{check.message}", 6)
                  for check in exercise.checks if check.message or not check.passed]
    return lines


def _indent(text: str, by: int) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=" " * by, subsequent_indent=" " * (by + 2))
