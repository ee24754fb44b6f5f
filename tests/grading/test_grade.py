"""Submissions to results: which lesson a file is of, what its run is worth, and the command."""

import hashlib
import json
import os
import subprocess
import sys
from itertools import pairwise

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.__main__ import main
from autograder.authoring import build
from autograder.course import lessons
from autograder.grading import grade as grading
from autograder.grading.outcome import Outcome
from autograder.grading.pool import grade_all
from autograder.grading.result import Check, Misconception
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission, find
from support.answers import cell, filled
from support.demo import LESSON, NAME, course, release, solution

HINT = Misconception("square", "This is x times x.")
REASONS = {"empty.ipynb": (b"", "The file is empty."),
           "cut.ipynb": (b'{"nbformat": 4, "cells": [', "The file is not valid JSON (line 1)."),
           "code.ipynb": (b"def f(x): return x", "The file is not valid JSON (line 1)."),
           "other.ipynb": (nbformat.writes(new_notebook(cells=[new_code_cell("1")])).encode(),
                           "The notebook holds none of the cells of a lesson of this course.")}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """The demo lesson in a course of its own, beside another lesson."""
    made = course(tmp_path_factory.mktemp("course") / "course")
    other = made.root / "solutions" / "02_other.py"
    other.write_text(LESSON.replace("double", "triple").replace("half", "third")
                     .replace("given: imports", "given: numpy").replace("why", "how"))
    build.build(made.root)
    return made


class Told:
    """What stands for the engine: it runs nothing, and says what a test wants to hear."""

    missing = ()

    def __init__(self, *_):
        pass

    def begin(self, release):
        """There is no process."""

    def run(self, notebook, release, lesson, timeout, explain, released):
        self.calls.append((notebook, lesson, timeout))
        return self.ran

    def close(self):
        pass


@pytest.fixture
def ran(monkeypatch):
    """What came of each exercise, by name, in place of running."""
    monkeypatch.setattr("autograder.grading.grade._engine", lambda settings: Told())
    Told.ran, Told.calls = {"double": passes(), "half": passes()}, []
    return Told.ran


def outcome(error=None, hidden=False):
    return {"label": "label", "weight": 1.0, "hidden": hidden, "error": error,
            "message": "Message." if error else ""}


def record(score, *errors):
    return {"exercise": "double", "score": score, "points": 2, "printed": "",
            "outcomes": [outcome(error) for error in errors]}


def passes():
    return Outcome(record(0.0, None))


def answered(**answers):
    """A student's notebook with these answers in place of the stubs."""
    notebook = release()
    for name, source in answers.items():
        cell(notebook, name).source = source
    return notebook


RIGHT = {"double": "def double(x):\n    return np.asarray(x) * 2.0",
         "half": "def half(x):\n    return x / 2", "why": "Because."}


