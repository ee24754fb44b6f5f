"""What lies beside a lesson's notebook travels with it; what is read and not there is said."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.authoring import beside
from autograder.authoring.build import build
from autograder.authoring.freshness import build_if_stale
from autograder.authoring.source import LessonError
from autograder.course import Lesson

LESSON = '''\
# %% [markdown]
# # Rain

# %% given: imports
import weather

# %%
print(open("rain.csv").read())
'''


@pytest.fixture
def lesson(tmp_path):
    made = Lesson("rain", tmp_path)
    made.solution.parent.mkdir(parents=True)
    made.source.write_text(LESSON)
    (made.solution.parent / "rain.csv").write_text("day,mm\n")
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "weather.py").write_text("from clouds import Cloud\n")
    (tmp_path / "modules" / "clouds.py").write_text("class Cloud: ...\n")
    (tmp_path / "modules" / "unused.py").write_text("")
    return made


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_data_and_modules_travel_with_the_lesson(lesson):
    build(lesson.root)
    there = ["clouds.py", "rain.csv", "rain.ipynb", "weather.py"]
    assert names(lesson.release.parent) == names(lesson.solution.parent) == there
    assert build(lesson.root) == []


def test_a_change_beside_the_lesson_is_built(lesson):
    build_if_stale(lesson.root)
    assert build_if_stale(lesson.root) == []
    (lesson.solution.parent / "rain.csv").write_text("day,mm\n1,2.0\n")
    assert build_if_stale(lesson.root) == [lesson.release.parent / "rain.csv"]
    (lesson.root / "modules" / "clouds.py").write_text("class Cloud: pass\n")
    assert build_if_stale(lesson.root) == [
        folder / "clouds.py" for folder in (lesson.solution.parent, lesson.release.parent)]


def test_a_data_file_that_is_not_there_is_said_with_its_line(lesson):
    (lesson.solution.parent / "rain.csv").unlink()
    with pytest.raises(LessonError) as raised:
        build(lesson.root)
    assert str(raised.value) == (
        f"{lesson.source}:8: `rain.csv` is read here, and there is no "
        f"{lesson.solution.parent / 'rain.csv'}. Put it there: what is in this folder travels "
        "with the lesson.")
    assert not lesson.release.exists()


@pytest.mark.parametrize(("code", "found"), [
    ('pd.read_csv("data/rain.csv", sep=";")', ["data/rain.csv"]),
    ('np.load(file="rain.npz")', ["rain.npz"]),
    ('Path("rain.txt").read_text()', ["rain.txt"]),
    ('with open("rain.txt", encoding="utf-8") as file: ...', ["rain.txt"]),
    ('np.save("rain.npy", x)\nnp.load("rain.npy")', []),
    ('open("rain.txt", "w").write("1")\nopen("rain.txt")', []),
    ('Path("rain.txt").write_text("1")\nPath("rain.txt").read_text()', []),
    ('open("there.csv")', []),
    ('pd.read_csv("https://example.org/rain.csv")', []),
    ('open("/etc/hosts.txt")\nopen("../rain.csv")\nopen(name)\nopen("no ending")', []),
    ('print("rain.csv")', []),
    ('%time open("rain.csv")', []),
])
def test_what_a_lesson_reads_is_seen_in_its_code(code, found):
    notebook = new_notebook(cells=[new_code_cell(code)])
    assert list(beside.missing(notebook, ["there.csv"])) == found


def test_a_hidden_file_and_a_cache_stay_behind(lesson):
    for name in (".secret", "__pycache__/weather.pyc", ".ipynb_checkpoints/rain.ipynb"):
        path = lesson.solution.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    build(lesson.root)
    assert not [name for name in names(lesson.release.parent) if re.match(r"[._]", name)]
