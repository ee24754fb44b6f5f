"""Writes the pages that Jupyter Book makes a site of: `make book`.

A lesson runs again only when its code, or the code that it uses, has changed. Beside it stand the
other lessons, solved, for those that use functions of earlier ones.
"""

import hashlib
import json
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.authoring import book, start_page
from autograder.course import ROOT, Lesson, lessons

HERE = Path(__file__).parent
LIMIT = 300  # seconds for a cell


def main(folder: Path) -> None:
    """Write folder/pages; what ran is kept in folder/ran."""
    found, pages = lessons(), folder / "pages"
    with ThreadPoolExecutor(2) as pool:
        ran = dict(zip(found, pool.map(lambda lesson: run(lesson, folder / "ran"), found),
                       strict=True))
    shutil.rmtree(pages, ignore_errors=True)
    for name in ("_static", "_ext"):
        shutil.copytree(HERE / name, pages / name,
                        ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "_config.yml", pages)
    for lesson in found:
        page = book.page(nbformat.read(lesson.release, as_version=4), ran[lesson])
        write(page, pages / lesson.name / f"{lesson.name}.ipynb")
    first = nbformat.read(ROOT / "lessons" / start_page.NAME, as_version=4)
    write(book.first_page(first), pages / start_page.NAME)
    toc = book.contents(Path(start_page.NAME).stem, [lesson.name for lesson in found])
    (pages / "_toc.yml").write_text(json.dumps(toc), encoding="utf-8")  # JSON is YAML


def run(lesson: Lesson, kept: Path) -> NotebookNode:
    """The solved lesson with its outputs."""
    notebook = book.to_run(nbformat.read(lesson.solution, as_version=4),
                           (HERE / "record.py").read_text(encoding="utf-8"))
    path = kept / f"{lesson.name}-{fingerprint(notebook)}.ipynb"
    if path.exists():
        return nbformat.read(path, as_version=4)
    print(f"running {lesson.name}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "utils").symlink_to(ROOT / "utils")
        here = Path(scratch) / lesson.name
        here.mkdir()
        for other in set(lessons()) - {lesson}:
            (Path(scratch) / other.name).symlink_to(other.solution.parent)
        NotebookClient(notebook, timeout=LIMIT, kernel_name="python3", store_widget_state=False,
                       extra_arguments=["--log-level=ERROR"],
                       resources={"metadata": {"path": str(here)}}).execute()
    for old in kept.glob(f"{lesson.name}-*"):
        old.unlink()
    write(notebook, path)
    return notebook


def fingerprint(notebook: NotebookNode) -> str:
    """Tells apart what would run differently."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    used = re.findall(r'^ *\w[^#\n]*earlier\.mine\(\s*"(\w+)"', "\n".join(texts), re.MULTILINE)
    texts += [lesson.source.read_text(encoding="utf-8") for lesson in lessons()
              if lesson.name in used]
    texts += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "utils").rglob("*"))
              if path.suffix in (".py", ".js", ".css")]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def write(notebook: NotebookNode, path: Path) -> None:
    """As a file, with its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
