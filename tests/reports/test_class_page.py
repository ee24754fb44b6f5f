"""The report: numbers against SciPy and NumPy, pages that run nothing, files of its own folder."""

import base64
import csv
import hashlib
import io
import re
from datetime import datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from autograder.classroom.export import export
from autograder.errors import UserError
from autograder.gradebook.records import Mark
from autograder.grading.result import Check, Exercise, Misconception
from autograder.reports import attention, statistics
from autograder.reports.class_page import ClassPage
from autograder.reports.similarity import Alike, Pair, Text
from autograder.reports.statistics import Answer, Chapter, Work
from autograder.reports.student_page import student_page
from autograder.reports.svg_chart import bars, steps
from autograder.reports.tables import tables
from autograder.reports.write import NAME, write
from support import demo
from support.classes import RIGHT, autograded, change, hand_in, run

NOON = datetime(2030, 1, 1, 12)
EVIL = "<script>alert(1)</script>\"'&"
ONE, TWO = Chapter("01_one", "One", NOON, {"f": ("What it is", "Exercise 1")}), Chapter("02_two",
                                                                                      "Two")
RNG = np.random.default_rng(6)


def answer(name="f", score=1.0, most=2.0, *, checks=(), wrong=None, error=None, waiting=False,
           by_hand=False, text=""):
    """An answer; checks: by label, whether they passed. wrong: a misconception's name."""
    return Answer(Exercise(name, score, most, checks=[Check(label, passed, False)
                                                      for label, passed in checks],
                           misconception=Misconception(wrong, f"Hint: {wrong}.") if wrong else None,
                           error=error),
                  Mark(score, most, by_hand, waiting), text)


def work(student, *answers, lesson="01_one", **more):
    return Work(student, lesson, tuple(answers or [answer()]), **more)


def scored(matrix, most=5.0):
    """Works with these points: a row a student, a column an exercise."""
    return [work(f"s{k:02}", *(answer(f"e{j}", float(score), most) for j, score in enumerate(row)))
            for k, row in enumerate(matrix)]


def page(works, chapters=(ONE, TWO), pairs=None, held=()):
    students = sorted({one.student for one in works})
    return ClassPage(chapters, works, dict.fromkeys(students, ""), held,
                     dict.fromkeys(students, "p.html"),
                     pairs or {}, NOON).html()


def rows(table):
    return list(csv.DictReader(io.StringIO(table)))


def test_names_stand_beside_ids():
    works = [work("ann", answer(score=0.0))]
    html = ClassPage([ONE], works, {"ann": "Ann Lee"}, [], {"ann": "p.html"}, {}, NOON).html()
    assert html.count('<a href="students/p.html">ann</a> Ann Lee') == 2  # may need help, students
    assert rows(tables([ONE], works, {"ann": "Ann Lee"}, [], {})["help.csv"])[0]["name"] == (
        "Ann Lee")


# Numbers


@pytest.mark.parametrize("binary", [False, True], ids=["points", "right or wrong"])
def test_difficulty_and_discrimination_are_scipys(binary):
    ability = RNG.normal(size=(60, 1))
    points = np.clip(np.round(2.5 + ability + RNG.normal(size=(60, 4)), 1), 0, 5)
    points[:, 0] = 5.0 * (points[:, 0] > 2.5) if binary else points[:, 0]
    for k, item in enumerate(statistics.items(scored(points))):
        rest = points.sum(axis=1) - points[:, k]
        assert item.difficulty == pytest.approx(points[:, k].mean() / 5)
        assert item.discrimination == pytest.approx(stats.pearsonr(points[:, k], rest).statistic)
    if binary:
        first = statistics.items(scored(points))[0]
        oracle = stats.pointbiserialr(points[:, 0] > 0, points[:, 1:].sum(axis=1)).statistic
        assert first.discrimination == pytest.approx(oracle)


