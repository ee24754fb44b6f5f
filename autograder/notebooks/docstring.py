"""What an exercise's docstring says about its result."""

import re

_DECLARED = re.compile(r"\bReturns (?:the new pair |(?:two|three|four|five) [\w ]*)?"
                       r"\(((?:[A-Za-z]\w*,\s+)+[A-Za-z]\w*)\)")


def declared(docstring: str) -> tuple[str, ...]:
    """The names of the parts of what is returned; () where it is one value, or a list."""
    match = _DECLARED.search(docstring)
    return tuple(re.split(r",\s+", match[1])) if match else ()
