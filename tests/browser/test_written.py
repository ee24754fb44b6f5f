"""A teacher at the sheet of written answers: read, mark by mouse and keys, save, enter."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autograder.course import Lesson
from autograder.feedback.written import enter, write
from browser.driver import PATIENCE
from support import demo
from support.classes import RIGHT, change, hand_in, run
from support.demo import NAME
from support.written import LESSON, comments, given_by_hand

pytestmark = pytest.mark.browser
EVIL = "</script></pre><img src=x onerror=\"document.title = 'owned'\"><script>alert(1)</script>"
COMMENT = "=1+1, \"quoted\"\n- and a second line"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    lesson = demo.course(tmp_path_factory.mktemp("class") / "course", LESSON)
    for student, words in {"ann": "Twice is more.", "bob": EVIL, "cem": ""}.items():
        hand_in(lesson, student, {**RIGHT, "why": words} if words else {})
    run(lesson.root)
    return lesson


@pytest.fixture
def lesson(made: Lesson, tmp_path: Path) -> Lesson:
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


@pytest.fixture
def page(browser: Browser, lesson: Lesson) -> Iterator[Page]:
    """The sheet, whose console stays silent and which asks for nothing."""
    complaints: list[str] = []
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(PATIENCE)
        one = context.new_page()
        one.on("console", lambda said: complaints.append(said.text))
        one.on("pageerror", lambda error: complaints.append(str(error)))
        one.on("request", lambda asked: asked.url.startswith(("file:", "blob:"))
               or complaints.append(asked.url))
        one.goto(write(NAME, root=lesson.root).path.as_uri())
        yield one
    assert complaints == []


def answer(page: Page, student: str) -> Locator:
    return page.locator(f'article[data-student="{student}"][data-exercise="why"]')


def points(page: Page, student: str) -> Locator:
    return answer(page, student).get_by_label("points")


def choose(page: Page, student: str, *values: str) -> None:
    """Click on a value of each item."""
    for place, value in enumerate(values):
        answer(page, student).get_by_role("group").nth(place).get_by_role(
            "radio", name=value, exact=True).click()


def saved(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save marks.csv").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_what_is_clicked_is_added_up_kept_saved_and_entered(page, lesson, tmp_path):
    expect(page.get_by_text("0 of 2 marked")).to_be_visible()
    expect(answer(page, "ann").get_by_text("ann", exact=True)).to_be_hidden()
    choose(page, "ann", "1", "½")
    expect(answer(page, "ann").locator(".so-far")).to_have_text("1.5 so far")
    expect(points(page, "ann")).to_have_value("")
    choose(page, "ann", "1", "½", "1")
    expect(points(page, "ann")).to_have_value("2.5")
    answer(page, "ann").get_by_label("comment").fill(COMMENT)
    choose(page, "bob", "1", "1", "1")
    points(page, "bob").fill("3,5")  # is not what the items say, and more than there are
    expect(answer(page, "bob").locator(":checked")).to_have_count(0)
    expect(page.get_by_text("1 of 2 marked, 1 without points that count")).to_be_visible()
    points(page, "bob").fill("1,25")
    page.reload()
    expect(page.get_by_text("2 of 2 marked")).to_be_visible()
    expect(points(page, "ann")).to_have_value("2.5")
    expect(answer(page, "ann").locator(":checked")).to_have_count(3)
    expect(answer(page, "bob").locator(":checked")).to_have_count(0)

    path = saved(page, tmp_path)
    assert path.name == "marks.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}
    assert {key: row["points"] for key, row in rows.items()} == {
        ("ann", "why"): "2.5", ("bob", "why"): "1.25", ("cem", "why"): "0",
        ("ann", "what"): "0", ("bob", "what"): "0", ("cem", "what"): "0"}
    assert rows["ann", "why"]["comment"] == f"'{COMMENT}"
    done = enter(NAME, path, lesson.root)
    assert (done.new, done.same, done.notices) == (2, 4, [])
    found = given_by_hand(lesson)
    assert (found["ann", "why"], found["bob", "why"]) == ((2.5, False), (1.25, False))
    assert comments(lesson) == {"ann": COMMENT, "bob": None, "cem": None}
    page.goto(write(NAME, root=lesson.root).path.as_uri())
    expect(answer(page, "ann").locator(":checked")).to_have_count(3)
    expect(points(page, "bob")).to_have_value("1.25")


def test_keys_are_enough(page):
    keys = page.keyboard
    first, second = (page.locator("article").nth(place) for place in range(2))
    keys.press("j")
    expect(first).to_be_focused()
    keys.type("1223")
    expect(first.get_by_label("points")).to_have_value("2.5")
    keys.press("3")
    expect(first.get_by_label("points")).to_have_value("2")
    keys.press("c")
    keys.type("jka1")
    keys.press("Escape")
    expect(first).to_be_focused()
    expect(first.get_by_label("comment")).to_have_value("jka1")
    keys.press("u")
    expect(second).to_be_focused()
    keys.press("a")
    expect(second.get_by_label("points")).to_have_value("3")
    keys.press("k")
    expect(first).to_be_focused()
    keys.press("Tab")
    keys.press("ArrowRight")
    expect(first.locator(":checked").first).to_have_value("0")
    expect(page.get_by_text("2 of 2 marked")).to_be_visible()
    page.locator("#names").focus()
    keys.press("1")  # belongs to no answer
    expect(first.get_by_label("points")).to_have_value("1")


def test_the_gradebooks_mark_counts_once_it_is_another(page, lesson, tmp_path):
    choose(page, "ann", "1", "1", "1")
    change(lesson.root, "update grade set manual_score = 0.5, needs_manual_grade = 0 "
                        "where needs_manual_grade = 1")
    page.goto(write(NAME, root=lesson.root).path.as_uri())
    expect(points(page, "ann")).to_have_value("0.5")
    hand_in(lesson, "bob", {"why": "Otherwise."}, None)
    run(lesson.root, force=True)
    page.goto(write(NAME, root=lesson.root).path.as_uri())
    expect(points(page, "ann")).to_have_value("0.5")  # her answer is the one that was marked
    expect(points(page, "bob")).to_have_value("")
    expect(answer(page, "bob").get_by_text("The answer has changed.")).to_be_visible()
    expect(answer(page, "bob").locator("pre")).to_have_text(["Otherwise.", EVIL])
    answer(page, "bob").get_by_role("button", name="Keep 0.5").click()
    expect(points(page, "bob")).to_have_value("0.5")


def test_what_a_student_wrote_is_read_and_does_nothing(page):
    expect(answer(page, "bob").locator("pre")).to_have_text(EVIL)
    assert page.title() == "A lesson: written answers"
    page.get_by_label("names").check()
    expect(answer(page, "bob").get_by_text("bob", exact=True)).to_be_visible()


def test_without_its_script_it_is_a_sheet_to_print(browser, lesson):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(write(NAME, root=lesson.root).path.as_uri())
        expect(page.get_by_role("button", name="Save marks.csv")).to_be_hidden()
        page.emulate_media(media="print")
        expect(answer(page, "ann").get_by_role("radio")).to_have_count(9)
        expect(answer(page, "ann").get_by_label("comment")).to_be_visible()
        expect(page.locator(".bar")).to_be_hidden()


@pytest.mark.parametrize("width", [380, 900, 1280])
def test_nothing_is_wider_than_the_screen(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    key = page.locator(".key").first
    page.evaluate("scrollTo(0, 200)")
    assert (key.evaluate("key => getComputedStyle(key).position") == "sticky") == (width > 928)
