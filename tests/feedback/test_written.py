"""Written answers: a sheet on which all of it is text, and marks that go in row by row or not."""

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook

from autograder.authoring.build import build
from autograder.classroom.outcome import summary
from autograder.course import Lesson, lessons
from autograder.csv_table import guarded, unguarded
from autograder.errors import UserError
from autograder.feedback.interview_questions import interview_questions, taken_up
from autograder.feedback.mark_scheme import items
from autograder.feedback.publish import publish
from autograder.feedback.written import enter, write
from autograder.feedback.written_marks import COLUMNS, digest
from autograder.feedback.written_page import Answer, Question, page
from autograder.files import GRADING, lock
from autograder.gradebook.book import Book
from autograder.gradebook.records import Mark, Student
from autograder.gradebook.settings import settings
from support import demo
from support.answers import cell
from support.classes import RIGHT, autograded, change, dump, gradebook, hand_in, marks, run
from support.demo import NAME
from support.markup import HOSTILE
from support.written import LESSON, comments, given_by_hand

WORDS = {"ann": "Twice is more.", "bob": "Since 2 * x > x.", "cem": "It is.", "dan": ""}
LATER = "2030-01-02 10:00:00 UTC"
ALLOWED = {"html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3",
           "h4", "p", "strong", "em", "b", "span", "div", "section", "details", "summary", "ol",
           "ul", "li", "article", "code", "pre", "fieldset", "legend", "label", "input", "output",
           "textarea", "button", "kbd", "script"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A class of five, of which dan wrote no answer and eve handed in nothing, graded."""
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course", LESSON)
    with Book(settings(lesson.root)) as book:
        book.enroll([Student("eve")])
    for student, words in WORDS.items():
        hand_in(lesson, student, {**RIGHT, "why": words} if words else {"half": RIGHT["half"]})
    run(lesson.root)
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


class Sheet(HTMLParser):
    """What a browser makes of it: tags with their attributes, and the text in each kind of tag."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.text = [], [], {}
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        self.tags.append((name, dict(attributes)))
        if name not in ("meta", "input"):
            self.open.append(name)
            self.text.setdefault(name, []).append("")

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        for name in self.open:
            self.text[name][-1] += data

    def having(self, name, **wanted):
        """The attributes of the tags of a name that have these."""
        return [has for tag, has in self.tags if tag == name
                and wanted.items() <= {key.replace("-", "_"): has[key] for key in has}.items()]

    def article(self, student):
        [found] = self.having("article", data_student=student, data_exercise="why")
        return found


def sheet(lesson):
    return Sheet(write(NAME, root=lesson.root).path.read_text())


def question(*answers, scheme="1. **One:** this.", points=1.0):
    return Question("why", "*Why?*", "So.", scheme, points, tuple(answers))


def answer(text="Words.", student="ann", **mark):
    return Answer(student, text, Mark(**{"score": 0.0, "max_score": 3.0, "waiting": True, **mark}))


def page_of_ann(lesson):
    list(publish([NAME], lesson.root, "ann"))
    return (lesson.root / "grading" / "feedback" / "ann" / NAME / f"{NAME}.html").read_text()


def row(student="ann", exercise="why", points="2.5", comment="Well said.", read=None):
    return [student, exercise, points, comment,
            digest(WORDS.get(student, "") if read is None else read)]


def saved(folder, *rows, header=COLUMNS, split=",", encoding="utf-8-sig"):
    path, text = folder / "marks.csv", io.StringIO()
    csv.writer(text, delimiter=split).writerows([header, *rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


# The mock interview


BANK = {"title": "1 · A lesson", "questions": [
    {"question": "What is  *twice* `x`?", "answer": "It is $2x$: **x** plus x.", "minutes": 1,
     "points": ["x *plus* x", "for `x < 0` too"]},
    {"question": "And half?", "answer": "The other way round.", "points": ["x / 2"], "minutes": 1},
    {"question": "Why twice?", "written": "why", "points": ["more"], "minutes": 3}]}


@pytest.mark.parametrize(("text", "asked"), [
    ("### What is *twice* `x`?\n\nMore.\n\n### And half?\n\nLess.", [0, 1]),
    ("# And half? #\n\nLess.\n\n###### And  half?\n\nLess.", [1]),
    ("### And half?\r\n\r\nLess.", [1]), ("### Why twice?\n\nMine.", []),
    ("### and half?\n\nNo.", []), ("And half?\n\nLess.", []), ("#And half?", []), ("", [])])
def test_below_an_answer_is_what_a_good_one_says_to_each_question_it_takes_up(
        lesson, text, asked):
    lesson.interview.parent.mkdir(parents=True, exist_ok=True)
    lesson.interview.write_text(json.dumps(BANK), encoding="utf-8")
    known = interview_questions(lesson.root)
    assert len(known) == 2
    assert [one.text for one in taken_up(text, known)] == [
        BANK["questions"][k]["question"] for k in asked]


def test_whoever_reads_it_can_open_the_model_answer(lesson):
    lesson.interview.parent.mkdir(parents=True, exist_ok=True)
    lesson.interview.write_text(json.dumps(BANK), encoding="utf-8")
    hand_in(lesson, "ann", {**RIGHT, "why": "### What is *twice* `x`?\n\nIt is more."})
    run(lesson.root)
    found = sheet(lesson)
    assert next(has["class"] for has in found.having("details") if "class" in has) == "asked"
    assert "What is  twice x?" in " ".join(found.text["summary"])
    assert found.text["li"].count("x plus x") == 1
    assert "Lesson 1 · A lesson. A good answer says:" in " ".join(found.text["p"])
    assert "It is 2x: x plus x." in " ".join(found.text["p"])
    assert "The other way round." not in " ".join(found.text["p"])


def test_without_a_lessons_questions_nothing_is_taken_up(lesson):
    lesson.interview.unlink(missing_ok=True)
    assert interview_questions(lesson.root) == {}


# The sheet


def test_the_question_the_model_answer_and_the_scheme_stand_beside_the_answers(lesson):
    done = write(NAME, root=lesson.root)
    assert done.path == lesson.root / "grading" / "written" / f"{NAME}.html"
    assert (done.to_read, done.blank, done.notices) == (3, 5, ())
    found = sheet(lesson)
    key = found.text["div"][1]
    assert "In an interview" in key
    assert "Write here why." in key
    assert "that it is twice as much." in key
    assert 'These cost the point in parentheses: "it is more" (1).' in key
    assert "MARK SCHEME" not in key
    assert {"Why", "twice"} <= set(found.text["em"])
    assert "2 * x" in found.text["code"]
    assert sorted(found.text["pre"]) == sorted(filter(None, WORDS.values()))


def test_answers_stand_in_an_order_that_no_name_decides(lesson):
    found = [has["data-student"] for has in sheet(lesson).having("article", data_exercise="why")]
    assert found == sorted(found, key=lambda student: digest(WORDS[student]))
    same = [answer("Alike.", f"s{k}") for k in range(20)]
    order = re.findall('data-student="(.+?)"', page("01_x", "X", [question(*same)]))
    assert len(order) == 20
    assert order not in (sorted(order), sorted(order, reverse=True))
    assert order == re.findall('data-student="(.+?)"', page("01_x", "X", [question(*same[::-1])]))
    assert order != re.findall('data-student="(.+?)"', page("02_y", "X", [question(*same)]))


def test_each_item_of_the_scheme_is_a_choice_of_none_half_and_one(lesson):
    found = sheet(lesson)
    assert found.text["legend"] == ["1 Says", "2 Shows", "3 Bounds"] * 3
    assert len(found.having("input", type="radio")) == 3 * 3 * 3
    names = [has["name"] for has in found.having("input", type="radio", value="0.5")]
    assert len(set(names)) == 9
    assert {has["data-most"] for has in found.having("article")} == {"3"}


def test_where_items_are_not_points_there_is_a_number_only():
    one = question(answer(), points=2.0)
    found = Sheet(page("01_x", "X", [one]))
    assert not found.having("input", type="radio")
    assert len(found.having("input", inputmode="decimal")) == 1
    assert Sheet(page("01_x", "X", [question(answer())])).having("input", type="radio")


@pytest.mark.parametrize("one", lessons(), ids=lambda one: one.name)
def test_every_lessons_scheme_has_an_item_for_each_point(one):
    asked = [cell for cell in nbformat.read(one.solution, as_version=4).cells
             if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "markdown"]
    assert asked
    for written in asked:
        found = items(written.source)
        assert len(found) == written.metadata.nbgrader.points
        assert all(item.text.startswith(f"{item.label}:") for item in found)


@pytest.mark.parametrize(("scheme", "found"), [
    ("", []), ("A point for anything good.", []), ("- **One:** this.", []),
    ("One point each:\n\n1. **One:** `x < 1`,\n   and *so* on.\n2. No label here.\n\nNo more.",
     [("One", "One: x < 1, and so on."), ("No label here.", "No label here.")]),
    ("1. **One**: a\n   1. **Inside:** b\n2. **Two *and*:** c\n\nBut:\n\n1. **Three:** d",
     [("One", "One: a"), ("Two and", "Two and: c"), ("Three", "Three: d")]),
    (f"1. {'long ' * 20}", [(("long " * 20)[:30], ("long " * 20).strip())]),
    ("1. a **bold** word", [("a bold word", "a bold word")]), ("1.\n2. b", [("b", "b")])])
def test_the_items_of_a_scheme_are_those_of_its_numbered_lists(scheme, found):
    assert [(item.label, item.text) for item in items(scheme)] == found


@pytest.mark.parametrize("markdown", [
    *HOSTILE, "[a link](https://example.org)", "![a picture](x.png)", "<https://example.org>",
    "[one][1]\n\n[1]: https://example.org", "# A title\n\n## Another\n\nA third\n=====",
    "$w_1 *x* w_2$ and $$\na_b\n$$", "- a\n- b", "`x < 1`", "```\ncode\n```", "> quoted"])
def test_a_questions_markdown_holds_no_link_no_picture_and_no_html(markdown):
    html = page("01_x", "X", [Question("why", markdown, markdown, markdown, 1.0, (answer(),))])
    found = Sheet(html)
    assert {name for name, _ in found.tags} <= ALLOWED | {"blockquote", "sub"}
    assert not [has for _, has in found.tags if {"href", "src", "style"} & {*has}]
    for name in ("em", "strong"):
        assert name not in found.text


def test_what_nobody_wrote_has_its_0_and_is_not_read_one_by_one(lesson):
    assert {name: marks(lesson.root)["dan"][name] for name in ("why", "what")} == {
        "why": (0.0, False), "what": (0.0, False)}
    assert marks(lesson.root)["ann"]["why"] == (None, True)
    found = sheet(lesson)
    assert not found.having("article", data_student="dan")
    assert [has["data-exercise"] for has in found.having("li", data_student="dan")] == [
        "why", "what"]
    assert found.text["summary"][-1] == "4 blank answers: 0 points, nothing to read"
    assert all("open" not in has for has in found.having("details", **{"class": "blanks"}))


def test_what_a_teacher_gave_for_nothing_stays_to_be_seen(lesson):
    change(lesson.root, "update grade set manual_score = 1.5 where auto_score = 0 and cell_id = "
                        "(select id from base_cell where name = 'why' and type = 'GradeCell')")
    found = sheet(lesson)
    assert found.article("dan")["data-given"] == "1.5"
    assert "Nothing was written here." in found.text["p"]


def test_prose_in_cells_below_is_part_of_the_answer(lesson):
    path = hand_in(lesson, "dan", {}) / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    place = notebook.cells.index(cell(notebook, "why")) + 1
    notebook.cells[place:place] = [new_code_cell("x = 2", id="own-code"),
                                   new_markdown_cell("Written below.", id="own-text")]
    nbformat.write(notebook, path)
    run(lesson.root)
    found = sheet(lesson)
    assert found.article("dan")["data-answer"] == digest("Written below.")
    assert "Written below." in found.text["pre"]


def test_marks_that_stand_are_filled_in_and_what_is_to_be_seen_again_is_not(lesson, tmp_path):
    enter(NAME, saved(tmp_path, row(comment=" <b>\n\n=1"), row("bob")), lesson.root)
    change(lesson.root, "update grade set extra_credit = 0.25 where manual_score = 2.5")
    hand_in(lesson, "bob", {"why": "Otherwise."})
    run(lesson.root)
    html = write(NAME, root=lesson.root).path.read_text()
    found = Sheet(html)
    values = [has["value"] for has in found.having("input", inputmode="decimal")]
    order = [has["data-student"] for has in found.having("article")]
    assert dict(zip(order, values, strict=True)) == {"ann": "2.5", "bob": "", "cem": ""}
    assert found.article("bob")["data-given"] == "2.5"
    assert "The answer has changed. 2.5 of 3 points were given for the text below. Keep 2.5" in (
        found.text["p"])
    assert WORDS["bob"] in found.text["pre"]
    assert "\n<b>\n\n=1" in found.text["textarea"]


@pytest.mark.parametrize("evil", [*HOSTILE, "</script><img onerror=alert(1)>", "</textarea><b>x",
                                  "'><b onclick='alert(1)'>"])
def test_whatever_a_student_wrote_is_text(evil):
    plain = Sheet(page("01_x", "X", [question(answer())]))
    found = Sheet(page("01_x", "X", [question(answer(evil, evil, comment=evil))]))
    assert [name for name, _ in found.tags] == [name for name, _ in plain.tags]
    assert {name for name, _ in found.tags} <= ALLOWED
    assert [set(has) for _, has in found.tags] == [set(has) for _, has in plain.tags]
    assert found.article(evil)
    shown = evil.encode("unicode_escape").decode() if evil in ("\x00\x1b]0;title\x07",
                                                               "\u202egnirts", "\ud800") else evil
    assert found.text["pre"] == [shown]


def test_only_the_script_and_the_style_of_the_sheet_are_let_in(lesson):
    html = write(NAME, root=lesson.root).path.read_text()
    found = Sheet(html)
    [policy] = [has["content"] for has in found.having("meta")
                if has.get("http-equiv") == "Content-Security-Policy"]
    for kind, tag in (("style-src", "style"), ("script-src", "script")):
        [inside] = found.text[tag]
        hashed = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind} 'sha256-{hashed}'" in policy.split("; ")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert not [has for _, has in found.tags if "style" in has or "src" in has or "href" in has]


def test_an_answer_that_cannot_be_read_is_told_and_the_others_are_there(lesson, tmp_path):
    path = autograded(lesson.root, "ann") / f"{NAME}.ipynb"
    path.chmod(0o644)
    path.write_text("{}")
    done = write(NAME, tmp_path / "new" / "sheet.html", lesson.root)
    assert done.path == tmp_path / "new" / "sheet.html"
    assert done.notices == ("ann: the autograded notebook can't be read.",)
    assert done.to_read == 2
    assert enter(NAME, saved(tmp_path, row()), lesson.root).notices == [
        "Row 2 was left out: ann's autograded notebook can't be read."]


# The marks


def test_points_and_comments_go_in_as_a_teachers(lesson, tmp_path):
    before = dump(lesson.root)
    done = enter(NAME, saved(tmp_path, row(), row("bob", points="0", comment="")), lesson.root)
    assert (done.new, done.same, done.notices) == (2, 0, [])
    assert {key: value for key, value in given_by_hand(lesson).items() if key[1] == "why"} == {
        ("ann", "why"): (2.5, False), ("bob", "why"): (0.0, False), ("cem", "why"): (None, True),
        ("dan", "why"): (None, False)}
    assert comments(lesson) == {"ann": "Well said.", "bob": None, "cem": None, "dan": None}
    after = dump(lesson.root)
    assert {table for table in after if after[table] != before[table]} == {"grade", "comment"}
    with Gradebook(f"sqlite:///{gradebook(lesson.root)}", "neural-networks") as theirs:
        one = theirs.find_submission(NAME, "bob")
        assert not theirs.find_grade("why", NAME, NAME, "bob").needs_manual_grade
        assert (one.score, theirs.find_submission(NAME, "ann").score) == (3.0, 5.5)


def test_a_row_that_changes_nothing_is_told_as_such(lesson, tmp_path):
    path = saved(tmp_path, row(), row("dan", points="0", comment=""))
    assert enter(NAME, path, lesson.root).same == 1  # a blank answer has its 0 already
    before = dump(lesson.root)
    done = enter(NAME, path, lesson.root)
    assert (done.new, done.same) == (0, 2)
    assert dump(lesson.root) == before
    done = enter(NAME, saved(tmp_path, row(comment="")), lesson.root)
    assert (done.new, done.same) == (1, 0)
    assert comments(lesson)["ann"] is None


def test_a_mark_stays_with_the_answer_that_it_was_given_for(lesson, tmp_path):
    enter(NAME, saved(tmp_path, row(), row("bob", points="0", comment="")), lesson.root)
    before, page = dump(lesson.root), page_of_ann(lesson)
    outcomes = run(lesson.root, force=True)
    assert summary(outcomes).startswith("4 of 4 graded, 1 with answers for a teacher")  # cem's
    assert dump(lesson.root) == before
    assert page_of_ann(lesson) == page
    assert "graded anew" not in write(NAME, root=lesson.root).path.read_text()


@pytest.mark.parametrize(("words", "shown"), [
    ("Something else.", "Something else."), ("", None), (f"{WORDS['ann']} Or not.", None)])
def test_a_mark_waits_for_a_teacher_once_the_answer_is_another(lesson, tmp_path, words, shown):
    enter(NAME, saved(tmp_path, row()), lesson.root)
    hand_in(lesson, "ann", {**RIGHT, "why": words} if words else {}, LATER)
    for _ in range(2):
        run(lesson.root, force=True)  # however often it is graded
        assert given_by_hand(lesson)["ann", "why"] == (2.5, True)
        found = sheet(lesson)
        assert found.article("ann")["data-given"] == "2.5"
        assert {WORDS["ann"], shown or words} - {""} <= set(found.text["pre"])
        assert ("Nothing was written here." in found.text["p"]) == (not words)
    notebook = nbformat.read(autograded(lesson.root, "ann") / f"{NAME}.ipynb", as_version=4)
    note = notebook.cells[notebook.cells.index(cell(notebook, "why")) + 1].source
    assert note.startswith("**why has changed since it was marked.** The 2.5 of 3 points were")
    assert WORDS["ann"] in note
    assert note not in page_of_ann(lesson)
    assert "1 answer has changed since a teacher marked it and will be read again; until" in (
        page_of_ann(lesson))


def test_a_mark_is_final_when_the_old_answer_is_back(lesson, tmp_path):
    enter(NAME, saved(tmp_path, row()), lesson.root)
    for words, waits in (("Else.", True), ("Other.", True), (WORDS["ann"], False)):
        hand_in(lesson, "ann", {**RIGHT, "why": words}, None)
        run(lesson.root)
        assert given_by_hand(lesson)["ann", "why"] == (2.5, waits)


def test_a_mark_given_again_belongs_to_the_new_answer(lesson, tmp_path):
    enter(NAME, saved(tmp_path, row()), lesson.root)
    hand_in(lesson, "ann", {**RIGHT, "why": "Else."}, LATER)
    run(lesson.root)
    assert enter(NAME, saved(tmp_path, row(read="Else.")), lesson.root).new == 1
    run(lesson.root, force=True)
    assert given_by_hand(lesson)["ann", "why"] == (2.5, False)


def test_a_mark_given_in_formgrader_is_kept_the_same_way(lesson):
    change(lesson.root, "update grade set manual_score = 1, needs_manual_grade = 0 "
                        "where auto_score is null or auto_score = 2")
    hand_in(lesson, "ann", {**RIGHT, "double": "def double(x):\n    return x + x"}, LATER)
    run(lesson.root, force=True)
    found = marks(lesson.root)
    assert {student: (own["why"][1], own["double-tests"][1]) for student, own in found.items()} == {
        "ann": (False, True), "bob": (False, False), "cem": (False, False), "dan": (False, False)}


def test_points_that_a_lesson_changes_are_shown_beside_the_mark(lesson, tmp_path):
    enter(NAME, saved(tmp_path, row()), lesson.root)
    lesson.source.write_text(LESSON.replace("why, 3 points", "why, 4 points"))
    build(lesson.root)
    run(lesson.root, force=True)
    assert given_by_hand(lesson)["ann", "why"] == (2.5, True)
    assert "2.5 of 3 points were given; there are 4 now. Keep 2.5" in sheet(lesson).text["p"]


def test_where_the_marked_text_is_not_known_the_sheet_says_so(lesson, tmp_path):
    """As the first edition and stock nbgrader leave a gradebook."""
    enter(NAME, saved(tmp_path, row()), lesson.root)
    change(lesson.root, "update grade set needs_manual_grade = 1 where manual_score = 2.5")
    run(lesson.root, force=True)
    assert any("for which text is not known. Keep 2.5" in text
               for text in sheet(lesson).text["p"])



@pytest.mark.parametrize(("bad", "notices"), [
    (row("zoe"), "there is no student 'zoe'"),
    (row("eve"), "no answer of eve's is graded"),
    (row(exercise="double"), "01_demo has no written answer 'double'"),
    (row(exercise=""), "01_demo has no written answer ''"),
    (row(points=""), "'' is not a number of points"),
    (row(points="two"), "'two' is not a number of points"),
    (row(points="nan"), "'nan' is not a number of points"),
    (row(points="-inf"), "'-inf' is not a number of points"),
    (row(points="-0.5"), "-0.5 points are below zero"),
    (row(points="3.5"), "3.5 points are more than the 3 of why"),
    (row(read="Something else."), "ann has handed in another answer to why since; a new sheet "
                                  "has it"),
    (row(comment="x" * 10_001), "the comment is longer than 10000 characters"),
    (["ann", "why", "1"], "it has 3 cells, not 5"),
    ([*row(), "more"], "it has 6 cells, not 5"),
    (row("cem", points="1"), "row 2 has cem's why already"),
])
def test_a_row_that_is_of_no_use_is_told_and_the_rest_goes_in(lesson, tmp_path, bad, notices):
    done = enter(NAME, saved(tmp_path, row("cem"), bad, [], row("bob")), lesson.root)
    assert done.notices == [f"Row 3 was left out: {notices}."]
    assert done.new == 2
    found = given_by_hand(lesson)
    assert (found["cem", "why"], found["bob", "why"]) == ((2.5, False), (2.5, False))
    assert found["ann", "why"] == (None, True)


def test_who_hands_in_again_gets_no_mark_for_the_answer_before(lesson, tmp_path):
    path = saved(tmp_path, row(), row("bob"))
    hand_in(lesson, "ann", {"why": "Twice is less."})
    assert enter(NAME, path, lesson.root).new == 2  # the answer that is graded is the one read
    run(lesson.root)
    done = enter(NAME, path, lesson.root)
    assert (done.new, done.same) == (0, 1)
    assert "ann has handed in another answer to why since" in done.notices[0]
    assert given_by_hand(lesson)["ann", "why"] == (2.5, True)


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "marks.csv: It is empty"), (b"\n,,\n", "It is empty"),
    (b"student,points\nann,2\n", "Its first row is not student,exercise,points,comment,answer"),
    (b"id,first\nann,Ann\n", "Its first row is not"), (b"\xff\x00\x81", "not text in UTF-8"),
    (b'student,exercise\n"ann', "not a CSV table"), (b"a\0b", "zero bytes"),
    (None, r"marks.csv: No such file or directory\.$")])
