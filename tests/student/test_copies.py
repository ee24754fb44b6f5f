"""The student's copies: nothing of theirs is ever written over."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelspec import get_kernel_dict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeSubmit

from autograder.authoring.build import build
from autograder.course import ROOT
from autograder.errors import UserError
from autograder.gradebook.settings import settings
from autograder.student import copies
from support.front_ends import nbstripout

NAME = "01_demo"
LESSON = '''\
# %% [markdown]
# # A lesson

# %% exercise: one
def one():
    """Gives 1."""
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION

# %% tests: one, 2 points
with check("is 1"):
    check.equal(check.call(one), 1)

# %% exercise: two
def two():
    """Gives 2."""
    ### BEGIN SOLUTION
    return 2
    ### END SOLUTION

# %% tests: two, 1 point
with check("is 2"):
    check.equal(check.call(two), 2)

# %% [markdown]
# Play with it.

# %%
print("play")
'''
ANSWER = 'def one():\n    """Gives 1."""\n    return 3 - 2'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree of its own with one lesson, built."""
    monkeypatch.delenv("NBGRADER_EXCHANGE", raising=False)
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "nbgrader_config.py", tmp_path / "config")
    shutil.copy(ROOT / "course.toml", tmp_path)
    write_lesson(tmp_path, LESSON)
    return tmp_path


def write_lesson(root: Path, text: str, name: str = NAME) -> None:
    (root / "solutions").mkdir(exist_ok=True)
    (root / "solutions" / f"{name}.py").write_text(text)
    build(root)


def change_lesson(root: Path) -> None:
    """Other prose, another stub, one more exercise: what a new version brings."""
    more = LESSON[LESSON.index("# %% exercise: two"):LESSON.index("# %% [markdown]\n# Play")]
    write_lesson(root, LESSON.replace("# # A lesson", "# # A better lesson")
                 .replace('"Gives 2."', '"Gives two."') + "\n" + more.replace("two", "three"))


def copy_of(root: Path, name: str = NAME) -> Path:
    return root / "work" / name / f"{name}.ipynb"


def edit(path: Path, change: Callable[[NotebookNode], None]) -> bytes:
    """Change a copy as JupyterLab would: by saving the whole notebook."""
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)
    return path.read_bytes()


def answer(notebook: NotebookNode) -> None:
    """What a student does: fills one answer, edits a free cell, adds a cell, runs it."""
    cell(notebook, "one").source = ANSWER
    notebook.cells[-1].source = "print('mine')"
    notes = new_code_cell("x = 1\nx", outputs=[
        new_output("execute_result", {"text/plain": "1"}, execution_count=1)])
    notebook.cells.insert(4, notes)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == name)


