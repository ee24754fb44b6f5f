"""`pytest --lesson NAME` runs only what concerns one lesson: `make test LESSON=NAME` calls it."""

import re
from pathlib import Path

import pytest
from hypothesis import settings

from autograder.course import Lesson, find_lesson
from autograder.errors import UserError

# A busy machine takes longer now and then, which says nothing about the code.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
EXPLORERS = re.compile(r"^from utils\.widgets import (.+)$", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lesson", metavar="NAME", help="only the tests that concern this lesson")


def pytest_configure(config: pytest.Config) -> None:
    if name := config.getoption("--lesson"):
        try:
            find_lesson(name)
        except UserError as error:
            raise pytest.UsageError(str(error)) from error


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    name = config.getoption("--lesson")
    if not name:
        return
    lesson = find_lesson(name)
    explorers = EXPLORERS.findall(lesson.source.read_text(encoding="utf-8"))
    names = {word.strip() for line in explorers for word in line.split(",")}
    kept, left_out = [], []
    for item in items:
        (kept if concerns(item, lesson, names) else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


def concerns(item: pytest.Item, lesson: Lesson, explorers: set[str]) -> bool:
    """Is a test made for this lesson, about its claims, or about one of its explorers?"""
    made_for = getattr(item, "callspec", None) and item.callspec.params.get("lesson")
    if isinstance(made_for, Lesson):
        return made_for.name == lesson.name
    path = Path(item.path)
    if path.parent.name == "truth":
        return path.stem == f"test_{lesson.name}"
    return path.parent.name == "widgets" and bool(explorers.intersection(vars(item.module)))
