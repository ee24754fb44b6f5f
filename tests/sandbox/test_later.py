"""What waits to be loaded is there all the same, and is loaded once, when it is used."""

import importlib
import sys

import pytest

from autograder.sandbox import later


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with a module that counts its loads, and one that offers its members."""
    name = f"waiting_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / name
    (folder / "shapes").mkdir(parents=True)
    (folder / "__init__.py").write_text("loads = []\n")
    (folder / "figures.py").write_text(
        f"import {name}\n{name}.loads.append(__name__)\n__all__ = ['draw']\n"
        "def draw(x):\n    return 2 * x\n")
    (folder / "shapes" / "__init__.py").write_text(
        f"import {name}\n__all__ = ['Round']\n"
        f"def __getattr__(name):\n    {name}.loads.append(name)\n    return globals()['_' + name]\n"
        "class _Round:\n    def __init__(self, size):\n        self.size = size\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module(name)
    for loaded in [one for one in sys.modules if one.split(".")[0] == name]:
        del sys.modules[loaded]


def test_a_module_is_loaded_when_a_name_in_it_is_used(package):
    later.module(f"{package.__name__}.figures")
    figures = importlib.import_module(f"{package.__name__}.figures")
    assert package.figures is figures
    assert figures.__file__.endswith("figures.py")
    assert not hasattr(figures, "__wrapped__")  # as inspection asks of every module
    assert package.loads == []
    assert (figures.draw(3), figures.draw(4)) == (6, 8)
    assert package.loads == [figures.__name__]


def test_a_star_and_a_wrong_name_behave_as_ever(package):
    later.module(f"{package.__name__}.figures")
    names: dict[str, object] = {}
    exec(f"from {package.__name__}.figures import *", names)
    assert "draw" in names
    with pytest.raises(ImportError, match="cannot import name 'paint'"):
        exec(f"from {package.__name__}.figures import paint")


def test_members_are_loaded_when_they_are_called(package):
    later.members(f"{package.__name__}.shapes")
    names: dict[str, object] = {}
    exec(f"from {package.__name__}.shapes import Round", names)
    assert package.loads == []
    assert names["Round"](size=3).size == 3
    assert package.loads == ["Round"]


def test_a_module_that_is_not_there_is_told():
    with pytest.raises(ModuleNotFoundError, match=r"utils\.nowhere"):
        later.module("utils.nowhere")
