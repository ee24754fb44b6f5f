"""The HTML pages that the grader writes: each is one file that needs nothing else. Pure.

A page runs nothing but the one script that it may be given, and has no styles but its own: its
security policy knows both by their hashes. Whatever a template is given comes out as text
(Jinja2's autoescape), with its control characters visible and cut to size; a name that it was
not given is an error. Only Jinja2's loader reads files.
"""

import base64
import hashlib

from jinja2 import (
    ChoiceLoader,
    Environment,
    PackageLoader,
    StrictUndefined,
    TemplateNotFound,
    pass_environment,
)
from markupsafe import Markup, escape

from autograder.notebooks.outputs import visible
from utils._cards.hint_card import inline_html

MAX_TEXT = 50_000  # characters of one text that are shown


def templates(*packages: str) -> Environment:
    """The templates, styles and scripts in these packages' folders `templates`."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]), autoescape=True,
        undefined=StrictUndefined, finalize=_finalize, trim_blocks=True, lstrip_blocks=True)
    environment.globals["embedded"] = _embedded
    environment.filters |= {"cut": cut, "hint": hint_html, "sha256": _sha256}
    return environment


def escaped(value: str) -> Markup:
    """A text as templates show it, for HTML that is not made by a template."""
    return escape(_finalize(value))


def cut(text: str, size: int = 2000) -> str:
    """The text, of which not more than so many characters are shown; says how many are missing."""
    rest = len(text) - size
    return text[:size] + f"\n[cut: {rest} characters more]" if rest > 0 else text


def hint_html(text: str) -> Markup:
    """A hint with its code and emphasized words."""
    return Markup(inline_html(visible(cut(text))))


def _finalize(value: object) -> object:
    """Make a plain text visible and cut it to size.

    Markup stays as it is. So does what a template escapes itself, for a program to read (`|e`).
    """
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(cut(value, MAX_TEXT))
    return value


@pass_environment
def _embedded(environment: Environment, *names: str) -> Markup:
    """What these files beside the templates hold, for a <style> or a <script>."""
    if environment.loader is None:
        raise TemplateNotFound(names[0])
    files = [environment.loader.get_source(environment, name)[0] for name in names]
    return Markup("\n" + "".join(files))


def _sha256(content: str) -> str:
    """The hash by which a security policy knows a style or a script."""
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
