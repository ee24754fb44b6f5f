"""Checks one lesson as its author would: is everything there, and do both engines grade it right?

The course's engine grades the model answers, the blank, and every known wrong and right answer.
Stock nbgrader, which takes seconds for a notebook, grades the model answers, the blank, and two
notebooks in which every second answer is wrong.
"""

import ast
import contextlib
import copy
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring import explanations, stock_nbgrader
from autograder.authoring.answers import (
    fill,
    fresh_inputs,
    known_answers,
    model_answers,
    typed,
)
from autograder.authoring.build import build
from autograder.authoring.finding import Finding
from autograder.authoring.introduction import introduction
from autograder.authoring.reading_time import CLOSE as CLOSE_TO_RULE
from autograder.authoring.reading_time import reading_time
from autograder.authoring.requirements import Author, exercises, functions, missing
from autograder.authoring.stock_nbgrader import StockFailed, autograded
from autograder.course import ROOT, Lesson, find_lesson
from autograder.errors import UserError
from autograder.grading.pool import grade_all
from autograder.grading.registered import types_of
from autograder.grading.result import Exercise, Result
from autograder.grading.settings import Settings
from autograder.grading.submissions import Submission
from autograder.notebooks.cells import grade_id, is_answer, is_tests
from utils._course import Demands, course

CLOSE = 1e-9  # points
VISIBLY = 0.92  # of the known wrong answers should fail a visible check


def check(name: str, root: Path = ROOT) -> Iterator[Finding]:
    """Check a lesson; yields what is found as it is found.

    Raises UserError for a lesson that there is not or that can't be built, and for modules of
    answers that can't be read.
    """
    lesson = find_lesson(name, root)
    build(root)
    types_of(root)  # the modules that known answers import
    yield Finding("fine", "It builds.")
    known = _Known.of(lesson)
    described = course(root)
    demands = described.check if described else Demands()
    coverage = root / demands.coverage
    author = Author(known.wrong, known.right,
                    coverage.read_text(encoding="utf-8") if coverage.is_file() else "",
                    fresh_inputs(lesson.misconceptions))
    lacking = [Finding("missing", text)
               for text in missing(name, known.solution, author, demands)]
    yield from lacking or [Finding("fine", "Everything that belongs to a lesson is there.")]
    if demands.introduction:
        yield _timed(known.solution)
    with ThreadPoolExecutor(1) as background:  # stock nbgrader and the engine take a core each
        students = _for_stock(known)
        stock = background.submit(autograded, lesson, students)
        results = _grade(lesson, students | _every_known_answer(known))
        yield from _judged(known, results)
        if known.wrong:
            yield _seen_by_students(known, results, bool(demands.misconceptions))
        if known.wrong or known.right:
            with contextlib.chdir(lesson.release.parent):  # where the files are that answers read
                explained = list(explanations.judged(
                    lesson, functions(known.solution), known.right, bool(demands.misconceptions)))
            yield from explained
        yield from _judged_by_stock(known, results, stock)


def _timed(solution: NotebookNode) -> Finding:
    """Say how long the lesson is, and whether the time that it states is the rule's."""
    found, stated = reading_time(solution), introduction(solution).minutes
    text = (f"{found.words} words of prose outside folds; about {found.minutes} minutes by the "
            f"rule in CONTRIBUTING, and the lesson says {stated}.")
    honest = abs(stated - found.minutes) <= max(5, CLOSE_TO_RULE * found.minutes)
    return Finding("fine" if honest else "missing", text)


@dataclass(frozen=True)
class _Known:
    """A lesson as it was built, and all answers to it that are known."""

    lesson: Lesson
    solution: NotebookNode
    release: NotebookNode
    model: dict[str, str]
    wrong: dict[str, list[str]]
    right: dict[str, list[str]]

    @classmethod
    def of(cls, lesson: Lesson) -> "_Known":
        """Read them. Raises UserError."""
        solution = nbformat.read(lesson.solution, as_version=4)
        labels = []
        for module in (lesson.misconceptions, lesson.right_answers):
            try:
                found = known_answers(module)
            except Exception as error:  # an author's module may raise anything
                raise UserError(f"{module.relative_to(lesson.root)}: "
                                f"{type(error).__name__}: {error}") from error
            labels.append({name: found[name] for name in found if not name.startswith("_")})
        return cls(lesson, solution, nbformat.read(lesson.release, as_version=4),
                   model_answers(solution), *labels)

    def by_kind(self) -> list[tuple[str, Path, dict[str, list[str]]]]:
        """Return the kinds of known answers, each with its module and its labels by exercise."""
        return [("wrong", self.lesson.misconceptions, self.wrong),
                ("right", self.lesson.right_answers, self.right)]

    def notebook(self, answers: Mapping[str, str]) -> NotebookNode:
        """Return a student's notebook with these answers and else the model answers."""
        notebook = copy.deepcopy(self.release)
        fill(notebook, self.model | dict(answers))
        return notebook


