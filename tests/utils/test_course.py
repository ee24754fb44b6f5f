"""course.toml says what a course is, and a broken one is reported in a line."""

import os
import shutil
import subprocess
import sys

import pytest

from autograder.course import ROOT
from autograder.rpc.plain_types import ALL
from utils._course import FOLDERS, CourseError, course, find
from utils._figures import picture

WHOLE = (ROOT / "course.toml").read_text(encoding="utf-8")


def test_the_course_says_what_it_is():
    here = course()
    assert here is course(ROOT)
    assert here.root == ROOT
    assert (here.title, here.id) == ("Neural networks from scratch", "neural-networks")
    assert here.folder("release") == ROOT / "lessons"
    assert set(FOLDERS) <= here.folders.keys()
    assert here.hand_in == ("-m", "autograder")
    assert {"ndarray", "None", "callable"} <= set(here.fence_types)
    with pytest.raises(TypeError):
        here.folders["work"] = "elsewhere"


def test_the_figures_have_the_colors_of_the_palette():
    assert course().palette == {
        "ink": picture.INK, "classes": picture.CLASS_COLORS, "boundary": picture.LINE,
        "mistake": picture.WRONG, "negative": picture.NEGATIVE, "positive": picture.POSITIVE}


def test_what_is_written_is_where_somebody_says(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ann")
    (tmp_path / "course.toml").write_text(WHOLE.replace('# home = "~"', 'home = "~"'))
    own = "/home/ann/neural-networks"
    assert str(course(tmp_path).folder("work")) == f"{own}/work"
    assert str(course(tmp_path).folder("class")) == f"{own}/grading"
    assert course(tmp_path).folder("release") == tmp_path / "lessons"
    monkeypatch.setenv("AUTOGRADER_HOME", "/srv/all")
    assert str(course(tmp_path).home) == "/srv/all/neural-networks"
    assert str(course().home) == "/srv/all/neural-networks"
    monkeypatch.setenv("AUTOGRADER_HOME", "")
    assert str(course(tmp_path).home) == own
    assert course().home == ROOT


@pytest.mark.parametrize(("variable", "setting", "message"), [
    ("mine", "~", "AUTOGRADER_HOME must be a whole path, or begin with ~/, not 'mine'."),
    ("", "./mine", "course.toml: [folders] home must be a whole path, or begin with ~/, not"),
    ("~nobody-of-this-name/x", "~", "AUTOGRADER_HOME is '~nobody-of-this-name/x', and Could not"),
])
def test_a_home_of_no_use_is_said_in_a_line(tmp_path, monkeypatch, variable, setting, message):
    (tmp_path / "course.toml").write_text(WHOLE.replace('# home = "~"', f'home = "{setting}"'))
    monkeypatch.setenv("AUTOGRADER_HOME", variable)
    with pytest.raises(CourseError) as raised:
        course(tmp_path).folder("work")
    assert message in str(raised.value)
    assert course(tmp_path).folder("release") == tmp_path / "lessons"


def test_without_a_file_there_is_no_course(tmp_path):
    """Nothing above the folder counts: that is another course's."""
    (tmp_path / "course.toml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "inside").mkdir()
    assert course(tmp_path / "inside") is None
    assert course(tmp_path).root == tmp_path


def test_a_title_and_an_id_are_enough(tmp_path):
    (tmp_path / "course.toml").write_text('[course]\ntitle = "Rain"\nid = "rain"\n')
    here = course(tmp_path)
    assert here.folders == FOLDERS  # no home
    assert (here.hand_in, here.palette, here.welcome) == (("-m", "autograder"), {}, "")
    assert set(here.fence_types) == ALL


def test_the_course_is_the_one_that_somebody_is_in(tmp_path, monkeypatch):
    inside = tmp_path / "rain" / "work" / "means"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert find() == ROOT  # of which this `utils` is a part
    (tmp_path / "rain" / "course.toml").write_text('[course]\ntitle = "Rain"\nid = "rain"\n')
    assert course().title == "Rain"
    monkeypatch.setenv("AUTOGRADER_COURSE", str(ROOT))
    assert find() == ROOT
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    assert course() is None


@pytest.mark.parametrize(("named", "where"), [
    (None, "this folder or one above it"),
    ("/none", "/none, which the variable AUTOGRADER_COURSE names")])
def test_a_command_outside_of_a_course_says_so_in_a_line(tmp_path, named, where):
    for name in ("autograder", "utils"):
        shutil.copytree(ROOT / name, tmp_path / "packages" / name, ignore=shutil.ignore_patterns(
            "__pycache__", "*.js", "_data"))
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "build"], cwd=tmp_path, capture_output=True,
        text=True, check=False, env=os.environ | {"PYTHONPATH": str(tmp_path / "packages")}
        | ({"AUTOGRADER_COURSE": named} if named else {}))
    assert (done.returncode, done.stdout, done.stderr) == (
        2, "", f"autograder: There is no course.toml in {where}. Run the command in the folder of "
        "a course, or let AUTOGRADER_COURSE name one.\n")


@pytest.mark.slow
def test_lessons_and_utils_are_enough_for_a_student(tmp_path):
    shutil.copytree(ROOT / "utils", tmp_path / "utils",
                    ignore=shutil.ignore_patterns("__pycache__"))
    code = ("from utils import checks, data, plots, progress\n"
            "from utils._course import course\n"
            "from utils.hand_in import HandIn\n"
            "assert course() is None\n"
            "HandIn('01_perceptron')")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_reading_costs_no_import_beyond_the_standard_library():
    code = ("import sys; from utils._course import course; course()\n"
            "assert not {'numpy', 'matplotlib', 'IPython', 'traitlets'} & set(sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("old", "new", "message"), [
    ("[course]", "[curse]", "The table [course] is missing."),
    ('id = "neural-networks"', "", "[course] id is missing."),
    ('id = "neural-networks"', 'id = "../up"',
     "[course] id must be the name of a folder, not '../up'."),
    ('title = "Neural networks from scratch"', 'title = " "', "[course] title must be some text"),
    ('work = "work"', 'place = "work"', "[folders] place means nothing; the keys are class, "),
    ('class = "grading"', 'class = "/srv/grading"',
     "[folders] class must be a folder inside the course, not '/srv/grading'."),
    ('class = "grading"', 'class = "a/../.."', "[folders] class must be a folder inside"),
    ('["-m", "autograder"]', '"-m autograder"', "[notebook] hand_in must be a list of texts"),
    ('# home = "~"', 'home = 1', "[folders] home must be the path of a folder, such as ~, not 1."),
    ('boundary = "#CC79A7"', 'boundary = "purple"',
     "[palette] boundary must be a color such as \"#0072B2\", or a list of them, not 'purple'."),
    ('"bool", "int"', '"bool", 1', "[fence] types must be a list of texts"),
    ("[course]", "[course", "Expected ']'"),
])
def test_what_is_wrong_is_said_in_a_line(tmp_path, old, new, message):
    assert WHOLE.count(old) == 1
    (tmp_path / "course.toml").write_text(WHOLE.replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError) as raised:
        course(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / 'course.toml'}: ")
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_is_no_text_or_can_not_be_read_is_said_too(tmp_path):
    (tmp_path / "course.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CourseError, match=r"course\.toml: 'utf-8' codec"):
        course(tmp_path)
    (tmp_path / "folder" / "course.toml").mkdir(parents=True)
    with pytest.raises(CourseError, match="Is a directory"):
        course(tmp_path / "folder")
