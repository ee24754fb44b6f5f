"""The commands for people who write lessons."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course import ROOT

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]


def add_commands(commands: "Commands") -> None:
    """Add the contributor's commands to the others."""
    new = commands.add_parser("new", help="write the skeleton of a new lesson")
    new.add_argument("lesson", metavar="LESSON", help="for example 08_optimizers")
    new.set_defaults(run=_new, on_windows=True)

    tree = commands.add_parser(
        "student-tree", help="write a copy of the course that students may have, without solutions")
    tree.add_argument("folder", type=Path, metavar="FOLDER",
                      help="a new or empty folder, or one with an earlier copy")
    tree.set_defaults(run=_student_tree, on_windows=True)

    check = commands.add_parser(
        "check", help="build a lesson, grade its known answers with both engines, and say what is "
                      "missing")
    check.add_argument("lesson", metavar="LESSON", help="for example 01_perceptron")
    check.set_defaults(run=_check, needs_sources=True)


def _student_tree(arguments: argparse.Namespace) -> int:
    from autograder.authoring.freshness import build_if_stale
    from autograder.authoring.student_tree import write_student_tree

    build_if_stale()
    done = write_student_tree(arguments.folder)
    print(f"{arguments.folder} has {done.files} files and no solution; {done.written} are new or "
          f"changed, {done.removed} were removed.")
    return 0


def _new(arguments: argparse.Namespace) -> int:
    from autograder.authoring.scaffold import new_lesson

    name = arguments.lesson
    for path in new_lesson(name):
        print(path.relative_to(ROOT))
    print(f"\nWrite the lesson where these files say TODO. The exercise `scale` is an example: "
          "rename it, or replace it.\n"
          f"What is still missing: python -m autograder check {name}\n"
          "How a lesson is written: CONTRIBUTING.md")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from autograder.authoring.check import check

    began, faults = time.monotonic(), 0
    for finding in check(arguments.lesson):
        faults += finding.kind != "fine"
        print(f"{finding.kind}: {finding.text}", flush=True)
    print(f"\n{arguments.lesson}: " + (f"{faults} things to do" if faults > 1 else
                                       "one thing to do" if faults else "ready")
          + f" ({time.monotonic() - began:.0f} s).", file=sys.stderr if faults else sys.stdout)
    return 1 if faults else 0
