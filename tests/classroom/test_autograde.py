"""The class folder: what is new is graded once, nothing is lost, and every trouble is a line."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from itertools import count
from multiprocessing import forkserver, get_context
from pathlib import Path

import pytest

from autograder.authoring.build import build
from autograder.classroom.autograde import HASH, opened
from autograder.course import Lesson
from autograder.errors import UserError
from autograder.gradebook import transaction
from autograder.gradebook.book import Book
from autograder.gradebook.settings import settings
from support import demo
from support.classes import (
    RIGHT,
    STAMP,
    autograded,
    by_looking,
    change,
    dump,
    gradebook,
    hand_in,
    marks,
    run,
    submitted,
)
from support.deadline import wait_until
from support.demo import NAME

LATER = "2030-01-02 10:00:00 UTC"
KILLS = 32
HIDDEN = "leaves its input as it was"  # stands in the demo lesson's hidden test only


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course with an empty gradebook."""
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course")
    Book(settings(lesson.root)).close()
    return lesson


@pytest.fixture
def lesson(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course")
    return Lesson(NAME, tmp_path / "course")


@pytest.fixture
def root(lesson):
    """A course in which ann and bob handed in."""
    hand_in(lesson, "ann", RIGHT)
    hand_in(lesson, "bob", {"half": RIGHT["half"]})
    return lesson.root


def waiting(root, *assignments, force=False):
    with opened(root) as room:
        return [one.student for one in room.waiting(assignments, force)]


def notices(outcomes):
    return [line for outcome in outcomes for line in outcome.notices({})]


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_is_handed_in_is_graded_once(root):
    assert waiting(root) == ["ann", "bob"]
    outcomes = run(root)
    assert [outcome.result.score for outcome in outcomes] == [3.0, 1.0]
    assert notices(outcomes) == []
    assert marks(root)["ann"] == {
        "double-tests": (2.0, False), "half-tests": (1.0, False), "why": (None, True)}
    assert waiting(root) == []
    before = dump(root)
    assert run(root) == []
    assert dump(root) == before


def test_what_only_grading_needs_is_not_loaded_before_there_is_something_to_grade():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, autograder.classroom.autograde\n"
         "print({'numpy', 'scipy', 'matplotlib', 'IPython.core.interactiveshell'} "
         "& set(sys.modules), 'nbgrader' in sys.modules)"],
        capture_output=True, text=True, check=True).stdout
    assert loaded == "set() True\n"


def test_only_the_lessons_named_are_looked_at(lesson, root):
    text = lesson.source.read_text()
    (lesson.root / "solutions" / "02_other.py").write_text(
        text.replace("double", "triple").replace("half", "third").replace("why", "how"))
    build(root)
    hand_in(Lesson("02_other", root), "cem", {})
    assert waiting(root) == ["ann", "bob", "cem"]
    assert waiting(root, "02_other") == ["cem"]
    assert waiting(root, "02_other", NAME) == ["ann", "bob", "cem"]
    with pytest.raises(UserError, match=r"^There is no lesson 03_x; there are: 01_demo, 02"):
        waiting(root, "03_x", NAME)


@pytest.mark.parametrize("again", [
    lambda lesson: hand_in(lesson, "ann", RIGHT, LATER),
    lambda lesson: hand_in(lesson, "ann", RIGHT, None),
    lambda lesson: hand_in(lesson, "ann", {}, STAMP),
    lambda lesson: change(lesson.root, "delete from submitted_assignment where student_id='ann'"),
    lambda lesson: change(lesson.root, "update submitted_assignment set timestamp = '2029-01-01 "
                                       "00:00:00.000000' where student_id = 'ann'"),
    lambda lesson: shutil.rmtree(autograded(lesson.root, "ann")),
    lambda lesson: (autograded(lesson.root, "ann") / f"{NAME}.ipynb").unlink(),
    lambda lesson: shutil.copy(autograded(lesson.root, "bob") / HASH,
                               autograded(lesson.root, "ann") / HASH),
], ids=["collected anew", "without a time", "changed by hand", "no marks", "marks of another time",
        "no folder", "no notebook", "folder of something else"])
