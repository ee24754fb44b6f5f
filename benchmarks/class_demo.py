"""A class that never was: made up, put through a teacher's week, and counted.

    make demo, or python benchmarks/class_demo.py [--students 200] [--seed 7] [--to demo]

Everybody in it is of a kind: right, wrong in a known way, blank, late, broken, hostile. A copy of
the course in a folder of its own takes what they hand in through the project's own commands, as far
as the class report. What the grader found is then held against what was planted; where the two
differ the exit status is 1.
"""

import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import nbformat  # noqa: E402

from autograder.cli.arguments import at_least_one  # noqa: E402
from autograder.course import Lesson, lessons  # noqa: E402
from autograder.feedback.stored import stored_result  # noqa: E402
from autograder.grading.marking import graded_cells  # noqa: E402
from autograder.grading.result import Exercise  # noqa: E402
from autograder.notebooks.cells import exercise_name, is_tests  # noqa: E402
from support.answers import exercises, notebook  # noqa: E402
from support.kinds import KINDS, HandedIn, due, make_class  # noqa: E402

TIMEOUT = 5.0  # seconds; an endless loop costs as much
PLANTED = "planted.csv"  # also tells a demo's folder from others
LOOK = "Look at this"
Key = tuple[str, str]  # student and lesson


@dataclass(frozen=True)
class Graded:
    """What the class folder has of one submission.

    exercises: that tests mark, by name. points: in the table of marks.
    """

    exercises: dict[str, Exercise]
    points: float
    late: bool
    has_page: bool


def set_up(folder: Path, made: dict[str, list[HandedIn]]) -> None:
    """A copy of the course, a roster, and what is handed in: by half of the class in a folder,
    by the other half through the exchange."""
    if folder.exists() and any(folder.iterdir()) and not (folder / PLANTED).is_file():
        sys.exit(f"{folder} holds other files. Name a new folder, or an empty one.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write(folder / PLANTED, ["student", "kind", "lesson", "handed_in", "misconceptions", "blank"], (
        [one.student, one.kind, one.lesson.name, one.stamp, " ".join(
            f"{name}:{label}" for name, label in one.wrong.items()), " ".join(one.blank)]
        for mine in made.values() for one in mine))
    write(folder / "roster.csv", ["id", "email"],
          ([student, f"{student}@example.org"] for student in made))
    for name in ("autograder", "config", "lessons", "misconceptions", "solutions", "utils"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", folder)
    inbound = folder / "grading" / "exchange" / "neural-networks" / "inbound"
    for number, mine in enumerate(made.values()):
        for one in mine:
            place = (folder / "handed_in" / one.student / one.lesson.name if number % 2
                     else inbound / f"{one.student}+{one.lesson.name}+{one.stamp}")
            place.mkdir(parents=True)
            (place / f"{one.lesson.name}.ipynb").write_bytes(one.data())
            (place / "timestamp.txt").write_text(one.stamp)


def write(path: Path, heads: list[str], rows: Iterator[list[str]]) -> None:
    """A table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *rows])


def week(folder: Path, known: Sequence[Lesson]) -> list[str]:
    """A teacher's week, command by command; what was told of single submissions."""
    deadlines = [f"{lesson.name}={due(lesson).isoformat()}" for lesson in known]
    run(folder, "class", "init", "--roster", "roster.csv", "--due", *deadlines)
    lines = run(folder, "collect", "exchange", "handed_in")
    lines += run(folder, "autograde", "--jobs", "2", "--timeout", str(TIMEOUT))
    run(folder, "feedback")
    run(folder, "export", "--to", "grades.csv")
    run(folder, "report")
    return lines


def run(folder: Path, *arguments: str) -> list[str]:
    """One of the project's commands in the copy, told with its last line; all its lines."""
    # A department's exchange and gradebook are not for a class that never was.
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("NBGRADER_EXCHANGE", "NBGRADER_DB_URL")}
    print(f"python -m autograder {' '.join(arguments)}", flush=True)
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "autograder", *arguments], cwd=folder,
                          env=environment, text=True, stdout=subprocess.PIPE, check=False,
                          stderr=subprocess.STDOUT if arguments[0] == "collect" else None)
    lines = done.stdout.splitlines()
    print(f"    {lines[-1] if lines else ''} ({time.monotonic() - began:.0f} s)", flush=True)
    if done.returncode:
        sys.exit(f"{arguments[0]} ended with {done.returncode}:\n{done.stdout}")
    return lines


def notices(lines: list[str]) -> dict[Key, list[str]]:
    """What was told of each submission, by `collect` with its path, by `autograde` with names."""
    of: dict[Key, list[str]] = {}
    for line in lines:
        if match := re.match(r"(?:handed_in/(\w+)/(\w+)/[^:]+|(\w+), (\w+)): (.+)", line):
            student, lesson = match[1] or match[3], match[2] or match[4]
            of.setdefault((student, lesson), []).append(match[5])
    return of


def graded(folder: Path, known: Sequence[Lesson]) -> dict[Key, Graded]:
    """What the class folder has, of all that `export` and `report` wrote."""
    of = {lesson.name: lesson for lesson in known}
    points = {(row["student_id"], row["assignment"]): float(row["score"])
              for row in rows(folder / "grades.csv") if row["timestamp"]}
    found = {}
    for row in rows(folder / "grading" / "report" / "submissions.csv"):
        key = student, name = row["student"], row["lesson"]
        place = folder / "grading" / "autograded" / student / name / f"{name}.ipynb"
        read = nbformat.v4.reads(place.read_text(encoding="utf-8"))
        result = stored_result(read, notebook(of[name].release), student, name)
        page = folder / "grading" / "feedback" / student / name / f"{name}.html"
        tested = {one.name: one for one in result.exercises if one.name in most(of[name])}
        found[key] = Graded(tested, points[key], row["late"] == "1", page.is_file())
    return found


