"""The feedback page: everything a student should know, nothing that runs, no hidden test."""

import base64
import hashlib
import io
import re
import struct
import zlib
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from PIL import Image

from autograder.authoring.answers import model_answers
from autograder.feedback.annotate import autograded
from autograder.feedback.cell_view import MAX_OUTPUT, MAX_OUTPUTS, MAX_PICTURES
from autograder.feedback.document import MAX_TEXT
from autograder.feedback.mark_scheme import WrittenQuestion, written_questions
from autograder.feedback.page import Key, page
from autograder.feedback.png import is_png
from autograder.feedback.stored import stored_result
from autograder.gradebook.records import Mark, Marks
from autograder.grading.result import Check, Earlier, Exercise, Misconception, Result
from autograder.notebooks.rebuild import rebuild
from support import demo, quiz_lesson
from support.answers import cell
from support.markup import HOSTILE
from utils._cards import MIME
from utils._cards.card import Outcome, Score
from utils._figures import markup

HIDDEN_TEST = "check.unchanged"  # stands in the demo lesson's hidden test only
VOID = {"meta", "img", "input"}
ALLOWED = {"html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3",
           "p", "strong", "em", "span", "table", "thead", "tbody", "tr", "th", "td", "a",
           "section", "ul", "li", "div", "aside", "pre", "img", "code", "sub", "sup"}
ALONE = {"script", "details", "summary", "fieldset", "legend", "label", "input", "output",
         "h4", "ol"}
ATTRIBUTES = {"lang", "charset", "content", "http-equiv", "name", "class", "id", "href", "src",
              "alt", "role", "aria-label", "download"}
ATTRIBUTES_ALONE = {"type", "value", "min", "max", "step", "autocomplete", "data-exercise",
                    "data-place", "data-most", "data-points-of"}


def png(width=4, height=3, mode="RGBA", **options):
    data = io.BytesIO()
    Image.new(mode, (width, height)).save(data, "PNG", **options)
    return data.getvalue()


def encoded(data):
    return base64.b64encode(data).decode()


class Page(HTMLParser):
    """What a browser makes of it: its tags, their attributes and its text."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.open = [], [], "", []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *one) for one in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["script"]):
            self.text += data

    def handle_comment(self, data):
        raise AssertionError("a comment")


def is_harmless(html, alone=False):
    """Nothing in it is a student's but text, and pictures that are data."""
    found = Page(html)
    assert set(found.tags) <= (ALLOWED | ALONE if alone else ALLOWED)
    for tag, name, value in found.attributes:
        assert not name.startswith("on")
        if name == "src":
            assert value.startswith("data:image/png;base64,")
        if name == "href":
            assert re.fullmatch(r"#e\d+|data:text/plain;charset=utf-8,[\w%.~-]*", value)
        assert name in (ATTRIBUTES | ATTRIBUTES_ALONE if alone else ATTRIBUTES), (tag, name)
    assert html.count("<script>") == html.count("</script>") == alone
    assert html.count("<style>") == html.count("</style>") == 1
    return found


def submission(answers, outputs=(), own=()):
    """An autograded notebook of the demo lesson: answers and the outputs of one of them."""
    release, solution = demo.release(), demo.solution()
    student = demo.release()
    for one in student.cells:
        one.source = answers.get(one.id, one.source)
    student.cells += own
    for one in student.cells:  # as `submission.parse` reads them
        one.source = one.source.encode("utf-8", "replace").decode()
    notebook = rebuild(student, release, onto=solution).notebook
    cell(notebook, "double").outputs = list(outputs)
    outcomes = [Outcome("doubles", 1.0, False), Outcome("leaves its input", 1.0, True,
                                                        "double(3): expected 6, got 9.", "failed")]
    score = Score("double", 2, 1, 1, outcomes)
    cell(notebook, "double-tests").outputs = [new_output("execute_result", {
        "text/plain": repr(score), **score._repr_mimebundle_()})]
    result = Result("x", "ada", demo.NAME, exercises=[
        Exercise("double", 1.0, 2.0, checks=[Check(o.label, o.passed, o.hidden, o.message)
                                             for o in outcomes],
                 misconception=Misconception("add_one", "Count *again*: `2 * x`.")),
        Exercise("half", 0.0, 1.0, error="missing"),
        Exercise("why", 0.0, 3.0, needs_manual_grade="why" in answers,
                 error=None if "why" in answers else "missing")], score=1.0, max_score=6.0)
    return result, autograded(notebook, release, result), release


