"""One read-only course for many users of a machine, each with a folder of their own."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.student_tree import write_student_tree
from autograder.course import Lesson
from support import demo
from support.answers import cell
from support.classes import RIGHT, answered
from support.demo import NAME
from support.people import REASON, SKIP, machine

pytestmark = [pytest.mark.slow, pytest.mark.skipif(SKIP, reason=REASON)]
STUDENTS = ("shared-ann", "shared-bob")
TEACHER = "shared-teacher"
PYTHON = sys.executable


class Department:
    """A machine on which a class is taught: a teacher's clone, a copy for students, an exchange."""

    def __init__(self, people):
        self.people = people
        self.clone = Lesson(NAME, people.home(TEACHER) / "course")
        self.shared = Lesson(NAME, people.place / "srv" / "course")
        self.exchange = people.place / "exchange"
        demo.course(self.clone.root)
        people.give(self.clone.root, TEACHER)
        write_student_tree(self.shared.root, self.clone.root)
        self.exchange.mkdir()
        self.exchange.chmod(0o777)

    def teach(self, *words, said=""):
        """One of the commands, by the teacher; what it prints."""
        return _printed(self.people.run(
            TEACHER, PYTHON, "-m", "autograder", *words, cwd=self.clone.root, said=said,
            NBGRADER_EXCHANGE=self.exchange))

    def learn(self, name, *words, said=""):
        """One of the commands, by a student; what it prints."""
        return _printed(self.people.run(
            name, PYTHON, "-m", "autograder", *words, cwd=self.shared.root, said=said,
            **self.settings))

    @property
    def settings(self):
        """What a student's server sets."""
        return {"AUTOGRADER_HOME": "~", "NBGRADER_EXCHANGE": self.exchange,
                "PYTHONDONTWRITEBYTECODE": "1"}

    def own(self, name):
        """A student's own folder."""
        return self.people.home(name) / "neural-networks"

    def copy(self, name):
        """A student's own copy of the lesson."""
        return self.own(name) / "work" / NAME / f"{NAME}.ipynb"

    def state(self):
        """All that is in the course that the students share."""
        return {path: path.stat().st_mtime_ns for path in self.shared.root.rglob("*")}


def _printed(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def department():
    with machine(TEACHER, *STUDENTS) as people:
        department = Department(people)
        roster = people.home(TEACHER) / "roster.csv"
        roster.write_text("id\n" + "\n".join(STUDENTS))
        department.teach("class", "init", "--roster", roster, "--due", f"{NAME}=2150-01-31T12:00Z")
        # As `nbgrader release_assignment` does, which takes longer to begin.
        _printed(people.run(TEACHER, PYTHON, "-c", f"""
from autograder.gradebook.exchange import transfer
from autograder.gradebook.settings import settings
transfer("ReleaseAssignment", {NAME!r}, settings())
""", cwd=department.clone.root, NBGRADER_EXCHANGE=department.exchange))
        yield department


def test_two_students_work_hand_in_and_get_their_feedback(department):
    before = department.state()
    for name, answers in zip(STUDENTS, (RIGHT, {"half": RIGHT["half"]}), strict=True):
        assert f"{NAME} is in ~/neural-networks/work/" in department.learn(name, "fetch")
        nbformat.write(answered(department.shared, answers), department.copy(name))
        sent = department.learn(name, "submit", NAME, said="yes\n")
        assert f"by        {name}\n" in sent
        assert "due       Sat, Jan 31, 2150" in sent
        assert "Your teacher's feedback, once it is released" in sent
    assert "01_demo is due 2150-02-07 12:00 UTC instead of 2150-01-31 12:00." in department.teach(
        "class", "extend", STUDENTS[0], f"{NAME}=2150-02-07T12:00Z")
    watch = subprocess.Popen(
        department.people.command(TEACHER, PYTHON, "-m", "autograder", "watch", "--feedback",
                                  "--every", "1"),
        cwd=department.clone.root, stderr=subprocess.PIPE, text=True,
        env=department.people.environment(TEACHER, NBGRADER_EXCHANGE=department.exchange))
    scores, fed = {}, set()
    for line in watch.stderr:
        assert line.startswith("{"), line + watch.stderr.read()
        event = json.loads(line)
        assert event["event"] not in ("trouble", "look_at", "not_graded", "fence"), event
        if event["event"] == "graded":
            scores[event["student"]] = event["score"]
        if event["event"] == "feedback":
            fed.add(event["student"])
        if fed == set(STUDENTS):
            break
    watch.send_signal(signal.SIGTERM)
    watch.communicate(timeout=60)
    assert watch.returncode == 0
    assert scores == {STUDENTS[0]: 3.0, STUDENTS[1]: 1.0}
    for name in STUDENTS:
        page = Path(department.learn(name, "fetch_feedback", NAME).strip())
        assert page.is_relative_to(department.copy(name).parent)
        assert f'<p class="about">{name}' in page.read_text()
    assert department.state() == before
    assert not (department.shared.root / "work").exists()


def test_jupyterlab_opens_a_students_own_folder(department):
    name = STUDENTS[0]
    before = department.state()
    log = department.people.place / "lab.log"
    with log.open("w") as file:
        server = subprocess.Popen(
            department.people.command(name, PYTHON, "-m", "autograder", "lab", "--no-browser",
                                      "--port=0"),
            cwd=department.shared.root, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            env=department.people.environment(name, **department.settings))
    try:
        port, token = _address(server, log)

        def get(path):
            request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}",
                                             headers={"Authorization": f"token {token}"})
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())

        page = get("api/contents/work/start.ipynb")
        assert "Sat, Jan 31, 2150" in json.dumps(page["content"])
        assert page["writable"]
        assert {one["name"] for one in get("api/contents")["content"]} == {
            "grading", "utils", "work"}
        listed = get("assignments?course_id=neural-networks")["value"]
        assert {(one["assignment_id"], one["status"]) for one in listed} >= {(NAME, "fetched")}
        status = get("api/status")
        assert status["kernels"] == 0
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    assert department.state() == before


def _address(server, log):
    """The port and the token that JupyterLab prints."""
    end = time.monotonic() + 300
    while server.poll() is None and time.monotonic() < end:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/lab/tree/work/start\.ipynb\?token=(\w+)",
                              log.read_text()):
            return found.groups()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_a_notebook_in_the_home_folder_finds_the_shared_utils(department):
    department.learn(STUDENTS[0], "fetch")
    setup = cell(nbformat.read(department.copy(STUDENTS[0]), as_version=4), "setup").source
    done = department.people.run(
        STUDENTS[0], PYTHON, "-c",
        f"{setup}\nfrom utils._course import course\nprint(course().root, course().folder('work'))",
        cwd=department.copy(STUDENTS[0]).parent, **department.settings)
    assert _printed(done).split() == [
        str(department.shared.root), str(department.own(STUDENTS[0]) / "work")]


def test_students_read_no_others_work_and_change_nothing_of_the_course(department):
    department.learn(STUDENTS[0], "fetch")
    for place, words in (
            (department.copy(STUDENTS[0]), ["cat"]),
            (department.clone.root / "grading", ["ls"]),
            (department.shared.root / "utils" / "checks.py", ["tee"])):
        done = department.people.run(STUDENTS[1], *words, place, cwd=department.shared.root)
        assert done.returncode != 0
        assert "Permission denied" in done.stderr
