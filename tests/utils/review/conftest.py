"""A student's folder, and feedback pages that tell of mistakes."""

import html
import json

import pytest

CHOICE = {"exercise": "quiz_spam", "chosen": "a", "right": "c",
          "question": "**Question 2.** Is it *spam*?",
          "choices": [{"letter": letter, "text": f"text {letter}", "why": f"why {letter}"}
                      for letter in "abc"]}
CASES = [{"call": f"double({n}.0)", "right": f"{2 * n}.0", "wrong": [f"{n * n}.0", f"{n / 2}"]}
         for n in range(3, 8)]
SQUARE = {"exercise": "double", "misconception": "it_squares", "hint": "Is 3 doubled 9?",
          "cases": CASES}


def page(*wrong, lesson="01_demo", handed_in="2026-01-01 10:00:00 UTC"):
    """A feedback page's head, as far as a review looks at it."""
    data = html.escape(json.dumps({"lesson": lesson, "handed_in": handed_in, "wrong": wrong}))
    return ('<!DOCTYPE html><html><head><meta charset="utf-8"><style>p > a {}</style>'
            f'<meta name="review" content="{data}"></head><body></body></html>')


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A student's folder in which nothing is noted; the kernel is that of the start page."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def feedback(folder):
    """Put a page where nbgrader does."""
    def put(*wrong, submission="2026-01-01 10:00:00 UTC", **about):
        name = about.get("lesson", "01_demo")
        path = folder / name / "feedback" / submission / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(*wrong, handed_in=submission, **about))
        return path
    return put
