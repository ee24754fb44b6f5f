"""`make demo`: what the grader finds in a made-up class is what was planted in it."""

import subprocess
import sys

import pytest

from autograder.course import ROOT, lessons
from benchmarks.class_demo import compare, set_up
from support.kinds import KINDS, make_class

KNOWN, STUDENTS, SEED = lessons()[:2], 10, 3


@pytest.mark.slow
@pytest.mark.long
def test_what_was_planted_is_found(tmp_path, capsys):
    folder = tmp_path / "demo"
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "class_demo.py", "--students", str(STUDENTS),
         "--lessons", str(len(KNOWN)), "--seed", str(SEED), "--to", folder],
        capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "grading" / "report" / "report.html").is_file()
    # And the comparison sees it when another class was planted than the one that was graded.
    assert not compare(folder, make_class(KNOWN, STUDENTS, SEED + 1), KNOWN, [])
    assert "   differ" in capsys.readouterr().out


def test_a_class_has_students_of_every_kind_and_is_made_by_its_seed():
    made = make_class(KNOWN, STUDENTS, SEED)
    assert made == make_class(KNOWN, STUDENTS, SEED)
    assert {one.kind for mine in made.values() for one in mine} == set(KINDS) - {
        "nothing handed in"}
    assert [] in made.values()


def test_a_folder_of_others_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SystemExit, match="holds other files"):
        set_up(tmp_path, {})
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
