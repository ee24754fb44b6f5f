"""The student's commands: lab, fetch, update, submit, fetch_feedback and grade."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import files
from autograder.cli.arguments import add_settings, says_yes, settings_of
from autograder.cli.places import shown
from autograder.course import ROOT, folder
from autograder.errors import UserError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]


def add_commands(commands: "Commands") -> None:
    """Add the student's commands to the others."""
    fetch = commands.add_parser("fetch", help="fetch the lessons that you don't have yet")
    fetch.set_defaults(run=_fetch, on_windows=True)

    lab = commands.add_parser(
        "lab", allow_abbrev=False, help="build, fetch, and open JupyterLab on your copies; what "
                                        "else is on the line goes to JupyterLab")
    lab.add_argument("--teacher", action="store_true", help="show all of nbgrader's menu")
    lab.add_argument("--program", metavar="PROGRAM",
                     help="run this in JupyterLab's place, such as a Hub's jupyterhub-singleuser; "
                          "it starts also if nothing can be fetched")
    lab.set_defaults(run=_lab, on_windows=True, passes_on=True)

    update = commands.add_parser(
        "update", help="put your copy of a lesson into its newest version, with your answers")
    update.add_argument("lesson", metavar="LESSON", help="for example 01_perceptron")
    update.set_defaults(run=_update, on_windows=True)

    submit = commands.add_parser(
        "submit", help="check your copy of a lesson, hand it in, and get a receipt")
    submit.add_argument("lesson", metavar="LESSON", help="for example 01_perceptron")
    submit.add_argument("--yes", action="store_true", help="send it without asking")
    submit.add_argument("--json", action="store_true", help="a line of JSON for each step; a line "
                        "with yes on standard input, after the first, sends it")
    submit.set_defaults(run=_submit)

    fetch_feedback = commands.add_parser(
        "fetch_feedback", help="bring the feedback that your teacher has released")
    fetch_feedback.add_argument("lesson", metavar="LESSON", help="for example 01_perceptron")
    fetch_feedback.add_argument("--json", action="store_true", help="print one JSON document")
    fetch_feedback.set_defaults(run=_fetch_feedback)

    grade = commands.add_parser(
        "grade", help="grade notebooks, or folders laid out as STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb")
    grade.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    grade.add_argument("--json", action="store_true", help="print one JSON document")
    add_settings(grade)
    grade.set_defaults(run=_grade, needs_sources=True)


def _fetch(arguments: argparse.Namespace) -> int:
    from autograder.student.freshness import fetch_if_stale

    done = fetch_if_stale()
    if done is None:
        return 0
    for name in done.fetched:
        print(f"{name} is in {shown(folder('work'))}/")
    for name in done.outdated:
        print(f"{name} has changed since you fetched it, or cells of it are missing. To put your "
              f"answers into the new version, close it and run: {_update_command(name)}")
    for path, reason in done.unreadable.items():
        print(f"{shown(path)} was left alone. {reason}")
    return 0


def _lab(arguments: argparse.Namespace) -> int:
    from autograder.authoring.freshness import build_if_stale
    from autograder.student.lab import open_lab

    try:
        for path in build_if_stale():
            print(shown(path))
        _fetch(arguments)
    except UserError as error:
        if not arguments.program:
            raise
        print(f"autograder: {error}", file=sys.stderr)  # a Hub's log; the student gets a server
    return open_lab(arguments.rest, arguments.teacher, arguments.program)


def _update_command(name: str) -> str:
    return (f"make update LESSON={name}" if (ROOT / "Makefile").is_file() and not files.WINDOWS
            else f"python -m autograder update {name}")


def _update(arguments: argparse.Namespace) -> int:
    from autograder.student.copies import update

    done = update(arguments.lesson)
    if done.kept is None:
        print(f"{arguments.lesson} is up to date.")
    else:
        print(f"{arguments.lesson} is in its newest version, with your answers. "
              f"What it was before: {shown(done.kept)}")
    return 0


def _submit(arguments: argparse.Namespace) -> int:
    from autograder.grading.template import start_early

    start_early(ROOT)

    from autograder.student.look import look

    looked = look(arguments.lesson)
    if arguments.json:
        _print_step("looked", **looked.as_data())
    else:
        print("\n".join([*looked.told(), looked.question]))
    if not arguments.yes and not says_yes("" if arguments.json else "yes or no: "):
        if not arguments.json:
            print("Nothing was sent.")
        return 0

    from autograder.feedback import text
    from autograder.student import receipt, submit

    sent = submit.send(looked)
    kept, trouble = None, None
    try:
        kept = submit.keep(sent, looked)
    except UserError as error:
        trouble = str(error)
    if arguments.json:
        _print_step("sent", receipt=receipt.as_data(sent), kept=kept and str(kept), trouble=trouble)
    else:
        print(f"\n{receipt.as_text(sent)}")
        print(trouble or f"This receipt is kept in {kept}", flush=True)
    marked, trouble = None, None
    try:
        marked = submit.mark(looked, sent)
    except UserError as error:
        trouble = str(error)
    if arguments.json:
        _print_step("marked", result=marked and asdict(marked.result),
                    page=marked and str(marked.page), trouble=trouble)
    elif marked:
        print(f"\n{text.as_report([marked.result], [])}\n\n"
              "The same as a page, with model answers, and with the mark scheme to mark written "
              f"answers by: {marked.page}")
    else:
        print(trouble or "Your teacher's feedback, once it is released: "
                         f"python -m autograder fetch_feedback {arguments.lesson}")
    return 0


def _print_step(step: str, **data: object) -> None:
    print(json.dumps({"step": step, **data}), flush=True)


def _fetch_feedback(arguments: argparse.Namespace) -> int:
    from autograder.student.submit import fetch_feedback

    pages = fetch_feedback(arguments.lesson)
    if arguments.json:
        print(json.dumps({"pages": [str(page) for page in pages]}))
    else:
        print("\n".join(map(str, pages)) or "There is no feedback yet.")
    return 0


def _grade(arguments: argparse.Namespace) -> int:
    from autograder.grading.template import start_early

    start_early(ROOT, arguments.fence == "auto", arguments.full)

    from autograder.feedback import text
    from autograder.grading.pool import grade_all
    from autograder.grading.submissions import find

    try:
        submissions = [one for path in arguments.paths for one in find(path)]
    except OSError as error:
        raise UserError(str(error)) from error
    settings, missing = settings_of(arguments)
    results = [result for result, _ in grade_all(submissions, arguments.jobs, settings)]
    print(text.as_json(results, missing) if arguments.json
          else text.as_report(results, missing))
    return 0