def _every_known_answer(known: _Known) -> dict[str, NotebookNode]:
    """Return notebooks that hold every known answer once, as "wrong-0", "right-0" and so on."""
    notebooks = {}
    for kind, module, answers in known.by_kind():
        for number in range(max(map(len, answers.values()), default=0)):
            notebooks[f"{kind}-{number}"] = known.notebook({
                name: typed(module, name, answers[name][number])
                for name in functions(known.solution) if number < len(answers.get(name, []))})
    return notebooks


def _judged(known: _Known, results: Mapping[str, Result]) -> Iterator[Finding]:
    """Say what is wrong with the points that the course's engine gives."""
    faults = [*_not_full(results["model"]), *_not_zero(results["blank"])]
    judges = {"wrong": _wrong_answer, "right": _right_answer}
    counts = dict.fromkeys(judges, 0)
    for kind, _, answers in known.by_kind():
        for name in functions(known.solution):
            for number, label in enumerate(answers.get(name, [])):
                exercise = next(one for one in results[f"{kind}-{number}"].exercises
                                if one.name == name)
                faults += judges[kind](exercise, label)
                counts[kind] += 1
    yield from (Finding("wrong", text) for text in faults)
    if not faults:
        said = [f"{len(exercises(known.solution))} model answers get all points",
                "the blank gets none"]
        if counts["wrong"]:
            said.append(f"{counts['wrong']} wrong answers lose points and are named")
        if counts["right"]:
            said.append(f"{counts['right']} right answers get all points")
        yield Finding("fine", f"{', '.join(said)}.")


def _seen_by_students(known: _Known, results: Mapping[str, Result], demanded: bool) -> Finding:
    """Say how many known wrong answers fail a check that students see before they hand in.

    demanded: most of them should.
    """
    passing, total = list[str](), 0
    for name in functions(known.solution):
        for number, label in enumerate(known.wrong.get(name, [])):
            exercise = next(one for one in results[f"wrong-{number}"].exercises
                            if one.name == name)
            total += 1
            if all(check.passed or check.hidden for check in exercise.checks):
                passing.append(f"`{name}__{label}`")
    share = 1 - len(passing) / total if total else 1.0
    text = (f"{total - len(passing)} of {total} wrong answers ({share:.0%}) fail a visible check"
            + (f"; these pass all of them: {', '.join(passing)}." if passing else "."))
    return Finding("missing" if demanded and share < VISIBLY else "fine", text)


def _grade(lesson: Lesson, notebooks: Mapping[str, NotebookNode]) -> dict[str, Result]:
    with tempfile.TemporaryDirectory() as scratch:
        submissions = []
        for student, notebook in notebooks.items():
            path = Path(scratch) / student / lesson.name / f"{lesson.name}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(notebook, path)
            submissions.append(Submission(path, student, lesson.name))
        results = [result for result, _ in grade_all(
            submissions, settings=Settings(root=lesson.root, explain=False))]
    return dict(zip(notebooks, results, strict=True))


def _not_full(result: Result) -> Iterator[str]:
    for exercise in result.exercises:
        if not exercise.needs_manual_grade and _lost(exercise):
            yield f"the model answer of `{exercise.name}` {_points(exercise)}"


def _not_zero(result: Result) -> Iterator[str]:
    for exercise in result.exercises:
        if exercise.score:
            yield f"the blank answer of `{exercise.name}` {_points(exercise)}"


def _wrong_answer(exercise: Exercise, label: str) -> Iterator[str]:
    if not _lost(exercise):
        yield f"the tests accept the wrong answer `{exercise.name}__{label}`"
    elif exercise.misconception is None:
        yield (f"the wrong answer `{exercise.name}__{label}` is not recognized: no input of "
               f"`inputs_{exercise.name}` tells it from the right answer or from another wrong one")
    elif exercise.misconception.name != label:
        yield (f"the wrong answer `{exercise.name}__{label}` is taken for "
               f"`{exercise.misconception.name}`")