def test_what_is_not_graded_as_it_lies_there_is_new(lesson, root, again):
    run(root)
    again(lesson)
    assert waiting(root) == ["ann"]
    run(root)
    assert waiting(root) == []
    assert {row["student_id"] for row in dump(root)["submitted_assignment"]} == {"ann", "bob"}


def test_what_nbgrader_graded_is_left_alone(root):
    run(root)
    for student in ("ann", "bob"):
        (autograded(root, student) / HASH).unlink()
    assert waiting(root) == []
    hand_in(Lesson(NAME, root), "bob", RIGHT, LATER)
    assert waiting(root) == ["bob"]


def test_force_grades_again_and_keeps_what_a_teacher_gave(root):
    run(root)
    change(root, "update grade set manual_score = 2.5 where auto_score is null")
    change(root, "update comment set manual_comment = 'Well said.'")
    before = dump(root)
    assert waiting(root, force=True) == ["ann", "bob"]
    run(root, force=True)
    assert dump(root) == before


def test_a_lost_gradebook_is_made_anew(root):
    run(root)
    before = dump(root)
    gradebook(root).unlink()
    assert waiting(root) == ["ann", "bob"]
    run(root)
    assert dump(root) == before


def test_the_autograded_folder_holds_what_nbgrader_puts_there(root):
    place = submitted(root, "ann")
    (place / "data").mkdir()
    (place / "data" / "mine.csv").write_text("1,2")
    (place / "other.ipynb").write_text("{}")
    (place / HASH).write_text("forged")
    (place / "secret.txt").symlink_to(root / "solutions" / f"{NAME}.py")
    os.mkfifo(place / "pipe")
    run(root)
    found = files(autograded(root, "ann"))
    assert found.keys() == {f"{NAME}.ipynb", "timestamp.txt", HASH, "data/mine.csv"}
    assert found["timestamp.txt"].decode() == STAMP
    assert all(path.stat().st_mode & 0o777 == 0o444
               for path in autograded(root, "ann").rglob("*") if path.is_file())
    notebook = found[f"{NAME}.ipynb"].decode()
    assert RIGHT["why"] in notebook
    assert HIDDEN in (root / "solutions" / NAME / f"{NAME}.ipynb").read_text()
    for secret in (HIDDEN, "MARK SCHEME", "It is twice as much"):
        assert secret not in notebook
    hand_in(Lesson(NAME, root), "ann", RIGHT, LATER)
    run(root)
    assert files(autograded(root, "ann")).keys() == {f"{NAME}.ipynb", "timestamp.txt", HASH}
    assert sorted(path.name for path in (root / "grading" / "autograded").iterdir()
                  ) == ["ann", "bob"]


@pytest.mark.parametrize(("spoil", "reason"), [
    (lambda place: (place / f"{NAME}.ipynb").write_text("{"), "The file is not valid JSON"),
    (lambda place: (place / f"{NAME}.ipynb").unlink(), f"There is no file {NAME}.ipynb in"),
    (lambda place: ((place / f"{NAME}.ipynb").rename(place / "mine.ipynb"),
                    (place / "other.ipynb").write_text("{}")), "There is no file"),
    (lambda place: ((place / f"{NAME}.ipynb").rename(place / "mine.ipynb"),
                    (place / f"{NAME}.ipynb").symlink_to("mine.ipynb")), "It is a link, and"),
    (lambda place: ((place / f"{NAME}.ipynb").unlink(), os.mkfifo(place / f"{NAME}.ipynb")),
     "It is not a regular file."),
    (lambda place: ((place / f"{NAME}.ipynb").unlink(), (place / f"{NAME}.ipynb").mkdir()),
     "It is not a regular file."),
    (lambda place: ((place / f"{NAME}.ipynb").unlink(),
                    (place / f"{NAME}.ipynb").symlink_to(f"{NAME}.ipynb")), "It is a link, and"),
    (lambda place: ((place / f"{NAME}.ipynb").unlink(),
                    (place / f"{NAME}.ipynb").symlink_to("/dev/zero")), "It is a link, and"),
    (lambda place: (place.rename(place.with_name(".other")), place.symlink_to(".other")),
     "is a link, and those are not followed."),
    *[(lambda place, words=words: (place / "timestamp.txt").write_bytes(words),
       "timestamp.txt doesn't hold a time but b") for words in (
        b"soon", b"\xff\xfe", b"2030-13-45", b"9" * 400, b"1 2 3", b"2030-01-01 10:00:00 +9999999",
        b"\0", b"-", b"0000-00-00 00:00:00 UTC", b"99999-01-01", b"x" * 10**6)],
])
def test_a_submission_that_is_unfit_costs_nobody_else(lesson, root, spoil, reason):
    run(root)
    change(root, "update comment set manual_comment = 'Well said.'")
    before, folder = dump(root), files(autograded(root, "ann"))
    for student in ("ann", "cem"):
        spoil(hand_in(lesson, student, {}, LATER))
    hand_in(lesson, "bob", RIGHT, LATER)
    hand_in(lesson, "dan", {})
    outcomes = run(root)
    lines = notices(outcomes)
    assert sorted(line[:22] for line in lines) == [
        "ann, 01_demo: not grad", "cem, 01_demo: not grad"]
    assert all(reason in line and "\n" not in line for line in lines)
    after = dump(root)
    for table in ("grade", "comment", "submitted_assignment", "submitted_notebook"):
        assert [row for row in after[table] if "ann" in str(row.values())
                ] == [row for row in before[table] if "ann" in str(row.values())]
    assert files(autograded(root, "ann")) == folder
    assert marks(root)["bob"]["double-tests"] == (2.0, False)
    assert {row["id"] for row in after["student"]} == {"ann", "bob", "dan"}
    assert waiting(root) == ["ann", "cem"]


