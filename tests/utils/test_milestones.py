"""Milestones: reached with a student's own functions, kept where they work, shown with the way."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder.course import ROOT, lessons
from utils import earlier, milestones, progress

HOME = milestones.HOME.partition("/")[0]
LESSON = ROOT / "solutions" / HOME / f"{HOME}.ipynb"


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A student's folder, the kernel in lesson 17, as Jupyter starts it."""
    (tmp_path / HOME).mkdir()
    path = tmp_path / HOME / f"{HOME}.ipynb"
    nbformat.write(new_notebook(), path)
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    return tmp_path


def years(folder):
    noted = folder / progress.FILE
    return sorted(json.loads(noted.read_text())["milestones"]) if noted.exists() else []


def test_what_came_out_right_is_kept_and_shown_until_all_is_forgotten(work, capsys):
    for year in (1958, 2017):
        with milestones.reach(year) as reached:
            reached(True)
    assert capsys.readouterr().out.splitlines() == [
        "1958, the perceptron (lesson 1)", "  Reached. Your start page shows it.",
        "2017, attention (lesson 15)", "  Reached. Your start page shows it."]
    assert years(work) == ["1958", "2017"]
    assert milestones.show().reached == {1958, 2017}
    assert repr(milestones.show()).splitlines()[-1].startswith("2 of 5 reached. ")
    with milestones.reach(1958) as reached:
        reached(False)
    assert milestones.show().reached == {1958, 2017}  # what was reached stays so
    progress.reset()
    assert milestones.show().reached == frozenset()


def raised(error):
    raise error


@pytest.mark.parametrize(("block", "said"), [
    (lambda reached: reached(False), "Not reached: your functions ran, but"),
    (lambda reached: None, "Not reached: your functions ran, but"),
    (lambda reached: (reached(True), reached(False)), "Not reached: your functions ran, but"),
    (lambda reached: (reached(True), raised(TypeError("no")))[0],
     "Your functions stopped with TypeError: no. Run that lesson's checks again."),
    (lambda reached: raised(ValueError("shapes")), "Your functions stopped with ValueError: shap"),
    (lambda reached: raised(NotImplementedError()), "This one waits for a function that you"),
    (lambda reached: earlier.mine("01_perceptron", "step"), "Not today: There is no notebook")])
def test_what_does_not_come_out_costs_a_sentence_and_is_not_kept(work, capsys, block, said):
    with milestones.reach(1986) as reached:
        block(reached)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "1986, backpropagation (lesson 4)"
    assert second.startswith(f"  {said}")
    assert years(work) == []


def test_a_graders_kernel_keeps_nothing(work, monkeypatch, capsys):
    monkeypatch.delenv("JPY_SESSION_NAME")
    with milestones.reach(1998) as reached:
        reached(True)
    assert capsys.readouterr().out.splitlines()[1] == "  Reached."
    assert years(work) == []


def test_a_disk_that_can_not_be_written_is_said(work, capsys):
    (work / progress.FILE).mkdir()
    with milestones.reach(1998) as reached:
        reached(True)
    assert "  Reached. It could not be kept: Is a directory.\n" in capsys.readouterr().out


def test_the_table_names_what_is_reached_and_the_way_to_the_others(work, monkeypatch):
    with milestones.reach(1998) as reached:
        reached(True)
    assert f"href='../{milestones.HOME}'" in milestones.show()._repr_html_()
    monkeypatch.chdir(work)  # the start page
    html = milestones.show()._repr_html_()
    rows = [re.sub(r"<.*?>", " ", row).split() for row in html.split("<tr>")[2:]]
    assert [row[:2] for row in rows] == [
        [mark, str(one.year)] for mark, one in zip("○○●○○", milestones.MILESTONES, strict=True)]
    assert rows[2][-1] == "reached"
    for one in milestones.MILESTONES:
        assert one.limit in html
        assert (f"href='{one.lesson}/{one.lesson}.ipynb'" in html) == (one.year != 1998)
    assert html.count(f"href='{milestones.HOME}'") == 4
    assert html.endswith("<p>1 of 5 reached. The cells are near the end of lesson 17.</p>")
    monkeypatch.chdir(work / HOME)
    for one in milestones.MILESTONES:
        with milestones.reach(one.year) as reached:
            reached(True)
    assert milestones.show()._repr_html_().endswith("<p>5 of 5 reached.</p>")


def test_each_milestone_is_a_lesson_and_a_cell_of_the_lesson_that_reaches_it():
    cells = [cell.source for cell in nbformat.read(LESSON, as_version=4).cells]
    assert [year for source in cells for year in re.findall(r"milestones\.reach\((\d+)\)", source)
            ] == [str(one.year) for one in milestones.MILESTONES]
    assert {one.lesson for one in milestones.MILESTONES} <= {one.name for one in lessons()}
    heading = milestones.HOME.partition("#")[2].replace("-", " ")
    assert any(source.startswith(f"## {heading}\n") for source in cells)


@pytest.mark.parametrize("one", [
    pytest.param(one, marks=pytest.mark.long if number else (), id=str(one.year))
    for number, one in enumerate(milestones.MILESTONES)])
def test_the_model_answers_reach_it(work, capsys, one):
    """With a solved lesson for the student's own, the last lesson's cell keeps its milestone."""
    solved = ROOT / "solutions" / one.lesson / f"{one.lesson}.ipynb"
    (work / one.lesson).mkdir()
    (work / one.lesson / solved.name).write_bytes(solved.read_bytes())
    space = {}
    for cell in nbformat.read(LESSON, as_version=4).cells:
        if (cell.id in ("imports", "pieces") or "digits = data.digits()" in cell.source
                or f"milestones.reach({one.year})" in cell.source):
            exec(cell.source, space)
    assert "  Reached. Your start page shows it.\n" in capsys.readouterr().out
    assert years(work) == [str(one.year)]
