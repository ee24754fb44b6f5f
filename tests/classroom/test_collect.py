"""Collecting: what is clear comes in whole, what is not is told, nothing is lost."""

import os
import shutil
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest

from autograder.classroom.collect import collect
from autograder.classroom.hand_in_time import Received
from autograder.classroom.lms_names import owner_of
from autograder.classroom.roster import Names
from autograder.classroom.times import local, utc
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.files import lock
from autograder.gradebook.book import Book
from autograder.gradebook.exchange import transfer
from autograder.gradebook.records import Student
from autograder.gradebook.settings import settings
from support import demo
from support.classes import RIGHT, answered, hand_in, run, submitted
from support.demo import NAME

CLASS = [Student("ann", "Ann", "Lee"), Student("bob", "Bob", "O'Neil-Ray", lms="77"),
         Student("cem1", "Cem", "Oz"), Student("cem2", "Cem", "Oz")]
MOODLE = "Ann Lee_123456_assignsubmission_file_"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course")
    with Book(settings(lesson.root)) as book:
        book.enroll(CLASS)
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


@pytest.fixture
def downloads(tmp_path):
    path = tmp_path / "downloads"
    path.mkdir()
    return path


def notebook(lesson, answers=RIGHT):
    return (nbformat.writes(answered(lesson, answers)) + "\n").encode()


def put(folder, name, data, day=1):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    when = datetime(2026, 1, day, 10, tzinfo=UTC).timestamp()
    os.utime(path, (when, when))
    return path