def shown(*outputs, **more):
    """The page of an answer with these outputs, looked through."""
    return is_harmless(page(*submission({"double": "def double(x): return x"}, outputs, **more)))


# What it says


def test_it_tells_each_exercise_with_points_checks_hint_and_the_students_code():
    result, notebook, release = submission({"double": "def double(x):\n    return 'mine'",
                                            "why": "Because."}, [new_output("stream", text="hi")])
    result.repairs = ["A cell was put back."]
    found = is_harmless(page(result, notebook, release, handed_in="2030-01-01 10:00"))
    for part in ("A lesson", "ada · handed in 2030-01-01 10:00", "1 of 6 points", "1 / 2", "0 / 1",
                 "– / 3", "1 of 2 checks pass", "✓doubles", "✗leaves its input (hidden check)",
                 "double(3): expected 6, got 9.", "add one", "Count again: 2 * x.",
                 "return 'mine'", "hi", "no answer yet", "to be read by a teacher",
                 "Because.", "A cell was put back."):
        assert part in found.text, part
    assert "code" in found.tags


def test_the_gradebook_counts_more_than_the_result():
    marks = Marks({"double": Mark(1.5, 2.0, by_hand=True, comment="Nearly.\nTry 3."),
                   "half": Mark(0.0, 1.0), "why": Mark(2.5, 3.0, by_hand=True)}, penalty=0.5)
    found = is_harmless(page(*submission({"why": "Because."}), marks))
    for part in ("3.5 of 6 points", "1.5 / 2", "2.5 / 3", "marked by your teacher",
                 "Your teacher writesNearly.\nTry 3.", "took 0.5 points off"):
        assert part in found.text, part
    assert "to be read" not in found.text


SAME = "double(3): expected 6, got 9."
RAISED = "double(4) raised ValueError: no."


@pytest.mark.parametrize(("checks", "error", "parts", "absent"), [
    ([Check("a", False, False, SAME), Check("b", False, True, SAME)], None,
     ["0 of 2 checks pass", f"✗a{SAME}", "✗b (hidden check)The same as above.",
      "Start with the first check that fails"], ["raised an"]),
    ([Check("a", True, False), Check("b", False, False, RAISED)], "raised",
     ["1 of 2 checks pass; your code raised an exception", f"✗b{RAISED}"],
     ["Start with", "The same"]),
    ([Check("a", False, False, RAISED)], "raised", ["Your code raised an exception."], ["0 of 1"]),
])
def test_what_failed_is_told_once(checks, error, parts, absent):
    result, notebook, release = submission({"double": "x = 1"})
    result.exercises[0] = Exercise("double", 0.0, 2.0, checks=checks, error=error)
    found = is_harmless(page(result, notebook, release))
    assert all(part in found.text for part in parts), found.text
    assert not any(part in found.text for part in absent)


def test_cells_that_the_student_added_or_changed_stand_behind_their_exercise():
    own = [new_code_cell("added = 1"), new_markdown_cell("my notes")]
    found = shown(own=own)
    assert "added = 1" in found.text
    assert "my notes" in found.text
    assert 'print("play")' not in found.text  # the lesson's own


def test_no_test_is_in_it_whatever_the_notebook_holds():
    result, notebook, release = submission({"double": "x = 1"})
    for one in notebook.cells:  # as stock nbgrader leaves it
        if one.id == "double-tests":
            one.source = cell(demo.solution(), "double-tests").source
            one.outputs.append(new_output("error", ename="E", evalue="e", traceback=[one.source]))
    html = page(result, notebook, release)
    assert HIDDEN_TEST in str(notebook)
    assert HIDDEN_TEST not in html
    assert "HIDDEN" not in html
    assert "MARK SCHEME" not in html


def test_nothing_is_fetched_and_nothing_may_run():
    html = page(*submission({}))
    (style,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
              "form-action 'none'; img-src data:")
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in html
    assert "url(" not in html
    assert "@import" not in html
    assert "@media print" in html
    assert "prefers-color-scheme: dark" in html


# Multiple-choice questions, and what comes from an earlier answer


