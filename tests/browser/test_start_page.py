"""The start page in JupyterLab: which milestones are reached, and the way to the others."""

import json
import shutil

import pytest
from playwright.sync_api import expect

from autograder.course import ROOT
from browser.driver import Lab, Notebook
from browser.server import Server

pytestmark = pytest.mark.browser


def test_milestones_are_marked_and_lead_to_what_is_missing(lab: Lab, server: Server) -> None:
    shutil.copy(ROOT / "lessons" / "start.ipynb", server.work)
    (server.work / ".progress.json").write_text(json.dumps(
        {"milestones": {"1958": {}, "2015": {}}}))
    lab.page.goto(f"{server.url}lab/tree/work/start.ipynb?reset")
    notebook = Notebook(lab.page, "work/start.ipynb")
    for cell in ("setup", "milestones"):
        notebook.run(cell)
    table = lab.page.get_by_role("table", name="Your milestones")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(5)
    for row, (start, end) in enumerate((
            ("● 1958", "reached"), ("○ 1986", "lesson 17"), ("○ 1998", "lesson 17"),
            ("● 2015", "reached"), ("○ 2017", "lesson 17"))):
        expect(rows.nth(row).locator("td").first).to_contain_text(start)
        expect(rows.nth(row).locator("td").last).to_contain_text(end)
    expect(rows.first).to_contain_text("XOR")
    # JupyterLab opens a notebook at its top, and goes to a heading in one that is open.
    for _ in range(2):
        lab.page.locator(".lm-TabBar-tab", has_text="start.ipynb").click()
        table.get_by_role("link", name="lesson 17").first.click()
        Notebook(lab.page, "work/17_capstone/17_capstone.ipynb")
    heading = lab.page.get_by_role("heading", name="Milestones: sixty years in five steps")
    expect(heading).to_be_in_viewport()
