"""What students must not get: lines of solutions, hidden tests and mark schemes."""

import re

from support.answers import notebook

LONG = 16  # characters: a shorter line of a solution may stand anywhere


def secrets(lesson):
    """Lines of solutions, hidden tests and mark schemes that students don't get."""
    # The last hint may say a line nearly whole, with code marks in it that a page doesn't show.
    release = lesson.release.read_text(encoding="utf-8").replace('\\"', '"').replace("`", "")
    inside = [line.strip() for c in notebook(lesson.solution).cells for part in re.findall(
        r"### BEGIN (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)\n(.*?)\n *### END", c.source, re.DOTALL)
        for line in part.splitlines()]
    found = {line for line in inside if len(line) >= LONG and line.replace("`", "") not in release}
    assert found, f"{lesson.name}: no secret was found, so nothing would be looked for"
    return found
