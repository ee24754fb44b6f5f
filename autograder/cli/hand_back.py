"""The teacher's commands that read what grading left: marks, feedback, reports, tables."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.cli.arguments import at_least_one
from autograder.cli.notices import print_notice
from autograder.cli.stopping import on_request
from autograder.errors import UserError

if TYPE_CHECKING:
    from autograder.classroom.hand_back import System
    from autograder.feedback.publish import Page

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
    feedback.add_argument("--zip", choices=("moodle", "canvas"), metavar="SYSTEM",
                          help="moodle or canvas: also write a zip for each assignment that the "
                               "system takes, of what was collected from its own zip")
    feedback.set_defaults(run=_feedback)

    report = commands.add_parser(
        "report", help="write a report on the class from what autograde left: a page, tables, and "
                       "a page for each student")
    report.add_argument("folder", nargs="?", type=Path, metavar="FOLDER",
                        help="where to write it (grading/report)")
    report.add_argument("--live", nargs="*", metavar="LESSON",
                        help="instead: a page for a lecture, without names, that follows what is "
                             "graded until you stop it; of these lessons, or of all")
    report.add_argument("--every", type=at_least_one, default=5, metavar="S",
                        help="with --live: seconds between two looks (5)")
    report.set_defaults(run=_report)

    regrade = commands.add_parser(
        "regrade", help="list who asks for another look at a mark, by the forms that feedback "
                        "pages offer")
    regrade.add_argument("sources", nargs="*", type=Path, metavar="SOURCE",
                         help="forms that students sent, or folders with them; those that came "
                              "with a submission are found without")
    regrade.set_defaults(run=_regrade)

    export = commands.add_parser("export", help="write everybody's marks to a table")
    export.add_argument("assignments", nargs="*", metavar="ASSIGNMENT",
                        help="for example 01_perceptron; all lessons when there is none")
    export.add_argument("--to", type=Path, metavar="FILE",
                        help="where to write it (grading/grades-FORMAT.csv)")
    export.add_argument("--format", choices=("nbgrader", "canvas", "moodle"), default="nbgrader")
    export.add_argument("--gradebook", type=Path, metavar="FILE",
                        help="with --format canvas: the gradebook that Canvas exported; the marks "
                             "go into the columns of its assignments, and other cells stay")
    export.add_argument("--column", nargs="+", action="extend", default=[], type=_column,
                        metavar="LESSON=NUMBER",
                        help="with --gradebook: the number of a lesson's assignment in Canvas")
    export.add_argument("--without-names", action="store_true",
                        help="instead: points, checks and misconceptions of each exercise, of "
                             "people who are only numbers (grading/anonymous.csv)")
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

    pages = list(publish(arguments.assignments))
    for page in pages:
        if page.reason:
            print_notice(f"{page.label}, {page.lesson}: {page.reason}")
    written = [page for page in pages if page.reason is None and not page.held]
    print(f"{len(written)} page{'s' * (len(written) != 1)}, "
          f"{sum(page.changed for page in written)} new or changed. "
          "`nbgrader release_feedback ASSIGNMENT` hands them back.")
    _print_waiting([(page.lesson, page.label, page.waiting) for page in pages if page.waiting])
    for lesson in dict.fromkeys(page.lesson for page in pages if page.held):
        print(f"{lesson}: These pages wait until then, as {class_file()} says.")
    return _pack(arguments.zip, pages) if arguments.zip else 0


def _print_waiting(waiting: Iterable[tuple[str, str, Iterable[str]]]) -> None:
    """Whose work waits for a teacher: lesson, student, and which answers."""
    from autograder.notebooks.outputs import visible

    by_lesson: dict[str, tuple[dict[str, None], list[str]]] = {}
    for lesson, student, names in waiting:
        answers, students = by_lesson.setdefault(lesson, ({}, []))
        answers.update(dict.fromkeys(names))
        students.append(student)
    for lesson, (answers, students) in by_lesson.items():
        print(visible(f"{lesson}: a teacher is still to read {', '.join(answers)} of "
                      f"{', '.join(students)}."))


def _pack(system: "System", pages: "list[Page]") -> int:
    """A zip for each lesson; 1 where a page could not be put in."""
    from autograder.classroom.hand_back import pack

    missing = False
    for lesson in dict.fromkeys(page.lesson for page in pages):
        done = pack(system, lesson, pages)
        print(f"{done.path}: {done.pages} page{'s' * (done.pages != 1)} for {system.title()}.")
        if done.nameless:
            missing = True
            print_notice(f"{lesson}: {system.title()} can't be told whose page it is of "
                         f"{', '.join(done.nameless)}: what they handed in was not collected from "
                         f"a zip of {system.title()}'s, or by an older version of this course. "
                         "Collecting the zip again changes no submission and notes the names.")
    return 1 if missing else 0


def _report(arguments: argparse.Namespace) -> int:
    from autograder.reports.write import write

    if arguments.live is not None:
        return _follow(arguments)
    done = write(arguments.folder)
    for line in done.notices:
        print_notice(line)
    print(f"{done.page}: {done.students} students, {done.submissions} submissions. The tables are "
          "beside it, each student's own page in students/.")
    _print_waiting(done.waiting)
    return 0


def _regrade(arguments: argparse.Namespace) -> int:
    from autograder.classroom.regrades import take
    from autograder.notebooks.outputs import visible

    done = take(arguments.sources)
    for line in done.notices:
        print_notice(line)
    for row in done.open:
        name = f" ({row['name']})" if row["name"] else ""
        remark = f" [{row['remark']}]" if row["remark"] else ""
        why = " ".join(row["why"].split())
        print(visible(f"{row['student']}{name}, {row['lesson']}, {row['exercise']}: "
                      f"{row['points']} of {row['of']} points.{remark} {why}"))
    print(f"{done.new} new, {len(done.open)} open." + (
        f" Write into the column done of {done.path} what you decided; marks change in formgrader."
        if done.open else ""))
    return 1 if done.notices else 0


def _follow(arguments: argparse.Namespace) -> int:
    """Write the live page again and again, until it is stopped."""
    from autograder.reports.live import Live

    live = Live(arguments.live, arguments.every)
    live.look()
    stop = on_request()
    print(f"{live.page} follows what is graded. Stop it with Ctrl+C.", flush=True)
    while not stop.wait(arguments.every):
        try:
            live.look()
        except UserError as error:  # a gradebook that is locked for once
            print_notice(str(error))
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from autograder.classroom.export import export

    if arguments.without_names:
        from autograder.reports.anonymous import export as export_without_names

        print(f"{export_without_names(arguments.to, arguments.assignments)} is written.")
        return 0
    if arguments.gradebook and arguments.format != "canvas":
        raise UserError("--gradebook goes with --format canvas")
    if arguments.column and not arguments.gradebook:
        raise UserError("--column goes with --gradebook")
    done = export(arguments.to, arguments.format, assignments=arguments.assignments,
                  gradebook=arguments.gradebook, columns=dict(arguments.column))
    print(f"{done.path} is written." + (
        f" Answers in {done.waiting} submissions are still waiting for a teacher."
        if done.waiting else ""))
    for line in done.notices:
        print_notice(line)
    if done.blank:
        cells = "1 cell is" if done.blank == 1 else f"{done.blank} cells are"
        print_notice(f"{cells} blank, where nothing was handed in. "
                     f"{arguments.format.title()} takes a blank for a change, and removes a mark "
                     "that stands there" + (
                         ": with --gradebook, cells keep what they have."
                         if arguments.format == "canvas" else "."))
    return 0


def _column(text: str) -> tuple[str, str]:
    """LESSON=NUMBER."""
    lesson, sign, column = text.partition("=")
    if not sign or not column:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 01_perceptron=12345")
    return lesson, column
