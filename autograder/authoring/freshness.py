"""Build the lessons only when something has changed since the last build."""

from pathlib import Path

from autograder import freshness
from autograder.course import ROOT, has_sources, lessons
from autograder.errors import disk_error


def build_if_stale(root: Path = ROOT) -> list[Path]:
    """Build unless every source, every notebook and the code that builds are as they were.

    In a copy for students there is nothing to build from.
    Returns the files that were written. Raises UserError, also for a broken source.
    """
    if not has_sources(root):
        return []
    try:
        before = _inputs(root)
        if freshness.kept(root, "build") == before + _outputs(root):
            return []
        from autograder.authoring.build import build  # what it loads takes a second

        written = build(root)
        if _inputs(root) == before:
            freshness.keep(root, "build", before + _outputs(root))
        return written
    except OSError as error:
        raise disk_error(error, root) from error


def _inputs(root: Path) -> str:
    """A fingerprint of the sources and of the code that builds them."""
    code = [path for place in ("", "authoring", "notebooks")
            for path in (root / "autograder" / place).glob("*.py")]
    return freshness.fingerprint(root, [
        *code, *(root / "utils").glob("*.py"), *(root / "solutions").glob("*.py"),
        *(root / "misconceptions").glob("*.py"), *(root / "tests" / "right_answers").glob("*.py"),
        root / "course.toml"])


def _outputs(root: Path) -> str:
    """A fingerprint of what is built: notebooks, questions, and the README with its table."""
    return freshness.fingerprint(root, [
        root / "README.md", *(root / "lessons").glob("*.ipynb"),
        *(path for lesson in lessons(root)
          for path in (lesson.solution, lesson.release, lesson.interview))])