def written(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def grade(lesson, path, student=None, assignment=None):
    """What the file is worth, and the notebook as it ran. The time limit tells engines apart."""
    return grading.grade(Submission(path, student, assignment), Settings(3.5, root=lesson.root))


# Where submissions are


def tree(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("{}")


def found(path, root):
    return [(str(one.path.relative_to(root)), one.student, one.assignment) for one in find(path)]


def test_a_file_is_a_submission_whatever_it_is_called(tmp_path):
    tree(tmp_path, "any thing.txt")
    assert found(tmp_path / "any thing.txt", tmp_path) == [("any thing.txt", None, None)]


def test_a_class_folder_names_students_and_assignments(tmp_path):
    tree(tmp_path, "ada/01_a/01_a.ipynb", "ada/02_b/02_b.ipynb", "bob/01_a/01_a.ipynb",
         "bob/01_a/timestamp.txt", "bob/01_a/.ipynb_checkpoints/01_a-checkpoint.ipynb")
    assert found(tmp_path, tmp_path) == [
        ("ada/01_a/01_a.ipynb", "ada", "01_a"), ("ada/02_b/02_b.ipynb", "ada", "02_b"),
        ("bob/01_a/01_a.ipynb", "bob", "01_a")]


def test_beside_a_notebook_of_the_folders_name_others_do_not_count(tmp_path):
    tree(tmp_path, "ada/01_a/01_a.ipynb", "ada/01_a/notes.ipynb", "ada/01_a/more/x.ipynb")
    assert found(tmp_path, tmp_path) == [
        ("ada/01_a/01_a.ipynb", "ada", "01_a"), ("ada/01_a/more/x.ipynb", None, None)]


def test_an_assignments_folder_alone_says_no_student(tmp_path):
    tree(tmp_path, "01_a/01_a.ipynb")
    assert found(tmp_path / "01_a", tmp_path) == [("01_a/01_a.ipynb", None, "01_a")]
    assert found(tmp_path, tmp_path) == [("01_a/01_a.ipynb", None, "01_a")]


def test_loose_notebooks_are_all_taken(tmp_path):
    tree(tmp_path, "b.ipynb", "a.ipynb", "c.txt")
    (tmp_path / "folder.ipynb").mkdir()
    assert found(tmp_path, tmp_path)[:2] == [("a.ipynb", None, None), ("b.ipynb", None, None)]


@pytest.mark.parametrize("path", ["gone", "gone/x.ipynb", "empty"])
def test_where_nothing_is_nothing_is_found(tmp_path, path):
    (tmp_path / "empty" / ".ipynb_checkpoints").mkdir(parents=True)
    tree(tmp_path, "empty/.ipynb_checkpoints/x.ipynb", "empty/notes.txt")
    with pytest.raises(FileNotFoundError, match=rf"{path}: there (is|are) no"):
        find(tmp_path / path)


# Which lesson it is of


@pytest.mark.parametrize("name", list(REASONS))
@pytest.mark.usefixtures("ran")
def test_what_cannot_be_graded_is_quarantined_with_its_reason(tmp_path, lesson, name):
    data, reason = REASONS[name]
    (tmp_path / name).write_bytes(data)
    result, notebook = grade(lesson, tmp_path / name)
    assert notebook is None
    assert (result.status, result.reason, result.exercises) == ("quarantined", reason, [])
    assert (result.score, result.max_score) == (0.0, 0.0)


@pytest.mark.parametrize(("assignment", "reason"), [
    ("02_other", f"It was handed in as 02_other, but it holds {NAME}."),
    ("03_gone", "There is no lesson '03_gone'."),
])
@pytest.mark.usefixtures("ran")
def test_a_notebook_in_the_wrong_folder_is_quarantined(tmp_path, lesson, assignment, reason):
    path = written(tmp_path / "x.ipynb", release())
    result, _ = grade(lesson, path, "ada", assignment)
    assert (result.status, result.reason) == ("quarantined", reason)
    assert (result.student, result.assignment) == ("ada", assignment)


@pytest.mark.usefixtures("ran")
def test_a_file_that_cannot_be_opened_is_quarantined(tmp_path, lesson):
    result, _ = grade(lesson, tmp_path)
    assert (result.status, result.reason) == (
        "quarantined", "It is not a regular file.")


@pytest.mark.parametrize("assignment", [None, NAME])
@pytest.mark.usefixtures("ran")
def test_a_notebook_is_known_by_its_cells_whatever_it_is_called(tmp_path, lesson, assignment):
    path = written(tmp_path / "homework (2).ipynb", release())
    result, _ = grade(lesson, path, None, assignment)
    assert (result.status, result.assignment, result.path) == ("graded", NAME, str(path))
    assert Told.calls[0][1:] == (lesson, 3.5)


@pytest.mark.usefixtures("ran")
def test_the_lesson_of_most_cells_counts(tmp_path, lesson):
    mixed = answered()
    mixed.cells += [new_code_cell("x", id="triple"), new_code_cell("x", id="third")]
    result, _ = grade(lesson, written(tmp_path / "x.ipynb", mixed))
    assert (result.status, result.assignment) == ("graded", NAME)


# What a run is worth


def graded(lesson, tmp_path, **answers):
    path = written(tmp_path / "x.ipynb", answered(**answers))
    result, notebook = grade(lesson, path, "ada")
    assert result.status == "graded"
    return result, {e.name: e for e in result.exercises}, notebook


@pytest.mark.usefixtures("ran")
def test_answers_and_all_tests_are_run(lesson, tmp_path):
    _, _, notebook = graded(lesson, tmp_path, **RIGHT)
    assert notebook is Told.calls[0][0]
    assert cell(notebook, "double").source == RIGHT["double"]
    assert cell(notebook, "double-tests").source == cell(solution(), "double-tests").source


def test_the_points_add_up(lesson, tmp_path, ran):
    ran["double"] = Outcome(record(1.33, None, "failed"))
    ran["half"] = Outcome(record(0.33, "failed"))
    result, found, _ = graded(lesson, tmp_path)
    assert [(e.name, e.score, e.max_score) for e in result.exercises] == [
        ("double", 1.33, 2.0), ("half", 0.33, 1.0), ("why", 0.0, 3.0)]
    assert (result.score, result.max_score, result.student) == (1.66, 6.0, "ada")
    assert result.repairs == result.flags == []
    assert found["double"].checks == [
        Check("label", True, False), Check("label", False, False, "Message.")]


@pytest.mark.usefixtures("ran")
def test_repairs_and_flags_are_told(lesson, tmp_path):
    result, _, _ = graded(lesson, tmp_path, **{"half-tests": "1"})
    assert result.repairs == ["The test cell of `half` had been changed; the original was used."]
    assert result.flags == ["The test cell of `half` had been changed."]


@pytest.mark.parametrize(("run", "score", "error"), [
    (Outcome(record(2.0, None)), 2.0, None),
    (Outcome(record(99.0, None)), 2.0, None),
    (Outcome(record(-1.0, None)), 0.0, None),
    (Outcome(record(1.0, None, "failed")), 1.0, None),
    (Outcome(record(0.0, "missing", "missing")), 0.0, "missing"),
    (Outcome(record(0.0, "raised", "raised")), 0.0, "raised"),
    (Outcome(record(0.0, "raised", "failed")), 0.0, None),
    (Outcome(record(1.0, "raised", None)), 1.0, "raised"),
    (Outcome(), 0.0, "crashed"),
    (Outcome(trouble="timeout"), 0.0, "timeout"),
    (Outcome(trouble="crashed"), 0.0, "crashed"),
    (Outcome(record(1.0, None, "failed"), trouble="timeout"), 1.0, "timeout"),
    (Outcome(record(0.0, "missing"), raised="SyntaxError: invalid syntax"), 0.0, "raised"),
    (Outcome(record(0.0, "missing"), raised="NotImplementedError: "), 0.0, "missing"),
    (Outcome(record(2.0, None), raised="ValueError: below it"), 2.0, None),
])
def test_what_a_run_is_worth(lesson, tmp_path, ran, run, score, error):
    ran["double"] = run
    _, found, _ = graded(lesson, tmp_path)
    assert (found["double"].score, found["double"].error) == (score, error)
    assert found["double"].needs_manual_grade is False


def test_an_answer_cell_that_raised_says_so_in_place_of_what_followed(lesson, tmp_path, ran):
    ran["double"] = Outcome(record(1.0, None, "missing"), raised="SyntaxError: invalid syntax")
    _, found, _ = graded(lesson, tmp_path)
    assert [check.message for check in found["double"].checks] == [
        "", "The cell of your answer raised SyntaxError: invalid syntax"]


def test_the_misconception_comes_along(lesson, tmp_path, ran):
    ran["double"] = Outcome(record(0.0, "failed"), misconception=HINT)
    _, found, _ = graded(lesson, tmp_path)
    assert (found["double"].misconception, found["half"].misconception) == (HINT, None)


@pytest.mark.parametrize(("text", "manual", "error"), [
    ("Because.", True, None), ("", False, "missing"), ("YOUR ANSWER HERE", False, "missing")])
@pytest.mark.usefixtures("ran")
def test_a_written_answer_is_for_a_teacher(lesson, tmp_path, text, manual, error):
    _, found, _ = graded(lesson, tmp_path, why=text)
    why = found["why"]
    assert (why.score, why.needs_manual_grade, why.error) == (0.0, manual, error)


@pytest.mark.usefixtures("ran")
def test_results_come_in_the_order_of_the_submissions(lesson, tmp_path):
    paths = [written(tmp_path / f"{name}.ipynb", release()) for name in "cab"]
    settings = Settings(3.5, root=lesson.root)
    results = grade_all([Submission(path) for path in paths], settings=settings)
    assert [result.path for result, _ in results] == [str(path) for path in paths]
    assert list(grade_all([], 2, settings)) == []


# The command


def command(root, *arguments):
    return subprocess.run([sys.executable, "-m", "autograder", "grade", *map(str, arguments)],
                          cwd=root, capture_output=True, text=True, timeout=300, check=False)


def digest(*roots):
    """A hash of all that stands in these folders, Python's caches apart."""
    found = hashlib.sha256()
    for root in roots:
        for path in sorted(root.rglob("*")):
            if "__pycache__" not in path.parts:
                found.update(str(path).encode())
                if path.is_file():  # a folder's time changes with its cache
                    found.update(str(path.lstat().st_mtime_ns).encode() + path.read_bytes())
    return found.hexdigest()


@pytest.mark.parametrize("arguments", [
    [], ["--json"], ["x", "--jobs", "0"], ["x", "--jobs", "-1"], ["x", "--jobs", "two"],
    ["x", "--jobs", "1.5"], ["x", "--timeout", "0"], ["x", "--timeout", "-3"],
    ["x", "--timeout", "nan"], ["x", "--timeout", "inf"], ["x", "--timeout", "soon"],
    ["x", "--all"], ["gone.ipynb"], ["empty"], ["empty", "gone.ipynb", "--json"],
], ids=" ".join)
def test_arguments_that_cannot_be_used_are_refused_in_a_line(tmp_path, arguments, capsys):
    (tmp_path / "empty").mkdir()
    before = digest(tmp_path)
    try:
        status = main(["grade", *(str(tmp_path / a) if a in ("x", "empty", "gone.ipynb") else a
                                  for a in arguments)])
    except SystemExit as left:
        status = left.code
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert digest(tmp_path) == before


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["gone.ipynb"], ["--jobs", "0", "gone.ipynb"]])
def test_the_command_itself_refuses_in_a_line(lesson, arguments):
    before = digest(lesson.root)
    done = command(lesson.root, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "gone.ipynb: there is no such file" in done.stderr or "--jobs" in done.stderr
    assert digest(lesson.root) == before


@pytest.mark.slow
def test_files_that_cannot_be_graded_are_results(lesson, tmp_path):
    for name, (data, _) in REASONS.items():
        (tmp_path / name).write_bytes(data)
    written(tmp_path / "ada" / "03_gone" / "03_gone.ipynb", release())
    written(tmp_path / "bob" / "02_other" / "02_other.ipynb", release())
    before = digest(tmp_path, lesson.root)
    done = command(lesson.root, tmp_path, "--json", "--jobs", "2")
    assert (done.returncode, done.stderr) == (0, "")
    results = json.loads(done.stdout)["results"]
    assert {r["path"].split("/")[-1]: r["reason"] for r in results} == {
        **{name: reason for name, (_, reason) in REASONS.items()},
        "03_gone.ipynb": "There is no lesson '03_gone'.",
        "02_other.ipynb": f"It was handed in as 02_other, but it holds {NAME}."}
    assert {r["status"] for r in results} == {"quarantined"}
    assert digest(tmp_path, lesson.root) == before


@pytest.mark.slow
def test_without_json_the_result_is_text(lesson, tmp_path):
    (tmp_path / "empty.ipynb").write_text("")
    done = command(lesson.root, tmp_path / "empty.ipynb")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (f"no lesson  ({tmp_path}/empty.ipynb)\n"
                           "  not graded: The file is empty.\n")


# The command with real runs

CLASS = {
    "right": RIGHT,
    "blank": {},
    "wrong": {**RIGHT, "double": "def double(x):\n    print('x' * 9)\n    return np.square(x)"},
    "noisy": {**RIGHT, "half": "import warnings\n\ndef half(x):\n"
                               "    warnings.warn('old')\n    print('so far')\n"
                               "    np.array([1.0]) / 0\n    return x / 2"},
    "broken": {"double": "def double(x) return x", "half": "def half(x):\n    exit(3)"},
    "crash": {**RIGHT, "half": "import os\n\ndef half(x):\n    os._exit(3)"},
}


@pytest.fixture(scope="module")
def class_run(lesson, tmp_path_factory):
    """A class with its submissions and a stray file, graded by one call; what it printed."""
    root = tmp_path_factory.mktemp("class")
    for student, answers in CLASS.items():
        written(root / student / NAME / f"{NAME}.ipynb", answered(**answers))
    (root / "wrong" / "02_other").mkdir()
    (root / "wrong" / "02_other" / "02_other.ipynb").write_text("{")
    before = digest(root, lesson.root)
    order = ["wrong", "right", "noisy", "broken", "crash", "blank"]
    done = command(lesson.root, *[root / student for student in order], "--json", "--jobs", "2")
    assert digest(root, lesson.root) == before
    return order, done, {r["path"].split("/")[-3]: {e["name"]: e for e in r["exercises"]}
                         for r in json.loads(done.stdout)["results"] if r["exercises"]}


@pytest.mark.slow
def test_one_document_comes_in_the_order_of_the_arguments(class_run):
    order, done, _ = class_run
    assert (done.returncode, done.stderr) == (0, "")
    results = json.loads(done.stdout)["results"]
    assert [r["path"].split("/")[-3] for r in results] == ["wrong", *order]
    assert [r["status"] for r in results[:3]] == ["graded", "quarantined", "graded"]


@pytest.mark.slow
def test_the_documents_keys_are_the_agreed_ones(class_run):
    for result in json.loads(class_run[1].stdout)["results"]:
        assert list(result) == ["path", "student", "assignment", "status", "reason", "score",
                                "max_score", "seconds", "repairs", "flags", "exercises"]
        for exercise in result["exercises"]:
            assert list(exercise) == ["name", "score", "max_score", "needs_manual_grade",
                                      "checks", "misconception", "patterns", "smallest",
                                      "earlier", "error"]
            for check in exercise["checks"]:
                assert list(check) == ["label", "passed", "hidden", "message"]


@pytest.mark.slow
@pytest.mark.parametrize(("student", "scores", "errors"), [
    ("right", [2.0, 1.0, 0.0], [None, None, None]),
    ("noisy", [2.0, 1.0, 0.0], [None, None, None]),
    ("blank", [0.0, 0.0, 0.0], ["missing", "missing", "missing"]),
    ("wrong", [1.0, 1.0, 0.0], [None, None, None]),
    ("broken", [0.0, 0.0, 0.0], ["raised", "raised", "missing"]),
    ("crash", [2.0, 0.0, 0.0], [None, "crashed", None]),
])
def test_each_exercise_has_its_points_and_its_error(class_run, student, scores, errors):
    found = class_run[2][student].values()
    assert [e["name"] for e in found] == ["double", "half", "why"]
    assert [e["score"] for e in found] == scores
    assert [e["error"] for e in found] == errors
    assert [e["max_score"] for e in found] == [2.0, 1.0, 3.0]


@pytest.mark.slow
def test_the_wrong_answer_is_named_and_explained(class_run):
    double = class_run[2]["wrong"]["double"]
    assert double["misconception"] == {
        "name": "square", "hint": "This is x times x. Twice x is x plus x."}
    assert double["checks"] == [
        {"label": "doubles", "passed": False, "hidden": False,
         "message": "double([ 1., -2.]): expected [ 2., -4.], got [1., 4.]."},
        {"label": "leaves its input as it was", "passed": True, "hidden": True, "message": ""}]
    assert not [e for student, found in class_run[2].items() for e in found.values()
                if e["misconception"] and student != "wrong"]


@pytest.mark.slow
def test_a_syntax_error_is_told_once_run(class_run):
    messages = [check["message"] for check in class_run[2]["broken"]["double"]["checks"]]
    assert all("The cell of your answer raised SyntaxError" in message for message in messages)


@pytest.mark.slow
def test_a_written_answer_waits_for_a_teacher(class_run):
    assert class_run[2]["right"]["why"]["needs_manual_grade"] is True
    assert class_run[2]["blank"]["why"]["needs_manual_grade"] is False


HANGS = {
    "simple": {**RIGHT, "double": "def double(x):\n    while True: pass"},
    "stubborn": {**RIGHT, "half": "def half(x):\n    while True:\n        try:\n"
                                  "            while True: pass\n"
                                  "        except KeyboardInterrupt: pass"},
}


@pytest.mark.slow
def test_a_hang_ends_and_costs_its_exercise(lesson, tmp_path):
    paths = [written(tmp_path / f"{name}.ipynb", answered(**answers))
             for name, answers in HANGS.items()]
    done = command(lesson.root, *paths, "--json", "--jobs", "2", "--timeout", "6")
    assert done.returncode == 0
    simple, stubborn = ([(e["name"], e["score"], e["error"]) for e in result["exercises"]]
                        for result in json.loads(done.stdout)["results"])
    assert simple == [("double", 0.0, "timeout"), ("half", 1.0, None), ("why", 0.0, None)]
    assert stubborn == [("double", 2.0, None), ("half", 0.0, "timeout"), ("why", 0.0, None)]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="cores can't be chosen here")