def test_a_file_that_is_none_of_ours_is_refused(lesson, tmp_path, data, reason):
    path = tmp_path / "marks.csv"
    if data is not None:
        path.write_bytes(data)
    before = dump(lesson.root)
    with pytest.raises(UserError, match=reason) as notices:
        enter(NAME, path, lesson.root)
    assert "\n" not in str(notices.value)
    assert dump(lesson.root) == before


def test_a_spreadsheet_may_have_saved_it(lesson, tmp_path):
    path = saved(tmp_path, row(points="2,5", comment="'- one\r\n= two"), split=";",
                 encoding="utf-16")
    assert enter(NAME, path, lesson.root).new == 1
    assert given_by_hand(lesson)["ann", "why"] == (2.5, False)
    assert comments(lesson)["ann"] == "- one\n= two"


@given(st.text(alphabet="'=+-@\t\rx 1") | st.text())
def test_a_cell_that_is_guarded_is_no_formula_and_comes_back(text):
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert unguarded(guarded(text)) == text


@given(st.text())
def test_no_spreadsheet_takes_a_hash_for_a_number(text):
    assert re.fullmatch("a[0-9a-f]{11}", digest(text.replace("\ud800", "")))


def configured(lesson, plugin):
    """Let the course have a plugin for late submissions, and its deadline be past."""
    change(lesson.root, "update assignment set duedate = '2030-01-01 09:00:00.000000'")
    with (lesson.root / "config" / "nbgrader_config.py").open("a") as file:
        file.write(f"\nfrom support.written import {plugin}\n"
                   f"c.AssignLatePenalties.plugin_class = {plugin}\n")


