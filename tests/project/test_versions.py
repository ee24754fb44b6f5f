"""The lists of versions that are made from requirements.txt agree with it."""

import subprocess
import sys

from packaging.requirements import Requirement
from packaging.version import Version

from autograder.course import ROOT


def requirements(text):
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return {found.name: found for found in map(Requirement, filter(None, lines))}


def pinned(text):
    """Each version, by package; all are exact."""
    found = {}
    for name, requirement in requirements(text).items():
        [exact] = requirement.specifier
        assert exact.operator == "==", requirement
        found[name.lower().replace("_", "-")] = Version(exact.version)
    return found


WANTED = requirements((ROOT / "requirements.txt").read_text(encoding="utf-8"))


def test_the_pinned_versions_are_what_the_requirements_allow():
    versions = pinned((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    wrong = [name for name, wanted in WANTED.items()
             if name not in versions or versions[name] not in wanted.specifier]
    assert not wrong, "renew requirements.lock; its first lines say how"


def test_the_lowest_versions_are_the_lower_bounds():
    done = subprocess.run([sys.executable, ROOT / ".ci" / "lowest_versions.py"],
                          capture_output=True, text=True, check=True)
    lowest = pinned(done.stdout)
    assert lowest.keys() == WANTED.keys()
    for name, wanted in WANTED.items():
        [bound] = [one for one in wanted.specifier if one.operator == ">="]
        assert lowest[name] == Version(bound.version)
