"""Every template with hostile text in every string that it is given: all of it stays text."""

import base64
import hashlib
import io
import re
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, Template, UndefinedError
from markupsafe import Markup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from autograder.feedback import page, written_page
from autograder.feedback.document import MAX_TEXT, cut, escaped, templates
from autograder.feedback.marked_answers import Marked
from autograder.gradebook.records import Mark, Marks
from autograder.grading.result import Check, Earlier, Exercise, Misconception, Result
from autograder.notebooks.outputs import visible
from autograder.reports.class_page import ClassPage
from autograder.reports.live_page import live_page
from autograder.reports.same_answers import MODEL, Same
from autograder.reports.similarity import Alike, Pair, Text
from autograder.reports.statistics import Answer, Chapter, HeldMisconception, Work
from autograder.reports.student_page import student_page
from support.markup import HOSTILE

NOON = datetime(2030, 1, 1, 12)
VOID = {"meta", "img", "input", "rect", "line", "path"}
PAGES = templates("autograder.reports", "autograder.feedback")


class Parsed(HTMLParser):
    """What a browser makes of a page: its tags, their attributes, and its text."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.open = [], "", []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["script"], ["textarea"]):
            self.text += data

    def handle_comment(self, data):
        raise AssertionError("a comment")

    @property
    def structure(self):
        return [(tag, sorted(attributes)) for tag, attributes in self.tags]


def png():
    data = io.BytesIO()
    Image.new("L", (2, 2)).save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def feedback():
    cells = [new_markdown_cell("# A lesson"), new_code_cell("before = 1"), new_code_cell("x"),
             new_code_cell("own = 1")]
    cells[2].id, cells[2].metadata["nbgrader"] = "double", {"solution": True}
    cells[2].outputs = [new_output("stream", text="out"),
                        new_output("error", ename="E", evalue="e", traceback=["line"]),
                        new_output("display_data", {"image/png": png()}),
                        new_output("display_data", {"image/png": "none"})]
    checks = [Check("one", True, False), Check("two", False, True, "why")]
    exercises = [Exercise("double", 1.0, 2.0, checks=checks,
                          misconception=Misconception("add_one", "Count again.")),
                 Exercise("half", 0.0, 1.0, error="missing", earlier=Earlier("f", "First."))]
    page.page(Result("x", "ada", "01", exercises=exercises, repairs=["A cell was put back."]),
              new_notebook(cells=cells), new_notebook(cells=cells[:1]),
              Marks({"double": Mark(1.0, 2.0, by_hand=True, comment="Good."),
                     "half": Mark(0.0, 1.0, waiting=True)}, penalty=0.5), "at noon")


def written():
    answers = (written_page.Answer("ann", "Words.", Mark(0.0, 1.0, waiting=True)),
               written_page.Answer("bob", "More.", Mark(0.5, 1.0, True, True, "Good."),
                                   marked=Marked("Less.", 1.0)),
               written_page.Answer("cem", "", Mark(0.0, 1.0)))
    written_page.page("01_x", "A lesson", [
        written_page.Question("why", "Why?", "So.", "1. **One:** this.", 1.0, answers)])


def works():
    answer = Answer(Exercise("f", 1.0, 2.0, checks=[Check("one", False, True)],
                             misconception=Misconception("add_one", "Count again.")),
                    Mark(1.0, 2.0), "x = 1")
    plain = Answer(Exercise("g", 0.0, 2.0, checks=[Check("two", False, False)]), Mark(0.0, 2.0))
    return [Work(student, "01_one", (answer, plain), NOON, True, 0.5) for student in ("ann", "bob")]


CHAPTER = Chapter("01_one", "One", NOON, {"f": ("Before", "Exercise 1"), "g": ("Before",)})


def class_page():
    held = [HeldMisconception("01_one", "f", "add_one", "Count again.", 2, 2, "x = 1", ("Before",))]
    texts = Alike(Text("f", "x = 1\ny"), Text("g", "x = 1"), frozenset({1}), frozenset({1}))
    ClassPage([CHAPTER], works(), {"ann": "Ann Lee", "bob": "", "cem": ""}, held,
              {"ann": "ann.html"}, {"01_one": [Pair("ann", "bob", 12, 0.9, (texts,))]}, NOON,
              {"01_one": [Same("ann", "bob", ("f", "g"), 2, True),
                          Same("cem", MODEL, ("f",), 2)]}).html()


def student():
    student_page("ann", [CHAPTER, Chapter("02_two", "Two")], works(), NOON)


def live():
    live_page([CHAPTER], 3 * works(), NOON, 5)


@pytest.fixture(params=[feedback, written, class_page, student, live],
                ids=lambda made: made.__name__)
def rendered(request, monkeypatch):
    """A template, and what a page gives it."""
    kept = []

    def keep(self, **view):
        kept.append((self, view))
        return ""

    with monkeypatch.context() as patched:
        patched.setattr(Template, "render", keep)
        request.param()
    (found,) = kept
    return found


def filled(value, text):
    """The value with this text in place of every string in it but what says its kind."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, dict):
        return {filled(key, text): filled(inside, text) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(filled(inside, text) for inside in value)
    if is_dataclass(value):
        return replace(value, **{field.name: filled(getattr(value, field.name), text)
                                 for field in fields(value) if field.name != "kind"})
    assert value is None or isinstance(value, int | float | range), value
    return value


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text_in_every_template(rendered, text):
    template, view = rendered
    files = view.pop("pages", {})  # the names of our own files: letters, digits, _ and - only
    plain, found = (Parsed(template.render({name: filled(value, some)
                                            for name, value in view.items()},
                                           pages={filled(key, some): name
                                                  for key, name in files.items()}))
                    for some in ("plain", text))
    assert found.structure == plain.structure
    if "&" not in text:  # which Markdown takes for a character
        shown, expected = (one.text.lower().count(some.lower()) for one, some in (
            (found, visible(text).strip()), (plain, "plain")))
        assert shown == expected
    for tag, attributes in found.tags:
        assert re.match(r"#|students/|data:text/plain;charset=utf-8,[\w%.~-]*$",
                        attributes.get("href", "#")), tag
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert attributes.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")


def test_every_page_is_looked_at():
    assert {name for name in PAGES.list_templates(["html"])
            if "extends" in PAGES.loader.get_source(PAGES, name)[0]} == {
        "feedback.html", "written.html", "class.html", "student.html", "live.html"}


# What every template can rely on


def test_the_policy_knows_the_script_and_the_style_of_a_page_by_their_hashes(rendered):
    template, view = rendered
    html = template.render(**view)
    (policy,) = re.findall('Content-Security-Policy" content="([^"]*)"', html)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        for content in re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy.split("; ")
    assert ("script-src" in policy) == ("<script>" in html) == (template.name == "written.html")


def made(source, **view):
    environment: Environment = PAGES.overlay()
    return environment.from_string(source).render(**view)


def test_a_name_that_a_template_was_not_given_is_an_error():
    with pytest.raises(UndefinedError, match="'titel' is undefined"):
        made("{{ titel }}", title="x")


def test_a_template_shows_control_characters_and_cuts_long_texts():
    assert made("{{ x }}", x="<\x1b\u202e>") == r"&lt;\x1b\u202e&gt;" == escaped("<\x1b\u202e>")
    assert made("{{ x|e }}", x="<\x1b>") == "&lt;\x1b&gt;"
    assert made("{{ x }}", x="a" * (MAX_TEXT + 3)) == "a" * MAX_TEXT + "\n[cut: 3 characters more]"
    assert made("{{ x|cut(2) }}", x="<<<") == "&lt;&lt;\n[cut: 1 characters more]"
    assert cut("abc", 3) == "abc"
    assert made("{{ x|hint }}", x="*a* <b> `\x1b`") == r"<em>a</em> &lt;b&gt; <code>\x1b</code>"