def test_discrimination_is_not_defined_where_all_are_alike_or_few():
    same = np.column_stack([np.full(12, 3.0), RNG.uniform(size=12)])
    assert [item.discrimination for item in statistics.items(scored(same))] == [None, None]
    few = RNG.uniform(size=(9, 3))
    assert [item.discrimination for item in statistics.items(scored(few))] == [None] * 3
    tenths = np.column_stack([RNG.uniform(size=12), np.tile([[0.1, 0.2], [0.2, 0.1]], (6, 1))])
    assert statistics.items(scored(tenths))[0].discrimination is None  # 0.1 + 0.2 is 0.2 + 0.1


def test_what_a_teacher_is_still_to_read_counts_nowhere():
    points = RNG.uniform(0, 5, size=(20, 3))
    works = [work(one.student, *one.answers, answer("why", 0.0, 9.0, waiting=k != 3,
                                                    by_hand=k == 4))
             for k, one in enumerate(scored(points))]
    found = {item.name: item for item in statistics.items(works)}
    assert (found["why"].marked, found["why"].waiting) == (2, 18)
    plain = {item.name: item for item in statistics.items(scored(points))}
    assert found["e0"].discrimination == plain["e0"].discrimination
    assert works[0].most == 15
    assert works[0].waiting == 1
    assert works[3].most == works[4].most == 24
    assert works[0].share == pytest.approx(points[0].sum() / 15)


def test_submissions_without_any_answer_count_in_no_measure():
    points = RNG.uniform(0, 5, size=(20, 3))
    plain = scored(points)
    blank = [work(f"blank{k}", *(answer(f"e{j}", 0.0, 5.0, error="missing") for j in range(3)))
             for k in range(6)]
    assert statistics.items([*plain, *blank]) == statistics.items(plain)
    [one] = re.findall(r"<caption><span>(One: [^<]*)</span>", page([*plain, *blank]))
    assert one == "One: 20 submissions; 6 with no answer at all are left out."


def test_intervals_are_scipys():
    for right, count in ((7, 20), (0, 9), (30, 30)):
        found = statistics.share_interval(right / count, count)
        theirs = stats.binomtest(right, count).proportion_ci(method="wilson")
        assert found == pytest.approx((theirs.low, theirs.high))
    points = RNG.normal(size=(40, 2)) + RNG.normal(size=(40, 1))
    theirs = stats.pearsonr(points[:, 0], points[:, 1])
    assert statistics.correlation_interval(theirs.statistic, 40) == pytest.approx(
        tuple(theirs.confidence_interval()), abs=1e-4)


def test_a_remark_is_made_only_beyond_chance():
    """In a class of equals, no exercise is one in which the better do worse."""
    found = [item for seed in range(20) for item in statistics.items(
        scored(np.random.default_rng(seed).uniform(0, 5, size=(30, 4))))]
    below = sum(item.discrimination < 0 for item in found)
    surely = sum(item.discrimination_interval[1] < 0 for item in found)
    assert below >= 30  # of 80
    assert surely <= 6  # 2 are expected
    ability = np.linspace(0, 5, 30)
    turned = np.column_stack([ability, ability, 5 - ability])
    assert page(scored(turned)).count("the better do worse") == 1
    few = page(scored(turned[:4]))
    assert "the better do worse" not in few


def test_at_most_a_quarter_of_a_class_is_listed_and_the_neediest_first():
    works = [work(f"s{k:02}", answer(score=k / 10, most=10.0)) for k in range(30)]
    html = page(works)
    assert re.findall(r'<tr><td><a href="students/p.html">(s\d\d)</a></td><td>\d+% of the points',
                      html) == [f"s{k:02}" for k in range(7)]
    assert "7 of 30 students, those with most reasons first" in html
    assert "The rules name 23 more." in html
    students = dict.fromkeys((one.student for one in works), "")
    assert len(rows(tables([ONE], works, students, [], {})["help.csv"])) == 7


