"""All lessons to their notebooks and interview questions, the start page, and README's table.

Every source is read before the first file is written.
"""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.interview import interview
from autograder.authoring.introduction import with_table
from autograder.authoring.release import release_notebook
from autograder.authoring.source import solution_notebook
from autograder.authoring.start_page import NAME, start_page
from autograder.course import ROOT, Lesson, lessons


def built(root: Path = ROOT) -> dict[Path, str]:
    """What each generated file should hold. Raises LessonError for a broken source."""
    files, earlier, solutions = {}, dict[str, str](), dict[str, NotebookNode]()
    for lesson in lessons(root):
        text = lesson.source.read_text(encoding="utf-8")
        solution = solution_notebook(text, lesson.source, earlier, _known_answers(lesson))
        earlier[lesson.name], solutions[lesson.name] = text, solution
        files[lesson.solution] = nbformat.writes(solution) + "\n"
        files[lesson.release] = nbformat.writes(release_notebook(solution)) + "\n"
        if questions := interview(solution):
            files[lesson.interview] = questions
    files[root / "lessons" / NAME] = nbformat.writes(start_page(solutions)) + "\n"
    readme = root / "README.md"
    if readme.is_file():
        files[readme] = with_table(readme.read_text(encoding="utf-8"), solutions)
    return files


def _known_answers(lesson: Lesson) -> dict[str, str]:
    """Return the texts of a lesson's modules of known answers, as far as there are any."""
    return {kind: module.read_text(encoding="utf-8")
            for kind, module in (("wrong", lesson.misconceptions), ("right", lesson.right_answers))
            if module.is_file()}


def build(root: Path = ROOT) -> list[Path]:
    """Write the files that are not what they should be; returns these."""
    stale = [(path, text) for path, text in built(root).items()
             if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in stale]