def packed(folder, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return path


def take(lesson, *sources):
    done = list(collect(map(str, sources), lesson.root))
    return [one for each in done for one in each.became], [line for each in done
                                                           for line in each.notices]


def there(lesson, student="ann"):
    folder = submitted(lesson.root, student)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def stamp(day):
    return f"2026-01-{day:02} 10:00:00.000000 UTC\n".encode()


def replaced(lesson, student="ann"):
    return [path.read_bytes() for path in sorted(
        (lesson.root / "grading" / "replaced" / student / NAME).glob(f"*/{NAME}.ipynb"))]


@pytest.mark.parametrize(("path", "students"), [
    (f"{MOODLE}/x.ipynb", "ann"), (f"{MOODLE}/deep/in/x.ipynb", "ann"),
    (f"{MOODLE}x.ipynb", "ann"), ("Lee Ann_1_assignsubmission_file/x.ipynb", "ann"),
    ("Bob ONeil-Ray_1_assignsubmission_file_/x.ipynb", "bob"),
    ("Cem Oz_1_assignsubmission_file_/x.ipynb", "cem1 cem2"),
    ("Zed_1_assignsubmission_file_/ann/x.ipynb", ""),
    (f"{MOODLE}/bob.ipynb", "ann"), (f"{MOODLE}/Bob Ray_1_assignsubmission_file_/x.ipynb", "ann"),
    ("Ann Lee_1_assignsubmission_file_Bob Ray_2_assignsubmission_file_x.ipynb", "ann"),
    ("leeann_12_345_x.ipynb", "ann"), ("leeann_LATE_12_345_x-1.ipynb", "ann"),
    ("anybody_77_345_x.ipynb", "bob"), ("leeann_12_345_zed_77_1_x.ipynb", "ann"),
    ("ozcem_12_345_x.ipynb", "cem1 cem2"), ("zed_12_345_x.ipynb", ""),
    (f"ann/{NAME}.ipynb", "ann"), (f"ANN/{NAME}/{NAME}.ipynb", "ann"), ("ann.ipynb", "ann"),
    ("ann/bob/x.ipynb", "ann bob"), ("ann/bob.ipynb", "ann"), ("anne/x.ipynb", ""),
    ("ann_x.ipynb", ""), ("x.ipynb", ""),
])
def test_whose_it_is_stands_in_the_path(path, students):
    assert owner_of(tuple(path.split("/")), Names(CLASS)).students == set(students.split())


@pytest.mark.parametrize("pack", [lambda folder: folder,
                                  lambda folder: packed(folder, folder.with_suffix(".zip"))],
                         ids=["folder", "zip"])
def test_a_download_of_a_learning_management_system_is_collected(lesson, downloads, pack):
    put(downloads, f"{MOODLE}/my work (final).ipynb", notebook(lesson))
    put(downloads, "anybody_LATE_77_345_x.ipynb", notebook(lesson, {}))
    put(downloads, "__MACOSX/ann/x.ipynb", b"x")
    became, notices = take(lesson, pack(downloads))
    assert sorted(became) == [("ann", NAME, "new"), ("bob", NAME, "new")]
    [line] = notices
    assert line.endswith("says that bob (Bob O'Neil-Ray) was late; 01_demo has no "
                         "deadline, so nothing follows from that.")
    assert there(lesson)[f"{NAME}.ipynb"] == notebook(lesson)
    assert there(lesson)[".file_date.txt"].startswith(b"2026-01-01 ")
    became, notices = take(lesson, pack(downloads))
    assert {what for _, _, what in became} == {"same"}
    assert notices == []


def test_what_is_newer_replaces_and_what_was_there_is_kept(lesson, downloads):
    first, second, third = (notebook(lesson, {"why": text}) for text in ("1", "2", "3"))
    path = put(downloads, "ann/x.ipynb", second, 2)
    take(lesson, downloads)
    put(downloads, "ann/x.ipynb", first, 1)
    became, [line] = take(lesson, downloads)
    assert became == [("ann", NAME, "older")]
    assert "ann (Ann Lee) has handed in another 01_demo that is not older" in line
    assert there(lesson) == {f"{NAME}.ipynb": second, ".file_date.txt": stamp(2)}
    put(downloads, "ann/x.ipynb", third, 3)
    assert take(lesson, downloads) == ([("ann", NAME, "newer")], [])
    assert there(lesson) == {f"{NAME}.ipynb": third, ".file_date.txt": stamp(3)}
    assert replaced(lesson) == [second]
    put(downloads, "ann/x.ipynb", second, 4)
    take(lesson, downloads)
    assert replaced(lesson) == [second, third]
    assert path.exists()


def test_the_same_again_changes_nothing(lesson, downloads):
    put(downloads, "ann/x.ipynb", notebook(lesson), 1)
    take(lesson, downloads)
    before = there(lesson)
    put(downloads, "ann/x.ipynb", notebook(lesson), 9)
    assert take(lesson, downloads) == ([("ann", NAME, "same")], [])
    assert there(lesson) == before


def test_of_several_in_one_download_the_newest_counts(lesson, downloads):
    for day, name in ((2, "leeann_1_3_x.ipynb"), (3, "leeann_1_1_x-1.ipynb"),
                      (1, "leeann_1_2_x-2.ipynb")):
        put(downloads, name, notebook(lesson, {"why": str(day)}), day)
    became, notices = take(lesson, downloads)
    assert [what for _, _, what in became] == ["new", "newer", "newer"]
    assert notices == []
    assert there(lesson)[".file_date.txt"] == stamp(3)
    assert len(replaced(lesson)) == 2


def test_a_timestamp_counts_where_nbgrader_puts_it_and_no_student_can(lesson, downloads):
    put(downloads, f"ann/{NAME}/{NAME}.ipynb", notebook(lesson), 5)
    put(downloads, f"ann/{NAME}/timestamp.txt", b"2026-01-02 11:00:00 CET")
    early = f"Bob Oneilray_1_assignsubmission_file_/{NAME}"
    put(downloads, f"{early}/{NAME}.ipynb", notebook(lesson), 5)
    put(downloads, f"{early}/timestamp.txt", stamp(1))
    take(lesson, downloads)
    assert there(lesson)["timestamp.txt"] == stamp(2)
    assert there(lesson, "bob").keys() == {f"{NAME}.ipynb", ".file_date.txt"}


def test_a_timestamp_in_a_students_own_folder_does_not_count(lesson, downloads):
    """ann's is her folder; what is deeper down came with her files, so she wrote its time."""
    put(downloads, f"ann/mine/{NAME}/{NAME}.ipynb", notebook(lesson), 5)
    put(downloads, f"ann/mine/{NAME}/timestamp.txt", stamp(1))
    take(lesson, downloads)
    assert "timestamp.txt" not in there(lesson)


def test_a_timestamp_that_is_none_is_told(lesson, downloads):
    put(downloads, f"ann/{NAME}/{NAME}.ipynb", notebook(lesson), 5)
    put(downloads, f"ann/{NAME}/timestamp.txt", b"yesterday, or so")
    _, [line] = take(lesson, downloads)
    assert "timestamp.txt doesn't hold a time" in line
    assert "timestamp.txt" not in there(lesson)


def test_a_clock_that_runs_ahead_does_not_lock_out_what_comes_later(lesson, downloads):
    put(downloads, f"ann/{NAME}/{NAME}.ipynb", notebook(lesson))
    put(downloads, f"ann/{NAME}/timestamp.txt",
        f"{datetime.now(UTC) + timedelta(days=900):%Y-%m-%d %H:%M:%S} UTC".encode())
    became, [line] = take(lesson, downloads)
    assert became == [("ann", NAME, "new")]
    assert "in the future; it counts as handed in now. Is a clock wrong?" in line
    assert there(lesson)["timestamp.txt"][:4] < str(datetime.now(UTC).year + 1).encode()


def test_a_file_dated_in_the_future_makes_no_difference(lesson, downloads):
    path = put(downloads, "ann/x.ipynb", notebook(lesson))
    ahead = (datetime.now(UTC) + timedelta(hours=9)).timestamp()
    os.utime(path, (ahead, ahead))
    [done] = collect([str(downloads)], lesson.root)
    assert done.became == [("ann", NAME, "new")]
    assert done.remarks[1] == ("1 file is dated in the future, as happens with another time zone; "
                               "that makes no difference.")
    put(downloads, "ann/x.ipynb", notebook(lesson, {}))
    os.utime(path)
    assert take(lesson, downloads) == ([("ann", NAME, "newer")], [])


@pytest.mark.parametrize(("data", "why"), [
    (b"", "The file is empty."), (b'{"cells"', "The file is not valid JSON"),
    (b'{"nbformat": 4, "cells": []}', "holds none of the cells of a lesson"),
    (b"\xff\xfe\x00", "The file is not text"), (b" " * (33 * 2**20), "the limit is 32"),
], ids=["empty", "half", "no lesson", "no text", "too large"])
def test_what_is_no_lesson_is_told_and_the_rest_goes_on(lesson, downloads, data, why):
    put(downloads, f"ann/{NAME}.ipynb", data)
    put(downloads, f"bob/{NAME}.ipynb", notebook(lesson))
    became, [line] = take(lesson, downloads)
    assert became == [("bob", NAME, "new")]
    assert line.startswith(f"{downloads}/ann/{NAME}.ipynb: ")
    assert why in line
    assert there(lesson) == {}


PACKS = pytest.mark.parametrize("pack", [
    lambda folder: folder, lambda folder: packed(folder, folder.with_suffix(".zip"))],
    ids=["folder", "zip"])


@PACKS
@pytest.mark.parametrize("name", [
    f"ann/{NAME}.ipynb.txt", f"ann/{NAME}.ipynb.json", f"ann/{NAME}.IPYNB", f"ann/{NAME}.json",
    f"ann/{NAME}", "ann/my work.docx", "ann.ipynb.txt", "ann.json", "ann", "ann.IPYNB",
    f"{MOODLE}/{NAME}.ipynb.txt", "leeann_12_345_x.ipynb.json"])
def test_a_notebook_is_taken_by_what_is_in_it(lesson, downloads, name, pack):
    put(downloads, name, b"\xef\xbb\xbf\n" + notebook(lesson))
    became, told = take(lesson, pack(downloads))
    assert (became, told) == ([("ann", NAME, "new")], [])
    assert there(lesson)[f"{NAME}.ipynb"].endswith(notebook(lesson))


@PACKS
def test_what_is_no_notebook_is_listed_by_student(lesson, downloads, pack):
    put(downloads, "ann/x.ipynb", notebook(lesson))
    put(downloads, "ann/notes.pdf", b"%PDF")
    put(downloads, "ann/data.json", b'{"a": "nbformat"}')
    put(downloads, "bob/answers.txt", b"def double(x)")
    put(downloads, "Cem Oz_1_assignsubmission_file_/x.txt", b"")
    put(downloads, "zed/x.txt", b"{")
    became, told = take(lesson, pack(downloads))
    assert became == [("ann", NAME, "new")]
    assert told == [
        "Nobody in the roster: Not collected, because these are not notebooks: zed/x.txt.",
        "ann (Ann Lee): Not collected, because these are not notebooks: ann/data.json, "
        "ann/notes.pdf.",
        "bob (Bob O'Neil-Ray): Not collected, because these are not notebooks: bob/answers.txt.",
        "cem1 (Cem Oz) or cem2 (Cem Oz): Not collected, because these are not notebooks: "
        "Cem Oz_1_assignsubmission_file_/x.txt."]


def test_a_large_file_in_a_zip_is_not_unpacked_to_see_what_it_is(lesson, tmp_path, monkeypatch):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ann/film.mp4", os.urandom(2**20))
        archive.writestr("bob/x.ipynb", notebook(lesson))
    monkeypatch.setattr("autograder.classroom.zip_reader.MAX_TOTAL", 2**19)
    became, [line] = take(lesson, path)
    assert became == [("bob", NAME, "new")]
    assert line.endswith("ann/film.mp4.")


def test_links_devices_and_zips_are_told(lesson, downloads, tmp_path):
    secret = put(tmp_path, "secret.ipynb", notebook(lesson))
    (downloads / "ann").mkdir()
    (downloads / "ann" / "a.ipynb").symlink_to(secret)
    (downloads / "bob").symlink_to(tmp_path)
    os.mkfifo(downloads / "ann" / "b.ipynb")
    put(downloads, "ann/c.zip", b"PK")
    became, notices = take(lesson, downloads)
    assert became == []
    assert [line.partition(": ")[2] for line in sorted(notices)] == [
        "It is a link, and those are not followed.", "It is not a regular file.",
        "It is compressed. Unpack it, or pass it to `collect` by name.",
        "It is a link, and those are not followed."]


def test_bad_zips_are_told_and_the_next_source_is_taken(lesson, downloads, tmp_path):
    put(downloads, "ann/x.ipynb", notebook(lesson))
    whole = packed(downloads, tmp_path / "whole.zip")
    half = put(tmp_path, "half.zip", whole.read_bytes()[:-40])
    became, notices = take(lesson, half, tmp_path / "none.zip", whole)
    assert became == [("ann", NAME, "new")]
    assert "not a complete one; download it again" in notices[0]
    assert notices[1].endswith("none.zip: There is no such file or folder.")


def test_tricks_in_a_zip_are_told_and_the_rest_is_taken(lesson, tmp_path):
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("cem1/x.ipynb")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../ann/x.ipynb", notebook(lesson))
        archive.writestr("/ann/x.ipynb", notebook(lesson))
        archive.writestr("ann/deep.zip", b"PK")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("cem2/x.ipynb", b" " * 2**24)
        archive.writestr("bob/x.ipynb", notebook(lesson))
        archive.writestr("bob/X/../x.ipynb", notebook(lesson))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("bob/x.ipynb", b"{}")
    before = sorted(path for path in tmp_path.rglob("*") if "grading" not in path.parts)
    became, notices = take(lesson, path)
    assert became == [("bob", NAME, "new")]
    assert len(notices) == 7
    for why in ("not a plain path", "A zip in a zip", "a link or a device", "zip bomb",
                "two files of this name"):
        assert any(why in line for line in notices), why
    assert there(lesson, "bob")[f"{NAME}.ipynb"] == notebook(lesson)
    assert sorted(path for path in tmp_path.rglob("*") if "grading" not in path.parts) == before


def test_without_a_roster_nothing_is_taken_from_a_folder(tmp_path, downloads):
    lesson = demo.course(tmp_path / "course")
    put(downloads, "ann/x.ipynb", notebook(lesson))
    with pytest.raises(UserError, match="class init --roster FILE"):
        take(lesson, downloads)


def test_two_do_not_collect_at_once(lesson, downloads):
    take(lesson, downloads)
    code = ("import sys; from autograder.classroom.collect import *; from pathlib import Path\n"
            "try: list(collect(['.'], Path(sys.argv[1])))\n"
            "except UserError as error: print(error)")
    with lock(lesson.root / "grading" / "collect.lock"):
        done = subprocess.run([sys.executable, "-c", code, str(lesson.root)], cwd=lesson.root,
                              capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.startswith("Another collect is running in this class folder")


def test_a_full_disk_leaves_what_was_there(lesson, downloads, monkeypatch):
    put(downloads, "ann/x.ipynb", notebook(lesson, {"why": "1"}), 1)
    take(lesson, downloads)
    before = there(lesson)
    put(downloads, "ann/x.ipynb", notebook(lesson, {"why": "2"}), 2)

    def full(path, data):
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(UserError, match=r"No space left on device\.$"):
            take(lesson, downloads)
    assert there(lesson) == before
    assert take(lesson, downloads) == ([("ann", NAME, "newer")], [])


def test_a_kill_between_two_steps_loses_nothing(lesson, downloads, monkeypatch):
    """Wherever a run ends, the next one files what is newest, and the older one is there too."""
    first, second = notebook(lesson, {"why": "1"}), notebook(lesson, {"why": "2"})
    rename = os.rename
    for step in range(2):
        shutil.rmtree(lesson.root / "grading" / "submitted", ignore_errors=True)
        shutil.rmtree(lesson.root / "grading" / "replaced", ignore_errors=True)
        put(downloads, "ann/x.ipynb", first, 1)
        take(lesson, downloads)
        put(downloads, "ann/x.ipynb", second, 2)
        calls = iter(range(9))

        def killed(*paths, step=step, calls=calls):
            if next(calls) == step:
                raise KeyboardInterrupt
            rename(*paths)

        with monkeypatch.context() as patch:
            patch.setattr(os, "rename", killed)
            with pytest.raises(KeyboardInterrupt):
                take(lesson, downloads)
        take(lesson, downloads)
        assert there(lesson) == {f"{NAME}.ipynb": second, ".file_date.txt": stamp(2)}
        assert replaced(lesson) == [first]


@pytest.fixture
def inbound(lesson):
    """The exchange's place for submissions, with one that nbgrader's own submit put there."""
    config = settings(lesson.root)
    transfer("ReleaseAssignment", NAME, config)
    copy = put(lesson.root / "work" / NAME, f"{NAME}.ipynb", notebook(lesson))
    (copy.parent / "data.csv").write_text("1")
    transfer("Submit", NAME, config)
    place = Path(config.Exchange.root) / "neural-networks" / "inbound"
    [own] = place.iterdir()
    renamed = own.with_name("ann+" + own.name.partition("+")[2])
    own.rename(renamed)
    return place


def test_the_exchange_is_collected_as_nbgrader_collects_it(lesson, inbound):
    assert take(lesson, "exchange") == ([("ann", NAME, "new")], [])
    ours = there(lesson)
    assert ours.keys() == {f"{NAME}.ipynb", "data.csv", "submission_secret.txt", "timestamp.txt"}
    shutil.rmtree(lesson.root / "grading" / "submitted")
    transfer("Collect", NAME, settings(lesson.root), update=True)
    theirs = there(lesson)
    assert ours.pop("timestamp.txt").strip() == theirs.pop("timestamp.txt").strip()
    assert ours == theirs
    assert take(lesson, "exchange") == ([("ann", NAME, "same")], [])


def test_the_newest_of_the_exchange_counts_also_of_names_with_a_plus(lesson, inbound):
    [one] = inbound.iterdir()
    for name in (f"ann+{NAME}+2020-01-01 10:00:00.000000 UTC+abc",
                 f"bob+{NAME}+2026-01-01 10:00:00 UTC"):
        shutil.copytree(one, inbound / name)
    became, notices = take(lesson, "exchange")
    assert (became, notices) == ([("ann", NAME, "new"), ("bob", NAME, "new")], [])
    assert not there(lesson)["timestamp.txt"].startswith(b"2020")
    shutil.copytree(one, inbound / f"b+b+{NAME}+2026-01-01 10:00:00 UTC+x")
    _, [line] = take(lesson, "exchange")
    assert "the id 'b+b' holds +" in line


def test_odd_names_in_the_exchange_are_told_and_the_rest_is_taken(lesson, inbound):
    for name in (f"ann+{NAME}+2030-99-99 10:00:00 UTC+x", "whatever",
                 "ann+09_none+2026-01-01 10:00:00 UTC", f".x+{NAME}+2026-01-01 10:00:00 UTC",
                 f"zoe+{NAME}+2026-01-01 10:00:00 UTC"):
        (inbound / name).mkdir()
        put(inbound / name, f"{NAME}.ipynb", notebook(lesson))
    (inbound / f"bob+{NAME}+2026-01-01 10:00:00 UTC").symlink_to(inbound)
    became, notices = take(lesson, "exchange")
    assert became == [("ann", NAME, "new"), ("zoe", NAME, "new")]
    assert len(notices) == 6
    assert any("zoe is not in the roster" in line for line in notices)
    assert not (lesson.root / "grading" / "submitted" / ".x").exists()


def test_a_hostile_folder_in_the_exchange_brings_in_nothing_from_elsewhere(lesson, inbound,
                                                                            tmp_path):
    [one] = inbound.iterdir()
    secret = put(tmp_path, "secret.txt", b"marks")
    (one / f"{NAME}.ipynb").unlink()
    (one / f"{NAME}.ipynb").symlink_to(lesson.solution)
    (one / "marks.txt").symlink_to(secret)
    (one / "all").symlink_to(tmp_path)
    os.mkfifo(one / "pipe")
    deep = one
    for _ in range(30):
        deep = deep / "d"
    deep.mkdir(parents=True)
    became, notices = take(lesson, "exchange")
    assert became == []
    assert any("There is no notebook of 01_demo in it" in line for line in notices)
    assert there(lesson) == {}
    (one / f"{NAME}.ipynb").unlink()
    put(one, f"{NAME}.ipynb", notebook(lesson))
    take(lesson, "exchange")
    assert there(lesson).keys() == {f"{NAME}.ipynb", "data.csv", "submission_secret.txt",
                                    "timestamp.txt"}


def test_a_renamed_notebook_in_the_exchange_is_known_by_its_cells(lesson, inbound):
    [one] = inbound.iterdir()
    (one / f"{NAME}.ipynb").rename(one / "final.ipynb")
    take(lesson, "exchange")
    assert there(lesson)[f"{NAME}.ipynb"] == notebook(lesson)


def test_without_an_exchange_a_line_says_so(lesson):
    _, [line] = take(lesson, "exchange")
    assert "The exchange at" in line
    assert "`nbgrader release_assignment` makes it" in line


def test_the_command_tells_and_goes_on(lesson, downloads):
    put(downloads, "ann/x.ipynb", notebook(lesson))
    put(downloads, "z\x1b[31m\n/x.ipynb", notebook(lesson))
    done = subprocess.run([sys.executable, "-m", "autograder", "collect", str(downloads), "none"],
                          cwd=lesson.root, capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == (
        f"{downloads}: 1 new, 0 replaced older ones, 0 already collected, 1 to look at.")
    assert len(done.stderr.splitlines()) == 2
    assert "\x1b" not in done.stderr


def test_what_is_collected_is_what_autograde_takes(lesson, downloads):
    put(downloads, "ann/x.ipynb", notebook(lesson))
    take(lesson, downloads)
    ours = there(lesson)
    assert ours.pop(".file_date.txt") == stamp(1)
    shutil.rmtree(lesson.root / "grading" / "submitted")
    hand_in(lesson, "ann", RIGHT, None)
    assert there(lesson) == ours


# When it was handed in


DUE = datetime(2026, 2, 1, 12)
NIGHT = Received(datetime(2026, 2, 1, 22, 59))


def canvas(lesson, downloads, *names):
    """A zip as Canvas packs it; whatever is in it is dated by the download, after the deadline."""
    for name in names:
        put(downloads, name, notebook(lesson, {**RIGHT, "why": name}), 28)
    path = packed(downloads, downloads.with_suffix(".zip"))
    shutil.rmtree(downloads)
    return path


def due(lesson, when=DUE):
    with Book(settings(lesson.root)) as book:
        book.enter_lesson(NAME, nbformat.read(lesson.solution, as_version=4))
        book.set_due(NAME, when)


def late(lesson):
    """The students who are late for the gradebook, after grading."""
    run(lesson.root)
    with Book(settings(lesson.root)) as book:
        return [total.student for total in book.totals() if total.late]


def test_a_download_after_the_deadline_makes_nobody_late(lesson, downloads):
    due(lesson, datetime(2026, 1, 2))
    path = canvas(lesson, downloads, "leeann_12_345_x.ipynb", "anybody_77_346_x.ipynb")
    [done] = collect([str(path)], lesson.root)
    assert done.count("new") == 2
    assert done.notices == []
    [line] = done.remarks
    assert line.startswith("When 2 submissions were handed in is not known, so none of them counts "
                           "as late: a file's date is often that of the download.")
    assert late(lesson) == []


def test_who_is_late_for_canvas_is_late(lesson, downloads):
    due(lesson)
    path = canvas(lesson, downloads, "leeann_12_345_x.ipynb", "anybody_LATE_77_346_x.ipynb")
    [done] = collect([str(path)], lesson.root)
    [line] = done.notices
    assert ("says that bob (Bob O'Neil-Ray) was late, but not how late: it counts as one second "
            "after") in line
    assert late(lesson) == ["bob"]
    assert there(lesson, "bob")["timestamp.txt"] == b"2026-02-01 12:00:01.000000 UTC\n"


@pytest.mark.parametrize(("when", "why"), [
    (None, "01_demo has no deadline, so nothing follows from that."),
    (datetime(2125, 1, 1, 12), "Nothing follows from it; is the deadline right?")])
def test_late_without_a_deadline_that_has_passed_says_so(lesson, downloads, when, why):
    due(lesson, when)
    [done] = collect([str(canvas(lesson, downloads, "a_LATE_77_346_x.ipynb"))], lesson.root)
    [line] = done.notices
    assert line.endswith(why)
    assert "timestamp.txt" not in there(lesson, "bob")


def test_a_teacher_gives_a_time_also_later_and_takes_it_back(lesson, downloads):
    due(lesson)
    path = str(canvas(lesson, downloads, "leeann_12_345_x.ipynb"))
    list(collect([path], lesson.root))
    [done] = collect([path], lesson.root, NIGHT)
    assert (done.became, done.notices) == ([("ann", NAME, "retimed")], [])
    assert done.remarks[1].startswith("1 of 01_demo is late by that: the deadline was 2026-02-01 ")
    assert late(lesson) == ["ann"]
    [done] = collect([path], lesson.root, NIGHT)
    assert done.became == [("ann", NAME, "same")]
    [done] = collect([path], lesson.root, Received(None))
    assert done.became == [("ann", NAME, "retimed")]
    assert late(lesson) == []


def test_what_a_teacher_says_counts_more_than_late_and_a_contradiction_is_told(lesson, downloads):
    due(lesson)
    path = canvas(lesson, downloads, "a_LATE_77_346_x.ipynb")
    [done] = collect([str(path)], lesson.root, Received(datetime(2026, 2, 1, 11)))
    [line] = done.notices
    assert "was late; --received says 2026-02-01" in line
    assert line.endswith("before the deadline.")
    assert late(lesson) == []


def test_a_given_time_does_not_decide_what_is_newer(lesson, downloads):
    first = canvas(lesson, downloads, "leeann_12_345_x.ipynb")
    list(collect([str(first)], lesson.root, Received(datetime(2125, 1, 1))))
    again = downloads.with_name("again")
    put(again, "leeann_12_345_x.ipynb", notebook(lesson, {}), 29)
    assert take(lesson, again) == ([("ann", NAME, "newer")], [])
    assert take(lesson, first)[0] == [("ann", NAME, "older")]


def test_zips_without_dates_go_by_what_was_replaced(lesson, tmp_path):
    paths = []
    for number in range(2):
        paths.append(tmp_path / f"{number}.zip")
        with zipfile.ZipFile(paths[-1], "w") as archive:
            archive.writestr(zipfile.ZipInfo("ann/x.ipynb"), notebook(lesson, {"why": str(number)}))
    assert [take(lesson, path)[0][0][2] for path in [*paths, *paths]] == [
        "new", "newer", "older", "same"]


def test_the_exchange_knows_its_times_better_than_a_teacher(lesson, inbound, downloads):
    with pytest.raises(UserError, match=r"^--received is for a zip or a folder: the exchange"):
        list(collect(["exchange"], lesson.root, NIGHT))
    take(lesson, "exchange")
    before = there(lesson)
    os.utime(put(downloads, "ann/x.ipynb", before[f"{NAME}.ipynb"]))
    [done] = collect([str(downloads)], lesson.root, NIGHT)
    assert done.became == [("ann", NAME, "same")]
    assert there(lesson) == before


@pytest.mark.parametrize("time", ["yesterday", "2030-13-01", "", "99999-01-01", "2030-01-31T25:00"])
def test_a_time_that_is_none_is_a_line(time):
    with pytest.raises(UserError, match=r"is not a time such as 2030-01-31T23:59\+01:00$"):
        utc(time)


def test_a_time_without_a_zone_is_the_teachers(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert utc("2030-01-31T23:59") == datetime(2030, 2, 1, 4, 59)
        assert utc("2030-01-31T23:59+01:00") == datetime(2030, 1, 31, 22, 59)
        assert local(datetime(2030, 2, 1, 4, 59)) == "2030-01-31 23:59 EST"
    finally:
        monkeypatch.undo()
        time.tzset()
