"""A class of the first edition, in the middle of a term: made once, kept in first_edition.tar.xz.

The course's history has the first edition up to commit a5a77c3. To make the class again, in a clone
of that commit in which `.venv` is an environment of the course, with the path of this folder:

    .venv/bin/python FOLDER/first_edition.py FOLDER/first_edition.tar.xz

Three students handed in the demo lesson; it was graded by the first edition's own engine, ann's and
bob's answers were marked by hand, and feedback was written. ann has a copy in work/.
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path


def main() -> None:
    """Make the class in a course of its own, and pack its folders."""
    sys.path[:1] = [str(Path.cwd()), str(Path.cwd() / "tests")]
    import demo
    import nbformat

    with tempfile.TemporaryDirectory() as scratch:
        lesson = demo.course(Path(scratch, "course"))
        root = lesson.root
        (root / "roster.csv").write_text(
            "id,first,last\nann,Ann,Lee\nbob,Bob,Ray\ncem,Cem,Oz\n")
        right = {"double": "def double(x):\n    return 2 * np.asarray(x, dtype=float)",
                 "half": "def half(x):\n    return x / 2", "why": "Twice is more."}
        answers = {"ann": right, "bob": {**right, "double": "def double(x):\n    return x ** 2"},
                   "cem": {"half": right["half"], "why": "It is so."}}
        for student, own in answers.items():
            notebook = nbformat.read(lesson.release, as_version=4)
            for cell in notebook.cells:
                cell.source = own.get(cell.id, cell.source)
            for folder in [root / "grading" / "submitted" / student / lesson.name,
                           *([root / "work" / lesson.name] if student == "ann" else [])]:
                folder.mkdir(parents=True)
                nbformat.write(notebook, folder / f"{lesson.name}.ipynb")
            (root / "grading" / "submitted" / student / lesson.name / "timestamp.txt").write_text(
                "2030-01-01 10:00:00 UTC")
        for command in (["class", "init", "--roster", "roster.csv", "--due",
                         f"{lesson.name}=2030-01-31T23:59Z"], ["autograde"]):
            subprocess.run([sys.executable, "-m", "autograder", *command], cwd=root, check=True)
        subprocess.run([sys.executable, "-c", GIVE, lesson.name], cwd=root, check=True)
        subprocess.run([sys.executable, "-m", "autograder", "feedback"], cwd=root, check=True)
        with tarfile.open(sys.argv[1], "w:xz") as packed:
            for name in ("grading", "work"):
                packed.add(root / name, name, filter=_plain)


GIVE = """
import sys
from autograder.gradebook import Book
from autograder.work import settings
with Book(settings()) as book:
    book.give(sys.argv[1], {"ann": {"why": (2.5, "Well said.")}, "bob": {"why": (1.0, "")}})
"""


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Of nobody in particular, and without locks."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return None if entry.name.endswith(".lock") else entry


if __name__ == "__main__":
    main()