def rows(path: Path) -> list[dict[str, str]]:
    """A table's rows by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def most(lesson: Lesson) -> dict[str, float]:
    """The points of each exercise that is marked by tests."""
    return {exercise_name(c): float(c.metadata.nbgrader.points)
            for c in graded_cells(notebook(lesson.solution)) if is_tests(c)}


def differences(one: HandedIn, found: Graded | None, said: list[str]) -> Iterator[str]:
    """What the grader found other than it was planted."""
    if one.aside or found is None:
        if found or not one.aside or not any(one.aside in line for line in said):
            yield f"planted {one.aside or 'for a mark'}, graded: {bool(found)}, told: {said}"
        return
    if one.flagged != bool(said):
        yield f"told: {said}"
    if one.late != found.late:
        yield f"late: planted {one.late}, found {found.late}"
    if not found.has_page:
        yield "no feedback page"
    wanted = {name: one.points.get(name, points) for name, points in most(one.lesson).items()}
    if abs(found.points - sum(wanted.values())) > 1e-3:
        yield f"points in the table of marks: {found.points:g}, not {sum(wanted.values()):g}"
    for name, points in wanted.items():
        got = found.exercises[name]
        for what, planted, seen in (
                ("points", round(points, 3), round(got.score, 3)),
                ("misconception", one.wrong.get(name, ""),
                 got.misconception.name if got.misconception else ""),
                ("error", one.errors.get(name), None if name in one.wrong else got.error)):
            if planted != seen:
                yield f"{name}: {what}: planted {planted!r}, found {seen!r}"


def totals(made: dict[str, list[HandedIn]], found: dict[Key, Graded],
           said: dict[Key, list[str]]) -> dict[str, tuple[int, int]]:
    """Counts: what was planted; and what was found, without a look at what was planted."""
    ones = [one for mine in made.values() for one in mine]
    marks = [one for one in ones if not one.aside]
    errors = Counter(error for one in marks for error in one.errors.values())
    got = Counter(exercise.error for one in found.values() for exercise in one.exercises.values()
                  if not exercise.misconception)
    full = {lesson.name: sum(most(lesson).values()) for lesson in lessons()}
    lines = [(key, line) for key, of in said.items() for line in of]
    return {
        "graded": (len(marks), len(found)),
        "set aside": (len(ones) - len(marks),
                      len({key for key, line in lines if not line.startswith(LOOK)})),
        "to look at": (sum(one.flagged for one in marks),
                       len({key for key, line in lines if line.startswith(LOOK)})),
        "full marks": (sum(not one.points for one in marks),
                       sum(one.points == full[lesson] for (_, lesson), one in found.items())),
        "no points": (sum(len(one.blank) == len(exercises(one.lesson)) for one in marks),
                      sum(one.points == 0 for one in found.values())),
        "late": (sum(one.late for one in marks), sum(one.late for one in found.values())),
        "misconceptions named": (sum(len(one.wrong) for one in marks), sum(
            bool(exercise.misconception) for one in found.values()
            for exercise in one.exercises.values())),
        **{f"answers: {error}": (errors[error], got[error])
           for error in ("missing", "timeout", "crashed", "raised")},
    }


def compare(folder: Path, made: dict[str, list[HandedIn]], known: Sequence[Lesson],
            lines: list[str]) -> bool:
    """Print what was planted against what was found; whether they agree."""
    found, said = graded(folder, known), notices(lines)
    wrong_by_kind, trouble = Counter[str](), []
    for one in (one for mine in made.values() for one in mine):
        key = one.student, one.lesson.name
        if different := list(differences(one, found.get(key), said.get(key, []))):
            wrong_by_kind[one.kind] += 1
            trouble += [f"{', '.join(key)} ({one.kind}): {line}" for line in different]
    listed = {row["student_id"] for row in rows(folder / "grades.csv")}
    trouble += [f"{student} is not in the table of marks" for student in made.keys() - listed]
    handed = Counter(one.kind for mine in made.values() for one in mine)
    students = Counter(mine[0].kind if mine else "nothing handed in" for mine in made.values())
    print(f"\n{'kind':<26}{'students':>9}{'handed in':>11}{'as planted':>12}   what is to come")
    for kind, (_, _, outcome) in KINDS.items():
        print(f"{kind:<26}{students[kind]:>9}{handed[kind]:>11}"
              f"{handed[kind] - wrong_by_kind[kind]:>12}   {outcome}")
    counts = totals(made, found, said)
    print(f"\n{'in all':<26}{'planted':>9}{'found':>11}")
    for what, (planted, seen) in counts.items():
        print(f"{what:<26}{planted:>9}{seen:>11}{'' if planted == seen else '   differ'}")
    for line in trouble[:40]:
        print(line)
    return not trouble and all(planted == seen for planted, seen in counts.values())


def main() -> int:
    """Make the class, run the week, compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=at_least_one, default=200)
    parser.add_argument("--lessons", type=at_least_one, default=len(lessons()), metavar="N",
                        help="the first N (all)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--to", type=Path, default=ROOT / "demo", metavar="FOLDER")
    arguments = parser.parse_args()
    folder, known = arguments.to.resolve(), lessons()[:arguments.lessons]
    made = make_class(known, arguments.students, arguments.seed)
    set_up(folder, made)
    agree = compare(folder, made, known, week(folder, known))
    print(f"\n{'All is as it was planted.' if agree else 'Not all is as it was planted.'} "
          f"The report: {folder / 'grading' / 'report' / 'report.html'}")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