def _right_answer(exercise: Exercise, label: str) -> Iterator[str]:
    if _lost(exercise):
        yield f"the right answer `{exercise.name}__{label}` {_points(exercise)}"
    if exercise.misconception is not None:
        yield (f"the right answer `{exercise.name}__{label}` is taken for "
               f"`{exercise.misconception.name}`")


def _lost(exercise: Exercise) -> bool:
    return exercise.score < exercise.max_score - CLOSE


def _points(exercise: Exercise) -> str:
    """Say what an answer gets, and the first check that fails."""
    first = next((f": {one.label}: {one.message}" for one in exercise.checks if not one.passed), "")
    return f"gets {exercise.score:g} of {exercise.max_score:g} points{first}"


def _for_stock(known: _Known) -> dict[str, NotebookNode]:
    """The notebooks that stock nbgrader gets, by a name that says what is in them."""
    students = {"model": known.notebook({}), "blank": copy.deepcopy(known.release)}
    for number in range(2):
        notebook = known.notebook({
            name: typed(known.lesson.misconceptions, name, known.wrong[name][0])
            for name in _wrong_in(known, f"mixed-{number}")})
        for cell in notebook.cells:
            if cell.cell_type == "code" and grade_id(cell) is None:
                cell.source = ""  # figures and training runs, which "model" has too
        students[f"mixed-{number}"] = notebook
    return students


def _wrong_in(known: _Known, student: str) -> list[str]:
    if not student.startswith("mixed"):
        return []
    with_wrong = [name for name in functions(known.solution) if known.wrong.get(name)]
    return with_wrong[int(student[-1])::2]


def _judged_by_stock(known: _Known, ours: Mapping[str, Result],
                     stock: "Future[dict[str, NotebookNode]]") -> Iterator[Finding]:
    """Say where stock nbgrader gives other points than the course's engine, or a cell fails."""
    try:
        notebooks = stock.result()
    except StockFailed as error:
        yield Finding("wrong", f"stock nbgrader: {error}")
        return
    faults = list[str]()
    for student, notebook in notebooks.items():
        theirs = stock_nbgrader.scores(notebook)
        wrong = _wrong_in(known, student)
        for exercise in ours[student].exercises:
            score = theirs.get(exercise.name)
            if score is None or abs(score - exercise.score) < CLOSE or (
                    score < exercise.score and _reaches(known.model, exercise.name, wrong)):
                continue
            faults.append(f"`{exercise.name}` in the notebook {student!r}: stock nbgrader gives "
                          f"{score:g} points, the course's engine {exercise.score:g}")
        if not student.startswith("mixed"):
            faults += _broken_cells(student, notebook)
    yield from (Finding("wrong", text) for text in faults)
    if not faults:
        yield Finding("fine", "Stock nbgrader gives the same points to the model answers, the "
                      "blank and two mixed notebooks, and every cell runs.")


def _reaches(model: Mapping[str, str], exercise: str, wrong: list[str]) -> bool:
    """Tell whether a model answer calls one of these exercises, directly or not.

    Then the course's engine gives it the points that it gets with right ones, and stock nbgrader
    can't.
    """
    seen, pending = {exercise}, [exercise]
    while pending:
        names = {node.id for node in ast.walk(ast.parse(model[pending.pop()]))
                 if isinstance(node, ast.Name)}
        new = [name for name in model if name in names and name not in seen]
        seen.update(new)
        pending += new
    return bool((seen - {exercise}) & set(wrong))


def _broken_cells(student: str, notebook: NotebookNode) -> Iterator[str]:
    """Name each cell that raises or writes to standard error, answers and tests left out."""
    for cell in notebook.cells:
        if is_answer(cell) or is_tests(cell):
            continue
        for output in cell.get("outputs", []):
            first = (cell.source.strip().splitlines() or [""])[0]
            where = f"the cell `{first[:60]}` in the notebook {student!r}"
            if output.output_type == "error":
                yield f"{where} raises {output.ename}: {output.evalue}"
            elif output.get("name") == "stderr":
                yield f"{where} writes to standard error: {output.text.strip()[:200]}"