def test_lateness_costs_of_what_a_teacher_gave_too(lesson, tmp_path):
    configured(lesson, "Half")
    enter(NAME, saved(tmp_path, row()), lesson.root)
    penalties = {str(one["assignment_id"]).split("/")[1]: one["late_submission_penalty"]
                 for one in dump(lesson.root)["submitted_notebook"]}
    assert penalties == {"ann": 2.75, "bob": None, "cem": None, "dan": None}


def test_where_one_mark_fails_none_goes_in(lesson, tmp_path):
    configured(lesson, "Broken")
    before = dump(lesson.root)
    with pytest.raises(UserError, match=r"^No mark was entered: ZeroDivisionError: the plugin's"):
        enter(NAME, saved(tmp_path, row(), row("bob")), lesson.root)
    assert dump(lesson.root) == before


def test_nothing_goes_in_while_somebody_grades(lesson, tmp_path):
    with lock(lesson.root / "grading" / GRADING):
        done = python(lesson, "written", NAME, "--enter", str(saved(tmp_path, row())))
    assert done.returncode == 2
    assert done.stderr == ("autograder: An autograde is running in this class folder; let it "
                           "finish first.\n")


def test_a_lesson_of_which_there_is_nothing_is_told(lesson, tmp_path):
    path = saved(tmp_path, row())
    for work in (lambda name: write(name, root=lesson.root),
                 lambda name: enter(name, path, lesson.root)):
        with pytest.raises(UserError, match=r"^There is no lesson 09_x; there are: 01_demo\.$"):
            work("09_x")
    gradebook(lesson.root).unlink()
    for work in (lambda: write(NAME, root=lesson.root), lambda: enter(NAME, path, lesson.root)):
        with pytest.raises(UserError, match=r"^No answer to 01_demo is graded yet\."):
            work()


# The commands


def python(lesson, *arguments):
    return subprocess.run([sys.executable, "-m", "autograder", *arguments], cwd=lesson.root,
                          capture_output=True, text=True, timeout=300, check=False)


def test_the_command_writes_the_sheet_and_enters_what_it_saved(lesson, tmp_path):
    done = python(lesson, "written", NAME)
    assert done.stdout.endswith(f"grading/written/{NAME}.html: 3 to read, 5 blank.\n")
    assert (done.returncode, done.stderr) == (0, "")
    path = saved(tmp_path, row(), row("dan", points="0", comment=""), row("z\u202eoe"))
    done = python(lesson, "written", NAME, "--enter", str(path))
    assert done.stdout == "1 mark entered, 1 as it stood, 1 left out.\n"
    assert done.stderr == "Row 4 was left out: there is no student 'z\\u202eoe'.\n"
    assert done.returncode == 1
    done = python(lesson, "written", "09_x")
    assert done.stderr == "autograder: There is no lesson 09_x; there are: 01_demo.\n"
    assert done.returncode == 2