def asked(*checks, earlier=None, **more):
    """The page of a lesson with one answered question, right or wrong, looked through."""
    release, solution = demo.release(quiz_lesson.LESSON), demo.solution(quiz_lesson.LESSON)
    student = demo.release(quiz_lesson.LESSON)
    cell(student, "why").source = "Because."
    result = Result("x", "ada", demo.NAME, exercises=[
        Exercise("double", 2.0, 2.0, checks=[Check("doubles", True, False)]),
        Exercise("half", 1.0, 1.0, checks=[Check("halves", True, False),
                                           Check("halves more", True, True)], earlier=earlier),
        Exercise("why", 0.0, 3.0, needs_manual_grade=True),
        Exercise("what", 0.0, 2.0, error="missing"),
        Exercise("quiz_twice", 1.0, 1.0, checks=[Check("is one of the letters", True, False),
                                                 *checks])])
    notebook = autograded(rebuild(student, release, onto=solution).notebook, release, result)
    return result, notebook, release


WRONG = Check("what twice means", False, True, "You chose b. The square is x times x: try 3.")
RIGHT = Check("what twice means", True, True, "You chose a. Twice is x plus x.")


@pytest.mark.parametrize(("check", "parts", "others"), [
    (WRONG, ["b x2, the square (your choice)", "not the right choice",
             "✗You chose b, which is wrong. The square is x times x: try 3."],
     ["Twice is x plus x", "the right answer", "a 2 * x (your choice)"]),
    (RIGHT, ["a 2 * x (your choice)", "the right choice",
             "✓You chose a, the right answer. Twice is x plus x."],
     ["The square is", "which is wrong", "the square (your choice)"])], ids=["wrong", "right"])
def test_a_question_is_repeated_with_its_choices_and_the_reason(check, parts, others):
    found = is_harmless(page(*asked(check)))
    for part in ("Question 1. What is twice x?", "c Half of it.", *parts):
        assert part in found.text, part
    for other in others:
        assert other not in found.text, other
    assert "One letter each." not in found.text
    assert "checks pass" not in found.text[found.text.index("Question 1."):]


def test_an_answer_that_is_no_letter_is_shown_with_what_its_checks_say():
    no_letter = Check("what twice means", False, True, 'Return one letter of a, b, c.')
    found = is_harmless(page(*asked(no_letter)))
    for part in ("Question 1.", "✗what twice means (hidden check)", "Return one letter",
                 "1 of 2 checks pass"):
        assert part in found.text, part
    assert "your choice" not in found.text


def test_an_earlier_answer_to_fix_is_named_with_the_way_to_it():
    found = is_harmless(page(*asked(RIGHT, earlier=Earlier(
        "double", "This answer is right, given a correct `double`: fix that one first."))))
    for part in ("Fix double first", "This answer is right, given a correct double",
                 "All checks pass, given correct earlier answers."):
        assert part in found.text, part
    assert [value for tag, name, value in found.attributes if name == "href"].count("#e1") == 2
    elsewhere = is_harmless(page(*asked(RIGHT, earlier=Earlier("gone", "Fix it."))))
    assert "Fix gone first" in elsewhere.text


# Alone with a clone


def key(lesson=quiz_lesson.LESSON):
    solution = demo.solution(lesson)
    return Key(model_answers(solution), tuple(written_questions(solution)))


def test_alone_the_page_has_model_answers_folded_away_and_a_scheme_to_mark_by():
    html = page(*asked(RIGHT), key=key())
    found = is_harmless(html, alone=True)
    assert found.tags.count("details") == 5
    assert not [one for one in found.attributes if one[0] == "details" and one[1] == "open"]
    for part in ("return 2 * np.asarray(x, dtype=float)", "return x / 2", "Write here why.",
                 "This is what.", 'return "a"', "4 of 9 points",
                 "Mark your written answer yourself",
                 "One point for each, half points where it is incomplete:",
                 "1. Says: that it is twice as much.", "2. Shows: 2 * x, for x < 0 too.",
                 "3. Bounds: nothing.", "These cost the point in parentheses", "for you to mark"):
        assert part in found.text, part
    assert "teacher" not in found.text
    assert "SCHEME" not in found.text
    assert "SOLUTION" not in found.text
    values = [value for tag, name, value in found.attributes if (tag, name) == ("input", "value")]
    assert values == ["0", "0.5", "1"] * 3  # `what` has no answer: nothing to mark


