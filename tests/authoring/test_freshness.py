"""A build is skipped only when nothing has changed, and then costs almost nothing."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from autograder.authoring import build
from autograder.authoring.freshness import build_if_stale
from support import demo
from support.demo import LESSON, NAME


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course that was built, and what it was built with."""
    asked = LESSON.replace("# %% answer: why", """\
# %% [markdown]
# *Why twice?*

# %% answer: interview_why""")
    lesson = demo.course(tmp_path_factory.mktemp("made") / "course", asked)
    build_if_stale(lesson.root)
    return lesson


@pytest.fixture
def root(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "course", symlinks=True)
    return tmp_path / "course"


@pytest.fixture
def builds(monkeypatch):
    """The roots that were built."""
    roots, whole = [], build.build
    monkeypatch.setattr(build, "build", lambda root: (roots.append(root), whole(root))[1])
    return roots


def test_what_has_not_changed_is_not_built(root, builds):
    assert build_if_stale(root) == []
    os.utime(root / "solutions" / f"{NAME}.py", (1, 1))  # a file's time alone is no change
    assert build_if_stale(root) == []
    assert builds == []


@pytest.mark.parametrize("path", [
    f"solutions/{NAME}.py", f"solutions/{NAME}/{NAME}.ipynb", f"lessons/{NAME}/{NAME}.ipynb",
    "lessons/start.ipynb", f"utils/_data/interview/{NAME}.json",
    "course.toml", f"misconceptions/{NAME}.py", "autograder/course.py",
    "autograder/authoring/source.py",
    "autograder/notebooks/cells.py", "utils/checks.py"])
@pytest.mark.parametrize("change", ["edited", "gone"])
def test_what_has_changed_is_built_once(root, builds, path, change):
    if change == "edited":
        with (root / path).open("a") as file:
            file.write("\n")
    else:
        (root / path).unlink()
    assert (root / path in build_if_stale(root)) == path.endswith(("ipynb", "json"))
    assert build_if_stale(root) == []
    assert builds == [root]


def test_a_new_lesson_is_built(root, builds):
    (root / "solutions" / "02_more.py").write_text(LESSON, encoding="utf-8")
    assert root / "lessons" / "02_more" / "02_more.ipynb" in build_if_stale(root)
    assert build_if_stale(root) == []
    assert builds == [root]


def test_another_version_of_a_library_builds_anew(root, builds, tmp_path, monkeypatch):
    (tmp_path / "libraries").mkdir()
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / "libraries"))
    build_if_stale(root)
    (tmp_path / "libraries" / "jupytext-2.dist-info").mkdir()
    os.utime(tmp_path / "libraries", (10**9, 10**9))
    build_if_stale(root)
    build_if_stale(root)
    assert builds == [root, root]


def test_a_source_that_changes_meanwhile_is_built_next_time(root, monkeypatch):
    whole = build.build

    def build_and_edit(root):
        written = whole(root)
        with (root / "solutions" / f"{NAME}.py").open("a") as file:
            file.write("#\n")
        return written

    with monkeypatch.context() as patch:
        patch.setattr(build, "build", build_and_edit)
        (root / "lessons" / "start.ipynb").unlink()
        build_if_stale(root)
    assert build_if_stale(root) != []


def test_the_fingerprint_has_every_module_that_a_build_loads(root):
    code = ("import sys\nfrom pathlib import Path\nfrom autograder.authoring import build\n"
            "build.built()\nroot = Path.cwd()\n"
            "print(*(Path(m.__file__).relative_to(root) for m in list(sys.modules.values())\n"
            "        if Path(getattr(m, '__file__', None) or '/').is_relative_to(root)))")
    loaded = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True,
                            check=True).stdout.split()
    assert "autograder/authoring/build.py" in loaded
    assert {str(Path(name).parent) for name in loaded} <= {
        "autograder", "autograder/authoring", "autograder/notebooks", "utils"}


def test_skipping_loads_no_jupyter(root):
    code = ("import sys\nfrom autograder.__main__ import main\nassert main(['build']) == 0\n"
            "assert not {'jupytext', 'nbformat', 'nbgrader', 'numpy'} & set(sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr


def test_without_a_place_to_keep_the_fingerprint_it_builds_each_time(root, builds):
    shutil.rmtree(root / ".cache")
    (root / ".cache").write_text("")
    assert build_if_stale(root) == build_if_stale(root) == []
    assert builds == [root, root]
