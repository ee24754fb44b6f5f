"""What a student writes does nothing on the pages of nbconvert and formgrader."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat.v4 import new_markdown_cell, new_raw_cell

from autograder.feedback import annotate
from autograder.feedback.annotate import autograded
from autograder.feedback.cell_view import CellReader
from autograder.feedback.harmless import as_typed, harmless, plain
from autograder.grading.result import Exercise, Result
from autograder.notebooks.rebuild import rebuild
from support import demo, quiz_lesson
from support.answers import cell

ATTACKS = {
    "a script": "<script>alert(1)</script>",
    "a script in a sentence": "Because <script>alert(1)</script> it is.",
    "a handler": "<img src=x onerror=alert(1)>",
    "a handler in capitals": "<IMG SRC=x ONERROR=alert(1)>",
    "a handler after a line break": "a <img\nsrc=x\nonerror=alert(1)> b",
    "a cover": '<img style="position:fixed;top:0;left:0;width:100%" src="//evil.example/x">',
    "a style": "<style>body { display: none }</style>",
    "a frame": '<iframe src="//evil.example"></iframe>',
    "a frame's text": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "an object": '<object data="javascript:alert(1)"></object>',
    "a form": '<form action="//evil.example"><input name="q"><button>Grade</button></form>',
    "an svg": "<svg onload=alert(1)></svg>",
    "math that is none": "<math><mtext></mtext><script>alert(1)</script></math>",
    "a base": '<base href="//evil.example/">',
    "a refresh": '<meta http-equiv="refresh" content="0;url=//evil.example">',
    "a style sheet": '<link rel="stylesheet" href="//evil.example/x.css">',
    "a link in HTML": '<a href="javascript:alert(1)">why</a>',
    "a link": "[why](javascript:alert(1))",
    "a link with an entity": "[why](javascript&#58;alert(1))",
    "a link with a tab": "[why](java&#9;script:alert(1))",
    "a link with a control character": "[why](<\x01javascript:alert(1)>)",
    "a link in capitals": "[why](JaVaScRiPt:alert(1))",
    "a link elsewhere": "[why][1]\n\n[1]: javascript:alert(1)",
    "a link to data": "[why](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "an autolink": "<javascript:alert(1)>",
    "vbscript": "[why](vbscript:msgbox)",
    "an open comment": "<!-- the rest of the page",
    "an open tag": "Because <details open ontoggle=alert(1)",
    "an element that stays open": "<plaintext>",
    "the end of the cell": "</div></div></body><script>alert(1)</script>",
    "a diagram": "```mermaid\ngraph TD; A-->B; click A href \"javascript:alert(1)\"\n```",
    "after code that does not end": "`code <img src=x onerror=alert(1)>",
    "after a formula that does not end": "$x <img src=x onerror=alert(1)>",
    "in a heading": "# <img src=x onerror=alert(1)>",
    "in a table": "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "a fence of its own": "```\n</code></pre>\n```\n<script>alert(1)</script>\n```",
    "a title": "![x](y.png '\"onerror=alert(1) x=\"')\n\n<img src=x onerror=alert(1)>",
}
HARMLESS = {
    "words": "Because *both* units are **the same**, nothing changes.",
    "code": "`w <script>` and\n\n```python\nif a <b and c> d:\n    print('<img onerror=x>')\n```",
    "a formula": r"$a<b$ and $$\sum_i w_i x_i < 0$$ and \begin{align}a&<b\end{align}",
    "signs": "If a < b, then b > a, 3 <4 and R&D & AT&amp;T.",
    "lists": "1. one\n2. two\n   - three\n\n> a quotation",
    "a table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "links": "[here](https://example.org/a?b=c#d), <https://example.org>, [there](../x.ipynb)",
    "pictures": "![a sketch](attachment:sketch.png) ![a plot](plot.png)",
    "bare tags": "H<sub>2</sub>O<br>and <b>bold</b>\n\n<details>\n<summary>More</summary>\nx\n"
                 "</details>",
}
KNOWN = {"a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em",
         "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "span",
         "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"}


class Dangers(HTMLParser):
    """What HTML holds that could do anything."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag not in KNOWN:
            self.found.append(tag)
        for name, value in attributes:
            words = "".join((value or "").split()).lower()
            if (name.startswith("on") or name in ("srcdoc", "action", "style")
                    or (name != "class" and "script:" in words) or words.startswith("data:text")):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data):
        self.found.append(f"<!--{data}")

    handle_pi = handle_decl = handle_comment


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_shown_as_it_was_typed(text):
    html = markdown2html_mistune(harmless(text))
    assert Dangers(html).found == []
    assert "href" not in html or "harmful" not in html


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_ordinary_markdown_stays_as_it_is(text):
    assert harmless(text) == text


