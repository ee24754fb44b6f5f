"""All lessons to their notebooks: every source is read before the first file is written."""

from pathlib import Path

import nbformat

from autograder.course import ROOT, lessons
from autograder.lesson import solution_notebook
from autograder.release import release_notebook


def built(root: Path = ROOT) -> dict[Path, str]:
    """What each generated file should hold. Raises LessonError for a broken source."""
    files = {}
    for lesson in lessons(root):
        solution = solution_notebook(lesson.source.read_text(encoding="utf-8"), lesson.source)
        files[lesson.solution] = nbformat.writes(solution) + "\n"
        files[lesson.release] = nbformat.writes(release_notebook(solution)) + "\n"
    return files


def build(root: Path = ROOT) -> list[Path]:
    """Write the files that are not what they should be; returns these."""
    stale = [(path, text) for path, text in built(root).items()
             if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in stale]
