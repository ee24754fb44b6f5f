"""A zip of feedback that Moodle and Canvas take: read back by the rules that those two have."""

import re
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest

from autograder.classroom.collect import collect
from autograder.classroom.hand_back import pack
from autograder.course import Lesson
from autograder.feedback.publish import publish
from autograder.gradebook.book import Book
from autograder.gradebook.records import Student
from autograder.gradebook.settings import settings
from support import demo
from support.classes import RIGHT, answered, run
from support.demo import NAME

FILES = {"moodle folders": "course-1/{name}_{number}_assignsubmission_file/my own.ipynb",
         "moodle folders of old": "{name}_{number}_assignsubmission_file_/my own.ipynb",
         "moodle files": "{name}_{number}_assignsubmission_file_my own.ipynb",
         "canvas": "{canvas}_{late}{lms}_9{number}_01_perceptron-2.ipynb"}
CLASS = {"ann": ("Ann Lee", "123", "leeann", "55", ""),
         "zoe": ("Zoe Oz-Ray", "124", "ozrayzoe", "56", "LATE_")}


def moodle(name):
    """Who gets a file with this path and what it is called, as Moodle's importziplib.php has it."""
    parts = name.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) < 4 or not info[1].isdigit():
            continue
        assert info[2:4] == ["assignsubmission", "file"]
        return info[1], "/".join([*info[4:], *parts]).lstrip("/")
    raise AssertionError(name)


def canvas(name):
    """The student's and the file's numbers, as Canvas reads them."""
    numbers = [part for part in name.split("_") if re.fullmatch(r"\d+", part)]
    return numbers[0], numbers[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course")
    with Book(settings(lesson.root)) as book:
        book.enroll([Student("ann", "Ann", "Lee", lms="55"),
                     Student("zoe", "Zoe", "Oz-Ray", lms="56")])
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


def download(lesson, kind, path):
    """What the system packs of a class."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, participant, sortable, lms, late) in enumerate(CLASS.values()):
            archive.writestr(FILES[kind].format(name=name, number=participant, canvas=sortable,
                                                lms=lms, late=late),
                             nbformat.writes(answered(lesson, {**RIGHT, "why": f"{number}"})))
    return path


@pytest.mark.parametrize("kind", FILES)
def test_a_class_collected_from_a_zip_gets_a_zip_back(lesson, kind, tmp_path):
    [done] = collect([str(download(lesson, kind, tmp_path / "down.zip"))], lesson.root)
    assert done.count("new") == 2
    run(lesson.root)
    system = kind.split()[0]
    packed = pack(system, NAME, list(publish([NAME], lesson.root)), lesson.root)
    assert (packed.pages, packed.nameless) == (2, ())
    with zipfile.ZipFile(packed.path) as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist()}
    for student, (_, participant, _, lms, _) in CLASS.items():
        [page] = [name for name, text in pages.items() if f">{student} ·" in text
                  or f">{student}<" in text]
        if system == "moodle":
            assert moodle(page) == (participant, f"{NAME}.html")
        else:
            assert canvas(page) == (lms, f"9{participant}")
            assert page.endswith(f"_{NAME}.html")
    first = packed.path.read_bytes()
    pack(system, NAME, list(publish([NAME], lesson.root)), lesson.root)
    assert packed.path.read_bytes() == first


def test_the_command_says_whose_page_has_no_name_and_how_it_gets_one(lesson, tmp_path):
    down = download(lesson, "canvas", tmp_path / "down.zip")
    list(collect([str(down)], lesson.root))
    run(lesson.root)
    (lesson.root / "grading" / "collected" / "zoe" / f"{NAME}.json").unlink()  # an older version's

    def feedback():
        return subprocess.run([sys.executable, "-m", "autograder", "feedback", NAME, "--zip",
                               "canvas"], cwd=lesson.root, capture_output=True, text=True,
                              timeout=120, check=False)

    done = feedback()
    assert done.returncode == 1
    assert "whose page it is of zoe (Zoe Oz-Ray)" in done.stderr
    assert f"{NAME}-canvas.zip: 1 page for Canvas." in done.stdout
    assert f"{NAME}: a teacher is still to read why of ann (Ann Lee), zoe (Zoe Oz-Ray)." in (
        done.stdout)
    [again] = collect([str(down)], lesson.root)
    assert again.count("same") == 2
    done = feedback()
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{NAME}-canvas.zip: 2 pages for Canvas." in done.stdout