def test_a_blank_timestamp_is_none(lesson, root):
    hand_in(lesson, "ann", RIGHT, " \n")
    assert notices(run(root)) == []
    assert {row["timestamp"] for row in dump(root)["submitted_assignment"]} == {
        None, "2030-01-01 10:00:00.000000"}
    assert waiting(root) == []


def test_odd_names(lesson, root):
    odd = ["Ann O'Brien", "名前", "a b ", "[ab]*?", "x" * 200, "%2e%2e", "a+b", "-rf", "{0}", "é"]
    for student in odd:
        hand_in(lesson, student, RIGHT)
    for name in ("two\nlines", "bell\a", os.fsdecode(b"\xff")):
        hand_in(lesson, name, RIGHT)
    (submitted(root, ".hidden")).mkdir(parents=True)
    (submitted(root, "x").parent.parent / "notes.txt").write_text("no student")
    lines = notices(run(root))
    assert len(lines) == 3
    assert all("whose name holds control characters" in line and line.isprintable()
               for line in lines)
    assert {row["id"] for row in dump(root)["student"]} == {*odd, "ann", "bob"}
    for student in odd:
        assert (autograded(root, student) / f"{NAME}.ipynb").is_file()


def test_a_lesson_that_is_missing_or_broken_costs_its_submissions_only(lesson, root):
    (lesson.root / "solutions" / "02_other.py").write_text(
        lesson.source.read_text().replace("why", "how"))
    build(root)
    other = Lesson("02_other", root)
    hand_in(other, "ann", {})
    shutil.copytree(submitted(root, "ann"), submitted(root, "ann", "99_gone"))
    other.solution.unlink()
    lines = notices(run(root))
    assert len(lines) == 2
    assert "ann, 99_gone: not graded. There is no lesson '99_gone'." in lines
    assert any(line.startswith("ann, 02_other: not written, the next run tries again. The lesson "
                               "can't be read; `python -m autograder build` rebuilds it")
               for line in lines)
    assert marks(root).keys() == {"ann", "bob"}
    build(root)
    assert notices(run(root)) == [line for line in lines if "99_gone" in line]
    assert {row["name"] for row in dump(root)["assignment"]} == {NAME, "02_other"}


def test_what_is_handed_in_meanwhile_waits_for_the_next_run(lesson, root):
    def grade(submissions):
        for one, result in zip(submissions, by_looking(submissions, root), strict=True):
            if one.student == "ann":
                hand_in(lesson, "ann", {}, LATER)
            yield result

    with opened(root) as room:
        lines = notices(room.autograde(room.waiting(), grade))
    assert lines == ["ann, 01_demo: not written, the next run tries again. It was handed in again "
                     "while it was being graded."]
    assert marks(root).keys() == {"bob"}
    assert waiting(root) == ["ann"]


