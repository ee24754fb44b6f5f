"""The book as a reader has it: files opened in a browser, no kernel, no network."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autograder.course import ROOT, lessons
from browser.driver import press
from support.secrets import secrets

LESSONS = lessons()
by_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
STILL = {"07_regularization"}  # a picture in the book: it trains while one looks


@pytest.fixture(scope="session")
def site() -> str:
    """The address of the site that `make book` makes."""
    made = subprocess.run(
        ["make", "--no-print-directory", "book", f"ENV={sys.prefix}", "-o",
         f"{sys.prefix}/course.stamp"], cwd=ROOT, capture_output=True, text=True, timeout=900,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")})
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    return (ROOT / "book" / "_build" / "html").as_uri()


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    """A page whose console stays silent and which asks no other host for anything."""
    complaints: list[str] = []
    with browser.new_context(viewport={"width": 1280, "height": 1000},
                             color_scheme=request.param) as context:
        one = context.new_page()
        one.on("console", lambda said: said.type in ("error", "warning")
               and complaints.append(said.text))
        one.on("pageerror", lambda error: complaints.append(str(error)))
        one.on("request", lambda asked: asked.url.startswith((site, "blob:", "data:"))
               or complaints.append(asked.url))
        yield one
    assert complaints == []


def opened(page: Page, site: str, name: str) -> Locator:
    """A lesson's explorer."""
    page.goto(f"{site}/{name}/{name}.html")
    explorer = page.locator(".explorer")
    if name not in STILL:
        expect(explorer.locator(".nn-explorer")).to_be_visible()
    return explorer


def part(explorer: Locator, role: str) -> Locator:
    return explorer.locator(f'[data-role="{role}"]')


@by_lesson
def test_a_page_has_figures_formulas_folded_hints_and_no_secret(page, site, lesson):
    explorer = opened(page, site, lesson.name)
    expect(page.locator("mjx-container").first).to_be_visible()
    pictures = page.locator(".cell_output img")
    assert pictures.count() >= 3
    # Of a figure's panels the first has the text, for all of them.
    alts = [one.get_attribute("alt") for one in pictures.all()]
    assert alts[0]
    assert all(len(alt) >= 20 for alt in alts if alt)
    assert len([alt for alt in alts if alt]) >= 3
    hints = page.locator("details:has(> summary:text('Hint 1'))")
    assert hints.count() >= 3
    assert not page.locator("details[open]").count()
    text = page.locator("article").evaluate("article => article.textContent")
    assert "NotImplementedError" in text
    assert not [line for line in secrets(lesson) if line in text]
    assert explorer.locator(".explorer-picture img").first.is_visible() == (lesson.name in STILL)
    page.emulate_media(media="print")
    expect(explorer.locator(".explorer-picture img").first).to_be_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_the_first_page_leads_to_the_lessons(page, site):
    page.goto(f"{site}/index.html")
    page.locator("article").get_by_role("link", name="7 · Regularization").click()
    expect(page).to_have_url(f"{site}/{LESSONS[6].name}/{LESSONS[6].name}.html")


def test_what_only_views_works(page, site):
    explorer = opened(page, site, "05_activations")
    curves = part(explorer, "curve")
    before = curves.get_attribute("aria-label")
    part(explorer, "function-sigmoid").uncheck()
    expect(curves).not_to_have_attribute("aria-label", before)
    assert "sigmoid" not in curves.get_attribute("aria-label")
    expect(explorer.locator(".explorer-note")).to_be_empty()


def test_what_was_recorded_is_answered(page, site):
    explorer = opened(page, site, "03_forward_pass")
    right = explorer.get_by_text("unseen digits right")
    three = right.inner_text()
    part(explorer, "layers-1").check()
    expect(right).not_to_have_text(three)
    expect(explorer.locator(".explorer-note")).to_be_empty()


def test_optimizers_walk_through_another_valley(page, site):
    explorer = opened(page, site, "08_optimizers")
    message = part(explorer, "message")
    expect(message).to_have_text("First to arrive: RMSprop, after 28 steps.")
    press(part(explorer, "kappa"), "End")
    expect(part(explorer, "kappa-value")).to_have_text("50")  # the nearest that was recorded
    press(part(explorer, "turn"), "End")
    press(part(explorer, "rate"), "Home")
    expect(part(explorer, "rate-value")).to_have_text("0.0360")
    expect(message).to_have_text("First to arrive: momentum, after 125 steps.")
    press(part(explorer, "start1"), "End")
    expect(part(explorer, "start1-value")).to_have_text("−10.0")
    expect(explorer.locator(".explorer-note")).to_contain_text("JupyterLab")


