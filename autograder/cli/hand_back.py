"""The teacher's commands that read what grading left: marks, feedback, reports, tables."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.cli.notices import print_notice

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]


def add_commands(commands: "Commands") -> None:
    """Put these commands among the others."""
    written = commands.add_parser(
        "written", help="write a page on which to read and mark a lesson's written answers; and "
                        "put the marks that it saves into the gradebook")
    written.add_argument("lesson", metavar="LESSON", help="for example 01_perceptron")
    either = written.add_mutually_exclusive_group()
    either.add_argument("--to", type=Path, metavar="FILE",
                        help="where to write the page (grading/written/LESSON.html)")
    either.add_argument("--enter", type=Path, metavar="FILE",
                        help="the marks.csv that the page saved")
    written.set_defaults(run=_written)

    feedback = commands.add_parser(
        "feedback", help="write the class's feedback pages, for `nbgrader release_feedback`")
    feedback.add_argument("assignments", nargs="*", metavar="ASSIGNMENT",
                          help="for example 01_perceptron; all lessons when there is none")
    feedback.set_defaults(run=_feedback)

    report = commands.add_parser(
        "report", help="write a report on the class from what autograde left: a page, tables, and "
                       "a page for each student")
    report.add_argument("folder", nargs="?", type=Path, metavar="FOLDER",
                        help="where to write it (grading/report)")
    report.set_defaults(run=_report)

    export = commands.add_parser("export", help="write everybody's marks to a table")
    export.add_argument("--to", type=Path, default=Path("grades.csv"), metavar="FILE",
                        help="where to write it (grades.csv)")
    export.add_argument("--format", choices=("nbgrader", "canvas", "moodle"), default="nbgrader")
    export.set_defaults(run=_export)


def _written(arguments: argparse.Namespace) -> int:
    from autograder.feedback.written import enter, write

    if arguments.enter is None:
        sheet = write(arguments.lesson, arguments.to)
        notices = list(sheet.notices)
        print(f"{sheet.path}: {sheet.to_read} to read, {sheet.blank} blank.")
    else:
        done = enter(arguments.lesson, arguments.enter)
        notices = done.notices
        print(f"{done.new} mark{'s' * (done.new != 1)} entered, {done.same} as "
              f"{'they' if done.same != 1 else 'it'} stood, {len(notices)} left out.")
    for line in notices:
        print_notice(line)
    return 1 if notices else 0


def _feedback(arguments: argparse.Namespace) -> int:
    from autograder.feedback.publish import publish
    from autograder.gradebook.class_rules import class_file
    from autograder.notebooks.outputs import visible

    pages = list(publish(arguments.assignments))
    for page in pages:
        if page.reason:
            print_notice(f"{page.student}, {page.lesson}: {page.reason}")
    written = [page for page in pages if page.reason is None and not page.held]
    print(f"{len(written)} page{'s' * (len(written) != 1)}, "
          f"{sum(page.changed for page in written)} new or changed. "
          "`nbgrader release_feedback ASSIGNMENT` hands them back.")
    for lesson in dict.fromkeys(page.lesson for page in pages if page.waiting):
        waiting = [page for page in pages if page.lesson == lesson and page.waiting]
        print(visible(f"{lesson}: a teacher is still to read "
                      f"{', '.join(dict.fromkeys(name for one in waiting for name in one.waiting))}"
                      f" of {', '.join(one.student for one in waiting)}."))
        if any(page.held for page in waiting):
            print(f"{lesson}: These pages wait until then, as {class_file()} says.")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from autograder.reports.write import write

    done = write(arguments.folder)
    for line in done.notices:
        print_notice(line)
    print(f"{done.page}: {done.students} students, {done.submissions} submissions. The tables are "
          "beside it, each student's own page in students/.")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from autograder.classroom.export import export

    waiting = export(arguments.to, arguments.format)
    print(f"{arguments.to} is written." + (
        f" Answers in {waiting} submissions are still waiting for a teacher." if waiting else ""))
    return 0