def test_the_spread_is_numpys():
    points = RNG.uniform(0, 5, size=(37, 3))
    points[0], points[1] = 5, 0
    shares = points.sum(axis=1) / 15
    found = statistics.spread(scored(points))
    assert found.mean == pytest.approx(shares.mean())
    assert found.deviation == pytest.approx(shares.std(ddof=1))
    assert found.quartiles == pytest.approx(np.quantile(shares, [0.25, 0.5, 0.75]))
    assert list(found.bins) == list(np.histogram(shares, bins=10, range=(0, 1))[0])
    assert statistics.spread([]) is None
    assert statistics.spread(scored([[5.0]])).quartiles == (1.0, 1.0, 1.0)
    tenths = statistics.spread(scored([[most * 0.1] for most in range(11)], most=1.0))
    assert tenths.bins == (1,) * 9 + (2,)


def test_a_late_penalty_is_taken_off_and_no_score_is_below_nothing():
    assert work("ann", answer(score=2.0, most=4.0), penalty=1.0).share == 0.25
    assert work("ann", answer(score=2.0, most=4.0), penalty=3.0).share == 0.0
    assert work("ann", answer("bonus", 0.0, 0.0)).share == 0.0


def test_checks_are_counted_by_those_that_looked_at_an_answer():
    works = [work("a", answer(checks=[("x", True), ("y", False)])),
             work("b", answer(checks=[("x", False), ("y", False)])),
             work("c", answer(checks=[("x", False), ("y", False)], error="missing")),
             work("d", answer(checks=[("x", True), ("y", True)]))]
    assert [(one.label, one.failed, one.count) for one in statistics.failing(works)] == [
        ("y", 2, 3), ("x", 1, 3)]


def test_misconceptions_are_counted_and_their_examples_name_nobody():
    wrong = {"a": "def f(x):\n    return x  # by ann", "b": "def f(x):\n    'of bob'\n    return x",
             "c": "def f(x):\n    print('ann')\n", "d": "def f(", "e": "", "f": "max(1)"}
    works = [work(student, answer(wrong="same", text=text)) for student, text in wrong.items()]
    works += [work("g", answer(wrong="other", text="ann = 1")), work("h", answer(error="missing"))]
    same, other = statistics.held_misconceptions(works, {"01_one": ONE}, ["ann", "Max", "x"])
    assert (same.students, same.answered, same.hint) == (6, 7, "Hint: same.")
    assert same.example == "max(1)"
    assert same.headings == ("What it is", "Exercise 1")
    assert (other.students, other.example) == (1, "")
    kept = statistics.held_misconceptions([one for one in works if one.student != "f"],
                                          {"01_one": ONE}, ["ann"])
    assert kept[0].example == "def f(x):\n    return x"


def test_a_function_of_a_docstring_alone_still_is_python():
    assert statistics.anonymous('def f(x):\n    """Says."""') == "def f(x):\n    pass"
    assert statistics.anonymous("a\0b") == ""
    assert statistics.anonymous("(" * 1000) == ""


def test_who_may_need_help_and_why():
    def three(student, *shares):
        return [work(student, answer(score=share, most=1.0), lesson=name)
                for name, share in zip(("01_one", "02_two", "03_three"), shares, strict=False)
                if share is not None]

    works = [*three("good", 0.9, 0.9, 0.66), *three("gone", 0.9), *three("low", 0.5, 0.5, 0.49),
             *three("fell", 1.0, 1.0, 0.75), *three("skipped", 1.0, None, 1.0)]
    chapters = [ONE, TWO, Chapter("03_three", "Three"), Chapter("04_four", "Four")]
    students = ["good", "gone", "low", "fell", "skipped", "new"]
    found = {one.student: one.reasons for one in attention.attention(works, chapters, students)}
    assert found == {
        "new": ("nothing handed in of One", "nothing handed in of Two",
                "nothing handed in of Three"),
        "gone": ("nothing handed in of Two", "nothing handed in of Three"),
        "low": ("49% of the points in Three",),
        "fell": ("75% in Three, 100% before",),
        "skipped": ("nothing handed in of Two",)}
    assert list(found)[:2] == ["new", "gone"]
    assert attention.attention([], chapters, []) == []
    early = three("first", 1.0)
    assert attention.attention(early, chapters, students[:3] + ["first"]) == []