def sources(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


def kept_files(root: Path) -> list[Path]:
    return sorted(copy_of(root).parent.glob("*.before-*.ipynb"))


def state(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {path: (path.stat().st_mtime_ns, path.read_bytes())
            for path in folder.rglob("*") if path.is_file()}


def test_the_first_fetch_releases_and_brings_every_lesson(root: Path) -> None:
    write_lesson(root, LESSON, "02_more")
    assert copies.fetch(root) == copies.Fetched((NAME, "02_more"), (NAME, "02_more"), (), {})
    released = root / "lessons" / NAME / f"{NAME}.ipynb"
    copy, release = nbformat.read(copy_of(root), 4), nbformat.read(released, 4)
    assert copy.cells == release.cells


def test_jupyterlab_finds_its_kernel_in_what_is_fetched_so_that_nothing_is_unsaved(
        root: Path) -> None:
    """Else it writes these into the notebook when it opens it."""
    build(root)
    copies.fetch(root)
    for path in (copy_of(root), root / "work" / "start.ipynb"):
        metadata = nbformat.read(path, 4).metadata
        assert metadata.language_info == IPythonKernel.language_info
        spec = get_kernel_dict()
        assert metadata.kernelspec == {
            "name": "python3", "display_name": spec["display_name"], "language": spec["language"]}


def test_a_second_fetch_does_nothing(root: Path) -> None:
    copies.fetch(root)
    before = state(root)
    assert copies.fetch(root) == copies.Fetched((), (), (), {})
    assert state(root) == before


def test_a_lesson_as_the_student_left_it_is_not_outdated(root: Path) -> None:
    copies.fetch(root)
    edit(copy_of(root), answer)
    before = state(root)
    assert copies.fetch(root) == copies.Fetched((), (), (), {})
    assert state(root) == before


def test_the_start_page_comes_along_and_tells_how_far_the_student_is(root: Path) -> None:
    copies.fetch(root)
    page = root / "work" / "start.ipynb"
    shown = cell(nbformat.read(page, as_version=4), "progress")
    assert "A lesson: 0 of 2" in shown.outputs[0]["data"]["text/plain"]
    (root / "work" / ".progress.json").write_text(
        json.dumps({NAME: {"one": {"passed": True}}}))
    copies.fetch(root)
    shown = cell(nbformat.read(page, as_version=4), "progress")
    assert "A lesson: 1 of 2" in shown.outputs[0]["data"]["text/plain"]
    assert list(page.parent.glob("start.before-*")) == []


def test_milestones_come_along_where_a_lesson_reaches_some(root: Path) -> None:
    copies.fetch(root)
    page = root / "work" / "start.ipynb"
    assert "milestones" not in [one.id for one in nbformat.read(page, as_version=4).cells]
    write_lesson(root, LESSON.replace('print("play")', "with milestones.reach(1958) as reached:\n"
                                      "    reached(True)"))
    (root / "work" / ".progress.json").write_text(json.dumps({"milestones": {"1958": {}}}))
    copies.fetch(root)
    shown = cell(nbformat.read(page, as_version=4), "milestones")
    assert "1958, the perceptron: reached." in shown.outputs[0]["data"]["text/plain"]
    assert "<p>1 of 5 reached. " in shown.outputs[0]["data"]["text/html"]


def test_a_start_page_that_was_written_into_is_kept_beside(root: Path) -> None:
    copies.fetch(root)
    page = root / "work" / "start.ipynb"
    for words in ("my notes", "{"):
        page.write_text(page.read_text().replace("Neural networks", words) if words != "{" else "{")
        written = page.read_bytes()
        copies.fetch(root)
        assert "Neural networks" in page.read_text()
        assert written in [kept.read_bytes() for kept in page.parent.glob("start.before-*.ipynb")]


def test_a_changed_lesson_is_released_and_offered_and_the_copy_left_alone(root: Path) -> None:
    copies.fetch(root)
    before = edit(copy_of(root), answer)
    change_lesson(root)
    assert copies.fetch(root) == copies.Fetched((NAME,), (), (NAME,), {})
    assert copy_of(root).read_bytes() == before
    assert copies.fetch(root) == copies.Fetched((), (), (NAME,), {})


def test_hidden_tests_that_changed_are_nothing_to_offer(root: Path) -> None:
    copies.fetch(root)
    hidden = 'check.equal(check.call(one), 1)\n### BEGIN HIDDEN TESTS\nwith check("{}"):\n' \
             "    check.number(check.call(one))\n### END HIDDEN TESTS"
    for label in ("is a number", "is really a number"):
        write_lesson(root, LESSON.replace("check.equal(check.call(one), 1)",
                                          hidden.format(label)))
        copies.fetch(root)
        copies.update(NAME, root)
    assert len(kept_files(root)) == 1  # the first told the student how many checks are hidden


def test_a_lesson_deleted_from_work_is_fetched_again_beside_what_is_there(root: Path) -> None:
    copies.fetch(root)
    own = copy_of(root).with_name("mine.ipynb")
    copy_of(root).rename(own)
    before = own.read_bytes()
    assert copies.fetch(root).fetched == (NAME,)
    assert own.read_bytes() == before
    assert copy_of(root).exists()


def test_update_carries_over_what_is_the_students(root: Path) -> None:
    copies.fetch(root)
    edit(copy_of(root), answer)
    change_lesson(root)
    assert copies.update(NAME, root).path == copy_of(root)
    notebook = nbformat.read(copy_of(root), as_version=4)
    texts = [cell.source for cell in notebook.cells]
    assert cell(notebook, "one").source == ANSWER
    assert "print('mine')" in texts
    assert texts.index("x = 1\nx") == texts.index(cell(notebook, "one-tests").source) + 1
    assert texts[0] == "# A better lesson"
    assert "# A lesson" not in texts
    assert "Gives two." in cell(notebook, "two").source  # a stub that nobody filled is the new one
    assert cell(notebook, "three")
    assert copies.fetch(root) == copies.Fetched((), (), (), {})


def test_update_keeps_the_old_file_to_the_byte_each_time(root: Path) -> None:
    copies.fetch(root)
    versions = []
    for text in ("second", "third", "fourth"):
        versions.append(edit(copy_of(root), answer))
        write_lesson(root, LESSON.replace("A lesson", text))
        kept = copies.update(NAME, root).kept
        assert kept is not None
        assert kept.read_bytes() == versions[-1]
    assert len(kept_files(root)) == 3
    assert sorted(path.read_bytes() for path in kept_files(root)) == sorted(versions)


def test_update_of_a_current_copy_changes_nothing(root: Path) -> None:
    copies.fetch(root)
    edit(copy_of(root), answer)
    before = state(root)
    assert copies.update(NAME, root) == copies.Updated(copy_of(root), None)
    assert state(root) == before


def test_update_puts_deleted_cells_back(root: Path) -> None:
    copies.fetch(root)
    before = sources(copy_of(root))
    edit(copy_of(root), lambda notebook: notebook.cells.remove(cell(notebook, "one-tests")))
    assert copies.fetch(root).outdated == (NAME,)
    copies.update(NAME, root)
    assert sources(copy_of(root)) == before


@pytest.mark.parametrize("damage", [
    b"", b'{"cells": [', b"\xff\xfe", b"[]", b'{"nbformat": 4, "cells": [1]}'])
def test_a_broken_copy_is_named_and_left_alone(root: Path, damage: bytes) -> None:
    copies.fetch(root)
    copy_of(root).write_bytes(damage)
    change_lesson(root)
    seen = copies.fetch(root)
    assert list(seen.unreadable) == [copy_of(root)]
    assert seen.outdated == ()
    with pytest.raises(UserError, match=r"01_demo\.ipynb was left as it is: (The|Cell 1) "):
        copies.update(NAME, root)
    assert list(copy_of(root).parent.iterdir()) == [copy_of(root)]
    assert copy_of(root).read_bytes() == damage


def test_odd_metadata_stops_nothing(root: Path) -> None:
    copies.fetch(root)

    def spoil(notebook: NotebookNode) -> None:
        cell(notebook, "one").metadata.nbgrader = None
        cell(notebook, "two").metadata.nbgrader = {"checksum": 3}

    edit(copy_of(root), spoil)
    change_lesson(root)
    assert copies.fetch(root).outdated == (NAME,)
    assert copies.update(NAME, root).kept


def test_a_crash_while_writing_leaves_the_copy_whole(
        root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies.fetch(root)
    before = edit(copy_of(root), answer)
    change_lesson(root)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="left as it is: No space"):
        copies.update(NAME, root)
    assert copy_of(root).read_bytes() == before
    assert sorted(copy_of(root).parent.iterdir()) == sorted([copy_of(root), *kept_files(root)])


def test_a_copy_that_is_saved_meanwhile_wins(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies.fetch(root)
    change_lesson(root)
    rebuild = copies.rebuild

    def slow(student: NotebookNode, release: NotebookNode) -> object:
        edit(copy_of(root), answer)
        return rebuild(student, release)

    monkeypatch.setattr(copies, "rebuild", slow)
    with pytest.raises(UserError, match="saved just now"):
        copies.update(NAME, root)
    assert ANSWER in sources(copy_of(root))
    assert kept_files(root) == []


@pytest.mark.parametrize("name", ["09_none", "../01_demo", ""])
def test_an_unknown_lesson_is_refused_with_those_there_are(root: Path, name: str) -> None:
    with pytest.raises(UserError, match="there are: 01_demo"):
        copies.update(name, root)


def test_a_lesson_that_was_never_fetched_is_not_updated(root: Path) -> None:
    with pytest.raises(UserError, match="autograder fetch"):
        copies.update(NAME, root)
    assert not copy_of(root).exists()


def test_a_class_exchange_is_fetched_from_and_never_released_to(
        root: Path, tmp_path_factory: pytest.TempPathFactory,
        monkeypatch: pytest.MonkeyPatch) -> None:
    copies.fetch(root)
    shared = tmp_path_factory.mktemp("class")
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(shared))
    write_lesson(root, LESSON, "02_more")
    assert copies.fetch(root) == copies.Fetched((), (), (), {})  # the teacher has released nothing
    assert list(shared.iterdir()) == []
    shutil.copytree(root / "lessons" / "02_more", shared / "neural-networks/outbound/02_more")
    assert copies.fetch(root) == copies.Fetched((), ("02_more",), (), {})
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(shared / "nowhere"))
    with pytest.raises(UserError, match=r"no exchange at .*nowhere"):
        copies.fetch(root)


def test_what_update_keeps_is_not_submitted(root: Path) -> None:
    copies.fetch(root)
    change_lesson(root)
    copies.update(NAME, root)
    config = settings(root)
    ExchangeSubmit(coursedir=CourseDirectory(config=config, assignment_id=NAME),
                   authenticator=Authenticator(config=config), config=config).start()
    inbound = root / "grading" / "exchange" / "neural-networks" / "inbound"
    assert [path.name for path in inbound.glob("*/*.ipynb")] == [f"{NAME}.ipynb"]


def test_a_copy_that_lost_its_ids_keeps_the_lessons_number_of_cells(root: Path) -> None:
    copies.fetch(root)
    edit(copy_of(root), answer)
    with_ids = sources(copy_of(root))
    raw = json.loads(copy_of(root).read_text())
    nbstripout(raw)
    copy_of(root).write_text(json.dumps(raw))
    assert copies.fetch(root).outdated == ()
    updated = copies.update(NAME, root)
    assert updated.kept is not None
    assert sources(copy_of(root)) == with_ids
    assert cell(nbformat.read(copy_of(root), 4), "one").source == ANSWER
    assert copies.update(NAME, root).kept is None


def test_a_copy_that_lost_its_ids_gets_the_newest_version(root: Path) -> None:
    copies.fetch(root)
    edit(copy_of(root), answer)
    raw = json.loads(copy_of(root).read_text())
    nbstripout(raw)
    copy_of(root).write_text(json.dumps(raw))
    change_lesson(root)
    assert copies.fetch(root).outdated == (NAME,)
    copies.update(NAME, root)
    release = nbformat.read(root / "lessons" / NAME / f"{NAME}.ipynb", 4)
    updated = nbformat.read(copy_of(root), 4)
    assert cell(updated, "one").source == ANSWER
    assert {c.id for c in release.cells} <= {c.id for c in updated.cells}
    assert len(updated.cells) <= len(release.cells) + 2
