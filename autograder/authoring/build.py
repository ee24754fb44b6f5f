"""All lessons to their notebooks and interview questions, the start page, and README's table.

Every source is read before the first file is written.
"""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring import beside
from autograder.authoring.interview import interview
from autograder.authoring.introduction import with_table
from autograder.authoring.release import release_notebook
from autograder.authoring.source import LessonError, solution_notebook
from autograder.authoring.start_page import NAME, start_page
from autograder.course import ROOT, Lesson, folder, lessons
from autograder.errors import UserError
from utils._course import course, is_lesson_name


def built(root: Path = ROOT) -> dict[Path, bytes]:
    """What each generated file should hold. Raises UserError for a broken source."""
    _check_names(root)
    files, earlier, solutions = dict[Path, bytes](), dict[str, str](), dict[str, NotebookNode]()
    asked = False
    for lesson in lessons(root):
        text = lesson.source.read_text(encoding="utf-8")
        solution = solution_notebook(text, lesson.source, earlier, _known_answers(lesson))
        earlier[lesson.name], solutions[lesson.name] = text, solution
        files[lesson.solution] = _bytes(solution)
        files[lesson.release] = _bytes(release_notebook(solution))
        files |= _beside(lesson, solution)
        questions = interview(solution)
        if questions and lesson.interview:
            files[lesson.interview], asked = questions.encode(), True
    described, release = course(root), folder("release", root)
    files[release / NAME] = _bytes(start_page(
        solutions, described.title if described else "The lessons",
        described.welcome if described else "", asked))
    readme = root / "README.md"
    if readme.is_file():
        files[readme] = with_table(readme.read_text(encoding="utf-8"), solutions,
                                   release.relative_to(root).as_posix()).encode()
    return files


def _known_answers(lesson: Lesson) -> dict[str, str]:
    """Return the texts of a lesson's modules of known answers, as far as there are any."""
    return {kind: module.read_text(encoding="utf-8")
            for kind, module in (("wrong", lesson.misconceptions), ("right", lesson.right_answers))
            if module.is_file()}


def build(root: Path = ROOT) -> list[Path]:
    """Write the files that are not what they should be; returns these."""
    stale = [(path, content) for path, content in built(root).items()
             if not path.exists() or path.read_bytes() != content]
    for path, content in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [path for path, _ in stale]


def _bytes(notebook: NotebookNode) -> bytes:
    return (nbformat.writes(notebook) + "\n").encode()


def _check_names(root: Path) -> None:
    """Every source has a lesson's name, and every lesson that course.toml orders has a source."""
    sources, described = folder("sources", root), course(root)
    for path in sorted(sources.glob("[!_.]*.py")):
        if not is_lesson_name(path.stem):
            raise UserError(f"{path}: a lesson's name has letters, digits, - and _ only; the name "
                            "of a file that is no lesson begins with _.")
    for name in described.order if described else ():
        if not (sources / f"{name}.py").is_file():
            raise UserError(f"{root / 'course.toml'}: [course] order names {name}, and there is no "
                            f"{sources / name}.py.")


def _beside(lesson: Lesson, solution: NotebookNode) -> dict[Path, bytes]:
    """The files beside a lesson's two notebooks. Raises LessonError where one is missing."""
    modules = {name: path.read_bytes() for name, path in beside.imported_modules(lesson).items()}
    contents = {name: path.read_bytes() for name, path in lesson.beside.items()} | modules
    for name in beside.missing(solution, contents):
        raise LessonError(lesson.source, _line(lesson.source, name),
                          f"`{name}` is read here, and there is no "
                          f"{lesson.solution.parent / name}. Put it there: what is in this folder "
                          "travels with the lesson.")
    return {lesson.solution.parent / name: data for name, data in modules.items()} | {
        lesson.release.parent / name: data for name, data in contents.items()}


def _line(source: Path, name: str) -> int:
    """The first line that names a file."""
    lines = source.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if name in line), 1)