def test_as_many_jobs_as_cores_keep_to_one_each_and_others_to_none(lesson, tmp_path):
    cores = sorted(os.sched_getaffinity(0))
    answer = "import os\nprint(sorted(os.sched_getaffinity(0)))\n" + RIGHT["double"]
    made = [Submission(written(tmp_path / f"{number}.ipynb", answered(double=answer)))
            for number in range(3)]
    for jobs, expected in ((len(cores), [[core] for core in cores]), (len(cores) + 1, [cores])):
        for _, ran in grade_all(made, jobs, Settings(root=lesson.root)):
            assert json.loads(cell(ran, "double").outputs[0]["text"]) in expected


@pytest.mark.slow
@pytest.mark.parametrize("links", [["env"], ["env", "folder/between", "last"]])
def test_an_environment_behind_links_is_seen_behind_the_fence(lesson, tmp_path, links):
    (tmp_path / "folder").mkdir()
    for link, target in pairwise([*links, sys.prefix]):
        (tmp_path / link).symlink_to(target if link == links[-1] else tmp_path / target)
    answer = {"double": "def double(x):\n    import scipy.stats\n    return 2 * x"}
    path = written(tmp_path / "mine.ipynb", answered(**answer))
    done = subprocess.run(
        [tmp_path / "env" / "bin" / "python", "-m", "autograder", "grade", path, "--json"],
        cwd=lesson.root, capture_output=True, text=True, timeout=300, check=True)
    double, *_ = json.loads(done.stdout)["results"][0]["exercises"]
    assert double["score"] == double["max_score"], double


@pytest.mark.slow
def test_lesson_1_with_a_strict_step_gives_that_misconception(tmp_path):
    first = lessons()[0]
    answer = "def step(z):\n    return np.where(np.asarray(z) > 0, 1.0, 0.0)"
    path = written(tmp_path / "mine.ipynb", filled(first, {"step": answer}))
    done = command(first.root, path, "--json")
    step, *others = json.loads(done.stdout)["results"][0]["exercises"]
    assert (step["name"], step["misconception"]["name"]) == ("step", "strictly_greater")
    assert "0" in step["misconception"]["hint"]
    assert 0 <= step["score"] < step["max_score"]
    assert all(e["score"] == e["max_score"] for e in others if e["name"].startswith("quiz_"))
