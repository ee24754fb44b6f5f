"""Hints out of the student's notebook: found by exercise, folded, and nothing but text."""

import json
import os

import nbformat
import pytest

from autograder.course import ROOT, lessons
from support.markup import HOSTILE, XSS, Page
from utils._cards import hint_card


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Puts cells into the notebook of the working folder, each (kind, grade id, text)."""
    folder = tmp_path / "01_first"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def put(*cells):
        made = [{"cell_type": kind, "source": text.splitlines(keepends=True),
                 "metadata": {"nbgrader": {"grade_id": name}} if name else {}}
                for kind, name, text in cells]
        (folder / "01_first.ipynb").write_text(json.dumps({"cells": made}), encoding="utf-8")
    return put


def hint(number, text):
    return f"<details><summary>Hint {number}: a name</summary>\n\n{text}\n</details>\n"


def test_the_hints_below_an_exercises_tests_are_found(notebook):
    notebook(("code", "f", ""), ("code", "f-tests", ""),
             ("markdown", "", hint(1, "Look.") + hint(2, "Look\n\nagain.")),
             ("markdown", "", hint(3, "All.")), ("code", "", ""),
             ("markdown", "", hint(1, "of no exercise")), ("code", "g-tests", ""))
    assert hint_card.find("f") == ("Look.", "Look\n\nagain.", "All.")
    assert hint_card.find("g") == hint_card.find("unknown") == ()


def test_other_folded_texts_are_no_hints(notebook):
    notebook(("code", "f-tests", ""), ("markdown", "", "<details><summary>Why?</summary>\n"
                                       "Because.</details>\n" + hint(1, "Look.")))
    assert hint_card.find("f") == ("Look.",)


def test_a_notebook_that_was_saved_anew_is_read_anew(notebook):
    for number, text in enumerate(("old", "new")):
        notebook(("code", "f-tests", ""), ("markdown", "", hint(1, text)))
        os.utime("01_first.ipynb", ns=(number, number))
        assert hint_card.find("f") == (text,)


@pytest.mark.parametrize("content", [
    b"", b"no JSON", b"\xff\xfe", b"[]", b"{}", b'{"cells": 3}', b'{"cells": [3]}',
    b'{"cells": [{"cell_type": "code", "metadata": []}]}', b'{"cells": [{"cell_type": "code", '
    b'"metadata": {"nbgrader": {"grade_id": "f-tests"}}}, {"cell_type": "markdown"}]}'])
def test_what_is_no_notebook_has_no_hints(notebook, content):
    notebook()
    with open("01_first.ipynb", "wb") as file:
        file.write(content)
    assert hint_card.find("f") == ()


def test_without_a_notebook_there_are_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert hint_card.find("f") == ()


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_every_exercise_of_the_course_has_its_three(lesson, monkeypatch):
    monkeypatch.chdir(lesson.release.parent)
    for cell in nbformat.read(ROOT / lesson.release, as_version=4).cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").removesuffix("-tests")
        if cell.id.endswith("-tests") and not name.startswith("quiz_"):
            assert len(hint_card.find(name)) == 3, name


def test_each_hint_lies_inside_the_one_before_it():
    html = hint_card.folded(["first", "second", "third"])
    page = Page(html)
    assert page.tags == ["details", "summary", "p"] * 3
    assert html.endswith("</details>" * 3)
    assert page.text == "A hintfirstOne moresecondNearly everythingthird"
    assert hint_card.folded([]) == ""


@pytest.mark.parametrize(("text", "html"), [
    ("one\ntwo\n\nthree", "one\ntwo|three"),
    ("use `np.where(a < b)` here", "use <code>np.where(a &lt; b)</code> here"),
    ("`` a ` b ``", "<code>a ` b</code>"),
    ("*all* of **them**, _really_", "<em>all</em> of <strong>them</strong>, <em>really</em>"),
    ("2 * x * y, x_1 and x_2", "2 * x * y, x_1 and x_2"),
    ("# one\n- two\n1. three\n> four", "# one\n- two\n1. three\n&gt; four"),
    ("    four spaces\n\n\tand a tab", "four spaces|and a tab"),
    (r"a \n, \*b\* and `\n`", r"a \n, \<em>b\</em> and <code>\n</code>"),
    ("`a * b` and *c*", "<code>a * b</code> and <em>c</em>"),
    ("$w_1 *x* w_2 < 0$, $$a_b$$", "$w_1 *x* w_2 &lt; 0$, $$a_b$$"),
    ("$$\na_b\n$$", "$$\na_b\n$$"),
    ("`$a$` costs *5*", "<code>$a$</code> costs <em>5</em>"),
])
def test_the_little_markdown_that_hints_use(text, html):
    parts = [f"<p style='margin:.3em 0'>{part}</p>" for part in html.split("|")]
    assert hint_card.as_html(text) == "".join(parts)


@pytest.mark.parametrize("frame", ["{}", "`{}`", "*{}*", "**{}**", "${}$", "`{}", "*`{}*`"])
def test_nothing_in_a_hint_becomes_markup(frame):
    page = Page(hint_card.folded([frame.format(XSS)]))
    assert set(page.tags) <= {"details", "summary", "p", "code", "em", "strong"}
    assert "alert(1)" in page.text


@pytest.mark.parametrize("text", [
    *HOSTILE, "[a link](https://example.org)", "![a picture](x.png)", "<https://example.org>",
    "[one][1]\n\n[1]: https://example.org", "https://example.org", "```\ncode\n```", "<b>bold</b>",
    "a  \nb\\\nc", "&lt;b&gt; &copy; &#60;", "| a | b |\n|---|---|\n| 1 | 2 |", "----", "~~gone~~"])
def test_only_code_and_emphasis_come_out_of_a_hint(text):
    whole, inline = Page(hint_card.as_html(text)), Page(hint_card.inline_html(text))
    assert set(whole.tags) <= {"p", "code", "em", "strong"}
    assert set(whole.attributes) <= {("style", "margin:.3em 0")}
    assert set(inline.tags) <= {"code", "em", "strong"}
    assert inline.attributes == []
