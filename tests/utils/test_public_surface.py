"""What lessons may import from utils is said in one place, and they import nothing else."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import utils
from autograder.course import ROOT

FOLDER = ROOT / "utils"
SOURCES = sorted((ROOT / "solutions").glob("[0-9]*.py"))
COMMENTED = re.compile(r"^# (from utils\b.*|import utils\b.*)$", re.MULTILINE)


def problems(source: str) -> list[str]:
    """Imports from utils in a lesson's source, also commented ones, that are not public."""
    found = []
    for code in (source, "\n".join(COMMENTED.findall(source))):
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Import):
                found += [alias.name for alias in node.names if alias.name.split(".")[0] == "utils"]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "utils":
                public = importlib.import_module(node.module).__all__ if (
                    node.module == "utils" or node.module.removeprefix("utils.") in utils.__all__
                ) else []
                found += [f"{node.module}.{alias.name}" for alias in node.names
                          if alias.name not in public]
    return found


@pytest.mark.parametrize("name", utils.__all__)
def test_a_public_module_says_what_it_is_for_and_what_it_offers(name):
    module = importlib.import_module(f"utils.{name}")
    assert module.__doc__.strip()
    assert re.search(rf"^    {name} +\w", utils.__doc__, re.MULTILINE)
    assert module.__all__ == sorted(module.__all__, key=lambda one: (not one.isupper(), one))
    for public in module.__all__:
        value = getattr(module, public)
        assert value.__doc__ or not callable(value), public
    defined = {key for key, value in vars(module).items() if not key.startswith("_")
               and callable(value) and getattr(value, "__module__", None) == module.__name__}
    assert defined <= set(module.__all__)


def test_everything_else_is_private_by_name():
    names = {path.stem for path in FOLDER.iterdir() if path.suffix in ("", ".py")}
    assert {name for name in names if not name.startswith("_")} == set(utils.__all__)


def test_importing_utils_alone_is_cheap():
    code = "import sys, utils; assert not [m for m in sys.modules if m.startswith('utils.')]; " \
           "assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_lessons_import_the_public_surface_only(path: Path):
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("line", "found"), [
    ("from utils import plots", []),
    ("from utils.widgets import XorFold", []),
    ("# from utils import earlier", []),
    ("import utils.plots", ["utils.plots"]),
    ("from utils import _cards", ["utils._cards"]),
    ("# from utils._cards.card import Score", ["utils._cards.card.Score"]),
    ("from utils.widgets.xor_fold.folding import ACTIVATIONS",
     ["utils.widgets.xor_fold.folding.ACTIVATIONS"]),
    ("from utils.plots import np", ["utils.plots.np"]),
])
def test_other_imports_are_found(line, found):
    assert problems(line) == found