def test_the_course_of_time_counts_who_has_handed_in():
    times = [NOON, NOON, NOON + timedelta(hours=1), None]
    assert statistics.course_of_time([work(str(k), time=time) for k, time in enumerate(times)]) == [
        (NOON, 2), (NOON + timedelta(hours=1), 3)]
    assert statistics.course_of_time([]) == []


# Pages


def evil_class():
    wrong = answer(f"f{EVIL}", 0.0, 2.0, checks=[(EVIL, False)], wrong=f"w{EVIL}",
                   text=f"def f():\n    return {EVIL!r}")
    return [work(f"{name}{EVIL}", wrong, answer("why", waiting=True), time=NOON, late=True)
            for name in ("ann", "bob")]


def test_hints_are_shown_with_their_little_markdown():
    works = [work(student, answer(wrong="*same* as `f`")) for student in ("ann", "bob")]
    held = statistics.held_misconceptions(works, {"01_one": ONE})
    for made in (page(works, held=held), student_page("ann", [ONE], works, NOON)):
        assert "Hint: <em>same</em> as <code>f</code>." in made


def test_pages_run_nothing_and_load_nothing():
    works = evil_class()
    chapter = Chapter("01_one", f"One{EVIL}", NOON, {f"f{EVIL}": (EVIL,)})
    text = Text(EVIL, f"x = {EVIL!r}\n\x1b[31m\u202e")
    pairs = {"01_one": [Pair(works[0].student, works[1].student, 20, 1.0,
                             (Alike(text, text, frozenset({1}), frozenset({2})),))]}
    held = statistics.held_misconceptions(works, {"01_one": chapter})
    assert held[0].example
    whole = page(works, [chapter], pairs, held)
    for made in (whole, student_page(works[0].student, [chapter], works, NOON)):
        assert "<script" not in made
        assert "\x1b" not in made
        assert "\u202e" not in made
        assert not re.search(r"""\s(on\w+|style|src)\s*=""", re.sub(r">[^<]*<", "><", made))
        assert "http" not in re.sub(r"http-equiv", "", made)
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made)[1]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert made.count("<svg") == made.count('role="img"') == made.count("aria-label=")
    for shown in ("ann&lt;script&gt;", "Exercises as measures", "A place to look, never a verdict",
                  "<mark>"):
        assert shown in whole


