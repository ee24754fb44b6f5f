"""What belongs to a lesson, and which of it one still lacks, in words for its author."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.authoring.introduction import introduction
from autograder.notebooks.cells import exercise_name, is_answer, is_tests
from utils._course import Demands

QUIZ_PREFIX = "quiz_"

_HINT = re.compile(r"<summary>Hint (\d)")
_WIDGET_IMPORT = re.compile(r"^from utils\.widgets import (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Author:
    """What stands outside of the notebook.

    misconceptions, right_answers: the labels of the known answers, by exercise.
    coverage: the page that says what is covered where.
    fresh: the exercises that have a generator of fresh inputs.
    """

    misconceptions: Mapping[str, list[str]]
    right_answers: Mapping[str, list[str]]
    coverage: str
    fresh: frozenset[str]


def exercises(solution: NotebookNode) -> list[str]:
    """Return the names of all that is tested, in order, quiz questions included."""
    return [exercise_name(cell) for cell in solution.cells if is_tests(cell)]


def functions(solution: NotebookNode) -> list[str]:
    """Return the names of the exercises that ask for code."""
    return [name for name in exercises(solution) if not name.startswith(QUIZ_PREFIX)]


def missing(name: str, solution: NotebookNode, author: Author,
            demands: Demands) -> Iterator[str]:
    """Yield a sentence for each thing that the course asks for and the lesson still needs."""
    if demands.introduction:
        yield from _missing_prose(solution)
    yield from _unwritten(solution)
    yield from _too_few("figures (cells with `plots.figure`)", _figures(solution), demands.figures)
    if demands.explorer and not _has_widget(solution):
        yield "no explorer: import one from `utils.widgets`, and let it run a student's function"
    quiz = len(exercises(solution)) - len(functions(solution))
    yield from _too_few(f"quiz questions (exercises named `{QUIZ_PREFIX}…`)", quiz, demands.quiz)
    yield from _missing_written_question(solution, demands.written)
    hints = _hints(solution)
    for exercise in functions(solution):
        yield from _too_few(f"hints below `{exercise}`", hints.get(exercise, 0), demands.hints)
        yield from _too_few(f"misconceptions of `{exercise}`",
                            len(author.misconceptions.get(exercise, [])), demands.misconceptions)
        yield from _too_few(f"right answers to `{exercise}`",
                            len(author.right_answers.get(exercise, [])), demands.right_answers)
    if demands.fresh_inputs:
        for exercise in sorted(_with_arguments(solution) - author.fresh):
            yield f"no fresh inputs for `{exercise}`: write `fresh_{exercise}(draw)`"
    for kind, answers in (("misconceptions", author.misconceptions),
                          ("right answers", author.right_answers)):
        for exercise in sorted(answers.keys() - set(functions(solution))):
            yield f"{kind} of `{exercise}`, which is not an exercise of this lesson"
    if demands.coverage and f"/{name}/" not in author.coverage:
        yield (f"{demands.coverage} doesn't mention the lesson: add a line for each topic it "
               "covers")


def _with_arguments(solution: NotebookNode) -> set[str]:
    """Return the exercises whose functions have parameters."""
    return {node.name for cell in solution.cells if cell.cell_type == "code" and is_answer(cell)
            for node in ast.parse(cell.source).body
            if isinstance(node, ast.FunctionDef) and node.name == cell.id and node.args.args}


def _too_few(what: str, found: int, wanted: int) -> Iterator[str]:
    if found < wanted:
        yield f"{what}: {found} of at least {wanted}"


def _missing_prose(solution: NotebookNode) -> Iterator[str]:
    about, prose = introduction(solution), "\n".join(_sources(solution, "markdown"))
    if not about.question:
        yield "no motivating question: the paragraph below the title"
    if not about.builds:
        yield "no `**You will build**` line in the first cell"
    if not about.minutes:
        yield "no time and needs in the first cell: `**Time:** about 75 minutes. **You need:** …`"
    if "## What to remember" not in prose:
        yield "no `## What to remember`"
    if "HandIn(" not in "\n".join(_sources(solution, "code")):
        yield "no closing cells: progress and handing in"


def _unwritten(solution: NotebookNode) -> Iterator[str]:
    for cell in solution.cells:
        yield from (f"still to be written: {line.strip()[:80]}"
                    for line in cell.source.splitlines() if "TODO" in line)


def _missing_written_question(solution: NotebookNode, wanted: bool) -> Iterator[str]:
    written = [cell.source for cell in solution.cells
               if cell.cell_type == "markdown" and is_answer(cell)]
    if wanted and not written:
        yield "no written question: `# %% answer: name, 3 points [markdown]`"
    for source in written:
        if "### BEGIN MARK SCHEME" not in source:
            yield "the written question has no mark scheme"
        elif "cost the point" not in source:
            yield "the mark scheme doesn't say what costs a point (`These cost the point …`)"


def _hints(solution: NotebookNode) -> dict[str, int]:
    """Return how many different hints stand below each exercise's tests."""
    found: dict[str, set[str]] = {}
    exercise = ""
    for cell in solution.cells:
        if is_tests(cell):
            exercise = exercise_name(cell)
        elif cell.cell_type == "markdown" and exercise:
            found.setdefault(exercise, set()).update(_HINT.findall(cell.source))
        elif is_answer(cell):
            exercise = ""
    return {name: len(numbers) for name, numbers in found.items()}


def _figures(solution: NotebookNode) -> int:
    return sum(source.count("plots.figure(") for source in _sources(solution, "code"))


def _has_widget(solution: NotebookNode) -> bool:
    code = "\n".join(_sources(solution, "code"))
    names = [name.strip() for line in _WIDGET_IMPORT.findall(code) for name in line.split(",")]
    return any(f"{name}(" in code for name in names)


def _sources(notebook: NotebookNode, cell_type: str) -> Iterable[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == cell_type]