def test_a_grader_that_breaks_costs_one_submission(root):
    def grade(submissions):
        for one, result in zip(submissions, by_looking(submissions, root), strict=True):
            if one.student == "ann":
                raise RuntimeError("its process\nis gone")
            yield result

    with opened(root) as room:
        lines = notices(room.autograde(room.waiting(), grade))
    assert lines == ["ann, 01_demo: not written, the next run tries again. The grader failed: "
                     "RuntimeError: its process is gone"]
    assert marks(root).keys() == {"bob"}
    assert waiting(root) == ["ann"]


def test_a_folder_that_can_not_be_written_costs_one_submission(root):
    place = autograded(root, "ann").parent
    place.parent.mkdir(parents=True)
    place.write_text("in the way")
    [line] = notices(run(root))
    assert line.startswith("ann, 01_demo: not written, the next run tries again. /")
    assert marks(root)["bob"]["half-tests"] == (1.0, False)
    place.unlink()
    assert notices(run(root)) == []
    assert marks(root).keys() == {"ann", "bob"}


def test_a_full_disk_is_a_line_for_each_submission(root):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with opened(root) as room:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        try:
            lines = notices(room.autograde(room.waiting(),
                                        lambda submissions: by_looking(submissions, root)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [line.split(":")[0] for line in lines] == ["ann, 01_demo", "bob, 01_demo"]
    assert all("not written" in line for line in lines)
    assert dump(root)["submitted_assignment"] == []
    assert notices(run(root)) == []
    assert waiting(root) == []


def test_a_locked_gradebook_is_a_line_for_each_submission(root, monkeypatch):
    monkeypatch.setattr(transaction, "PATIENCE", 0.2)
    other = sqlite3.connect(gradebook(root), isolation_level=None)
    with opened(root) as room:
        ones = room.waiting()
        other.execute("begin immediate")
        lines = notices(room.autograde(ones, lambda submissions: by_looking(submissions, root)))
        other.close()
    assert len(lines) == 2
    assert all("another program has kept it locked" in line for line in lines)
    assert notices(run(root)) == []
    assert marks(root).keys() == {"ann", "bob"}


@pytest.mark.parametrize(("spoil", "reason"), [
    (lambda grading: (shutil.rmtree(grading), grading.write_text("")), "/grading"),
    (lambda grading: (grading / "autograded").write_text(""), "/grading/autograded: File exists"),
    (lambda grading: (grading / "gradebook.db").write_bytes(b"x" * 5000), "not a database"),
    (lambda grading: (grading / "autograde.lock").mkdir(), "autograde.lock: Is a directory"),
])
def test_a_class_folder_that_is_none_is_told_in_a_line(root, spoil, reason):
    spoil(root / "grading")
    with pytest.raises(UserError, match=reason) as error, opened(root):
        pass
    assert "\n" not in str(error.value)


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="mounts a file system")
def test_a_read_only_class_folder_is_told_in_a_line(root):
    script = ("mount --bind . . && mount -o remount,ro,bind . && cd . && cd $PWD && "
              "exec $0 -m autograder autograde")
    done = subprocess.run(["unshare", "-m", "sh", "-c", script, sys.executable], cwd=root,
                          capture_output=True, text=True, timeout=60, check=False)
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip(done.stderr)
    assert done.stderr == (f"autograder: {root}/grading/autograded: Read-only file system.\n")
    assert done.returncode == 2


@pytest.fixture(scope="module")
def ready():
    """Where processes start that have this module loaded; the server has no other search path."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["test_autograde"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.ensure_running()
    return context


def test_two_runs_at_once(root, ready):
    with opened(root), ready.Pool(1) as pool:
        assert pool.apply(_error, (root,)) == (
            "Another autograde is running in this class folder; let it finish first.")
    assert _error(root) is None


def _error(root):
    try:
        with opened(root):
            return None
    except UserError as error:
        return str(error)


@pytest.fixture(scope="module")
def classes(made, tmp_path_factory):
    """Two classes of six: one handed in anew after a teacher graded by hand, one quite new."""
    first, second = (tmp_path_factory.mktemp("class") / "course" for _ in range(2))
    shutil.copytree(made.root, first)
    lesson = Lesson(NAME, first)
    for number in range(4):
        hand_in(lesson, f"s{number}", RIGHT)
    run(first)
    change(first, "update grade set manual_score = 2.5, needs_manual_grade = 0 "
                  "where auto_score is null")
    change(first, "update comment set manual_comment = 'Well said.'")
    change(first, "update assignment set duedate = '2030-01-01 12:00:00.000000'")
    for number in range(1, 6):
        hand_in(lesson, f"s{number}", {"half": RIGHT["half"]} if number % 2 else RIGHT, LATER)
    hand_in(lesson, "s6", {}, "garbage")
    shutil.copytree(first, second)
    shutil.rmtree(second / "grading" / "autograded")
    gradebook(second).unlink()
    return first, second


def run_killed(root, moment, calls, connection):
    """A run that is killed some calls after its `moment`-th file, lock or import.

    One that isn't, since there are fewer, sends how many there are.
    """
    seen = count(1)
    reached, left = None, calls

    def count_down(*_):
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(*_):
        nonlocal reached
        reached = next(seen)
        if reached == moment:
            sys.setprofile(count_down)

    sys.addaudithook(hook)
    run(root)
    sys.setprofile(None)
    connection.send(reached)


@pytest.mark.slow
@pytest.mark.parametrize(("which", "kills"), [
    pytest.param(0, KILLS - 6, marks=pytest.mark.long), (1, 6)], ids=["anew", "new"])
def test_killed_at_any_moment_and_started_again_it_ends_the_same(
        classes, tmp_path, which, kills, ready):
    """Moments are drawn over what a run does, and up to a thousand calls after it."""
    def killed_at(root, moment, calls=0):
        ours, theirs = ready.Pipe()
        process = ready.Process(target=run_killed, args=(root, moment, calls, theirs))
        process.start()
        theirs.close()
        process.join()
        return process.exitcode == -signal.SIGKILL, ours

    whole = tmp_path / "whole"
    shutil.copytree(classes[which], whole)
    _, connection = killed_at(whole, None)
    moments = connection.recv()
    expected, folder = dump(whole), files(whole / "grading" / "autograded")
    assert len(expected["submitted_assignment"]) == 6
    rng, hits, at_work = random.Random(2007), 0, set()
    for trial in count():
        assert trial < 4 * kills
        root = tmp_path / "killed"
        shutil.copytree(classes[which], root)
        hit, _ = killed_at(root, rng.randrange(1, moments + 1), rng.randrange(1000))
        hits += hit
        done = files(root / "grading" / "autograded")
        at_work.add(sum(done.get(name) == text for name, text in folder.items() if HASH in name))
        run(root)
        assert dump(root) == expected
        assert files(root / "grading" / "autograded") == folder
        shutil.rmtree(root)
        if hits == kills:
            break
    assert len(at_work) > 2  # some were hit before, between and after submissions


@pytest.mark.slow
@pytest.mark.long
def test_the_command_killed_and_started_again_ends_the_same(classes, tmp_path):
    """The whole program with its processes and fences; of those nothing is left."""
    def command(root):
        return subprocess.Popen([sys.executable, "-m", "autograder", "autograde", "--jobs", "2"],
                                cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def of(root):
        return [path for path in Path("/proc").glob("[0-9]*/cwd")
                if path.exists() and os.readlink(path).startswith(str(root))]

    whole = tmp_path / "whole"
    shutil.copytree(classes[1], whole)
    assert command(whole).wait(timeout=120) == 0
    expected = dump(whole)
    assert len(expected["submitted_assignment"]) == 6
    for graded in range(0, 6, 2):
        root = tmp_path / f"killed{graded}"
        shutil.copytree(classes[1], root)
        process = command(root)
        wait_until(lambda root=root, graded=graded: len(of(root)) > 1 if graded == 0
                   else graded <= len(list((root / "grading" / "autograded").glob(
                       f"[!.]*/*/{HASH}"))))  # .staging comes and goes
        process.kill()
        process.wait()
        again = command(root)
        assert again.wait(timeout=120) == 0, again.stderr.read()
        assert dump(root) == expected
        wait_until(lambda root=root: of(root) == [])