def test_the_style_of_a_page_is_the_one_that_its_policy_allows():
    made = page([work("ann")])
    style = re.search(r"<style>(.*?)</style>", made, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in made


def test_a_students_page_has_nothing_of_anybody_else():
    works = [work("ann", answer(score=1.5, wrong="mine", checks=[("x", False)]), time=NOON,
                  late=True, penalty=0.5),
             work("bob", answer(score=0.123, wrong="theirs")),
             work("bob", answer(score=0.123), lesson="02_two")]
    made = student_page("ann", [ONE, TWO], works, NOON)
    for own in ("ann", "1 / 2", "0.5 points off", "late", "Hint: mine.", "What it is › Exercise 1"):
        assert own in made
    for other in ("bob", "0.123", "theirs", "mean"):
        assert other not in re.sub(r"<style>.*?</style>", "", made, flags=re.DOTALL)


def test_a_students_page_says_when_nothing_is_to_be_done_and_when_nothing_is_there():
    assert "Well done!" in student_page("ann", [ONE], [work("ann", answer(score=2.0))], NOON)
    assert "Nothing of yours is marked yet." in student_page("ann", [ONE], [], NOON)


def test_a_class_without_trouble_has_its_page_too():
    made = page([work("ann", answer(score=2.0))])
    for words in ("No answer was recognized", "Every check passed", "nobody",
                  "No pair of submissions"):
        assert words in made


def test_charts_say_what_they_show_and_stay_inside():
    drawn = bars([1, 5, 0], ["a", "<b>", "c"], "A & \"B\"")
    assert 'aria-label="A &amp; &#34;B&#34;"' in drawn
    assert "&lt;b&gt;" in drawn
    tops = [float(y) for y in re.findall(r'<rect[^>]* y="([\d.]+)"', drawn)]
    talls = [float(tall) for tall in re.findall(r'height="([\d.]+)"/>', drawn)]
    assert len({round(top + tall, 1) for top, tall in zip(tops, talls, strict=True)}) == 1
    assert talls[1] == pytest.approx(5 * talls[0], abs=0.3)
    assert steps([], [], "nothing") == ""
    assert steps([("1", [(NOON, 3)])], [], "one moment").count("<path") == 1
    long = steps([("1", [(NOON, 1), (NOON + timedelta(days=400), 2)])], [("due", NOON)], "a year")
    assert long.count("<text") < 15


# Tables


def test_tables_hold_what_the_page_says_and_no_formula():
    works = [work("=1+1", answer(wrong="same", checks=[("@x", False)]), time=NOON),
             work("-2", answer(wrong="same", checks=[("@x", False)]), late=True)]
    made = tables([ONE, TWO], works, dict.fromkeys(["=1+1", "-2", "cem"], "=2"),
                  statistics.held_misconceptions(works, {"01_one": ONE}),
                  {"01_one": [Pair("=1+1", "-2", 12, 0.8, ())]})
    assert rows(made["submissions.csv"])[0] == {
        "lesson": "01_one", "student": "'=1+1", "name": "'=2",
        "handed_in_utc": "2030-01-01T12:00:00",
        "late": "0", "points": "1.0", "of": "2.0", "penalty": "0.0", "to_read": "0"}
    assert [row["late"] for row in rows(made["submissions.csv"])] == ["0", "1"]
    assert rows(made["misconceptions.csv"])[0]["students"] == "2"
    assert rows(made["checks.csv"])[0]["check"] == "'@x"
    assert [row["lesson"] for row in rows(made["lessons.csv"])] == ["01_one"]
    assert rows(made["items.csv"])[0]["discrimination"] == ""
    assert rows(made["alike.csv"])[0]["one"] == "'=1+1"
    assert {row["student"] for row in rows(made["help.csv"])} == {"cem"}


# The folder


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A class that handed in, graded by looking; cem is enrolled and handed in nothing."""
    lesson = demo.course(tmp_path_factory.mktemp("report") / "course")
    hand_in(lesson, "ann", RIGHT)
    hand_in(lesson, "bob", {"half": RIGHT["half"]})
    hand_in(lesson, f"e{EVIL}".replace("/", ""), RIGHT)
    run(lesson.root)
    change(lesson.root, "insert into student (id, first_name) values ('cem', 'Cem')")
    return lesson.root


def test_the_report_is_written_beside_the_class(root):
    done = write(root=root)
    assert done.page == root / "grading" / "report" / NAME
    assert (done.students, done.submissions, done.notices) == (4, 3, ())
    made = done.page.read_text()
    links = re.findall(r'href="(students/[^"]+)"', made)
    assert len({*links}) == 4
    assert all((done.page.parent / link).is_file() for link in links)
    assert sorted(path.name for path in done.page.parent.iterdir()) == [
        "alike.csv", "checks.csv", "help.csv", "items.csv", "lessons.csv", "misconceptions.csv",
        NAME, "same.csv", "students", "submissions.csv"]
    (ann,) = (done.page.parent / "students").glob("ann-*")
    for name in ("bob", "cem"):
        assert name not in ann.read_text()
    before = {path: path.read_bytes() for path in done.page.parent.glob("*.csv")}
    write(root=root)
    assert {path: path.read_bytes() for path in done.page.parent.glob("*.csv")} == before


def test_the_report_says_whose_work_waits_as_export_counts_it(root, tmp_path):
    waiting = write(root=root).waiting
    assert ("01_demo", "ann", ("why",)) in waiting
    assert len(waiting) == export(tmp_path / "marks.csv", "nbgrader", root).waiting == 2


def test_files_that_are_the_same_stand_in_the_report(root):
    page = write(root=root).page
    [row] = list(csv.DictReader(io.StringIO((page.parent / "same.csv").read_text())))
    assert (row["one"], row["same_file"]) == ("ann", "1")
    text = page.read_text()
    assert "The files are the same to the byte." in text
    assert "never a verdict" in text


def test_an_answer_says_where_its_matter_stands(tmp_path):
    text = demo.LESSON.replace("# %% exercise: half", "# %% [markdown]\n# ## Halves\n#\n# Two."
                               "\n#\n# ## Exercise 2: half\n\n# %% exercise: half")
    lesson = demo.course(tmp_path / "course", text)
    hand_in(lesson, "ann", RIGHT)
    hand_in(lesson, "bob", {})
    run(lesson.root)
    write(root=lesson.root)
    (bob,) = (tmp_path / "course/grading/report/students").glob("bob-*")
    assert "Halves › Exercise 2: half" in bob.read_text()


@pytest.mark.parametrize("spoil", [
    lambda path: path.unlink(), lambda path: path.write_text("{"), lambda path: path.write_text(
        '{"cells": [{}], "nbformat": 4}'), lambda path: path.write_bytes(b"\xff")],
    ids=["gone", "no JSON", "no notebook", "no text"])
def test_a_notebook_that_can_not_be_read_is_told_and_its_marks_count(root, spoil):
    path = autograded(root, "bob") / f"{demo.NAME}.ipynb"
    kept = path.read_bytes()
    path.chmod(0o644)
    spoil(path)
    try:
        done = write(root=root)
        assert done.notices == ("bob, 01_demo: the autograded notebook can't be read; only the "
                                "marks count.",)
        found = rows((done.page.parent / "submissions.csv").read_text())
        assert [(row["student"], row["points"]) for row in found][1] == ("bob", "1.0")
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(kept)


def test_nobodys_files_are_written_over(root, tmp_path):
    full = tmp_path / "thesis"
    full.mkdir()
    (full / "report.txt").write_text("mine")
    for folder, reason in ((full, "holds other files"), (full / "report.txt", "is not a folder"),
                           (root / "grading" / "submitted", "holds other files")):
        with pytest.raises(UserError, match=reason):
            write(folder, root)
    assert [path.name for path in full.iterdir()] == ["report.txt"]
    assert write(tmp_path / "new" / "deep", root).page.is_file()
    assert write(tmp_path / "new" / "deep", root).page.is_file()


def test_a_class_of_which_nothing_is_graded_has_no_report(tmp_path):
    lesson = demo.course(tmp_path / "course")
    hand_in(lesson, "ann", RIGHT)
    with pytest.raises(UserError, match=r"^Nothing is graded yet\. [^\n]*$"):
        write(root=lesson.root)
    assert not (lesson.root / "grading" / "report").exists()


def test_trouble_is_one_line(root, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"^[^\n]*file[^\n]*$"):
        write(tmp_path / "file" / "inside", root)
    database = root / "grading" / "gradebook.db"
    kept = database.read_bytes()
    database.write_bytes(b"no database at all" * 100)
    try:
        with pytest.raises(UserError, match=r"^The gradebook: [^\n]*$"):
            write(root=root)
    finally:
        database.write_bytes(kept)