def test_a_scheme_without_an_item_for_each_point_is_marked_by_one_number():
    result, notebook, release = asked(RIGHT)
    result.exercises[3] = Exercise("what", 0.0, 2.0, needs_manual_grade=True)
    found = is_harmless(page(result, notebook, release, key=key()), alone=True)
    assert ("input", "max", "2") in found.attributes
    assert "Mark your written answers yourself" in found.text


def test_only_the_pages_own_script_may_run():
    html = page(*asked(RIGHT), key=key())
    (script,) = re.findall("<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"; script-src 'sha256-{digest}'\">" in html
    assert "unsafe" not in html
    without = page(*submission({}), key=key(demo.LESSON))  # nothing to mark, so nothing to run
    assert "script-src" not in without
    assert "<script" not in without


def test_in_a_class_there_are_no_answers():
    html = page(*asked(WRONG))
    for part in ("model answer", "Mark it", "Says:", "Write here why", "np.asarray", "x plus x",
                 "script", "<input", "<details"):
        assert part not in html, part
    assert "1 answer is still to be read by a teacher" in html


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text_in_questions_reasons_and_answers_too(text):
    result, notebook, release = asked(Check(text, False, True, f"You chose b. {text}"),
                                      earlier=Earlier(text, text))
    cell(notebook, "why").source = result.assignment = text
    place = next(k for k, one in enumerate(release.cells) if one.id == "quiz_twice")
    release.cells[place - 1].source = f"Which {text}?\n\n- **a**  {text}\n- **b**  {text}"
    answers = dict.fromkeys(("double", "half", "why", "quiz_twice"), text)
    questions = [WrittenQuestion("why", text, text, f"{text}\n\n1. **One:** {text}\n\n{text}", 1.0)]
    is_harmless(page(result, notebook, release), alone=False)
    is_harmless(page(result, notebook, release, key=Key(answers, questions)), alone=True)


# What a student may try


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text_wherever_it_stands(text):
    result, notebook, release = submission(
        {"double": f"x = 1\n{text}", "why": text},
        [new_output("stream", text=text),
         new_output("error", ename=text, evalue=text, traceback=[text]),
         new_output("display_data", {"text/html": text, "text/plain": text}),
         new_output("display_data", {"image/png": text}),
         new_output("display_data", {"text/html": f'<img alt="{text}" onerror="x" '
                                                  f'src="data:image/png;base64,{encoded(png())}">'}),
         new_output("display_data", {"image/svg+xml": text, "application/javascript": text})],
        [new_code_cell(text), new_markdown_cell(text)])
    result.student = result.assignment = text
    result.repairs = [text]
    double = result.exercises[0]
    double.misconception = Misconception(text, text)
    double.checks = [Check(text, False, True, text)]
    result.exercises[1].name = text
    marks = Marks({"double": Mark(1.0, 2.0, True, True, text)})
    is_harmless(page(result, notebook, release, marks, text))


@settings(deadline=None)
@given(text=st.text())
def test_any_text_is_text(text):
    result, notebook, release = submission({"double": f"x = 1\n{text}"},
                                           [new_output("stream", text=text)])
    is_harmless(page(result, notebook, release, Marks({"why": Mark(0, 1, comment=text)}), text))


def test_huge_outputs_and_sources_are_cut_and_say_so():
    found = shown(new_output("stream", text="a" * 10**7),
                  *[new_output("stream", text="b") for _ in range(2 * MAX_OUTPUTS)],
                  own=[new_code_cell("c" * 10**6)])
    assert found.text.count("a" * MAX_OUTPUT) == 1
    assert f"[cut: {10**7 - MAX_OUTPUT} characters more]" in found.text
    assert f"{MAX_OUTPUTS + 1} more outputs are not shown." in found.text
    assert f"[cut: {10**6 - MAX_TEXT} characters more]" in found.text
    assert len(found.text) < 10**5


def test_colors_of_a_terminal_are_left_out():
    found = shown(new_output("error", ename="E", evalue="e",
                             traceback=["\x1b[0;31mValueError\x1b[0m: no"]))
    assert "ValueError: no" in found.text


# Pictures


def test_a_picture_is_shown_by_its_own_bytes_with_its_alt_text():
    data = png()
    found = shown(new_output("display_data", {"image/png": encoded(data)}),
                  new_output("display_data", {"text/html": markup.themed(markup.html(
                      [(300, encoded(data)), (310, encoded(data))], 'Two "clouds"'))}))
    sources = [value for tag, name, value in found.attributes if name == "src"]
    assert sources == [f"data:image/png;base64,{encoded(data)}"] * 3
    assert [value for _, name, value in found.attributes if name == "alt"] == [
        "A figure", 'Two "clouds"', ""]
    assert not [value for tag, name, value in found.attributes if name == "style"]


@pytest.mark.parametrize("text", ["", "no base64!", encoded(b"GIF89a"), encoded(b"<svg/>"),
                                  encoded(png()[:-8]), encoded(png() + b"<script>")],
                         ids=["nothing", "no base64", "a gif", "an svg", "cut off", "with a tail"])
def test_what_is_no_png_is_not_shown(text):
    found = shown(new_output("display_data", {"image/png": text, "text/plain": "[a picture]"}))
    assert "img" not in found.tags
    assert ("A picture that can't be shown." if text else "[a picture]") in found.text


def test_pictures_do_not_make_the_page_larger_than_it_may_be():
    noise = Image.effect_noise((900, 900), 100)
    data = io.BytesIO()
    noise.save(data, "PNG")
    text = encoded(data.getvalue())
    found = shown(*[new_output("display_data", {"image/png": text}) for _ in range(MAX_OUTPUTS)])
    assert found.tags.count("img") == MAX_PICTURES // len(text) < MAX_OUTPUTS
    assert "would become too large" in found.text


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (64, 48)], ids=str)
def test_what_pillow_writes_is_a_png(mode, size):
    assert is_png(png(*size, mode))
    assert is_png(png(*size, mode, optimize=True))


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def made(width=2, height=2, pixels=None, color=6, depth=8, extra=b"", interlaced=0):
    data = zlib.compress(b"\0" * (height * (1 + 4 * width)) if pixels is None else pixels)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data)
            + chunk(b"IEND", b""))