def test_the_bench_searches_again(page, site):
    explorer = opened(page, site, "09_tuning")
    best = part(explorer, "dice-best")
    before = best.inner_text()
    part(explorer, "again").click()
    expect(best).not_to_have_text(before)
    part(explorer, "trials-25").click()
    expect(part(explorer, "message")).to_contain_text("the dice 25")
    expect(explorer.locator(".explorer-note")).to_be_empty()
    part(explorer, "many").click()
    expect(explorer.locator(".explorer-note")).to_contain_text("JupyterLab")


def test_the_tape_of_another_program_is_walked(page, site):
    explorer = opened(page, site, "10_autograd")
    part(explorer, "preset-diamond").click()
    part(explorer, "end").click()
    expect(part(explorer, "gradient-u")).to_have_text("du 4")
    expect(explorer.locator(".explorer-note")).to_be_empty()
    press(part(explorer, "a"), "End")
    expect(part(explorer, "a-value")).to_have_text("2.00")
    expect(explorer.locator(".explorer-note")).to_contain_text("JupyterLab")


def test_a_name_is_read_letter_by_letter(page, site):
    explorer = opened(page, site, "14_recurrent")
    message = part(explorer, "message")
    expect(message).to_contain_text("After 10 letters")
    part(explorer, "preset-mary").click()
    expect(message).to_contain_text("After 4 letters")
    expect(explorer.locator(".explorer-note")).to_be_empty()
    part(explorer, "draw").click()
    expect(explorer.locator(".explorer-note")).to_contain_text("JupyterLab")


def test_letters_of_another_name_look_at_each_other(page, site):
    explorer = opened(page, site, "15_attention")
    expect(part(explorer, "head-3")).to_contain_text("o at 7: 0.95")
    part(explorer, "name-jennifer").click()
    expect(part(explorer, "caption")).to_have_text("What r at place 8 looks at most")
    press(part(explorer, "row"), "Home")
    expect(part(explorer, "head-1")).to_contain_text("· at 0: 1.00")
    part(explorer, "with-masked").uncheck()
    expect(part(explorer, "head-1")).not_to_contain_text("· at 0: 1.00")
    press(part(explorer, "temperature"), "End")
    expect(part(explorer, "temperature-value")).to_have_text("10.0")
    expect(explorer.locator(".explorer-note")).to_be_empty()
    part(explorer, "text").fill("amy")
    expect(explorer.locator(".explorer-note")).to_contain_text("JupyterLab")


def test_the_pad_reads_its_scans_and_keeps_no_drawing(page, site):
    explorer = opened(page, site, "17_capstone")
    pad, message = part(explorer, "pad"), part(explorer, "message")
    scan = part(explorer, "scan-4")
    scan.click()
    expect(message).to_contain_text(re.compile(
        rf"reads an? {scan.inner_text()}\. It is one|It is a scan of a {scan.inner_text()}"))
    expect(explorer.locator(".explorer-note")).to_be_empty()
    before = pad.get_attribute("aria-label")
    pad.click(position={"x": 5, "y": 5})
    expect(explorer.locator(".explorer-note")).to_contain_text("JupyterLab")
    expect(pad).to_have_attribute("aria-label", before)


def test_the_perceptron_learns_and_can_be_reset(page, site):
    explorer = opened(page, site, "01_perceptron")
    updates = part(explorer, "updates")
    expect(updates).to_have_text("0")
    for count in ("1", "2"):
        part(explorer, "update").click()
        expect(updates).to_have_text(count)
    part(explorer, "reset").click()
    expect(updates).to_have_text("0")


def test_what_needs_python_stays_and_says_so(page, site):
    explorer = opened(page, site, "01_perceptron")
    press(part(explorer, "w1"), "ArrowRight", 3)
    expect(part(explorer, "w1-value")).to_have_text("0.00")
    expect(explorer.locator(".explorer-note")).to_contain_text("JupyterLab")
    part(explorer, "update").click()
    expect(explorer.locator(".explorer-note")).to_be_empty()
