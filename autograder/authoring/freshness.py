"""Build the lessons only when something has changed since the last build."""

from pathlib import Path

from autograder import freshness
from autograder.course import ROOT, code, files_beside, folder, has_sources, lessons
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
    """A fingerprint of the sources, of what lies beside them, and of the code that builds them."""
    own = [path for place in ("", "authoring", "notebooks")
           for path in (code(root) / "autograder" / place).glob("*.py")]
    beside = [path for lesson in lessons(root) for path in lesson.beside.values()]
    return ":".join((
        freshness.fingerprint(code(root), [*own, *(code(root) / "utils").glob("*.py")]),
        freshness.fingerprint(root, [
            *(path for name in ("sources", "misconceptions", "right_answers", "modules")
              for path in folder(name, root).glob("*.py")),
            *beside, root / "course.toml"])))


def _outputs(root: Path) -> str:
    """A fingerprint of what is built: notebooks, questions, and the README with its table."""
    return freshness.fingerprint(root, [
        root / "README.md", *folder("release", root).glob("*.ipynb"),
        *(path for lesson in lessons(root) for path in (
            lesson.solution, lesson.release, *files_beside(lesson.release).values(),
            *filter(None, [lesson.interview])))])