@given(st.lists(st.sampled_from([
    "<", ">", "script", "img src=x onerror=y", "`", "```", "$", "$$", "\n", "\n\n", " ", "    ",
    "~~~", "-", "[a]", "(", ")", "javascript:", "x", "\\", "<!--", "-->", "&lt;", "|", "</", "<b>",
    '"', "'", "\\begin{a}", "\\end{a}", "&#58;", "![", "]", ":", "> ", "<![CDATA["]), max_size=14))
def test_no_mixture_gets_through(pieces):
    assert Dangers(markdown2html_mistune(harmless("".join(pieces)))).found == []


@pytest.mark.parametrize("text", [*ATTACKS.values(), *HARMLESS.values(), "```\nx\n```", ""])
def test_what_was_typed_comes_back(text):
    assert as_typed(plain(text)) == text
    assert as_typed(harmless(text)) == text
    for made in (new_markdown_cell(harmless(text)), new_markdown_cell(plain(text))):
        assert CellReader().read(made).source == text


def notebook(text):
    """The autograded notebook of a student who wrote this in an answer and in own cells."""
    solution, release = demo.solution(quiz_lesson.LESSON), demo.release(quiz_lesson.LESSON)
    student = demo.release(quiz_lesson.LESSON)
    cell(student, "why").source = text
    student.cells += [new_markdown_cell(text), new_raw_cell(text),
                      new_raw_cell(text, metadata={"raw_mimetype": "text/html"})]
    result = Result("x", None, demo.NAME, exercises=[
        Exercise(name, 0.0, 1.0) for name in ("double", "half", "why", "what", "quiz_twice")])
    return autograded(rebuild(student, release, onto=solution).notebook, release, result)


EXPORTER = HTMLExporter()
MARKS = ("alert(1)", "evil.example", "display: none }", "msgbox", "PHNjcmlwdD5hbGVydCgxKT")


class Live(HTMLParser):
    """Where in a page a student's words are anything but text."""

    CDATA_CONTENT_ELEMENTS = ("script", "style")

    def __init__(self, html):
        super().__init__()
        self.found, self._inside = [], None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self._inside = tag
        self.found += [f"{tag} {name}" for name, value in attributes
                       if any(mark in (value or "") for mark in MARKS)]

    def handle_data(self, data):
        if self._inside in self.CDATA_CONTENT_ELEMENTS and any(mark in data for mark in MARKS):
            self.found.append(self._inside)

    def handle_endtag(self, tag):
        self._inside = None


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_nothing_survives_into_the_page(text):
    html, _ = EXPORTER.from_notebook_node(notebook(text))
    assert Live(html).found == []


def test_without_the_fix_it_would(monkeypatch):
    monkeypatch.setattr(annotate, "_disarm", lambda cell: None)
    html, _ = EXPORTER.from_notebook_node(notebook(ATTACKS["a script"]))
    assert "script" in Live(html).found


def test_a_lesson_s_own_text_stays_as_it_is():
    made, release = notebook("Because."), demo.release(quiz_lesson.LESSON)
    sources = {one.id: one.source for one in release.cells if one.cell_type == "markdown"}
    assert sources == {one.id: one.source for one in made.cells if one.id in sources} | {
        "why": sources["why"]}