def test_a_png_is_looked_through_to_its_end():
    assert is_png(made())
    wrong = {
        "one byte is another": made()[:40] + b"\xff" + made()[41:],
        "a checksum is another": made()[:-1] + b"\0",
        "too few pixels": made(pixels=b"\0" * 17), "too many": made(pixels=b"\0" * 19),
        "a bomb": made(width=8192, height=8192, pixels=b"\0" * 10**6),
        "wider than a page": made(width=10**6, height=1), "no rows": made(height=0),
        "no such colors": made(color=5), "no palette": made(color=3, pixels=b"\0" * 6),
        "interlaced": made(interlaced=1), "nothing": b"", "only a start": made()[:8],
        "a chunk as long as the world": made()[:8] + b"\xff\xff\xff\xffIHDR",
        "nothing but an end": made()[:8] + chunk(b"IEND", b"")}
    assert [name for name, data in wrong.items() if is_png(data)] == []


# Read back from the autograded notebook


def test_an_autograded_notebook_says_again_what_it_was_made_of():
    result, notebook, release = submission({"double": "x", "why": "Because."})
    again = stored_result(notebook, release, "ada", demo.NAME)
    assert again.exercises[0].checks == result.exercises[0].checks
    assert again.exercises[0].misconception == Misconception("add_one", "Count *again*: `2 * x`.")
    assert [(one.name, one.score, one.error, one.needs_manual_grade) for one in again.exercises] \
        == [(one.name, one.score, one.error, one.needs_manual_grade) for one in result.exercises]
    assert (again.score, again.max_score) == (result.score, result.max_score)


@pytest.mark.parametrize("error", ["timeout", "crashed", "memory", "raised"])
def test_what_ended_a_run_is_read_back(error):
    result, notebook, release = submission({"double": "x"})
    result.exercises[1].error = error
    again = stored_result(autograded(notebook, release, result), release, "ada", demo.NAME)
    assert again.exercises[1].error == error


def test_what_is_no_card_is_left_out():
    _, notebook, release = submission({"double": "x"})
    for card in (None, [], {"outcomes": 3}, {"outcomes": [1, {"label": 5, "message": ["x"]}]}):
        cell(notebook, "double-tests").outputs = [new_output("execute_result", {
            "text/plain": "1e9", MIME: card})]
        again = stored_result(notebook, release, "ada", demo.NAME)
        assert 0 <= again.exercises[0].score <= 2
        is_harmless(page(again, notebook, release))
